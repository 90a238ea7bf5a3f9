// SPDX-License-Identifier: Apache-2.0
// `syrinx convert` where it judges itself, shows itself, and takes over a manner.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx {
namespace {

using nlohmann::json;
using support::Finished;
using support::run_syrinx;

constexpr double kTurn = 2.0 * 3.14159265358979;

// Syllables of a buzz: so many a second, around this pitch, with so much melody to either side.
std::string chant_file(const std::filesystem::path& path, double hz, double semitones,
                       double syllables_per_s, double seconds, int rate_hz = 16'000) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  double turn = 0.0;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    turn += hz * std::exp2(semitones / 12.0 * std::sin(kTurn * 0.6 * t)) / rate_hz;
    turn -= std::floor(turn);
    const double swell = 0.5 - 0.5 * std::cos(kTurn * syllables_per_s * t);
    const double gain = 0.2 * std::pow(10.0, 12.0 * (swell - 1.0) / 20.0);
    audio.channel(0)[i] = static_cast<float>(gain * std::exp(-8.0 * turn) * std::sin(60.0 * turn));
  }
  EXPECT_TRUE(io::write_audio(path, audio));
  return path;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

json file_of(const std::vector<std::string>& arguments) {
  const Finished done = run_syrinx(arguments);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out, nullptr, false);
  return report.is_object() ? report["files"][0] : json();
}

std::string refused(const std::vector<std::string>& arguments) {
  const Finished done = run_syrinx(arguments);
  EXPECT_EQ(done.exit_code, 2) << done.err;
  return done.err;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(ConvertLoop, KeepsOnlyWhatMeasuresBetterAndSaysWhatWasTried) {
  SYRINX_NEED_DATA("speech/kathleen/arctic_a0001.flac");
  const auto folder = support::scratch_dir();
  const std::string in = support::data_path("speech/kathleen/arctic_a0001.flac");
  const json file = file_of({"convert", in, "-o", folder / "out.wav", "--pitch", "3", "--mode",
                             "low", "--improve", "--json"});
  const json& improved = file["improved"];
  ASSERT_GE(improved["tries"].size(), 1u);
  EXPECT_TRUE(improved["tries"][0]["kept"].get<bool>());
  EXPECT_LE(improved["tries"].size(), 10u) << "the first, eight tries, and loudness";
  EXPECT_TRUE(improved.contains("loudness"));
  EXPECT_LE(improved["missing"].get<double>(), improved["missing_before"].get<double>());
  EXPECT_FALSE(improved["ended"].get<std::string>().empty());
  double before = 1e9;
  for (const json& one : improved["tries"]) {
    EXPECT_FALSE(one["reason"].get<std::string>().empty());
    if (!one["kept"].get<bool>()) continue;
    EXPECT_LT(one["missing"].get<double>(), before);
    before = one["missing"].get<double>();
  }
  const json& grades = file["quality"]["grades"];
  EXPECT_EQ(grades["similarity"]["at_least"], 0.85);
  EXPECT_EQ(grades["preservation"]["at_least"], 0.9);
  EXPECT_EQ(grades["predicted_mos"]["at_least"], 4.0);
  EXPECT_EQ(grades["artifact_share"]["below"], 0.05);
  EXPECT_GT(grades["similarity"]["value"].get<double>(), 0.8);
  EXPECT_GT(grades["preservation"]["value"].get<double>(), 0.9);
  EXPECT_TRUE(grades["preservation"]["met"].get<bool>());
  EXPECT_TRUE(std::filesystem::exists(folder / "out.wav"));
}

TEST(ConvertLoop, ShowsSeveralTargetsOnAPage) {
  const auto folder = support::scratch_dir();
  const std::string in = chant_file(folder / "in.wav", 120.0, 3.0, 4.0, 1.5);
  const std::string page = folder / "page.html";
  const Finished done = run_syrinx({"convert", in, "-o", std::string(folder / "out") + "/", "--to",
                                    "female,child", "--page", page});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const std::string html = text_of(page);
  EXPECT_EQ(count(html, "<audio "), 3u);
  EXPECT_NE(html.find(">female</th>"), std::string::npos);
  EXPECT_NE(html.find(">child</th>"), std::string::npos);
  EXPECT_NE(html.find("id=\"contours\""), std::string::npos);
  EXPECT_NE(html.find("prefers-color-scheme: dark"), std::string::npos);
  EXPECT_NE(refused({"convert", in, in, "-o", std::string(folder / "out") + "/", "--page", page})
                .find("a page is about one sound"),
            std::string::npos);
  EXPECT_NE(refused({"convert", in, "-o", folder / "x.wav", "--page", in}).find("overwrite"),
            std::string::npos);
}

TEST(ConvertLoop, TakesOverAManner) {
  const auto folder = support::scratch_dir();
  const std::string in = chant_file(folder / "in.wav", 120.0, 2.0, 4.0, 5.0);
  const std::string reference = chant_file(folder / "ref.wav", 160.0, 2.0, 5.0, 5.0);
  const json file =
      file_of({"convert", in, "-o", folder / "out.wav", "--style", reference, "--json"});
  const json& style = file["style"];
  EXPECT_LT(style["octaves_off"].get<double>(), 0.5 * style["octaves_off_before"].get<double>());
  EXPECT_NEAR(style["result"]["f0_median_hz"].get<double>(), 160.0, 8.0);
  EXPECT_NEAR(style["result"]["syllables_per_s"].get<double>(), 5.0, 0.5);
  const json kept = file_of({"convert", in, "-o", folder / "kept.wav", "--style", reference,
                             "--keep", "identity", "--json"});
  EXPECT_NEAR(kept["style"]["result"]["f0_median_hz"].get<double>(), 120.0, 6.0);
  EXPECT_NEAR(kept["style"]["result"]["syllables_per_s"].get<double>(), 5.0, 0.5);
}

TEST(ConvertLoop, KeepsTheProsodyOrTheIdentityOfAnEmotion) {
  const auto folder = support::scratch_dir();
  const std::string in = chant_file(folder / "in.wav", 120.0, 3.0, 4.0, 1.0);
  const auto settings = [&](const std::string& keep) {
    return file_of(
        {"convert", in, "-o", folder / "out.wav", "--emotion", "angry", "--keep", keep, "--json"});
  };
  const json prosody = settings("prosody");
  EXPECT_EQ(prosody["speed"], 1.0);
  EXPECT_EQ(prosody["settings"]["intonation"], 1.0);
  EXPECT_GT(prosody["settings"]["pitch_ratio"].get<double>(), 1.05);
  const json identity = settings("identity");
  EXPECT_GT(identity["speed"].get<double>(), 1.03);
  EXPECT_EQ(identity["settings"]["pitch_ratio"], 1.0);
  const std::string out = folder / "x.wav";
  EXPECT_NE(refused({"convert", in, "-o", out, "--to", "male", "--keep", "identity"})
                .find("are there to change the identity"),
            std::string::npos);
  EXPECT_NE(refused({"convert", in, "-o", out, "--keep", "identity"}).find("give --to, --age"),
            std::string::npos);
  EXPECT_NE(refused({"convert", in, "-o", out, "--style", in, "--keep", "prosody"})
                .find("leaves nothing of a reference's style"),
            std::string::npos);
}

TEST(ConvertLoop, ChangesEmotionsWhileTheSoundGoesOn) {
  const auto folder = support::scratch_dir();
  const std::string in = chant_file(folder / "in.wav", 120.0, 3.0, 4.0, 2.0);
  const std::string lines = folder / "scene.txt";
  std::ofstream(lines) << "0 neutral\n1 happy:0.8\n2 sad\n";
  for (const std::string& emotion : {std::string("neutral:0..happy:0.8"), lines}) {
    const std::string out = folder / "out.wav";
    const Finished done = run_syrinx({"convert", in, "-o", out, "--emotion", emotion});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(io::read_audio(out)->frames(), 32'000u) << "the pace is kept";
  }
  const std::string out = folder / "x.wav";
  EXPECT_NE(refused({"convert", in, "-o", out, "--emotion", "neutral..happy", "--speed", "2"})
                .find("keep the pace"),
            std::string::npos);
  std::ofstream(lines) << "0 neutral\nlater happy\n";
  EXPECT_NE(refused({"convert", in, "-o", out, "--emotion", lines}).find("line 2"),
            std::string::npos);
}

TEST(ConvertLoop, TellsHowSomebodySpeaksAndHowExcited) {
  const auto folder = support::scratch_dir();
  const std::string calm = chant_file(folder / "calm.wav", 120.0, 3.0, 4.0, 5.0);
  const std::string excited = chant_file(folder / "excited.wav", 150.0, 5.0, 4.8, 5.0);
  const Finished manner = run_syrinx({"voices", "manner", calm, "--json"});
  ASSERT_EQ(manner.exit_code, 0) << manner.err;
  EXPECT_NEAR(json::parse(manner.out)["prosody"]["syllables_per_s"].get<double>(), 4.0, 0.4);
  const Finished emotion = run_syrinx({"voices", "emotion", excited, "--neutral", calm, "--json"});
  ASSERT_EQ(emotion.exit_code, 0) << emotion.err;
  const json heard = json::parse(emotion.out);
  EXPECT_GT(heard["arousal"].get<double>(), 0.3);
  EXPECT_TRUE(heard["valence"].is_null());
}

TEST(ConvertLoop, TakesEveryRateAndTheShortestSounds) {
  const auto folder = support::scratch_dir();
  for (const int rate : {8'000, 11'025, 22'050, 44'100, 96'000}) {
    const std::string in = chant_file(folder / "in.wav", 140.0, 1.0, 4.0, 0.02, rate);
    const std::string out = folder / "out.wav";
    const Finished done = run_syrinx(
        {"convert", in, "-o", out, "--pitch", "4", "--mode", "balanced", "--improve", "--json"});
    ASSERT_EQ(done.exit_code, 0) << rate << ": " << done.err;
    EXPECT_EQ(io::read_audio(out)->frames(), static_cast<std::size_t>(0.02 * rate));
  }
}

}  // namespace
}  // namespace syrinx
