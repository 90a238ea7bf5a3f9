// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/mel_convention.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>
#include <vector>

#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/dsp/mel_filterbank.h"

namespace syrinx::vocoder {
namespace {

struct NamedUnit {
  MelUnit unit;
  std::string_view name;
};
constexpr NamedUnit kUnits[] = {{MelUnit::kNatural, "natural"},   {MelUnit::kLog10, "log10"},
                                {MelUnit::kDecibel, "db"},        {MelUnit::kUnit, "unit"},
                                {MelUnit::kTacotron, "tacotron"}, {MelUnit::kLinear, "linear"}};

// Where the values lie.
struct Spread {
  double min = 0;
  double median = 0;
  double top = 0;  // All but one in a thousand are below.
  double max = 0;
  double at_min = 0;  // Share that sits on the lowest value, as where something was clipped.
};

Spread spread_of(std::span<const float> values) {
  std::vector<float> sorted;
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted),
               [](float v) { return std::isfinite(v); });
  if (sorted.empty()) return {};
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  const auto above =
      std::upper_bound(sorted.begin(), sorted.end(), sorted.front() + 1e-4F) - sorted.begin();
  return {sorted.front(), sorted[n / 2], sorted[n - 1 - n / 1'000], sorted.back(),
          static_cast<double>(above) / static_cast<double>(n)};
}

MelUnit unit_of(const Spread& s, MelUnit expected) {
  if (s.min >= -1e-6) {
    // Amplitudes crowd near zero; normalised decibels lie about the middle.
    return s.max <= 1.0 + 1e-6 && s.median > 0.1 ? MelUnit::kUnit : MelUnit::kLinear;
  }
  constexpr double kClippedShare = 0.002;
  const bool symmetric = s.min >= -4.0 - 1e-4 && s.max <= 4.0 + 1e-4;
  if (symmetric && s.min < -3.99 && s.at_min > kClippedShare && s.max > 1.0)
    return MelUnit::kTacotron;
  // Amplitudes of speech span 60 to 110 dB: 7 to 13 in ln, 3 to 5.5 in log10.
  if (s.max - s.min > 24.0) return MelUnit::kDecibel;
  // Digital silence, clamped as Parallel WaveGAN clamps it; ln 1e-5, the other usual one, is -11.5.
  if (std::abs(s.min + 10.0) < 1e-3 && s.max < 2.0) return MelUnit::kLog10;
  if (s.min >= -5.0 - 1e-3 && s.max - s.min < 7.0 && s.min < -3.5 && s.median > -4.0 && s.max < 2.0)
    return MelUnit::kLog10;
  // Not clamped, a quiet recording in log10 is as low as a loud one in ln: but the loudest of
  // speech is 4.8 to 5.7 above the middle in ln, 2.1 to 2.5 in log10.
  if (expected == MelUnit::kLog10 && s.max < 2.0 && s.top - s.median < 3.5) return MelUnit::kLog10;
  return MelUnit::kNatural;
}

double amplitude(double value, MelUnit unit) noexcept {
  switch (unit) {
    case MelUnit::kNatural:
      return std::exp(value);
    case MelUnit::kLog10:
      return std::pow(10.0, value);
    case MelUnit::kDecibel:
      return std::pow(10.0, value / 20.0);
    case MelUnit::kUnit:
      return std::pow(10.0, (value * 100.0 - 100.0 + 20.0) / 20.0);
    case MelUnit::kTacotron:
      return std::pow(10.0, ((value + 4.0) / 8.0 * 100.0 - 100.0 + 20.0) / 20.0);
    case MelUnit::kLinear:
      return value;
  }
  return value;
}

using Filters = std::vector<std::vector<float>>;  // [band][bin]

Result<Filters> filters_of(const MelSpec& spec) {
  SYRINX_ASSIGN(const auto bank, dsp::MelFilterbank::create(spec));
  Filters filters;
  for (std::size_t b = 0; b < bank.bands(); ++b) filters.push_back(bank.weights(b));
  return filters;
}

// The non-negative spectrum s with filters * s close to `mel`, from a flat one on.
std::vector<double> explain(const Filters& filters, const std::vector<double>& mel) {
  constexpr int kRounds = 60;
  const std::size_t bins = filters[0].size();
  std::vector<double> spectrum(bins, 1e-3);
  std::vector<double> up(bins);
  std::vector<double> down(bins);
  for (int round = 0; round < kRounds; ++round) {
    std::fill(up.begin(), up.end(), 0.0);
    std::fill(down.begin(), down.end(), 1e-30);
    for (std::size_t b = 0; b < filters.size(); ++b) {
      double seen = 0;
      for (std::size_t i = 0; i < bins; ++i) seen += double{filters[b][i]} * spectrum[i];
      for (std::size_t i = 0; i < bins; ++i) {
        up[i] += double{filters[b][i]} * mel[b];
        down[i] += double{filters[b][i]} * seen;
      }
    }
    // Bins under no triangle stay out of it.
    for (std::size_t i = 0; i < bins; ++i) spectrum[i] *= up[i] / down[i];
  }
  return spectrum;
}

}  // namespace

MelUnit unit_of(const MelSpec& spec) noexcept {
  switch (spec.log) {
    case MelLog::kNatural:
      return MelUnit::kNatural;
    case MelLog::kLog10:
      return MelUnit::kLog10;
    case MelLog::kDecibelNormalised:
      break;
  }
  return MelUnit::kUnit;
}

bool looks_normalised(std::span<const float> values) {
  double sum = 0, squares = 0;
  std::size_t count = 0;
  for (const float v : values) {
    if (!std::isfinite(v)) continue;
    sum += double{v};
    squares += double{v} * double{v};
    ++count;
  }
  if (count == 0) return false;
  const double mean = sum / static_cast<double>(count);
  const double spread =
      std::sqrt(std::max(squares / static_cast<double>(count) - mean * mean, 0.0));
  return std::abs(mean) < 0.8 && spread > 0.5 && spread < 1.6;
}

std::string_view to_string(MelUnit unit) noexcept {
  for (const NamedUnit& named : kUnits) {
    if (named.unit == unit) return named.name;
  }
  return "unknown";
}

Result<MelUnit> parse_mel_unit(std::string_view name) {
  for (const NamedUnit& named : kUnits) {
    if (named.name == name) return named.unit;
  }
  return make_error(ErrorCode::kInvalidArgument, "'", name,
                    "' is no unit of mels; they are natural, log10, db, unit, tacotron and linear");
}

MelLook look_at_mel(std::span<const float> values, MelUnit expected) {
  const Spread s = spread_of(values);
  MelLook look;
  look.unit = unit_of(s, expected);
  // Triangles of unit area keep the loudest of speech at full scale near ln 1 or 2; those of unit
  // height add ln of their width in bins, 3 and more.
  look.unit_height = look.unit == MelUnit::kNatural && s.top > 2.5;
  std::ostringstream why;
  why << std::fixed << std::setprecision(2) << "values from " << s.min << " to " << s.max
      << ", the middle at " << s.median;
  look.why = why.str();
  return look;
}

float convert_mel_value(float value, MelUnit unit, const MelSpec& to) noexcept {
  return static_cast<float>(mel_value(to, amplitude(double{value}, unit)));
}

Result<Mel> convert_mel(const Mel& from, const MelSpec& to) {
  const MelSpec& spec = from.spec();
  if (spec.sample_rate_hz != to.sample_rate_hz || spec.hop_samples != to.hop_samples ||
      spec.fft_size != to.fft_size)
    return make_error(ErrorCode::kUnsupported, "a mel of ", describe(spec),
                      " cannot become one of ", describe(to),
                      ": rate, hop and FFT size must be the same; analyse the sound again");
  SYRINX_ASSIGN(const Filters source, filters_of(spec));
  SYRINX_ASSIGN(const Filters target, filters_of(to));
  Mel converted(to, from.frames());
  std::vector<double> mel(from.bands());
  for (std::size_t t = 0; t < from.frames(); ++t) {
    std::transform(from.frame(t).begin(), from.frame(t).end(), mel.begin(),
                   [&](float v) { return mel_amplitude(spec, double{v}); });
    const std::vector<double> spectrum = explain(source, mel);
    for (std::size_t b = 0; b < target.size(); ++b) {
      double seen = 0;
      for (std::size_t i = 0; i < spectrum.size(); ++i) seen += double{target[b][i]} * spectrum[i];
      converted.frame(t)[b] = static_cast<float>(mel_value(to, seen));
    }
  }
  return converted;
}

Result<MelSpec> mel_spec_by_name(std::string_view name) {
  if (name == "hifigan") return dsp::hifigan_22050_80();
  if (name == "hifigan-nyquist") return dsp::hifigan_22050_80_nyquist();
  if (name == "diffwave") return dsp::diffwave_22050_80();
  if (name == "vocos") return dsp::vocos_24000_100();
  if (name == "bigvgan") return dsp::bigvgan_24000_100();
  if (name == "melgan") return dsp::melgan_22050_80();
  if (name == "parallel-wavegan") return dsp::parallel_wavegan_22050_80();
  return make_error(ErrorCode::kInvalidArgument, "'", name,
                    "' is no mel convention that is known here; they are hifigan, hifigan-nyquist, "
                    "diffwave, vocos, bigvgan, melgan and parallel-wavegan");
}

}  // namespace syrinx::vocoder
