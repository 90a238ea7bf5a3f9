// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "syrinx/stages/codec/g722_band.h"

namespace syrinx::codec {

// ITU-T G.722 (2012), bit-exact: 16 kHz in two bands. RTP carries 64 kbit/s alone (RFC 3551,
// 4.5.2); the lower rates, of 7 or 6 bits a code, are for G.722's own modes 2 and 3.
class G722Encoder {
 public:
  explicit G722Encoder(int bits = 8) noexcept : bits_(bits) {}
  // Pre: codes.size() == samples.size() / 2, an even number of samples.
  void encode(std::span<const std::int16_t> samples, std::span<std::uint8_t> codes) noexcept;

 private:
  std::uint8_t encode_pair(std::int16_t first, std::int16_t second) noexcept;
  unsigned encode_low(int sample) noexcept;
  unsigned encode_high(int sample) noexcept;

  int bits_;
  G722Band low_{32};
  G722Band high_{8};
  std::array<int, 24> past_ = {};
};

class G722Decoder {
 public:
  explicit G722Decoder(int bits = 8) noexcept : bits_(bits) {}
  // Pre: samples.size() == 2 * codes.size().
  void decode(std::span<const std::uint8_t> codes, std::span<std::int16_t> samples) noexcept;

 private:
  int decode_low(unsigned code) noexcept;
  int decode_high(unsigned code) noexcept;

  int bits_;
  G722Band low_{32};
  G722Band high_{8};
  std::array<int, 24> past_ = {};
};

}  // namespace syrinx::codec
