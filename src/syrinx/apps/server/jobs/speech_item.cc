// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <utility>

#include "syrinx/apps/server/jobs/item_work.h"
#include "syrinx/apps/server/speech/speech_task.h"
#include "syrinx/apps/server/speech/speech_writers.h"

namespace syrinx::server {
namespace {

constexpr std::uint64_t kMostKeptBytes = std::uint64_t{64} << 20;  // Of one answer, in the cache.
constexpr double kNoTimeoutS = 30 * 24 * 3'600.0;

// Hands on, and notes how far into the text what was said goes, and what went wrong.
class NotingWriter final : public SpeechWriter {
 public:
  NotingWriter(std::unique_ptr<SpeechWriter> to, std::atomic<std::size_t>& said_bytes,
               std::optional<Error>& error)
      : to_(std::move(to)), said_bytes_(said_bytes), error_(error) {}
  void begin(int sample_rate_hz) override { to_->begin(sample_rate_hz); }
  void sentence(const tts::SpokenSentence& spoken, std::string bytes) override {
    said_bytes_ = spoken.piece.source.end;
    to_->sentence(spoken, std::move(bytes));
  }
  void end(std::string bytes, const SpeechTally& tally, const tts::SpeechStream& stream) override {
    to_->end(std::move(bytes), tally, stream);
  }
  void fail(const Error& error) override {
    error_ = error;
    to_->fail(error);
  }

 private:
  std::unique_ptr<SpeechWriter> to_;
  std::atomic<std::size_t>& said_bytes_;
  std::optional<Error>& error_;
};

class SpeechItem final : public ItemWork {
 public:
  SpeechItem(const ItemTools& tools, BatchItem item, std::filesystem::path path,
             ResultFile::Room room)
      : item_(std::move(item)),
        path_(std::move(path)),
        file_(std::make_shared<ResultFile>(path_, std::move(room))) {
    SpeechSetup setup;
    const auto wrong = read_speech_request(item_.body, tools.request_limits(), setup.request);
    if (wrong) {
      error_ = wrong->error;
      return;
    }
    text_bytes_ = setup.request.input.size();
    prepare(tools, setup);
    task_ = std::make_unique<SpeechTask>(std::move(setup));
  }

  work::Task::Next step() override { return task_ ? task_->step() : work::Task::Next::kDone; }
  void stop() override { file_->stop(); }
  double share() const override {
    const double said = static_cast<double>(said_bytes_.load());
    return text_bytes_ == 0 ? 0 : std::min(1.0, said / static_cast<double>(text_bytes_));
  }
  BatchItem result() override;

 private:
  void prepare(const ItemTools& tools, SpeechSetup& setup) {
    setup.exchange = file_;
    std::shared_ptr<http::Exchange> to = file_;
    if (tools.cache != nullptr) {
      setup.cache = tools.cache;
      const auto most = tools.cache->results().counts().max_bytes / 4;
      setup.recording = std::make_shared<RecordingExchange>(to, std::min(most, kMostKeptBytes));
      to = setup.recording;
    }
    setup.writer = std::make_unique<NotingWriter>(
        speech_writer(std::move(to), setup.request, item_.form), said_bytes_, error_);
    setup.cache_form = item_.form;
    setup.lexicons = tools.lexicons();
    setup.scheduler = tools.scheduler;
    setup.metrics = tools.metrics;
    setup.arrival = std::chrono::steady_clock::now();
    setup.timeout_s = kNoTimeoutS;
    setup.refuse = [this](const Error& error) { error_ = error; };
    setup.expire = [] {};
    setup.over = [this](std::string_view, const SpeechTally& tally) {
      item_.audio_s = tally.audio_s;
    };
  }

  BatchItem item_;
  const std::filesystem::path path_;
  std::shared_ptr<ResultFile> file_;
  std::size_t text_bytes_ = 0;
  std::atomic<std::size_t> said_bytes_{0};
  std::optional<Error> error_;
  std::unique_ptr<SpeechTask> task_;  // Last: it uses the others to its end.
};

BatchItem SpeechItem::result() {
  task_.reset();
  BatchItem item = item_;
  if (file_->error()) error_ = file_->error();
  if (file_->is_whole() && !error_) {
    item.status = ItemStatus::kCompleted;
    item.content_type = file_->content_type();
    item.bytes = file_->bytes();
    if (!path_.empty()) item.sha256 = file_->sha256();
    return item;
  }
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove(path_, ignored);
  if (!error_ && file_->gone().stop_requested()) {
    item.status = ItemStatus::kPending;
  } else {
    item.status = ItemStatus::kFailed;
    item.error = error_ ? error_->message : "the speech broke off before its end";
    item.error_code = error_ ? error_->code : ErrorCode::kInternal;
  }
  return item;
}

}  // namespace

std::unique_ptr<ItemWork> speech_item(const ItemTools& tools, BatchItem item,
                                      std::filesystem::path path, ResultFile::Room room) {
  return std::make_unique<SpeechItem>(tools, std::move(item), std::move(path), std::move(room));
}

}  // namespace syrinx::server
