// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/normaliser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>

#include "support/test_data.h"
#include "syrinx/core/base/json.h"

namespace syrinx::text {
namespace {

Normaliser make(std::string language = "en-US", WritingStyle style = WritingStyle::kAuto) {
  return Normaliser::create({std::move(language), style}).value();
}

std::string line(const std::string& written, const std::string& language = "en-US") {
  return spoken_line(make(language).normalise(MappedText(written, 0)));
}

bool is_space(unsigned char c) { return c == ' ' || (c >= 9 && c <= 13); }

// What normalise() promises of every text: tokens in order, each byte in one of them, and words or
// a reason wherever a letter or digit was written. Returns what is wrong, or "".
std::string broken_promise(const std::string& text, const std::vector<SpokenToken>& tokens) {
  std::size_t at = 0;
  for (const SpokenToken& token : tokens) {
    if (token.source.begin < at || token.source.end <= token.source.begin) return "spans overlap";
    for (; at < token.source.begin; ++at) {
      const auto c = static_cast<unsigned char>(text[at]);
      if (!is_space(c) && c < 0x80) return "a byte is in no token: " + text.substr(at, 12);
    }
    at = token.source.end;
    const std::string written = text.substr(token.source.begin, token.source.size());
    const bool alphanumeric = std::any_of(written.begin(), written.end(),
                                          [](unsigned char c) { return std::isalnum(c); });
    if (alphanumeric && token.words.empty() && token.skipped.empty()) return "lost: " + written;
    if (token.rule.empty()) return "no rule: " + written;
    for (const SpokenWord& word : token.words) {
      if (word.text.empty() || word.text.find(' ') != std::string::npos)
        return "bad word: " + written;
      if (word.source.begin < token.source.begin || word.source.end > token.source.end) {
        return "a word leaves its token: " + written;
      }
    }
  }
  for (; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (!is_space(c) && c < 0x80) return "a byte is in no token: " + text.substr(at, 12);
  }
  return {};
}

void expect_promise(const Normaliser& normaliser, const std::string& text) {
  const auto tokens = normaliser.normalise(MappedText(text, 0));
  EXPECT_EQ(broken_promise(text, tokens), "") << text;
}

TEST(Normaliser, RefusesLanguagesThatAreNotThere) {
  const auto made = Normaliser::create({"tlh", WritingStyle::kAuto});
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(made.error().message.find("en-US"), std::string::npos);
}

TEST(Normaliser, TakesLanguageNamesInAnyCase) {
  EXPECT_TRUE(Normaliser::create({"EN-gb", WritingStyle::kAuto}).has_value());
}

TEST(Normaliser, GivesNothingForNothing) {
  EXPECT_TRUE(make().normalise(MappedText("", 0)).empty());
  EXPECT_TRUE(make().normalise(MappedText(" \n\t ", 0)).empty());
}

TEST(Normaliser, SaysWhatEachTokenIsAndWhy) {
  const auto tokens = make().normalise(MappedText("Dr. Lee paid $3.50.", 0));
  ASSERT_EQ(tokens.size(), 5U);
  EXPECT_EQ(tokens[0].token_class, TokenClass::kAbbreviation);
  EXPECT_EQ(tokens[0].rule, "abbreviation: doctor, as a name follows");
  EXPECT_EQ(tokens[3].token_class, TokenClass::kMoney);
  EXPECT_EQ(tokens[3].written, "$3.50");
  EXPECT_EQ(tokens[4].token_class, TokenClass::kPunctuation);
  EXPECT_TRUE(tokens[4].words.empty());
}

TEST(Normaliser, KeepsTheAuthorsBytes) {
  const auto tokens = make().normalise(MappedText("On 3/4/2025.", 100));
  ASSERT_EQ(tokens.size(), 3U);
  EXPECT_EQ(tokens[1].source, (SourceSpan{103, 111}));
  for (const SpokenWord& word : tokens[1].words) EXPECT_EQ(word.source, (SourceSpan{103, 111}));
}

TEST(Normaliser, GivesPartsOfATokenTheirOwnBytes) {
  const auto tokens = make().normalise(MappedText("5 km", 0));
  ASSERT_EQ(tokens.size(), 1U);
  ASSERT_EQ(tokens[0].words.size(), 2U);
  EXPECT_EQ(tokens[0].words[0].source, (SourceSpan{0, 1}));
  EXPECT_EQ(tokens[0].words[1].source, (SourceSpan{2, 4}));
}

TEST(Normaliser, GivesEachLetterItsByte) {
  const auto tokens = make().normalise(MappedText("the U.S. FBI", 10));
  ASSERT_EQ(tokens.size(), 3U);
  ASSERT_EQ(tokens[1].words.size(), 2U);
  EXPECT_TRUE(tokens[1].words[0].is_letter_name);
  EXPECT_EQ(tokens[1].words[1].text, "S");
  EXPECT_EQ(tokens[1].words[1].source, (SourceSpan{16, 17}));
  EXPECT_EQ(tokens[2].words[2].source, (SourceSpan{21, 22}));
}

TEST(Normaliser, SourcesSurviveCleaning) {
  MappedText cleaned;
  cleaned.append("it", {0, 2});
  cleaned.append("'", {2, 5});  // Was a curly apostrophe.
  cleaned.append("s 5", {5, 8});
  const auto tokens = make().normalise(cleaned);
  ASSERT_EQ(tokens.size(), 2U);
  EXPECT_EQ(tokens[0].words[0].text, "it's");
  EXPECT_EQ(tokens[0].source, (SourceSpan{0, 8}));
}

TEST(Normaliser, SaysWhyNothingIsSaid) {
  const auto tokens = make().normalise(MappedText("***** \xff :-)", 0));
  ASSERT_EQ(tokens.size(), 3U);
  EXPECT_EQ(tokens[0].skipped, "ornament");
  EXPECT_EQ(tokens[1].skipped, "not UTF-8");
  EXPECT_EQ(tokens[2].skipped, "emoticon");
}

TEST(Normaliser, PluralLettersCarryTheirEnding) {
  const auto tokens = make().normalise(MappedText("UFOs", 0));
  ASSERT_EQ(tokens[0].words.size(), 3U);
  EXPECT_EQ(tokens[0].words[2].text, "Os");
  EXPECT_TRUE(tokens[0].words[2].is_letter_name);
}

TEST(Normaliser, BritishReadersDifferInDatesAndNumbers) {
  EXPECT_EQ(line("Due 3/4/2025.", "en-US"), "due march fourth twenty twenty five");
  EXPECT_EQ(line("Due 3/4/2025.", "en-GB"), "due the third of april twenty twenty five");
  EXPECT_EQ(line("105,000 people", "en-GB"), "one hundred and five thousand people");
  EXPECT_EQ(line("105,000 people", "en-US"), "one hundred five thousand people");
  EXPECT_EQ(line("May 5", "en-GB"), "the fifth of may");
  EXPECT_EQ(line("They won 3-0.", "en-GB"), "they won three to nil");
  EXPECT_EQ(line("5 km", "en-GB"), "five kilometres");
  EXPECT_EQ(line("the colour", "en-GB"), "the colour");
  EXPECT_EQ(line("the colour", "en-US"), "the color");
  EXPECT_EQ(line("Call 020 7946 0958.", "en-GB"),
            "call oh two oh seven nine four six oh nine five eight");
}

TEST(Normaliser, SpacedWritingHasItsOwnHabits) {
  EXPECT_EQ(line("In 1902 , the BBC had 250 people ."),
            "in nineteen o two the b b c had two hundred fifty people");
  EXPECT_EQ(line("In 1902, the BBC had 250 people."),
            "in nineteen oh two the bbc had two hundred and fifty people");
  const auto tokens =
      make("en-US", WritingStyle::kSpaced).normalise(MappedText("In 1902 the BBC", 0));
  EXPECT_EQ(spoken_line(tokens, LetterSpacing::kApart), "in nineteen o two the b b c");
}

TEST(Normaliser, LosesNoWordOfOutsideTests) {
  SYRINX_NEED_DATA("text/google_tn/sentences.jsonl");
  const Normaliser american = make();
  const Normaliser british = make("en-GB");
  std::ifstream in(support::data_path("text/google_tn/sentences.jsonl"));
  for (std::string json; std::getline(in, json);) {
    const auto parsed = parse_json(json);
    ASSERT_TRUE(parsed.has_value());
    expect_promise(american, *parsed->find("text")->text());
    expect_promise(british, *parsed->find("text")->text());
  }
}

TEST(Normaliser, LosesNoWordOfRandomText) {
  static const std::vector<std::string> kParts = {
      "the", "Dr.", "St.",  "$",   "5",   "12",  "1984", "3.5", ",",    ".",   "-",    "/", ":",
      "am",  "PM",  "km",   "May", "jan", "II",  "VIII", "@",   "#",    "%",   "'",    "s", "€",
      "½",   "😂",   "http", "www", "com", "e.g", "No.",  "th",  "1st",  "000", "(",    ")", "+",
      "=",   "x",   "°C",   "[",   "]",   "<",   ">",    "\"",  "ABC",  "é",   "\xff", "–", "m²",
      " ",   " ",   " ",    " ",   "USD", "A",   "and",  "ext", "page", "won", "\n",   "_", "~"};
  const Normaliser normaliser = make();
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 14; n > 0; --n) text += kParts[random() % kParts.size()];
    expect_promise(normaliser, text);
    if (HasFailure()) return;
  }
}

TEST(Normaliser, IsSafeForAnyBytes) {
  const Normaliser normaliser = make();
  std::mt19937 random(11);
  for (int i = 0; i < 5'000; ++i) {
    std::string text(random() % 60, ' ');
    for (char& c : text) c = static_cast<char>(random() & 0xff);
    const auto tokens = normaliser.normalise(MappedText(text, 0));
    EXPECT_EQ(broken_promise(text, tokens), "") << i;
    for (const char* kind : {"date", "time", "telephone", "characters", "unit", "fraction"}) {
      EXPECT_TRUE(normaliser.say_as(MappedText(text, 0), {kind, "", ""}).has_value());
    }
  }
}

// Nine times the text takes about nine times as long, whatever repeats; eighty times if each part
// were looked at again for each other.
TEST(Normaliser, TakesTimeInProportionToTheText) {
  const Normaliser normaliser = make();
  for (const std::string part :
       {"a.", "1-",   "(",    "x=",   "5,", "1/", "http://", "A.", "+1", "😂",  "'s", "<a",
        "#",  "@a.b", ",234", ".234", "1:", "/",  "<",       "``", "A&", "5'", "[",  "May "}) {
    const auto seconds = [&](std::size_t bytes) {
      std::string text;
      while (text.size() < bytes) text += part;
      const std::clock_t begin = std::clock();  // Processor time: other programs do not matter.
      const auto tokens = normaliser.normalise(MappedText(text, 0));
      EXPECT_FALSE(tokens.empty());
      return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    };
    const double small = seconds(20'000);
    EXPECT_LT(seconds(180'000), 35 * small + 0.05) << part;
  }
}

// --- say-as

std::string say_as(const std::string& text, const std::string& kind, const std::string& format = "",
                   const std::string& language = "en-US") {
  const auto tokens = make(language).say_as(MappedText(text, 0), {kind, format, ""});
  return tokens.has_value() ? spoken_line(*tokens) : "error: " + tokens.error().message;
}

TEST(SayAs, ReadsNumbersAsTheAuthorSays) {
  EXPECT_EQ(say_as("1984", "cardinal"), "one thousand nine hundred and eighty four");
  EXPECT_EQ(say_as("-12", "cardinal"), "minus twelve");
  EXPECT_EQ(say_as("XIV", "cardinal"), "fourteen");
  EXPECT_EQ(say_as("3", "ordinal"), "third");
  EXPECT_EQ(say_as("VIII", "ordinal"), "eighth");
  EXPECT_EQ(say_as("1984", "digits"), "one nine eight four");
  EXPECT_EQ(say_as("5", "number", "ordinal"), "fifth");
  EXPECT_EQ(say_as("1984", "number"), "one thousand nine hundred and eighty four");
  EXPECT_EQ(say_as("3/4", "fraction"), "three quarters");
  EXPECT_EQ(say_as("2 1/2", "fraction"), "two and a half");
}

TEST(SayAs, ReadsDatesInTheirFormat) {
  EXPECT_EQ(say_as("3/4/2025", "date", "mdy"), "march fourth twenty twenty five");
  EXPECT_EQ(say_as("3/4/2025", "date", "dmy"), "the third of april twenty twenty five");
  EXPECT_EQ(say_as("2025-04-03", "date", "ymd"), "april third twenty twenty five");
  EXPECT_EQ(say_as("3.4.", "date", "dm"), "the third of april");
  EXPECT_EQ(say_as("4/3", "date", "md"), "april third");
  EXPECT_EQ(say_as("2025/04", "date", "ym"), "april twenty twenty five");
  EXPECT_EQ(say_as("04/2025", "date", "my"), "april twenty twenty five");
  EXPECT_EQ(say_as("1984", "date", "y"), "nineteen eighty four");
  EXPECT_EQ(say_as("4", "date", "m"), "april");
  EXPECT_EQ(say_as("4", "date", "d"), "fourth");
  EXPECT_EQ(say_as("4 July 1976", "date", "dmy"), "the fourth of july nineteen seventy six");
  EXPECT_EQ(say_as("3/4/2025", "date", "", "en-GB"), "the third of april twenty twenty five");
}

TEST(SayAs, ReadsTheOtherKinds) {
  EXPECT_EQ(say_as("2:30pm", "time", "hms12"), "two thirty pm");
  EXPECT_EQ(say_as("14:30", "time", "hms24"), "fourteen thirty");
  EXPECT_EQ(say_as("0930", "time"), "nine thirty");
  EXPECT_EQ(say_as("(555) 123-4567", "telephone"),
            "five five five one two three four five six seven");
  EXPECT_EQ(say_as("55 12", "telephone"), "five five one two");
  EXPECT_EQ(say_as("abc", "characters"), "abc");
  EXPECT_EQ(say_as("a1@", "spell-out"), "a one at");
  EXPECT_EQ(say_as("x-y", "verbatim"), "x dash y");
  EXPECT_EQ(say_as("darn", "expletive"), "bleep");
  EXPECT_EQ(say_as("10 kg", "unit"), "ten kilograms");
  EXPECT_EQ(say_as("$5", "currency"), "five dollars");
  EXPECT_EQ(say_as("12 Oak St", "address"), "twelve oak street");
  EXPECT_EQ(say_as("Dr Lee", "name"), "dr lee");
}

TEST(SayAs, SaysWhenTheTextDoesNotFit) {
  const auto tokens = make().say_as(MappedText("hello", 0), {"date", "mdy", ""});
  ASSERT_TRUE(tokens.has_value());
  EXPECT_EQ(spoken_line(*tokens), "hello");
  EXPECT_EQ(tokens->front().rule, "say-as date: does not fit; word");
}

TEST(SayAs, RefusesWhatItDoesNotKnow) {
  EXPECT_NE(say_as("x", "sing").find("it knows cardinal"), std::string::npos);
  EXPECT_NE(say_as("1/2", "date", "ymm").find("it knows mdy"), std::string::npos);
}

}  // namespace
}  // namespace syrinx::text
