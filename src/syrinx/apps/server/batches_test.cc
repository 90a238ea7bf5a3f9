// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "support/test_data.h"
#include "syrinx/apps/server/api/keys.h"
#include "syrinx/apps/server/server.h"
#include "syrinx/apps/server/server_test_support.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

ServerOptions with_batches() {
  auto options = test_options();
  options.batches.folder = support::scratch_dir() / "batches";
  return options;
}

json ask_json(std::uint16_t port, const char* method, const std::string& target,
              const std::string& body = "", const TestFields& fields = {}) {
  const auto answer = ask(port, method, target, body, fields);
  EXPECT_EQ(answer.status, 200) << target << " " << answer.body;
  return json::parse(answer.body, nullptr, false);
}

json ended(std::uint16_t port, const std::string& id, const TestFields& fields = {}) {
  json batch;
  soon([&] {
    batch = ask_json(port, "GET", "/v1/batches/" + id, "", fields);
    return !batch["expires_at"].is_null();
  });
  return batch;
}

TEST(Batches, GiveWhatDirectRequestsGive) {
  const auto server = started(with_batches());
  const auto port = server->port();
  const char* const lines =
      R"({"custom_id": "first", "url": "/v1/audio/speech", )"
      R"("body": {"input": "Hello there.", "response_format": "mp3"}})"
      "\n"
      R"({"custom_id": "../2", "url": "/v1/audio/speech/captioned", "body": )"
      R"({"input": "Good day. And night.", "response_format": "wav", "voice": "rms"}})"
      "\n"
      R"({"custom_id": "none", "body": {"input": "***"}})";
  const auto made = ask_json(port, "POST", "/v1/batches", lines);
  EXPECT_EQ(made["object"], "batch");
  EXPECT_EQ(made["request_counts"]["total"], 3);
  const auto batch = ended(port, made["id"]);
  EXPECT_EQ(batch["status"], "completed");
  EXPECT_EQ(batch["request_counts"]["completed"], 2);
  EXPECT_EQ(batch["request_counts"]["failed"], 1) << "which has nothing to say";
  EXPECT_EQ(batch["progress"], 1.0);
  const std::string place = "/v1/batches/" + made["id"].get<std::string>();
  const auto first = ask(port, "GET", place + "/items/0");
  EXPECT_EQ(first.fields.at("content-type"), "audio/mpeg");
  EXPECT_EQ(first.body, ask(port, "POST", "/v1/audio/speech",
                            R"({"input": "Hello there.", "response_format": "mp3"})")
                            .body);
  EXPECT_EQ(ask(port, "GET", place + "/items/1").body,
            ask(port, "POST", "/v1/audio/speech/captioned",
                R"({"input": "Good day. And night.", "response_format": "wav", "voice": "rms"})")
                .body);
  EXPECT_EQ(ask(port, "GET", place + "/items/2").status, 404);
  EXPECT_EQ(ask(port, "GET", place + "/items/9").status, 404);
  EXPECT_EQ(ask(port, "GET", place + "/items/x").status, 404);
  const auto items = ask_json(port, "GET", place + "/items");
  EXPECT_EQ(items["data"][2]["error"]["status"], 400);
  EXPECT_EQ(items["data"][0]["result"]["bytes"], first.body.size());
  EXPECT_EQ(ask_json(port, "GET", place + "/items?from=1&limit=1")["data"][0]["number"], 1);
}

TEST(Batches, AreGivenAsAnArchiveWhoseNamesAreHarmless) {
  const auto server = started(with_batches());
  const auto port = server->port();
  const auto made = ask_json(
      port, "POST", "/v1/batches",
      R"({"requests": [{"custom_id": "../../etc/x", "input": "One.", "response_format": "wav"},
          {"input": "Two.", "response_format": "mp3"}], "metadata": {"for": "tests"}})");
  ASSERT_EQ(ended(port, made["id"])["status"], "completed");
  const auto answer = ask(port, "GET", "/v1/batches/" + made["id"].get<std::string>() + "/output");
  EXPECT_EQ(answer.fields.at("content-type"), "application/x-tar");
  EXPECT_TRUE(answer.complete);
  const auto folder = support::scratch_dir();
  std::ofstream(folder / "x.tar", std::ios::binary) << answer.body;
  const std::string unpack =
      "tar -x -C " + folder.string() + " -f " + (folder / "x.tar").string() + " 2>&1";
  ASSERT_EQ(std::system(unpack.c_str()), 0);
  EXPECT_TRUE(std::filesystem::exists(folder / "000000-______etc_x.wav"));
  EXPECT_TRUE(std::filesystem::exists(folder / "000001.mp3"));
  std::ifstream index(folder / "index.json");
  const auto document = json::parse(index);
  EXPECT_EQ(document["batch"]["metadata"]["for"], "tests");
  EXPECT_EQ(document["items"][0]["custom_id"], "../../etc/x");
  EXPECT_EQ(document["items"][0]["result"]["file"], "000000-______etc_x.wav");
}

TEST(Batches, ReadALongTextIntoOneFile) {
  const auto server = started(with_batches());
  const auto port = server->port();
  const json wanted = {{"input", "# One\n\n" + long_text(6) + "\n\n# Two\n\n" + long_text(6)},
                       {"input_type", "markdown"},
                       {"response_format", "m4b"},
                       {"title", "A book"}};
  const auto made = ask_json(port, "POST", "/v1/batches", wanted.dump());
  EXPECT_EQ(made["kind"], "reading");
  const auto batch = ended(port, made["id"]);
  ASSERT_EQ(batch["status"], "completed") << batch;
  EXPECT_GT(batch["audio_s"], 20.0);
  const auto book = ask(port, "GET", "/v1/batches/" + made["id"].get<std::string>() + "/items/0");
  EXPECT_EQ(book.fields.at("content-type"), "audio/mp4");
  EXPECT_EQ(book.body.substr(4, 4), "ftyp");
  EXPECT_NE(book.body.find("A book"), std::string::npos);
}

TEST(Batches, AreListedCancelledAndRemoved) {
  auto options = with_batches();
  options.batches.max_batches_per_client = 3;
  const auto server = started(options);
  const auto port = server->port();
  std::string many;
  for (int i = 0; i < 300; ++i)
    many += R"({"body": {"input": "A sentence of a batch."}})"
            "\n";
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i)
    ids.push_back(ask_json(port, "POST", "/v1/batches", many)["id"].get<std::string>());
  const auto refused = ask(port, "POST", "/v1/batches", many);
  EXPECT_EQ(refused.status, 429);
  EXPECT_NE(refused.body.find("3 batches"), std::string::npos);
  const auto list = ask_json(port, "GET", "/v1/batches?limit=2");
  EXPECT_TRUE(list["has_more"]);
  EXPECT_EQ(list["data"][0]["id"], ids[2]);
  EXPECT_EQ(ask_json(port, "GET", "/v1/batches?limit=2&after=" + ids[1])["data"][0]["id"], ids[0]);
  EXPECT_EQ(ask(port, "GET", "/v1/batches?limit=many").status, 400);
  ask_json(port, "POST", "/v1/batches/" + ids[0] + "/cancel");
  EXPECT_EQ(ended(port, ids[0])["status"], "cancelled");
  EXPECT_EQ(ask_json(port, "POST", "/v1/batches/" + ids[2] + "/cancel")["status"], "cancelled");
  EXPECT_TRUE(ask_json(port, "DELETE", "/v1/batches/" + ids[2])["deleted"]);
  EXPECT_EQ(ask(port, "GET", "/v1/batches/" + ids[2]).status, 404);
  ask_json(port, "DELETE", "/v1/batches/" + ids[1]);
  EXPECT_TRUE(soon([&] { return ask(port, "GET", "/v1/batches/" + ids[1]).status == 404; }));
  EXPECT_TRUE(soon([&] { return stats(port)["batches"]["active"] == 0; }));
}

TEST(Batches, MakeNobodyWaitLong) {
  const auto server = started(with_batches());
  const auto port = server->port();
  std::string many;
  for (int i = 0; i < 500; ++i)
    many += R"({"body": {"input": "A sentence of a batch that is rather long."}})"
            "\n";
  ask_json(port, "POST", "/v1/batches", many);
  ASSERT_TRUE(soon([&] { return stats(port)["batches"]["items_completed"] > 0; }));
  const auto before = stats(port)["batches"]["items_completed"].get<int>();
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(ask(port, "POST", "/v1/audio/speech", speech_body("Hello there.")).status, 200);
  const auto during = stats(port)["batches"]["items_completed"].get<int>() - before;
  EXPECT_LT(during, 60) << "ten requests were answered before that many of the batch";
  EXPECT_EQ(stats(port)["first_audio_ms"]["count"], 10) << "batches are no part of that";
}

TEST(Batches, WarmTheCache) {
  auto options = with_batches();
  options.cache_folder = support::scratch_dir() / "cache";
  options.cache_bytes = 50'000'000;
  const auto server = started(options);
  const auto port = server->port();
  const auto made = ask_json(port, "POST", "/v1/cache/warm",
                             R"({"requests": [{"input": "Warm words."}, {"input": "More."}]})");
  EXPECT_EQ(made["kind"], "warming");
  const auto batch = ended(port, made["id"]);
  EXPECT_EQ(batch["request_counts"]["completed"], 2);
  EXPECT_EQ(batch["bytes"], 0);
  const auto answer = ask(port, "POST", "/v1/audio/speech", R"({"input": "Warm words."})");
  EXPECT_EQ(answer.fields.at("x-syrinx-cache"), "hit");
  EXPECT_EQ(stats(port)["cache"]["entries"], 2);
  EXPECT_EQ(ask(port, "POST", "/v1/cache/warm", R"({"input": "A long text."})").status, 400);
}

TEST(Batches, AreNotThereUnlessWanted) {
  const auto server = started();
  for (const auto& [method, target] : {std::pair{"GET", "/v1/batches"},
                                       {"POST", "/v1/batches"},
                                       {"POST", "/v1/cache/warm"},
                                       {"GET", "/v1/batches/x/items/0"},
                                       {"GET", "/v1/batches/x/output"}}) {
    const auto answer = ask(server->port(), method, target, method[0] == 'P' ? "{}" : "");
    EXPECT_EQ(answer.status, 404) << target;
    EXPECT_NE(answer.body.find("--jobs"), std::string::npos) << answer.body;
  }
}

constexpr const char* kMine = "sk-batches-0123456789";
constexpr const char* kYours = "sk-others-0123456789";

TestFields bearer(const std::string& secret) { return {{"Authorization", "Bearer " + secret}}; }

TEST(Batches, AKeySeesItsOwnAndNeedsTheScope) {
  auto options = with_batches();
  options.keys = {key_of("mine", kMine), key_of("yours", kYours), key_of("none", "sk-without-it")};
  options.keys[0].scopes = {"jobs"};
  options.keys[2].scopes = {"speech"};
  const auto server = started(options);
  const auto port = server->port();
  const char* const body = R"({"requests": [{"input": "Mine."}]})";
  EXPECT_EQ(ask(port, "POST", "/v1/batches", body, bearer("sk-without-it")).status, 403);
  EXPECT_EQ(ask(port, "POST", "/v1/batches", body).status, 401);
  const auto made = ask_json(port, "POST", "/v1/batches", body, bearer(kMine));
  const std::string place = "/v1/batches/" + made["id"].get<std::string>();
  EXPECT_EQ(ended(port, made["id"], bearer(kMine))["status"], "completed");
  for (const char* part : {"", "/items", "/items/0", "/output"}) {
    EXPECT_EQ(ask(port, "GET", place + part, "", bearer(kYours)).status, 404) << part;
    EXPECT_EQ(ask(port, "GET", place + part, "", bearer(kMine)).status, 200) << part;
  }
  EXPECT_EQ(ask(port, "DELETE", place, "", bearer(kYours)).status, 404);
  EXPECT_TRUE(ask_json(port, "GET", "/v1/batches", "", bearer(kYours))["data"].empty());
}

TEST(Batches, NoIdIsAPath) {
  const auto server = started(with_batches());
  for (const char* target :
       {"/v1/batches/%2e%2e%2f%2e%2e%2fetc%2fpasswd/items/0", "/v1/batches/..%2f..%2fx/output",
        "/v1/batches/batch_../items/0", "/v1/batches/batch_00000000000000000000000000000000"}) {
    const auto answer = ask(server->port(), "GET", target);
    EXPECT_TRUE(answer.status == 404 || answer.status == 400) << target << " " << answer.status;
  }
}

TEST(Batches, AreBoundedInItemsCharactersAndBytes) {
  auto options = with_batches();
  options.batches.max_items = 2;
  options.batches.max_characters = 60;
  options.batches.max_bytes_per_client = 20'000;
  const auto server = started(options);
  const auto port = server->port();
  EXPECT_EQ(ask(port, "POST", "/v1/batches",
                R"({"requests": [{"input": "A."}, {"input": "B."}, {"input": "C."}]})")
                .status,
            400);
  EXPECT_EQ(ask(port, "POST", "/v1/batches", json{{"input", long_text(3)}}.dump()).status, 400);
  TestSocket big(port);
  big.send("POST /v1/batches HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99000000\r\n\r\n");
  EXPECT_EQ(read_answer(big).status, 413);
  const auto made =
      ask_json(port, "POST", "/v1/batches",
               R"({"requests": [{"input": "These are a few words.", "response_format": "wav"}]})");
  const auto batch = ended(port, made["id"]);
  EXPECT_EQ(batch["status"], "failed");
  EXPECT_EQ(batch["bytes"], 0);
}

TEST(Batches, SurviveDrainAndGoOn) {
  const auto options = with_batches();
  std::string many;
  for (int i = 0; i < 60; ++i)
    many += R"({"body": {"input": "A sentence of a batch that goes on."}})"
            "\n";
  std::string id;
  {
    const auto server = started(options);
    id = ask_json(server->port(), "POST", "/v1/batches", many)["id"];
    ASSERT_TRUE(soon([&] { return stats(server->port())["batches"]["items_completed"] > 1; }));
    EXPECT_TRUE(server->drain());
  }
  const auto server = started(options);
  const auto batch = ended(server->port(), id);
  EXPECT_EQ(batch["status"], "completed");
  EXPECT_EQ(batch["request_counts"]["completed"], 60);
  EXPECT_LT(stats(server->port())["batches"]["items_completed"], 60);
}

}  // namespace
}  // namespace syrinx::server
