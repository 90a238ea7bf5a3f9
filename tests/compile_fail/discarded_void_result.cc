// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/result.h"

syrinx::Result<void> save();

syrinx::Result<void> caller() {
#if defined(SYRINX_CORRECTED)
  SYRINX_TRY(save());
#else
  save();  // An error that nobody looks at.
#endif
  return {};
}
