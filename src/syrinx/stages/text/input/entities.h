// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace syrinx::text {

// A character reference of HTML and what it stands for.
struct Entity {
  std::size_t size = 0;  // Bytes of the reference; 0 where there is none.
  std::string text;      // UTF-8.
};

// The reference that `text` begins with ("&amp;", "&#8217;", "&#x2019;"), of the commonest 150
// names and every number that is a Unicode character. A name needs its semicolon.
Entity entity_at(std::string_view text);

}  // namespace syrinx::text
