// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/conference_recorder.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "syrinx/core/io/audio_writer.h"
#include "syrinx/engines/call/session/datagram_ring.h"

namespace syrinx::call {
namespace {

using std::chrono::nanoseconds;

constexpr auto kDrainEvery = std::chrono::milliseconds(100);

Error wrong(std::string_view field, double value, std::string_view expected) {
  return make_error(ErrorCode::kInvalidArgument, "a recorder's ", field, " of ", value, "; ",
                    expected);
}

// One leg's file, filled from the recording's beginning on.
class Track {
 public:
  static Result<Track> create(const std::filesystem::path& path, int rate_hz,
                              std::size_t channels) {
    io::AudioWriteOptions options;
    options.sample_rate_hz = rate_hz;
    options.channels = channels;
    SYRINX_ASSIGN(auto writer, io::AudioWriter::create(path, options));
    return Track(std::move(writer));
  }

  std::uint64_t frames() const noexcept { return writer_.frames_written(); }

  // Writes a block that begins at `position`. What is missing before it is silence; what was
  // written already is passed over. Within half a block of the end it just follows, as ticks are
  // not to the frame.
  Result<void> add(std::int64_t position, AudioView block) {
    const auto end = static_cast<std::int64_t>(frames());
    const auto slack = static_cast<std::int64_t>(block.frames() / 2);
    if (position > end + slack) {
      SYRINX_TRY(fill_to(static_cast<std::uint64_t>(position)));
    } else if (position < end - slack) {
      const auto over =
          std::min<std::size_t>(static_cast<std::size_t>(end - position), block.frames());
      block = block.slice(over, block.frames() - over);
    }
    return write(block);
  }

  Result<void> fill_to(std::uint64_t frames) {
    const AudioBuffer silence(writer_.channels(), static_cast<std::size_t>(rate_hz()), rate_hz());
    while (writer_.frames_written() < frames) {
      const auto part =
          std::min<std::uint64_t>(frames - writer_.frames_written(), silence.frames());
      SYRINX_TRY(write(silence.view().slice(0, static_cast<std::size_t>(part))));
    }
    return {};
  }
  Result<void> finish() { return writer_.finish(); }

 private:
  explicit Track(io::AudioWriter writer) : writer_(std::move(writer)) {}
  int rate_hz() const noexcept { return writer_.sample_rate_hz(); }

  // Each second the file is made whole.
  Result<void> write(AudioView block) {
    if (block.frames() == 0) return {};
    SYRINX_TRY(writer_.write(block));
    if (frames() - checkpoint_ < static_cast<std::uint64_t>(rate_hz())) return {};
    checkpoint_ = frames();
    return writer_.checkpoint();
  }

  io::AudioWriter writer_;
  std::uint64_t checkpoint_ = 0;
};

}  // namespace

class ConferenceRecorder::Impl {
 public:
  Impl(const ConferenceOptions& room, RecorderOptions options, std::size_t ring_bytes)
      : options_(std::move(options)),
        rate_hz_(room.sample_rate_hz),
        tick_(std::chrono::milliseconds(room.tick_ms)),
        channels_(options_.with_heard ? 2 : 1),
        frames_(static_cast<std::size_t>(room.sample_rate_hz) *
                static_cast<std::size_t>(room.tick_ms) / 1'000),
        ring_(ring_bytes),
        out_(frames_ * channels_),
        in_(frames_ * channels_) {}

  void tick(LegId leg, nanoseconds now, std::span<const float> said,
            std::span<const float> heard) noexcept {
    SYRINX_CHECK(said.size() == frames_ && heard.size() == frames_,
                 "a recorder made for another room");
    std::copy(said.begin(), said.end(), out_.begin());
    if (channels_ == 2)
      std::copy(heard.begin(), heard.end(), out_.begin() + static_cast<std::ptrdiff_t>(frames_));
    const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(out_.data()),
                                              out_.size() * sizeof(float));
    if (!ring_.write(leg, now, bytes)) blocks_dropped_.fetch_add(1, std::memory_order_relaxed);
  }

  void drain() {
    DatagramRing::Head head;
    const std::span<std::uint8_t> bytes(reinterpret_cast<std::uint8_t*>(in_.data()),
                                        in_.size() * sizeof(float));
    while (ring_.read(head, bytes)) take(head.kind, nanoseconds(head.time_ns));
  }

  Result<void> start() {
    if (thread_.joinable())
      return make_error(ErrorCode::kInvalidArgument, "a recorder that was started already");
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        drain();
        std::this_thread::sleep_for(kDrainEvery);
      }
    });
    return {};
  }

  Result<void> finish() {
    thread_ = {};  // Asked to stop, and waited for.
    drain();
    std::uint64_t longest = 0;
    for (auto& [leg, track] : tracks_) longest = std::max(longest, track ? track->frames() : 0);
    for (auto& [leg, track] : tracks_) {
      if (!track) continue;
      note(leg, track->fill_to(longest));
      if (track) note(leg, track->finish());
    }
    count();
    if (failure_) return *failure_;
    return {};
  }

  RecorderStatistics statistics() const noexcept {
    return {legs_.load(std::memory_order_relaxed), frames_written_.load(std::memory_order_relaxed),
            blocks_dropped_.load(std::memory_order_relaxed)};
  }

 private:
  std::filesystem::path path_of(LegId leg) const {
    const std::string name =
        options_.name_of ? options_.name_of(leg) : "leg-" + std::to_string(leg);
    return options_.folder / (name + ".wav");
  }

  // What failed of a leg ends its file; the first failure is kept.
  void note(LegId leg, const Result<void>& done) {
    if (done) return;
    if (!failure_)
      failure_ =
          make_error(done.error().code, "the recording of leg ", leg, ": ", done.error().message);
    tracks_[leg].reset();
  }

  Result<void> begin(LegId leg) {
    if (tracks_.size() > kMaxFiles)
      return make_error(ErrorCode::kLimitExceeded, "a recording of more than ", kMaxFiles,
                        " legs; finish it and begin another");
    std::error_code failed;
    std::filesystem::create_directories(options_.folder, failed);
    if (failed)
      return make_error(ErrorCode::kIo, "cannot make the folder '", options_.folder.string(),
                        "': ", failed.message());
    SYRINX_ASSIGN(auto track, Track::create(path_of(leg), rate_hz_, channels_));
    tracks_[leg].emplace(std::move(track));
    return {};
  }

  // A block of the ring, which lies in in_.
  void take(LegId leg, nanoseconds now) {
    if (!start_) start_ = now - tick_;
    if (!tracks_.contains(leg)) {
      tracks_[leg] = std::nullopt;
      note(leg, begin(leg));
    }
    auto& track = tracks_[leg];
    if (!track) return;
    const double seconds = static_cast<double>((now - tick_ - *start_).count()) * 1e-9;
    const AudioView block(in_.data(), channels_, frames_, frames_, rate_hz_);
    note(leg, track->add(std::llround(seconds * rate_hz_), block));
    count();
  }

  void count() noexcept {
    std::uint64_t legs = 0;
    std::uint64_t frames = 0;
    for (const auto& [leg, track] : tracks_) {
      legs += track ? 1 : 0;
      frames += track ? track->frames() : 0;
    }
    legs_.store(legs, std::memory_order_relaxed);
    frames_written_.store(frames, std::memory_order_relaxed);
  }

  RecorderOptions options_;
  int rate_hz_;
  nanoseconds tick_;
  std::size_t channels_;
  std::size_t frames_;  // Of a tick.
  DatagramRing ring_;
  std::vector<float> out_;  // Of the ticking thread.
  std::atomic<std::uint64_t> blocks_dropped_{0};

  // Of the thread that drains.
  std::vector<float> in_;
  std::map<LegId, std::optional<Track>> tracks_;  // Nothing: its file failed.
  std::optional<nanoseconds> start_;
  std::optional<Error> failure_;
  std::atomic<std::uint64_t> legs_{0};
  std::atomic<std::uint64_t> frames_written_{0};
  std::jthread thread_;  // Last: it ends first.
};

ConferenceRecorder::ConferenceRecorder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ConferenceRecorder::~ConferenceRecorder() = default;

Result<std::unique_ptr<ConferenceRecorder>> ConferenceRecorder::create(
    const ConferenceOptions& room, RecorderOptions options) {
  // What is wrong with the room, its own check says.
  SYRINX_TRY(Conference::create(room));
  if (!(options.queue_s >= 0.1 && options.queue_s <= 10.0))
    return wrong("queue_s", options.queue_s, "0.1 to 10 can be");
  if (options.folder.empty())
    return make_error(ErrorCode::kInvalidArgument, "a recorder without a folder");
  const double per_leg =
      options.queue_s * room.sample_rate_hz * sizeof(float) * (options.with_heard ? 2.0 : 1.0);
  const double heads = options.queue_s * 1e3 / room.tick_ms * sizeof(DatagramRing::Head);
  const auto bytes =
      static_cast<std::size_t>(std::ceil((per_leg + heads) * static_cast<double>(room.max_legs)));
  return std::unique_ptr<ConferenceRecorder>(
      new ConferenceRecorder(std::make_unique<Impl>(room, std::move(options), bytes)));
}

void ConferenceRecorder::tick(LegId leg, nanoseconds now, std::span<const float> said,
                              std::span<const float> heard) noexcept {
  impl_->tick(leg, now, said, heard);
}
void ConferenceRecorder::drain() { impl_->drain(); }
Result<void> ConferenceRecorder::start() { return impl_->start(); }
Result<void> ConferenceRecorder::finish() { return impl_->finish(); }
RecorderStatistics ConferenceRecorder::statistics() const noexcept { return impl_->statistics(); }

}  // namespace syrinx::call
