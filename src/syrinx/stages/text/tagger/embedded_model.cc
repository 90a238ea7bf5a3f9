// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/tagger/embedded_model.h"

#include "syrinx/core/base/embed.h"

SYRINX_EMBED(syrinx_tagger_model, SYRINX_TAGGER_MODEL);

namespace syrinx::text {

std::span<const std::uint8_t> embedded_tagger_model() noexcept {
  return {reinterpret_cast<const std::uint8_t*>(syrinx_tagger_model_begin),
          reinterpret_cast<const std::uint8_t*>(syrinx_tagger_model_end)};
}

}  // namespace syrinx::text
