// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace syrinx::fuzz {

// What came of some bytes that may be an EPUB.
struct EpubOutcome {
  bool is_epub = false;
  std::string broken;  // A promise that was not kept; empty as it should be.
};

EpubOutcome read_as_epub(std::string_view bytes);

}  // namespace syrinx::fuzz
