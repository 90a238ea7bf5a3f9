// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/lexicon/lexicon.h"

#include <gtest/gtest.h>

#include <ctime>
#include <fstream>
#include <random>

#include "support/test_data.h"
#include "syrinx/core/base/limits.h"

namespace syrinx::text {
namespace {

using support::data_path;

Lexicon parsed(std::string_view contents, LexiconFormat format = LexiconFormat::kDetect) {
  auto lexicon = Lexicon::parse(contents, "test", format);
  EXPECT_TRUE(lexicon.has_value()) << lexicon.error().message;
  return std::move(lexicon).value();
}

std::string symbols(const Lexicon& lexicon, std::string_view word, std::string_view tag = "",
                    bool ends_phrase = false) {
  const auto reading = lexicon.find_any_case(word, {tag, ends_phrase});
  return reading ? reading->pronunciation.symbols : "nothing";
}

std::string error_of(std::string_view contents, LexiconFormat format) {
  const auto lexicon = Lexicon::parse(contents, "test", format);
  return lexicon ? "no error" : lexicon.error().message;
}

TEST(Lexicon, ReadsCmudictWithItsVariantsAndNotes) {
  const Lexicon lexicon =
      parsed(";;; a comment\ntomato  T AH0 M EY1 T OW2 # note\ntomato(2) T AH0 M AA1 T OW2\n");
  EXPECT_EQ(lexicon.format(), LexiconFormat::kCmudict);
  EXPECT_EQ(lexicon.words(), 1U);
  EXPECT_EQ(symbols(lexicon, "Tomato"), "T AH0 M EY1 T OW2");
  const auto readings = lexicon.readings("tomato");
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_EQ(readings[1].pronunciation.symbols, "T AH0 M AA1 T OW2");
  EXPECT_EQ(readings[1].line, 3U);
}

TEST(Lexicon, ReadsMisakiFilesAndChoosesByPartOfSpeechAndPhraseEnd) {
  const Lexicon lexicon = parsed(
      "{\n \"can\": {\"DEFAULT\": \"kæn\", \"None\": \"kˈæn\"},\n"
      " \"record\": {\"DEFAULT\": \"ɹˈɛkəɹd\", \"VERB\": \"ɹəkˈɔɹd\"},\n"
      " \"AD\": {\"DEFAULT\": \"ˈæd\", \"NOUN\": null}, \"caf\\u00e9\": \"kæfˈA\"}\n");
  EXPECT_EQ(lexicon.format(), LexiconFormat::kMisaki);
  EXPECT_EQ(symbols(lexicon, "can", "MD"), "kæn");
  EXPECT_EQ(symbols(lexicon, "can", "MD", true), "kˈæn");
  EXPECT_EQ(symbols(lexicon, "record", "VBP"), "ɹəkˈɔɹd");
  EXPECT_EQ(symbols(lexicon, "record", "NN"), "ɹˈɛkəɹd");
  EXPECT_EQ(symbols(lexicon, "café"), "kæfˈA");
  EXPECT_TRUE(lexicon.find("AD", {"NNP"})->is_spelt);
  EXPECT_EQ(lexicon.find("AD", {})->line, 4U);
}

TEST(Lexicon, ReadsTsvInEveryAlphabet) {
  const Lexicon lexicon = parsed(
      "# names\n"
      "Kakuro\tkuh-KAH-roh\n"
      "Nguyen\t/wɪn/\n"
      "Worcester\tW UH1 S T ER0\tarpabet\n"
      "record\tri-KORD\trespelling\tverb\n"
      "W3C\tWorld Wide Web Consortium\talias\r\n");
  EXPECT_EQ(lexicon.format(), LexiconFormat::kTsv);
  EXPECT_EQ(symbols(lexicon, "Kakuro"), "K AH0 K AA1 R OW0");
  EXPECT_EQ(symbols(lexicon, "nguyen"), "wɪn");
  EXPECT_EQ(symbols(lexicon, "WORCESTER"), "W UH1 S T ER0");
  EXPECT_EQ(symbols(lexicon, "record", "VBD"), "R IH0 K AO1 R D");
  EXPECT_EQ(symbols(lexicon, "record", "NN"), "nothing");
  EXPECT_EQ(lexicon.find("W3C", {})->alias, "World Wide Web Consortium");
  EXPECT_EQ(lexicon.find("W3C", {})->line, 6U);
}

TEST(Lexicon, ReadsPlsWithRolesAliasesAndOtherAlphabets) {
  const Lexicon lexicon = parsed(
      "<?xml version=\"1.0\"?>\n"
      "<lexicon version=\"1.0\" xmlns=\"http://www.w3.org/2005/01/pronunciation-lexicon\"\n"
      "    alphabet=\"ipa\" xml:lang=\"en-US\">\n"
      "  <lexeme "
      "role=\"ssml:verb\"><grapheme>record</grapheme><phoneme>ɹɪˈkɔɹd</phoneme></lexeme>\n"
      "  <lexeme><grapheme>gray</grapheme><grapheme>grey</grapheme>\n"
      "    <phoneme alphabet=\"x-sampa\">gr\\\"eI</phoneme></lexeme>\n"
      "  <lexeme><grapheme>AT&amp;T</grapheme><alias>A T and T</alias></lexeme>\n"
      "</lexicon>\n");
  EXPECT_EQ(lexicon.format(), LexiconFormat::kPls);
  EXPECT_EQ(lexicon.words(), 4U);
  EXPECT_EQ(symbols(lexicon, "record", "VB"), "ɹɪkˈɔɹd");
  EXPECT_EQ(lexicon.find("grey", {})->pronunciation.set, PhonemeSet::kXSampa);
  EXPECT_EQ(lexicon.find("AT&T", {})->alias, "A T and T");
}

TEST(Lexicon, SaysInWhichLineWhatWasExpected) {
  EXPECT_NE(error_of("good G UH1 D\nbad B AH X D\n", LexiconFormat::kCmudict)
                .find("line 2: expected ARPABET"),
            std::string::npos);
  EXPECT_NE(error_of("{\"a\": \"ə\",\n \"b\" \"bi\"}", LexiconFormat::kMisaki)
                .find("line 2: expected ':'"),
            std::string::npos);
  EXPECT_NE(error_of("\nfoo\tFUH-xyz\n", LexiconFormat::kTsv).find("line 2: 'foo'"),
            std::string::npos);
  EXPECT_NE(error_of("lonely\n", LexiconFormat::kTsv).find("line 1"), std::string::npos);
  EXPECT_NE(
      error_of("<lexicon>\n<lexeme><grapheme>a</grapheme></lexeme></lexicon>", LexiconFormat::kPls)
          .find("line 2: expected a <phoneme>"),
      std::string::npos);
  EXPECT_NE(error_of("<lexicon>\n<lexeme>", LexiconFormat::kPls).find("line 2: not well-formed"),
            std::string::npos);
}

TEST(Lexicon, RefusesDocumentTypesAndDepthInPls) {
  EXPECT_NE(error_of("<!DOCTYPE lexicon [<!ENTITY a \"b\">]><lexicon/>", LexiconFormat::kPls)
                .find("document type"),
            std::string::npos);
  std::string deep = "<lexicon>";
  for (int i = 0; i < 20; ++i) deep += "<meta>";
  EXPECT_NE(error_of(deep, LexiconFormat::kPls).find("10 deep"), std::string::npos);
}

TEST(Lexicon, FindsWordsWithCurlyApostrophesAndDecomposedAccents) {
  const Lexicon lexicon = parsed("don't\t/dˈoʊnt/\ncafé\t/kæfˈeɪ/\n");
  EXPECT_EQ(symbols(lexicon, "don\u2019t"), "nothing");  // The asker spells as lexicons do.
  const Lexicon curly = parsed("don\u2019t\t/dˈoʊnt/\ncafe\u0301\t/kæfˈeɪ/\n");
  EXPECT_EQ(symbols(curly, "don't"), "dˈoʊnt");
  EXPECT_EQ(symbols(curly, "café"), "kæfˈeɪ");
}

TEST(Lexicon, RefusesWordsAndFilesBeyondTheLimits) {
  const std::string word(limits::kMaxLexiconWordBytes + 1, 'a');
  EXPECT_NE(error_of(word + "\tAH0", LexiconFormat::kTsv).find("longer than 255"),
            std::string::npos);
  EXPECT_EQ(Lexicon::load("/nowhere/x.tsv").error().code, ErrorCode::kNotFound);
}

TEST(Lexicon, HoldsMisakisFourFilesInLittleMemoryAndReadsThemFast) {
  SYRINX_NEED_DATA("text/misaki/us_gold.json");
  const std::clock_t begin = std::clock();  // Processor time: others may be busy.
  std::size_t bytes = 0, words = 0;
  for (const char* name : {"us_gold", "us_silver", "gb_gold", "gb_silver"}) {
    auto lexicon = Lexicon::load(data_path(std::string("text/misaki/") + name + ".json"));
    ASSERT_TRUE(lexicon) << lexicon.error().message;
    bytes += lexicon->bytes();
    words += lexicon->words();
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  std::printf("%zu words, %.1f MiB, %.3f s\n", words, static_cast<double>(bytes) / 1048576,
              seconds);
  EXPECT_EQ(words, 90'201U + 93'361U + 87'352U + 109'766U);
  EXPECT_LT(bytes, std::size_t{60} << 20);
  EXPECT_LT(seconds, 2.0) << "meant to be below 0.5 s; sanitizers may take longer";
}

TEST(Lexicon, ReadsAllOfCmudict) {
  SYRINX_NEED_DATA("text/cmudict/cmudict.dict");
  const auto lexicon = Lexicon::load(data_path("text/cmudict/cmudict.dict"));
  ASSERT_TRUE(lexicon) << lexicon.error().message;
  EXPECT_EQ(lexicon->format(), LexiconFormat::kCmudict);
  EXPECT_GT(lexicon->words(), 125'000U);
  EXPECT_EQ(symbols(*lexicon, "Aalborg"), "AO1 L B AO0 R G");
  EXPECT_EQ(lexicon->readings("aalborg").size(), 2U);
}

// Whatever the bytes, the answer is a lexicon or an error.
TEST(Lexicon, SurvivesDamagedFiles) {
  const std::vector<std::string> seeds = {
      "{\"can\": {\"DEFAULT\": \"kæn\", \"None\": null}, \"caf\\u00e9\\ud83d\\ude00\": \"kæfˈA\"}",
      "tomato T AH0 M EY1 T OW2 # x\ntomato(2) T AH0\n", "a\tuh\nb\t/bi/\tipa\tNN\nc\td e\talias\n",
      "<lexicon alphabet=\"ipa\"><lexeme role=\"a:b\"><grapheme>x</grapheme><phoneme>a</phoneme>"
      "</lexeme></lexicon>"};
  std::mt19937 random(5);
  for (int run = 0; run < 20'000; ++run) {
    std::string text = seeds[random() % seeds.size()];
    for (auto edits = random() % 4 + 1; edits > 0; --edits) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0)
        text[at] = static_cast<char>(random());
      else if (random() % 2 == 0)
        text.erase(at, random() % 8);
      else
        text.insert(at, seeds[random() % seeds.size()].substr(random() % 10, random() % 20));
      if (text.empty()) text = "x";
    }
    for (const auto format :
         {LexiconFormat::kDetect, LexiconFormat::kMisaki, LexiconFormat::kPls}) {
      const auto lexicon = Lexicon::parse(text, "fuzz", format);
      if (lexicon)
        lexicon->find_any_case(text.substr(0, 10), {"NN", true});
      else
        EXPECT_FALSE(lexicon.error().message.empty());
    }
  }
}

}  // namespace
}  // namespace syrinx::text
