// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "fuzz/session_target.h"

// For libFuzzer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (!syrinx::fuzz::play_to_session({data, size}).broken.empty()) std::abort();
  return 0;
}
