// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/pesq.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <complex>
#include <span>
#include <vector>

#include "syrinx/core/dsp/biquad.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/stages/measure/reference/pair_check.h"
#include "syrinx/stages/measure/reference/pesq_delays.h"
#include "syrinx/stages/measure/reference/pesq_ear_model.h"
#include "syrinx/stages/measure/reference/pesq_parameters.h"

namespace syrinx::measure {
namespace {

constexpr double kTailS = 0.32;  // Of silence after the signal.
constexpr double kModelPower = 1e7;
constexpr double kFullScale = 32'768.0;
constexpr double kLeastDurationS = 0.25;

double gain_db(std::span<const PesqGainPoint> curve, double hz) {
  const auto above = std::find_if(curve.begin() + 1, curve.end() - 1,
                                  [hz](const PesqGainPoint& point) { return point.hz >= hz; });
  const PesqGainPoint& low = *(above - 1);
  const PesqGainPoint& high = *above;
  return low.db + (high.db - low.db) * (hz - low.hz) / (high.hz - low.hz);
}

// Filters the whole signal with a gain curve, 0 dB at 1 kHz, without delay.
Result<std::vector<float>> filter_by_curve(std::span<const float> signal,
                                           std::span<const PesqGainPoint> curve,
                                           int sample_rate_hz) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(std::bit_ceil(signal.size())));
  std::vector<float> time(fft.size(), 0.0f);
  std::copy(signal.begin(), signal.end(), time.begin());
  std::vector<std::complex<float>> spectrum(fft.bins());
  fft.forward(time, spectrum);
  const double at_1_khz = gain_db(curve, 1'000.0);
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    const double hz = static_cast<double>(k) * sample_rate_hz / static_cast<double>(fft.size());
    spectrum[k] *= static_cast<float>(std::pow(10.0, (gain_db(curve, hz) - at_1_khz) / 20.0));
  }
  fft.inverse(spectrum, time);
  time.resize(signal.size());
  return time;
}

// P.862.2: flat from 100 Hz, and no receiver.
Result<void> filter_wide_band(std::span<float> signal) {
  constexpr dsp::Biquad kHighPass{2.740826, -5.4816519, 2.740826, -1.9444777, 0.94597794};
  for (std::size_t n = 0; n < 15 && n < signal.size(); ++n) {
    const float fade = static_cast<float>(n + 1) / 16.0f;
    signal[n] *= fade;
    signal[signal.size() - 1 - n] *= fade;
  }
  SYRINX_ASSIGN(auto filter, dsp::BiquadCascade::create(std::span(&kHighPass, 1), 1));
  filter.process(signal, 0);
  return {};
}

struct Preparation {
  int sample_rate_hz;
  PesqBand band;
  std::size_t samples;  // Of the longer signal and the tail.
};

// The signal at the model's level, as it leaves the listener's receiver, silence after it.
Result<std::vector<float>> prepare(std::span<const float> signal, const Preparation& how) {
  std::vector<float> out(how.samples, 0.0f);
  std::transform(signal.begin(), signal.end(), out.begin(),
                 [](float s) { return s * static_cast<float>(kFullScale); });
  SYRINX_ASSIGN(const auto band, filter_by_curve(out, pesq_level_filter(), how.sample_rate_hz));
  double energy = 0.0;
  for (const float s : band) energy += static_cast<double>(s) * static_cast<double>(s);
  const double power = energy / static_cast<double>(how.samples);
  if (power <= 1e-6)
    return make_error(ErrorCode::kInvalidArgument,
                      "PESQ: a signal is silent between 350 and 3250 Hz, so it holds no speech");
  const auto gain = static_cast<float>(std::sqrt(kModelPower / power));
  for (float& s : out) s *= gain;
  if (how.band == PesqBand::kNarrow)
    return filter_by_curve(out, pesq_handset_receiver(), how.sample_rate_hz);
  SYRINX_TRY(filter_wide_band(std::span(out).first(signal.size())));
  return out;
}

Result<void> check(AudioView reference, AudioView degraded, PesqBand band) {
  SYRINX_TRY(check_comparable(reference, degraded, "PESQ"));
  const int rate = reference.sample_rate_hz();
  if (reference.channels() != 1)
    return make_error(ErrorCode::kInvalidArgument, "PESQ: ", reference.channels(),
                      " channels were given, expected one; measure each on its own");
  if (rate != 16'000 && !(rate == 8'000 && band == PesqBand::kNarrow))
    return make_error(ErrorCode::kUnsupported, "PESQ: ", rate,
                      " Hz is not supported, only 16000 Hz",
                      band == PesqBand::kNarrow ? " and 8000 Hz" : "", "; resample first");
  for (const AudioView& view : {reference, degraded}) {
    if (view.duration_s() < kLeastDurationS)
      return make_error(ErrorCode::kInvalidArgument, "PESQ: a signal of ", view.duration_s(),
                        " s was given, at least ", kLeastDurationS, " s are needed");
    if (view.duration_s() > kMaxPesqDurationS)
      return make_error(ErrorCode::kLimitExceeded, "PESQ: a signal of ", view.duration_s(),
                        " s was given, the limit is ", kMaxPesqDurationS,
                        " s; cut it into parts of 8 to 30 s");
  }
  return {};
}

double map_to_mos(double raw, PesqBand band) {
  if (band == PesqBand::kNarrow) return 0.999 + 4.0 / (1.0 + std::exp(-1.4945 * raw + 4.6607));
  return 0.999 + 4.0 / (1.0 + std::exp(-1.3669 * raw + 3.8224));
}

std::vector<PesqUtterance> in_seconds(std::span<const PesqDelay> delays, AudioView reference) {
  std::vector<PesqUtterance> utterances;
  const double rate = reference.sample_rate_hz();
  for (const PesqDelay& part : delays) {
    const double begin_s = static_cast<double>(part.begin) / rate;
    if (!utterances.empty()) utterances.back().end_s = begin_s;
    utterances.push_back({begin_s, reference.duration_s(), static_cast<double>(part.delay) / rate});
  }
  return utterances;
}

}  // namespace

Result<PesqScore> pesq(AudioView reference, AudioView degraded, PesqBand band) {
  SYRINX_TRY(check(reference, degraded, band));
  const int rate = reference.sample_rate_hz();
  const auto& parameters = pesq_parameters(rate);
  const Preparation how{
      rate, band,
      std::max(reference.frames(), degraded.frames()) + static_cast<std::size_t>(kTailS * rate)};
  SYRINX_ASSIGN(const auto ref, prepare(reference.channel(0), how));
  SYRINX_ASSIGN(const auto deg, prepare(degraded.channel(0), how));
  SYRINX_ASSIGN(const auto delays,
                find_pesq_delays(std::span(ref).first(reference.frames()),
                                 std::span(deg).first(degraded.frames()), parameters));
  SYRINX_ASSIGN(const auto disturbance, pesq_disturbance(ref, deg, delays, parameters));
  PesqScore score;
  score.raw = 4.5 - 0.1 * disturbance.symmetric - 0.0309 * disturbance.asymmetric;
  score.mos_lqo = map_to_mos(score.raw, band);
  score.utterances = in_seconds(delays, reference);
  return score;
}

}  // namespace syrinx::measure
