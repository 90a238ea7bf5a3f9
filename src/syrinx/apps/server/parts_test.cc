// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/test_data.h"
#include "support/two_stage.h"
#include "syrinx/apps/server/server.h"
#include "syrinx/apps/server/server_test_support.h"

// A voice that makes the sound of a sentence in parts, as clients hear it.
namespace syrinx::server {
namespace {

using nlohmann::json;

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(json::parse(text.substr(at, end - at)));
    at = end + 1;
  }
  return lines;
}

// A machine with the small two-stage voice of the tests, "kate", for as long as this lives.
class TwoStageMachine {
 public:
  TwoStageMachine() {
    const auto root = support::scratch_dir();
    support::copy_golden_voice(root / "kate");
    setenv("SYRINX_MODELS", root.c_str(), 1);
  }
  ~TwoStageMachine() { unsetenv("SYRINX_MODELS"); }
  TwoStageMachine(const TwoStageMachine&) = delete;
  TwoStageMachine& operator=(const TwoStageMachine&) = delete;
};

constexpr const char* kOneSentenceByKate =
    R"({"input": "One two three four five six seven.", "voice": "kate", "response_format": "pcm"})";

TEST(Server, CaptionsOfAVoiceThatMakesItsSoundInPartsComeWithTheFirst) {
  const TwoStageMachine machine;
  const auto server = started();
  const auto port = server->port();
  const auto whole = ask(port, "POST", "/v1/audio/speech", kOneSentenceByKate);
  ASSERT_EQ(whole.status, 200) << whole.body;
  const auto answer = ask(port, "POST", "/v1/audio/speech/captioned", kOneSentenceByKate);
  const std::vector<json> lines = lines_of(answer.body);
  ASSERT_GE(lines.size(), 4U);
  EXPECT_EQ(lines[0]["words"].size(), 7U);
  EXPECT_FALSE(lines[0].contains("continues"));
  std::size_t sound_bytes = 0;
  for (const json& line : lines) {
    const auto audio = line["audio"].get<std::string>();
    sound_bytes += audio.size() / 4 * 3 -
                   static_cast<std::size_t>(std::count(audio.begin(), audio.end(), '='));
    const bool inner = &line != &lines.front() && &line != &lines.back();
    EXPECT_EQ(line.value("continues", false), inner);
    EXPECT_EQ(line.contains("words"), &line == &lines.front());
  }
  EXPECT_EQ(sound_bytes, whole.body.size());
  EXPECT_TRUE(lines.back()["done"].get<bool>());
  EXPECT_NEAR(lines.back()["duration_s"].get<double>(), lines[0]["end_s"].get<double>(), 0.002);
  EXPECT_EQ(lines.back()["sentences"], 1);
  EXPECT_EQ(stats(port)["sentences"], 2) << "a sentence counts once";
}

TEST(Server, AConversationHearsASentenceInPartsAndIsToldOfItOnce) {
  const TwoStageMachine machine;
  const auto server = started();
  TestWebSocket stream(server->port(), "/v1/audio/stream");
  stream.send_text(R"({"type": "start", "voice": "kate"})");
  stream.send_text(R"({"type": "text", "text": "One two three four five six seven."})");
  stream.send_text(R"({"type": "end"})");
  std::size_t sentences = 0, sounds = 0;
  while (const auto message = stream.next()) {
    if (message->opcode == 8) break;
    sounds += message->opcode == 2 ? 1 : 0;
    if (message->opcode != 1) continue;
    sentences += json::parse(message->payload)["type"] == "sentence" ? 1 : 0;
  }
  EXPECT_EQ(sentences, 1U);
  EXPECT_GE(sounds, 3U);
}

}  // namespace
}  // namespace syrinx::server
