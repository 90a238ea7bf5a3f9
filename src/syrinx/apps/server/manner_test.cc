// SPDX-License-Identifier: Apache-2.0
// Emotions and the parts of captions, by every way into the server.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "support/test_data.h"
#include "syrinx/apps/server/server.h"
#include "syrinx/apps/server/server_test_support.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

constexpr const char* kSpeech = "/v1/audio/speech";
constexpr const char* kCaptioned = "/v1/audio/speech/captioned";

json in_manner(const std::string& input, const std::string& emotion) {
  json body = {{"input", input}, {"response_format", "pcm"}};
  if (!emotion.empty()) body["emotion"] = emotion;
  return body;
}

std::string said(const Server& server, const json& body) {
  const auto answer = ask(server.port(), "POST", kSpeech, body.dump());
  EXPECT_EQ(answer.status, 200) << answer.body;
  return answer.body;
}

// The captions of a text, without the last line.
std::vector<json> captions(const Server& server, const json& body) {
  const auto answer = ask(server.port(), "POST", kCaptioned, body.dump());
  EXPECT_EQ(answer.status, 200) << answer.body;
  std::vector<json> lines;
  for (std::size_t at = 0, end = 0; at < answer.body.size(); at = end + 1) {
    end = answer.body.find('\n', at);
    lines.push_back(json::parse(answer.body.substr(at, end - at)));
  }
  lines.resize(lines.size() - 1);
  return lines;
}

TEST(ServerManner, AnEmotionIsHeardAsTheMarkupForItIs) {
  const auto server = started();
  const std::string text = "You came to see me after all.";
  const std::string plain = said(*server, in_manner(text, ""));
  const std::string sad = said(*server, in_manner(text, "sad"));
  EXPECT_GT(sad.size(), plain.size() + plain.size() / 10) << "who is sad speaks slowly";
  EXPECT_LT(said(*server, in_manner(text, "sad:0.3")).size(), sad.size());
  EXPECT_EQ(said(*server, in_manner(text, "sad:0")), plain);
  EXPECT_EQ(said(*server, in_manner(text, "neutral")), plain);
  const json markup = {
      {"input", "<speak><syrinx:emotion name=\"sad\">" + text + "</syrinx:emotion></speak>"},
      {"input_type", "ssml"},
      {"response_format", "pcm"}};
  EXPECT_EQ(said(*server, markup), sad);
}

TEST(ServerManner, AnEmotionThatIsNotKnownIsRefusedWithTheListOfThem) {
  const auto server = started();
  for (const char* path : {kSpeech, kCaptioned}) {
    for (const char* emotion : {"hungry", "", "sad:2", "sad:x", "sad:nan"}) {
      json body = {{"input", "Hi."}, {"emotion", emotion}};
      const auto answer = ask(server->port(), "POST", path, body.dump());
      EXPECT_EQ(answer.status, 400) << emotion;
      EXPECT_EQ(json::parse(answer.body)["error"]["param"], "emotion");
    }
    const auto number = ask(server->port(), "POST", path, R"({"input": "Hi.", "emotion": 7})");
    EXPECT_EQ(number.status, 400);
  }
  const auto answer =
      ask(server->port(), "POST", kSpeech, R"({"input": "Hi.", "emotion": "hungry"})");
  EXPECT_NE(answer.body.find("afraid, angry, "), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find("'hungry'"), std::string::npos);
}

TEST(ServerManner, TheOpenApiDocumentNamesTheEmotionsAndTheParts) {
  const auto server = started();
  const auto document = json::parse(ask(server->port(), "GET", "/openapi.json").body);
  const auto& members = document["paths"][kSpeech]["post"]["requestBody"]["content"]
                                ["application/json"]["schema"]["properties"];
  const std::regex pattern(members["emotion"]["pattern"].get<std::string>());
  for (const char* right : {"sad", "warm:0.4", "afraid:1"})
    EXPECT_TRUE(std::regex_match(right, pattern)) << right;
  for (const char* wrong : {"hungry", "sadder", "sad:", "sad:x"})
    EXPECT_FALSE(std::regex_match(wrong, pattern)) << wrong;
  EXPECT_EQ(members["timestamp_granularities"]["items"]["enum"].size(), 4U);
  const auto voices = json::parse(ask(server->port(), "GET", "/v1/audio/voices").body);
  for (const std::string emotion : voices["emotions"])
    EXPECT_TRUE(std::regex_match(emotion, pattern)) << emotion;
  EXPECT_GE(voices["emotions"].size(), 10U);
}

TEST(ServerManner, BatchesSpeakInTheEmotionOfEachRequest) {
  auto options = test_options();
  options.batches.folder = support::scratch_dir() / "batches";
  const auto server = started(options);
  const auto port = server->port();
  const auto finished = [&](const json& body) {
    const json made = json::parse(ask(port, "POST", "/v1/batches", body.dump()).body);
    const std::string place = "/v1/batches/" + made.value("id", "");
    EXPECT_TRUE(
        soon([&] { return !json::parse(ask(port, "GET", place).body)["expires_at"].is_null(); }));
    return place;
  };
  const json request = in_manner("You came.", "sad");
  const std::string place = finished({{"requests", {request, in_manner("You came.", "")}}});
  EXPECT_EQ(ask(port, "GET", place + "/items/0").body, said(*server, request));
  EXPECT_NE(ask(port, "GET", place + "/items/1").body, said(*server, request));
  json reading = {{"input", long_text(3)}, {"response_format", "wav"}};
  const auto plain = ask(port, "GET", finished(reading) + "/items/0").body.size();
  reading["emotion"] = "sad";
  EXPECT_GT(ask(port, "GET", finished(reading) + "/items/0").body.size(), plain + plain / 20);
  const auto wrong = ask(port, "POST", "/v1/batches",
                         R"({"requests": [{"input": "A."}, {"input": "B.", "emotion": "x"}]})");
  EXPECT_EQ(json::parse(wrong.body)["error"]["param"], "requests[1].emotion");
}

TEST(ServerManner, AConversationHasTheEmotionAndThePartsOfItsStart) {
  const auto server = started();
  const auto heard = [&](const json& start) {
    TestWebSocket stream(server->port(), "/v1/audio/stream");
    stream.send_text(start.dump());
    stream.send_text(R"({"type": "text", "text": "You came to see me after all."})");
    stream.send_text(R"({"type": "end"})");
    json sentence;
    while (const auto message = stream.next()) {
      if (message->opcode == 8) break;
      if (message->opcode != 1) continue;
      json one = json::parse(message->payload);
      if (one["type"] == "sentence") sentence = std::move(one);
      if (one["type"] == "error") sentence = std::move(one);
    }
    return sentence;
  };
  const json plain = heard({{"type", "start"}});
  EXPECT_TRUE(plain.contains("words") && plain.contains("phonemes"));
  EXPECT_FALSE(plain.contains("characters") || plain.contains("visemes"));
  const json sad = heard({{"type", "start"},
                          {"emotion", "sad"},
                          {"timestamp_granularities", {"viseme", "character"}}});
  EXPECT_GT(sad["end_s"].get<double>(), 1.1 * plain["end_s"].get<double>());
  EXPECT_TRUE(sad["visemes"].size() > 10 && sad["characters"].size() > 20) << sad;
  EXPECT_FALSE(sad.contains("words") || sad.contains("phonemes"));
}

TEST(ServerManner, AWrongStartIsSaidInAConversation) {
  const auto server = started();
  TestWebSocket stream(server->port(), "/v1/audio/stream");
  stream.send_text(R"({"type": "start", "emotion": "hungry"})");
  const auto error = stream.next();
  ASSERT_TRUE(error);
  EXPECT_NE(error->payload.find("afraid, angry"), std::string::npos) << error->payload;
}

TEST(ServerManner, CaptionsHaveTheTimesThatAreAskedFor) {
  const auto server = started();
  const std::string input = "It cost $5. Good boy.";
  json body = in_manner(input, "");
  const auto usual = captions(*server, body);
  body["timestamp_granularities"] = {"word", "phoneme", "character", "viseme"};
  const auto all = captions(*server, body);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_FALSE(usual[0].contains("characters") || usual[0].contains("visemes"));
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const char* part : {"words", "phonemes", "audio", "source", "marks", "skipped"})
      EXPECT_EQ(all[i][part], usual[i][part]) << part;
    EXPECT_EQ(all[i]["visemes"].size(), all[i]["phonemes"].size());
    std::string letters, words;
    for (const json& character : all[i]["characters"]) letters += character["text"];
    for (const json& word : all[i]["words"]) words += word["text"];
    EXPECT_EQ(letters, words);
  }
  const json& last = all[1]["characters"].back();
  EXPECT_EQ(last["text"], "y");
  EXPECT_EQ(last["source"], json({19, 20}));
  EXPECT_GT(last["begin_s"], all[1]["characters"][0]["begin_s"]);
  EXPECT_GT(all[1]["characters"][0]["begin_s"], all[0]["end_s"].get<double>() - 0.5);
}

TEST(ServerManner, CaptionsLeaveOutWhatIsNotAskedFor) {
  const auto server = started();
  json body = in_manner("Good boy.", "");
  body["timestamp_granularities"] = json::array({"viseme"});
  const auto lines = captions(*server, body);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_GT(lines[0]["visemes"].size(), 4U);
  for (const char* part : {"words", "phonemes", "characters"})
    EXPECT_FALSE(lines[0].contains(part)) << part;
  body["timestamp_granularities"] = json::array();
  EXPECT_FALSE(captions(*server, body)[0].contains("words"));
  body["timestamp_granularities"] = nullptr;
  EXPECT_TRUE(captions(*server, body)[0].contains("words"));
}

TEST(ServerManner, PartsThatThereAreNotAreRefused) {
  const auto server = started();
  for (const json& wrong :
       {json("word"), json({"words"}), json({1}), json({"word", nullptr}), json(3)}) {
    const json body = {{"input", "Hi."}, {"timestamp_granularities", wrong}};
    const auto answer = ask(server->port(), "POST", kCaptioned, body.dump());
    EXPECT_EQ(answer.status, 400) << wrong;
    EXPECT_EQ(json::parse(answer.body)["error"]["param"], "timestamp_granularities");
  }
}

TEST(ServerManner, AnswersAreKeptUnderTheirEmotionAndTheirParts) {
  auto options = test_options();
  options.cache_folder = support::scratch_dir() / "cache";
  options.cache_bytes = 10'000'000;
  const auto server = started(options);
  const auto is_kept = [&](const char* path, const json& body) {
    return ask(server->port(), "POST", path, body.dump()).fields.count("x-syrinx-cache") == 1;
  };
  json body = in_manner("You came.", "");
  std::size_t entries = 0;
  const auto keep = [&](const char* path) {
    EXPECT_FALSE(is_kept(path, body)) << body;
    ++entries;
    EXPECT_TRUE(soon([&] { return stats(server->port())["cache"]["entries"] == entries; }));
    EXPECT_TRUE(is_kept(path, body)) << body;
  };
  keep(kSpeech);
  body["timestamp_granularities"] = {"viseme"};
  EXPECT_TRUE(is_kept(kSpeech, body)) << "sound alone has no parts";
  keep(kCaptioned);
  body["timestamp_granularities"] = {"word"};
  keep(kCaptioned);
  body["emotion"] = "sad";
  keep(kCaptioned);
  keep(kSpeech);
}

}  // namespace
}  // namespace syrinx::server
