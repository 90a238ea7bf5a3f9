// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/voice_targets.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace syrinx::voice {
namespace {

struct Point {
  double at;
  double value;
};

constexpr std::array kMenHz = {Point{17.0, 125.0}, Point{25.0, 120.0}, Point{45.0, 107.0},
                               Point{85.0, 146.0}};
constexpr std::array kWomenHz = {Point{16.0, 222.0}, Point{25.0, 210.0}, Point{60.0, 190.0}};
constexpr std::array kMenFormants = {Point{4.0, 1.5}, Point{10.0, 1.31}, Point{18.0, 1.0}};
constexpr std::array kWomenFormants = {Point{4.0, 1.5}, Point{10.0, 1.31}, Point{18.0, 1.17}};
constexpr std::array kFormantsOfF0 = {Point{120.0, 1.0}, Point{210.0, 1.17}, Point{260.0, 1.31}};

// Where a voice is as near to men's as to women's: the geometric mean of 120 and 210 Hz.
constexpr double kBetweenHz = 158.7;

double along(std::span<const Point> points, double at) {
  if (at <= points.front().at) return points.front().value;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Point& a = points[i - 1];
    const Point& b = points[i];
    if (at <= b.at) return a.value + (b.value - a.value) * (at - a.at) / (b.at - a.at);
  }
  return points.back().value;
}

double childs_hz(double years) { return 0.352 * years * years - 12.944 * years + 340.479; }

double mens_hz(double years) {
  if (years <= 12.0) return childs_hz(years);
  if (years >= 17.0) return along(kMenHz, years);
  const std::array breaking = {Point{12.0, childs_hz(12.0)}, Point{17.0, kMenHz[0].value}};
  return along(breaking, years);
}

double womens_hz(double years) { return years <= 16.0 ? childs_hz(years) : along(kWomenHz, years); }

Sex sex_of_f0(double f0_hz) { return f0_hz < kBetweenHz ? Sex::kMale : Sex::kFemale; }

Result<void> check_f0(double f0_hz) {
  if (f0_hz > 0.0 && std::isfinite(f0_hz)) return {};
  return make_error(ErrorCode::kInvalidArgument,
                    "voice: no pitch was found in the sound, so that there is nothing to measure a "
                    "target against; give --pitch and --formant instead");
}

VoiceSettings towards(const VoiceNorm& norm, double source_f0_hz) {
  VoiceSettings settings;
  settings.pitch_ratio = norm.f0_hz / source_f0_hz;
  settings.formant_ratio = norm.formant_scale / formant_scale_of_f0(source_f0_hz);
  return settings;
}

// Old voices tremble, are rougher and breathier; by how much is our choice.
void grow_old(double years, VoiceSettings& settings) {
  const double share = std::clamp((years - 60.0) / 30.0, 0.0, 1.0);
  settings.tremor_semitones = 0.5 * share;
  settings.tremor_hz = 5.0;
  settings.roughness = 0.25 * share;
  settings.breathiness = 0.35 * share;
  settings.tilt_db_per_octave = -1.0 * share;
}

}  // namespace

Result<VoiceNorm> norm_at_age(double years, Sex sex) {
  if (!(years >= kLeastAge && years <= kMostAge))
    return make_error(ErrorCode::kInvalidArgument, "voice: the age is ", years, "; give ",
                      kLeastAge, " to ", kMostAge, " years");
  if (sex == Sex::kMale) return VoiceNorm{mens_hz(years), along(kMenFormants, years)};
  return VoiceNorm{womens_hz(years), along(kWomenFormants, years)};
}

double formant_scale_of_f0(double f0_hz) noexcept { return along(kFormantsOfF0, f0_hz); }

Result<VoiceSettings> settings_to(std::string_view target, double source_f0_hz) {
  struct Named {
    std::string_view name;
    double years;
    Sex sex;
  };
  const std::array named = {Named{"female", 25.0, Sex::kFemale}, Named{"male", 25.0, Sex::kMale},
                            Named{"child", 8.0, Sex::kFemale}};
  if (target == "senior") return settings_to_age(80.0, source_f0_hz);
  for (const Named& one : named) {
    if (one.name != target) continue;
    SYRINX_TRY(check_f0(source_f0_hz));
    SYRINX_ASSIGN(const auto norm, norm_at_age(one.years, one.sex));
    return limited(towards(norm, source_f0_hz));
  }
  return make_error(ErrorCode::kInvalidArgument, "there is no target '", target,
                    "'; there are female, male, child and senior");
}

Result<VoiceSettings> settings_to_age(double years, double source_f0_hz) {
  SYRINX_ASSIGN(const auto norm, norm_at_age(years, sex_of_f0(source_f0_hz)));
  SYRINX_TRY(check_f0(source_f0_hz));
  VoiceSettings settings = towards(norm, source_f0_hz);
  grow_old(years, settings);
  return limited(settings);
}

}  // namespace syrinx::voice
