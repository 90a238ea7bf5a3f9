// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "syrinx/stages/voice/voice_transform.h"

namespace syrinx::conversion {

// One transform made of one for each channel. With `mid_side`, of two: the first has half the sum
// of both channels, the second half their difference. Pre: at least one; two for mid and side;
// prepare() is told as many channels.
std::unique_ptr<voice::VoiceTransform> link_channels(
    std::vector<std::unique_ptr<voice::VoiceTransform>> parts, bool mid_side);

// Why mid and side cannot be made of so many channels.
Error mid_side_error(std::size_t channels);

}  // namespace syrinx::conversion
