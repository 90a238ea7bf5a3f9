// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/mutator.h"
#include "fuzz/wire_target.h"

namespace syrinx::fuzz {
namespace {

// A frame of a WebSocket's client (RFC 6455, 5.2), masked with zeros.
std::string frame(int first_byte, const std::string& payload) {
  std::string bytes(1, static_cast<char>(first_byte));
  if (payload.size() < 126) {
    bytes += static_cast<char>(0x80 | payload.size());
  } else {
    bytes += {static_cast<char>(0xFE), static_cast<char>(payload.size() >> 8),
              static_cast<char>(payload.size() & 0xFF)};
  }
  return bytes + std::string(4, '\0') + payload;
}

std::vector<std::string> seeds() {
  return {
      "hGET /a?b=c HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n",
      "hPOST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
      "hPOST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
      "hGET / HTTP/1.0\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      "hPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n",
      "w" + frame(0x81, "hello") + frame(0x82, std::string(200, 'x')) + frame(0x88, "\x03\xE8"),
      "w" + frame(0x01, "hel") + frame(0x89, "ping") + frame(0x80, "lo") + frame(0x8A, ""),
      "w" + frame(0x82, std::string(1'100, 'x')),
      "y{\"type\":\"synthesize\",\"version\":\"1.5.4\",\"data_length\":17}\n{\"text\":\"Hi you.\"}"
      "{\"type\":\"x\",\"payload_length\":3}\nabc{\"type\":\"ping\"}\n",
  };
}

TEST(WireMutation, TheServerAnswersWhatIsWellFormed) {
  for (const std::string& seed : seeds()) EXPECT_EQ(send_as_client(seed), "") << seed;
}

// SYRINX_FUZZ_RUNS=1000000 for the long run; SYRINX_FUZZ_FIRST to begin elsewhere.
TEST(WireMutation, NoBytesOfAClientBreakTheServer) {
  std::vector<ByteString> bytes_of_seeds;
  for (const std::string& seed : seeds()) {
    const auto bytes = std::as_bytes(std::span(seed));
    bytes_of_seeds.emplace_back(bytes.begin(), bytes.end());
  }
  const auto number = [](const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
  };
  const std::uint64_t first = number("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number("SYRINX_FUZZ_RUNS", 3'000);
  for (std::uint64_t run = first; run < first + runs; ++run) {
    const ByteString mutant = mutate(bytes_of_seeds, run);
    const std::string_view bytes(reinterpret_cast<const char*>(mutant.data()), mutant.size());
    ASSERT_EQ(send_as_client(bytes), "") << "again with SYRINX_FUZZ_FIRST=" << run;
  }
}

}  // namespace
}  // namespace syrinx::fuzz
