// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace syrinx::text {

// The bytes of english_tagger.bin beside this file, which the library carries within.
std::span<const std::uint8_t> embedded_tagger_model() noexcept;

}  // namespace syrinx::text
