// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/job_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <span>
#include <utility>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/sha256.h"
#include "syrinx/core/dsp/kernels.h"

namespace syrinx::tts {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr const char* kJobName = "job.json";
constexpr const char* kSoundName = "sound.s16";
constexpr const char* kJournalName = "journal";
constexpr int kVersion = 1;
constexpr auto kSyncEvery = std::chrono::seconds(3);

Error refused(const char* verb, const fs::path& path) {
  return make_error(ErrorCode::kIo, "cannot ", verb, " '", path.string(),
                    "': ", std::strerror(errno));
}

// An open file that is closed again.
class File {
 public:
  File() = default;
  explicit File(int fd) noexcept : fd_(fd) {}
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const noexcept { return fd_; }

 private:
  int fd_ = -1;
};

Result<File> open_file(const fs::path& path, int flags) {
  File file(::open(path.c_str(), flags | O_CLOEXEC, 0666));
  if (file.get() < 0) return refused("open", path);
  return file;
}

Result<void> write_all(const File& file, std::span<const std::byte> bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return refused("write to", path);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

std::string digest_of(std::span<const std::int16_t> samples) {
  return sha256_hex(std::as_bytes(samples)).substr(0, 16);
}

std::string job_text(const JobIdentity& identity, int sample_rate_hz) {
  std::string text = "{\"syrinx_job\":" + std::to_string(kVersion) +
                     ",\"sample_rate_hz\":" + std::to_string(sample_rate_hz);
  for (const auto& [name, digest] : identity)
    text += "," + json_quoted(name) + ":" + json_quoted(digest);
  return text + "}\n";
}

Result<std::string> read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  if (file.bad() || !file.is_open()) return refused("read", path);
  return text;
}

std::string member_text(const JsonValue& object, const std::string& key) {
  const JsonValue* value = object.find(key);
  return value != nullptr && value->text() != nullptr ? *value->text() : "";
}

// Says what differs from the job that is there.
Result<void> compare(const fs::path& folder, const std::string& there, const JobIdentity& identity,
                     int sample_rate_hz) {
  if (there == job_text(identity, sample_rate_hz)) return {};
  const auto parsed = parse_json(there);
  if (!parsed || parsed->find("syrinx_job") == nullptr)
    return make_error(ErrorCode::kInvalidArgument, "'", folder.string(),
                      "' holds something else than a job; move it away, or choose another output");
  std::string differing;
  for (const auto& [name, digest] : identity) {
    if (member_text(*parsed, name) != digest) differing += (differing.empty() ? "" : ", ") + name;
  }
  if (differing.empty()) differing = "version of the job";
  return make_error(ErrorCode::kInvalidArgument, "'", folder.string(),
                    "' holds an unfinished job of other ", differing,
                    "; run what was begun, or add --restart to throw it away and begin anew");
}

}  // namespace

struct JobFolder::State {
  fs::path folder;
  int sample_rate_hz = 0;
  File lock{};
  File sound{};
  File journal{};
  std::size_t records = 0;
  std::uint64_t frames = 0;
  SpokenRecord last{};
  std::vector<std::int16_t> samples{};
  steady_clock::time_point synced = steady_clock::now();

  fs::path file(const char* name) const { return folder / name; }

  Result<void> take_lock() {
    SYRINX_ASSIGN(lock, open_file(folder, O_RDONLY | O_DIRECTORY));
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return {};
    if (errno != EWOULDBLOCK) return refused("lock", folder);
    return make_error(ErrorCode::kUnavailable, "another process is working on '", folder.string(),
                      "'; wait for it, or end it");
  }

  // The description appears whole or not at all.
  Result<void> describe(const std::string& text) {
    const fs::path part = file("job.json.part");
    SYRINX_ASSIGN(const File out, open_file(part, O_WRONLY | O_CREAT | O_TRUNC));
    SYRINX_TRY(write_all(out, std::as_bytes(std::span(text)), part));
    if (::fsync(out.get()) != 0) return refused("write to", part);
    if (std::rename(part.c_str(), file(kJobName).c_str()) != 0) return refused("name", part);
    if (::fsync(lock.get()) != 0) return refused("write to", folder);
    return {};
  }

  Result<void> open_files() {
    SYRINX_ASSIGN(sound, open_file(file(kSoundName), O_RDWR | O_CREAT));
    SYRINX_ASSIGN(journal, open_file(file(kJournalName), O_RDWR | O_CREAT));
    return {};
  }

  // Counts what is whole, and cuts off the rest.
  Result<void> recover(const std::stop_token& stop) {
    std::ifstream lines(file(kJournalName), std::ios::binary);
    std::ifstream pieces(file(kSoundName), std::ios::binary);
    std::uint64_t journal_bytes = 0;
    for (std::string line; std::getline(lines, line) && !lines.eof();) {
      if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
      auto record = parse_record(line);
      if (!record || record->frames > limits::kMaxSpeechFramesPerSentence) break;
      samples.resize(static_cast<std::size_t>(record->frames));
      const auto bytes = static_cast<std::streamsize>(samples.size() * sizeof samples[0]);
      pieces.read(reinterpret_cast<char*>(samples.data()), bytes);
      if (pieces.gcount() != bytes || digest_of(samples) != record->sound_digest) break;
      journal_bytes += line.size() + 1;
      frames += record->frames;
      ++records;
      last = std::move(record).value();
    }
    return cut(journal_bytes, frames * sizeof samples[0]);
  }

  Result<void> cut(std::uint64_t journal_bytes, std::uint64_t sound_bytes) {
    const auto cut_file = [this](const File& open, const char* name, std::uint64_t bytes) {
      const auto size = static_cast<off_t>(bytes);
      const bool done =
          ::ftruncate(open.get(), size) == 0 && ::lseek(open.get(), size, SEEK_SET) >= 0;
      return done ? Result<void>() : Result<void>(refused("cut", file(name)));
    };
    SYRINX_TRY(cut_file(journal, kJournalName, journal_bytes));
    return cut_file(sound, kSoundName, sound_bytes);
  }

  Result<void> sync() {
    if (::fdatasync(sound.get()) != 0) return refused("write to", file(kSoundName));
    if (::fdatasync(journal.get()) != 0) return refused("write to", file(kJournalName));
    synced = steady_clock::now();
    return {};
  }

  Result<void> remove_files() {
    std::error_code failed;
    for (const char* name : {kJobName, "job.json.part", kJournalName, kSoundName, "sound.out"}) {
      fs::remove(file(name), failed);
      if (failed)
        return make_error(ErrorCode::kIo, "cannot remove '", file(name).string(),
                          "': ", failed.message());
    }
    return remove_leftovers();
  }

  // What a writer had not given its name when its program was killed.
  Result<void> remove_leftovers() {
    std::error_code failed;
    std::vector<fs::path> leftovers;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
      if (entry.path().filename().string().starts_with(".sound.out."))
        leftovers.push_back(entry.path());
    }
    for (const fs::path& path : leftovers) fs::remove(path, failed);
    if (!failed) return {};
    return make_error(ErrorCode::kIo, "cannot tidy '", folder.string(), "': ", failed.message());
  }
};

JobFolder::JobFolder(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
JobFolder::JobFolder(JobFolder&&) noexcept = default;
JobFolder& JobFolder::operator=(JobFolder&&) noexcept = default;
JobFolder::~JobFolder() = default;

Result<JobFolder> JobFolder::open(const fs::path& folder, const JobIdentity& identity,
                                  int sample_rate_hz, bool restart, const std::stop_token& stop) {
  std::error_code failed;
  fs::create_directory(folder, failed);
  if (failed || !fs::is_directory(folder))
    return make_error(ErrorCode::kIo, "cannot make the folder '", folder.string(),
                      "' for the unfinished job: ", failed.message());
  std::unique_ptr<State> state(new State{folder, sample_rate_hz});
  SYRINX_TRY(state->take_lock());
  const fs::path description = state->file(kJobName);
  if (!restart && fs::exists(description)) {
    SYRINX_ASSIGN(const std::string there, read_text(description));
    SYRINX_TRY(compare(folder, there, identity, sample_rate_hz));
    SYRINX_TRY(state->remove_leftovers());
    SYRINX_TRY(state->open_files());
    SYRINX_TRY(state->recover(stop));
    return JobFolder(std::move(state));
  }
  if (restart) SYRINX_TRY(state->remove_files());
  if (!fs::is_empty(folder, failed) && !fs::exists(state->file("job.json.part")))
    return make_error(ErrorCode::kInvalidArgument, "'", folder.string(),
                      "' holds files that are none of a job's; move them away");
  SYRINX_TRY(state->describe(job_text(identity, sample_rate_hz)));
  SYRINX_TRY(state->open_files());
  return JobFolder(std::move(state));
}

const fs::path& JobFolder::path() const noexcept { return state_->folder; }
int JobFolder::sample_rate_hz() const noexcept { return state_->sample_rate_hz; }
std::size_t JobFolder::records() const noexcept { return state_->records; }
std::uint64_t JobFolder::frames() const noexcept { return state_->frames; }
const SpokenRecord& JobFolder::last() const noexcept { return state_->last; }

Result<void> JobFolder::add(SpokenRecord record, AudioView sound) {
  State& self = *state_;
  self.samples.resize(sound.frames());
  if (sound.frames() > 0)
    dsp::kernels().float_to_int16(self.samples.data(), sound.channel(0).data(), sound.frames(),
                                  nullptr);
  record.frames = sound.frames();
  record.sound_digest = digest_of(self.samples);
  SYRINX_TRY(write_all(self.sound, std::as_bytes(std::span(self.samples)), self.file(kSoundName)));
  const std::string line = line_of(record) + "\n";
  SYRINX_TRY(write_all(self.journal, std::as_bytes(std::span(line)), self.file(kJournalName)));
  self.frames += record.frames;
  ++self.records;
  self.last = std::move(record);
  return steady_clock::now() - self.synced > kSyncEvery ? self.sync() : Result<void>();
}

Result<void> JobFolder::sync() { return state_->sync(); }

Result<void> JobFolder::remove() {
  SYRINX_TRY(state_->remove_files());
  std::error_code failed;
  fs::remove(state_->folder, failed);
  if (!failed) return {};
  return make_error(ErrorCode::kIo, "cannot remove the folder '", state_->folder.string(),
                    "': ", failed.message());
}

Result<JobReader> JobReader::open(const JobFolder& job) {
  JobReader reader;
  reader.journal_.open(job.path() / kJournalName, std::ios::binary);
  reader.sound_.open(job.path() / kSoundName, std::ios::binary);
  if (!reader.journal_ || !reader.sound_) return refused("read", job.path());
  reader.sample_rate_hz_ = job.sample_rate_hz();
  reader.left_ = job.records();
  return reader;
}

Result<bool> JobReader::next(SpokenRecord& record, AudioBuffer* sound) {
  if (left_ == 0) return false;
  --left_;
  std::string line;
  if (!std::getline(journal_, line))
    return make_error(ErrorCode::kIo, "the job's journal ends before its last sentence");
  SYRINX_ASSIGN(record, parse_record(line));
  if (sound == nullptr) return true;
  samples_.resize(static_cast<std::size_t>(record.frames));
  const auto bytes = static_cast<std::streamsize>(samples_.size() * sizeof samples_[0]);
  sound_.read(reinterpret_cast<char*>(samples_.data()), bytes);
  if (sound_.gcount() != bytes)
    return make_error(ErrorCode::kIo, "the job's sound ends before its last sentence");
  sound->reshape(1, samples_.size(), sample_rate_hz_);
  if (!samples_.empty())
    dsp::kernels().int16_to_float(sound->channel(0).data(), samples_.data(), samples_.size());
  return true;
}

}  // namespace syrinx::tts
