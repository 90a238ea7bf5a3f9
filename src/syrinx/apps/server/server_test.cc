// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "support/test_data.h"
#include "syrinx/apps/server/api/keys.h"
#include "syrinx/apps/server/server_test_support.h"

namespace syrinx::server {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr const char* kTwoSentences =
    R"({"input": "Hello there. This is the second sentence.", "response_format": "pcm"})";

// A request that comes while the one before it is worked on is read beside it; the bytes of those
// that follow must not be taken for earlier ones.
TEST(Server, TakesEveryRequestAsItWasSentThoughOneComesBeforeTheAnswer) {
  const auto server = started();
  TestSocket socket(server->port());
  const auto text_of = [](const std::string& word) {
    return request_text("POST", "/v1/text", "{\"input\": \"" + word + "\"}",
                        {{"Content-Type", "application/json"}});
  };
  for (int round = 0; round < 20; ++round) {
    const std::string number = std::to_string(round);
    socket.send(request_text("POST", "/v1/audio/speech",
                             speech_body("One two three four five six seven. " + number),
                             {{"Content-Type", "application/json"}}));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    socket.send(text_of("while " + number));
    EXPECT_EQ(read_answer(socket).status, 200);
    const TestAnswer second = read_answer(socket);
    EXPECT_EQ(second.status, 200) << second.body;
    for (const std::string word : {"longer than before", "short"}) {
      socket.send(text_of(word + number));
      const TestAnswer next = read_answer(socket);
      ASSERT_EQ(next.status, 200) << next.body;
      EXPECT_NE(next.body.find(word), std::string::npos) << next.body;
    }
  }
}

TEST(Server, SaysThatItLivesAndIsReady) {
  const auto server = started();
  EXPECT_EQ(ask(server->port(), "GET", "/healthz").status, 200);
  EXPECT_EQ(json::parse(ask(server->port(), "GET", "/readyz").body)["status"], "ready");
}

TEST(Server, AStepThatHangsIsSeenInHealthReadinessAndMetrics) {
  auto options = test_options();
  options.work.stall_s = 0;
  const auto server = started(options);
  const auto port = server->port();
  EXPECT_EQ(ask(port, "GET", "/readyz").status, 200);
  TestSocket busy(port);
  busy.send(request_text("POST", "/v1/audio/speech", speech_body(long_text(80))));
  EXPECT_TRUE(soon([&] {
    const auto health = json::parse(ask(port, "GET", "/healthz").body);
    return health["status"] == "stalled" && health["longest_step_s"] > 0;
  }));
  EXPECT_TRUE(soon([&] { return ask(port, "GET", "/readyz").status == 503; }));
  EXPECT_TRUE(soon([&] {
    const std::string text = ask(port, "GET", "/metrics").body;
    return text.find("syrinx_tasks_stalled 1") != std::string::npos;
  }));
  const std::string text = ask(port, "GET", "/metrics").body;
  for (const char* gauge : {"syrinx_longest_step_seconds ", "syrinx_resident_bytes "})
    EXPECT_NE(text.find(gauge), std::string::npos) << gauge;
  EXPECT_GT(stats(port)["memory_bytes"], 1'000'000);
}

TEST(Server, ARequestMayNameItsPriority) {
  const auto server = started();
  for (const char* name : {"interactive", "normal", "batch"}) {
    const json body = {{"input", "Hello."}, {"response_format", "pcm"}, {"priority", name}};
    EXPECT_EQ(ask(server->port(), "POST", "/v1/audio/speech", body.dump()).status, 200) << name;
  }
  const auto wrong =
      ask(server->port(), "POST", "/v1/audio/speech", R"({"input": "Hello.", "priority": "now"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(json::parse(wrong.body)["error"]["param"], "priority");
}

TEST(Server, SpeaksInEachFormatThatItNames) {
  const auto server = started();
  const std::vector<std::pair<const char*, const char*>> kStarts = {
      {"wav", "RIFF\xff\xff\xff\xffWAVE"}, {"flac", "fLaC"}, {"opus", "OggS"}, {"mp3", "\xff\xf3"}};
  for (const auto& [format, start] : kStarts) {
    const auto answer =
        ask(server->port(), "POST", "/v1/audio/speech", speech_body("Hello there.", format));
    EXPECT_EQ(answer.status, 200) << format;
    EXPECT_TRUE(answer.complete) << format;
    EXPECT_EQ(answer.body.compare(0, std::string(start).size(), start), 0) << format;
    EXPECT_GT(answer.body.size(), 3'000U) << format;
  }
}

TEST(Server, PcmIs24KilohertzOf16Bits) {
  const auto server = started();
  const auto wav = ask(server->port(), "POST", "/v1/audio/speech", speech_body("Hello.", "wav"));
  const auto pcm = ask(server->port(), "POST", "/v1/audio/speech", speech_body("Hello."));
  EXPECT_EQ(pcm.fields.at("x-sample-rate-hz"), "24000");
  EXPECT_EQ(pcm.fields.at("content-type"), "audio/pcm");
  const double wav_s = static_cast<double>(wav.body.size() - 44) / 2 / 16'000;
  EXPECT_NEAR(static_cast<double>(pcm.body.size()) / 2 / 24'000, wav_s, 0.002);
}

TEST(Server, SpeaksAtTheEndsOfOpenAisRange) {
  const auto server = started();
  const auto seconds = [&](double speed) {
    const json body = {
        {"input", "A sentence of some length."}, {"response_format", "pcm"}, {"speed", speed}};
    const auto answer = ask(server->port(), "POST", "/v1/audio/speech", body.dump());
    EXPECT_EQ(answer.status, 200) << answer.body;
    return static_cast<double>(answer.body.size()) / 48'000;
  };
  const double usual = seconds(1);
  EXPECT_NEAR(seconds(0.25) / usual, 4, 0.4);
  EXPECT_NEAR(usual / seconds(4), 4, 0.4);
}

TEST(Server, AVoiceMayBeNamedInTheWaysOfOpenAi) {
  const auto server = started();
  for (const char* voice : {"\"alloy\"", "{\"id\": \"onyx\"}", "\"rms\"", "\"cedar\""}) {
    const auto answer =
        ask(server->port(), "POST", "/v1/audio/speech",
            std::string(R"({"model": "gpt-4o-mini-tts", "input": "Hi.", "instructions": "Kindly.",
            "voice": )") +
                voice + "}");
    EXPECT_EQ(answer.status, 200) << voice << answer.body;
    EXPECT_EQ(answer.fields.at("content-type"), "audio/mpeg");
  }
}

TEST(Server, FirstSoundComesBeforeTheSecondSentenceIsMade) {
  auto options = test_options();
  options.max_input_characters = 1'000'000;
  const auto server = started(options);
  TestSocket socket(server->port());
  socket.send(request_text("POST", "/v1/audio/speech", speech_body(long_text(400))));
  EXPECT_GT(socket.read(20'000).size(), 19'000U);
  EXPECT_LT(stats(server->port())["sentences"].get<int>(), 200);
}

TEST(Server, ADisconnectEndsTheWorkWithinAMoment) {
  auto options = test_options();
  options.max_input_characters = 1'000'000;
  const auto server = started(options);
  TestSocket socket(server->port());
  socket.send(request_text("POST", "/v1/audio/speech", speech_body(long_text(2'000), "opus")));
  EXPECT_FALSE(socket.read(1'000).empty());
  socket.reset();
  EXPECT_TRUE(soon([&] { return stats(server->port())["queue"]["tasks"] == 0; }));
  EXPECT_EQ(stats(server->port())["cancelled"], 1);
  const int sentences = stats(server->port())["sentences"];
  std::this_thread::sleep_for(milliseconds(200));
  EXPECT_EQ(stats(server->port())["sentences"], sentences);
  EXPECT_LT(sentences, 2'000);
}

TEST(Server, WhoDoesNotReadHoldsNoWorkerAndNoEndOfMemory) {
  auto options = test_options();
  options.max_input_characters = 1'000'000;
  options.work.threads = 1;
  const auto server = started(options);
  TestSocket slow(server->port());
  slow.send(request_text("POST", "/v1/audio/speech", speech_body(long_text(1'000))));
  EXPECT_FALSE(slow.read(100).empty());
  EXPECT_TRUE(soon([&] {
    const auto now = stats(server->port());
    return now["queue"]["running"] == 0 && now["network"]["pending_bytes"] > 0;
  }));
  EXPECT_LT(stats(server->port())["network"]["pending_bytes"].get<int>(), 4 << 20);
  EXPECT_EQ(ask(server->port(), "POST", "/v1/audio/speech", kTwoSentences).status, 200);
}

TEST(Server, EventsAreOpenAisDeltasAndDone) {
  const auto server = started();
  const auto answer =
      ask(server->port(), "POST", "/v1/audio/speech",
          R"({"input": "One here. Two here.", "response_format": "pcm", "stream_format": "sse"})");
  EXPECT_EQ(answer.fields.at("content-type"), "text/event-stream");
  std::vector<json> events;
  for (std::size_t at = 0; (at = answer.body.find("data: ", at)) != std::string::npos;) {
    const std::size_t end = answer.body.find("\n\n", at);
    events.push_back(json::parse(answer.body.substr(at + 6, end - at - 6)));
    at = end;
  }
  ASSERT_GE(events.size(), 3U);
  EXPECT_EQ(events[0]["type"], "speech.audio.delta");
  EXPECT_GT(events[0]["audio"].get<std::string>().size(), 10'000U);
  EXPECT_EQ(events.back()["type"], "speech.audio.done");
  EXPECT_EQ(events.back()["usage"]["input_tokens"], 4);
  EXPECT_EQ(events.back()["usage"]["total_tokens"],
            4 + events.back()["usage"]["output_tokens"].get<int>());
}

TEST(Server, CaptionsTellWhereEachWordStandsInTheAuthorsText) {
  const auto server = started();
  const std::string input = "It cost $5. Good.";
  const auto answer = ask(server->port(), "POST", "/v1/audio/speech/captioned", speech_body(input));
  std::vector<json> lines;
  for (std::size_t at = 0; at < answer.body.size();) {
    const std::size_t end = answer.body.find('\n', at);
    lines.push_back(json::parse(answer.body.substr(at, end - at)));
    at = end + 1;
  }
  ASSERT_EQ(lines.size(), 3U);
  const auto& word = lines[0]["words"].back();
  EXPECT_EQ(word["text"], "$5");
  const auto [begin, end] = std::pair(word["source"][0].get<int>(), word["source"][1].get<int>());
  EXPECT_EQ(input.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)),
            "$5");
  EXPECT_GT(lines[1]["words"][0]["begin_s"], lines[0]["words"].back()["begin_s"]);
  EXPECT_GT(lines[0]["audio"].get<std::string>().size(), 1'000U);
  EXPECT_TRUE(lines[2]["done"]);
  EXPECT_NEAR(lines[2]["duration_s"].get<double>(), lines[1]["end_s"].get<double>(), 0.01);
}

TEST(Server, WhatIsWrongIsSaidInOpenAisShape) {
  const auto server = started();
  struct Case {
    const char* body;
    int status;
    const char* param;
  };
  for (const Case& one : std::vector<Case>{
           {"{\"input\": \"Hi.\", \"voice\": \"nobody\"}", 404, "voice"},
           {"{\"input\": \"Hi.\", \"voice\": \"../../etc/passwd\"}", 400, "voice"},
           {"{\"input\": \"Hi.\", \"voice\": \"<speak>\"}", 400, "voice"},
           {"{\"input\": \"Hi.\", \"voice\": 7}", 400, "voice"},
           {"{\"input\": \"Hi.\", \"model\": \"whisper-1\"}", 404, "model"},
           {"{\"input\": \"  \"}", 400, "input"},
           {"{}", 400, "input"},
           {"{\"input\": \"Hi.\", \"speed\": 5}", 400, "speed"},
           {"{\"input\": \"Hi.\", \"speed\": 0.2}", 400, "speed"},
           {"{\"input\": \"Hi.\", \"response_format\": \"exe\"}", 400, "response_format"},
           {"{\"input\": \"Hi.\", \"stream_format\": \"x\"}", 400, "stream_format"},
           {"{\"input\": \"Hi.\", \"input_type\": \"x\"}", 400, "input_type"},
           {"{\"input\": \"Hi.\", \"sample_rate_hz\": 12345, \"response_format\": \"opus\"}", 400,
            "sample_rate_hz"},
           {"[1]", 400, nullptr},
           {"not json", 400, nullptr},
           {"{\"input\": \"***\"}", 400, nullptr}}) {
    const auto answer = ask(server->port(), "POST", "/v1/audio/speech", one.body);
    EXPECT_EQ(answer.status, one.status) << one.body << answer.body;
    const json error = json::parse(answer.body)["error"];
    EXPECT_FALSE(error["message"].get<std::string>().empty());
    EXPECT_TRUE(error.contains("type") && error.contains("code"));
    EXPECT_EQ(error["param"], one.param == nullptr ? json(nullptr) : json(one.param)) << one.body;
  }
  const auto long_one =
      ask(server->port(), "POST", "/v1/audio/speech", speech_body(std::string(4'097, 'a')));
  EXPECT_EQ(long_one.status, 400);
  EXPECT_NE(long_one.body.find("4097"), std::string::npos);
}

TEST(Server, WrongAddressesAndMethodsAreAnswered) {
  const auto server = started();
  EXPECT_EQ(ask(server->port(), "GET", "/nowhere").status, 404);
  const auto method = ask(server->port(), "GET", "/v1/audio/speech");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.fields.at("allow"), "POST");
  EXPECT_EQ(ask(server->port(), "GET", "/../etc/passwd").status, 400);
  EXPECT_EQ(ask(server->port(), "GET", "/%2e%2e/etc/passwd").status, 400);
  EXPECT_EQ(ask(server->port(), "GET", "/a%zz").status, 400);
  const auto head = ask(server->port(), "HEAD", "/healthz");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.fields.at("content-length"), "15");
}

TEST(Server, RequestsOnOneConnectionAreAnsweredInOrder) {
  const auto server = started();
  TestSocket socket(server->port());
  socket.send(request_text("POST", "/v1/audio/speech", kTwoSentences) +
              request_text("GET", "/healthz", ""));
  EXPECT_EQ(read_answer(socket).fields.at("content-type"), "audio/pcm");
  EXPECT_EQ(read_answer(socket).body, "{\"status\":\"ok\"}");
  socket.send(request_text("GET", "/healthz", ""));
  EXPECT_EQ(read_answer(socket).status, 200);
}

TEST(Server, AnOldClientGetsItsSoundUntilTheConnectionEnds) {
  const auto server = started();
  TestSocket socket(server->port());
  socket.send("POST /v1/audio/speech HTTP/1.0\r\nContent-Length: " +
              std::to_string(std::string(kTwoSentences).size()) + "\r\n\r\n" + kTwoSentences);
  const auto answer = read_answer(socket);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fields.count("transfer-encoding"), 0U);
  EXPECT_GT(answer.body.size(), 100'000U);
}

TEST(Server, AClientThatWaitsForContinueGetsIt) {
  const auto server = started();
  TestSocket socket(server->port());
  const std::string body = kTwoSentences;
  socket.send(
      "POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
      "Content-Length: " +
      std::to_string(body.size()) + "\r\n\r\n");
  EXPECT_EQ(socket.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  socket.send(body);
  EXPECT_EQ(read_answer(socket).status, 200);
}

TEST(Server, MoreThanTheQueueTakesIsToldWhenToComeAgain) {
  auto options = test_options();
  options.work.threads = 1;
  options.work.max_tasks = 2;
  options.max_input_characters = 1'000'000;
  const auto server = started(options);
  std::vector<std::unique_ptr<TestSocket>> busy;
  for (int i = 0; i < 2; ++i) {
    busy.push_back(std::make_unique<TestSocket>(server->port()));
    busy.back()->send(request_text("POST", "/v1/audio/speech", speech_body(long_text(1'000))));
  }
  EXPECT_TRUE(soon([&] { return stats(server->port())["queue"]["tasks"] == 2; }));
  const auto answer = ask(server->port(), "POST", "/v1/audio/speech", kTwoSentences);
  EXPECT_EQ(answer.status, 429);
  EXPECT_GE(std::stoi(answer.fields.at("retry-after")), 1);
  EXPECT_EQ(stats(server->port())["rejected"]["queue_full"], 1);
}

TEST(Server, DrainingLosesNoRequestThatReachedIt) {
  auto options = test_options();
  options.work.threads = 1;
  const auto server = started(options);
  std::vector<std::unique_ptr<TestSocket>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<TestSocket>(server->port()));
    ASSERT_TRUE(clients.back()->is_open());
    clients.back()->send(request_text("POST", "/v1/audio/speech", kTwoSentences));
  }
  std::thread draining([&] { EXPECT_TRUE(server->drain()); });
  for (const auto& client : clients) {
    const auto answer = read_answer(*client);
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.complete);
    EXPECT_TRUE(client->at_end());
  }
  draining.join();
  EXPECT_FALSE(TestSocket(server->port()).is_open());
}

TEST(Server, GarbageIsRefusedAndTheServerGoesOn) {
  const auto server = started();
  for (const std::string& garbage :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), std::string("GET\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"),
        std::string("GET / HTTP/9.9\r\n\r\n"),
        "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n",
        std::string("POST /v1/text HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n")}) {
    TestSocket socket(server->port());
    socket.send(garbage);
    const auto answer = read_answer(socket);
    EXPECT_GE(answer.status, 400) << garbage.substr(0, 40);
    EXPECT_LT(answer.status, 500) << garbage.substr(0, 40);
  }
  EXPECT_EQ(ask(server->port(), "GET", "/healthz").status, 200);
}

TEST(Server, ABodyThatIsTooLongIsRefusedByItsHeadAlone) {
  const auto server = started();
  TestSocket socket(server->port());
  socket.send(
      "POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n"
      "\r\n");
  EXPECT_EQ(read_answer(socket).status, 413);
  TestSocket chunked(server->port());
  chunked.send(
      "POST /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
      "FFFFFF\r\n");
  EXPECT_EQ(read_answer(chunked).status, 413);
}

TEST(Server, AHeadThatTricklesInIsGivenUp) {
  auto options = test_options();
  options.network.header_timeout_s = 0.2;
  const auto server = started(options);
  TestSocket socket(server->port());
  socket.send("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(read_answer(socket).status, 408);
}

TEST(Server, WhoTakesNothingForTooLongIsClosed) {
  auto options = test_options();
  options.network.write_timeout_s = 0.3;
  options.max_input_characters = 1'000'000;
  const auto server = started(options);
  TestSocket slow(server->port());
  slow.send(request_text("POST", "/v1/audio/speech", speech_body(long_text(2'000))));
  EXPECT_TRUE(soon([&] { return stats(server->port())["network"]["slow_clients"] == 1; }));
  EXPECT_TRUE(soon([&] { return stats(server->port())["queue"]["tasks"] == 0; }));
}

TEST(Server, TextIsExplainedAsTheProgramExplainsIt) {
  const auto server = started();
  const auto answer =
      ask(server->port(), "POST", "/v1/text", R"({"input": "It cost $5.", "phonemes": "arpabet"})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto tokens = json::parse(answer.body)["sentences"][0]["tokens"];
  EXPECT_EQ(tokens[2]["class"], "money");
  EXPECT_EQ(tokens[2]["words"][0]["text"], "five");
  EXPECT_EQ(tokens[2]["words"][0]["phonemes"], "F AY1 V");
  EXPECT_EQ(ask(server->port(), "POST", "/v1/text", R"({"input":"x","phonemes":"y"})").status, 400);
}

TEST(Server, ListsVoicesModelsAndFigures) {
  const auto server = started();
  const auto voices = json::parse(ask(server->port(), "GET", "/v1/audio/voices").body);
  EXPECT_GE(voices["voices"].size(), 3U);
  EXPECT_GE(voices["aliases"].size(), 13U);
  EXPECT_EQ(json::parse(ask(server->port(), "GET", "/v1/models").body)["object"], "list");
  (void)ask(server->port(), "POST", "/v1/audio/speech", kTwoSentences);
  const auto metrics = ask(server->port(), "GET", "/metrics").body;
  EXPECT_NE(metrics.find("syrinx_first_audio_seconds_count 1\n"), std::string::npos);
  EXPECT_NE(metrics.find("syrinx_sentences_total 2\n"), std::string::npos);
}

TEST(Server, TheOpenApiDocumentIsTheTableOfRoutes) {
  auto options = test_options();
  options.batches.folder = support::scratch_dir() / "batches";
  options.own_lexicon = support::scratch_dir() / "own.tsv";
  options.cache_folder = support::scratch_dir() / "cache";
  options.cache_bytes = 1'000'000;
  const auto server = started(options);
  const auto document = json::parse(ask(server->port(), "GET", "/openapi.json").body);
  EXPECT_EQ(document["openapi"], "3.1.0");
  std::size_t asked = 0;
  for (const auto& [path, operations] : document["paths"].items()) {
    if (path.find('{') != std::string::npos) continue;
    for (const auto& [method, operation] : operations.items()) {
      std::string verb = method;
      std::transform(verb.begin(), verb.end(), verb.begin(),
                     [](char c) { return static_cast<char>(c - 'a' + 'A'); });
      const auto answer = ask(server->port(), verb, path, verb[0] == 'P' ? "{}" : "");
      EXPECT_NE(answer.status, 404) << path;
      EXPECT_NE(answer.status, 405) << path;
      EXPECT_FALSE(operation["summary"].get<std::string>().empty());
      ++asked;
    }
  }
  EXPECT_GE(asked, 12U);
}

TEST(Server, ThePageIsInTheProgram) {
  const auto server = started();
  const auto page = ask(server->port(), "GET", "/");
  EXPECT_EQ(page.fields.at("content-type"), "text/html; charset=utf-8");
  EXPECT_NE(page.fields.at("content-security-policy").find("default-src 'none'"),
            std::string::npos);
  const auto again =
      ask(server->port(), "GET", "/", "", {{"If-None-Match", page.fields.at("etag")}});
  EXPECT_EQ(again.status, 304);
}

TEST(Server, WhoWatchesIsToldOnceASecond) {
  const auto server = started();
  TestWebSocket live(server->port(), "/v1/live");
  ASSERT_EQ(live.status(), 101);
  for (int i = 0; i < 2; ++i) {
    const auto message = live.next();
    ASSERT_TRUE(message);
    EXPECT_EQ(json::parse(message->payload)["status"], "ready");
  }
  EXPECT_EQ(stats(server->port())["network"]["sockets"], 1);
  live.socket().reset();
  EXPECT_TRUE(soon([&] { return stats(server->port())["network"]["sockets"] == 0; }));
  EXPECT_EQ(ask(server->port(), "GET", "/v1/live").status, 426);
}

TEST(Server, TakesOtherOptionsWhileItRunsAndDropsNobody) {
  const auto server = started();
  const std::uint16_t port = server->port();
  TestSocket under_way(port);
  under_way.send(request_text("POST", "/v1/audio/speech", speech_body(long_text(40))));
  under_way.read_until("\r\n\r\n");
  ServerOptions next = test_options();
  next.max_input_characters = 10;
  ASSERT_TRUE(server->apply(next));
  EXPECT_EQ(ask(port, "POST", "/v1/audio/speech", speech_body("Longer than ten.")).status, 400);
  next.keys = {key_of("a", "sesame")};
  ASSERT_TRUE(server->apply(next));
  EXPECT_EQ(ask(port, "POST", "/v1/audio/speech", speech_body("Hi.")).status, 401);
  EXPECT_EQ(ask(port, "POST", "/v1/audio/speech", speech_body("Hi."),
                {{"Authorization", "Bearer sesame"}})
                .status,
            200);
  next.voice = "nobody";
  EXPECT_EQ(server->apply(next).error().code, ErrorCode::kNotFound);
  const std::string rest = under_way.read_until("\r\n0\r\n\r\n");
  EXPECT_NE(rest.find("\r\n0\r\n\r\n"), std::string::npos) << "cut off";
}

TEST(Server, AnswersAgainWhatItAnsweredBeforeAndForgetsWhenTold) {
  ServerOptions options = test_options();
  options.cache_folder = support::scratch_dir() / "cache";
  options.cache_bytes = 10'000'000;
  const auto server = started(options);
  const std::uint16_t port = server->port();
  const auto say = [port](const std::string& body) {
    return ask(port, "POST", "/v1/audio/speech", body);
  };
  const auto first = say(kTwoSentences);
  ASSERT_EQ(first.status, 200);
  EXPECT_TRUE(soon([&] { return stats(port)["cache"]["entries"] == 1; }));
  const auto again = say(kTwoSentences);
  EXPECT_EQ(again.fields.count("x-syrinx-cache"), 1U);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.fields.at("content-type"), first.fields.at("content-type"));
  json other = json::parse(kTwoSentences);
  for (const auto& [member, value] : {std::pair<const char*, json>{"speed", 1.1},
                                      {"voice", "rms"},
                                      {"response_format", "wav"},
                                      {"input", "Hello there. This is the second sentence!"},
                                      {"stream_format", "sse"}}) {
    json changed = other;
    changed[member] = value;
    EXPECT_EQ(say(changed.dump()).fields.count("x-syrinx-cache"), 0U) << member;
  }
  const json counts = stats(port)["cache"];
  EXPECT_EQ(counts["hits"], 1);
  EXPECT_EQ(ask(port, "DELETE", "/v1/cache").status, 200);
  EXPECT_EQ(say(kTwoSentences).fields.count("x-syrinx-cache"), 0U);
}

// A changed lexicon touches the answers with its words and no others.
TEST(Server, ItsOwnLexiconIsCheckedWrittenAndHeededAtOnce) {
  auto options = test_options();
  const auto file = support::scratch_dir() / "own.tsv";
  options.own_lexicon = file;
  const auto server = started(options);
  const auto port = server->port();
  const auto said = [port] {
    const auto text =
        ask(port, "POST", "/v1/text", R"({"input": "Kakuro.", "phonemes": "arpabet"})");
    return json::parse(text.body)["sentences"][0]["tokens"][0]["words"][0]["phonemes"];
  };
  EXPECT_TRUE(json::parse(ask(port, "GET", "/v1/lexicon").body)["entries"].empty());
  const auto put = ask(port, "PUT", "/v1/lexicon", "# mine\nKakuro\tK AH0 K AA1 R OW0\tarpabet\n");
  EXPECT_EQ(put.status, 200) << put.body;
  EXPECT_EQ(json::parse(put.body)["entries"][0]["line"], 2);
  EXPECT_EQ(said(), "K AH0 K AA1 R OW0");
  const auto wrong = ask(port, "PUT", "/v1/lexicon", "Kakuro\tkah-KUU-roh\nW\u00f6rt\t/5/\tipa\n");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_NE(wrong.body.find("line 2, column 6"), std::string::npos) << wrong.body;
  EXPECT_EQ(said(), "K AH0 K AA1 R OW0") << "what is wrong changes nothing";
  std::ifstream kept(file);
  EXPECT_NE(std::string(std::istreambuf_iterator<char>(kept), {}).find("# mine"),
            std::string::npos);
  EXPECT_EQ(ask(port, "DELETE", "/v1/lexicon").status, 200);
  EXPECT_NE(said(), "K AH0 K AA1 R OW0");
  EXPECT_EQ(ask(started()->port(), "GET", "/v1/lexicon").status, 404);
}

TEST(Server, KeepsAnswersThatAChangedLexiconDoesNotTouch) {
  const auto folder = support::scratch_dir();
  const auto lexicon = folder / "words.tsv";
  std::ofstream(lexicon) << "kakuro\tkah-KOO-roh\n";
  ServerOptions options = test_options();
  options.cache_folder = folder / "cache";
  options.cache_bytes = 10'000'000;
  options.lexicons = {lexicon};
  const auto server = started(options);
  const std::uint16_t port = server->port();
  const std::string with = speech_body("I like kakuro.");
  const std::string without = speech_body("I like chess.");
  ASSERT_EQ(ask(port, "POST", "/v1/audio/speech", with).status, 200);
  ASSERT_EQ(ask(port, "POST", "/v1/audio/speech", without).status, 200);
  ASSERT_TRUE(soon([&] { return stats(port)["cache"]["entries"] == 2; }));
  std::ofstream(lexicon) << "kakuro\tKAY-koo-roh-roh\n";
  EXPECT_TRUE(soon([&] {
    return ask(port, "POST", "/v1/audio/speech", with).fields.count("x-syrinx-cache") == 0;
  }));
  EXPECT_EQ(ask(port, "POST", "/v1/audio/speech", without).fields.count("x-syrinx-cache"), 1U);
}

}  // namespace
}  // namespace syrinx::server
