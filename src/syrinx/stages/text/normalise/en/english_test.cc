// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/english.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace syrinx::text::en {
namespace {

TokenClass class_of(const std::string& written) {
  static const auto kEnglish = make_english(false, WritingStyle::kAuto);
  return kEnglish->normalise(MappedText(written, 0)).front().token_class;
}

// Reads written<TAB>spoken<TAB>why of tests/data/text; returns how many lines there were.
std::size_t expect_lines(const char* file, bool british) {
  const auto english = make_english(british, WritingStyle::kAuto);
  std::ifstream in(std::filesystem::path(SYRINX_TEST_DATA) / "text" / file);
  EXPECT_TRUE(in.is_open()) << file;
  std::size_t lines = 0;
  for (std::string row; std::getline(in, row); ++lines) {
    std::istringstream fields(row);
    std::string written;
    std::string spoken;
    std::string why;
    std::getline(fields, written, '\t');
    std::getline(fields, spoken, '\t');
    std::getline(fields, why);
    EXPECT_EQ(spoken_line(english->normalise(MappedText(written, 0))), spoken) << why;
  }
  return lines;
}

TEST(English, ReadsTheHardLines) { EXPECT_GE(expect_lines("hard_lines.tsv", false), 200U); }

TEST(English, ReadsTheHardLinesOfBritain) {
  EXPECT_GE(expect_lines("hard_lines_gb.tsv", true), 30U);
}

TEST(English, NamesTheClassOfWhatItReads) {
  const std::vector<std::pair<std::string, TokenClass>> kExamples = {
      {"word", TokenClass::kPlain},        {",", TokenClass::kPunctuation},
      {"12", TokenClass::kCardinal},       {"12th", TokenClass::kOrdinal},
      {"1.5", TokenClass::kDecimal},       {"2/3", TokenClass::kFraction},
      {"007", TokenClass::kDigits},        {"$5", TokenClass::kMoney},
      {"May 5, 1999", TokenClass::kDate},  {"5:30 pm", TokenClass::kTime},
      {"5 kg", TokenClass::kMeasure},      {"555-123-4567", TokenClass::kTelephone},
      {"12 Oak St", TokenClass::kAddress}, {"a@b.com", TokenClass::kElectronic},
      {"FBI", TokenClass::kLetters},       {"vs.", TokenClass::kAbbreviation},
      {"B2B", TokenClass::kSerial},        {"1990-1995", TokenClass::kRange},
      {"&", TokenClass::kVerbatim},        {"😂", TokenClass::kEmoji}};
  for (const auto& [written, expected] : kExamples) {
    EXPECT_EQ(class_of(written), expected) << written;
  }
}

}  // namespace
}  // namespace syrinx::text::en
