// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/wyoming/wyoming_message.h"

#include <gtest/gtest.h>

#include <string>

#include "syrinx/core/base/limits.h"

namespace syrinx::server::wyoming {
namespace {

TEST(WyomingMessage, ComesBackAsItWasWrittenHoweverItIsCut) {
  const std::string bytes = message_text("audio-chunk", R"({"rate":16000})", "pay\nload") +
                            message_text("ping") + "{\"type\":\"x\",\"data\":{\"a\":1}}\n";
  for (std::size_t block = 1; block <= bytes.size(); ++block) {
    MessageReader reader;
    std::vector<Message> messages;
    for (std::size_t at = 0; at < bytes.size(); at += block) {
      reader.add(std::string_view(bytes).substr(at, block));
      while (true) {
        auto message = reader.next();
        ASSERT_TRUE(message) << message.error().message;
        if (!*message) break;
        messages.push_back(std::move(**message));
      }
    }
    ASSERT_EQ(messages.size(), 3U) << block;
    EXPECT_EQ(messages[0].type, "audio-chunk");
    EXPECT_EQ(messages[0].data.find("rate")->count(), 16'000U);
    EXPECT_EQ(messages[0].payload, "pay\nload");
    EXPECT_EQ(messages[1].type, "ping");
    EXPECT_EQ(messages[2].data.find("a")->count(), 1U);
  }
}

TEST(WyomingMessage, WhatIsNoMessageIsAnError) {
  for (const char* line :
       {"\n", "hello\n", "[]\n", "{}\n", "{\"type\":1}\n", "{\"type\":\"x\",\"data_length\":-1}\n",
        "{\"type\":\"x\",\"data_length\":3}\nabc", "{\"type\":\"x\",\"data_length\":2}\n[]"}) {
    MessageReader reader;
    reader.add(line);
    EXPECT_FALSE(reader.next()) << line;
  }
}

TEST(WyomingMessage, WhatIsTooLongIsRefusedBeforeItIsThere) {
  MessageReader line;
  line.add(std::string(limits::kMaxWyomingLineBytes + 1, ' '));
  EXPECT_EQ(line.next().error().code, ErrorCode::kLimitExceeded);
  MessageReader payload;
  payload.add("{\"type\":\"x\",\"payload_length\":99999999}\n");
  EXPECT_EQ(payload.next().error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace syrinx::server::wyoming
