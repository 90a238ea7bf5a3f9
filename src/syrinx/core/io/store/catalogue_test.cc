// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/store/catalogue.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/test_data.h"

namespace syrinx::io {
namespace {

TEST(BuiltInCatalogue, NamesALicenceAndAnAddressForEveryFile) {
  ASSERT_FALSE(built_in_catalogue().empty());
  for (const ModelEntry& entry : built_in_catalogue()) {
    EXPECT_FALSE(entry.licence.empty()) << entry.name;
    EXPECT_FALSE(entry.languages.empty()) << entry.name;
    for (const ModelFile& file : entry.files) EXPECT_FALSE(file.urls.empty()) << file.name;
  }
}

TEST(BuiltInCatalogue, IsSearchedByEveryWordInAnyCase) {
  const auto found = search_catalogue(built_in_catalogue(), {"PIPER", "de-de"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "de_DE-thorsten-medium");
  EXPECT_EQ(search_catalogue(built_in_catalogue(), {}).size(), built_in_catalogue().size());
  EXPECT_TRUE(search_catalogue(built_in_catalogue(), {"piper", "klingon"}).empty());
}

TEST(BuiltInCatalogue, TellsWhatLooksAlikeWhenANameIsNotThere) {
  const auto entry = find_entry(built_in_catalogue(), "lessac");
  ASSERT_FALSE(entry);
  EXPECT_NE(entry.error().message.find("en_US-lessac-medium"), std::string::npos);
  EXPECT_EQ(entry.error().message.find("thorsten"), std::string::npos);
}

TEST(CatalogueFile, IsNamedInItsErrors) {
  const auto path = support::scratch_dir() / "models.json";
  std::ofstream(path) << R"({"catalogue": 1, "models": [{}]})";
  const auto entries = load_catalogue(path);
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().code, ErrorCode::kCorruptData);
  EXPECT_NE(entries.error().message.find("models.json"), std::string::npos);
}

}  // namespace
}  // namespace syrinx::io
