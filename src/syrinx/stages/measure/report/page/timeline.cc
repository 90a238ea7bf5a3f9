// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/timeline.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/stages/measure/loudness.h"
#include "syrinx/stages/measure/reference/alignment.h"
#include "syrinx/stages/measure/report/page/embed.h"

namespace syrinx::measure::html {
namespace {

constexpr int kHighestRateHz = 96'000;

int common_rate_hz(std::span<const AudioView> sounds) {
  int rate_hz = 0;
  for (const AudioView sound : sounds) rate_hz = std::max(rate_hz, sound.sample_rate_hz());
  return std::min(rate_hz, kHighestRateHz);
}

Result<AudioBuffer> brought_to(AudioView sound, int rate_hz) {
  AudioBuffer clean = sound.channels() > 2 ? mix_down(sound) : AudioBuffer(sound);
  for (std::size_t c = 0; c < clean.channels(); ++c) {
    for (float& sample : clean.channel(c)) sample = std::isfinite(sample) ? sample : 0.0f;
  }
  return dsp::resample(clean, rate_hz);
}

// Fills in how `sound` lies to `first`, and returns the delay in frames.
std::ptrdiff_t align_to(AudioView first, AudioView sound, PlacedSound& placed) {
  const auto alignment = find_alignment(mix_down(first), mix_down(sound));
  placed.correlation = alignment ? alignment->correlation : 0.0;
  placed.aligned = std::abs(placed.correlation) >= kLeastCorrelation;
  if (!placed.aligned) return 0;
  placed.delay_s = static_cast<double>(alignment->delay_samples) / first.sample_rate_hz();
  return alignment->delay_samples;
}

AudioBuffer padded(AudioView sound, std::size_t before, std::size_t frames) {
  AudioBuffer line(sound.channels(), frames, sound.sample_rate_hz());
  for (std::size_t c = 0; c < sound.channels(); ++c) {
    const auto from = sound.channel(c);
    std::copy(from.begin(), from.end(),
              line.channel(c).begin() + static_cast<std::ptrdiff_t>(before));
  }
  return line;
}

void match_loudness(std::span<const AudioView> sounds, std::vector<PlacedSound>& placed) {
  std::vector<double> lufs;
  double quietest = std::numeric_limits<double>::infinity();
  for (const AudioView sound : sounds) {
    const auto loudness = measure_loudness(sound);
    lufs.push_back(loudness ? loudness->integrated_lufs : std::numeric_limits<double>::quiet_NaN());
    if (std::isfinite(lufs.back())) quietest = std::min(quietest, lufs.back());
  }
  for (std::size_t i = 0; i < placed.size(); ++i) {
    if (std::isfinite(lufs[i])) placed[i].gain_db = quietest - lufs[i];
  }
}

}  // namespace

Result<std::vector<PlacedSound>> place_on_timeline(std::span<const AudioView> sounds) {
  if (sounds.empty() ||
      std::any_of(sounds.begin(), sounds.end(), [](AudioView s) { return s.empty(); })) {
    return make_error(ErrorCode::kInvalidArgument, "a comparison needs sounds that have frames");
  }
  const int rate_hz = common_rate_hz(sounds);
  std::vector<PlacedSound> placed(sounds.size());
  std::vector<std::ptrdiff_t> begins(sounds.size(), 0);
  for (std::size_t i = 0; i < sounds.size(); ++i) {
    SYRINX_ASSIGN(placed[i].audio, brought_to(sounds[i], rate_hz));
    if (i > 0) begins[i] = -align_to(placed[0].audio, placed[i].audio, placed[i]);
  }
  const std::ptrdiff_t origin = *std::min_element(begins.begin(), begins.end());
  std::size_t frames = 0;
  const auto before = [&](std::size_t i) { return static_cast<std::size_t>(begins[i] - origin); };
  for (std::size_t i = 0; i < sounds.size(); ++i)
    frames = std::max(frames, before(i) + placed[i].audio.frames());
  for (std::size_t i = 0; i < sounds.size(); ++i)
    placed[i].audio = padded(placed[i].audio, before(i), frames);
  match_loudness(sounds, placed);
  return placed;
}

}  // namespace syrinx::measure::html
