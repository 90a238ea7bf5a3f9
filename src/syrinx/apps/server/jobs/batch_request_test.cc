// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/jobs/batch_request.h"

#include <gtest/gtest.h>

#include <string>

#include "syrinx/core/base/json.h"

namespace syrinx::server {
namespace {

BatchRequestLimits limits() { return {{200, "rms"}, 5, 300}; }

NewBatch taken(std::string_view body) {
  NewBatch batch;
  const auto wrong = read_batch_request(body, limits(), batch);
  EXPECT_FALSE(wrong) << wrong->error.message;
  return batch;
}

RequestError refused(std::string_view body) {
  NewBatch batch;
  auto wrong = read_batch_request(body, limits(), batch);
  EXPECT_TRUE(wrong) << body;
  return wrong.value_or(RequestError{});
}

TEST(BatchRequest, TakesLinesAsOpenAisBatchesHaveThem) {
  const auto batch =
      taken(R"({"custom_id": "a", "method": "POST", "url": "/v1/audio/speech", )"
            R"("body": {"input": "One."}})"
            "\n\n"
            R"({"custom_id": "b", "url": "/v1/audio/speech/captioned", "body": {"input": "Two."}})"
            "\r\n"
            R"({"body": {"input": "Three.", "stream_format": "sse", "voice": "slt"}})");
  EXPECT_EQ(batch.kind, BatchKind::kSpeech);
  ASSERT_EQ(batch.items.size(), 3U);
  EXPECT_EQ(batch.items[0].custom_id, "a");
  EXPECT_EQ(batch.items[0].form, "audio");
  EXPECT_EQ(batch.items[1].form, "captions");
  EXPECT_EQ(batch.items[2].form, "events");
  EXPECT_EQ(batch.items[2].custom_id, "2");
  EXPECT_EQ(batch.items[2].characters, 6U);
}

TEST(BatchRequest, TakesLinesOfBareRequests) {
  const auto batch = taken("{\"input\": \"One.\"}\n{\"input\": \"Two.\"}\n");
  EXPECT_EQ(batch.kind, BatchKind::kSpeech);
  EXPECT_EQ(batch.items.size(), 2U);
  EXPECT_EQ(taken("{\"input\":\n \"One.\"}\n").kind, BatchKind::kReading);
}

TEST(BatchRequest, KeepsTheVoiceThatWasMeantThen) {
  const auto batch =
      taken(R"({"requests": [{"input": "One."}, {"input": "Two.", "voice": "slt"}]})");
  ASSERT_EQ(batch.items.size(), 2U);
  const auto first = parse_json(batch.items[0].body), second = parse_json(batch.items[1].body);
  EXPECT_EQ(*first->find("voice")->text(), "rms");
  EXPECT_EQ(*second->find("voice")->text(), "slt");
}

TEST(BatchRequest, TakesOneLongTextAndMetadata) {
  const auto batch = taken(
      R"({"input": "A text that goes on.", "response_format": "wav", "metadata": {"book": "x"}})");
  EXPECT_EQ(batch.kind, BatchKind::kReading);
  ASSERT_EQ(batch.items.size(), 1U);
  EXPECT_EQ(batch.items[0].form, "reading");
  EXPECT_EQ(batch.metadata, R"({"book": "x"})");
}

TEST(BatchRequest, NamesThePlaceOfEachMistake) {
  EXPECT_EQ(refused(R"({"requests": [{"input": "A."}, {"input": ""}]})").param,
            "requests[1].input");
  EXPECT_EQ(refused(R"({"requests": [{"body": {"input": "A.", "speed": 9}}]})").param,
            "requests[0].speed");
  EXPECT_EQ(refused("{\"body\": {\"input\": \"A.\"}}\n{oops").param, "line 2");
  EXPECT_EQ(refused(R"({"requests": [{"custom_id": "a b", "input": "A."}]})").param,
            "requests[0].custom_id");
  EXPECT_EQ(
      refused(
          R"({"requests": [{"custom_id": "a", "input": "A."}, {"custom_id": "a", "input": "B."}]})")
          .param,
      "requests[1].custom_id");
  EXPECT_EQ(refused(R"({"requests": [{"url": "/v1/models", "body": {"input": "A."}}]})").param,
            "requests[0].url");
  EXPECT_EQ(refused(R"({"requests": [{"method": "GET", "input": "A."}]})").param,
            "requests[0].method");
  EXPECT_EQ(refused(R"({"requests": [], "metadata": 5})").param, "metadata");
  EXPECT_EQ(refused(R"({"requests": []})").param, "requests");
  EXPECT_EQ(refused(R"({})").param, "requests");
  EXPECT_EQ(refused(R"({"input": "A.", "response_format": "pcm"})").param, "response_format");
  EXPECT_EQ(refused(R"({"input": "A.", "loudness_lufs": 3})").param, "loudness_lufs");
  EXPECT_EQ(refused("[1]").error.code, ErrorCode::kInvalidArgument);
}

TEST(BatchRequest, RefusesMoreThanItsLimits) {
  std::string many = "{\"requests\": [{\"input\": \"A.\"}";
  for (int i = 0; i < 5; ++i) many += ",{\"input\": \"A.\"}";
  EXPECT_NE(refused(many + "]}").error.message.find("5"), std::string::npos);
  const std::string text(150, 'a');
  const std::string one = "{\"input\": \"" + text + "\"}";
  EXPECT_NE(
      refused("{\"requests\": [" + one + "," + one + "," + one + "]}").error.message.find("300"),
      std::string::npos);
  EXPECT_EQ(refused("{\"requests\": [{\"input\": \"" + text + text + "\"}]}").param,
            "requests[0].input");
}

}  // namespace
}  // namespace syrinx::server
