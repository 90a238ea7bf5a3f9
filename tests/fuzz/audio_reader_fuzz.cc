// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "fuzz/audio_target.h"

// For libFuzzer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto outcome = syrinx::fuzz::read_as_audio(std::as_bytes(std::span(data, size)));
  if (!outcome.broken.empty()) std::abort();
  return 0;
}
