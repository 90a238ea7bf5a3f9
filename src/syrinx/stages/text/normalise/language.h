// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/spoken.h"
#include "syrinx/core/flow/text.h"
#include "syrinx/stages/text/script/script.h"

namespace syrinx::text {

// What one language knows about its writing. An implementation is immutable: const functions may be
// called from any thread. See Normaliser for what the functions leave.
class LanguageNormaliser {
 public:
  virtual ~LanguageNormaliser() = default;
  virtual std::vector<SpokenToken> normalise(const MappedText& sentence) const = 0;
  virtual Result<std::vector<SpokenToken>> say_as(const MappedText& text,
                                                  const SayAs& how) const = 0;
};

}  // namespace syrinx::text
