// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/audio.h"

void caller(const syrinx::AudioBuffer& buffer, syrinx::AudioBuffer& own) {
#if defined(SYRINX_CORRECTED)
  own.channel(0)[0] = buffer.view().channel(0)[0];
#else
  buffer.view().channel(0)[0] = own.channel(0)[0];  // A view only looks.
#endif
}
