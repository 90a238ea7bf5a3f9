// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/homograph/embedded_model.h"

#include "syrinx/core/base/embed.h"

SYRINX_EMBED(syrinx_homograph_model, SYRINX_HOMOGRAPH_MODEL);

namespace syrinx::text {

std::span<const std::uint8_t> embedded_homograph_model() noexcept {
  return {reinterpret_cast<const std::uint8_t*>(syrinx_homograph_model_begin),
          reinterpret_cast<const std::uint8_t*>(syrinx_homograph_model_end)};
}

}  // namespace syrinx::text
