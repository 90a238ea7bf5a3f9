// SPDX-License-Identifier: Apache-2.0
// What syrinx_header_check compiles for each public header, with a header that leans on luck.
#if defined(SYRINX_CORRECTED)
#include <string>
#endif
#include "leaning_header.h"
