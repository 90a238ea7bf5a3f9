// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace syrinx::text {

// A short English name of a common emoji ("face with tears of joy"), flags of countries included;
// "" for others. Skin tones and presentation selectors do not matter.
std::string emoji_name(std::string_view utf8);

}  // namespace syrinx::text
