// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/vad/voice_activity.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "syrinx/stages/enhance/vad/speech_decision.h"
#include "syrinx/stages/enhance/vad/voice_features.h"

namespace syrinx::enhance {
namespace {

// A logistic regression over the features, fitted to two speakers (clean recordings at 8 and 16
// kHz) in six kinds of noise at 0 to 20 dB; docs/codecs.md says how it does with another.
double evidence_of(const VoiceFeatures& features) noexcept {
  const double likelihood = static_cast<double>(features.likelihood);
  const double periodicity = static_cast<double>(features.periodicity);
  return -1.754 + 0.745 * likelihood + 0.0606 * static_cast<double>(features.low_ratio_db) -
         0.207 * static_cast<double>(features.high_ratio_db) - 0.484 * periodicity +
         0.519 * static_cast<double>(features.change_db) + 0.920 * periodicity * periodicity +
         0.211 * periodicity * likelihood;
}

constexpr double kSmoothing = 0.7;
constexpr double kHopMs = 10.0;
// Below this level nobody is heard, whatever it is: -80 dBov.
constexpr double kInaudible = 1e-8;

Result<void> check_rate(int sample_rate_hz) {
  if (sample_rate_hz < 8'000 || sample_rate_hz > 48'000 || sample_rate_hz % 100 != 0)
    return make_error(ErrorCode::kInvalidArgument, "speech is looked for in sound of ",
                      sample_rate_hz, " Hz, but it must be 8000 to 48000 Hz, by hundreds");
  return {};
}

}  // namespace

Result<void> validate(const VoiceActivityOptions& options) {
  if (!(options.threshold >= 0.0 && options.threshold <= 1.0))
    return make_error(ErrorCode::kInvalidArgument, "the threshold is ", options.threshold,
                      " but must be 0 to 1");
  for (const double ms : {options.hang_over_ms, options.least_speech_ms}) {
    if (!(ms >= 0.0 && ms <= 10'000.0))
      return make_error(ErrorCode::kInvalidArgument, "durations are 0 to 10000 ms, not ", ms);
  }
  return {};
}

struct VoiceActivityDetector::State {
  State(VoiceFeatureTracker found, int rate_hz, VoiceActivityOptions wanted)
      : features(std::move(found)),
        sample_rate_hz(rate_hz),
        decision(wanted, kHopMs),
        hop(static_cast<std::size_t>(rate_hz / 100)) {}

  VoiceFeatureTracker features;
  int sample_rate_hz;
  SpeechDecision decision;
  std::vector<float> hop;
  double evidence = -4.0;
};

Result<VoiceActivityDetector> VoiceActivityDetector::create(int sample_rate_hz,
                                                            VoiceActivityOptions options) {
  SYRINX_TRY(check_rate(sample_rate_hz));
  SYRINX_TRY(validate(options));
  SYRINX_ASSIGN(auto features, VoiceFeatureTracker::create(sample_rate_hz));
  return VoiceActivityDetector(
      std::make_unique<State>(std::move(features), sample_rate_hz, options));
}

VoiceActivityDetector::VoiceActivityDetector(std::unique_ptr<State> state) noexcept
    : state_(std::move(state)) {}
VoiceActivityDetector::VoiceActivityDetector(VoiceActivityDetector&&) noexcept = default;
VoiceActivityDetector& VoiceActivityDetector::operator=(VoiceActivityDetector&&) noexcept = default;
VoiceActivityDetector::~VoiceActivityDetector() = default;

int VoiceActivityDetector::sample_rate_hz() const noexcept { return state_->sample_rate_hz; }
std::size_t VoiceActivityDetector::hop_frames() const noexcept { return state_->hop.size(); }
bool VoiceActivityDetector::speech() const noexcept { return state_->decision.speech(); }

float VoiceActivityDetector::process(AudioView mono) noexcept {
  State& state = *state_;
  SYRINX_CHECK(mono.frames() == state.hop.size() && mono.sample_rate_hz() == state.sample_rate_hz,
               "a hop of another length or rate");
  const auto samples = mono.channel(0);
  double power = 0.0;
  for (const float sample : samples) power += static_cast<double>(sample) * sample;
  const bool audible =
      std::isfinite(power) && power > kInaudible * static_cast<double>(samples.size());
  if (std::isfinite(power)) {
    std::ranges::copy(samples, state.hop.begin());
  } else {
    std::ranges::fill(state.hop, 0.0F);
  }
  const double evidence = evidence_of(state.features.process(state.hop));
  state.evidence = kSmoothing * state.evidence + (1.0 - kSmoothing) * (audible ? evidence : -8.0);
  const double score = 1.0 / (1.0 + std::exp(-state.evidence));
  state.decision.add(score);
  return static_cast<float>(score);
}

void VoiceActivityDetector::reset() noexcept {
  State& state = *state_;
  state.features.reset();
  state.evidence = -4.0;
  state.decision.reset();
}

}  // namespace syrinx::enhance
