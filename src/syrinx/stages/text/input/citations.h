// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/unicode/clean_text.h"

namespace syrinx::text {

// Takes out the marks of references, "[12]", "[3, 4]", "[5-7]" and "[citation needed]", where they
// hang on a word or a mark as references do ("proved.[12]", "as shown [12]."), and lists them as
// dropped. "[12] men" and "x = a[1]" stay.
void drop_citations(CleanText& text);

}  // namespace syrinx::text
