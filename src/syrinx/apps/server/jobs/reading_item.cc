// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "syrinx/apps/server/jobs/item_work.h"
#include "syrinx/apps/server/jobs/reading_request.h"
#include "syrinx/core/base/log.h"
#include "syrinx/core/base/sha256.h"
#include "syrinx/engines/tts/assembly.h"
#include "syrinx/engines/tts/read_job.h"
#include "syrinx/engines/tts/voices.h"

namespace syrinx::server {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBytesPerFrame = 2;  // Of what is spoken, until it is assembled.
constexpr double kSpeakingShare = 0.95;    // Of the whole; the rest is assembling.
constexpr std::size_t kDigestBlockBytes = std::size_t{1} << 20;

// One file is assembled at a time, whoever it is for: it takes a thread for seconds.
std::mutex assembling;

Result<std::string> digest_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> block(kDigestBlockBytes);
  Sha256 digest;
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0)
    digest.update(std::as_bytes(std::span(block).first(static_cast<std::size_t>(file.gcount()))));
  if (file.bad() || !file.eof())
    return make_error(ErrorCode::kIo, "cannot read '", path.filename().string(), "' again");
  return digest.hex();
}

// A long text: spoken into a folder beside the result, a sentence a step, then assembled by a
// thread of its own while no worker waits.
class ReadingItem final : public ItemWork {
 public:
  ReadingItem(const ItemTools& tools, const work::Task* task, BatchItem item, fs::path path,
              ResultFile::Room room)
      : tools_(tools),
        task_(task),
        item_(std::move(item)),
        path_(std::move(path)),
        room_(std::move(room)) {}

  work::Task::Next step() override {
    auto next = work::Task::Next::kDone;
    const auto went = next_step(next);
    if (!went) error_ = went.error();
    return went ? next : work::Task::Next::kDone;
  }
  void stop() override { stop_.request_stop(); }
  double share() const override { return share_; }

  BatchItem result() override {
    assembler_ = {};  // Joined.
    BatchItem item = item_;
    if (error_ && stop_.stop_requested()) error_ = {};
    if (error_) {
      item.status = ItemStatus::kFailed;
      item.error = error_->message;
      item.error_code = error_->code;
      discard();
    } else {
      item.status = whole_ ? ItemStatus::kCompleted : ItemStatus::kPending;
    }
    return item;
  }

 private:
  Result<void> next_step(work::Task::Next& next) {
    if (!job_) SYRINX_TRY(open());
    if (assembler_.joinable()) {
      if (!assembled_) {
        next = work::Task::Next::kBlocked;  // Woken for another reason.
        return {};
      }
      return conclude();
    }
    SYRINX_ASSIGN(const bool more, job_->step(stop_.get_token()));
    SYRINX_TRY(take_room());
    share_ = kSpeakingShare * job_->share();
    next = work::Task::Next::kAgain;
    if (more) return {};
    next = work::Task::Next::kBlocked;
    assembler_ = std::jthread([this] { assemble(); });
    return {};
  }

  Result<void> open() {
    SYRINX_ASSIGN(const JsonValue root, parse_json(item_.body));
    RequestLimits limits = tools_.request_limits();
    limits.max_characters = std::max(limits.max_characters, item_.characters);
    if (const auto wrong = read_reading_request(root, limits, request_)) return wrong->error;
    const fs::path folder = path_.string() + ".reading";
    std::error_code ignored;
    fs::create_directories(path_.parent_path(), ignored);
    auto opened = open_job(folder, false);
    if (!opened && opened.error().code == ErrorCode::kInvalidArgument) {
      // Begun by another version of the program, or damaged: what is there cannot be gone on with.
      log(LogLevel::kWarning, "a batch is read from its start: " + opened.error().message);
      opened = open_job(folder, true);
    }
    SYRINX_TRY(opened);
    return {};
  }

  Result<void> open_job(const fs::path& folder, bool restart) {
    tts::ReadOptions options;
    options.speak.voice = request_.speech.voice;
    options.speak.prosody = request_.speech.prosody;
    options.speak.emotion = request_.speech.emotion;
    options.speak.lexicons = tools_.lexicons();
    options.identity = {{"program", "syrinx " SYRINX_VERSION}};
    options.restart = restart;
    tts::BookOptions kind;
    kind.input = request_.speech.input_kind;
    SYRINX_ASSIGN(auto book, tts::Book::from_text(request_.speech.input, kind));
    SYRINX_ASSIGN(auto job,
                  tts::ReadJob::open(std::move(book), folder, options, stop_.get_token()));
    job_.emplace(std::move(job));
    return {};
  }

  // What is on disk until it is assembled counts as well.
  Result<void> take_room() {
    const std::uint64_t bytes = job_->folder().frames() * kBytesPerFrame;
    if (bytes > taken_ && !room_(bytes - taken_))
      return make_error(ErrorCode::kLimitExceeded,
                        "there is no room for more results of batches; take and remove those that "
                        "are over");
    taken_ = std::max(taken_, bytes);
    return {};
  }

  tts::AssemblyOptions assembly_options() const {
    tts::AssemblyOptions options;
    options.output = path_;
    options.write.format = request_.format;
    options.loudness_lufs = request_.loudness_lufs;
    if (!io::supports_tags(request_.format)) return options;
    io::AudioTags& tags = options.write.tags;
    tags.title = !request_.title.empty() ? request_.title : job_->book().title();
    tags.author = !request_.author.empty() ? request_.author : job_->book().author();
    tags.narrator = request_.speech.voice;
    return options;
  }

  // On the assembler's thread, while step() only looks at `assembled_`.
  void assemble() {
    {
      const std::lock_guard turn(assembling);
      const auto report = tts::assemble(
          job_->folder(), job_->book(), assembly_options(), [](const char*, double) {},
          stop_.get_token());
      if (report) item_.audio_s = report->duration_s;
      if (!report) assembly_error_ = report.error();
    }
    assembled_ = true;
    tools_.scheduler->wake(task_);
  }

  Result<void> conclude() {
    assembler_.join();
    if (assembly_error_) return *assembly_error_;
    std::error_code failed;
    item_.bytes = fs::file_size(path_, failed);
    if (failed) return make_error(ErrorCode::kIo, "the result is gone: ", failed.message());
    SYRINX_ASSIGN(item_.sha256, digest_of(path_));
    item_.content_type = request_.content_type;
    if (item_.bytes > taken_ && !room_(item_.bytes - taken_))
      return make_error(ErrorCode::kLimitExceeded, "there is no room for the result");
    SYRINX_TRY(job_->folder().remove());
    whole_ = true;
    share_ = 1;
    return {};
  }

  void discard() {
    if (job_) (void)job_->folder().remove().has_value();
    job_.reset();
    std::error_code ignored;
    fs::remove(path_, ignored);
  }

  const ItemTools& tools_;
  const work::Task* task_;
  BatchItem item_;
  const fs::path path_;
  const ResultFile::Room room_;
  ReadingRequest request_;
  std::optional<tts::ReadJob> job_;
  std::stop_source stop_;
  std::uint64_t taken_ = 0;
  std::atomic<double> share_{0};
  std::optional<Error> error_;
  std::optional<Error> assembly_error_;
  std::atomic<bool> assembled_{false};
  bool whole_ = false;
  std::jthread assembler_;  // Last: it ends before what it uses goes.
};

}  // namespace

std::unique_ptr<ItemWork> reading_item(const ItemTools& tools, const work::Task* task,
                                       BatchItem item, fs::path path, ResultFile::Room room) {
  return std::make_unique<ReadingItem>(tools, task, std::move(item), std::move(path),
                                       std::move(room));
}

}  // namespace syrinx::server
