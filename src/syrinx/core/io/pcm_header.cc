// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/pcm_header.h"

#include <bit>

#include "syrinx/core/io/byte_writer.h"

namespace syrinx::io {
namespace {

constexpr std::uint64_t kChunkHeaderBytes = 8;
constexpr std::uint64_t kAifcVersion = 0xA2805140;  // The only one there is.

bool is_float(const PcmFormat& format) { return format.encoding == SampleEncoding::kFloat32; }

// A whole number as an 80-bit IEEE 754 extended float. Pre: value >= 1.
void extended(ByteWriter& header, std::uint64_t value) {
  const int shift = std::countl_zero(value);
  header.be16(static_cast<std::uint64_t>(16'383 + 63 - shift));
  header.be64(value << shift);
}

std::uint64_t bits_per_sample(const PcmFormat& format) {
  return 8 * bytes_per_sample(format.encoding);
}

}  // namespace

std::vector<std::byte> make_wav_header(const PcmFormat& format, std::uint32_t data_bytes) {
  const bool unknown = data_bytes == kUnknownSize;
  const auto rate = static_cast<std::uint64_t>(format.sample_rate_hz);
  const std::uint64_t header_bytes = is_float(format) ? 58 : 44;
  const std::uint64_t padded = std::uint64_t{data_bytes} + data_bytes % 2;
  ByteWriter header;
  header.tag("RIFF");
  header.le32(unknown ? kUnknownSize : header_bytes - kChunkHeaderBytes + padded);
  header.tag("WAVEfmt ");
  header.le32(is_float(format) ? 18 : 16);
  header.le16(is_float(format) ? 3 : 1);
  header.le16(format.channels);
  header.le32(rate);
  header.le32(rate * format.frame_bytes());
  header.le16(format.frame_bytes());
  header.le16(bits_per_sample(format));
  if (is_float(format)) {
    header.le16(0);
    header.tag("fact");
    header.le32(4);
    header.le32(unknown ? kUnknownSize : data_bytes / format.frame_bytes());
  }
  header.tag("data");
  header.le32(data_bytes);
  return header.take();
}

std::vector<std::byte> make_aiff_header(const PcmFormat& format, std::uint32_t data_bytes) {
  const std::uint64_t bytes = data_bytes == kUnknownSize ? 0 : data_bytes;
  const std::uint64_t header_bytes = is_float(format) ? 72 : 54;
  ByteWriter header;
  header.tag("FORM");
  header.be32(header_bytes - kChunkHeaderBytes + bytes + bytes % 2);
  header.tag(is_float(format) ? "AIFC" : "AIFF");
  if (is_float(format)) {
    header.tag("FVER");
    header.be32(4);
    header.be32(kAifcVersion);
  }
  header.tag("COMM");
  header.be32(is_float(format) ? 24 : 18);
  header.be16(format.channels);
  header.be32(bytes / format.frame_bytes());
  header.be16(bits_per_sample(format));
  extended(header, static_cast<std::uint64_t>(format.sample_rate_hz));
  if (is_float(format)) {
    header.tag("fl32");
    header.be16(0);  // An empty name, padded.
  }
  header.tag("SSND");
  header.be32(bytes + kChunkHeaderBytes);
  header.be32(0);
  header.be32(0);
  return header.take();
}

}  // namespace syrinx::io
