// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace syrinx::text {

// A word as lexicons spell it: NFC, straight apostrophes. Broken UTF-8 becomes U+FFFD.
std::string lexicon_spelling(std::string_view word);
// In lower case, and in lower case with a capital at its front, by Unicode's simple mappings.
std::string lower_spelling(std::string_view word);
std::string capital_spelling(std::string_view word);

bool is_ascii(std::string_view text) noexcept;

}  // namespace syrinx::text
