// SPDX-License-Identifier: Apache-2.0
#include "metrics_report/oracles_effects.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <numbers>
#include <string_view>
#include <utility>

#include "syrinx/core/dsp/kernels.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/effects/catalogue.h"
#include "syrinx/stages/effects/chain.h"
#include "syrinx/stages/effects/eq_band.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 48'000;
constexpr std::size_t kSecond = 48'000;
using Settings = std::initializer_list<std::pair<std::string_view, double>>;

double decibels(double linear) { return 20.0 * std::log10(linear); }

std::unique_ptr<effects::Effect> made(std::string_view name, Settings settings) {
  auto effect = std::move(effects::make_effect(name)).value();
  for (const auto& [id, value] : settings) effect->set_parameter(id, value).value();
  return effect;
}

AudioBuffer tone(double hz, double peak, std::size_t frames) {
  AudioBuffer audio(1, frames, kRateHz);
  for (std::size_t i = 0; i < frames; ++i)
    audio.channel(0)[i] = static_cast<float>(
        peak * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / kRateHz));
  return audio;
}

std::complex<double> amplitude(std::span<const float> x, double hz) {
  std::complex<double> sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += static_cast<double>(x[i]) *
           std::polar(1.0, -2.0 * std::numbers::pi * hz * static_cast<double>(i) / kRateHz);
  return sum * 2.0 / static_cast<double>(x.size());
}

// The largest distance in dB between a band as it runs and its analogue prototype.
double worst_error_db(effects::BandType type, double hz, bool linear_phase) {
  const effects::EqBand band{type, hz, 9.0};
  auto effect = made("eq", {{"band1.type", static_cast<double>(type)},
                            {"band1.hz", hz},
                            {"band1.gain_db", band.gain_db},
                            {"linear_phase", linear_phase ? 1.0 : 0.0}});
  AudioBuffer impulse(1, 2 * kSecond, kRateHz);
  impulse.channel(0)[kSecond] = 1.0f;
  const AudioBuffer response = effects::apply(*effect, impulse.view()).value();
  double worst = 0.0;
  for (double at = 20.0; at < 22'000.0; at *= 1.2) {
    const double theory = decibels(std::abs(effects::prototype(band, at, kRateHz)));
    if (theory < -60.0) continue;
    const double found = std::abs(amplitude(response.channel(0), at)) * kSecond;
    worst = std::max(worst, std::abs(decibels(found) - theory));
  }
  return worst;
}

void add_filters(std::vector<OracleRow>& rows) {
  using effects::BandType;
  const std::pair<BandType, const char*> types[] = {{BandType::kPeak, "peak"},
                                                    {BandType::kLowShelf, "low shelf"},
                                                    {BandType::kHighShelf, "high shelf"},
                                                    {BandType::kLowPass12, "low pass 12 dB"},
                                                    {BandType::kHighPass12, "high pass 12 dB"},
                                                    {BandType::kLowPass24, "low pass 24 dB"},
                                                    {BandType::kHighPass24, "high pass 24 dB"}};
  for (const bool linear_phase : {false, true})
    for (const auto& [type, name] : types)
      for (const double hz : {150.0, 2'000.0, 9'000.0})
        rows.push_back({std::string("eq ") + name + (linear_phase ? ", linear phase" : ""),
                        "worst error, corner " + std::to_string(static_cast<int>(hz)) + " Hz", 0.0,
                        worst_error_db(type, hz, linear_phase), 0.05, "dB",
                        "analogue prototype, bilinear"});
}

double tone_gain_db(effects::Effect& effect, double level_db) {
  const AudioBuffer given = tone(1'000.0, std::pow(10.0, level_db / 20.0), 3 * kSecond);
  const AudioBuffer out = effects::apply(effect, given.view()).value();
  return decibels(std::abs(amplitude(out.channel(0).subspan(2 * kSecond), 1'000.0))) - level_db;
}

void add_static_curves(std::vector<OracleRow>& rows) {
  auto compressor = made("compressor", {{"threshold_db", -20}, {"ratio", 4}, {"knee_db", 0}});
  auto expander =
      made("expander", {{"threshold_db", -40}, {"ratio", 2}, {"knee_db", 0}, {"range_db", 60}});
  for (const double level : {-30.0, -20.0, -10.0, -5.0, 0.0})
    rows.push_back({"compressor 4:1 from -20 dB", std::to_string(static_cast<int>(level)) + " dB",
                    std::min(0.0, -0.75 * (level + 20.0)), tone_gain_db(*compressor, level), 0.1,
                    "dB", "Giannoulis et al. 2012, eq. 4"});
  for (const double level : {-60.0, -50.0, -40.0, -20.0})
    rows.push_back({"expander 1:2 from -40 dB", std::to_string(static_cast<int>(level)) + " dB",
                    std::min(0.0, level + 40.0), tone_gain_db(*expander, level), 0.1, "dB",
                    "Giannoulis et al. 2012, eq. 4"});
}

// Milliseconds until the gain in dB has gone 1 - 1/e of its way, from `start` on.
double time_constant_ms(std::span<const float> out, std::span<const float> in, std::size_t start) {
  const auto gain = [&](std::size_t i) {
    return decibels(static_cast<double>(out[i]) / static_cast<double>(in[i]));
  };
  const double whole = gain(out.size() - 1) - gain(start - 1);
  std::size_t i = start;
  while (std::abs(gain(i) - gain(start - 1)) < (1.0 - std::exp(-1.0)) * std::abs(whole)) ++i;
  return static_cast<double>(i - start + 1) * 1e3 / kRateHz;
}

void add_time_constants(std::vector<OracleRow>& rows) {
  for (const double ms : {10.0, 50.0, 200.0}) {
    for (const bool attack : {true, false}) {
      auto effect = made("compressor", {{"threshold_db", -30},
                                        {"ratio", 4},
                                        {"knee_db", 0},
                                        {"attack_ms", ms},
                                        {"release_ms", ms}});
      AudioBuffer given(1, 4 * kSecond, kRateHz);
      const auto x = given.channel(0);
      std::fill(x.begin(), x.begin() + kSecond, attack ? 0.05f : 0.5f);
      std::fill(x.begin() + kSecond, x.end(), attack ? 0.5f : 0.05f);
      const AudioBuffer out = effects::apply(*effect, given.view()).value();
      const std::size_t hold = attack ? 0 : kRateHz / 100;  // Peaks are held for 10 ms.
      rows.push_back({attack ? "compressor attack" : "compressor release", "step of 20 dB", ms,
                      time_constant_ms(out.channel(0), x, kSecond + hold), 0.05 * ms, "ms",
                      "63.2 % of the way"});
    }
  }
}

double fine_peak_db(AudioView audio) {
  const AudioBuffer fine = dsp::resample(audio, 8 * audio.sample_rate_hz()).value();
  double peak = 0.0;
  for (std::size_t c = 0; c < fine.channels(); ++c)
    for (const float x : fine.channel(c)) peak = std::max(peak, std::abs(static_cast<double>(x)));
  return decibels(peak);
}

// Expected: the ceiling less the limiter's own margin of 0.15 dB; the tolerance ends below the
// ceiling.
void add_limiter(std::vector<OracleRow>& rows, const std::filesystem::path& data_root) {
  const auto row = [&rows](const char* input, const AudioBuffer& given, double input_db) {
    auto effect = made("limiter", {{"ceiling_dbtp", -1.0}, {"input_db", input_db}});
    const AudioBuffer out = effects::apply(*effect, given.view()).value();
    rows.push_back({"limiter true peak, ceiling -1", input, -1.15, fine_peak_db(out.view()), 0.14,
                    "dBTP", "soxr at eight times the rate; never above"});
  };
  AudioBuffer quarter(1, kSecond, kRateHz);  // 3 dB more between the samples than on them.
  for (std::size_t i = 0; i < kSecond; ++i)
    quarter.channel(0)[i] = static_cast<float>(
        2.0 * std::sin(std::numbers::pi / 4 * (2.0 * static_cast<double>(i) + 1)) *
        std::sin(std::numbers::pi * static_cast<double>(i) / kSecond));
  row("a quarter of the rate at 45 degrees, +6 dB", quarter, 0.0);
  row("1 kHz, +12 dB", tone(1'000.0, 1.0, kSecond), 12.0);
  const auto speech = io::read_audio(data_root / "speech/jfk.flac");
  if (speech) row("speech, +24 dB", *speech, 24.0);
}

effects::ChainSpec identity() {
  const auto effect = [](std::string name, std::map<std::string, double> parameters) {
    effects::EffectSpec spec;
    spec.effect = std::move(name);
    spec.parameters = std::move(parameters);
    return spec;
  };
  return {{effect("gain", {}), effect("eq", {{"band1.type", 1}, {"band2.type", 2}}),
           effect("presence", {{"amount_db", 0}}), effect("compressor", {{"ratio", 1}}),
           effect("deesser", {{"threshold_db", 0}}), effect("expander", {{"ratio", 1}}),
           effect("exciter", {{"amount", 0}}), effect("delay", {{"mix", 0}}),
           effect("reverb", {{"mix", 0}}), effect("limiter", {{"ceiling_dbtp", 0}})}};
}

// What is left beside the best sine, against the sine.
double residue(std::span<const float> x, double hz) {
  const auto found = amplitude(x, hz);
  double rest = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double phase = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / kRateHz;
    const double left = static_cast<double>(x[i]) - (found * std::polar(1.0, phase)).real();
    rest += left * left;
  }
  return std::sqrt(rest / static_cast<double>(x.size())) * std::numbers::sqrt2 / std::abs(found);
}

void round_to_24_bits(std::span<float> x, dsp::Dither& dither) {
  std::vector<std::uint8_t> bytes(3 * x.size());
  dsp::kernels().float_to_int24(bytes.data(), x.data(), x.size(), &dither);
  dsp::kernels().int24_to_float(x.data(), bytes.data(), x.size());
}

void add_identity(std::vector<OracleRow>& rows) {
  const AudioBuffer given = tone(1'000.0, 0.9, 2 * kSecond);
  const AudioBuffer out = effects::apply(identity(), given.view()).value();
  rows.push_back({"THD+N of a chain at identity", "1 kHz, -0.9 dBFS", 0.0,
                  100.0 * residue(out.channel(0).subspan(kSecond / 2, kSecond), 1'000.0), 0.001,
                  "%", "AES17, 6.3; ten effects"});
  AudioBuffer soft = tone(997.0, 0.001, 2 * kSecond);
  dsp::Dither dither;
  round_to_24_bits(soft.channel(0), dither);
  AudioBuffer back = effects::apply(identity(), soft.view()).value();
  round_to_24_bits(back.channel(0), dither);
  const double range =
      60.0 - decibels(residue(back.channel(0).subspan(kSecond / 2, kSecond), 997.0));
  // Two roundings with TPDF dither, each of a quarter of a squared step (1/12 + 2/12), beside a
  // full-scale sine: 138.5 dB.
  const double step = std::ldexp(1.0, -23);
  const double theory = 10.0 * std::log10(0.5 / (2.0 * step * step / 4.0));
  rows.push_back({"dynamic range of a chain at identity, 24 bits", "997 Hz, -60 dBFS", theory,
                  range, 0.5, "dB", "AES17, 6.4.1; at least 120"});
}

}  // namespace

std::vector<OracleRow> effects_oracles(const std::filesystem::path& data_root) {
  std::vector<OracleRow> rows;
  add_filters(rows);
  add_static_curves(rows);
  add_time_constants(rows);
  add_limiter(rows, data_root);
  add_identity(rows);
  return rows;
}

}  // namespace syrinx::measure
