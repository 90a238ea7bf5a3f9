// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/espeak/espeak.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/need_espeak.h"
#include "support/test_data.h"

namespace syrinx::text {
namespace {

// Lines that the espeak-ng program and the plugin must say the same.
constexpr std::array kLines = {
    "Hello, world.",
    "How are you: fine; good!",
    "One of the best, I am told.",
    "Is this the end?",
    "Wait! Who goes there?",
    "The quick brown fox jumps over the lazy dog.",
    "She sells sea shells by the sea shore.",
    "In 2024, we paid $3.50 for it.",
    "Dr. Smith lives at 12 Elm St.",
    "naïve café",
    "He read the book that I will read.",
    "A rose is a rose is a rose.",
    "Please, sir, I want some more.",
    "To be, or not to be: that is the question.",
    "Water, water, everywhere, nor any drop to drink.",
    "It was the best of times; it was the worst of times.",
    "I think, therefore I am.",
    "Now is the winter of our discontent.",
    "The rain in Spain stays mainly in the plain.",
    "Elementary, my dear Watson.",
    "May the force be with you!",
    "Houston, we have a problem.",
    "E equals m c squared",
    "FBI and NASA",
    "the of and to",
    "photosynthesis",
    "antidisestablishmentarianism, perhaps",
    "schadenfreude und Zeitgeist",
    "(in brackets) and \"in quotes\", done.",
    "don't, can't, won't",
    "first, second; third: fourth. Fifth",
    "x",
    "well-known state-of-the-art",
};

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> piece{};
  for (std::size_t n = 0; (n = fread(piece.data(), 1, piece.size(), pipe)) > 0;)
    out.append(piece.data(), n);
  pclose(pipe);
  return out;
}

// What the espeak-ng program prints: a clause a line, after a space.
std::vector<std::string> program_clauses(const std::string& voice, const std::string& line) {
  const auto file = support::scratch_dir() / "line.txt";
  std::ofstream(file) << line;
  const std::string out = output_of("espeak-ng -v " + voice + " --ipa -q -f " + file.string());
  std::vector<std::string> clauses;
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t end = std::min(out.find('\n', at), out.size());
    const std::string clause = without_language_names(out.substr(at, end - at));
    if (!clause.empty()) clauses.push_back(clause);
    at = end + 1;
  }
  return clauses;
}

std::string without_stress(std::string ipa) {
  for (const std::string mark : {"ˈ", "ˌ"}) {
    for (std::size_t at = ipa.find(mark); at != std::string::npos; at = ipa.find(mark))
      ipa.erase(at, mark.size());
  }
  return ipa;
}

// The program prints phonemes after it has worked out their melody, which moves stress on a word
// that is a clause of its own ("sir,"); the function that Piper was made with, and we call, does
// not.
TEST(Espeak, SaysWhatTheProgramSaysButForStressInShortClauses) {
  SYRINX_NEED_ESPEAK();
  if (output_of("espeak-ng --version 2>/dev/null").empty()) GTEST_SKIP() << "no espeak-ng program";
  for (const char* voice : {"en-us", "en-gb", "de"}) {
    std::size_t exact = 0;
    for (const char* line : kLines) {
      const auto said = Espeak::load().value()->phonemise(voice, line);
      ASSERT_TRUE(said.has_value()) << said.error().message;
      const auto program = program_clauses(voice, line);
      ASSERT_EQ(said->size(), program.size()) << voice << ": " << line;
      bool same = true;
      for (std::size_t i = 0; i < program.size(); ++i) {
        same = same && said.value()[i].ipa == program[i];
        EXPECT_EQ(without_stress(said.value()[i].ipa), without_stress(program[i])) << line;
      }
      exact += same ? 1 : 0;
    }
    EXPECT_GE(exact, kLines.size() * 9 / 10) << voice;
  }
}

TEST(Espeak, TellsTheMarkThatEndedEachClause) {
  SYRINX_NEED_ESPEAK();
  const auto marks_of = [](const char* text) {
    const std::vector<EspeakClause> clauses =
        Espeak::load().value()->phonemise("en-us", text).value();
    std::string marks;
    for (const EspeakClause& c : clauses) marks += c.mark.empty() ? "_" : c.mark;
    return marks;
  };
  EXPECT_EQ(marks_of("Hello, world. How are you: fine; good! One? No"), ",.:;!?_");
  EXPECT_EQ(marks_of("She said \"Stop!\" Then (at last), he did."), "!,.");
  EXPECT_EQ(marks_of("café, é."), ",.");
  EXPECT_EQ(marks_of("Wait \xE2\x80\x94 what\xE2\x80\xA6 now"), ";;_");
  EXPECT_EQ(marks_of("no mark"), "_");
}

TEST(Espeak, TakesTheNamesOfLanguagesOut) {
  EXPECT_EQ(without_language_names("(fr)ʃa(en-us)d"), "ʃad");
  EXPECT_EQ(without_language_names(" (de) tsaɪt "), "tsaɪt");
  EXPECT_EQ(without_language_names("a(b)c (Ä) ("), "a(b)c (Ä) (");
  EXPECT_EQ(without_language_names("(en)"), "");
}

TEST(Espeak, KnowsTheVoiceOfALanguage) {
  EXPECT_EQ(espeak_voice_of("en-US"), "en-us");
  EXPECT_EQ(espeak_voice_of("en"), "en-us");
  EXPECT_EQ(espeak_voice_of("en-GB"), "en-gb");
  EXPECT_EQ(espeak_voice_of("de-DE"), "de");
}

TEST(Espeak, RefusesAVoiceThatThereIsNotAndTextsItCannotTake) {
  SYRINX_NEED_ESPEAK();
  const auto espeak = Espeak::load().value();
  EXPECT_EQ(espeak->phonemise("tlh-nonsense", "x").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(espeak->phonemise("en-us", std::string("a\0b", 3)).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(espeak->phonemise("en-us", std::string(65'537, 'a')).error().code,
            ErrorCode::kLimitExceeded);
  EXPECT_TRUE(espeak->phonemise("en-us", "").value().empty());
  EXPECT_FALSE(espeak->phonemise("en-us", "still there").value().empty());
}

TEST(Espeak, GivesEachOfManyThreadsItsOwnAnswer) {
  SYRINX_NEED_ESPEAK();
  const auto espeak = Espeak::load().value();
  const std::string english = espeak->phonemise("en-us", "nation").value()[0].ipa;
  const std::string german = espeak->phonemise("de", "nation").value()[0].ipa;
  ASSERT_NE(english, german);
  std::array<int, 4> wrong{};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 50; ++n)
        wrong[i] += espeak->phonemise(i % 2 == 0 ? "en-us" : "de", "nation").value()[0].ipa !=
                    (i % 2 == 0 ? english : german);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : wrong) EXPECT_EQ(count, 0);
}

}  // namespace
}  // namespace syrinx::text
