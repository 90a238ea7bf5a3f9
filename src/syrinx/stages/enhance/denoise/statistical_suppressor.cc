// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/statistical_suppressor.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <optional>
#include <utility>
#include <vector>

#include "syrinx/core/dsp/stft.h"
#include "syrinx/stages/enhance/denoise/channelwise_suppressor.h"
#include "syrinx/stages/enhance/denoise/hop_line.h"
#include "syrinx/stages/enhance/denoise/log_mmse.h"
#include "syrinx/stages/enhance/denoise/noise_tracker.h"

namespace syrinx::enhance {
namespace {

constexpr double kHopS = 0.01;
constexpr float kDirected = 0.94f;        // How far the last frame decides the SNR of this one.
constexpr float kClearlySpeech = 4.0f;    // A posterior SNR that noise seldom has.
constexpr float kLeastPriorSnr = 0.003f;  // -25 dB.

// One channel.
class SpectralGain {
 public:
  static Result<SpectralGain> create(int sample_rate_hz, float least_gain) {
    SpectralGain made;
    const auto hop = static_cast<std::size_t>(std::lround(sample_rate_hz * kHopS));
    const dsp::StftSpec spec{2 * hop, hop, 2 * hop, dsp::WindowShape::kSqrtHann};
    SYRINX_ASSIGN(made.stft_, dsp::Stft::create(spec));
    SYRINX_ASSIGN(made.istft_, dsp::Istft::create(spec));
    made.line_ = HopLine(hop);
    made.least_gain_ = least_gain;
    made.tracker_ = NoiseTracker(made.bins(), kHopS);
    made.spectrum_.resize(made.bins());
    made.powers_.resize(made.bins());
    made.gain_.resize(made.bins());
    made.clean_power_.resize(made.bins());
    return made;
  }

  std::size_t latency_samples() const noexcept {
    return istft_->latency_samples() + line_.latency_samples();
  }

  void process(std::span<float> samples) noexcept {
    for (float& x : samples)
      x = line_.next(x, [this](std::span<const float> in, std::span<float> out) {
        stft_->process(in, [this](std::span<const std::complex<float>> frame) { shape(frame); });
        istft_->process(spectrum_, out);
      });
  }

  void reset() noexcept {
    stft_->reset();
    istft_->reset();
    line_.reset();
    tracker_.reset();
    std::fill(clean_power_.begin(), clean_power_.end(), 0.0f);
  }

 private:
  std::size_t bins() const noexcept { return stft_->bins(); }

  void shape(std::span<const std::complex<float>> frame) noexcept {
    for (std::size_t k = 0; k < frame.size(); ++k) powers_[k] = std::norm(frame[k]);
    tracker_.process(powers_);
    for (std::size_t k = 0; k < frame.size(); ++k) gain_[k] = gain_of(k);
    for (std::size_t k = 0; k < frame.size(); ++k) spectrum_[k] = gain_[k] * frame[k];
  }

  // Speech's gain and noise's, weighted in the logarithm by how probable speech is around the bin.
  float gain_of(std::size_t k) noexcept {
    const float noise = tracker_.noise()[k];
    const float posterior = std::min(powers_[k] / noise, 1e4f);
    const float prior =
        std::max(kLeastPriorSnr, kDirected * std::min(clean_power_[k] / noise, 1e6f) +
                                     (1.0f - kDirected) * std::max(posterior - 1.0f, 0.0f));
    const float speech = log_mmse_gain(prior, posterior);
    clean_power_[k] = speech * speech * powers_[k];
    const float p = probability_around(k, posterior);
    return std::max(least_gain_,
                    std::pow(std::max(speech, 1e-4f), p) * std::pow(least_gain_, 1.0f - p));
  }

  // A bin that is a little above the noise is speech if its neighbours are; one far above it is.
  float probability_around(std::size_t k, float posterior) const noexcept {
    const auto p = tracker_.speech_probability();
    const float left = p[k == 0 ? 0 : k - 1];
    const float right = p[std::min(k + 1, p.size() - 1)];
    const float around = 0.25f * left + 0.5f * p[k] + 0.25f * right;
    return std::max(around, 1.0f - kClearlySpeech / std::max(posterior, kClearlySpeech));
  }

  std::optional<dsp::Stft> stft_;
  std::optional<dsp::Istft> istft_;
  HopLine line_;
  NoiseTracker tracker_;
  float least_gain_ = 0.1f;
  std::vector<std::complex<float>> spectrum_;
  std::vector<float> powers_;
  std::vector<float> gain_;
  std::vector<float> clean_power_;  // Of the last frame.
};

class StatisticalSuppressor final : public ChannelwiseSuppressor<SpectralGain> {
 public:
  explicit StatisticalSuppressor(float least_gain) noexcept : least_gain_(least_gain) {}

  bool realtime_safe() const noexcept override { return true; }

 private:
  Result<SpectralGain> make_channel(int sample_rate_hz) override {
    return SpectralGain::create(sample_rate_hz, least_gain_);
  }

  float least_gain_;
};

}  // namespace

Result<std::unique_ptr<NoiseSuppressor>> make_statistical_suppressor(
    const StatisticalOptions& options) {
  if (!(options.most_reduction_db >= 0.0 && options.most_reduction_db <= 60.0))
    return make_error(ErrorCode::kInvalidArgument, "noise cannot be lowered by ",
                      options.most_reduction_db, " dB; give 0 to 60");
  const auto least = static_cast<float>(std::pow(10.0, -options.most_reduction_db / 20.0));
  return std::unique_ptr<NoiseSuppressor>(std::make_unique<StatisticalSuppressor>(least));
}

}  // namespace syrinx::enhance
