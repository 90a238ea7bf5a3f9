// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace syrinx::fuzz {

// What came of some bytes that may be payloads: the first says of which codec, the rest is cut into
// payloads by its own lengths.
struct CodecOutcome {
  std::size_t decoded = 0;
  std::size_t refused = 0;
  std::string broken;  // A promise that was not kept; empty as it should be.
};
CodecOutcome decode_as_payloads(std::span<const std::uint8_t> bytes);

// The same of lines that may be attributes of SDP.
struct FormatOutcome {
  bool read = false;
  std::string broken;
};
FormatOutcome read_as_formats(std::string_view text);

}  // namespace syrinx::fuzz
