// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/gain/speech_level.h"

#include <algorithm>
#include <numeric>

#include "syrinx/core/dsp/k_weighting.h"

namespace syrinx::enhance {
namespace {

constexpr double kAbsoluteGateLufs = -70.0;
constexpr double kRelativeGateLu = 10.0;
constexpr double kOverNoiseLu = 6.0;
// Each block that the relative gate refuses opens it by so much: a voice that became softer is
// heard after a second or two.
constexpr double kGateOpensLu = 1.0;
constexpr std::uint64_t kSpeechMemoryBlocks = 30;  // 3 s of speech.
constexpr std::uint64_t kSettledHops = 20;         // After speech, before it is background.
constexpr double kNoiseShare = 0.1;                // Of a hop in the background's mean.
constexpr double kNoiseRise = 1.014;               // 6 dB a second.
constexpr double kLeastNoise = 1e-8;               // -80 LUFS.
// Fewer blocks than these say nothing.
constexpr std::uint64_t kLeastBlocks = 3;
constexpr std::uint64_t kLeastNoiseHops = 20;

// A mean that forgets.
void blend(double& mean, double value, std::uint64_t values, std::uint64_t memory) noexcept {
  mean += (value - mean) / static_cast<double>(std::min(values, memory));
}

}  // namespace

std::optional<double> SpeechLevel::speech_lufs() const noexcept {
  if (speech_blocks_ < kLeastBlocks) return std::nullopt;
  return dsp::lufs_of_power(speech_power_);
}

std::optional<double> SpeechLevel::noise_lufs() const noexcept {
  if (noise_hops_ < kLeastNoiseHops) return std::nullopt;
  return dsp::lufs_of_power(noise_power_);
}

void SpeechLevel::add(double power, bool speech) noexcept {
  powers_[hops_ % kBlockHops] = power;
  spoken_[hops_ % kBlockHops] = speech;
  ++hops_;
  speech_hops_ += speech ? 1 : 0;
  quiet_hops_ = speech ? 0 : quiet_hops_ + 1;
  if (quiet_hops_ > kSettledHops) add_noise(power);
  if (hops_ < kBlockHops || hops_ % kStepHops != 0) return;
  const auto spoken = std::count(spoken_.begin(), spoken_.end(), true);
  if (2 * static_cast<std::size_t>(spoken) < kBlockHops) return;
  add_block(std::accumulate(powers_.begin(), powers_.end(), 0.0) / static_cast<double>(kBlockHops));
}

void SpeechLevel::add_block(double power) noexcept {
  const double lufs = dsp::lufs_of_power(power);
  if (lufs < kAbsoluteGateLufs) return;
  if (const auto noise = noise_lufs(); noise && lufs < *noise + kOverNoiseLu) return;
  if (speech_blocks_ > 0 &&
      lufs < dsp::lufs_of_power(speech_power_) - kRelativeGateLu - kGateOpensLu * refused_blocks_) {
    ++refused_blocks_;
    return;
  }
  refused_blocks_ = 0;
  ++speech_blocks_;
  blend(speech_power_, power, speech_blocks_, kSpeechMemoryBlocks);
}

// Falls at once and rises slowly: what of speech the detector missed is no background.
void SpeechLevel::add_noise(double power) noexcept {
  ++noise_hops_;
  if (noise_hops_ == 1) noise_power_ = power;
  const double next = noise_power_ + kNoiseShare * (power - noise_power_);
  noise_power_ = std::max(kLeastNoise, std::min(next, kNoiseRise * noise_power_));
}

}  // namespace syrinx::enhance
