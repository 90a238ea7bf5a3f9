// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/level/active_speech_level.h"

#include <cmath>

#include "syrinx/core/base/check.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/flow/mono.h"
#include "syrinx/stages/measure/level/level_view.h"

namespace syrinx::measure {
namespace {

constexpr double kSmoothS = 0.03;
constexpr double kHangS = 0.2;
constexpr double kMarginDb = 15.9;

double threshold(std::size_t index, std::size_t count) {
  return std::ldexp(1.0, static_cast<int>(index) - static_cast<int>(count));
}

}  // namespace

Result<ActiveSpeechMeter> ActiveSpeechMeter::create(int sample_rate_hz) {
  if (sample_rate_hz < limits::kMinSampleRateHz || sample_rate_hz > limits::kMaxSampleRateHz)
    return make_error(ErrorCode::kInvalidArgument, "active speech level: the sample rate is ",
                      sample_rate_hz, " Hz but must be ", limits::kMinSampleRateHz, " to ",
                      limits::kMaxSampleRateHz);
  return ActiveSpeechMeter(sample_rate_hz);
}

ActiveSpeechMeter::ActiveSpeechMeter(int sample_rate_hz) noexcept
    : sample_rate_hz_(sample_rate_hz),
      keep_(std::exp(-1.0 / (sample_rate_hz * kSmoothS))),
      hang_samples_(static_cast<std::uint64_t>(std::ceil(kHangS * sample_rate_hz))) {}

void ActiveSpeechMeter::reset() noexcept { *this = ActiveSpeechMeter(sample_rate_hz_); }

void ActiveSpeechMeter::process(AudioView mono) noexcept {
  SYRINX_CHECK(mono.channels() == 1 && mono.sample_rate_hz() == sample_rate_hz_,
               "active speech meter given other channels or another rate");
  for (const float v : mono.channel(0)) take(std::isfinite(v) ? static_cast<double>(v) : 0.0);
}

void ActiveSpeechMeter::take(double sample) noexcept {
  squares_ += sample * sample;
  smooth_ = keep_ * smooth_ + (1.0 - keep_) * std::abs(sample);
  envelope_ = keep_ * envelope_ + (1.0 - keep_) * smooth_;
  for (std::size_t j = 0; j < kThresholds; ++j) {
    if (envelope_ >= threshold(j, kThresholds)) hang_until_[j] = samples_ + hang_samples_ + 1;
    if (samples_ < hang_until_[j]) ++active_[j];
  }
  ++samples_;
}

ActiveSpeechLevel ActiveSpeechMeter::level() const noexcept {
  ActiveSpeechLevel found{power_db(0.0), power_db(0.0), 0.0};
  if (samples_ == 0 || squares_ <= 0.0) return found;
  found.long_term_dbfs = power_db(squares_ / static_cast<double>(samples_));
  // With a rising threshold the level of what exceeds it rises more slowly than the threshold does:
  // the margin between them falls, and is 15.9 dB at one place, sought between two thresholds.
  double former_db = 0.0;
  double former_margin_db = 0.0;
  for (std::size_t j = 0; j < kThresholds && active_[j] != 0; ++j) {
    const double level_db = power_db(squares_ / static_cast<double>(active_[j]));
    const double margin_db = level_db - 2.0 * power_db(threshold(j, kThresholds));
    if (margin_db <= kMarginDb) {
      const double part =
          j == 0 ? 1.0 : (former_margin_db - kMarginDb) / (former_margin_db - margin_db);
      found.active_dbfs = j == 0 ? level_db : former_db + part * (level_db - former_db);
      found.activity = std::pow(10.0, (found.long_term_dbfs - found.active_dbfs) / 10.0);
      return found;
    }
    former_db = level_db;
    former_margin_db = margin_db;
  }
  return found;
}

Result<ActiveSpeechLevel> measure_active_speech_level(AudioView audio) {
  SYRINX_TRY(check_measurable("active speech level", audio));
  SYRINX_ASSIGN(auto meter, ActiveSpeechMeter::create(audio.sample_rate_hz()));
  const auto mono = mean_of_channels(audio);
  const std::vector<float> samples(mono.begin(), mono.end());
  meter.process(AudioView(samples, audio.sample_rate_hz()));
  return meter.level();
}

}  // namespace syrinx::measure
