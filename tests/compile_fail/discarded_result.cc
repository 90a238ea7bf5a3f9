// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/result.h"

syrinx::Result<int> count();

void caller() {
#if defined(SYRINX_CORRECTED)
  if (const auto counted = count(); !counted) return;
#else
  count();  // An error that nobody looks at.
#endif
}
