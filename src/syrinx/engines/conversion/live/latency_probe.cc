// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/latency_probe.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <cstdint>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/fft.h"

namespace syrinx::conversion {
namespace {

constexpr double kBurstS = 0.05;
constexpr float kBurstLevel = 0.25f;
constexpr std::size_t kMostBursts = 600;
constexpr double kClearPeak = 8.0;  // Times the correlation's RMS, that a burst stands out by.

std::vector<float> make_burst(std::size_t samples) {
  std::vector<float> burst(samples);
  std::uint32_t state = 1;
  for (float& x : burst) {
    state = state * 1'664'525u + 1'013'904'223u;  // Numerical Recipes' generator.
    x = kBurstLevel * (static_cast<float>(state >> 8) / 8'388'608.0f - 1.0f);
  }
  return burst;
}

}  // namespace

Result<LatencyProbe> LatencyProbe::create(int sample_rate_hz, std::size_t channels,
                                          std::size_t bursts) {
  const bool valid = sample_rate_hz >= limits::kMinSampleRateHz &&
                     sample_rate_hz <= limits::kMaxSampleRateHz && channels >= 1 &&
                     channels <= limits::kMaxChannels && bursts >= 1 && bursts <= kMostBursts;
  if (!valid)
    return make_error(ErrorCode::kInvalidArgument, "no delay can be measured by ", bursts,
                      " bursts at ", sample_rate_hz, " Hz on ", channels, " channels; give 1 to ",
                      kMostBursts, " bursts, a common rate and 1 to ", limits::kMaxChannels,
                      " channels");
  LatencyProbe probe;
  probe.sample_rate_hz_ = sample_rate_hz;
  probe.channels_ = channels;
  probe.burst_ = make_burst(static_cast<std::size_t>(kBurstS * sample_rate_hz));
  probe.recorded_.resize(bursts * static_cast<std::size_t>(sample_rate_hz));
  return probe;
}

LatencyProbe::LatencyProbe(LatencyProbe&& other) noexcept
    : sample_rate_hz_(other.sample_rate_hz_),
      channels_(other.channels_),
      burst_(std::move(other.burst_)),
      recorded_(std::move(other.recorded_)),
      at_(other.at_),
      finished_(other.finished_.load()) {}

void LatencyProbe::exchange(std::span<float> captured) noexcept {
  const auto second = static_cast<std::size_t>(sample_rate_hz_);
  for (std::size_t i = 0; i < captured.size(); i += channels_) {
    const auto frame = captured.subspan(i, channels_);
    float sum = 0.0f;
    for (const float x : frame) sum += x;
    const std::size_t in_second = at_ % second;
    const bool sounds = at_ < recorded_.size() && in_second < burst_.size();
    std::fill(frame.begin(), frame.end(), sounds ? burst_[in_second] : 0.0f);
    if (at_ < recorded_.size()) recorded_[at_++] = sum / static_cast<float>(channels_);
  }
  if (at_ == recorded_.size()) finished_.store(true, std::memory_order_release);
}

Result<LatencyMeasure> LatencyProbe::measure() const {
  LatencyMeasure measure;
  const auto second = static_cast<std::size_t>(sample_rate_hz_);
  std::vector<double> found_ms;
  for (std::size_t start = 0; start < recorded_.size(); start += second) {
    const double at = find(std::span(recorded_).subspan(start, second));
    if (at >= 0.0) found_ms.push_back(1e3 * at / sample_rate_hz_);
    ++measure.sent;
  }
  measure.found = found_ms.size();
  if (2 * found_ms.size() < measure.sent || found_ms.empty())
    return make_error(ErrorCode::kUnavailable, "of ", measure.sent, " bursts that were played ",
                      found_ms.size(),
                      " came back: lead the output into the input, by a cable or by the monitor of "
                      "a null sink, and turn both up");
  std::sort(found_ms.begin(), found_ms.end());
  measure.median_ms = found_ms[found_ms.size() / 2];
  measure.least_ms = found_ms.front();
  measure.most_ms = found_ms.back();
  return measure;
}

double LatencyProbe::find(std::span<const float> heard) const {
  const std::size_t size = std::bit_ceil(heard.size() + burst_.size());
  auto fft = dsp::RealFft::create(size);
  if (!fft) return -1.0;
  std::vector<float> time(size);
  std::vector<std::complex<float>> of_heard(fft->bins());
  std::vector<std::complex<float>> of_burst(fft->bins());
  std::copy(heard.begin(), heard.end(), time.begin());
  fft->forward(time, of_heard);
  std::fill(time.begin(), time.end(), 0.0f);
  std::copy(burst_.begin(), burst_.end(), time.begin());
  fft->forward(time, of_burst);
  for (std::size_t k = 0; k < of_heard.size(); ++k) of_heard[k] *= std::conj(of_burst[k]);
  fft->inverse(of_heard, time);
  const auto lags = std::span(time).first(heard.size() - burst_.size());
  double squares = 0.0;
  std::size_t best = 0;
  for (std::size_t i = 0; i < lags.size(); ++i) {
    squares += static_cast<double>(lags[i]) * static_cast<double>(lags[i]);
    if (std::abs(lags[i]) > std::abs(lags[best])) best = i;
  }
  const double rms = std::sqrt(squares / static_cast<double>(lags.size()));
  const bool clear = std::abs(static_cast<double>(lags[best])) > kClearPeak * rms && rms > 0.0;
  return clear ? static_cast<double>(best) : -1.0;
}

}  // namespace syrinx::conversion
