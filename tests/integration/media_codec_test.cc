// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "integration/program.h"
#include "support/need_onnx.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/enhance/dtmf/dtmf_detector.h"

// `syrinx media transcode`, `dtmf` and `vad` as a user meets them.
namespace syrinx::support {
namespace {

using nlohmann::json;

std::string scratch(const std::string& name) { return (scratch_dir() / name).string(); }

json transcode(const std::string& input, const std::string& output,
               std::vector<std::string> options) {
  std::vector<std::string> arguments = {"media", "transcode", input, "-o", output, "--json"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  const Finished done = run_syrinx(arguments);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  return json::parse(done.out, nullptr, false);
}

std::string speech() { return data_path("media/plc/54_clean.wav").string(); }

std::string digits_in(const std::string& file) {
  return json::parse(run_syrinx({"media", "dtmf", file, "--json"}).out)["digits"];
}

TEST(Media, SpeechGoesThroughEveryCodecAndIsRated) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  struct Row {
    const char* codec;
    int rate_hz;
    double bitrate_bps;
    double least_pesq;
  };
  for (const Row& row : {Row{"pcmu", 8'000, 64'000, 4.0}, Row{"pcma", 8'000, 64'000, 4.0},
                         Row{"g722", 16'000, 64'000, 3.8}, Row{"l16", 16'000, 256'000, 4.5}}) {
    const std::string out = scratch(std::string(row.codec) + ".wav");
    const json report = transcode(speech(), out, {"--codec", row.codec});
    EXPECT_EQ(report["sample_rate_hz"], row.rate_hz);
    EXPECT_DOUBLE_EQ(report["bitrate_bps"], row.bitrate_bps) << row.codec;
    EXPECT_GT(report["pesq_mos_lqo"].get<double>(), row.least_pesq) << row.codec;
    EXPECT_EQ(report["lost"], 0);
    EXPECT_EQ(io::read_audio(out)->sample_rate_hz(), row.rate_hz);
  }
}

TEST(Media, OpusKeepsTheBitRateThatItIsGiven) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  const json low = transcode(speech(), scratch("low.wav"), {"--bitrate", "10000", "--cbr"});
  const json high = transcode(speech(), scratch("high.wav"), {"--bitrate", "40000", "--cbr"});
  EXPECT_NEAR(low["bitrate_bps"].get<double>(), 10'000, 500);
  EXPECT_NEAR(high["bitrate_bps"].get<double>(), 40'000, 500);
  EXPECT_GT(high["pesq_mos_lqo"].get<double>(), low["pesq_mos_lqo"].get<double>());
  EXPECT_EQ(high["codec"], "111 opus/48000/2");
}

TEST(Media, LossIsTheSameForTheSameSeedAndConcealingItHelps) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  const std::vector<std::string> lossy = {"--codec", "pcmu", "--loss", "10%", "--seed", "7"};
  const json one = transcode(speech(), scratch("one.wav"), lossy);
  const json same = transcode(speech(), scratch("same.wav"), lossy);
  EXPECT_EQ(one["lost"], same["lost"]);
  EXPECT_EQ(one["pesq_mos_lqo"], same["pesq_mos_lqo"]);
  const double share = one["lost"].get<double>() / one["packets"].get<double>();
  EXPECT_NEAR(share, 0.10, 0.04);
  auto silent = lossy;
  silent.insert(silent.end(), {"--plc", "off"});
  const json worse = transcode(speech(), scratch("worse.wav"), silent);
  EXPECT_GT(one["pesq_mos_lqo"].get<double>(), worse["pesq_mos_lqo"].get<double>() + 0.3);
}

TEST(Media, FecBringsLostPacketsBack) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  const std::vector<std::string> lossy = {"--rate", "16000", "--bitrate", "24000",
                                          "--loss", "10%",   "--seed",    "3"};
  const json without = transcode(speech(), scratch("without.wav"), lossy);
  auto fec = lossy;
  fec.push_back("--fec");
  const json with = transcode(speech(), scratch("with.wav"), fec);
  EXPECT_EQ(without["recovered"], 0);
  EXPECT_GT(with["recovered"].get<int>(), with["lost"].get<int>() / 2);
  EXPECT_GT(with["pesq_mos_lqo"].get<double>(), without["pesq_mos_lqo"].get<double>());
}

// Speech, then two seconds of quiet noise: the pause is told of in a few bytes and sounds alike.
TEST(Media, PausesAreSentAsComfortNoise) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  AudioBuffer call = io::read_audio(speech()).value();
  const std::size_t pause_at = call.frames();
  call.resize(pause_at + 32'000);
  std::uint32_t random = 1;
  for (float& sample : call.channel(0)) {
    random = random * 1'664'525U + 1'013'904'223U;
    sample += 0.003F * static_cast<float>(static_cast<std::int32_t>(random)) / 2147483648.0F;
  }
  const std::string in = scratch("pause.wav");
  ASSERT_TRUE(io::write_audio(in, call));
  for (const char* codec : {"pcmu", "g722"}) {
    const std::string out = scratch(std::string("pause_") + codec + ".wav");
    const json whole = transcode(in, out, {"--codec", codec});
    const json paused = transcode(in, out, {"--codec", codec, "--dtx"});
    EXPECT_EQ(whole["unsent"], 0);
    EXPECT_GT(paused["unsent"].get<int>(), 60) << codec;
    EXPECT_LT(paused["bitrate_bps"].get<double>(), 0.9 * whole["bitrate_bps"].get<double>());
    EXPECT_GT(paused["pesq_mos_lqo"].get<double>(), 3.5) << codec;
    const AudioBuffer heard = io::read_audio(out).value();
    double power = 0.0;
    const std::size_t last = static_cast<std::size_t>(heard.sample_rate_hz());
    for (const float sample : heard.channel(0).last(last))
      power += static_cast<double>(sample) * sample;
    // 0.003 evenly spread is 0.003 / sqrt 3; half of its band is half of its power.
    const double said = 3e-6 * heard.sample_rate_hz() / 16'000;
    EXPECT_NEAR(10 * std::log10(power / static_cast<double>(last) / said), 0.0, 3.0) << codec;
  }
}

// What transcode says of G.729; nothing where the plugin is not there, which no build that makes it
// may say.
std::optional<json> g729(const std::string& output, std::vector<std::string> options) {
  std::vector<std::string> arguments = {"media", "transcode", speech(),  "-o",
                                        output,  "--json",    "--codec", "g729"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  const Finished done = run_syrinx(arguments);
  if (done.exit_code == 0) return json::parse(done.out, nullptr, false);
  EXPECT_NE(done.err.find("libbcg729-0"), std::string::npos) << done.err;
#ifdef SYRINX_BCG729_BUILT
  ADD_FAILURE() << done.err;
#endif
  return std::nullopt;
}

TEST(Media, G729ComesByItsPluginAndConcealsItsLosses) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  const auto whole = g729(scratch("g729.wav"), {});
  if (!whole) GTEST_SKIP() << "G.729's plugin is not here";
  EXPECT_EQ((*whole)["codec"], "18 G729/8000");
  EXPECT_DOUBLE_EQ((*whole)["bitrate_bps"].get<double>(), 8'000.0);
  EXPECT_DOUBLE_EQ((*whole)["delay_ms"].get<double>(), 25.0);
  EXPECT_GT((*whole)["pesq_mos_lqo"].get<double>(), 3.2);
  const std::vector<std::string> lossy = {"--loss", "10%", "--seed", "7"};
  const auto concealed = g729(scratch("g729_lossy.wav"), lossy);
  auto silent = lossy;
  silent.insert(silent.end(), {"--plc", "off"});
  const auto worse = g729(scratch("g729_worse.wav"), silent);
  EXPECT_GT((*concealed)["pesq_mos_lqo"].get<double>(),
            (*worse)["pesq_mos_lqo"].get<double>() + 0.2);
  const auto paused = g729(scratch("g729_dtx.wav"), {"--dtx"});
  EXPECT_LT((*paused)["bitrate_bps"].get<double>(), 7'800.0);
  EXPECT_GT((*paused)["pesq_mos_lqo"].get<double>(), (*whole)["pesq_mos_lqo"].get<double>() - 0.3);
}

// A file of the plugin's name that is none: the sentence says what to do, and all else works.
TEST(Media, WithoutThePluginG729SaysWhatIsMissingAndOtherCodecsWork) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  const std::string folder = scratch("plugins");
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/libsyrinx_bcg729.so") << "no library";
  setenv("SYRINX_PLUGINS", folder.c_str(), 1);
  const Finished refused =
      run_syrinx({"media", "transcode", speech(), "-o", scratch("x.wav"), "--codec", "g729"});
  const Finished other =
      run_syrinx({"media", "transcode", speech(), "-o", scratch("y.wav"), "--codec", "pcmu"});
  unsetenv("SYRINX_PLUGINS");
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_NE(refused.err.find("libbcg729"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("SYRINX_PLUGINS"), std::string::npos) << refused.err;
  EXPECT_EQ(other.exit_code, 0) << other.err;
}

TEST(Media, DigitsAreMadeAndFound) {
  const std::string file = scratch("keys.wav");
  ASSERT_EQ(run_syrinx({"media", "dtmf", "--make", "0123456789*#ABCD", "-o", file}).exit_code, 0);
  EXPECT_EQ(digits_in(file), "0123456789*#ABCD");
  const Finished words = run_syrinx({"media", "dtmf", file});
  EXPECT_NE(words.out.find("16 digits: 0123456789*#ABCD"), std::string::npos) << words.out;
}

// In-band, then RFC 4733 through losses, then in-band again: each once.
TEST(Media, DigitsThatGoAsEventsComeThroughLossOnce) {
  const std::string file = scratch("keys.wav");
  ASSERT_EQ(run_syrinx({"media", "dtmf", "--make", "11559#", "-o", file}).exit_code, 0);
  for (const char* codec : {"pcmu", "opus"}) {
    const std::string out = scratch(std::string("heard_") + codec + ".wav");
    const json report =
        transcode(file, out, {"--codec", codec, "--events", "--loss", "20%", "--seed", "5"});
    EXPECT_EQ(report["digits"], "11559#") << codec;
    EXPECT_EQ(digits_in(out), "11559#") << codec;
  }
}

TEST(Media, NoDigitIsFoundInAnySpeech) {
  SYRINX_NEED_DATA("speech");
  int files = 0;
  double seconds = 0.0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data_path("speech"))) {
    if (entry.path().extension() != ".flac" && entry.path().extension() != ".wav") continue;
    const auto audio = io::read_audio(entry.path());
    ASSERT_TRUE(audio.has_value());
    const auto digits = enhance::find_digits(*audio);
    ASSERT_TRUE(digits.has_value());
    EXPECT_TRUE(digits->empty()) << entry.path();
    ++files;
    seconds += audio->duration_s();
  }
  EXPECT_GT(files, 10);
  EXPECT_GT(seconds, 300.0);
}

TEST(Media, SpeechIsFoundAndSilenceIsNot) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  const json found = json::parse(run_syrinx({"media", "vad", speech(), "--json"}).out);
  EXPECT_FALSE(found["segments"].empty());
  EXPECT_GT(found["speech_s"].get<double>(), 0.3 * found["duration_s"].get<double>());
  const std::string silence = scratch("silence.wav");
  ASSERT_TRUE(io::write_audio(silence, AudioBuffer(1, 48'000, 48'000)));
  EXPECT_TRUE(json::parse(run_syrinx({"media", "vad", silence, "--json"}).out)["segments"].empty());
}

TEST(Media, WrongUseIsExplained) {
  EXPECT_EQ(run_syrinx({"media"}).exit_code, 2);
  const std::string file = scratch("keys.wav");
  ASSERT_EQ(run_syrinx({"media", "dtmf", "--make", "1", "-o", file}).exit_code, 0);
  const auto refused = [&](std::vector<std::string> options) {
    std::vector<std::string> arguments = {"media", "transcode", file, "-o", scratch("x.wav")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_syrinx(arguments);
  };
  const Finished codec = refused({"--codec", "speex"});
  EXPECT_EQ(codec.exit_code, 3);
  EXPECT_NE(codec.err.find("opus"), std::string::npos) << codec.err;
  EXPECT_EQ(refused({"--loss", "much"}).exit_code, 2);
  EXPECT_EQ(refused({"--loss", "101%"}).exit_code, 2);
  EXPECT_EQ(refused({"--ptime", "30"}).exit_code, 2);
  EXPECT_EQ(refused({"--bitrate", "10"}).exit_code, 2);
  EXPECT_EQ(refused({"--codec", "telephone-event"}).exit_code, 5);
  EXPECT_EQ(run_syrinx({"media", "transcode", file, "-o", file}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"media", "dtmf", "--make", "12x", "-o", file}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"media", "dtmf"}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"media", "vad", "missing.wav"}).exit_code, 3);
}

TEST(Media, SilerosNetworkFindsTheSameSpeechAsOurOwnDetector) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  SYRINX_NEED_DATA("models/silero_vad/silero_vad.onnx");
  SYRINX_NEED_ONNX();
  const std::string jfk = data_path("speech/jfk.flac").string();
  setenv("SYRINX_MODELS", data_path("models").c_str(), 1);
  const Finished done = run_syrinx({"media", "vad", jfk, "--detector", "silero", "--json"});
  unsetenv("SYRINX_MODELS");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json silero = json::parse(done.out);
  const json own = json::parse(run_syrinx({"media", "vad", jfk, "--json"}).out);
  EXPECT_EQ(silero["detector"], "silero");
  EXPECT_EQ(own["detector"], "spectral");
  EXPECT_NEAR(silero["speech_s"].get<double>(), own["speech_s"].get<double>(), 2.0);
  EXPECT_GE(silero["segments"].size(), 3u);
  EXPECT_EQ(run_syrinx({"media", "vad", jfk, "--detector", "other"}).exit_code, 2);
}

}  // namespace
}  // namespace syrinx::support
