// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/loudness.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/base/check.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/k_weighting.h"

namespace syrinx::measure {
namespace {

constexpr double kAbsoluteGateLufs = -70.0;
constexpr double kRelativeGateLu = -10.0;
// Classes of block loudness from the absolute gate up; what is louder goes into the last.
constexpr double kClassLu = 0.01;
constexpr std::size_t kClasses = 10'000;  // To +30 LUFS.

double to_lufs(double mean_square) { return dsp::lufs_of_power(mean_square); }

double to_db(float amplitude) { return 20.0 * std::log10(static_cast<double>(amplitude)); }

}  // namespace

std::array<dsp::Biquad, 2> k_weighting(int sample_rate_hz) noexcept {
  return dsp::k_weighting(sample_rate_hz);
}

std::vector<double> channel_weights(std::size_t channels) {
  constexpr double kSurround = 1.41;
  std::vector<double> weights(channels, 1.0);
  if (channels >= 4 && channels <= 6) weights[channels - 2] = weights[channels - 1] = kSurround;
  if (channels == 6) weights[3] = 0.0;
  return weights;
}

Result<LoudnessMeter> LoudnessMeter::create(int sample_rate_hz, std::size_t channels) {
  // Below 4 kHz the shelf's frequency would pass half the rate.
  constexpr int kLeastRateHz = 4'000;
  if (sample_rate_hz < kLeastRateHz || sample_rate_hz > limits::kMaxSampleRateHz)
    return make_error(ErrorCode::kInvalidArgument, "loudness: the sample rate is ", sample_rate_hz,
                      " Hz but must be ", kLeastRateHz, " to ", limits::kMaxSampleRateHz);
  SYRINX_ASSIGN(auto filters, dsp::BiquadCascade::create(k_weighting(sample_rate_hz), channels));
  return LoudnessMeter(sample_rate_hz, std::move(filters));
}

LoudnessMeter::LoudnessMeter(int sample_rate_hz, dsp::BiquadCascade filters)
    : sample_rate_hz_(sample_rate_hz),
      step_frames_(static_cast<std::size_t>((sample_rate_hz + 5) / 10)),
      weights_(channel_weights(filters.channels())),
      filters_(std::move(filters)),
      true_peaks_(filters_.channels()),
      step_sums_(filters_.channels()),
      classes_(kClasses) {}

void LoudnessMeter::reset() noexcept {
  filters_.reset();
  for (auto& meter : true_peaks_) meter.reset();
  std::fill(classes_.begin(), classes_.end(), Class{});
  std::fill(step_sums_.begin(), step_sums_.end(), 0.0);
  max_momentary_ = max_short_term_ = 0.0;
  step_filled_ = 0;
  steps_done_ = 0;
  sample_peak_ = 0.0f;
}

void LoudnessMeter::process(AudioView audio) noexcept {
  SYRINX_CHECK(audio.channels() == channels() && audio.sample_rate_hz() == sample_rate_hz_,
               "loudness meter given other channels or another rate");
  for (std::size_t done = 0; done < audio.frames();) {
    const std::size_t frames =
        std::min({audio.frames() - done, kChunkFrames, step_frames_ - step_filled_});
    process_chunk(audio.slice(done, frames));
    done += frames;
    if (step_filled_ == step_frames_) finish_step();
  }
}

void LoudnessMeter::process_chunk(AudioView chunk) noexcept {
  for (std::size_t c = 0; c < chunk.channels(); ++c) {
    const auto given = chunk.channel(c);
    const std::span<float> samples(scratch_.data(), given.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
      samples[i] = std::isfinite(given[i]) ? given[i] : 0.0f;
      sample_peak_ = std::max(sample_peak_, std::abs(samples[i]));
    }
    true_peaks_[c].process(samples);
    filters_.process(samples, c);
    // Per channel and sample by sample, so that the sum does not depend on how the stream was cut.
    for (const float v : samples) step_sums_[c] += static_cast<double>(v) * static_cast<double>(v);
  }
  step_filled_ += chunk.frames();
}

void LoudnessMeter::finish_step() noexcept {
  double sum = 0.0;
  for (std::size_t c = 0; c < weights_.size(); ++c) sum += weights_[c] * step_sums_[c];
  std::fill(step_sums_.begin(), step_sums_.end(), 0.0);
  steps_[steps_done_ % kStepsPerShortTerm] = sum / static_cast<double>(step_frames_);
  ++steps_done_;
  step_filled_ = 0;
  if (steps_done_ < kStepsPerBlock) return;
  const double block = mean_of_last(kStepsPerBlock);
  max_momentary_ = std::max(max_momentary_, block);
  if (steps_done_ >= kStepsPerShortTerm) {
    max_short_term_ = std::max(max_short_term_, mean_of_last(kStepsPerShortTerm));
  }
  const double above = (to_lufs(block) - kAbsoluteGateLufs) / kClassLu;
  if (!(above > 0.0)) return;
  Class& its = classes_[std::min(static_cast<std::size_t>(above), kClasses - 1)];
  its.energy += block;
  ++its.blocks;
}

double LoudnessMeter::mean_of_last(std::size_t steps) const noexcept {
  double sum = 0.0;
  for (std::size_t i = 1; i <= steps; ++i) sum += steps_[(steps_done_ - i) % kStepsPerShortTerm];
  return sum / static_cast<double>(steps);
}

double LoudnessMeter::integrated_energy() const noexcept {
  const auto mean_from = [this](std::size_t first) {
    Class sum;
    for (std::size_t i = first; i < classes_.size(); ++i) {
      sum.energy += classes_[i].energy;
      sum.blocks += classes_[i].blocks;
    }
    return sum.blocks == 0 ? 0.0 : sum.energy / static_cast<double>(sum.blocks);
  };
  const double ungated = mean_from(0);
  if (ungated <= 0.0) return 0.0;
  const double gate = (to_lufs(ungated) + kRelativeGateLu - kAbsoluteGateLufs) / kClassLu;
  return mean_from(gate <= 0.0 ? 0 : std::min(static_cast<std::size_t>(gate), kClasses - 1));
}

Loudness LoudnessMeter::loudness() const noexcept {
  float true_peak = 0.0f;
  for (const auto& meter : true_peaks_) true_peak = std::max(true_peak, meter.peak());
  return {to_lufs(integrated_energy()), to_lufs(max_momentary_), to_lufs(max_short_term_),
          to_db(sample_peak_), to_db(true_peak)};
}

double LoudnessMeter::momentary_lufs() const noexcept {
  return to_lufs(steps_done_ < kStepsPerBlock ? 0.0 : mean_of_last(kStepsPerBlock));
}

double LoudnessMeter::short_term_lufs() const noexcept {
  return to_lufs(steps_done_ < kStepsPerShortTerm ? 0.0 : mean_of_last(kStepsPerShortTerm));
}

Result<Loudness> measure_loudness(AudioView audio) {
  if (audio.empty())
    return make_error(ErrorCode::kInvalidArgument, "loudness: the sound has no frames");
  SYRINX_ASSIGN(auto meter, LoudnessMeter::create(audio.sample_rate_hz(), audio.channels()));
  meter.process(audio);
  return meter.loudness();
}

}  // namespace syrinx::measure
