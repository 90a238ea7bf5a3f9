// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/convolution.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/stages/effects/convolver.h"
#include "syrinx/stages/effects/ramp.h"

namespace syrinx::effects {
namespace {

constexpr std::size_t kPartitionSamples = 512;
constexpr Parameter kParameters[] = {{"gain_db", "dB", -60.0, 24.0, 0.0}};

bool all_finite(std::span<const float> x) {
  return std::all_of(x.begin(), x.end(), [](float v) { return std::isfinite(v); });
}

class Convolution final : public Effect {
 public:
  explicit Convolution(AudioBuffer impulse) : Effect(kParameters), impulse_(std::move(impulse)) {}
  std::string_view name() const noexcept override { return kConvolutionName; }
  std::size_t latency_samples() const noexcept override { return kPartitionSamples; }

 private:
  Result<void> on_prepare() override {
    SYRINX_TRY(check());
    SYRINX_ASSIGN(const AudioBuffer response,
                  dsp::resample(impulse_.view(), format().sample_rate_hz));
    // A response at another rate has as many times the samples, each of which adds its part.
    const float part =
        static_cast<float>(impulse_.sample_rate_hz()) / static_cast<float>(format().sample_rate_hz);
    convolvers_.clear();
    for (std::size_t c = 0; c < format().channels; ++c) {
      const auto row = response.channel(response.channels() == 1 ? 0 : c);
      std::vector<float> scaled(row.begin(), row.end());
      for (float& x : scaled) x *= part;
      SYRINX_ASSIGN(auto convolver, Convolver::create(scaled, 1, kPartitionSamples));
      convolvers_.push_back(std::move(convolver));
    }
    return {};
  }
  Result<void> check() const {
    if (impulse_.empty())
      return make_error(ErrorCode::kInvalidArgument, "convolution: the response has no frames");
    if (impulse_.frames() > limits::kMaxImpulseFrames)
      return make_error(ErrorCode::kLimitExceeded, "convolution: the response has ",
                        impulse_.frames(), " frames; at most ", limits::kMaxImpulseFrames);
    if (impulse_.channels() != 1 && impulse_.channels() != format().channels)
      return make_error(ErrorCode::kInvalidArgument, "convolution: the response has ",
                        impulse_.channels(), " channels and the sound ", format().channels,
                        "; give one channel, or as many");
    for (std::size_t c = 0; c < impulse_.channels(); ++c)
      if (!all_finite(impulse_.channel(c)))
        return make_error(ErrorCode::kInvalidArgument,
                          "convolution: the response has samples that are not finite");
    return {};
  }
  void on_change() noexcept override { gain_.aim(from_db(now(0))); }
  void on_process(MutableAudioView part) noexcept override {
    for (std::size_t c = 0; c < part.channels(); ++c) convolvers_[c].process(part.channel(c), 0);
    scale(part, gain_);
  }
  void on_reset() noexcept override {
    for (Convolver& convolver : convolvers_) convolver.reset();
    gain_.finish();
  }

  AudioBuffer impulse_;
  std::vector<Convolver> convolvers_;
  Ramp gain_{1.0};
};

}  // namespace

std::unique_ptr<Effect> make_convolution(AudioBuffer impulse) {
  return std::make_unique<Convolution>(std::move(impulse));
}

}  // namespace syrinx::effects
