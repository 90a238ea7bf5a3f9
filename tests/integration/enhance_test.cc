// SPDX-License-Identifier: Apache-2.0
// `syrinx media enhance` as a user meets it.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/enhance/echo/echo_scenes.h"

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

TEST(MediaEnhance, SaysWhatIsMissing) {
  const auto folder = support::scratch_dir();
  const std::string mic = write(folder / "mic.wav", Sound(1'600));
  const std::string out = folder / "out.wav";
  EXPECT_EQ(run_syrinx({"media", "enhance", mic, "-o", out}).exit_code, 2);
  const Finished done =
      run_syrinx({"media", "enhance", mic, "--far", folder / "none.wav", "-o", out});
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_NE(done.err.find("none.wav"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(out));
}

}  // namespace
}  // namespace syrinx
