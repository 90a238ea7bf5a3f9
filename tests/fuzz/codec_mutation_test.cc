// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "fuzz/codec_target.h"
#include "fuzz/mutator.h"
#include "syrinx/stages/codec/codec.h"

namespace syrinx::fuzz {
namespace {

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// A stream of Opus with FEC: the codec whose payloads have a form of their own.
ByteString opus_seed(int rate_hz, std::size_t units) {
  codec::EncoderSettings settings;
  settings.sample_rate_hz = rate_hz;
  settings.fec = true;
  settings.expected_loss_percent = 20;
  auto encoder = codec::make_encoder({111, "opus", 48'000, 2, {}}, settings).value();
  const std::size_t block = static_cast<std::size_t>(rate_hz / 400) * units;
  AudioBuffer sound(1, block, rate_hz);
  ByteString seed = {std::byte{0}};
  std::vector<std::uint8_t> payload(codec::kMaxPayloadBytes);
  for (int i = 0; i < 6; ++i) {
    for (std::size_t k = 0; k < block; ++k)
      sound.channel(0)[k] =
          0.3F * static_cast<float>(std::sin(0.05 * static_cast<double>(k)) +
                                    0.3 * std::sin(0.011 * i * static_cast<double>(k)));
    const std::size_t bytes = encoder->encode(sound, payload).bytes;
    seed.push_back(static_cast<std::byte>(bytes >> 8));
    seed.push_back(static_cast<std::byte>(bytes & 0xFFU));
    for (std::size_t k = 0; k < bytes; ++k) seed.push_back(static_cast<std::byte>(payload[k]));
  }
  return seed;
}

ByteString bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

TEST(CodecMutation, EveryPayloadIsDecodedOrRefused) {
  std::vector<ByteString> seeds = {opus_seed(16'000, 8), opus_seed(48'000, 8), opus_seed(8'000, 24),
                                   opus_seed(48'000, 1)};
  for (unsigned codec = 1; codec < 5; ++codec) {
    ByteString other = seeds[0];
    other[0] = static_cast<std::byte>(codec);
    seeds.push_back(std::move(other));
  }
  const std::uint64_t first = number_from_environment("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number_from_environment("SYRINX_FUZZ_RUNS", 1'500);
  std::size_t decoded = 0;
  std::size_t refused = 0;
  for (std::uint64_t run = first; run < first + runs; ++run) {
    const ByteString bytes = mutate(seeds, run);
    const auto outcome =
        decode_as_payloads({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    EXPECT_EQ(outcome.broken, "") << "again with SYRINX_FUZZ_FIRST=" << run
                                  << " SYRINX_FUZZ_RUNS=1";
    decoded += outcome.decoded;
    refused += outcome.refused;
  }
  std::cout << runs << " mutants: " << decoded << " payloads decoded, " << refused << " refused\n";
  if (runs >= 1'500) {
    EXPECT_GT(decoded, 1'000U) << "mutants that are all refused test little";
    EXPECT_GT(refused, 100U) << "mutants that are all decoded test little";
  }
}

TEST(CodecMutation, EveryLineOfFormatsIsReadOrRefusedWithASentence) {
  const std::vector<ByteString> seeds = {
      bytes_of("111 0 8 9 101\na=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;useinbandfec=1\n"
               "a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-16\n"),
      bytes_of("96 13\na=rtpmap:96 L16/44100/2\na=rtpmap:13 CN/8000\n")};
  const std::uint64_t first = number_from_environment("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number_from_environment("SYRINX_FUZZ_RUNS", 20'000);
  std::uint64_t read = 0;
  for (std::uint64_t run = first; run < first + runs; ++run) {
    const ByteString bytes = mutate(seeds, run);
    const auto outcome =
        read_as_formats({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    EXPECT_EQ(outcome.broken, "") << "again with SYRINX_FUZZ_FIRST=" << run
                                  << " SYRINX_FUZZ_RUNS=1";
    read += outcome.read ? 1 : 0;
  }
  std::cout << runs << " mutants: " << read << " read, the others refused\n";
  if (runs >= 20'000) {
    EXPECT_GT(read, runs / 50) << "mutants that are all refused test little";
    EXPECT_LT(read, runs * 9 / 10);
  }
}

}  // namespace
}  // namespace syrinx::fuzz
