// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/comfort_noise.h"

#include <algorithm>
#include <cmath>

namespace syrinx::codec {
namespace {

constexpr float kMaxReflection = 0.98F;  // What rings longer is a tone, not noise.
constexpr double kForget = 0.9;
constexpr double kSilence = 1e-13;  // Of power: -130 dBov.

// RFC 3389, 3.2: 127 is 0, each step 258/32768.
float reflection_of(std::uint8_t code) noexcept {
  return static_cast<float>(static_cast<int>(code) - 127) * (258.0F / 32'768.0F);
}

std::uint8_t code_of(float reflection) noexcept {
  const long steps = std::lrint(reflection * (32'768.0F / 258.0F));
  return static_cast<std::uint8_t>(std::clamp(steps + 127L, 0L, 254L));
}

float gain_of(const NoiseDescription& noise) noexcept {
  if (noise.level_dbov <= -127) return 0.0F;
  double gain = std::pow(10.0, noise.level_dbov / 20.0);
  for (std::size_t i = 0; i < noise.order; ++i) {
    const double k = noise.reflection[i];
    gain *= std::sqrt(std::max(0.0, 1.0 - k * k));
  }
  return static_cast<float>(gain);
}

// Levinson's recursion, for the reflection coefficients alone.
std::size_t reflections_of(std::span<const double> correlation, std::span<float> reflection) {
  std::array<double, kMaxNoiseOrder + 1> a = {1.0};
  double error = correlation[0] * 1.0001;
  for (std::size_t m = 1; m < correlation.size(); ++m) {
    double sum = 0.0;
    for (std::size_t i = 0; i < m; ++i) sum += a[i] * correlation[m - i];
    const double k = -sum / error;
    if (!(std::abs(k) < 1.0)) return m - 1;
    const auto before = a;
    for (std::size_t i = 1; i <= m; ++i) a[i] = before[i] + k * before[m - i];
    error *= 1.0 - k * k;
    reflection[m - 1] = std::clamp(static_cast<float>(k), -kMaxReflection, kMaxReflection);
  }
  return correlation.size() - 1;
}

}  // namespace

Result<NoiseDescription> parse_comfort_noise(std::span<const std::uint8_t> payload) {
  if (payload.empty())
    return make_error(ErrorCode::kCorruptData,
                      "comfort noise without a byte; its level is one (RFC 3389, 3.1)");
  NoiseDescription noise;
  noise.level_dbov = -static_cast<int>(payload[0] & 0x7FU);
  for (const std::uint8_t code : payload.subspan(1)) {
    if (code == 255 || noise.order == kMaxNoiseOrder) break;
    noise.reflection[noise.order++] =
        std::clamp(reflection_of(code), -kMaxReflection, kMaxReflection);
  }
  return noise;
}

std::size_t write_comfort_noise(const NoiseDescription& noise,
                                std::span<std::uint8_t> out) noexcept {
  SYRINX_CHECK(noise.order <= kMaxNoiseOrder && out.size() > noise.order,
               "no room for the comfort noise");
  out[0] = static_cast<std::uint8_t>(std::clamp(-noise.level_dbov, 0, 127));
  for (std::size_t i = 0; i < noise.order; ++i) out[i + 1] = code_of(noise.reflection[i]);
  return noise.order + 1;
}

NoiseAnalyser::NoiseAnalyser(std::size_t order) : order_(order) {
  SYRINX_CHECK(order <= kMaxNoiseOrder, "more coefficients than kMaxNoiseOrder");
}

void NoiseAnalyser::add(AudioView mono) noexcept {
  if (mono.empty()) return;
  const auto samples = mono.channel(0);
  const double keep = heard_ ? kForget : 0.0;
  for (std::size_t lag = 0; lag <= order_; ++lag) {
    double sum = 0.0;
    for (std::size_t i = lag; i < samples.size(); ++i)
      sum += static_cast<double>(samples[i]) * static_cast<double>(samples[i - lag]);
    const double mean = sum / static_cast<double>(samples.size());
    if (std::isfinite(mean)) correlation_[lag] = keep * correlation_[lag] + (1.0 - keep) * mean;
  }
  heard_ = true;
}

NoiseDescription NoiseAnalyser::description() const noexcept {
  NoiseDescription noise;
  if (correlation_[0] < kSilence) return noise;
  noise.level_dbov =
      std::clamp(static_cast<int>(std::lrint(10.0 * std::log10(correlation_[0]))), -127, 0);
  noise.order = reflections_of(std::span(correlation_).first(order_ + 1), noise.reflection);
  return noise;
}

void NoiseAnalyser::reset() noexcept {
  correlation_ = {};
  heard_ = false;
}

NoiseGenerator::NoiseGenerator(std::uint32_t seed) : seed_(seed), random_(seed) {}

void NoiseGenerator::describe(const NoiseDescription& noise) noexcept {
  wanted_ = noise;
  wanted_gain_ = gain_of(noise);
}

// White noise of variance 1, even over (-sqrt 3, sqrt 3), through an all-pole lattice.
float NoiseGenerator::next_sample() noexcept {
  random_ = random_ * 1'664'525U + 1'013'904'223U;
  const float white =
      static_cast<float>(static_cast<std::int32_t>(random_)) * (1.7320508F / 2'147'483'648.0F);
  float forward = white * gain_;
  for (std::size_t m = wanted_.order; m-- > 0;) {
    forward -= reflection_[m] * state_[m];
    state_[m + 1] = state_[m] + reflection_[m] * forward;
  }
  state_[0] = forward;
  return forward;
}

void NoiseGenerator::process(MutableAudioView out) noexcept {
  if (out.empty()) return;
  const float glide =
      1.0F - std::exp(-1.0F / (0.005F * static_cast<float>(std::max(out.sample_rate_hz(), 1))));
  for (float& sample : out.channel(0)) {
    gain_ += glide * (wanted_gain_ - gain_);
    for (std::size_t m = 0; m < wanted_.order; ++m)
      reflection_[m] += glide * (wanted_.reflection[m] - reflection_[m]);
    sample = next_sample();
  }
  for (std::size_t c = 1; c < out.channels(); ++c)
    std::ranges::copy(out.channel(0), out.channel(c).begin());
}

void NoiseGenerator::reset() noexcept { *this = NoiseGenerator(seed_); }

}  // namespace syrinx::codec
