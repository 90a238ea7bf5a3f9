// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/flow/text.h"

namespace syrinx::text {

// Something that was in the text and makes no sound, and why.
struct DroppedText {
  SourceSpan source;
  std::string reason;  // "invisible character", "not UTF-8", ...
};

struct CleanText {
  MappedText text;  // Valid UTF-8, NFC.
  std::vector<DroppedText> dropped;
};

// Brings Unicode to the few forms that the rules after it know, offsets kept: composed characters
// (NFC, UAX #15), straight quotes, ASCII for full-width, mathematical and other scripts' digits and
// letters, plain spaces and hyphens. Invisible characters, bidirectional marks and controls go;
// joiners stay inside emoji. Dashes, fractions, super- and subscripts and currency signs stay: they
// mean something. Bytes that are not UTF-8 are dropped and listed. Linear in the text.
CleanText clean_text(const MappedText& text);

}  // namespace syrinx::text
