// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/speech/speech_task.h"

#include <algorithm>
#include <utility>

#include "syrinx/engines/tts/text_source.h"

namespace syrinx::server {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

SpeechTask::SpeechTask(SpeechSetup setup) : setup_(std::move(setup)) {}

SpeechTask::~SpeechTask() {
  if (!over_) (void)finished("cancelled");
}

double SpeechTask::elapsed_s() const { return seconds_since(setup_.arrival); }

work::Task::Next SpeechTask::step() {
  if (setup_.exchange->gone().stop_requested()) return finished("cancelled");
  if (elapsed_s() > setup_.timeout_s) {
    return stop_with(make_error(ErrorCode::kUnavailable, "the request took longer than ",
                                setup_.timeout_s, " s, the most that this server gives one"));
  }
  const auto began = std::chrono::steady_clock::now();
  const Next next = next_step();
  tally_.work_s += seconds_since(began);
  if (next == Next::kDone && !over_) return finished("done");
  if (next != Next::kAgain || setup_.exchange->pending_bytes() <= kMostPendingBytes) return next;
  setup_.exchange->when_drained(
      [scheduler = setup_.scheduler, self = this] { scheduler->wake(self); });
  return Next::kBlocked;
}

work::Task::Next SpeechTask::next_step() {
  if (!stream_) {
    const auto answered = answer_from_cache();
    if (!answered) return stop_with(answered.error());
    if (*answered) return Next::kDone;
    if (const auto opened = open(); !opened) return stop_with(opened.error());
  }
  const auto more = say_next();
  if (!more) return stop_with(more.error());
  if (*more) return Next::kAgain;
  if (const auto closed = close(); !closed) return stop_with(closed.error());
  return Next::kDone;
}

void SpeechTask::expired() {
  setup_.expire();
  (void)finished("expired");
}

Result<bool> SpeechTask::answer_from_cache() {
  if (setup_.cache == nullptr) return false;
  SYRINX_ASSIGN(cache_key_, SpeechCache::key_of(setup_.request, setup_.cache_form, setup_.lexicons,
                                                setup_.exchange->gone()));
  auto kept = setup_.cache->find(cache_key_);
  if (!kept) return false;
  kept->fields.push_back({"X-Syrinx-Cache", "hit"});
  setup_.exchange->respond(std::move(*kept));
  tally_.first_audio_s = elapsed_s();
  setup_.metrics->first_audio_s.add(tally_.first_audio_s);
  return true;
}

Result<void> SpeechTask::open() {
  tts::SpeakOptions options;
  options.voice = setup_.request.voice;
  options.prosody = setup_.request.prosody;
  options.emotion = setup_.request.emotion;
  options.input = setup_.request.input_kind;
  options.lexicons = setup_.lexicons;
  const auto gone = setup_.exchange->gone();
  SYRINX_ASSIGN(auto stream, tts::SpeechStream::create(tts::text_from_string(setup_.request.input),
                                                       options, gone));
  SYRINX_ASSIGN(auto encoder,
                SpeechEncoder::create(setup_.request.format, stream.sample_rate_hz()));
  stream_.emplace(std::move(stream));
  encoder_.emplace(std::move(encoder));
  return {};
}

// False at the end of the text.
Result<bool> SpeechTask::say_next() {
  SYRINX_ASSIGN(const bool more, stream_->next_part(sentence_, setup_.exchange->gone()));
  if (!more) return false;
  std::string bytes;
  if (!sentence_.audio.empty()) {
    SYRINX_ASSIGN(bytes, encoder_->encode(sentence_.audio));
  }
  if (!std::exchange(begun_, true)) {
    setup_.writer->begin(encoder_->sample_rate_hz());
    tally_.first_audio_s = elapsed_s();
    setup_.metrics->first_audio_s.add(tally_.first_audio_s);
  }
  account();
  setup_.writer->sentence(sentence_, std::move(bytes));
  return true;
}

// Who plays as it comes runs dry when sound comes later than the sound before it lasts.
void SpeechTask::account() {
  const double dry_s = elapsed_s() - tally_.first_audio_s - tally_.audio_s;
  if (tally_.sentences > 0) setup_.metrics->gap_s.add(std::max(0.0, dry_s));
  tally_.audio_s += sentence_.audio.duration_s();
  if (sentence_.continues) return;
  tally_.words += sentence_.words.size();
  tally_.phonemes += sentence_.phonemes.size();
  ++tally_.sentences;
  ++setup_.metrics->sentences;
}

Result<void> SpeechTask::close() {
  SYRINX_ASSIGN(std::string bytes, encoder_->finish());
  setup_.writer->end(std::move(bytes), tally_, *stream_);
  if (setup_.cache == nullptr) return {};
  if (const auto answer = setup_.recording->answer()) setup_.cache->put(cache_key_, *answer);
  return {};
}

work::Task::Next SpeechTask::stop_with(const Error& error) {
  if (setup_.exchange->gone().stop_requested()) return finished("cancelled");
  if (begun_) {
    setup_.writer->fail(error);
  } else {
    setup_.refuse(error);
  }
  return finished(elapsed_s() > setup_.timeout_s ? "timeout" : "failed");
}

work::Task::Next SpeechTask::finished(std::string_view outcome) {
  if (!std::exchange(over_, true)) setup_.over(outcome, tally_);
  return Next::kDone;
}

}  // namespace syrinx::server
