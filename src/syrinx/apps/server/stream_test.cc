// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "syrinx/apps/server/server.h"
#include "syrinx/apps/server/server_test_support.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

// What came on a stream, up to and with a message of that type.
struct StreamHeard {
  std::vector<json> messages;
  std::size_t audio_bytes = 0;
  const json& last() const { return messages.back(); }
  json first(const std::string& type) const {
    for (const json& message : messages) {
      if (message["type"] == type) return message;
    }
    return nullptr;
  }
};

StreamHeard hear_until(TestWebSocket& socket, const std::string& type) {
  StreamHeard heard;
  while (const auto message = socket.next()) {
    if (message->opcode == 2) heard.audio_bytes += message->payload.size();
    if (message->opcode == 8) break;
    if (message->opcode != 1) continue;
    heard.messages.push_back(json::parse(message->payload));
    if (heard.last()["type"] == type) break;
  }
  return heard;
}

TEST(Stream, TextInPiecesIsSaidSentenceBySentenceWithItsPlaces) {
  const auto server = started();
  TestWebSocket stream(server->port(), "/v1/audio/stream");
  ASSERT_EQ(stream.status(), 101);
  for (const char* piece : {"Hel", "lo there. Dr", ". Smith is"})
    stream.send_text(json{{"type", "text"}, {"text", piece}}.dump());
  const auto first = hear_until(stream, "sentence");
  EXPECT_EQ(first.last()["text"], "Hello there.");
  EXPECT_EQ(first.first("begin")["sample_rate_hz"], 24'000);
  stream.send_text(R"({"type": "text", "text": " here."})");
  stream.send_text(R"({"type": "flush"})");
  const auto second = hear_until(stream, "flushed");
  EXPECT_GT(second.audio_bytes, 30'000U);
  const auto sentence = second.first("sentence");
  EXPECT_EQ(sentence["text"], "Dr. Smith is here.");
  EXPECT_EQ(sentence["source"], json({13, 31}));
  EXPECT_GE(sentence["words"][0]["begin_s"].get<double>(), first.last()["end_s"].get<double>());
  stream.send_text(R"({"type": "end"})");
  EXPECT_EQ(hear_until(stream, "done").last()["type"], "done");
  EXPECT_EQ(stream.next()->opcode, 8);
}

TEST(Stream, AStopTellsTheLastWordThatWasHeardAndNothingIsSaidAfterIt) {
  const auto server = started();
  TestWebSocket stream(server->port(), "/v1/audio/stream");
  const std::string text = long_text(40);
  stream.send_text(json{{"type", "text"}, {"text", text}}.dump());
  const auto spoken = hear_until(stream, "sentence").last();
  const auto& word = spoken["words"][2];
  stream.send_text(
      json{{"type", "stop"}, {"played_s", word["begin_s"].get<double>() + 0.001}}.dump());
  const auto stopped = hear_until(stream, "stopped").last();
  EXPECT_EQ(stopped["source_offset"], word["source"][1]);
  stream.send_text(R"({"type": "text", "text": "Now this."})");
  stream.send_text(R"({"type": "flush"})");
  const auto after = hear_until(stream, "flushed");
  const auto next = after.first("sentence");
  EXPECT_EQ(next["text"], "Now this.");
  EXPECT_EQ(next["source"][0], text.size());
}

TEST(Stream, AStartChoosesVoiceAndFormat) {
  const auto server = started();
  TestWebSocket stream(server->port(), "/v1/audio/stream");
  stream.send_text(R"({"type": "start", "voice": "onyx", "response_format": "mp3"})");
  stream.send_text(R"({"type": "text", "text": "Hi."})");
  stream.send_text(R"({"type": "end"})");
  const auto heard = hear_until(stream, "done");
  EXPECT_EQ(heard.first("begin")["format"], "mp3");
  EXPECT_GT(heard.audio_bytes, 1'000U);
  EXPECT_EQ(stats(server->port())["voices"]["rms"]["requests"], 1);
}

TEST(Stream, WhatIsNoMessageIsAnsweredAndTheStreamGoesOn) {
  const auto server = started();
  TestWebSocket stream(server->port(), "/v1/audio/stream");
  for (const char* wrong : {"", "nonsense", "[]", "{}", R"({"type": "x"})", R"({"type": "text"})",
                            R"({"type": "start", "voice": "/etc"})"}) {
    stream.send_text(wrong);
    EXPECT_EQ(hear_until(stream, "error").last()["type"], "error") << wrong;
  }
  stream.send_frame(2, "bytes");
  EXPECT_EQ(hear_until(stream, "error").last()["status"], 400);
  stream.send_text(json{{"type", "text"}, {"text", std::string(5'000, 'a')}}.dump());
  EXPECT_EQ(hear_until(stream, "error").last()["status"], 413);
  stream.send_text(R"({"type": "text", "text": "Still here."})");
  stream.send_text(R"({"type": "end"})");
  EXPECT_EQ(hear_until(stream, "done").last()["type"], "done");
}

TEST(Stream, AMessageThatIsTooLongEndsIt) {
  const auto server = started();
  TestWebSocket stream(server->port(), "/v1/audio/stream");
  stream.send_text(std::string(100'000, 'a'));
  while (const auto message = stream.next()) {
    if (message->opcode == 8) break;
  }
  EXPECT_EQ(ask(server->port(), "GET", "/healthz").status, 200);
}

TEST(Stream, ADrainLetsItSayWhatItWasGiven) {
  const auto server = started();
  TestWebSocket stream(server->port(), "/v1/audio/stream");
  stream.send_text(json{{"type", "text"}, {"text", long_text(5)}}.dump());
  (void)hear_until(stream, "sentence");
  std::thread draining([&] { EXPECT_TRUE(server->drain()); });
  const auto heard = hear_until(stream, "done");
  EXPECT_EQ(heard.last()["type"], "done");
  EXPECT_EQ(stream.next()->opcode, 8);
  stream.socket().close();
  draining.join();
}

}  // namespace
}  // namespace syrinx::server
