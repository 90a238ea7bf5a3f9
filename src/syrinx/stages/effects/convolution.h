// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/effects/effect.h"

namespace syrinx::effects {

inline constexpr std::string_view kConvolutionName = "convolution";

// The sound of a room, or of any linear system, by its impulse response: the wet sound alone (a
// chain's mix adds the dry). A response of one channel serves all channels; of several, each serves
// its own. It is brought to the sound's rate when prepared. Parameter: gain_db.
// prepare() fails with kInvalidArgument for a response without frames, with samples that are not
// finite, or of another number of channels; kLimitExceeded beyond limits::kMaxImpulseFrames.
std::unique_ptr<Effect> make_convolution(AudioBuffer impulse);

}  // namespace syrinx::effects
