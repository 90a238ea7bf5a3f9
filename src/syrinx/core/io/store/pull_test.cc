// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/store/pull.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <thread>

#include "support/file_server.h"
#include "support/test_data.h"
#include "syrinx/core/base/sha256.h"

namespace syrinx::io {
namespace {

namespace fs = std::filesystem;
using support::ServedFile;

std::string random_bytes(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::string bytes(count, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Pulling : public ::testing::Test {
 protected:
  Pulling() {
    options_.first_pause = std::chrono::milliseconds(1);
    entry_.name = "voice";
    entry_.kind = "piper";
    entry_.licence = "CC0-1.0";
  }

  void add_file(const std::string& name, const std::string& content, ServedFile served) {
    entry_.files.push_back({name,
                            sha256_hex(std::as_bytes(std::span(content))),
                            content.size(),
                            {server_.url("/" + name)}});
    server_.serve("/" + name, std::move(served));
  }
  Result<InstalledModel> pull_now() { return pull(store_, entry_, options_, stop_.get_token()); }
  // Nothing of the model is to be seen before it is whole.
  void expect_nothing_installed() const {
    const auto models = store_.list();
    ASSERT_TRUE(models);
    EXPECT_TRUE(models->empty());
    EXPECT_FALSE(fs::exists(store_.folder() / "voice"));
  }

  support::FileServer server_;
  ModelStore store_{support::scratch_dir() / "store"};
  ModelEntry entry_;
  PullOptions options_;
  std::stop_source stop_;
  const std::string big_ = random_bytes(300'000, 1);
};

TEST_F(Pulling, BringsEveryFileWhole) {
  add_file("a.onnx", big_, {big_});
  add_file("a.json", "{}", {"{}"});
  std::uint64_t last = 0;
  options_.progress = [&](std::uint64_t done, std::uint64_t all, const std::string&) {
    EXPECT_GE(done, last);
    EXPECT_EQ(all, big_.size() + 2);
    last = done;
  };
  const auto model = pull_now();
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(read_file(model->folder / "a.onnx"), big_);
  EXPECT_EQ(last, big_.size() + 2);
  const std::size_t asked = server_.requests().size();
  ASSERT_TRUE(pull_now());
  EXPECT_EQ(server_.requests().size(), asked) << "what is there is not fetched again";
}

TEST_F(Pulling, GoesOnWhereAConnectionBroke) {
  ServedFile served{big_};
  served.breaks = 3;
  served.break_after = 90'000;
  add_file("a.onnx", big_, served);
  const auto model = pull_now();
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(read_file(model->folder / "a.onnx"), big_);
  const auto requests = server_.requests();
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_NE(requests[3].find("bytes=270000-"), std::string::npos) << requests[3];
}

TEST_F(Pulling, GoesOnInALaterTry) {
  ServedFile served{big_};
  served.breaks = 1;
  served.break_after = 100'000;
  add_file("a.onnx", big_, served);
  options_.tries = 1;
  EXPECT_EQ(pull_now().error().code, ErrorCode::kUnavailable);
  expect_nothing_installed();
  ASSERT_TRUE(pull_now());
  EXPECT_NE(server_.requests().back().find("bytes=100000-"), std::string::npos);
}

TEST_F(Pulling, StartsAgainWhenTheServersFileChangedOrItGivesNoParts) {
  ServedFile served{random_bytes(300'000, 2)};
  served.breaks = 1;
  served.break_after = 100'000;
  add_file("a.onnx", big_, served);
  options_.tries = 1;
  EXPECT_FALSE(pull_now());
  ServedFile changed{big_, "\"2\""};
  server_.serve("/a.onnx", changed);
  const auto model = pull_now();
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(read_file(model->folder / "a.onnx"), big_);
}

TEST_F(Pulling, StartsAgainWhenThePartOfAnEarlierTryIsWrong) {
  ServedFile wrong{random_bytes(300'000, 2), ""};  // No validator: nothing tells the change.
  wrong.breaks = 1;
  wrong.break_after = 100'000;
  add_file("a.onnx", big_, wrong);
  options_.tries = 1;
  EXPECT_FALSE(pull_now());
  server_.serve("/a.onnx", {big_, ""});
  const auto model = pull_now();
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(read_file(model->folder / "a.onnx"), big_);
}

TEST_F(Pulling, RefusesAWrongDigestAndKeepsNothingOfIt) {
  add_file("a.onnx", big_, {random_bytes(big_.size(), 3)});
  const auto model = pull_now();
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::kCorruptData);
  EXPECT_NE(model.error().message.find("SHA-256"), std::string::npos);
  expect_nothing_installed();
  EXPECT_FALSE(fs::exists(store_.partial_folder(entry_) / "a.onnx"));
}

TEST_F(Pulling, RefusesMoreBytesThanTheCatalogueSays) {
  add_file("a.onnx", big_, {big_ + big_});
  EXPECT_EQ(pull_now().error().code, ErrorCode::kLimitExceeded);
  expect_nothing_installed();
}

TEST_F(Pulling, TriesAServerThatIsBusyAgainButNotAFileThatIsMissing) {
  ServedFile busy{big_};
  busy.refusals = 2;
  add_file("a.onnx", big_, busy);
  ASSERT_TRUE(pull_now());
  EXPECT_EQ(server_.requests().size(), 3U);

  entry_.name = "other";
  entry_.files.clear();
  ServedFile missing;
  missing.status = 404;
  add_file("b.onnx", big_, missing);
  EXPECT_EQ(pull_now().error().code, ErrorCode::kNotFound);
  EXPECT_EQ(server_.requests().size(), 4U);
}

TEST_F(Pulling, AsksMirrorsFirstAndThenTheFilesOwnAddress) {
  add_file("a.onnx", big_, {big_});
  server_.serve("/mirror/voice/a.onnx", {random_bytes(big_.size(), 4)});
  options_.mirrors = {server_.url("/mirror/")};
  std::vector<std::string> notes;
  options_.note = [&](const std::string& note) { notes.push_back(note); };
  ASSERT_TRUE(pull_now());
  EXPECT_EQ(notes.size(), 2U);  // The wrong file, and the one that is not there.
  EXPECT_NE(server_.requests().back().find("GET /a.onnx"), std::string::npos);
}

TEST_F(Pulling, ReadsAFolderOfflineAndNeverTheNetworkThen) {
  add_file("a.onnx", big_, {big_});
  const fs::path folder = support::scratch_dir() / "usb-stick";
  fs::create_directories(folder);
  options_.mirrors = {folder.string()};
  options_.only_mirrors = true;
  EXPECT_EQ(pull_now().error().code, ErrorCode::kNotFound);
  std::ofstream(folder / "a.onnx", std::ios::binary) << big_;
  const auto model = pull_now();
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(Pulling, ReplacesAnOlderModelAtOnce) {
  add_file("a.onnx", big_, {big_});
  ASSERT_TRUE(pull_now());
  entry_.version = "2";
  entry_.files.clear();
  add_file("b.onnx", "new", {"new"});
  const auto model = pull_now();
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_FALSE(fs::exists(model->folder / "a.onnx"));
  EXPECT_TRUE(fs::exists(model->folder / "b.onnx"));
}

TEST_F(Pulling, StopsWhileAServerStalls) {
  ServedFile stalled{big_};
  stalled.stalls = true;
  add_file("a.onnx", big_, stalled);
  std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop_.request_stop();
  });
  EXPECT_EQ(pull_now().error().code, ErrorCode::kCancelled);
  expect_nothing_installed();
}

TEST_F(Pulling, NamesNoPasswordWhenAnAddressFails) {
  entry_.files.push_back({"a", std::string(64, 'a'), 1, {"http://me:secret@127.0.0.1:1/a"}});
  options_.tries = 1;
  const auto model = pull_now();
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(model.error().message.find("secret"), std::string::npos) << model.error().message;
}

}  // namespace
}  // namespace syrinx::io
