// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

// What SDP says of payloads (RFC 8866, 6.6 and 6.15; RFC 3551), as values: a number on the wire,
// what it stands for, and its parameters.
namespace syrinx::codec {

// The most formats of one stream, parameters of one format, and bytes of one attribute.
inline constexpr std::size_t kMaxFormats = 64;
inline constexpr std::size_t kMaxFmtpParameters = 32;
inline constexpr std::size_t kMaxAttributeBytes = 1'024;

struct FmtpParameter {
  std::string name;  // "useinbandfec"; empty for one without a name, as "0-16" of telephone-event.
  std::string value;
  friend bool operator==(const FmtpParameter&, const FmtpParameter&) = default;
};

struct PayloadFormat {
  int payload_type = -1;  // 0 to 127; 96 to 127 are dynamic. -1: not given a number yet.
  std::string name;       // "opus"; compared without regard to case.
  int clock_rate_hz = 8'000;
  std::size_t channels = 1;  // As the rtpmap has it: opus is always "/2" (RFC 7587, 7).
  std::vector<FmtpParameter> parameters;

  // The value of a parameter, by name without regard to case; null where there is none.
  const std::string* parameter(std::string_view parameter_name) const noexcept;
  // A parameter that is a number or a flag; `otherwise` where it is missing or no number.
  long number(std::string_view parameter_name, long otherwise) const noexcept;
  // The same codec: name, clock and channels.
  bool same_codec(const PayloadFormat& other) const noexcept;
  friend bool operator==(const PayloadFormat&, const PayloadFormat&) = default;
};

// "111 opus/48000/2", with or without "a=rtpmap:" before it. Errors: kCorruptData, saying what is
// wrong; kLimitExceeded beyond kMaxAttributeBytes.
Result<PayloadFormat> parse_rtpmap(std::string_view attribute);
// "111 minptime=10;useinbandfec=1", with or without "a=fmtp:" before it.
struct Fmtp {
  int payload_type = -1;
  std::vector<FmtpParameter> parameters;
};
// Errors: as parse_rtpmap(); kLimitExceeded beyond kMaxFmtpParameters.
Result<Fmtp> parse_fmtp(std::string_view attribute);

std::string rtpmap_of(const PayloadFormat& format);  // "111 opus/48000/2".
std::string fmtp_of(const PayloadFormat& format);    // "111 useinbandfec=1"; "" without parameters.

// What a static payload type stands for (RFC 3551, tables 4 and 5); nothing for the others.
std::optional<PayloadFormat> static_format(int payload_type);

// The formats of an m= line: its numbers ("0 8 111"), and its rtpmap and fmtp attributes in any
// order. Static numbers need no rtpmap; a dynamic one without is left out. Attributes of numbers
// that the m= line does not have are passed over.
Result<std::vector<PayloadFormat>> parse_formats(std::string_view numbers,
                                                 const std::vector<std::string>& attributes);

}  // namespace syrinx::codec
