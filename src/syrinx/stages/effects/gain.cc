// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/builtin.h"
#include "syrinx/stages/effects/ramp.h"

namespace syrinx::effects {
namespace {

constexpr Parameter kParameters[] = {{"gain_db", "dB", -120.0, 60.0, 0.0}};

class Gain final : public Effect {
 public:
  Gain() : Effect(kParameters) {}
  std::string_view name() const noexcept override { return "gain"; }

 private:
  Result<void> on_prepare() override { return {}; }
  void on_change() noexcept override { factor_.aim(from_db(now(0))); }
  void on_process(MutableAudioView part) noexcept override { scale(part, factor_); }
  void on_reset() noexcept override { factor_.finish(); }

  Ramp factor_{1.0};
};

}  // namespace

std::unique_ptr<Effect> make_gain() { return std::make_unique<Gain>(); }

}  // namespace syrinx::effects
