// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/speech/encoder.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/audio_writer.h"

namespace syrinx::server {
namespace {

constexpr int kPcmRateHz = 24'000;  // What clients of "pcm" take it for: it has no header.

// A file in memory that a writer writes to and from whose front we take.
class MemoryFile {
 public:
  MemoryFile() = default;
  explicit MemoryFile(int fd) : fd_(fd) {}
  MemoryFile(MemoryFile&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), taken_(other.taken_) {}
  MemoryFile& operator=(MemoryFile&&) = delete;
  ~MemoryFile() {
    if (fd_ >= 0) ::close(fd_);
  }

  static Result<MemoryFile> create() {
    const int fd = ::memfd_create("syrinx-answer", MFD_CLOEXEC);
    if (fd < 0)
      return make_error(ErrorCode::kIo, "cannot make a file in memory: ", std::strerror(errno));
    return MemoryFile(fd);
  }

  int fd() const noexcept { return fd_; }

  // To a writer, a file that can only be appended to is a pipe: it sends as it goes.
  void be_a_pipe() const { ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_APPEND); }

  // What was added since; its memory is given back.
  Result<std::string> take() {
    struct stat status {};
    if (::fstat(fd_, &status) != 0) return failed();
    std::string bytes(static_cast<std::size_t>(std::max<off_t>(0, status.st_size - taken_)), '\0');
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t got =
          ::pread(fd_, bytes.data() + at, bytes.size() - at, taken_ + static_cast<off_t>(at));
      if (got <= 0) return failed();
      at += static_cast<std::size_t>(got);
    }
    taken_ += static_cast<off_t>(bytes.size());
    ::fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, taken_);
    return bytes;
  }

 private:
  static Error failed() {
    return make_error(ErrorCode::kIo, "cannot read a file in memory: ", std::strerror(errno));
  }
  int fd_ = -1;
  off_t taken_ = 0;
};

struct Known {
  std::string_view name;
  std::string_view content_type;
};

// Opus is sent in Ogg.
constexpr std::array<Known, 8> kKnown{{{"mp3", "audio/mpeg"},
                                       {"opus", "audio/ogg; codecs=opus"},
                                       {"aac", "audio/aac"},
                                       {"flac", "audio/flac"},
                                       {"wav", "audio/wav"},
                                       {"pcm", "audio/pcm"},
                                       {"raw", "audio/pcm"},
                                       {"ogg", "audio/ogg; codecs=vorbis"}}};

std::string known_names() {
  std::string names;
  for (const Known& known : kKnown) {
    const auto format = io::parse_audio_format(known.name);
    if (known.name == "raw" || !format || !io::can_write(*format)) continue;
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  }
  return names;
}

int rate_for(const SpeechFormat& format, int voice_rate_hz) {
  if (format.sample_rate_hz) return *format.sample_rate_hz;
  return io::nearest_sample_rate_hz(format.format, voice_rate_hz);
}

}  // namespace

Result<SpeechFormat> speech_format(std::string_view name, std::optional<int> sample_rate_hz) {
  const auto known = std::find_if(kKnown.begin(), kKnown.end(),
                                  [name](const Known& one) { return one.name == name; });
  const auto format = io::parse_audio_format(name);
  if (known == kKnown.end() || !format)
    return make_error(ErrorCode::kInvalidArgument, "there is no response_format '", name,
                      "'; there are ", known_names());
  if (!io::can_write(*format))
    return make_error(ErrorCode::kUnavailable, "this machine cannot write '", name,
                      "'; it can write ", known_names());
  if (sample_rate_hz && !io::supports_sample_rate(*format, *sample_rate_hz))
    return make_error(ErrorCode::kInvalidArgument, name, " cannot have ", *sample_rate_hz,
                      " Hz; it takes ", io::sample_rates_in_words(*format));
  SpeechFormat chosen{std::string(name), *format, std::string(known->content_type), sample_rate_hz};
  if (*format == io::AudioFormat::kRaw && !sample_rate_hz) chosen.sample_rate_hz = kPcmRateHz;
  return chosen;
}

struct SpeechEncoder::State {
  MemoryFile file;
  std::optional<io::AudioWriter> writer;
};

SpeechEncoder::SpeechEncoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
SpeechEncoder::SpeechEncoder(SpeechEncoder&&) noexcept = default;
SpeechEncoder& SpeechEncoder::operator=(SpeechEncoder&&) noexcept = default;
SpeechEncoder::~SpeechEncoder() = default;

int SpeechEncoder::sample_rate_hz() const noexcept {
  return state_->writer->options().sample_rate_hz;
}

Result<SpeechEncoder> SpeechEncoder::create(const SpeechFormat& format, int voice_rate_hz) {
  SYRINX_ASSIGN(auto file, MemoryFile::create());
  std::unique_ptr<State> state(new State{std::move(file), {}});
  // FLAC's header is written again at the end, which a stream's reader does not need.
  if (format.format != io::AudioFormat::kFlac) state->file.be_a_pipe();
  io::AudioWriteOptions options;
  options.format = format.format;
  options.sample_rate_hz = rate_for(format, voice_rate_hz);
  options.input_rate_hz = voice_rate_hz;
  options.channels = 1;
  SYRINX_ASSIGN(auto writer, io::AudioWriter::to_fd(state->file.fd(), "the answer", options));
  state->writer.emplace(std::move(writer));
  return SpeechEncoder(std::move(state));
}

Result<std::string> SpeechEncoder::encode(AudioView audio) {
  SYRINX_TRY(state_->writer->write(audio));
  return state_->file.take();
}

Result<std::string> SpeechEncoder::finish() {
  SYRINX_TRY(state_->writer->finish());
  return state_->file.take();
}

}  // namespace syrinx::server
