// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/port/speech_port.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "syrinx/core/base/spsc_queue.h"
#include "syrinx/core/dsp/kernels.h"
#include "syrinx/engines/call/port/barge_in_detector.h"
#include "syrinx/engines/call/port/port_events.h"
#include "syrinx/engines/call/port/speech_queue.h"
#include "syrinx/engines/call/rate_changer.h"
#include "syrinx/engines/call/session/latest_value.h"

//   heard ──▶ EchoCanceller ──▶ hop of 10 ms ──▶ RateChanger ──▶ ring ──▶ listen()
//                  ▲                  └──▶ BargeInDetector ──▶ stop()
//   out ◀──┬── SpeechQueue ◀── write()                          │
//          └──▶ what was said, one block back ◀─────────────────┘
namespace syrinx::call {
namespace {

constexpr int kHopsPerSecond = 100;
constexpr std::size_t kHopsPerBlock = 2;  // The longest block, and how far back the reference is.
constexpr double kFadeMs = 5.0;
constexpr double kAudibleSaid = 1e-7;  // Mean square: -70 dBFS.
constexpr double kAlignedS = 1.0;      // Of speech after the delay was found, or
constexpr double kLearningS = 2.5;  // Of speech, after which the canceller has learnt what it can.

double mean_square(std::span<const float> x) noexcept {
  const double sum = dsp::kernels().sum_of_squares(x.data(), x.size());
  return std::isfinite(sum) ? sum / static_cast<double>(std::max<std::size_t>(x.size(), 1)) : 0.0;
}

std::size_t samples_of(double seconds, int rate_hz) noexcept {
  return static_cast<std::size_t>(seconds * rate_hz);
}

Result<void> check(const SpeechPortOptions& options) {
  for (const int rate_hz : {options.sample_rate_hz, options.listen_rate_hz}) {
    if (rate_hz == 0 && rate_hz != options.sample_rate_hz) continue;
    if (rate_hz < 8'000 || rate_hz > 48'000 || rate_hz % kHopsPerSecond != 0)
      return make_error(ErrorCode::kInvalidArgument, "a speech port at ", rate_hz,
                        " Hz; 8000 to 48000 in hundreds can be");
  }
  for (const double seconds : {options.speech_s, options.listen_s}) {
    if (!(seconds >= 0.1 && seconds <= 120.0))
      return make_error(ErrorCode::kInvalidArgument, "a speech port keeps 0.1 to 120 s, not ",
                        seconds);
  }
  return {};
}

}  // namespace

const char* name_of(PortEvent::Kind kind) noexcept {
  switch (kind) {
    case PortEvent::Kind::kBegan:
      return "began";
    case PortEvent::Kind::kFinished:
      return "finished";
    case PortEvent::Kind::kStopped:
      return "stopped";
    case PortEvent::Kind::kSpeechBegan:
      return "speech-began";
    case PortEvent::Kind::kSpeechEnded:
      return "speech-ended";
    case PortEvent::Kind::kBargeIn:
      return "barge-in";
  }
  return "";
}

class SpeechPort::Impl {
 public:
  Impl(const SpeechPortOptions& options, int listen_hz,
       std::optional<enhance::EchoCanceller> canceller, BargeInDetector detector,
       RateChanger changer)
      : options_(options),
        listen_hz_(listen_hz),
        hop_(static_cast<std::size_t>(options.sample_rate_hz / kHopsPerSecond)),
        queue_(samples_of(options.speech_s, options.sample_rate_hz),
               samples_of(kFadeMs * 1e-3, options.sample_rate_hz), events_),
        heard_ring_(samples_of(options.listen_s, listen_hz)),
        canceller_(std::move(canceller)),
        detector_(std::move(detector)),
        changer_(std::move(changer)),
        changer_latency_ms_(listen_hz == options.sample_rate_hz ? 0.0 : changer_.latency_ms()),
        said_(2 * kHopsPerBlock * hop_),
        heard_hop_(hop_),
        clean_hop_(hop_),
        far_hop_(hop_),
        listen_hop_(changer_.out_frames(hop_)) {}

  void exchange(std::span<const float> heard, std::span<float> out) noexcept;

  SpeechPortOptions options_;
  int listen_hz_;
  std::size_t hop_;
  PortEvents events_;
  SpeechQueue queue_;
  SpscQueue<float> heard_ring_;
  LatestValue<SpeechPortStatistics> latest_;
  std::optional<enhance::EchoCanceller> canceller_;
  BargeInDetector detector_;
  RateChanger changer_;
  double changer_latency_ms_;

 private:
  void hear(std::span<const float> heard) noexcept;
  void end_hop(std::uint64_t now) noexcept;
  void keep_said(std::span<const float> said, std::size_t count) noexcept;
  bool canceller_knows() const noexcept;
  void tell_speech(std::uint64_t now) noexcept;

  std::uint64_t samples_ = 0;
  // What was said, in a ring: a sample that is heard goes with the one that was said 20 ms before,
  // so that it is there however long the blocks are.
  std::vector<float> said_;
  std::vector<float> heard_hop_, clean_hop_, far_hop_, listen_hop_;
  std::size_t hop_at_ = 0;
  bool speech_ = false;
  double learnt_s_ = 0.0;   // Of what was said,
  double aligned_s_ = 0.0;  // and of it while the canceller knew how late the echo is.
};

Result<std::unique_ptr<SpeechPort>> SpeechPort::create(const SpeechPortOptions& options) {
  SYRINX_TRY(check(options));
  const int listen_hz =
      options.listen_rate_hz == 0 ? options.sample_rate_hz : options.listen_rate_hz;
  std::optional<enhance::EchoCanceller> canceller;
  if (options.cancel_echo) {
    SYRINX_ASSIGN(canceller, enhance::EchoCanceller::create(options.sample_rate_hz, options.echo));
  }
  SYRINX_ASSIGN(auto detector, BargeInDetector::create(options.sample_rate_hz, options.barge_in));
  SYRINX_ASSIGN(auto changer, RateChanger::create(options.sample_rate_hz, listen_hz));
  return std::unique_ptr<SpeechPort>(new SpeechPort(std::make_unique<Impl>(
      options, listen_hz, std::move(canceller), std::move(detector), std::move(changer))));
}

SpeechPort::SpeechPort(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SpeechPort::~SpeechPort() = default;

const SpeechPortOptions& SpeechPort::options() const noexcept { return impl_->options_; }
int SpeechPort::sample_rate_hz() const noexcept { return impl_->options_.sample_rate_hz; }
int SpeechPort::listen_rate_hz() const noexcept { return impl_->listen_hz_; }
std::size_t SpeechPort::max_block_frames() const noexcept { return kHopsPerBlock * impl_->hop_; }

Result<UtteranceId> SpeechPort::begin() { return impl_->queue_.begin(); }
std::size_t SpeechPort::write(UtteranceId utterance, std::span<const float> samples) noexcept {
  return impl_->queue_.write(utterance, samples);
}
bool SpeechPort::finish(UtteranceId utterance) noexcept { return impl_->queue_.finish(utterance); }
std::size_t SpeechPort::room_samples() const noexcept { return impl_->queue_.room(); }
void SpeechPort::stop() noexcept { impl_->queue_.stop(); }
bool SpeechPort::stopped(UtteranceId utterance) const noexcept {
  return impl_->queue_.stopped(utterance);
}
Said SpeechPort::said() const noexcept { return impl_->queue_.said(); }
std::size_t SpeechPort::waiting_samples() const noexcept { return impl_->queue_.waiting(); }
std::size_t SpeechPort::listen(std::span<float> out) noexcept {
  return impl_->heard_ring_.read(out);
}
void SpeechPort::exchange(std::span<const float> heard, std::span<float> out) noexcept {
  impl_->exchange(heard, out);
}
bool SpeechPort::next_event(PortEvent& event) noexcept { return impl_->events_.next(event); }
SpeechPortStatistics SpeechPort::statistics() noexcept { return impl_->latest_.read(); }

double SpeechPort::latency_ms() const noexcept {
  const double canceller =
      impl_->canceller_ ? static_cast<double>(impl_->canceller_->latency_samples()) : 0.0;
  return 1e3 * (canceller + static_cast<double>(impl_->hop_)) / sample_rate_hz() +
         impl_->changer_latency_ms_;
}

void SpeechPort::Impl::exchange(std::span<const float> heard, std::span<float> out) noexcept {
  SYRINX_CHECK(heard.size() <= kHopsPerBlock * hop_, "a speech port takes 20 ms at once");
  SYRINX_CHECK(out.empty() || out.size() == heard.size(), "as much is said as is heard");
  hear(heard);
  queue_.play(out, samples_ + heard.size());  // It goes out now that all this was heard.
  keep_said(out, heard.size());
  samples_ += heard.size();
  events_.counts.samples = samples_;
  if (canceller_) events_.counts.echo = canceller_->statistics();
  latest_.publish(events_.counts);
}

void SpeechPort::Impl::hear(std::span<const float> heard) noexcept {
  std::size_t at = 0;
  while (at < heard.size()) {
    const std::size_t count = std::min(hop_ - hop_at_, heard.size() - at);
    const auto part = heard.subspan(at, count);
    for (std::size_t i = 0; i < count; ++i) {
      heard_hop_[hop_at_ + i] = std::isfinite(part[i]) ? part[i] : 0.0F;
      far_hop_[hop_at_ + i] = said_[static_cast<std::size_t>((samples_ + at + i) % said_.size())];
    }
    const auto clean = std::span(clean_hop_).subspan(hop_at_, count);
    if (canceller_) {
      canceller_->process(std::span(heard_hop_).subspan(hop_at_, count),
                          std::span(far_hop_).subspan(hop_at_, count), clean);
    } else {
      std::copy_n(heard_hop_.begin() + static_cast<std::ptrdiff_t>(hop_at_), count, clean.begin());
    }
    at += count;
    hop_at_ += count;
    if (hop_at_ < hop_) continue;
    hop_at_ = 0;
    end_hop(samples_ + at);
  }
}

void SpeechPort::Impl::end_hop(std::uint64_t now) noexcept {
  std::span<const float> given = clean_hop_;
  if (listen_hz_ != options_.sample_rate_hz) {
    changer_.process(clean_hop_, listen_hop_);
    given = listen_hop_;
  }
  events_.counts.unheard_samples += given.size() - heard_ring_.write(given);
  if (!options_.barge_in.detect) return;
  const HopPower power{mean_square(heard_hop_), mean_square(clean_hop_), mean_square(far_hop_)};
  if (power.said > kAudibleSaid) {
    learnt_s_ += 1.0 / kHopsPerSecond;
    if (canceller_ && canceller_->statistics().delay_found) aligned_s_ += 1.0 / kHopsPerSecond;
  }
  detector_.take(heard_hop_, clean_hop_, power, canceller_knows());
  tell_speech(now);
}

bool SpeechPort::Impl::canceller_knows() const noexcept {
  return !canceller_ || learnt_s_ > kLearningS || aligned_s_ > kAlignedS;
}

void SpeechPort::Impl::tell_speech(std::uint64_t now) noexcept {
  if (detector_.speech() == speech_) return;
  speech_ = detector_.speech();
  const std::uint64_t since = now - std::min<std::uint64_t>(now, detector_.speech_hops() * hop_);
  PortEvent event{PortEvent::Kind::kSpeechEnded, queue_.sounding(), now, now,
                  queue_.said().samples};
  if (!speech_) return events_.tell(event);
  event.kind = PortEvent::Kind::kSpeechBegan;
  event.since_sample = since;
  events_.tell(event);
  ++events_.counts.speech_begins;
  if (event.utterance == 0) return;
  event.kind = PortEvent::Kind::kBargeIn;
  events_.tell(event);
  ++events_.counts.barge_ins;
  if (options_.barge_in.stops) queue_.stop();
}

void SpeechPort::Impl::keep_said(std::span<const float> said, std::size_t count) noexcept {
  const std::uint64_t from = samples_ + kHopsPerBlock * hop_;
  for (std::size_t i = 0; i < count; ++i)
    said_[static_cast<std::size_t>((from + i) % said_.size())] = said.empty() ? 0.0F : said[i];
}

}  // namespace syrinx::call
