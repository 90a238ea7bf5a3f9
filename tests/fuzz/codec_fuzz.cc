// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fuzz/codec_target.h"

// For libFuzzer: payloads of every codec, and what SDP says of them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!syrinx::fuzz::decode_as_payloads({data, size}).broken.empty()) std::abort();
  if (!syrinx::fuzz::read_as_formats(text).broken.empty()) std::abort();
  return 0;
}
