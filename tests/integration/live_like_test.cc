// SPDX-License-Identifier: Apache-2.0
// `syrinx live --like` as a user meets it: from files, while it learns, and where it refuses.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/voice/profile/profile_distance.h"

namespace syrinx {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::Finished;
using support::run_syrinx;

constexpr const char* kWoman = "speech/ljspeech/LJ001-0004.flac";
constexpr const char* kMan = "speech/matthes/LJ001-0009.flac";

std::string data(const char* name) { return support::data_path(name).string(); }
std::string path_of(const char* name) { return (support::scratch_dir() / name).string(); }

json live(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"live", "--json", "--quiet"});
  const Finished done = run_syrinx(arguments);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  return done.exit_code == 0 ? json::parse(done.out) : json();
}

voice::VoiceProfile voice_in(const std::string& file) {
  return voice::learn_profile(io::read_audio(file).value()).value();
}

TEST(LiveLike, AFileIsMadeLikeAnotherAsLateAsTheModeSays) {
  SYRINX_NEED_DATA(kMan);
  const auto target = voice_in(data(kMan));
  const auto before = voice::compare_profiles(voice_in(data(kWoman)), target);
  for (const auto& [mode, most_ms] :
       {std::pair{"low", 25.0}, {"balanced", 50.0}, {"high", 100.0}}) {
    const std::string out = path_of("out.wav");
    const json report =
        live({"--input", data(kWoman), "-o", out, "--like", data(kMan), "--mode", mode});
    EXPECT_LT(report["latency"]["algorithm_ms"], most_ms);
    EXPECT_EQ(report["like"]["target"]["name"], "LJ001-0009");
    EXPECT_EQ(report["like"]["source"], "given");
    EXPECT_EQ(report["bad_samples"], 0);
    EXPECT_EQ(io::read_audio(out).value().frames(), io::read_audio(data(kWoman)).value().frames());
    const auto after = voice::compare_profiles(voice_in(out), target);
    EXPECT_LT(std::abs(after.f0_semitones), 1.0) << mode;
    EXPECT_LT(after.mcd_db, 0.5 * before.mcd_db) << mode;
  }
}

TEST(LiveLike, TheHighModeMakesOfAFileWhatConvertMakes) {
  SYRINX_NEED_DATA(kMan);
  const std::string one = path_of("convert.wav");
  const std::string other = path_of("live.wav");
  const Finished done =
      run_syrinx({"convert", data(kWoman), "-o", one, "--like", data(kMan), "-q"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  live({"--input", data(kWoman), "-o", other, "--like", data(kMan), "--mode", "high"});
  const auto converted = io::read_audio(one).value();
  const auto spoken = io::read_audio(other).value();
  EXPECT_TRUE(std::ranges::equal(converted.channel(0), spoken.channel(0)));
}

TEST(LiveLike, HowFarItGoesCanBeSaid) {
  SYRINX_NEED_DATA(kMan);
  const std::string out = path_of("half.wav");
  const json report = live({"--input", data(kWoman), "-o", out, "--like", data(kMan), "--amount",
                            "0.5", "--exemplars", "0.3", "--keep-melody"});
  EXPECT_EQ(report["like"]["amount"], 0.5);
  const double source_hz = voice_in(data(kWoman)).f0_hz();
  const double target_hz = voice_in(data(kMan)).f0_hz();
  EXPECT_NEAR(12.0 * std::log2(voice_in(out).f0_hz() / std::sqrt(source_hz * target_hz)), 0.0, 1.0);
}

TEST(LiveLike, AMixOfVoicesIsATarget) {
  SYRINX_NEED_DATA(kMan);
  const std::string out = path_of("mix.wav");
  const std::string mix = data(kMan) + ":0.5," + data(kWoman) + ":0.5";
  live({"--input", data(kWoman), "-o", out, "--morph", mix});
  const double between = std::sqrt(voice_in(data(kWoman)).f0_hz() * voice_in(data(kMan)).f0_hz());
  EXPECT_NEAR(12.0 * std::log2(voice_in(out).f0_hz() / between), 0.0, 1.0);
}

TEST(LiveLike, TheNetworkSpeaksLive) {
  SYRINX_NEED_DATA(kMan);
  const auto target = voice_in(data(kMan));
  const auto before = voice::compare_profiles(voice_in(data(kWoman)), target);
  const std::string plain = path_of("plain.wav");
  const std::string out = path_of("network.wav");
  live({"--input", data(kWoman), "-o", plain, "--like", data(kMan)});
  live({"--input", data(kWoman), "-o", out, "--like", data(kMan), "--network", "1"});
  const auto one = io::read_audio(out).value();
  const auto other = io::read_audio(plain).value();
  EXPECT_FALSE(std::ranges::equal(one.channel(0), other.channel(0)));
  const auto after = voice::compare_profiles(voice_in(out), target);
  EXPECT_LT(std::abs(after.f0_semitones), 1.0);
  EXPECT_LT(after.mcd_db, 0.5 * before.mcd_db);
}

TEST(LiveLike, TheVoiceThatSpeaksIsLearntWhileItSpeaks) {
  SYRINX_NEED_DATA(kMan);
  // Five seconds of her twice: three of them are voiced in the first seven.
  AudioBuffer speech = io::read_audio(data(kWoman)).value();
  speech.append(AudioBuffer(speech.view()));
  const std::string in = path_of("in.wav");
  const std::string out = path_of("out.wav");
  ASSERT_TRUE(io::write_audio(in, speech));
  const json report =
      live({"--input", in, "-o", out, "--like", data(kMan), "--real-time", "--no-step-down"});
  EXPECT_EQ(report["like"]["source"], "voice");
  EXPECT_GE(report["like"]["voiced_s"], 3.0);
  EXPECT_NEAR(report["source_f0_hz"].get<double>() / voice_in(data(kWoman)).f0_hz(), 1.0, 0.05);
  const auto sound = io::read_audio(out).value();
  const auto rate = static_cast<std::size_t>(sound.sample_rate_hz());
  const auto first = voice::learn_profile(AudioBuffer(sound.view().slice(0, rate))).value();
  const auto last =
      voice::learn_profile(AudioBuffer(sound.view().slice(sound.frames() - 2 * rate, 2 * rate)));
  EXPECT_NEAR(first.f0_hz() / voice_in(data(kWoman)).f0_hz(), 1.0, 0.15) << "as it came";
  EXPECT_NEAR(12.0 * std::log2(last.value().f0_hz() / voice_in(data(kMan)).f0_hz()), 0.0, 2.0);
}

TEST(LiveLike, ALearntVoiceIsThereFromTheBeginningAndALowRateIsRaised) {
  SYRINX_NEED_DATA(kMan);
  auto reader = io::read_audio(data(kWoman)).value();
  const std::string in = path_of("in.wav");
  const std::string out = path_of("out.wav");
  AudioBuffer slow(1, 8'000 * 2, 8'000);  // Every third sample or so: only its rate matters.
  for (std::size_t i = 0; i < slow.frames(); ++i)
    slow.channel(0)[i] = reader.channel(0)[i * reader.frames() / slow.frames() / 2];
  ASSERT_TRUE(io::write_audio(in, slow));
  const json report = live({"--input", in, "-o", out, "--like", data(kMan), "--source",
                            data(kWoman), "--real-time", "--no-step-down"});
  EXPECT_EQ(report["like"]["source"], "given");
  EXPECT_EQ(report["sample_rate_hz"], 16'000);
}

TEST(LiveLike, SaysWhatDoesNotGo) {
  SYRINX_NEED_DATA(kMan);
  const auto refused = [](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"live", "--input", data(kWoman), "-o",
                                          path_of("out.wav")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished done = run_syrinx(arguments);
    EXPECT_NE(done.exit_code, 0);
    return done.err;
  };
  const auto says = [&](std::vector<std::string> more, const std::string& sentence) {
    const std::string err = refused(more);
    EXPECT_NE(err.find(sentence), std::string::npos) << err;
  };
  says({"--like", data(kMan), "--to", "male"}, "--like and --to are two targets");
  says({"--like", data(kMan), "--age", "60"}, "--like and --age are two targets");
  says({"--like", data(kMan), "--source-f0", "200"}, "give --source");
  says({"--amount", "0.5"}, "--amount says nothing without --like");
  says({"--network", "0.5"}, "--network says nothing without --like");
  says({"--like", data(kMan), "--network-weights", "nowhere.safetensors"}, "nowhere.safetensors");
  says({"--source", data(kMan)}, "--source says nothing without --like");
  says({"--like", "nobody.wav"}, "'nobody.wav' is neither a file nor a learnt voice");
  says({"--like", data(kMan), "--source", "nobody"}, "'nobody' is neither a file nor a learnt");
  says({"--like", data(kMan), "--amount", "2"}, "amount");
  const std::string silence = path_of("silence.wav");
  ASSERT_TRUE(io::write_audio(silence, AudioBuffer(1, 32'000, 16'000)));
  says({"--like", silence}, "voiced speech to learn from");
}

}  // namespace
}  // namespace syrinx
