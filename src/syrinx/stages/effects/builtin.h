// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/stages/effects/effect.h"

// How the catalogue makes each effect; catalogue.h says what each does.
namespace syrinx::effects {

std::unique_ptr<Effect> make_gain();
std::unique_ptr<Effect> make_pan();
std::unique_ptr<Effect> make_width();
std::unique_ptr<Effect> make_mid_side();
std::unique_ptr<Effect> make_dc_removal();
std::unique_ptr<Effect> make_delay();
std::unique_ptr<Effect> make_reverb();
std::unique_ptr<Effect> make_position();
std::unique_ptr<Effect> make_equaliser();
std::unique_ptr<Effect> make_presence();
std::unique_ptr<Effect> make_warmth();
std::unique_ptr<Effect> make_exciter();
std::unique_ptr<Effect> make_compressor();
std::unique_ptr<Effect> make_limiter();
std::unique_ptr<Effect> make_expander();
std::unique_ptr<Effect> make_gate();
std::unique_ptr<Effect> make_agc();
std::unique_ptr<Effect> make_deesser();

}  // namespace syrinx::effects
