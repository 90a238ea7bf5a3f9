// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/english_data.h"

#include "syrinx/core/base/embed.h"

SYRINX_EMBED(syrinx_english_g2p, SYRINX_ENGLISH_MODEL);
SYRINX_EMBED(syrinx_english_words, SYRINX_ENGLISH_WORDS);

namespace syrinx::text {

std::span<const std::byte> english_model_bytes() noexcept {
  return {syrinx_english_g2p_begin, syrinx_english_g2p_end};
}
std::span<const std::byte> english_words_bytes() noexcept {
  return {syrinx_english_words_begin, syrinx_english_words_end};
}

}  // namespace syrinx::text
