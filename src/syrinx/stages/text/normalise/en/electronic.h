// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/reading.h"

// Addresses of machines; see Rule for what the functions do.
namespace syrinx::text::en {

// "dot", "slash", "dash": the name of a mark where it is part of a name; "" for others.
std::string_view mark_name(char32_t mark);
// URLs, e-mail addresses, domains and paths: "https://a.org/b", "a.b@c.de", "/usr/local/bin".
bool electronic_rule(const Reading& reading, std::size_t at, Match& match);
bool hash_tag(const Reading& reading, std::size_t at, Match& match);  // "#ThrowbackThursday".

}  // namespace syrinx::text::en
