// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/weights/load.h"
#include "syrinx/core/nn/weights/pickle_value.h"

namespace syrinx::nn {

// Interprets the first pickle in the bytes (PEP 3154's opcodes, protocols 2 to 5, binary forms)
// as data: a small stack machine that can only build PickleValues. Names that are not on the list
// of pickle_allowed.h are refused where they stand. Errors: kCorruptData; kUnsupported;
// kLimitExceeded (kMaxPickleBytes, kMaxPickleNodes).
Result<Pickle> read_pickle(Bytes bytes);

}  // namespace syrinx::nn
