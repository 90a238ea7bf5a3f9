// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/test_data.h"
#include "syrinx/apps/server/api/keys.h"
#include "syrinx/apps/server/server.h"
#include "syrinx/apps/server/server_test_support.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

// docs/security.md names each of these.

constexpr const char* kSecret = "sk-test-0123456789";

ServerOptions with_key(std::vector<std::string> scopes = {"*"}) {
  auto options = test_options();
  options.keys = {key_of("tester", kSecret)};
  options.keys[0].scopes = std::move(scopes);
  return options;
}

TestFields bearer(const std::string& secret) { return {{"Authorization", "Bearer " + secret}}; }

TEST(Security, AddressesThatOthersReachNeedAKey) {
  for (const char* host : {"0.0.0.0", "::", "192.0.2.1"}) {
    auto options = test_options();
    options.http.host = host;
    const auto server = Server::start(options);
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(server.error().message.find("key"), std::string::npos);
  }
  auto options = with_key();
  options.http.host = "0.0.0.0";
  EXPECT_TRUE(Server::start(options));
}

TEST(Security, WyomingForOthersMustBeWanted) {
  auto options = test_options();
  options.wyoming = http::Endpoint{"0.0.0.0", 0};
  EXPECT_FALSE(Server::start(options));
  options.wyoming_open = true;
  EXPECT_TRUE(Server::start(options));
}

TEST(Security, WithoutTheRightKeyNothingIsDone) {
  const auto server = started(with_key());
  const auto none = ask(server->port(), "POST", "/v1/audio/speech", speech_body("Hi."));
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(json::parse(none.body)["error"]["code"], "invalid_api_key");
  for (const char* wrong : {"", "sk-test-0123456788", "sk-test-01234567890", "x"})
    EXPECT_EQ(ask(server->port(), "GET", "/v1/models", "", bearer(wrong)).status, 401) << wrong;
  EXPECT_EQ(ask(server->port(), "GET", "/v1/models", "", {{"Authorization", kSecret}}).status, 401);
  EXPECT_EQ(ask(server->port(), "GET", "/v1/models", "", bearer(kSecret)).status, 200);
  EXPECT_EQ(ask(server->port(), "GET", "/metrics").status, 401);
  EXPECT_EQ(ask(server->port(), "GET", "/healthz").status, 200);
}

TEST(Security, AKeyDoesOnlyWhatItsScopesName) {
  const auto server = started(with_key({"speech"}));
  EXPECT_EQ(
      ask(server->port(), "POST", "/v1/audio/speech", speech_body("Hi."), bearer(kSecret)).status,
      200);
  const auto text = ask(server->port(), "POST", "/v1/text", "{}", bearer(kSecret));
  EXPECT_EQ(text.status, 403);
  EXPECT_EQ(text.body.find(kSecret), std::string::npos);
}

TEST(Security, ABrowsersSocketShowsItsKeyAsAProtocolThatIsNotSentBack) {
  const auto server = started(with_key());
  EXPECT_EQ(TestWebSocket(server->port(), "/v1/live").status(), 401);
  TestWebSocket socket(server->port(), "/v1/live",
                       {{"Sec-WebSocket-Protocol", std::string("syrinx, syrinx.key.") + kSecret}});
  EXPECT_EQ(socket.status(), 101);
  EXPECT_EQ(socket.answer().fields.at("sec-websocket-protocol"), "syrinx");
}

TEST(Security, AKeyMayAskOnlySoOften) {
  auto options = with_key();
  options.keys[0].requests_per_minute = 20;  // Two at once.
  const auto server = started(options);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(ask(server->port(), "GET", "/v1/models", "", bearer(kSecret)).status, 200);
  const auto third = ask(server->port(), "GET", "/v1/models", "", bearer(kSecret));
  EXPECT_EQ(third.status, 429);
  EXPECT_LE(std::stoi(third.fields.at("retry-after")), 3);
}

TEST(Security, OnlyAnAdministratorTouchesTheLexicon) {
  auto options = with_key({"speech", "text", "jobs"});
  options.own_lexicon = support::scratch_dir() / "own.tsv";
  const auto server = started(options);
  for (const char* method : {"GET", "PUT", "DELETE"})
    EXPECT_EQ(ask(server->port(), method, "/v1/lexicon", "", bearer(kSecret)).status, 403);
}

TEST(Security, AKeyAsksForNoMoreThanItsPriority) {
  auto options = with_key();
  options.keys[0].priority = work::Priority::kNormal;
  const auto server = started(options);
  const auto status = [&](const char* priority) {
    const json body = {{"input", "Hi."}, {"response_format", "pcm"}, {"priority", priority}};
    return ask(server->port(), "POST", "/v1/audio/speech", body.dump(), bearer(kSecret)).status;
  };
  EXPECT_EQ(status("interactive"), 403);
  EXPECT_EQ(status("normal"), 200);
  EXPECT_EQ(status("batch"), 200);
}

TEST(Security, PagesOfOtherSitesAreRefusedUnlessNamed) {
  const TestFields foreign = {{"Origin", "http://evil.example"}};
  const auto server = started();
  EXPECT_EQ(ask(server->port(), "POST", "/v1/text", "{}", foreign).status, 403);
  EXPECT_EQ(TestWebSocket(server->port(), "/v1/live", foreign).status(), 403);
  EXPECT_EQ(ask(server->port(), "GET", "/healthz", "", {{"Origin", "http://127.0.0.1"}}).status,
            200);
  auto options = test_options();
  options.origins = {"http://evil.example"};
  const auto open = started(options);
  const auto answer = ask(open->port(), "GET", "/v1/models", "", foreign);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fields.at("access-control-allow-origin"), "http://evil.example");
  const auto preflight = ask(open->port(), "OPTIONS", "/v1/audio/speech", "", foreign);
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.fields.at("access-control-allow-methods"), "POST");
}

TEST(Security, ANameThatOnlyPointsHereIsRefused) {
  const auto server = started();
  TestSocket socket(server->port());
  socket.send("GET /v1/models HTTP/1.1\r\nHost: rebound.example\r\n\r\n");
  EXPECT_EQ(read_answer(socket).status, 403);
}

TEST(Security, AnAnswerNeverCarriesALineThatAClientMadeUp) {
  const auto server = started();
  const auto answer = ask(server->port(), "GET", "/x%0d%0aSet-Cookie:%20a=b");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.fields.count("set-cookie"), 0U);
}

TEST(Security, KeysAreReadOnlyFromFilesThatOthersCannotRead) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("syrinx-keys-" + std::to_string(::getpid()) + ".json");
  std::ofstream(file) << R"({"keys": [{"name": "a", "key": "0123456789", "scopes": ["text"]}]})";
  ::chmod(file.c_str(), 0644);
  const auto open = read_keys(file);
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().message.find("chmod 600"), std::string::npos);
  ::chmod(file.c_str(), 0600);
  const auto keys = read_keys(file);
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_EQ((*keys)[0].sha256.size(), 64U);
  EXPECT_TRUE(allows((*keys)[0], "text"));
  EXPECT_FALSE(allows((*keys)[0], "speech"));
  std::filesystem::remove(file);
}

TEST(Security, AMistakeInAKeyFileIsNamedByItsPlaceAndWithoutTheKey) {
  for (const char* wrong :
       {R"({"keys": [{"key": "0123456789"}]})", R"({"keys": [{"name": "a", "key": "short"}]})",
        R"({"keys": [{"name": "a", "sha256": "12"}]})",
        R"({"keys": [{"name": "a", "key": "0123456789", "scopes": ["x"]}]})",
        R"({"keys": [{"name": "a", "key": "0123456789", "weight": -1}]})",
        R"({"keys": [{"name": "a", "key": "0123456789", "priority": "first"}]})"}) {
    const auto keys = parse_keys(wrong, "keys.json");
    ASSERT_FALSE(keys) << wrong;
    EXPECT_NE(keys.error().message.find("keys[0]"), std::string::npos) << wrong;
    EXPECT_EQ(keys.error().message.find("0123456789"), std::string::npos) << wrong;
  }
  EXPECT_FALSE(parse_keys("{}", "keys.json"));
}

TEST(Security, TlsSpeaksAndItsFilesAreChecked) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("syrinx-tls-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string key = folder / "key.pem", certificate = folder / "cert.pem";
  const std::string make =
      "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
      "-keyout " +
      key + " -out " + certificate + " 2>/dev/null";
  if (std::system(make.c_str()) != 0) GTEST_SKIP() << "no openssl program";
  auto options = test_options();
  options.tls = http::TlsFiles{certificate, key};
  {
    const auto server = started(options);
    const std::string said = folder / "said";
    const std::string curl = "curl -s --cacert " + certificate +
                             " https://localhost:" + std::to_string(server->port()) +
                             "/v1/audio/speech -d '" + speech_body("Hello there.") + "' -o " + said;
    ASSERT_EQ(std::system(curl.c_str()), 0);
    EXPECT_GT(std::filesystem::file_size(said), 30'000U);
    TestSocket plain(server->port());
    plain.send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(plain.read_all().find("HTTP/1.1 200"), std::string::npos);
  }
  options.tls = http::TlsFiles{key, key};
  EXPECT_EQ(Server::start(options).error().code, ErrorCode::kInvalidArgument);
  options.tls = http::TlsFiles{folder / "none", key};
  EXPECT_EQ(Server::start(options).error().code, ErrorCode::kNotFound);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace syrinx::server
