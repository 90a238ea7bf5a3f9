// SPDX-License-Identifier: Apache-2.0
// `syrinx models` from the front door, against a server on this machine.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "integration/program.h"
#include "support/file_server.h"
#include "support/test_data.h"
#include "syrinx/core/base/sha256.h"

namespace syrinx {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::Finished;
using support::run_syrinx;

class Models : public ::testing::Test {
 protected:
  Models() { ::setenv("SYRINX_MODELS", (dir_ / "store").c_str(), 1); }
  ~Models() override { ::unsetenv("SYRINX_MODELS"); }

  // A catalogue of one model of one file, whose digest is that of `content`.
  std::string catalogue(const std::string& content) const {
    const json entry = {{"name", "tiny"},
                        {"kind", "piper"},
                        {"licence", "CC0-1.0"},
                        {"files",
                         {{{"name", "tiny.onnx"},
                           {"bytes", content.size()},
                           {"sha256", sha256_hex(std::as_bytes(std::span(content)))},
                           {"urls", {server_.url("/tiny.onnx")}}}}}};
    const auto path = dir_ / "catalogue.json";
    std::ofstream(path) << json{{"catalogue", 1}, {"models", {entry}}};
    return path;
  }
  bool installed() const { return fs::exists(dir_ / "store" / "tiny"); }

  const fs::path dir_ = support::scratch_dir();
  support::FileServer server_;
  const std::string content_ = std::string(200'000, 'x');
};

TEST_F(Models, ArePulledOverABrokenConnectionCheckedAndRemoved) {
  support::ServedFile served{content_};
  served.breaks = 1;
  served.break_after = 70'000;
  server_.serve("/tiny.onnx", served);
  const Finished pulled =
      run_syrinx({"models", "pull", "tiny", "--yes", "--json", "--catalogue", catalogue(content_)});
  ASSERT_EQ(pulled.exit_code, 0) << pulled.err;
  EXPECT_NE(pulled.err.find("licence: CC0-1.0"), std::string::npos) << pulled.err;
  EXPECT_NE(pulled.err.find("trying again"), std::string::npos) << pulled.err;
  EXPECT_EQ(json::parse(pulled.out).at("models").at(0).at("bytes"), content_.size());

  EXPECT_EQ(run_syrinx({"models", "verify"}).exit_code, 0);
  std::ofstream(dir_ / "store" / "tiny" / "tiny.onnx", std::ios::app) << "more";
  const Finished verified = run_syrinx({"models", "verify", "tiny"});
  EXPECT_EQ(verified.exit_code, 4);
  EXPECT_NE(verified.out.find("wrong size"), std::string::npos) << verified.out;

  EXPECT_EQ(run_syrinx({"models", "remove", "tiny"}).exit_code, 0);
  EXPECT_FALSE(installed());
  EXPECT_EQ(run_syrinx({"models", "where", "tiny"}).exit_code, 3);
}

TEST_F(Models, AreNotInstalledWithAWrongDigestOrWithoutAgreement) {
  server_.serve("/tiny.onnx", {std::string(200'000, 'y')});
  const std::string path = catalogue(content_);
  const Finished wrong = run_syrinx({"models", "pull", "tiny", "--yes", "--catalogue", path});
  EXPECT_EQ(wrong.exit_code, 4);
  EXPECT_NE(wrong.err.find("SHA-256"), std::string::npos) << wrong.err;
  EXPECT_FALSE(installed());
  const std::size_t asked = server_.requests().size();
  const Finished silent = run_syrinx({"models", "pull", "tiny", "--catalogue", path});
  EXPECT_EQ(silent.exit_code, 2);
  EXPECT_NE(silent.err.find("--yes"), std::string::npos) << silent.err;
  EXPECT_EQ(server_.requests().size(), asked);
}

TEST_F(Models, AreAddedFromFilesAndFound) {
  const auto voice = dir_ / "v.onnx";
  std::ofstream(voice) << "graph";
  std::ofstream(dir_ / "v.onnx.json") << "{}";
  const Finished added = run_syrinx(
      {"models", "add", "my-voice", voice, dir_ / "v.onnx.json", "--language", "en-US", "--json"});
  ASSERT_EQ(added.exit_code, 0) << added.err;
  EXPECT_EQ(json::parse(added.out).at("kind"), "piper");
  const Finished where = run_syrinx({"models", "where", "my-voice"});
  EXPECT_EQ(where.out, (dir_ / "store" / "my-voice").string() + "\n");
  const json list = json::parse(run_syrinx({"models", "list", "--installed", "--json"}).out);
  ASSERT_EQ(list.at("models").size(), 1U);
  EXPECT_EQ(run_syrinx({"models", "add", "../x", voice, "--kind", "piper"}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"models", "search", "klingon"}).exit_code, 3);
}

}  // namespace
}  // namespace syrinx
