// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/declip.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <vector>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/window.h"

namespace syrinx::effects {
namespace {

constexpr float kNear = 0.999f;        // Of the largest magnitude: as good as there.
constexpr float kMostRise = 4.0f;      // What is put back stays below 12 dB over the threshold.
constexpr double kCloseEnough = 1e-3;  // Of the frame's norm.

// Restores one windowed frame after another; twice as many frequencies as a frame has.
class Restorer {
 public:
  static Result<Restorer> create(std::size_t frame_samples, int max_iterations) {
    SYRINX_ASSIGN(auto fft, dsp::RealFft::create(2 * frame_samples));
    return Restorer(std::move(fft), frame_samples, max_iterations);
  }

  // `frame` becomes its own restoration. `limit` is the windowed threshold of each sample that was
  // clipped, by sign, and 0 elsewhere.
  void restore(std::span<float> frame, std::span<const float> limit) {
    std::fill(spectrum_.begin(), spectrum_.end(), std::complex<float>{});
    std::fill(estimate_.begin(), estimate_.end(), 0.0f);
    double norm = 0.0;
    for (const float x : frame) norm += static_cast<double>(x) * x;
    for (int i = 1; i <= iterations_; ++i) {
      if (residual(frame, limit) <= kCloseEnough * kCloseEnough * norm) break;
      fft_.forward(residual_, update_);
      for (std::size_t k = 0; k < spectrum_.size(); ++k) spectrum_[k] += update_[k];
      keep_largest(static_cast<std::size_t>(i));  // One component more each time.
      fft_.inverse(spectrum_, estimate_);
    }
    std::copy_n(estimate_.begin(), frame.size(), frame.begin());
  }

 private:
  Restorer(dsp::RealFft fft, std::size_t frame_samples, int iterations)
      : fft_(std::move(fft)),
        iterations_(iterations),
        spectrum_(fft_.bins()),
        update_(fft_.bins()),
        estimate_(2 * frame_samples),
        residual_(2 * frame_samples) {}

  // What the estimate lacks; where the sound was clipped, only what it is short of the limit.
  double residual(std::span<const float> frame, std::span<const float> limit) {
    double sum = 0.0;
    for (std::size_t i = 0; i < frame.size(); ++i) {
      float lack = frame[i] - estimate_[i];
      if (limit[i] > 0.0f) lack = std::max(0.0f, limit[i] - estimate_[i]);
      if (limit[i] < 0.0f) lack = std::min(0.0f, limit[i] - estimate_[i]);
      residual_[i] = lack;
      sum += static_cast<double>(lack) * lack;
    }
    return sum;
  }
  void keep_largest(std::size_t count) {
    if (count >= spectrum_.size()) return;
    norms_.resize(spectrum_.size());
    for (std::size_t k = 0; k < norms_.size(); ++k) norms_[k] = std::norm(spectrum_[k]);
    const auto nth = norms_.begin() + static_cast<std::ptrdiff_t>(count - 1);
    std::nth_element(norms_.begin(), nth, norms_.end(), std::greater<>());
    for (auto& bin : spectrum_)
      if (std::norm(bin) < *nth) bin = 0.0f;
  }

  dsp::RealFft fft_;
  int iterations_;
  std::vector<std::complex<float>> spectrum_, update_;
  std::vector<float> estimate_, residual_, norms_;
};

std::size_t restore_channel(std::span<float> x, float threshold, Restorer& restorer,
                            std::size_t frame_samples) {
  const auto clipped = [threshold](float v) { return std::abs(v) >= threshold; };
  const auto count = static_cast<std::size_t>(std::count_if(x.begin(), x.end(), clipped));
  const auto window = dsp::make_window(dsp::WindowShape::kSqrtHann, frame_samples);
  std::vector<double> sum(x.size());
  std::vector<double> weight(x.size());
  std::vector<float> frame(frame_samples);
  std::vector<float> limit(frame_samples);
  const std::size_t hop = frame_samples / 4;
  for (std::size_t end = hop; end < x.size() + frame_samples; end += hop) {
    const std::size_t first = end < frame_samples ? 0 : end - frame_samples;
    const std::size_t last = std::min(end, x.size());
    if (first >= last || std::none_of(x.begin() + static_cast<std::ptrdiff_t>(first),
                                      x.begin() + static_cast<std::ptrdiff_t>(last), clipped))
      continue;
    const std::size_t offset = first + frame_samples - end;  // Of `first` in the frame.
    std::fill(frame.begin(), frame.end(), 0.0f);
    std::fill(limit.begin(), limit.end(), 0.0f);
    for (std::size_t i = first; i < last; ++i) {
      const std::size_t k = i - first + offset;
      frame[k] = window[k] * x[i];
      if (clipped(x[i])) limit[k] = window[k] * std::copysign(threshold, x[i]);
    }
    restorer.restore(frame, limit);
    for (std::size_t i = first; i < last; ++i) {
      const std::size_t k = i - first + offset;
      sum[i] += static_cast<double>(frame[k]) * window[k];
      weight[i] += static_cast<double>(window[k]) * window[k];
    }
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!clipped(x[i]) || weight[i] <= 0.0) continue;
    const auto magnitude = static_cast<float>(std::copysign(sum[i] / weight[i], 1.0));
    const bool agrees = sum[i] * x[i] > 0.0;
    x[i] = std::copysign(std::clamp(agrees ? magnitude : 0.0f, std::abs(x[i]),
                                    std::max(std::abs(x[i]), kMostRise * threshold)),
                         x[i]);
  }
  return count;
}

// 0 unless all three have one sign; else the least magnitude.
float level_of(float a, float b, float c) noexcept {
  if (!(a * b > 0.0f && b * c > 0.0f)) return 0.0f;
  return std::min({std::abs(a), std::abs(b), std::abs(c)});
}

}  // namespace

std::size_t declip_frame_samples(const DeclipOptions& options, int sample_rate_hz) noexcept {
  const double wanted = options.frame_ms * 1e-3 * sample_rate_hz;
  return std::bit_ceil(std::max<std::size_t>(32, static_cast<std::size_t>(wanted)));
}

void ClipFinder::push(std::span<const float> samples) noexcept {
  for (const float given : samples) {
    const float x = std::isfinite(given) ? given : 0.0f;
    peak_ = std::max(peak_, std::abs(x));
    plateau_ = std::max(plateau_, level_of(before_[0], before_[1], x));
    before_[0] = before_[1];
    before_[1] = x;
  }
}

float ClipFinder::threshold() const noexcept {
  const float level = kNear * peak_;
  return peak_ > 0.0f && plateau_ >= level ? level : 0.0f;
}

Result<DeclipReport> declip(MutableAudioView audio, const DeclipOptions& o) {
  if (!(o.threshold >= 0.0) || !(o.frame_ms >= 4.0 && o.frame_ms <= 200.0) ||
      o.max_iterations < 1 || o.max_iterations > 1'000)
    return make_error(ErrorCode::kInvalidArgument, "declip: a threshold of ", o.threshold,
                      ", frames of ", o.frame_ms, " ms and ", o.max_iterations,
                      " iterations were given; give 0 or more, 4 to 200, and 1 to 1000");
  DeclipReport report;
  if (audio.empty()) return report;
  const std::size_t frame = declip_frame_samples(o, audio.sample_rate_hz());
  SYRINX_ASSIGN(auto restorer, Restorer::create(frame, o.max_iterations));
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    const auto x = audio.channel(c);
    for (float& v : x) v = std::isfinite(v) ? v : 0.0f;
    ClipFinder finder;
    finder.push(x);
    const float threshold =
        o.threshold > 0.0 ? static_cast<float>(o.threshold) : finder.threshold();
    if (threshold > 0.0f) report.clipped_samples += restore_channel(x, threshold, restorer, frame);
  }
  return report;
}

}  // namespace syrinx::effects
