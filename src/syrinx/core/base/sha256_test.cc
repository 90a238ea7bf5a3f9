// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/sha256.h"

#include <gtest/gtest.h>

#include <string>

namespace syrinx {
namespace {

std::string digest(const std::string& text) { return sha256_hex(std::as_bytes(std::span(text))); }

// FIPS 180-4's examples, as NIST publishes them, and the empty message.
TEST(Sha256, AgreesWithTheStandardsExamples) {
  EXPECT_EQ(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digest(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, AnyPiecesGiveTheSameDigest) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) text.push_back(static_cast<char>(i * 7));
  for (const std::size_t piece : {1u, 7u, 63u, 64u, 65u, 999u}) {
    Sha256 sum;
    for (std::size_t at = 0; at < text.size(); at += piece)
      sum.update(std::as_bytes(std::span(text)).subspan(at, std::min(piece, text.size() - at)));
    EXPECT_EQ(sum.hex(), digest(text)) << piece;
  }
}

}  // namespace
}  // namespace syrinx
