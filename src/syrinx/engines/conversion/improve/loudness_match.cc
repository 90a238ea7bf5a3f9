// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/improve/loudness_match.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "syrinx/core/dsp/golden_section.h"
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"
#include "syrinx/stages/voice/tilt_filter.h"

namespace syrinx::conversion {
namespace {

using Levels = std::array<double, measure::kThirdOctaves>;
using Pattern = std::array<double, measure::kSpecificLoudnessSteps>;

constexpr double kLowestBandHz = 25.0;
constexpr double kTiltHz = 1'000.0;
constexpr double kTolerance = 0.02;  // dB, or dB per octave.
constexpr double kLeastFall = 1e-3;
constexpr std::size_t kMostRounds = 8;

double band_octaves(std::size_t band) {  // From 1 kHz.
  return static_cast<double>(band) / 3.0 + std::log2(kLowestBandHz / kTiltHz);
}

Result<Levels> levels_of(AudioView audio) {
  constexpr double kNoSkip = 0.0;
  return measure::third_octave_levels(AudioView(audio.channel(0), audio.sample_rate_hz()), {},
                                      kNoSkip);
}

// Levels as they are asked to be: moved along the frequencies with the formants, and tilted.
Levels moved(const Levels& levels, const AskedSpectrum& asked) {
  Levels to{};
  const double bands = 3.0 * std::log2(asked.formant_ratio);
  for (std::size_t b = 0; b < to.size(); ++b) {
    const double from =
        std::clamp(static_cast<double>(b) - bands, 0.0, static_cast<double>(to.size() - 1));
    const auto low = static_cast<std::size_t>(from);
    const std::size_t high = std::min(low + 1, to.size() - 1);
    const double part = from - static_cast<double>(low);
    to[b] = (1.0 - part) * levels[low] + part * levels[high] +
            asked.tilt_db_per_octave * band_octaves(b);
  }
  return to;
}

Result<Pattern> pattern_of(const Levels& levels) {
  SYRINX_ASSIGN(const auto loudness, measure::stationary_loudness(levels));
  return loudness.specific_sone_per_bark;
}

double area(const Pattern& pattern) { return std::accumulate(pattern.begin(), pattern.end(), 0.0); }

// By how much the result may be raised before its peak, the tilt apart, is beyond full scale.
double most_level_db(AudioView result) {
  float peak = 0.0f;
  for (std::size_t c = 0; c < result.channels(); ++c)
    for (const float x : result.channel(c)) peak = std::max(peak, std::abs(x));
  if (peak <= 0.0f) return kMostMatchLevelDb;
  return std::clamp(-20.0 * std::log10(double{peak}), 0.0, kMostMatchLevelDb);
}

class Search {
 public:
  Search(const Levels& result, const Pattern& aim)
      : result_(result), aim_(aim), aim_area_(std::max(1e-9, area(aim))) {}

  double distance(double level_db, double tilt_db) {
    ++steps_;
    Levels levels = result_;
    for (std::size_t b = 0; b < levels.size(); ++b)
      levels[b] += level_db + tilt_db * band_octaves(b);
    const auto made = pattern_of(levels);
    if (!made) return 1e9;  // Levels are finite, so that there always is one.
    double sum = 0.0;
    for (std::size_t i = 0; i < aim_.size(); ++i) sum += std::abs((*made)[i] - aim_[i]);
    return sum / aim_area_;
  }
  std::size_t steps() const noexcept { return steps_; }

 private:
  const Levels& result_;
  const Pattern& aim_;
  double aim_area_;
  std::size_t steps_ = 0;
};

}  // namespace

Result<LoudnessMatch> find_loudness_match(AudioView source, AudioView result,
                                          const AskedSpectrum& asked) {
  if (source.empty() || result.empty() || !(asked.formant_ratio > 0.0) ||
      !std::isfinite(asked.formant_ratio) || !std::isfinite(asked.tilt_db_per_octave))
    return make_error(ErrorCode::kInvalidArgument,
                      "loudness is matched of two sounds at a formant "
                      "ratio above 0 and a finite tilt; given were ",
                      source.frames(), " and ", result.frames(), " frames, ratio ",
                      asked.formant_ratio, " and tilt ", asked.tilt_db_per_octave);
  SYRINX_ASSIGN(const Levels before, levels_of(source));
  SYRINX_ASSIGN(const Levels after, levels_of(result));
  SYRINX_ASSIGN(const Pattern aim, pattern_of(moved(before, asked)));
  Search search(after, aim);
  LoudnessMatch match;
  match.distance_before = match.distance_after = search.distance(0.0, 0.0);
  const double most_db = most_level_db(result);
  for (std::size_t round = 0; round < kMostRounds; ++round) {
    const auto of_level = [&](double db) { return search.distance(db, match.tilt_db_per_octave); };
    const double level = dsp::golden_section(-kMostMatchLevelDb, most_db, kTolerance, of_level).at;
    const auto of_tilt = [&](double db) { return search.distance(level, db); };
    const double tilt =
        dsp::golden_section(-kMostMatchTiltDb, kMostMatchTiltDb, kTolerance, of_tilt).at;
    const double now = search.distance(level, tilt);
    if (match.distance_after - now < kLeastFall) break;
    match.level_db = level;
    match.tilt_db_per_octave = tilt;
    match.distance_after = now;
  }
  match.steps = search.steps();
  return match;
}

void apply_loudness_match(MutableAudioView audio, const LoudnessMatch& match) {
  voice::TiltFilter tilt(audio.sample_rate_hz(), audio.channels());
  tilt.set(match.tilt_db_per_octave);
  const auto gain = static_cast<float>(std::pow(10.0, match.level_db / 20.0));
  for (std::size_t c = 0; c < audio.channels(); ++c)
    for (float& x : audio.channel(c)) x = gain * tilt.process(c, x);
}

}  // namespace syrinx::conversion
