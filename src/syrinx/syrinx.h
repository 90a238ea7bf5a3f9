// SPDX-License-Identifier: Apache-2.0
#pragma once

// The whole library for those who use it: #include <syrinx/syrinx.h>. Code inside the library
// includes what it needs instead.

// The values that travel, and how failure is told.
#include "syrinx/core/base/log.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/core/flow/phonemes.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/core/flow/text.h"
