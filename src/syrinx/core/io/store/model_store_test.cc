// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/store/model_store.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/test_data.h"

namespace syrinx::io {
namespace {

namespace fs = std::filesystem;

class Store : public ::testing::Test {
 protected:
  fs::path folder() const { return dir_ / "store"; }
  ModelStore store() const { return ModelStore(folder()); }
  fs::path file(const std::string& name, const std::string& text) const {
    std::ofstream(dir_ / name) << text;
    return dir_ / name;
  }
  static ModelEntry entry(const std::string& name) {
    ModelEntry entry;
    entry.name = name;
    entry.kind = "piper";
    entry.licence = "CC0-1.0";
    return entry;
  }

 private:
  fs::path dir_ = support::scratch_dir();
};

TEST_F(Store, IsEmptyWhereNoFolderIs) {
  const auto models = store().list();
  ASSERT_TRUE(models);
  EXPECT_TRUE(models->empty());
  EXPECT_EQ(store().find("x").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store().find("../x").error().code, ErrorCode::kInvalidArgument);
}

TEST_F(Store, KeepsWhatWasAddedAndKnowsItsDigests) {
  const std::vector<fs::path> files{file("a.onnx", "abc"), file("a.onnx.json", "{}")};
  const auto added = store().add(entry("voice"), files);
  ASSERT_TRUE(added) << added.error().message;
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(added->entry.files[0].sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(added->file_ending(".onnx"), folder() / "voice" / "a.onnx");
  EXPECT_TRUE(added->file_ending(".pt").empty());
  const auto models = store().list();
  ASSERT_TRUE(models);
  ASSERT_EQ(models->size(), 1U);
  EXPECT_EQ((*models)[0].entry.kind, "piper");
  EXPECT_EQ(store().add(entry("voice"), files).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(Store, LeavesNothingWhenAFileIsMissing) {
  const std::vector<fs::path> files{file("a.onnx", "abc"), folder() / "missing"};
  EXPECT_EQ(store().add(entry("voice"), files).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(fs::is_empty(folder()));
}

TEST_F(Store, TellsChangedFilesFromMissingOnes) {
  const std::vector<fs::path> files{file("a", "abc"), file("b", "def"), file("c", "ghi"),
                                    file("d", "jkl")};
  ASSERT_TRUE(store().add(entry("voice"), files));
  std::ofstream(folder() / "voice" / "b") << "DEF";
  std::ofstream(folder() / "voice" / "c") << "longer";
  fs::remove(folder() / "voice" / "d");
  std::uint64_t hashed = 0;
  const auto checks = store().verify("voice", [&](std::uint64_t done, std::uint64_t all) {
    hashed = done;
    EXPECT_EQ(all, 12U);
  });
  ASSERT_TRUE(checks);
  ASSERT_EQ(checks->size(), 4U);
  EXPECT_EQ((*checks)[0].state, FileCheck::State::kGood);
  EXPECT_EQ((*checks)[1].state, FileCheck::State::kWrongDigest);
  EXPECT_EQ((*checks)[2].state, FileCheck::State::kWrongSize);
  EXPECT_EQ((*checks)[3].state, FileCheck::State::kMissing);
  EXPECT_EQ(hashed, 6U);
}

TEST_F(Store, PassesOverAFolderWhoseManifestIsBrokenAndSaysSo) {
  const std::vector<fs::path> files{file("a", "abc")};
  ASSERT_TRUE(store().add(entry("good"), files));
  fs::create_directories(folder() / "bad");
  std::ofstream(folder() / "bad" / "model.json") << "{";
  fs::create_directories(folder() / "renamed");
  fs::copy(folder() / "good" / "model.json", folder() / "renamed" / "model.json");
  fs::create_directories(folder() / "of-another-kind");  // Kept there by hand, without a manifest.
  std::vector<Error> broken;
  const auto models = store().list(&broken);
  ASSERT_TRUE(models);
  EXPECT_EQ(models->size(), 1U);
  EXPECT_EQ(broken.size(), 2U);
}

TEST_F(Store, RemovesWholly) {
  const std::vector<fs::path> files{file("a", "abc")};
  ASSERT_TRUE(store().add(entry("voice"), files));
  ASSERT_TRUE(store().remove("voice"));
  EXPECT_TRUE(fs::is_empty(folder()));
  EXPECT_EQ(store().remove("voice").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace syrinx::io
