// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "fuzz/weight_target.h"

// For libFuzzer. Odd inputs have the checksums of their zip mended first.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  syrinx::fuzz::ByteString input(bytes.begin(), bytes.end());
  if (size % 2 == 1) syrinx::fuzz::mend_zip_checksums(input);
  if (!syrinx::fuzz::read_as_weights(input).broken.empty()) std::abort();
  return 0;
}
