// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace syrinx::measure {

struct PageOptions {
  bool embed_sounds = true;  // Or pictures and figures only.
  // Of each sound as it stands in the page. What is larger is left out, and the page says so.
  std::size_t max_sound_bytes = std::size_t{24} << 20;
};

}  // namespace syrinx::measure
