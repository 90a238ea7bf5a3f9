// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "integration/program.h"
#include "support/need_espeak.h"
#include "support/test_data.h"

namespace syrinx {
namespace {

using nlohmann::json;
using support::Finished;
using support::run_syrinx;

// A user's own folder of lexicons for as long as this lives.
class OwnLexicons {
 public:
  OwnLexicons() { setenv("XDG_DATA_HOME", support::scratch_dir().c_str(), 1); }
  ~OwnLexicons() { unsetenv("XDG_DATA_HOME"); }
};

TEST(Text, ExplainsEachPiece) {
  const Finished shown = run_syrinx(
      {"text", "Dr. Lee met Mr. St. John at 10:30 on 3/4/2025; it cost $1.5M.", "--explain"});
  ASSERT_EQ(shown.exit_code, 0) << shown.err;
  for (const char* part : {"doctor", "saint", "ten thirty", "march fourth twenty twenty five",
                           "one point five million dollars", "money", "built-in words"}) {
    EXPECT_NE(shown.out.find(part), std::string::npos) << part << "\n" << shown.out;
  }
}

TEST(Text, PrintsOneSpokenLinePerLine) {
  const Finished shown =
      run_syrinx({"text", "--spoken", "--lines", "-"}, "It is $5.\n\nDr. Who? Yes.\nlast");
  EXPECT_EQ(shown.out, "it is five dollars\n\ndoctor who yes\nlast\n") << shown.err;
}

TEST(Text, PrintsPhonemesInTheSetThatIsAsked) {
  const auto line = [](const char* set) {
    return run_syrinx({"text", "--phonemes", set, "--lines", "-"}, "Hello, cat.\n").out;
  };
  EXPECT_EQ(line("arpabet"), "HH AH0 L OW1 | K AE1 T\n");
  EXPECT_EQ(line("kokoro"), "həlˈO, kˈæt.\n");
  EXPECT_EQ(line("ipa"), "həlˈoʊ kˈæt\n");
  const Finished refused = run_syrinx({"text", "--phonemes", "runes", "x"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("arpabet"), std::string::npos);
}

TEST(Text, PrintsPipersPhonemesByTheEspeakPlugin) {
  SYRINX_NEED_ESPEAK();
  const auto lines = [](const char* language, const std::string& text) {
    return run_syrinx({"text", "-l", language, "--phonemes", "piper", "--lines", "-"}, text).out;
  };
  EXPECT_EQ(lines("en-us", "Hello, world.\nHow are you: fine; good!\n\n"),
            "həlˈoʊ, wˈɜːld.\nhˈaʊ ɑːɹ juː: fˈaɪn; ɡˈʊd!\n\n");
  EXPECT_EQ(lines("en-us", "It cost $5 in one of the shops.\n"),
            "ɪt kˈɔst fˈaɪv dˈɑːlɚz ɪn wˈʌn ʌvðə ʃˈɑːps.\n");
  EXPECT_EQ(lines("de", "Guten Tag!\n"), "ɡˈuːtən tˈɑːk!\n");
}

TEST(Text, JsonHasTheSourceOfEveryWord) {
  const std::string text = "It’s $3.50 — café.";
  const json report = json::parse(run_syrinx({"text", "--json", text}).out);
  EXPECT_EQ(report["input"], "plain");
  for (const auto& token : report["sentences"][0]["tokens"]) {
    const std::size_t begin = token["source"][0];
    const std::size_t end = token["source"][1];
    ASSERT_LE(end, text.size());
    const std::string written = token["written"];
    EXPECT_EQ(text.substr(begin, end - begin), written == "It's" ? "It’s" : written);
  }
}

TEST(Text, ReadsMarkupAndSaysWhatItDidNotHonour) {
  const Finished shown = run_syrinx(
      {"text", "--json",
       "<speak>Wait <break time=\"1s\"/> <mark name=\"m\"/><prosody rate=\"slow\">here</prosody>"
       "</speak>"});
  const json report = json::parse(shown.out);
  EXPECT_EQ(report["input"], "ssml");
  EXPECT_EQ(report["sentences"][0]["events"][0]["pause_s"], 1.0);
  EXPECT_EQ(report["sentences"][0]["events"][1]["mark"], "m");
  EXPECT_FALSE(report["markup"].empty());
  const Finished broken = run_syrinx({"text", "--ssml", "<speak>a<b></speak>"});
  EXPECT_EQ(broken.exit_code, 4);
  EXPECT_NE(broken.err.find("line 1, column"), std::string::npos) << broken.err;
}

TEST(Text, ChoosesTheVoiceThatTheMarkupDescribes) {
  const json report = json::parse(
      run_syrinx({"text", "--json",
                  "<speak><voice gender=\"male\">A.</voice><voice name=\"nobody\">B.</voice>"
                  "</speak>"})
          .out);
  EXPECT_EQ(report["sentences"][0]["styles"][0]["voice"], "rms");
  EXPECT_NE(report["markup"].dump().find("ignored"), std::string::npos) << report["markup"];
}

TEST(Text, TakesThePartOfSpeechThatTheMarkupStates) {
  const auto phonemes = [](const char* role) {
    const std::string ssml =
        std::string("<speak>They <w role=\"amazon:") + role + "\">record</w> it.</speak>";
    return run_syrinx({"text", "--phonemes", "arpabet", ssml}).out;
  };
  EXPECT_NE(phonemes("VB").find("R IH0 K AO1 R D"), std::string::npos) << phonemes("VB");
  EXPECT_NE(phonemes("NN").find("R EH1 K"), std::string::npos) << phonemes("NN");
}

TEST(Text, ReadsMarkdownAsAPersonWould) {
  const auto file = support::scratch_dir() / "page.md";
  std::ofstream(file) << "# Title\n\nSee [the page](https://x.example).[1]\n\n```\ncode\n```\n";
  const Finished shown = run_syrinx({"text", "-f", file, "--spoken"});
  EXPECT_EQ(shown.out, "title\nsee the page\n") << shown.err;
  const Finished plain = run_syrinx({"text", "-f", file, "--spoken", "--input", "plain"});
  EXPECT_NE(plain.out.find("code"), std::string::npos);
}

TEST(Text, ReadsGermanButDoesNotPretendToPronounceIt) {
  const Finished shown = run_syrinx({"text", "-l", "de", "Am 3. Mai um 14:30 Uhr."});
  EXPECT_EQ(shown.out, "am dritten mai um vierzehn uhr dreißig\n");
  EXPECT_EQ(run_syrinx({"text", "-l", "de", "--phonemes", "ipa", "Mai"}).exit_code, 5);
  EXPECT_EQ(run_syrinx({"text", "-l", "tlh", "nuqneH"}).exit_code, 5);
}

TEST(Lexicon, AddsTestsAndRemovesAWord) {
  const OwnLexicons own;
  ASSERT_EQ(run_syrinx({"lexicon", "add", "Nguyen", "W IH1 N"}).exit_code, 0);
  const Finished tested = run_syrinx({"lexicon", "test", "Nguyen"});
  EXPECT_NE(tested.out.find("wˈɪn"), std::string::npos) << tested.out << tested.err;
  EXPECT_NE(tested.out.find("user.tsv"), std::string::npos) << tested.out;
  EXPECT_NE(run_syrinx({"lexicon", "list"}).out.find("Nguyen"), std::string::npos);
  const Finished british = run_syrinx({"lexicon", "test", "-l", "en-gb", "water"});
  EXPECT_NE(british.out.find("wˈɔːtə"), std::string::npos) << british.out << british.err;
  EXPECT_EQ(run_syrinx({"lexicon", "remove", "Nguyen"}).exit_code, 0);
  EXPECT_EQ(run_syrinx({"lexicon", "remove", "Nguyen"}).exit_code, 3);
  EXPECT_EQ(run_syrinx({"lexicon", "add", "x", "QQ ZZ9"}).exit_code, 2);
}

TEST(Lexicon, ImportsAFileThatIsThenAsked) {
  const OwnLexicons own;
  const auto file = support::scratch_dir() / "names.dict";
  std::ofstream(file) << "zork  Z AO1 R K\nblip  B L IH1 P\n";
  const Finished done = run_syrinx({"lexicon", "import", file});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const Finished tested = run_syrinx({"lexicon", "test", "zork"});
  EXPECT_NE(tested.out.find("names.dict"), std::string::npos) << tested.out << tested.err;
}

TEST(Lexicon, IsWhatSayUses) {
  const OwnLexicons own;
  const auto phones = [] {
    const Finished said =
        run_syrinx({"say", "-o", support::scratch_dir() / "x.wav", "--timings", "-", "Nguyen"});
    const json sentence = json::parse(said.out);
    std::string symbols;
    for (const auto& phoneme : sentence["phonemes"]) {
      symbols += phoneme["symbol"].get<std::string>() + " ";
    }
    return symbols;
  };
  const std::string before = phones();
  ASSERT_EQ(run_syrinx({"lexicon", "add", "Nguyen", "wind"}).exit_code, 0);
  ASSERT_EQ(run_syrinx({"lexicon", "add", "Nguyen", "W IH1 N"}).exit_code, 0);
  EXPECT_EQ(phones(), "pau w ih n pau ");
  EXPECT_NE(before, phones());
}

TEST(Say, HonoursMarkupMarksAndPauses) {
  const auto folder = support::scratch_dir();
  const auto timings = folder / "t.ndjson";
  const Finished said = run_syrinx(
      {"say", "-o", folder / "x.wav", "--timings", timings, "--json",
       "<speak>One <break time=\"1500ms\"/><mark name=\"half\"/> two. <prosody pitch=\"+20%\" "
       "range=\"high\">Three.</prosody> <voice name=\"rms\">Four.</voice></speak>"});
  ASSERT_EQ(said.exit_code, 0) << said.err;
  const json report = json::parse(said.out);
  bool ignored = false;
  for (const auto& entry : report["markup"]) ignored = ignored || entry["status"] == "ignored";
  EXPECT_TRUE(ignored) << report["markup"];  // The pitch range.
  std::ifstream lines(timings);
  std::string first;
  std::getline(lines, first);
  const json sentence = json::parse(first);
  ASSERT_EQ(sentence["marks"].size(), 1U);
  const double pause_s =
      sentence["words"][1]["begin_s"].get<double>() - sentence["words"][0]["end_s"].get<double>();
  EXPECT_GT(pause_s, 1.5);
  EXPECT_LT(pause_s, 2.3);
}

}  // namespace
}  // namespace syrinx
