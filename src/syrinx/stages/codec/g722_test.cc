// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/g722.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/test_data.h"
#include "syrinx/core/base/sha256.h"

namespace syrinx::codec {
namespace {

std::vector<std::uint8_t> file_bytes(const std::string& relative) {
  std::ifstream file(support::data_path(relative), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::int16_t> samples_of(const std::vector<std::uint8_t>& bytes, bool big_endian) {
  std::vector<std::int16_t> samples(bytes.size() / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const unsigned first = bytes[2 * i];
    const unsigned second = bytes[2 * i + 1];
    samples[i] =
        static_cast<std::int16_t>(big_endian ? (first << 8) | second : (second << 8) | first);
  }
  return samples;
}

std::string digest(std::span<const std::uint8_t> bytes) { return sha256_hex(std::as_bytes(bytes)); }

std::string digest(const std::vector<std::int16_t>& samples) {
  std::vector<std::uint8_t> bytes;
  for (const std::int16_t sample : samples) {
    bytes.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(sample) & 0xFFU));
    bytes.push_back(static_cast<std::uint8_t>((static_cast<unsigned>(sample) >> 8) & 0xFFU));
  }
  return digest(bytes);
}

std::vector<std::uint8_t> encoded(std::vector<std::int16_t> samples, int bits) {
  samples.resize(samples.size() / 2 * 2);
  std::vector<std::uint8_t> codes(samples.size() / 2);
  G722Encoder(bits).encode(samples, codes);
  return codes;
}

std::vector<std::int16_t> decoded(const std::vector<std::uint8_t>& codes, int bits) {
  std::vector<std::int16_t> samples(codes.size() * 2);
  G722Decoder(bits).decode(codes, samples);
  return samples;
}

// The sums of test.checksum.
TEST(G722, DecodesThePublishedVectorsBitExactly) {
  SYRINX_NEED_DATA("media/g722/test.g722");
  EXPECT_EQ(digest(decoded(file_bytes("media/g722/test.g722"), 8)),
            "a886f22d37ecd356e1963072bc481ed2c5dd12539428188d9779d33a520f3ff8");
  EXPECT_EQ(digest(decoded(file_bytes("media/g722/fullscale.g722"), 8)),
            "e70c92cd2068d112839db12bfaa787cc0ea9a809b64fbf62fd78b6041cd9fbcc");
}

TEST(G722, EncodesThePublishedVectorBitExactly) {
  SYRINX_NEED_DATA("media/g722/pcminb.dat");
  const auto samples = samples_of(file_bytes("media/g722/pcminb.dat"), true);
  EXPECT_EQ(digest(encoded(samples, 8)),
            "fc0abeb220fc66fc7d5429758dff26b56bdc9e2d64ce701a5b2489ba3a2fb877");
}

// pcminb.checksum has MD5 sums; these are the SHA-256 sums of the same bytes.
TEST(G722, TheThreeRatesGiveThePublishedBytesBothWays) {
  SYRINX_NEED_DATA("media/g722/pcminb.dat");
  struct Row {
    int bits;
    const char* codes;
    const char* samples;
  };
  const auto samples = samples_of(file_bytes("media/g722/pcminb.dat"), false);
  for (const Row& row : {Row{6, "631984cb5058f7447a33d5e95dcc91313ee662a340ebb95519ed452416395d82",
                             "6cde4113dd85556f0b12e4d82c2dc7136e008ed9d6f223005a7bec76fdb87e69"},
                         Row{7, "ba308bf785adfe64f2411832b0ac82d562362797dbe7846c9de7e07730976358",
                             "a1d7f5fc13fc0b55c0bb80809f646d15676318afa3a60e4e6e34ae3c788818eb"},
                         Row{8, "61dcd14130c7976ee9fd9c9699315d9aa7d8d07a648fc1101dc8c891341a7ac2",
                             "baf5d7989c7f919e334b6e3d8f99519e508e464f82353394c4f7b62bd06c78c1"}}) {
    const auto codes = encoded(samples, row.bits);
    EXPECT_EQ(digest(codes), row.codes) << row.bits;
    EXPECT_EQ(digest(decoded(codes, row.bits)), row.samples) << row.bits;
  }
}

TEST(G722, ATonePassesAfterTwentyTwoSamples) {
  std::vector<std::int16_t> tone(3'200);
  for (std::size_t i = 0; i < tone.size(); ++i)
    tone[i] = static_cast<std::int16_t>(
        8'000 * std::sin(0.31 * static_cast<double>(i) * (1 + 1e-4 * static_cast<double>(i))));
  const auto heard = decoded(encoded(tone, 8), 8);
  double error = 0.0;
  double power = 0.0;
  for (std::size_t i = 800; i < tone.size(); ++i) {
    error += std::pow(heard[i] - tone[i - 22], 2);
    power += std::pow(tone[i - 22], 2);
  }
  EXPECT_LT(error, 0.02 * power);
}

}  // namespace
}  // namespace syrinx::codec
