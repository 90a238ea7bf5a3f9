// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>
#include <optional>

#include "syrinx/core/dsp/biquad.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/stages/effects/builtin.h"
#include "syrinx/stages/effects/convolver.h"
#include "syrinx/stages/effects/eq_band.h"

namespace syrinx::effects {
namespace {

constexpr std::size_t kBands = 8;
constexpr std::size_t kSectionsPerBand = std::tuple_size_v<EqSections>;
enum : std::size_t { kType, kHz, kGain, kQ, kPerBand };
constexpr std::size_t kLinearPhase = kBands * kPerBand;

constexpr std::string_view kTypes[] = {"off",         "peak",         "low_shelf",
                                       "high_shelf",  "low_pass_12",  "high_pass_12",
                                       "low_pass_24", "high_pass_24", "notch"};
constexpr std::string_view kOffOn[] = {"off", "on"};

// The ids need storage: "band1.type" to "band8.q".
constexpr std::string_view kIds[kBands][kPerBand] = {
    {"band1.type", "band1.hz", "band1.gain_db", "band1.q"},
    {"band2.type", "band2.hz", "band2.gain_db", "band2.q"},
    {"band3.type", "band3.hz", "band3.gain_db", "band3.q"},
    {"band4.type", "band4.hz", "band4.gain_db", "band4.q"},
    {"band5.type", "band5.hz", "band5.gain_db", "band5.q"},
    {"band6.type", "band6.hz", "band6.gain_db", "band6.q"},
    {"band7.type", "band7.hz", "band7.gain_db", "band7.q"},
    {"band8.type", "band8.hz", "band8.gain_db", "band8.q"}};

constexpr std::array<Parameter, kBands * kPerBand + 1> make_parameters() {
  std::array<Parameter, kBands * kPerBand + 1> all{};
  for (std::size_t b = 0; b < kBands; ++b) {
    Parameter* band = &all[b * kPerBand];
    band[kType] = {kIds[b][kType], "", 0.0, 8.0, 0.0, Change::kStep, Scale::kLinear, kTypes};
    band[kHz] = {kIds[b][kHz], "Hz", 10.0, 20'000.0, 1'000.0, Change::kSmooth, Scale::kLogarithmic};
    band[kGain] = {kIds[b][kGain], "dB", -36.0, 36.0, 0.0};
    band[kQ] = {kIds[b][kQ],        "", 0.1, 30.0, 0.70710678118654752, Change::kSmooth,
                Scale::kLogarithmic};
  }
  all[kLinearPhase] = {"linear_phase", "",    0.0, 1.0, 0.0, Change::kOnPrepare,
                       Scale::kLinear, kOffOn};
  return all;
}
constexpr auto kParameters = make_parameters();

// A response of odd length, symmetric about its middle, with the magnitude that the sections have.
Result<std::vector<float>> linear_phase_response(std::span<const dsp::Biquad> sections,
                                                 double rate_hz, std::size_t size) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(size));
  std::vector<std::complex<float>> spectrum(fft.bins());
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    const double hz = static_cast<double>(k) * rate_hz / static_cast<double>(size);
    spectrum[k] = static_cast<float>(std::abs(dsp::response(sections, hz, rate_hz)));
  }
  std::vector<float> circular(size);
  fft.inverse(spectrum, circular);
  std::vector<float> response(size - 1);
  const std::size_t middle = size / 2 - 1;
  for (std::size_t i = 0; i < response.size(); ++i) {
    const double away =
        (static_cast<double>(i) - static_cast<double>(middle)) / static_cast<double>(middle + 1);
    // Flat over the inner half, then down to 0: what is cut off there is far below hearing.
    const double outer = std::max(0.0, 2.0 * std::abs(away) - 1.0);
    const double window = 0.5 + 0.5 * std::cos(std::numbers::pi * outer);
    response[i] = static_cast<float>(circular[(i + size - middle) % size] * window);
  }
  return response;
}

class Equaliser final : public Effect {
 public:
  Equaliser() : Effect(kParameters) {}
  std::string_view name() const noexcept override { return "eq"; }
  std::size_t latency_samples() const noexcept override { return latency_; }

 private:
  Result<void> on_prepare() override {
    const std::array<dsp::Biquad, kBands * kSectionsPerBand> pass{};
    SYRINX_ASSIGN(filter_, dsp::BiquadCascade::create(pass, format().channels));
    types_.fill(BandType::kOff);
    convolver_.reset();
    latency_ = 0;
    return is(kLinearPhase, 1) ? prepare_linear_phase() : Result<void>{};
  }
  // About a third of a second, a power of two: resolves a bell at 40 Hz with a q of 4.
  Result<void> prepare_linear_phase() {
    const auto rate = static_cast<double>(format().sample_rate_hz);
    const auto size = std::bit_ceil(static_cast<std::size_t>(rate * 0.2));
    std::vector<dsp::Biquad> sections;
    for (std::size_t b = 0; b < kBands; ++b)
      for (const dsp::Biquad& section : design(band(b), rate)) sections.push_back(section);
    SYRINX_ASSIGN(const auto response, linear_phase_response(sections, rate, size));
    SYRINX_ASSIGN(convolver_, Convolver::create(response, format().channels, size / 16));
    latency_ = size / 2 - 1 + convolver_->latency_samples();
    return {};
  }
  EqBand band(std::size_t b) const noexcept {
    const std::size_t first = b * kPerBand;
    return {static_cast<BandType>(choice_at(first + kType)), now(first + kHz), now(first + kGain),
            now(first + kQ)};
  }
  void on_change() noexcept override {
    if (convolver_) return;  // Linear phase: the bands are as they were when it was prepared.
    for (std::size_t b = 0; b < kBands; ++b) {
      const EqBand wanted = band(b);
      const EqSections sections = design(wanted, format().sample_rate_hz);
      for (std::size_t i = 0; i < kSectionsPerBand; ++i) {
        const std::size_t section = b * kSectionsPerBand + i;
        if (wanted.type != types_[b]) filter_->reset_section(section);
        filter_->set_section(section, sections[i]);
      }
      types_[b] = wanted.type;
    }
  }
  void on_process(MutableAudioView part) noexcept override {
    for (std::size_t c = 0; convolver_ && c < part.channels(); ++c)
      convolver_->process(part.channel(c), c);
    if (!convolver_) filter_->process(part);
  }
  void on_reset() noexcept override {
    filter_->reset();
    if (convolver_) convolver_->reset();
  }

  std::optional<dsp::BiquadCascade> filter_;  // All bands; off is a section that passes all.
  std::array<BandType, kBands> types_{};
  std::optional<Convolver> convolver_;
  std::size_t latency_ = 0;
};

}  // namespace

std::unique_ptr<Effect> make_equaliser() { return std::make_unique<Equaliser>(); }

}  // namespace syrinx::effects
