// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/conversion_quality.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"
#include "syrinx/engines/conversion/conversion_grades.h"
#include "syrinx/stages/measure/pitch/formants.h"
#include "syrinx/stages/measure/report/sound_report.h"

namespace syrinx::conversion {
namespace {

constexpr double kGross = 0.2;          // Rabiner 1976.
constexpr double kLeastMelody = 0.015;  // Deviation of log F0: a quarter of a semitone.

AudioView first_channel(AudioView audio) {
  return AudioView(audio.channel(0), audio.sample_rate_hz());
}

// Source and result are looked at through windows of one length, three periods of the lower of
// their voices: a shorter window follows a gliding pitch more closely than a longer one, so that
// even a perfect copy of the glide would seem to err.
dsp::F0Options f0_options(double ratio, double asked_ratio, int rate_hz) {
  dsp::F0Options options;
  options.max_hz = std::clamp(600.0 * ratio, 100.0, std::min(2'000.0, 0.25 * rate_hz));
  options.min_hz = std::clamp(60.0 * std::min(1.0, asked_ratio), 20.0, 0.5 * options.max_hz);
  return options;
}

// The frame of a track that is nearest to a moment, if there is one.
std::optional<std::size_t> frame_at(double first_s, double hop_s, std::size_t frames, double at_s) {
  const double place = std::round((at_s - first_s) / hop_s);
  if (!(place >= 0.0) || place >= static_cast<double>(frames)) return std::nullopt;
  return static_cast<std::size_t>(place);
}

bool steady(const dsp::F0Track& track, std::size_t frame) {
  if (frame == 0 || frame + 1 >= track.frames()) return false;
  return track.hz[frame - 1] > 0.0 && track.hz[frame] > 0.0 && track.hz[frame + 1] > 0.0;
}

// F0 of a track between its frames. Pre: steady(track, frame), which is the nearest.
double hz_at(const dsp::F0Track& track, std::size_t frame, double at_s) {
  const double part = (at_s - track.time_s(frame)) / track.hop_s;
  const double other = part < 0.0 ? track.hz[frame - 1] : track.hz[frame + 1];
  return track.hz[frame] + std::abs(part) * (other - track.hz[frame]);
}

// Pearson's correlation of logarithms; nothing where one of the two hardly moves.
std::optional<double> melody_agreement(std::span<const double> a, std::span<const double> b) {
  const auto count = static_cast<double>(a.size());
  if (a.size() < 10) return std::nullopt;
  double sum_a = 0.0, sum_b = 0.0, aa = 0.0, bb = 0.0, ab = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = std::log(a[i]);
    const double y = std::log(b[i]);
    sum_a += x, sum_b += y, aa += x * x, bb += y * y, ab += x * y;
  }
  const double var_a = aa / count - sum_a / count * (sum_a / count);
  const double var_b = bb / count - sum_b / count * (sum_b / count);
  constexpr double kLeast = kLeastMelody * kLeastMelody;
  if (!(var_a > kLeast && var_b > kLeast)) return std::nullopt;
  return (ab / count - sum_a / count * (sum_b / count)) / std::sqrt(var_a * var_b);
}

void compare_f0(const dsp::F0Track& source, const dsp::F0Track& result, const Asked& asked,
                ConversionQuality& quality) {
  std::vector<double> ratios, before, after;
  for (std::size_t i = 0; i < result.frames(); ++i) {
    if (result.hz[i] <= 0.0) continue;
    const double at_s = result.time_s(i) * asked.speed;
    const auto frame = frame_at(source.first_s, source.hop_s, source.frames(), at_s);
    if (!frame || !steady(source, *frame)) continue;
    before.push_back(hz_at(source, *frame, at_s));
    after.push_back(result.hz[i]);
    ratios.push_back(after.back() / before.back());
  }
  quality.melody_agreement = melody_agreement(before, after);
  quality.voiced_frames = ratios.size();
  if (ratios.empty()) {
    quality.missing.push_back("no frame is voiced in both sounds, so that pitch is not compared");
    return;
  }
  double squares = 0.0;
  std::size_t gross = 0;
  for (const double ratio : ratios) {
    const double error = ratio / asked.pitch_ratio - 1.0;
    if (std::abs(error) > kGross) {
      ++gross;
    } else {
      squares += error * error;
    }
  }
  const auto fine = static_cast<double>(ratios.size() - gross);
  if (fine > 0.0) quality.f0_error_rms = std::sqrt(squares / fine);
  quality.f0_gross_share = static_cast<double>(gross) / static_cast<double>(ratios.size());
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  quality.f0_ratio = *middle;
}

std::vector<bool> voiced_frames(const measure::FormantTrack& track, const dsp::F0Track& f0) {
  std::vector<bool> use(track.frames.size());
  for (std::size_t i = 0; i < use.size(); ++i) {
    const auto frame = frame_at(f0.first_s, f0.hop_s, f0.frames(), track.time_s(i));
    use[i] = frame && f0.hz[*frame] > 0.0;
  }
  return use;
}

Result<void> compare_formants(AudioView source, AudioView result, const dsp::F0Track& source_f0,
                              const dsp::F0Track& result_f0, const Asked& asked,
                              ConversionQuality& quality) {
  measure::FormantOptions options;
  SYRINX_ASSIGN(const auto before, measure::track_formants(source, options));
  options.ceiling_hz = std::clamp(options.ceiling_hz * asked.formant_ratio, 1'000.0, 12'000.0);
  SYRINX_ASSIGN(const auto after, measure::track_formants(result, options));
  const auto use_before = voiced_frames(before, source_f0);
  const auto use_after = voiced_frames(after, result_f0);
  for (std::size_t i = 0; i < quality.formant_ratios.size(); ++i) {
    const double ratio = after.median_hz(i, use_after) / before.median_hz(i, use_before);
    if (std::isfinite(ratio)) quality.formant_ratios[i] = ratio;
  }
  return {};
}

// How far the result is what was asked, and how far what was said is left.
Result<void> compare_with_asked(AudioView source, AudioView result, const Asked& asked,
                                ConversionQuality& quality) {
  constexpr double kF0Reach = 1.0;       // In semitones: half of one is easily heard.
  constexpr double kFormantReach = 2.7;  // From men's to women's.
  std::vector<double> parts;
  if (quality.f0_ratio) parts.push_back(way_gone(*quality.f0_ratio, asked.pitch_ratio, kF0Reach));
  double formants = 0.0;
  double found = 0.0;
  for (const auto& ratio : quality.formant_ratios) {
    if (!ratio) continue;
    formants += way_gone(*ratio, asked.formant_ratio, kFormantReach);
    found += 1.0;
  }
  if (found > 0.0) parts.push_back(formants / found);
  if (!parts.empty())
    quality.way_gone =
        std::accumulate(parts.begin(), parts.end(), 0.0) / static_cast<double>(parts.size());
  SYRINX_ASSIGN(quality.envelope_agreement,
                envelope_agreement(source, result, asked.speed, asked.formant_ratio));
  return {};
}

// What hearing would find: predicted MOS and artifacts.
Result<measure::QualityMeasurement> listen(AudioView audio, std::vector<std::string>& missing) {
  measure::SoundReportOptions options;
  options.groups = {};
  options.groups.level = options.groups.loudness = options.groups.spectrum = false;
  options.groups.voice = options.groups.psychoacoustics = options.groups.speech = false;
  SYRINX_ASSIGN(const auto report, measure::report_sound(audio, options));
  for (const auto& one : report.missing)
    if (one.name.find("dnsmos") != std::string::npos) missing.push_back(one.reason);
  return report.quality;
}

}  // namespace

Result<ConversionQuality> judge(AudioView source, AudioView result, const Asked& asked,
                                bool listen_to_source) {
  if (source.empty() || result.empty())
    return make_error(ErrorCode::kInvalidArgument, "there is nothing to judge in an empty sound");
  const double longest_s = std::max(source.duration_s(), result.duration_s());
  if (longest_s > kMostJudgedS)
    return make_error(ErrorCode::kLimitExceeded, "the sound lasts ", longest_s, " s; up to ",
                      kMostJudgedS, " s are judged");
  const AudioView before = first_channel(source);
  const AudioView after = first_channel(result);
  ConversionQuality quality;
  quality.duration_error = after.duration_s() * asked.speed / before.duration_s() - 1.0;
  const double ratio = asked.pitch_ratio;
  SYRINX_ASSIGN(const auto f0_before,
                dsp::autocorrelation_f0(before, f0_options(1.0, ratio, before.sample_rate_hz())));
  SYRINX_ASSIGN(const auto f0_after,
                dsp::autocorrelation_f0(after, f0_options(ratio, ratio, after.sample_rate_hz())));
  compare_f0(f0_before, f0_after, asked, quality);
  SYRINX_TRY(compare_formants(before, after, f0_before, f0_after, asked, quality));
  SYRINX_TRY(compare_with_asked(before, after, asked, quality));
  std::vector<std::string> same_again;
  measure::QualityMeasurement heard_before;
  if (listen_to_source) {
    SYRINX_ASSIGN(heard_before, listen(before, same_again));
  }
  SYRINX_ASSIGN(quality.measured, listen(after, quality.missing));
  using measure::QualityAspect;
  quality.measured[QualityAspect::kSourcePreservation] = grades_of(quality).preservation.value;
  quality.source_mos = heard_before[QualityAspect::kPredictedMos];
  quality.source_artifact_share = heard_before[QualityAspect::kArtifactShare];
  SYRINX_ASSIGN(auto targets, measure::QualityTargets::create());
  targets.add(quality.measured);
  quality.verdict = targets.state();
  return quality;
}

}  // namespace syrinx::conversion
