// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/api/live_speech.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "syrinx/apps/server/api/errors.h"
#include "syrinx/engines/tts/sentence_source.h"
#include "syrinx/engines/tts/text_source.h"

namespace syrinx::server {
namespace {

constexpr std::size_t kMostHeard = 20'000;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Where the last sentence of the text begins: what stands before it is complete.
std::size_t last_sentence_of(const std::string& text) {
  auto source =
      tts::SentenceSource::open(tts::text_from_string(text), text::InputKind::kPlain, "en-US", {});
  std::size_t begin = 0;
  while (source) {
    const auto sentence = source->next({});
    if (!sentence || !*sentence) break;
    begin = (*sentence)->text.source().begin;
  }
  return std::min(begin, text.size());
}

void move(SourceSpan& span, std::size_t by) {
  span.begin += by;
  span.end += by;
}

}  // namespace

// One stretch of work: from when there is something to say until there is nothing.
class LiveSpeech::Turn final : public work::Task {
 public:
  explicit Turn(std::shared_ptr<LiveSpeech> speech) : speech_(std::move(speech)) {}
  Next step() override { return speech_->step(this); }
  void expired() override {
    speech_->fail(429, "the server had no time for this text; send it again");
    const std::lock_guard lock(speech_->mutex_);
    speech_->active_ = false;
  }

 private:
  const std::shared_ptr<LiveSpeech> speech_;
};

LiveSpeech::LiveSpeech(LiveSpeechSetup setup, LiveSpeechEvents& events)
    : setup_(std::move(setup)), events_(&events) {
  gone_.emplace(setup_.outlet->gone(), std::function<void()>([this] { (void)stop(0.0); }));
}

LiveSpeech::~LiveSpeech() = default;

void LiveSpeech::detach() {
  const std::lock_guard lock(mutex_);
  events_ = nullptr;
}

Result<void> LiveSpeech::add(std::string_view text) {
  {
    const std::lock_guard lock(mutex_);
    const std::size_t most = setup_.core->policy.get()->options.max_input_characters;
    if (characters_of(pending_) + characters_of(text) > most)
      return make_error(ErrorCode::kLimitExceeded, "more than ", most,
                        " characters wait to be said; send the next when these have been");
    pending_ += text;
  }
  ask_for_turn();
  return {};
}

void LiveSpeech::flush(bool at_end) {
  {
    const std::lock_guard lock(mutex_);
    flush_ = true;
    end_ = end_ || at_end;
  }
  ask_for_turn();
}

StopPoint LiveSpeech::stop(std::optional<double> played_s) {
  const std::lock_guard lock(mutex_);
  ++epoch_;
  stopping_.request_stop();
  pending_base_ += pending_.size();
  pending_.clear();
  flush_ = false;
  const StopPoint point = point_at(played_s);
  heard_.clear();
  first_sent_.reset();
  return point;
}

StopPoint LiveSpeech::point_at(std::optional<double> played_s) const {
  StopPoint point;
  const double before_s = heard_.empty() ? sent_s_ : heard_.front().begin_s;
  const double since_s = first_sent_ ? seconds_since(*first_sent_) : 0.0;
  point.played_s = std::clamp(played_s.value_or(before_s + since_s), 0.0, sent_s_);
  for (const Heard& word : heard_) {
    if (word.begin_s <= point.played_s) point.source_offset = word.source_end;
  }
  return point;
}

void LiveSpeech::ask_for_turn() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(active_, true)) return;
  }
  const auto refusal =
      setup_.core->scheduler.submit(std::make_shared<Turn>(shared_from_this()), setup_.owner);
  if (!refusal) return;
  setup_.core->metrics.rejected.add(name_of(refusal->reason));
  fail(429, "the server has no room for this text now; send it again");
  const std::lock_guard lock(mutex_);
  active_ = false;
}

void LiveSpeech::fail(int status, const std::string& sentence) {
  const std::lock_guard lock(mutex_);
  pending_base_ += pending_.size();
  pending_.clear();
  if (events_ != nullptr) events_->failed(status, sentence);
}

// What may be said now, taken from what waits.
std::string LiveSpeech::cut_segment() {
  const std::size_t bytes = flush_ ? pending_.size() : last_sentence_of(pending_);
  std::string segment = pending_.substr(0, bytes);
  pending_.erase(0, bytes);
  return segment;
}

// False when there is nothing to do, and the turn is over.
bool LiveSpeech::open_segment(std::uint64_t& epoch, std::stop_token& stop) {
  const std::lock_guard lock(mutex_);
  segment_base_ = pending_base_;
  const std::string segment = cut_segment();
  pending_base_ += segment.size();
  flush_after_ = std::exchange(flush_, false);
  end_after_ = end_;
  if (segment.empty() && !flush_after_) {
    active_ = false;
    return false;
  }
  if (stopping_.stop_requested()) stopping_ = std::stop_source();
  epoch = stream_epoch_ = epoch_;
  stop = stopping_.get_token();
  segment_begin_s_ = sent_s_;
  tts::SpeakOptions options;
  options.voice = setup_.request.voice;
  options.prosody = setup_.request.prosody;
  options.emotion = setup_.request.emotion;
  options.input = text::InputKind::kPlain;
  options.lexicons = setup_.core->policy.get()->lexicons;
  if (segment.find_first_not_of(" \t\r\n") == std::string::npos) return true;
  auto stream = tts::SpeechStream::create(tts::text_from_string(segment), options, stop);
  if (stream) {
    stream_.emplace(std::move(*stream));
  } else if (events_ != nullptr) {
    events_->failed(http_status(stream.error().code), stream.error().message);
  }
  return true;
}

work::Task::Next LiveSpeech::step(const work::Task* turn) {
  std::uint64_t epoch = stream_epoch_;
  std::stop_token stop;
  if (!stream_) {
    if (!open_segment(epoch, stop)) return work::Task::Next::kDone;
  } else {
    const std::lock_guard lock(mutex_);
    stop = stopping_.get_token();
  }
  if (stream_) {
    const auto more = say(epoch, stop);
    // Words that cannot be said end nothing: "..." within a talk.
    const bool nothing = !more && more.error().code == ErrorCode::kInvalidArgument;
    if (!more && !nothing && more.error().code != ErrorCode::kCancelled)
      fail(http_status(more.error().code), more.error().message);
    if (!more && more.error().code == ErrorCode::kCancelled) encoder_.reset();
    if (!more || !*more) stream_.reset();
  }
  if (!stream_ && flush_after_) {
    if (const auto finished = finish_flush(); !finished) fail(500, finished.error().message);
  }
  if (setup_.outlet->pending_bytes() <= SpeechTask::kMostPendingBytes)
    return work::Task::Next::kAgain;
  setup_.outlet->when_drained(
      [scheduler = &setup_.core->scheduler, turn] { scheduler->wake(turn); });
  return work::Task::Next::kBlocked;
}

Result<void> LiveSpeech::prepare() {
  if (encoder_) return {};
  SYRINX_ASSIGN(auto encoder,
                SpeechEncoder::create(setup_.request.format, stream_->sample_rate_hz()));
  encoder_.emplace(std::move(encoder));
  const std::lock_guard lock(mutex_);
  if (events_ != nullptr) events_->began(encoder_->sample_rate_hz());
  return {};
}

// One sentence, or a part of one. False at the segment's end.
Result<bool> LiveSpeech::say(std::uint64_t epoch, const std::stop_token& stop) {
  const auto began = std::chrono::steady_clock::now();
  SYRINX_ASSIGN(const bool more, stream_->next_part(sentence_, stop));
  if (!more) return false;
  SYRINX_TRY(prepare());
  std::string bytes;
  if (!sentence_.audio.empty()) {
    SYRINX_ASSIGN(bytes, encoder_->encode(sentence_.audio));
  }
  account(seconds_since(began));
  const std::lock_guard lock(mutex_);
  if (epoch != epoch_) {  // Stopped meanwhile: nobody hears it.
    encoder_.reset();
    return false;
  }
  deliver(std::move(bytes));
  return true;
}

// A sentence counts once, however many parts it comes in.
void LiveSpeech::account(double work_s) {
  Metrics& metrics = setup_.core->metrics;
  const double audio_s = sentence_.audio.duration_s();
  metrics.voice_audio_s.add(setup_.request.voice, audio_s);
  if (!sentence_.continues) {
    ++metrics.sentences;
    sentence_work_s_ = sentence_audio_s_ = 0;
  }
  sentence_work_s_ += work_s;
  sentence_audio_s_ += audio_s;
  if (!sentence_.more && sentence_audio_s_ > 0)
    metrics.rtf.add(sentence_work_s_ / sentence_audio_s_);
}

// With the lock.
void LiveSpeech::deliver(std::string bytes) {
  shift();
  if (!first_sent_) first_sent_ = std::chrono::steady_clock::now();
  sent_s_ += sentence_.audio.duration_s();
  for (const TimedWord& word : sentence_.words) heard_.push_back({word.begin_s, word.source.end});
  while (heard_.size() > kMostHeard) heard_.pop_front();
  if (events_ != nullptr) events_->sentence(sentence_, std::move(bytes));
}

// From the segment's times and places to those of all that was fed.
void LiveSpeech::shift() {
  const double by_s = segment_begin_s_;
  sentence_.begin_s += by_s;
  sentence_.end_s += by_s;
  move(sentence_.piece.source, segment_base_);
  for (TimedWord& word : sentence_.words) {
    word.begin_s += by_s;
    word.end_s += by_s;
    move(word.source, segment_base_);
  }
  for (TimedPhoneme& timed : sentence_.phonemes) {
    timed.begin_s += by_s;
    timed.end_s += by_s;
    move(timed.phoneme.source, segment_base_);
  }
  for (tts::TimedMark& mark : sentence_.marks) {
    mark.at_s += by_s;
    move(mark.source, segment_base_);
  }
  for (tts::SkippedText& skipped : sentence_.skipped) move(skipped.source, segment_base_);
}

Result<void> LiveSpeech::finish_flush() {
  flush_after_ = false;
  std::string bytes;
  if (encoder_) {
    SYRINX_ASSIGN(bytes, encoder_->finish());
    encoder_.reset();
  }
  const std::lock_guard lock(mutex_);
  if (events_ != nullptr) events_->flushed(std::move(bytes), end_after_);
  return {};
}

}  // namespace syrinx::server
