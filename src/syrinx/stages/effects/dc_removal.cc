// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>
#include <optional>

#include "syrinx/core/dsp/biquad.h"
#include "syrinx/stages/effects/builtin.h"

namespace syrinx::effects {
namespace {

constexpr Parameter kParameters[] = {
    {"corner_hz", "Hz", 1.0, 40.0, 5.0, Change::kSmooth, Scale::kLogarithmic}};

// The first-order high pass by the bilinear transform.
dsp::Biquad dc_blocker(double hz, double rate_hz) noexcept {
  const double k = std::tan(std::numbers::pi * hz / rate_hz);
  return {1.0 / (1.0 + k), -1.0 / (1.0 + k), 0.0, (k - 1.0) / (k + 1.0), 0.0};
}

class DcRemoval final : public Effect {
 public:
  DcRemoval() : Effect(kParameters) {}
  std::string_view name() const noexcept override { return "dc_removal"; }

 private:
  Result<void> on_prepare() override {
    const dsp::Biquad section = dc_blocker(now(0), format().sample_rate_hz);
    SYRINX_ASSIGN(filter_, dsp::BiquadCascade::create({&section, 1}, format().channels));
    return {};
  }
  void on_change() noexcept override {
    filter_->set_section(0, dc_blocker(now(0), format().sample_rate_hz));
  }
  void on_process(MutableAudioView part) noexcept override { filter_->process(part); }
  void on_reset() noexcept override { filter_->reset(); }

  std::optional<dsp::BiquadCascade> filter_;
};

}  // namespace

std::unique_ptr<Effect> make_dc_removal() { return std::make_unique<DcRemoval>(); }

}  // namespace syrinx::effects
