// SPDX-License-Identifier: Apache-2.0
// `syrinx media enhance` as a user meets it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/enhance/echo/echo_scenes.h"
#include "syrinx/stages/measure/loudness.h"

namespace syrinx {
namespace {

namespace scenes = enhance::scenes;
using nlohmann::json;
using scenes::Sound;
using support::Finished;
using support::run_syrinx;

constexpr int kRateHz = 16'000;

Sound speech(const std::string& file) {
  const AudioBuffer read = io::read_audio(support::data_path(file)).value();
  const AudioBuffer at_rate = dsp::resample(read, kRateHz).value();
  const auto channel = at_rate.channel(0);
  Sound sound(channel.begin(), channel.end());
  scenes::scale(sound, -26.0 - scenes::level_db(sound));
  return sound;
}

// Eleven seconds of the far end alone, then somebody else speaks too.
struct Call {
  Sound far = speech("speech/jfk.flac");
  Sound near;
  Sound microphone;
};

Call make_call() {
  Call call;
  const std::size_t once = call.far.size();
  call.far.insert(call.far.end(), call.far.begin(), call.far.end());
  call.near = Sound(call.far.size());
  const Sound other = speech("speech/kathleen/arctic_a0001.flac");
  std::copy(other.begin(), other.end(), call.near.begin() + static_cast<std::ptrdiff_t>(once));
  const Sound room = scenes::make_room(kRateHz, 128.0, 200.0, 6.0, 1);
  call.microphone = scenes::delayed(scenes::convolve(call.far, room), kRateHz / 5);
  scenes::add(call.microphone, call.near);
  scenes::add_noise(call.microphone, -80.0, 3);
  return call;
}

std::string write(const std::filesystem::path& path, const Sound& sound, int rate_hz = kRateHz) {
  const AudioBuffer audio = dsp::resample(AudioView(std::span(sound), kRateHz), rate_hz).value();
  EXPECT_TRUE(io::write_audio(path, audio));
  return path;
}

TEST(MediaEnhance, TakesTheEchoOutAndKeepsTheNearEndInTime) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  const auto folder = support::scratch_dir();
  const Call call = make_call();
  const std::string out = folder / "out.wav";
  const Finished done = run_syrinx({"media", "enhance", write(folder / "mic.wav", call.microphone),
                                    "--far", write(folder / "far.flac", call.far, 48'000), "--near",
                                    write(folder / "near.wav", call.near), "-o", out, "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out);
  EXPECT_GT(report["echo"]["erle_db"].get<double>(), 25.0);
  // The search places the filter, which covers what lies around: two blocks are near enough.
  EXPECT_NEAR(report["echo"]["delay_ms"].get<double>(), 208.0, 16.0);
  EXPECT_GT(report["echo"]["double_talk_share"].get<double>(), 0.02);
  EXPECT_NEAR(report["near_end"]["level_change_db"].get<double>(), 0.0, 1.5);
  EXPECT_GT(report["near_end"]["correlation"].get<double>(), 0.95);
  const AudioBuffer heard = io::read_audio(out).value();
  EXPECT_EQ(heard.frames(), call.microphone.size());
  EXPECT_EQ(heard.sample_rate_hz(), kRateHz);
}

TEST(MediaEnhance, KeepsRateAndChannelsOfTheMicrophone) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  const auto folder = support::scratch_dir();
  const Call call = make_call();
  const AudioBuffer mono =
      dsp::resample(AudioView(std::span(call.microphone), kRateHz), 96'000).value();
  AudioBuffer stereo(2, 96'000, 96'000);
  for (std::size_t c = 0; c < 2; ++c)
    std::copy_n(mono.channel(0).begin(), stereo.frames(), stereo.channel(c).begin());
  ASSERT_TRUE(io::write_audio(folder / "mic.flac", stereo));
  const std::string out = folder / "out.flac";
  const Finished done = run_syrinx({"media", "enhance", folder / "mic.flac", "--far",
                                    write(folder / "far.wav", call.far), "-o", out});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const AudioBuffer heard = io::read_audio(out).value();
  EXPECT_EQ(heard.channels(), 2U);
  EXPECT_EQ(heard.frames(), stereo.frames());
  EXPECT_EQ(heard.sample_rate_hz(), 96'000);
}

TEST(MediaEnhance, BrightensDullSpeechWhereThatIsAskedFor) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  const auto folder = support::scratch_dir();
  Sound dull = speech("speech/jfk.flac");
  float held = 0.0F;
  for (float& x : dull) x = held += 0.25F * (x - held);
  const std::string in = write(folder / "mic.wav", dull);
  const Finished done = run_syrinx(
      {"media", "enhance", in, "--gain", "--balance", "9", "-o", folder / "out.wav", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json gain = json::parse(done.out)["gain"];
  EXPECT_GT(gain["high_band_db"].get<double>(), 3.0);
  EXPECT_LE(gain["high_band_db"].get<double>(), 9.0);
}

TEST(MediaEnhance, BringsQuietSpeechToTheLoudnessThatIsAskedFor) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  const auto folder = support::scratch_dir();
  Sound quiet = speech("speech/jfk.flac");
  scenes::scale(quiet, -20.0);
  const Sound twice = [&] {
    Sound both = quiet;
    both.insert(both.end(), quiet.begin(), quiet.end());
    return both;
  }();
  const std::string in = write(folder / "mic.wav", twice);
  const std::string out = folder / "out.wav";
  // A room's own noise is in this recording: as loud as that may it become.
  const Finished done = run_syrinx({"media", "enhance", in, "--gain", "--target-lufs", "-20",
                                    "--max-noise-lufs", "-35", "-o", out, "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json gain = json::parse(done.out)["gain"];
  EXPECT_EQ(gain["target_lufs"], -20.0);
  EXPECT_GT(gain["last_db"].get<double>(), 12.0);
  EXPECT_EQ(gain["each_second_db"].size(), 23u);
  EXPECT_EQ(gain["high_band_db"], 0.0);
  EXPECT_GT(gain["speech_share"].get<double>(), 0.4);
  const AudioBuffer heard = io::read_audio(out).value();
  ASSERT_EQ(heard.frames(), twice.size());
  const std::size_t half = heard.frames() / 2;
  const auto loudness = measure::measure_loudness(heard.view().slice(half, heard.frames() - half));
  EXPECT_NEAR(loudness->integrated_lufs, -20.0, 1.5);
  // In time with what went in: no other lag matches as well.
  const auto match_at = [&](std::size_t lag) {
    double sum = 0.0;
    for (std::size_t i = half; i + 200 < twice.size(); ++i)
      sum += static_cast<double>(heard.channel(0)[i + lag - 100]) * static_cast<double>(twice[i]);
    return sum;
  };
  std::size_t best = 0;
  for (std::size_t lag = 0; lag <= 200; ++lag) best = match_at(lag) > match_at(best) ? lag : best;
  EXPECT_EQ(best, 100u);
}

TEST(MediaEnhance, EchoNoiseAndLevelGoTogetherInOneRun) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  const auto folder = support::scratch_dir();
  Call call = make_call();
  scenes::add_noise(call.microphone, -55.0, 9);
  const std::string mic = write(folder / "mic.wav", call.microphone);
  const std::string far = write(folder / "far.wav", call.far);
  const std::string out = folder / "out.wav";
  const auto enhanced = [&](std::vector<std::string> options) {
    std::vector<std::string> arguments = {"media", "enhance", mic, "--far",
                                          far,     "-o",      out, "--json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Finished done = run_syrinx(arguments);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return json::parse(done.out, nullptr, false);
  };
  enhanced({});
  const AudioBuffer plain = io::read_audio(out).value();
  const json report = enhanced({"--denoise", "statistical", "--gain"});
  const AudioBuffer heard = io::read_audio(out).value();
  EXPECT_EQ(report["denoise"], "statistical");
  EXPECT_GT(report["echo"]["erle_db"].get<double>(), 20.0);
  ASSERT_TRUE(report.contains("gain"));
  // The last second of the far end alone is quieter against the near end than without.
  const auto level = [](const AudioBuffer& sound, double from_s, double to_s) {
    const auto begin = static_cast<std::size_t>(from_s * kRateHz);
    double sum = 1e-12;
    for (const float x :
         sound.channel(0).subspan(begin, static_cast<std::size_t>((to_s - from_s) * kRateHz)))
      sum += static_cast<double>(x) * static_cast<double>(x);
    return 10.0 * std::log10(sum);
  };
  EXPECT_LT(level(heard, 9.0, 11.0) - level(heard, 11.5, 14.0),
            level(plain, 9.0, 11.0) - level(plain, 11.5, 14.0) - 3.0);
}

TEST(MediaEnhance, SaysWhatIsMissing) {
  const auto folder = support::scratch_dir();
  const std::string mic = write(folder / "mic.wav", Sound(1'600));
  const std::string out = folder / "out.wav";
  const Finished nothing = run_syrinx({"media", "enhance", mic, "-o", out});
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_NE(nothing.err.find("--gain"), std::string::npos) << nothing.err;
  EXPECT_EQ(run_syrinx({"media", "enhance", mic, "--target-lufs", "-20", "-o", out}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"media", "enhance", mic, "--denoise", "sox", "-o", out}).exit_code, 2);
  const Finished done =
      run_syrinx({"media", "enhance", mic, "--far", folder / "none.wav", "-o", out});
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_NE(done.err.find("none.wav"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(out));
}

}  // namespace
}  // namespace syrinx
