// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/characters.h"

#include <gtest/gtest.h>

namespace syrinx {
namespace {

TEST(Characters, OfEveryLengthComeBackAsTheyWere) {
  for (const char32_t code : {U'a', U'\u007F', U'\u0080', U'\u07FF', U'\u0800', U'\uD7FF',
                              U'\uE000', U'\uFFFF', U'\U00010000', U'\U0010FFFF'}) {
    const std::string written = utf8_of(code);
    const auto read = characters_of(written);
    ASSERT_EQ(read.size(), 1u) << static_cast<unsigned>(code);
    EXPECT_EQ(read[0].code, code);
    EXPECT_EQ(read[0].source, (SourceSpan{0, written.size()}));
  }
}

TEST(Characters, BrokenBytesAreReplacedOneByOne) {
  for (const char* broken : {"\xFF", "\xC0\x80", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                             "\xE0\x9F\xBF", "\x80"}) {
    const std::string text = std::string("a") + broken + "b";
    const auto read = characters_of(text);
    ASSERT_EQ(read.size(), text.size());
    EXPECT_EQ(read.front().code, U'a');
    EXPECT_EQ(read[1].code, kReplacement);
    EXPECT_EQ(read.back().code, U'b');
  }
}

TEST(Characters, WhatIsNoCharacterIsNotWritten) {
  EXPECT_EQ(utf8_of(0xD800), "");
  EXPECT_EQ(utf8_of(0x110000), "");
}

}  // namespace
}  // namespace syrinx
