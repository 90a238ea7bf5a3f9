// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "integration/program.h"
#include "support/page_check.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/emodel/codec_impairments.h"

// `syrinx measure`, `compare` and `emodel` as a user meets them.
namespace syrinx {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::Finished;
using support::page_data;
using support::run_syrinx;

AudioBuffer voice(double gain = 1.0, double seconds = 1.5, int rate_hz = 16'000,
                  std::size_t channels = 1) {
  AudioBuffer audio(channels, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  std::mt19937 dice(7);
  std::normal_distribution<float> normal(0.0f, 0.002f);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < audio.frames(); ++i) {
      const double at = static_cast<double>(i) / rate_hz;
      double sum = 0.0;
      for (int k = 1; k < 9; ++k) sum += std::sin(2.0 * M_PI * 140.0 * k * at) / k;
      const double gate = std::max(0.0, std::sin(2.0 * M_PI * 1.5 * at));
      audio.channel(c)[i] = static_cast<float>(gain * (0.2 * gate * sum)) + normal(dice);
    }
  }
  return audio;
}

std::string written(const fs::path& path, const AudioBuffer& audio) {
  io::AudioWriteOptions options;
  options.encoding = io::SampleEncoding::kFloat32;
  options.sample_rate_hz = audio.sample_rate_hz();
  options.channels = audio.channels();
  EXPECT_TRUE(io::write_audio(path, audio, options));
  return path;
}

// Makes the last `count` samples of a float WAV file NaN, which no writer here would.
void spoil_end(const fs::path& path, std::size_t count) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(-4 * static_cast<std::streamoff>(count), std::ios::end);
  for (std::size_t i = 0; i < count; ++i) file.write("\x00\x00\xC0\x7F", 4);
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect_whole_page(const fs::path& path) {
  ASSERT_TRUE(fs::exists(path)) << path;
  for (const std::string& fault : support::page_faults(text_of(path))) ADD_FAILURE() << fault;
}

// A folder of seven takes in two folders, one of them much too soft, with what is no audio beside.
fs::path folder_of_takes() {
  const fs::path folder = support::scratch_dir() / "takes";
  fs::create_directories(folder / "more");
  fs::create_directories(folder / ".hidden");
  for (int i = 0; i < 4; ++i)
    written(folder / ("take " + std::to_string(i) + ".wav"), voice(1.0 - 0.05 * i, 0.7));
  written(folder / "more" / "soft, \"odd\".wav", voice(0.01, 0.7));
  written(folder / "more" / "take 5.wav", voice(1.05, 0.7));
  written(folder / "more" / "take 6.wav", voice(1.1, 0.7));
  written(folder / ".hidden" / "not seen.wav", voice(1.0, 0.7));
  std::ofstream(folder / "notes.txt") << "no audio";
  return folder;
}

TEST(MeasureReport, IsAWholePageWithEveryFigureOfTheJson) {
  const fs::path dir = support::scratch_dir();
  const std::string file = written(dir / "<b>\"take\" & 'x'.wav", voice());
  const std::string page = dir / "report.html";
  const Finished done = run_syrinx({"measure", file, "--json", "--report", page});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_NE(done.err.find(page), std::string::npos) << "where the page is, is said";
  expect_whole_page(page);
  const std::string html = text_of(page);
  EXPECT_EQ(html.find("<b>\"take\""), std::string::npos);
  EXPECT_EQ(page_data(html, "audio/flac").size(), 1u);
  const json document = json::parse(done.out)["files"][0];
  EXPECT_EQ(document["sample_rate_hz"], 16'000);
  EXPECT_TRUE(document["quality"].contains("verdict"));
  for (const auto& [name, figure] : document["loudness"].items())
    EXPECT_NE(html.find("<code>" + name + "</code>"), std::string::npos) << name;
  for (const json& missing : document["missing"])
    EXPECT_FALSE(missing["reason"].get<std::string>().empty());
}

TEST(MeasureReport, LeavesTheSoundOutWhenAsked) {
  const fs::path dir = support::scratch_dir();
  const std::string file = written(dir / "take.wav", voice());
  const std::string page = dir / "report.html";
  ASSERT_EQ(run_syrinx({"measure", file, "--report", page, "--no-sound"}).exit_code, 0);
  expect_whole_page(page);
  EXPECT_TRUE(page_data(text_of(page), "audio/flac").empty());
}

TEST(MeasureReport, NeverOverwritesAnInputNorLeavesHalfAPage) {
  const fs::path dir = support::scratch_dir();
  const std::string file = written(dir / "take.wav", voice());
  const std::string before = text_of(file);
  const Finished refused = run_syrinx({"measure", file, "--report", file});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("overwrite"), std::string::npos);
  EXPECT_EQ(text_of(file), before);
  const Finished nowhere = run_syrinx({"measure", file, "--report", dir / "none" / "page.html"});
  EXPECT_EQ(nowhere.exit_code, 6);
  EXPECT_EQ(std::distance(fs::directory_iterator(dir), {}), 1);
}

TEST(MeasureReport, OddSoundsHaveTableJsonAndPage) {
  const fs::path dir = support::scratch_dir();
  const std::vector<std::string> files = {
      written(dir / "silence.wav", AudioBuffer(1, 16'000, 16'000)),
      written(dir / "one sample.wav", AudioBuffer(1, 1, 16'000)),
      written(dir / "64 channels.wav", voice(1.0, 0.3, 16'000, 64)),
      written(dir / "nan.wav", voice()), written(dir / "44k1.wav", voice(1.0, 0.4, 44'100, 2))};
  spoil_end(files[3], 10);
  const std::string reference = written(dir / "ref.wav", voice(1.0, 1.0, 8'000));
  for (const std::string& file : files) {
    const std::string page = dir / "page.html";
    const Finished done =
        run_syrinx({"measure", file, "--ref", reference, "--json", "--report", page});
    ASSERT_EQ(done.exit_code, 0) << file << done.err;
    EXPECT_FALSE(json::parse(done.out)["files"][0]["missing"].empty()) << file;
    expect_whole_page(page);
    EXPECT_EQ(run_syrinx({"measure", file}).exit_code, 0);
  }
  EXPECT_NE(run_syrinx({"measure", files[3]}).out.find("10 samples are no numbers"),
            std::string::npos);
}

TEST(MeasureReport, FindsWhatOnlyTheReferenceShows) {
  SYRINX_NEED_DATA("speech/ljspeech");
  const auto folder = support::scratch_dir();
  const std::string clean = support::data_path("speech/ljspeech/LJ001-0001.flac").string();
  const std::string dull = folder / "dull.wav";
  ASSERT_EQ(run_syrinx({"fx", clean, "-o", dull, "--lowpass", "1800"}).exit_code, 0);
  const auto kinds = [](const Finished& done) {
    std::multiset<std::string> found;
    const json document = json::parse(done.out);
    for (const json& artifact : document["files"][0]["artifacts"]["list"])
      found.insert(artifact["kind"].get<std::string>());
    return found;
  };
  const auto alone = kinds(run_syrinx({"measure", dull, "--groups", "artifacts", "--json"}));
  const auto with =
      kinds(run_syrinx({"measure", dull, "--ref", clean, "--groups", "artifacts", "--json"}));
  EXPECT_EQ(alone.count("consonant loss"), 0U);
  EXPECT_GT(with.count("consonant loss"), 0U);
}

TEST(MeasureMany, AFolderIsSummarisedAndTheOddOneNamed) {
  const fs::path folder = folder_of_takes();
  const Finished table = run_syrinx({"measure", folder});
  ASSERT_EQ(table.exit_code, 0) << table.err;
  EXPECT_NE(table.out.find("7 files"), std::string::npos) << table.out;
  EXPECT_NE(table.out.find("soft, \"odd\".wav: rms"), std::string::npos) << table.out;
  EXPECT_EQ(table.out.find("not seen"), std::string::npos);

  const json document = json::parse(run_syrinx({"measure", folder, "--json"}).out);
  EXPECT_EQ(document["files"].size(), 7u);
  EXPECT_TRUE(std::is_sorted(document["files"].begin(), document["files"].end(),
                             [](const json& a, const json& b) { return a["file"] < b["file"]; }));
  EXPECT_EQ(document["summary"]["level"]["rms"]["files"], 7);
  const bool named = std::any_of(
      document["outliers"].begin(), document["outliers"].end(), [](const json& outlier) {
        return outlier["figure"] == "rms" && outlier["z"] < -3.5 &&
               outlier["file"].get<std::string>().ends_with("soft, \"odd\".wav");
      });
  EXPECT_TRUE(named) << document["outliers"].dump(1);
}

TEST(MeasureMany, HasOnePageWithAPictureForEach) {
  const fs::path folder = folder_of_takes();
  const std::string page = support::scratch_dir() / "takes.html";
  std::ofstream(folder / "broken.wav") << "not audio";
  const Finished done = run_syrinx({"measure", folder, "--report", page});
  EXPECT_EQ(done.exit_code, 5) << "one file is broken, and the rest has its page";
  expect_whole_page(page);
  const std::string html = text_of(page);
  EXPECT_EQ(page_data(html, "image/png").size(), 7u);
  EXPECT_NE(html.find("more/soft, &quot;odd&quot;.wav"), std::string::npos);
  EXPECT_NE(html.find("broken.wav"), std::string::npos);
  EXPECT_EQ(html.find(folder.parent_path().string() + "/takes/take"), std::string::npos)
      << "the folder that all share is not repeated";
}

TEST(MeasureMany, CsvHasARowForEachFileAndQuotesNames) {
  const Finished done =
      run_syrinx({"measure", folder_of_takes(), "--csv", "--groups", "level,loudness"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  std::istringstream lines(done.out);
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(line);
  ASSERT_EQ(rows.size(), 8u);
  EXPECT_TRUE(rows[0].starts_with("file,level.peak (dBFS),level.rms (dBFS)")) << rows[0];
  EXPECT_TRUE(rows[0].ends_with("\r"));
  EXPECT_NE(done.out.find("soft, \"\"odd\"\".wav\","), std::string::npos);
  EXPECT_EQ(rows[0].find("speech."), std::string::npos);
  const auto commas = std::count(rows[0].begin(), rows[0].end(), ',');
  EXPECT_EQ(std::count(rows[7].begin(), rows[7].end(), ','), commas) << rows[7];
}

TEST(MeasureReport, OnStandardOutputStandsAloneThere) {
  const fs::path dir = support::scratch_dir();
  const std::string file = written(dir / "take.wav", voice(1.0, 0.5));
  const Finished one = run_syrinx({"measure", file, "--report", "-"});
  EXPECT_TRUE(one.out.starts_with("<!DOCTYPE html>"));
  EXPECT_TRUE(support::page_faults(one.out).empty());
  const Finished two = run_syrinx({"compare", file, file, "-o", "-"});
  EXPECT_TRUE(two.out.starts_with("<!DOCTYPE html>"));
  EXPECT_TRUE(support::page_faults(two.out).empty());
}

TEST(MeasureMany, CtrlCEndsItWithoutAPage) {
  const fs::path folder = folder_of_takes();
  for (int i = 0; i < 60; ++i)
    fs::copy_file(folder / "take 0.wav", folder / ("copy " + std::to_string(i) + ".wav"));
  const fs::path page = support::scratch_dir() / "page.html";
  support::Program program({"measure", folder, "--report", page});
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  program.signal(SIGINT);
  EXPECT_EQ(program.finish().exit_code, 130);
  EXPECT_TRUE(fs::is_empty(page.parent_path()));
}

TEST(MeasureMany, AnEmptyFolderAndAnUnknownGroupAreErrors) {
  const fs::path dir = support::scratch_dir();
  const Finished empty = run_syrinx({"measure", dir});
  EXPECT_EQ(empty.exit_code, 3);
  EXPECT_NE(empty.err.find("holds no audio file"), std::string::npos);
  const std::string file = written(dir / "take.wav", voice());
  const Finished group = run_syrinx({"measure", file, "--groups", "sparkle"});
  EXPECT_EQ(group.exit_code, 2);
  EXPECT_NE(group.err.find("sparkle"), std::string::npos);
}

TEST(MeasureEcho, NeedsBothWhatWasPlayedAndWhatWasHeard) {
  const std::string file = written(support::scratch_dir() / "sent.wav", voice());
  const Finished half = run_syrinx({"measure", file, "--far", file});
  EXPECT_EQ(half.exit_code, 2);
  EXPECT_NE(half.err.find("--mic"), std::string::npos);
  const json both =
      json::parse(run_syrinx({"measure", file, "--far", file, "--mic", file, "--json"}).out);
  const json& measured = both["files"][0];
  const bool scored = measured.contains("opinion") && measured["opinion"].contains("aecmos_echo");
  const bool explained = std::any_of(
      measured["missing"].begin(), measured["missing"].end(),
      [](const json& missing) { return missing["name"].get<std::string>().starts_with("aecmos"); });
  EXPECT_TRUE(scored || explained) << "either the score or why there is none";
}

TEST(Measure, ReadsStandardInput) {
  const fs::path dir = support::scratch_dir();
  const std::string file = written(dir / "take.wav", voice());
  const Finished done = run_syrinx({"measure", "-", "--json"}, text_of(file));
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(json::parse(done.out)["files"][0]["file"], "-");
}

TEST(Compare, MarksTheBetterOneAndWritesAPage) {
  const fs::path dir = support::scratch_dir();
  const AudioBuffer clean = voice();
  AudioBuffer noisy(clean);
  std::mt19937 dice(3);
  std::normal_distribution<float> normal(0.0f, 0.03f);
  for (float& sample : noisy.channel(0)) sample += normal(dice);
  const std::string a = written(dir / "noisy.wav", noisy), b = written(dir / "fine.wav", clean);
  const std::string page = dir / "page.html";
  const Finished done = run_syrinx({"compare", a, b, "--ref", b, "-o", page, "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  expect_whole_page(page);
  EXPECT_EQ(page_data(text_of(page), "audio/flac").size(), 3u);
  const json figures = json::parse(done.out)["figures"];
  const auto stoi = std::find_if(figures.begin(), figures.end(),
                                 [](const json& figure) { return figure["name"] == "stoi"; });
  ASSERT_NE(stoi, figures.end());
  EXPECT_EQ((*stoi)["best"], json({false, true}));
  EXPECT_GT((*stoi)["values"][1].get<double>(), (*stoi)["values"][0].get<double>());
  const Finished table = run_syrinx({"compare", a, b, "--no-page"});
  EXPECT_NE(table.out.find(" * "), std::string::npos) << table.out;
}

TEST(Compare, NamesItsPageByTheInputsAndSaysSo) {
  const fs::path dir = support::scratch_dir();
  const std::string a = written(dir / "old.wav", voice()), b = written(dir / "new.wav", voice(0.5));
  const fs::path before = fs::current_path();
  fs::current_path(dir);
  const Finished done = run_syrinx({"compare", a, b});
  fs::current_path(before);
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_NE(done.err.find("old-vs-new.html"), std::string::npos);
  expect_whole_page(dir / "old-vs-new.html");
}

TEST(Compare, TakesSoundsOfOtherRatesChannelsAndLengthsAndRefusesOne) {
  const fs::path dir = support::scratch_dir();
  const std::string a = written(dir / "a.wav", voice(1.0, 1.0, 16'000)),
                    b = written(dir / "b.wav", voice(1.0, 0.5, 44'100, 2)),
                    c = written(dir / "c.wav", AudioBuffer(1, 1, 8'000));
  const std::string page = dir / "page.html";
  const Finished done = run_syrinx({"compare", a, b, c, "-o", page});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  expect_whole_page(page);
  const Finished one = run_syrinx({"compare", a});
  EXPECT_EQ(one.exit_code, 2);
  EXPECT_NE(one.err.find("2 to 8"), std::string::npos);
  EXPECT_EQ(run_syrinx({"compare", a, b, "-o", b}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"compare", a, dir / "none.wav"}).exit_code, 3);
}

TEST(EModel, RatesAConnectionAndSaysWhatCostWhat) {
  const json ideal = json::parse(run_syrinx({"emodel", "--json"}).out);
  EXPECT_NEAR(ideal["r"].get<double>(), 93.2, 0.05);  // G.107, all defaults.
  // Published: 150 ms of delay alone is 4.33; G.711 with concealment, 100 ms and 1 % loss 4.26.
  const json late = json::parse(run_syrinx({"emodel", "--delay-ms", "150", "--json"}).out);
  EXPECT_NEAR(late["mos"].get<double>(), 4.33, 0.01);
  const json lossy = json::parse(
      run_syrinx({"emodel", "--codec", "g711-plc", "--delay-ms", "100", "--loss", "1%", "--json"})
          .out);
  EXPECT_NEAR(lossy["mos"].get<double>(), 4.26, 0.02);
  const json& loss = lossy["costs"]["loss"];
  EXPECT_NEAR(loss["impairment"].get<double>(), 95.0 / 26.1, 1e-6);  // Ppl / (Ppl + Bpl) of 95.
  EXPECT_GT(loss["mos_without"].get<double>(), lossy["mos"].get<double>());
  const Finished words = run_syrinx({"emodel", "--codec", "g729a", "--loss", "3"});
  EXPECT_NE(words.out.find("lost packets"), std::string::npos);
}

TEST(EModel, CostsAddUpToTheRating) {
  const json rated =
      json::parse(run_syrinx({"emodel", "--delay-ms", "250", "--loss", "2%", "--codec", "g729a",
                              "--echo-loss", "45", "--send-noise", "55", "--json"})
                      .out);
  double sum = rated["r"].get<double>();
  for (const auto& [name, cost] : rated["costs"].items()) sum += cost["impairment"].get<double>();
  // The base without added noise: that of the defaults, 94.77.
  EXPECT_NEAR(sum, 94.77, 0.01);
}

TEST(EModel, EveryCodecThatTheHelpNamesIsThere) {
  const std::string help = run_syrinx({"emodel", "--help"}).out;
  for (const auto& codec : measure::narrow_band_codecs()) {
    EXPECT_NE(help.find(codec.name), std::string::npos) << codec.name;
    EXPECT_EQ(run_syrinx({"emodel", "--codec", std::string(codec.name)}).exit_code, 0);
  }
}

TEST(EModel, RefusesWhatItCannotKnow) {
  const Finished codec = run_syrinx({"emodel", "--codec", "mystery"});
  EXPECT_EQ(codec.exit_code, 2);
  EXPECT_NE(codec.err.find("g711"), std::string::npos);
  const Finished robustness = run_syrinx({"emodel", "--ie", "7", "--loss", "1%"});
  EXPECT_EQ(robustness.exit_code, 2);
  EXPECT_NE(robustness.err.find("--bpl"), std::string::npos);
  EXPECT_EQ(run_syrinx({"emodel", "--loss", "much"}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"emodel", "--loss", "101%"}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"emodel", "--wideband"}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"emodel", "--wideband", "--ie", "13", "--burst", "2"}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"emodel", "--wideband", "--ie", "13", "--delay-ms", "100"}).exit_code, 0);
}

}  // namespace
}  // namespace syrinx
