// SPDX-License-Identifier: Apache-2.0
// `syrinx convert` as a user meets it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "integration/program.h"
#include "support/need_onnx.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx {
namespace {

using nlohmann::json;
using support::Finished;
using support::run_syrinx;

// In a folder of the running test.
std::string path_of(const std::string& name) {
  static std::string owner;
  static std::filesystem::path folder;
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  if (owner != test) folder = support::scratch_dir();
  owner = test;
  return folder / name;
}

// A buzz like a voice at this pitch.
std::string buzz_file(double hz, double seconds, std::size_t channels = 1, int rate_hz = 16'000,
                      const std::string& name = "in.wav") {
  AudioBuffer audio(channels, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  for (std::size_t c = 0; c < channels; ++c) {
    double turn = 0.0;
    for (float& x : audio.channel(c)) {
      x = static_cast<float>(0.3 * std::exp(-12.0 * turn) * std::sin(40.0 * turn));
      turn += hz / rate_hz;
      turn -= std::floor(turn);
    }
  }
  const std::string path = path_of(name);
  EXPECT_TRUE(io::write_audio(path, audio));
  return path;
}

double median_f0(AudioView audio) {
  dsp::F0Options options;
  options.max_hz = 800.0;
  auto hz = dsp::autocorrelation_f0(audio, options).value().hz;
  hz.erase(std::remove(hz.begin(), hz.end(), 0.0), hz.end());
  if (hz.empty()) return 0.0;
  std::nth_element(hz.begin(), hz.begin() + static_cast<std::ptrdiff_t>(hz.size() / 2), hz.end());
  return hz[hz.size() / 2];
}

AudioBuffer converted(const std::string& in, std::vector<std::string> arguments) {
  const std::string out = path_of("out.wav");
  std::vector<std::string> all = {"convert", in, "-o", out};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const Finished done = run_syrinx(all);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  auto read = io::read_audio(out);
  EXPECT_TRUE(read) << read.error().message;
  return read ? std::move(*read) : AudioBuffer();
}

json report_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "convert");
  arguments.push_back("--json");
  const Finished done = run_syrinx(arguments);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  return json::parse(done.out);
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

TEST(Convert, MovesThePitchBySemitones) {
  const std::string in = buzz_file(130.0, 1.0);
  for (const std::string mode : {"low", "balanced", "high"}) {
    EXPECT_NEAR(median_f0(converted(in, {"--pitch", "+4", "--mode", mode})),
                130.0 * std::exp2(4.0 / 12.0), 1.5);
    EXPECT_NEAR(median_f0(converted(in, {"--pitch=-5", "--mode", mode})),
                130.0 * std::exp2(-5.0 / 12.0), 1.5);
  }
}

TEST(Convert, ChangesTheSpeedAndKeepsThePitch) {
  const std::string in = buzz_file(130.0, 2.0);
  for (const double speed : {0.25, 0.9, 1.5, 4.0}) {
    const AudioBuffer out = converted(in, {"--speed", std::to_string(speed)});
    EXPECT_NEAR(out.duration_s() * speed, 2.0, 0.002);
    EXPECT_NEAR(median_f0(out), 130.0, 1.0) << speed;
  }
}

TEST(Convert, HasAPhaseVocoderForWhateverSounds) {
  // Two tones that no one voice has: both move, and both last as long as is asked for.
  AudioBuffer chord(2, 32'000, 16'000);
  for (std::size_t i = 0; i < chord.frames(); ++i) {
    const double s = static_cast<double>(i) / 16'000;
    for (std::size_t c = 0; c < 2; ++c)
      chord.channel(c)[i] =
          static_cast<float>(0.2 * std::sin(2'764.6 * s) + 0.2 * std::sin(4'310.3 * s));
  }
  const std::string in = path_of("in.wav");
  ASSERT_TRUE(io::write_audio(in, chord));
  const AudioBuffer out = converted(
      in, {"--tool", "phase-vocoder", "--pitch", "4", "--formant", "1.26", "--speed", "0.8"});
  ASSERT_EQ(out.channels(), 2u);
  EXPECT_EQ(out.frames(), 40'000u);
  const auto amplitude = [&](double hz) {
    double re = 0.0, im = 0.0;
    for (std::size_t i = 10'000; i < 30'000; ++i) {
      const double turn = 2.0 * 3.14159265358979 * hz * static_cast<double>(i) / 16'000;
      re += static_cast<double>(out.channel(0)[i]) * std::cos(turn);
      im += static_cast<double>(out.channel(0)[i]) * std::sin(turn);
    }
    return 2.0 * std::hypot(re, im) / 20'000;
  };
  const double up = std::exp2(4.0 / 12.0);
  EXPECT_NEAR(amplitude(440.0 * up), 0.2, 0.03);
  EXPECT_NEAR(amplitude(686.0 * up), 0.2, 0.03);
  EXPECT_LT(amplitude(440.0), 0.01);
  const json report = report_of({in, "-o", path_of("out.wav"), "--tool", "phase-vocoder"});
  EXPECT_EQ(report["files"][0]["tool"], "phase-vocoder");
  EXPECT_TRUE(report["files"][0]["latency_ms"].is_null());
}

TEST(Convert, TakesAVoiceToATarget) {
  const std::string in = buzz_file(110.0, 1.5);
  const json report = report_of({in, "-o", path_of("out.wav"), "--to", "female"});
  const json& file = report["files"][0];
  EXPECT_NEAR(file["source_f0"]["median_hz"].get<double>(), 110.0, 1.0);
  EXPECT_NEAR(file["settings"]["pitch_ratio"].get<double>(), 210.0 / 110.0, 0.02);
  EXPECT_NEAR(file["settings"]["formant_ratio"].get<double>(), 1.17, 1e-6);
  EXPECT_NEAR(median_f0(io::read_audio(path_of("out.wav")).value()), 210.0, 4.0);
}

TEST(Convert, MakesSeveralTargetsInAFolder) {
  const std::string in = buzz_file(110.0, 1.0);
  const std::string folder = path_of("out") + "/";
  const json report = report_of({in, "-o", folder, "--to", "female,child,senior"});
  EXPECT_EQ(report["files"].size(), 3u);
  for (const char* name : {"in.female.wav", "in.child.wav", "in.senior.wav"})
    EXPECT_TRUE(std::filesystem::exists(folder + name)) << name;
  const Finished refused =
      run_syrinx({"convert", in, "-o", path_of("one.wav"), "--to", "female,child"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("this makes 2 sounds; -o must then be a folder"), std::string::npos);
}

TEST(Convert, TellsTheLatencyOfEachMode) {
  const std::string in = buzz_file(110.0, 0.3);
  const std::pair<const char*, double> most[] = {
      {"low", 25.0}, {"balanced", 50.0}, {"high", 100.0}};
  for (const auto& [mode, ms] : most) {
    const json report = report_of({in, "-o", path_of("out.wav"), "--pitch", "2", "--mode", mode});
    EXPECT_LT(report["files"][0]["latency_ms"].get<double>(), ms);
    EXPECT_GT(report["files"][0]["latency_ms"].get<double>(), 10.0);
  }
}

TEST(Convert, ReadsAndWritesPipes) {
  const std::string in = buzz_file(120.0, 0.5);
  const std::string file = path_of("out.wav");
  ASSERT_EQ(run_syrinx({"convert", in, "-o", file, "--pitch", "3"}).exit_code, 0);
  const Finished piped = run_syrinx({"convert", "-", "-o", "-", "--pitch", "3"}, bytes_of(in));
  ASSERT_EQ(piped.exit_code, 0) << piped.err;
  const std::string out = path_of("piped.wav");
  std::ofstream(out, std::ios::binary) << piped.out;
  const AudioBuffer one = io::read_audio(file).value();
  const AudioBuffer other = io::read_audio(out).value();
  ASSERT_EQ(one.frames(), other.frames());
  EXPECT_TRUE(std::equal(one.channel(0).begin(), one.channel(0).end(), other.channel(0).begin()));
  // A target has to hear all of a pipe first.
  const Finished aimed = run_syrinx({"convert", "-", "-o", "-", "--to", "male"}, bytes_of(in));
  EXPECT_EQ(aimed.exit_code, 0) << aimed.err;
}

TEST(Convert, SpeaksWithAnEmotion) {
  const std::string in = buzz_file(120.0, 1.5);
  const json report = report_of({in, "-o", path_of("out.wav"), "--emotion", "angry:0.8"});
  const double ratio = report["files"][0]["settings"]["pitch_ratio"].get<double>();
  const double speed = report["files"][0]["speed"].get<double>();
  EXPECT_GT(ratio, 1.05);
  EXPECT_GT(speed, 1.03);
  const AudioBuffer out = io::read_audio(path_of("out.wav")).value();
  EXPECT_NEAR(out.duration_s() * speed, 1.5, 0.001);
  EXPECT_NEAR(median_f0(out), 120.0 * ratio, 1.5);
}

TEST(Convert, JudgesItsResult) {
  const std::string in = buzz_file(120.0, 1.5);
  const json report = report_of({in, "-o", path_of("out.wav"), "--pitch", "4", "--measure"});
  const json& quality = report["files"][0]["quality"];
  EXPECT_NEAR(quality["f0_ratio"].get<double>(), std::exp2(4.0 / 12.0), 0.01);
  EXPECT_LT(quality["f0_error_rms"].get<double>(), 0.01);
  EXPECT_EQ(quality["duration_error"].get<double>(), 0.0);
  EXPECT_TRUE(quality["artifact_share"].is_number());
}

TEST(Convert, BreathesBetweenTheHarmonicsOfARaisedVoice) {
  const std::string in = buzz_file(200.0, 1.5);
  const AudioBuffer plain = converted(in, {"--pitch", "12", "--aspiration", "0"});
  const auto added_by = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"--pitch", "12"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const AudioBuffer out = converted(in, arguments);
    double sum = 0.0;
    for (std::size_t i = 8'000; i < 16'000; ++i)
      sum += std::pow(static_cast<double>(out.channel(0)[i] - plain.channel(0)[i]), 2.0);
    return std::sqrt(sum);
  };
  const double usual = added_by({});
  EXPECT_GT(usual, 0.0);
  EXPECT_NEAR(added_by({"--aspiration", "0.7"}) / usual, 2.0, 0.02);
  const json report =
      report_of({in, "-o", path_of("out.wav"), "--pitch", "12", "--aspiration", "0.1"});
  EXPECT_EQ(report["files"][0]["settings"]["aspiration"], 0.1) << report.dump(1);
}

TEST(Convert, TakesShortSilentAndManyChannelledSounds) {
  AudioBuffer silence(6, 48'000, 48'000);
  for (std::size_t c = 0; c < 6; ++c)
    for (float& x : silence.channel(c)) x = 0.0f;
  const std::string quiet = path_of("quiet.wav");
  ASSERT_TRUE(io::write_audio(quiet, silence));
  const AudioBuffer still = converted(quiet, {"--pitch", "7"});
  for (const float x : still.channel(5)) ASSERT_EQ(x, 0.0f);
  const std::string brief = buzz_file(200.0, 0.02, 2, 44'100, "brief.wav");
  EXPECT_EQ(converted(brief, {"--pitch", "7", "--channels", "mid-side"}).frames(), 882u);
  EXPECT_EQ(converted(brief, {"--speed", "0.5"}).frames(), 1'764u);
  const Finished aimless = run_syrinx({"convert", quiet, "-o", path_of("x.wav"), "--to", "male"});
  EXPECT_EQ(aimless.exit_code, 2);
  EXPECT_NE(aimless.err.find("no pitch was found"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path_of("x.wav")));
}

TEST(Convert, FindsThePitchByANetworkWhereAskedTo) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA("models/swift_f0/model.onnx");
  SYRINX_NEED_DATA("speech/kathleen/arctic_a0001.flac");
  const std::string in = support::data_path("speech/kathleen/arctic_a0001.flac");
  setenv("SYRINX_MODELS", support::data_path("models").c_str(), 1);
  const auto median = [&](const std::string& method) {
    const json file =
        report_of({in, "-o", path_of("out.wav"), "--to", "male", "--f0", method})["files"][0];
    return file["source_f0"]["median_hz"].get<double>();
  };
  const double streaming = median("streaming");
  const double swift = median("swift");
  EXPECT_NE(swift, streaming);
  EXPECT_NEAR(swift / streaming, 1.0, 0.03);
  const Finished measured =
      run_syrinx({"measure", in, "--groups", "speech", "--f0", "swift", "--json"});
  ASSERT_EQ(measured.exit_code, 0) << measured.err;
  const json speech = json::parse(measured.out)["files"][0]["speech"];
  EXPECT_NEAR(speech["f0_median"]["value"].get<double>() / swift, 1.0, 1e-3);
  setenv("SYRINX_MODELS", path_of("nowhere").c_str(), 1);
  const Finished lost =
      run_syrinx({"convert", in, "-o", path_of("o.wav"), "--to", "male", "--f0", "swift"});
  EXPECT_NE(lost.exit_code, 0);
  EXPECT_NE(lost.err.find("swift_f0/model.onnx"), std::string::npos) << lost.err;
  unsetenv("SYRINX_MODELS");
  const Finished wrong =
      run_syrinx({"convert", in, "-o", path_of("o.wav"), "--to", "male", "--f0", "yin"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_NE(wrong.err.find("--f0 is 'streaming' or 'swift', not 'yin'"), std::string::npos)
      << wrong.err;
}

TEST(Convert, RefusesWhatItCannotDoInASentence) {
  const std::string in = buzz_file(120.0, 0.2);
  const std::string out = path_of("out.wav");
  const struct {
    std::vector<std::string> arguments;
    const char* says;
  } cases[] = {
      {{in, "-o", out, "--pitch", "40"}, "pitch ratio"},
      {{in, "-o", out, "--formant", "3"}, "formant ratio is 3; give 0.5 to 2"},
      {{in, "-o", out, "--speed", "0"}, "the speed is 0; give 0.25 to 4"},
      {{in, "-o", out, "--mode", "fast"}, "low, balanced, high"},
      {{in, "-o", out, "--emotion", "smug"}, "happy, angry, sad"},
      {{in, "-o", out, "--to", "robot"}, "female, male, child and senior"},
      {{in, "-o", out, "--to", "male", "--age", "40"}, "give one of them"},
      {{in, "-o", out, "--channels", "mid-side"}, "the sound has 1"},
      {{in, "-o", out, "--tool", "vocoder"}, "grains and phase-vocoder"},
      {{in, "-o", out, "--tool", "phase-vocoder", "--breath", "0.5"}, "pitch, formants and speed"},
      {{in, "-o", out, "--aspiration", "1.6"}, "the aspiration is 1.6; give 0 to 1"},
      {{in}, "give the sound to change and -o"},
  };
  for (const auto& one : cases) {
    auto arguments = one.arguments;
    arguments.insert(arguments.begin(), "convert");
    const Finished done = run_syrinx(arguments);
    EXPECT_EQ(done.exit_code, 2) << done.err;
    EXPECT_NE(done.err.find(one.says), std::string::npos) << done.err;
    EXPECT_FALSE(std::filesystem::exists(out));
  }
}

TEST(Convert, MakesAVoiceLikeAnotherAndBetweenTwo) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  const auto folder = support::scratch_dir();
  const std::string man = support::data_path("speech/jfk.flac");
  const std::string woman = support::data_path("speech/kathleen/arctic_a0001.flac").string() + "," +
                            support::data_path("speech/kathleen/arctic_a0002.flac").string();
  const auto median_hz = [](const std::string& path) {
    auto hz = dsp::autocorrelation_f0(io::read_audio(path).value().view()).value().hz;
    std::erase(hz, 0.0);
    std::sort(hz.begin(), hz.end());
    return hz.at(hz.size() / 2);
  };
  const std::string like = folder / "like.wav";
  const Finished done = run_syrinx({"convert", man, "-o", like, "--like", woman, "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(json::parse(done.out)["files"].size(), 1U);
  EXPECT_NEAR(12 * std::log2(median_hz(like) / 155), 0, 1) << "as she speaks";
  EXPECT_LT(median_hz(like), 0.75 * median_hz(man)) << "this speaker calls to a crowd";
  const std::string half = folder / "half.wav";
  const Finished between = run_syrinx(
      {"convert", man, "-o", half, "--morph",
       support::data_path("speech/kathleen/arctic_a0001.flac").string() + ":0.5," + man + ":0.5"});
  ASSERT_EQ(between.exit_code, 0) << between.err;
  EXPECT_LT(median_hz(half), 0.9 * median_hz(man));
  EXPECT_GT(median_hz(half), 1.1 * median_hz(like));
  const std::string higher = folder / "higher.wav";
  const Finished both = run_syrinx({"convert", man, "-o", higher, "--like", woman, "--pitch", "3",
                                    "--mode", "low", "--channels", "independent", "--json"});
  ASSERT_EQ(both.exit_code, 0) << both.err;
  EXPECT_EQ(json::parse(both.out)["files"][0]["mode"], "low");
  EXPECT_NEAR(12 * std::log2(median_hz(higher) / median_hz(like)), 3, 1) << "on top";
  const Finished pace = run_syrinx({"convert", man, "-o", like, "--like", woman, "--speed", "2"});
  EXPECT_EQ(pace.exit_code, 2);
  EXPECT_NE(pace.err.find("--speed does not go with --like"), std::string::npos) << pace.err;
  const Finished sides =
      run_syrinx({"convert", man, "-o", like, "--like", woman, "--channels", "mid-side"});
  EXPECT_EQ(sides.exit_code, 2);
  EXPECT_NE(sides.err.find("mid and side need two channels"), std::string::npos) << sides.err;
  const Finished alone = run_syrinx({"convert", man, "-o", like, "--amount", "0.5"});
  EXPECT_EQ(alone.exit_code, 2);
  EXPECT_NE(alone.err.find("--amount says nothing without --like"), std::string::npos) << alone.err;
}

TEST(Convert, JudgesImprovesAndShowsAVoiceThatIsLikeAnother) {
  SYRINX_NEED_DATA("speech/kathleen/arctic_a0001.flac");
  const std::string in = support::data_path("speech/kathleen/arctic_a0001.flac");
  const std::string other = support::data_path("speech/kathleen/arctic_a0002.flac");
  const std::string page = path_of("page.html");
  const json file = report_of({in, "-o", path_of("out.wav"), "--like", other, "--amount", "0.8",
                               "--improve", "--page", page})["files"][0];
  const json& grades = file["quality"]["grades"];
  EXPECT_NEAR(grades["similarity"]["value"].get<double>(),
              file["after"]["similarity"].get<double>(), 0.05);
  EXPECT_GT(grades["preservation"]["value"].get<double>(), 0.8);
  EXPECT_GE(file["improved"]["tries"].size(), 1U);
  EXPECT_NEAR(file["quality"]["f0_ratio"].get<double>(), 1.0, 0.15) << "one speaker, twice";
  std::ifstream html(page);
  const std::string text((std::istreambuf_iterator<char>(html)), {});
  EXPECT_NE(text.find("arctic_a0002"), std::string::npos);
  EXPECT_EQ(io::read_audio(path_of("out.wav")).value().frames(),
            io::read_audio(in).value().frames());
}

TEST(Convert, TriesALongerLookAheadForAVoiceThatIsLikeAnother) {
  SYRINX_NEED_DATA("speech/matthes/LJ001-0009.flac");
  const std::string man = support::data_path("speech/matthes/LJ001-0009.flac");
  const std::string woman = support::data_path("speech/ljspeech/LJ001-0004.flac");
  const json file = report_of(
      {man, "-o", path_of("out.wav"), "--like", woman, "--mode", "low", "--improve"})["files"][0];
  EXPECT_EQ(file["mode"], "low") << "as it was asked for";
  const json& tries = file["improved"]["tries"];
  ASSERT_GE(tries.size(), 2U);
  EXPECT_EQ(tries[1]["name"], "thorough");
}

TEST(Convert, KeepsRealSpeechInPlace) {
  SYRINX_NEED_DATA("speech/kathleen/arctic_a0001.flac");
  const std::string in = support::data_path("speech/kathleen/arctic_a0001.flac");
  const json report = report_of({in, "-o", path_of("out.wav"), "--pitch", "4", "--measure"});
  const json& quality = report["files"][0]["quality"];
  EXPECT_NEAR(quality["f0_ratio"].get<double>(), std::exp2(4.0 / 12.0), 0.005);
  EXPECT_LT(quality["f0_error_rms"].get<double>(), 0.03);
  EXPECT_LT(quality["f0_gross_share"].get<double>(), 0.05);
}

}  // namespace
}  // namespace syrinx
