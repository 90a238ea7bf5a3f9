// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "syrinx/core/flow/text.h"
#include "syrinx/stages/text/script/script.h"

namespace syrinx::text {

// Reads the marks that plain text may have:
//   [pause:1.5s] [pause:300ms]  silence, at most limits::kMaxPauseS; longer ones are cut to that.
//   [word](/ipa/)               how "word" is said, in IPA or in Kokoro's alphabet.
//   \[ and \]                   a bracket that begins no mark.
// What only looks like one is said as it is written and reported as ignored; so is nothing lost. An
// unreadable pronunciation is kSkipped and its word is said by the usual rules. Other brackets
// ("[1]", "[a link](https://...)") are text. Spans are those of `text`. Linear; any thread.
Script parse_shorthand(const MappedText& text);

// The same of the author's own bytes, which start at `source_begin` of the whole.
Script parse_shorthand(std::string_view source, std::size_t source_begin = 0);

}  // namespace syrinx::text
