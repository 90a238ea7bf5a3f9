// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace syrinx::text {

// What stands for a sound of IPA in the smaller sets. In Kokoro's columns "" is the letter itself.
struct NearestSound {
  std::string_view ipa;
  std::string_view arpabet;  // Without stress digits; "" where nothing is near.
  std::string_view kokoro_us;
  std::string_view kokoro_gb;
};

// The row of a phoneme, or of a letter, without marks; nullptr where there is none.
const NearestSound* find_nearest(std::string_view ipa) noexcept;

}  // namespace syrinx::text
