// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

// The files that training/g2p made, which are part of the library.
namespace syrinx::text {

std::span<const std::byte> english_model_bytes() noexcept;  // english.g2p
std::span<const std::byte> english_words_bytes() noexcept;  // english.words

}  // namespace syrinx::text
