// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/port/speech_queue.h"

#include <algorithm>

namespace syrinx::call {
namespace {

constexpr std::size_t kMarks = 128;    // Two for each utterance that waits,
constexpr std::size_t kMarksLeft = 8;  // and some that begin() leaves for finish().

}  // namespace

SpeechQueue::SpeechQueue(std::size_t samples, std::size_t fade_samples, PortEvents& events)
    : ring_(samples), marks_(kMarks), events_(events), fade_samples_(fade_samples) {}

// --- The writing thread.

bool SpeechQueue::mark(UtteranceId begins) noexcept {
  const Mark mark{ring_.written(), begins};
  return marks_.write(std::span(&mark, 1)) == 1;
}

Result<UtteranceId> SpeechQueue::begin() {
  const UtteranceId next = latest_.load(std::memory_order_relaxed) + 1;
  if (marks_.size() + kMarksLeft > marks_.capacity() || !mark(next))
    return make_error(ErrorCode::kUnavailable, "too many utterances wait to be said (",
                      marks_.size() / 2, "); begin the next one when some have been");
  latest_.store(next, std::memory_order_release);
  open_ = next;
  return next;
}

std::size_t SpeechQueue::write(UtteranceId utterance, std::span<const float> samples) noexcept {
  if (utterance == 0 || utterance != open_ || stopped(utterance)) return 0;
  return ring_.write(samples);
}

bool SpeechQueue::finish(UtteranceId utterance) noexcept {
  if (utterance == 0 || utterance != open_) return true;
  if (!mark(0)) return false;
  open_ = 0;
  return true;
}

// --- Any thread.

void SpeechQueue::stop() noexcept {
  const UtteranceId latest = latest_.load(std::memory_order_acquire);
  UtteranceId before = stopped_through_.load(std::memory_order_relaxed);
  while (before < latest &&
         !stopped_through_.compare_exchange_weak(before, latest, std::memory_order_acq_rel)) {
  }
}

Said SpeechQueue::said() const noexcept {
  const std::uint64_t both = said_.load(std::memory_order_acquire);
  return {static_cast<UtteranceId>(both >> 32), static_cast<std::uint32_t>(both)};
}

// --- The ticking thread.

void SpeechQueue::tell(PortEvent::Kind kind) noexcept {
  events_.tell({kind, current_, now_, now_, current_said_});
}

void SpeechQueue::end_current(PortEvent::Kind how) noexcept {
  if (current_ != 0) tell(how);
  current_ = 0;
  sounds_ = false;
  fade_out_at_ = fade_in_left_ = 0;
}

// Goes over one mark if it is here; false: there is none.
bool SpeechQueue::pass_mark() noexcept {
  Mark next;
  if (!mark_ && marks_.read(std::span(&next, 1)) > 0) mark_ = next;
  if (!mark_ || mark_->at != ring_.taken()) return false;
  const bool whole = current_ != 0 && !stopped(current_);
  end_current(whole ? PortEvent::Kind::kFinished : PortEvent::Kind::kStopped);
  current_ = mark_->begins;
  current_said_ = 0;
  mark_.reset();
  return true;
}

// Samples up to the next mark, or to where the writer is.
std::size_t SpeechQueue::ready() noexcept {
  const std::uint64_t until = mark_ ? std::min(mark_->at, seen_) : seen_;
  return static_cast<std::size_t>(until - std::min(until, ring_.taken()));
}

// Of what was stopped, passes over all that is there.
void SpeechQueue::pass_by() noexcept {
  const std::size_t count = ready();
  ring_.skip(count);
  events_.counts.dropped_samples += count;
}

void SpeechQueue::take(std::span<float> out) noexcept {
  ring_.read(out);
  if (current_said_ == 0 && !out.empty()) tell(PortEvent::Kind::kBegan);
  current_said_ += static_cast<std::uint32_t>(out.size());
  events_.counts.said_samples += out.size();
  now_ += out.size();
  said_.store(std::uint64_t{current_} << 32 | current_said_, std::memory_order_release);
}

// The end of what was stopped while it sounded; how many samples. It goes on in the next block if
// this one is full before.
std::size_t SpeechQueue::fade_away(std::span<float> out) noexcept {
  if (!sounds_) return 0;
  const auto part = out.first(std::min({fade_samples_ - fade_out_at_, ready(), out.size()}));
  take(part);
  for (float& sample : part) {
    ++fade_out_at_;
    sample *= 1.0F - static_cast<float>(fade_out_at_) / static_cast<float>(fade_samples_);
  }
  if (fade_out_at_ == fade_samples_ || part.size() < out.size()) sounds_ = false;
  return part.size();
}

std::size_t SpeechQueue::say(std::span<float> out) noexcept {
  const auto part = out.first(std::min(ready(), out.size()));
  if (part.empty()) return 0;
  take(part);
  for (float& sample : part) {
    if (fade_in_left_ == 0) break;
    sample *= 1.0F - static_cast<float>(fade_in_left_--) / static_cast<float>(fade_samples_);
  }
  sounds_ = true;
  return part.size();
}

// The writer is late: what was said ends softly, and goes on so.
void SpeechQueue::break_off(std::span<float> said) noexcept {
  if (!sounds_ || current_ == 0) return;
  const auto end = said.last(std::min(said.size(), fade_samples_));
  for (std::size_t i = 0; i < end.size(); ++i)
    end[i] *= 1.0F - static_cast<float>(i + 1) / static_cast<float>(end.size());
  sounds_ = false;
  fade_in_left_ = fade_samples_;
  ++events_.counts.starved;
}

void SpeechQueue::play(std::span<float> out, std::uint64_t at_sample) noexcept {
  seen_ = ring_.written();
  now_ = at_sample;
  if (out.empty()) sounds_ = false;
  std::size_t at = 0;
  std::size_t began = 0;  // Where in `out` what is said last began.
  while (true) {
    while (pass_mark()) began = at;
    if (stopped(current_)) {  // Or nothing began: what came too late of what was stopped before.
      at += fade_away(out.subspan(at));
      if (sounds_) return;
      pass_by();
      if (ready() == 0 && !(mark_ && mark_->at == ring_.taken())) {
        end_current(PortEvent::Kind::kStopped);
        break;
      }
      continue;
    }
    const std::size_t count = say(out.subspan(at));
    at += count;
    if (count == 0) break;
  }
  if (at < out.size()) break_off(out.subspan(began, at - began));
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(at), out.end(), 0.0F);
}

}  // namespace syrinx::call
