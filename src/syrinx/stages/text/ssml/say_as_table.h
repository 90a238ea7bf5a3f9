// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace syrinx::text {

// A value of interpret-as and what the normaliser knows it as.
struct SayAsName {
  std::string_view written;
  std::string_view meant;
  std::string_view format;  // What the written one says about the format, or "".
};

// The W3C's note of 2005, VoiceXML's and the large vendors' names, in any case; nullptr else.
const SayAsName* find_say_as(std::string_view interpret_as) noexcept;

}  // namespace syrinx::text
