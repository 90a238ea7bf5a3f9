// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "integration/program.h"
#include "support/epub_file.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/loudness.h"

// `syrinx read` as a user meets it.
namespace syrinx {
namespace {

using nlohmann::json;
using support::Finished;
using support::Program;
using support::run_syrinx;
namespace fs = std::filesystem;

constexpr const char* kPlay =
    "# The Little Book\n\n## Chapter One\n\nDoctor Smith paid $3.50 on May 4th. It was a **fine** "
    "day.\n\n[Alice] Hello there, Bob.\n[Bob] I am fine... Thank you!\n\n## Chapter Two\n\nFish & "
    "chips, and nothing more.\n";

std::string put(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

std::string long_text(int sentences) {
  std::string text;
  for (int i = 0; i < sentences; ++i) {
    text += "This is sentence number " + std::to_string(i) + " of a long and quiet book. ";
    if (i % 5 == 4) text += "\n\n";
    if (i % 20 == 19) text += "Chapter " + std::to_string(i / 20 + 2) + "\n\n";
  }
  return text;
}

TEST(Read, MakesABookWithChaptersSpeakersAndCaptions) {
  const auto folder = support::scratch_dir();
  const auto book = put(folder / "play.md", kPlay);
  const std::string out = folder / "play.m4b";
  const auto captions = (folder / "p.srt").string() + "," + (folder / "p.vtt").string() + "," +
                        (folder / "p.json").string();
  const Finished read = run_syrinx({"read", book, "-o", out, "--voice", "awb", "--cast",
                                    "Alice=slt,Bob=rms", "--captions", captions, "--json"});
  ASSERT_EQ(read.exit_code, 0) << read.err;
  const json report = json::parse(read.out);
  ASSERT_EQ(report["chapters"].size(), 2u);
  EXPECT_EQ(report["chapters"][0]["title"], "Chapter One");
  EXPECT_EQ(report["chapters"][1]["title"], "Chapter Two");
  EXPECT_EQ(report["skipped_count"], 0);
  EXPECT_EQ(report["voice_gain_db"].size(), 3u);
  EXPECT_EQ(names_in(folder),
            (std::set<std::string>{"play.md", "play.m4b", "p.srt", "p.vtt", "p.json"}));

  const std::string vtt = contents(folder / "p.vtt");
  EXPECT_EQ(vtt.rfind("WEBVTT\n\n1\n00:00:00.", 0), 0u) << vtt;
  EXPECT_NE(vtt.find("Doctor Smith paid $3.50 on May 4th."), std::string::npos);
  EXPECT_NE(vtt.find("<v Alice>Hello there, Bob."), std::string::npos);
  EXPECT_NE(vtt.find("Fish &amp; chips"), std::string::npos);
  EXPECT_NE(contents(folder / "p.srt").find("Fish & chips"), std::string::npos);

  const json words = json::parse(contents(folder / "p.json"));
  const std::string source = kPlay;
  double before_s = 0;
  for (const json& sentence : words["sentences"]) {
    for (const json& word : sentence["words"]) {
      const std::size_t begin = word["source"][0];
      const std::size_t end = word["source"][1];
      EXPECT_EQ(word["text"], source.substr(begin, end - begin));
      EXPECT_GE(word["begin_s"].get<double>(), before_s);
      before_s = word["begin_s"];
    }
  }
  EXPECT_LT(before_s, report["duration_s"].get<double>());
  EXPECT_EQ(words["chapters"], report["chapters"].is_array() ? words["chapters"] : json());
  EXPECT_EQ(words["chapters"].size(), 2u);
}

TEST(Read, BringsEveryVoiceToTheLoudnessThatIsAskedFor) {
  const auto folder = support::scratch_dir();
  const auto book = put(folder / "play.txt",
                        "[Ann] This is the first of two voices, and it says a little.\n\n"
                        "[Ben] And this is the second of them, which says as much as that.\n");
  for (const char* target : {"-18", "-23"}) {
    const std::string out = folder / "play.wav";
    const Finished read =
        run_syrinx({"read", book, "-o", out, "--cast", "Ann=slt,Ben=rms", "--loudness", target});
    ASSERT_EQ(read.exit_code, 0) << read.err;
    const auto audio = io::read_audio(out);
    ASSERT_TRUE(audio);
    const auto half = audio->frames() / 2;
    for (const auto part : {audio->view().slice(0, half), audio->view().slice(half, half)}) {
      const auto loudness = measure::measure_loudness(part);
      ASSERT_TRUE(loudness);
      EXPECT_NEAR(loudness->integrated_lufs, std::atof(target), 1.0);
      EXPECT_LE(loudness->true_peak_dbtp, -0.9);
    }
  }
}

// The time that the book's one sentence of Ben takes, with the pace that `read` is told to keep.
double sentence_of_ben_s(const char* pace, json& report) {
  const auto folder = support::scratch_dir();
  const auto book = put(folder / "play.txt",
                        "[Ann] The birch canoe slid on the smooth planks.\n\n"
                        "[Ben] The birch canoe slid on the smooth planks.\n");
  const std::string captions = folder / "play.json";
  const Finished read =
      run_syrinx({"read", book, "-o", folder / "play.wav", "--cast", "Ann=slt,Ben=rms", "--pace",
                  pace, "--captions", captions, "--json"});
  EXPECT_EQ(read.exit_code, 0) << read.err;
  report = json::parse(read.out);
  const json words = json::parse(contents(captions))["sentences"][1]["words"];
  return words.back()["end_s"].get<double>() - words.front()["begin_s"].get<double>();
}

TEST(Read, BringsTheVoicesOfACastToThePaceOfTheNarrator) {
  json evened, own;
  const double evened_s = sentence_of_ben_s("even", evened);
  const double own_s = sentence_of_ben_s("own", own);
  EXPECT_EQ(own["voice_pace"], (json{{"slt", 1.0}, {"rms", 1.0}}));
  const double factor = evened["voice_pace"]["rms"];
  EXPECT_EQ(evened["voice_pace"]["slt"], 1.0);
  EXPECT_GT(factor, 1.05) << "rms talks more slowly than slt";
  EXPECT_NEAR(own_s / evened_s, factor, 0.03);
}

TEST(Read, VoicesOfTheMarkupAreLevelledLikeTheCast) {
  const auto folder = support::scratch_dir();
  const auto book =
      put(folder / "b.ssml",
          "<speak version=\"1.1\"><p>Here I am.</p><p><voice name=\"rms\">I am another "
          "one. <break time=\"2s\"/> After a pause.</voice></p></speak>");
  const Finished read = run_syrinx(
      {"read", book, "-q", "--json", "-o", folder / "b.wav", "--captions", folder / "b.json"});
  ASSERT_EQ(read.exit_code, 0) << read.err;
  EXPECT_EQ(json::parse(read.out)["voice_gain_db"].size(), 2u);
  const json words = json::parse(contents(folder / "b.json"));
  EXPECT_EQ(words["sentences"][1]["voice"], "rms");
  const double first_end = words["sentences"][1]["words"].back()["end_s"];
  const double next_begin = words["sentences"][2]["words"][0]["begin_s"];
  EXPECT_GT(next_begin - first_end, 2.0) << "the pause that the text asks for";
}

TEST(Read, JoinsSentencesWithoutAClick) {
  const auto folder = support::scratch_dir();
  const auto book = put(folder / "b.txt", "One fine day. Two of them! Three?\n\nFour it is.\n");
  const std::string out = folder / "b.wav";
  ASSERT_EQ(run_syrinx({"read", book, "-o", out}).exit_code, 0);
  const auto audio = io::read_audio(out);
  ASSERT_TRUE(audio);
  const auto samples = audio->channel(0);
  int silences = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const bool begins = samples[i - 1] == 0.0f && samples[i] != 0.0f;
    if (i > 800 && begins && samples[i - 800] == 0.0f) {
      ++silences;
      EXPECT_LT(std::abs(samples[i]), 0.01f) << "a click at frame " << i;
    }
  }
  EXPECT_GE(silences, 3);
}

TEST(Read, WritesEveryFormatUnderTheNameGiven) {
  const auto folder = support::scratch_dir();
  const auto book = put(folder / "b.txt", "Chapter 1\n\nHello from the book.\n");
  for (const char* extension : {"wav", "flac", "ogg", "opus", "mp3", "aac", "m4a", "m4b", "aiff"}) {
    const std::string out = folder / (std::string("b.") + extension);
    const Finished read = run_syrinx({"read", book, "-q", "-o", out});
    EXPECT_EQ(read.exit_code, 0) << extension << ": " << read.err;
    EXPECT_GT(fs::file_size(out), 1'000u) << extension;
  }
}

TEST(Read, ReadsAnEpubByItsTableOfContents) {
  const auto folder = support::scratch_dir();
  const auto book = put(folder / "b.epub", support::make_zip(support::small_epub()));
  const Finished read =
      run_syrinx({"read", book, "-o", folder / "b.m4b", "--captions", folder / "b.json", "--json"});
  ASSERT_EQ(read.exit_code, 0) << read.err;
  const json report = json::parse(read.out);
  ASSERT_EQ(report["chapters"].size(), 2u);
  EXPECT_EQ(report["chapters"][1]["title"], "The End");
  const json words = json::parse(contents(folder / "b.json"));
  std::string said;
  for (const json& sentence : words["sentences"]) said += sentence["text"].get<std::string>() + "|";
  EXPECT_EQ(said, "The Start|It was a dark night.|Before it.|The End|Fish & chips.|");
  EXPECT_EQ(words["sentences"][4]["document"], "OEBPS/text/second part.xhtml");
  EXPECT_NE(contents(folder / "b.m4b").find("A. Writer, B. Writer"), std::string::npos);
}

// Waits until the unfinished job has more than `bytes` in its journal.
bool journal_grows_beyond(const fs::path& journal, std::uintmax_t bytes) {
  for (int i = 0; i < 3000; ++i) {
    std::error_code missing;
    const auto size = fs::file_size(journal, missing);
    if (!missing && size > bytes) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

TEST(Read, KilledFiveTimesItMakesTheSameBytesAsUnkilled) {
  const auto folder = support::scratch_dir();
  const auto book = put(folder / "b.txt", long_text(80));
  const auto arguments = [&](const std::string& name) {
    return std::vector<std::string>{
        "read",  book, "-o", folder / (name + ".m4b"), "--captions", folder / (name + ".json"),
        "--json"};
  };
  const Finished whole = run_syrinx(arguments("whole"));
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  std::uintmax_t grown = 1'000;
  for (int kill = 0; kill < 5; ++kill, grown += 4'000) {
    Program program(arguments("killed"));
    ASSERT_TRUE(journal_grows_beyond(folder / "killed.m4b.part" / "journal", grown));
    program.signal(SIGKILL);
    EXPECT_EQ(program.finish().exit_code, 128 + SIGKILL);
    EXPECT_FALSE(fs::exists(folder / "killed.m4b"));
  }
  const Finished last = run_syrinx(arguments("killed"));
  ASSERT_EQ(last.exit_code, 0) << last.err;
  EXPECT_GT(json::parse(last.out)["resumed_sentences"].get<int>(), 20);
  EXPECT_TRUE(contents(folder / "whole.m4b") == contents(folder / "killed.m4b"));
  EXPECT_TRUE(contents(folder / "whole.json") == contents(folder / "killed.json"));
  EXPECT_FALSE(fs::exists(folder / "killed.m4b.part"));
}

// What a power failure may leave: a journal ahead of its sound, half a line, rubbish behind it.
TEST(Read, DamagedEndsOfAJobAreMadeAnew) {
  const auto folder = support::scratch_dir();
  const auto book = put(folder / "b.txt", long_text(25));
  const std::vector<std::string> whole{"read", book, "-q", "-o", folder / "whole.wav"};
  const std::vector<std::string> again{"read", book, "-q", "-o", folder / "b.wav"};
  ASSERT_EQ(run_syrinx(whole).exit_code, 0);
  const fs::path job = folder / "b.wav.part";
  for (int damage = 0; damage < 3; ++damage) {
    {
      Program program(again);
      ASSERT_TRUE(journal_grows_beyond(job / "journal", 2'000));
      program.signal(SIGKILL);
      program.finish();
    }
    if (damage == 0) fs::resize_file(job / "sound.s16", fs::file_size(job / "sound.s16") / 2 + 1);
    if (damage == 1) fs::resize_file(job / "journal", fs::file_size(job / "journal") - 7);
    if (damage == 2) std::ofstream(job / "journal", std::ios::app) << "{\"rubbish\": 1}\n";
    ASSERT_EQ(run_syrinx(again).exit_code, 0);
    EXPECT_TRUE(contents(folder / "whole.wav") == contents(folder / "b.wav")) << damage;
  }
}

TEST(Read, CtrlCLeavesAJobThatGoesOn) {
  const auto folder = support::scratch_dir();
  const auto book = put(folder / "b.txt", long_text(50));
  const std::vector<std::string> arguments{"read", book, "-o", folder / "b.wav"};
  Program program(arguments);
  ASSERT_TRUE(journal_grows_beyond(folder / "b.wav.part" / "journal", 1'000));
  program.signal(SIGINT);
  const Finished stopped = program.finish();
  EXPECT_EQ(stopped.exit_code, 130);
  EXPECT_NE(stopped.err.find("run the same command again to go on"), std::string::npos)
      << stopped.err;
  const Finished done = run_syrinx(arguments);
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_NE(done.err.find("going on after sentence"), std::string::npos) << done.err;
}

TEST(Read, AnotherTextVoiceOrOptionIsToldApart) {
  const auto folder = support::scratch_dir();
  const auto book = put(folder / "b.txt", long_text(200));
  const std::vector<std::string> arguments{"read", book, "-o", folder / "b.wav"};
  {
    Program program(arguments);
    ASSERT_TRUE(journal_grows_beyond(folder / "b.wav.part" / "journal", 1'000));
    program.signal(SIGKILL);
    program.finish();
  }
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), arguments.begin(), arguments.end());
    return run_syrinx(more);
  };
  const Finished voice = with({"--voice", "rms"});
  EXPECT_EQ(voice.exit_code, 2);
  EXPECT_NE(voice.err.find("unfinished job of other voice;"), std::string::npos) << voice.err;
  const Finished rate = with({"--rate", "1.2"});
  EXPECT_NE(rate.err.find("other prosody and pauses;"), std::string::npos) << rate.err;
  put(folder / "b.txt", "Another text.");
  const Finished text = with({});
  EXPECT_NE(text.err.find("other text;"), std::string::npos) << text.err;
  EXPECT_NE(text.err.find("--restart"), std::string::npos);
  EXPECT_EQ(with({"--restart"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(folder / "b.wav.part"));
}

TEST(Read, TwoRunsAtOnceDoNotMeet) {
  const auto folder = support::scratch_dir();
  const auto book = put(folder / "b.txt", long_text(300));
  const std::vector<std::string> arguments{"read", book, "-o", folder / "b.wav"};
  Program program(arguments);
  ASSERT_TRUE(journal_grows_beyond(folder / "b.wav.part" / "journal", 500));
  const Finished second = run_syrinx(arguments);
  EXPECT_EQ(second.exit_code, 5);
  EXPECT_NE(second.err.find("another process is working on"), std::string::npos) << second.err;
  program.signal(SIGKILL);
  program.finish();
}

TEST(Read, WrongUseIsExplained) {
  const auto folder = support::scratch_dir();
  const auto book = put(folder / "b.txt", "[Zoe] Hello there.\n");
  const auto error = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"read", book, "-o", (folder / "b.wav").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished run = run_syrinx(arguments);
    EXPECT_NE(run.exit_code, 0);
    return run.err;
  };
  EXPECT_NE(error({"--cast", "Ann=slt"}).find("line 1 is for [Zoe], who has no voice"),
            std::string::npos);
  EXPECT_NE(error({"--cast", "Ann"}).find("write NAME=VOICE"), std::string::npos);
  EXPECT_NE(error({"--cast", "Zoe=nobody"}).find("nobody"), std::string::npos);
  EXPECT_NE(error({"--loudness", "loud"}).find("give LUFS"), std::string::npos);
  EXPECT_NE(error({"--loudness", "-3"}).find("between -40 and -10"), std::string::npos);
  EXPECT_NE(error({"--captions", "a.txt"}).find(".srt, .vtt or .json"), std::string::npos);
  const Finished missing = run_syrinx({"read", folder / "none.txt"});
  EXPECT_EQ(missing.exit_code, 3);
  const Finished itself = run_syrinx({"read", book, "-o", book, "--format", "wav"});
  EXPECT_NE(itself.err.find("is the book itself"), std::string::npos) << itself.err;
}

}  // namespace
}  // namespace syrinx
