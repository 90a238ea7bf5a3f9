// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "integration/program.h"
#include "support/npy.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/io/npy/npy_file.h"

// `syrinx vocode` as a user meets it, with the published HiFi-GAN V2 weights.
namespace syrinx {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::run_syrinx;

class VocodeCommand : public testing::Test {
 protected:
  void SetUp() override {
    SYRINX_NEED_DATA("models/hifigan_lj_v2");
    SYRINX_NEED_DATA("golden/vocoders");
    folder_ = support::scratch_dir();
    model_ = support::data_path("models/hifigan_lj_v2/generator_v2").string();
    mel_ = support::data_path("golden/vocoders/hifigan_lj_v2_real/mel.npy").string();
  }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
  std::string model_;
  std::string mel_;
};

TEST_F(VocodeCommand, MakesTheReferencesSamples) {
  const auto done = run_syrinx({"vocode", mel_, "-m", model_, "-o", at("out.npy"), "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const auto given = support::read_npy(folder_ / "out.npy").value().values;
  const auto expected =
      support::read_npy(support::data_path("golden/vocoders/hifigan_lj_v2_real/expected.npy"))
          .value()
          .values;
  ASSERT_EQ(given.size(), expected.size());
  double signal = 0;
  double error = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    signal += double{expected[i]} * double{expected[i]};
    error += std::pow(double{expected[i]} - double{given[i]}, 2);
  }
  EXPECT_GT(10 * std::log10(signal / error), 90);
  const json report = json::parse(done.out);
  EXPECT_EQ(report["model"]["family"], "HiFi-GAN");
  EXPECT_EQ(report["model"]["variant"], "V2");
  EXPECT_EQ(report["utterances"][0]["bad_frames"], 0);
}

TEST_F(VocodeCommand, StreamsTheSameSoundAsTheWhole) {
  for (const char* frames : {"1", "17"}) {
    ASSERT_EQ(run_syrinx({"vocode", mel_, "-m", model_, "-o", at("s.wav"), "--stream", frames,
                          "--encoding", "float32"})
                  .exit_code,
              0);
    ASSERT_EQ(run_syrinx({"vocode", mel_, "-m", model_, "-o", at("w.wav"), "--encoding", "float32",
                          "--threads", "2"})
                  .exit_code,
              0);
    const auto streamed = io::read_audio(at("s.wav")).value();
    const auto whole = io::read_audio(at("w.wav")).value();
    ASSERT_EQ(streamed.frames(), whole.frames());
    EXPECT_TRUE(std::equal(streamed.channel(0).begin(), streamed.channel(0).end(),
                           whole.channel(0).begin()));
  }
}

TEST_F(VocodeCommand, CopiesRealSpeechAndSaysHowFarItIs) {
  const std::string speech = support::data_path("speech/ljspeech/LJ001-0001.flac").string();
  const auto done = run_syrinx({"vocode", speech, "-m", model_, "-o", at("copy.wav"), "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json one = json::parse(done.out)["utterances"][0];
  EXPECT_LT(one["mel_distance_db"].get<double>(), 4.5);
  EXPECT_LT(one["log_spectral_distance_db"].get<double>(), 12);
  EXPECT_LT(one["mel_cepstral_distortion_db"].get<double>(), 4);
}

TEST_F(VocodeCommand, RefusesAnotherModelsMelAndNamesTheWayOut) {
  const auto mel = support::read_npy(mel_).value();
  auto decibel = mel.values;
  for (float& v : decibel) v *= 20.0F / std::log(10.0F);
  ASSERT_TRUE(io::write_npy<float>(at("db.npy"), mel.shape, decibel));
  const auto refused = run_syrinx({"vocode", at("db.npy"), "-m", model_, "-o", at("x.npy")});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("--mel db converts it"), std::string::npos) << refused.err;
  EXPECT_FALSE(fs::exists(at("x.npy")));
  ASSERT_EQ(run_syrinx({"vocode", at("db.npy"), "-m", model_, "-o", at("a.npy"), "--mel", "db"})
                .exit_code,
            0);
  ASSERT_EQ(run_syrinx({"vocode", mel_, "-m", model_, "-o", at("b.npy")}).exit_code, 0);
  const auto a = support::read_npy(at("a.npy")).value().values;
  const auto b = support::read_npy(at("b.npy")).value().values;
  ASSERT_EQ(a.size(), b.size());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, std::abs(double{a[i]} - double{b[i]}));
  EXPECT_LT(worst, 5e-3);  // The model magnifies the rounding of the conversion.

  const std::vector<std::size_t> shape{100, 5};
  ASSERT_TRUE(io::write_npy<float>(at("wide.npy"), shape, std::vector<float>(500, -5.0F)));
  const auto wide = run_syrinx({"vocode", at("wide.npy"), "-m", model_, "-o", at("x.npy")});
  EXPECT_EQ(wide.exit_code, 2);
  EXPECT_NE(wide.err.find("80 bands"), std::string::npos) << wide.err;
}

TEST_F(VocodeCommand, ManyGoToAFolderAndSpeedAndEnergyDoWhatTheySay) {
  const std::string out = at("many") + "/";
  ASSERT_EQ(run_syrinx({"vocode", mel_, mel_, "-m", model_, "-o", out}).exit_code, 0);
  EXPECT_TRUE(fs::exists(out + "mel.wav"));
  EXPECT_TRUE(fs::exists(out + "mel-2.wav"));
  const auto plain = io::read_audio(out + "mel.wav").value();
  ASSERT_EQ(run_syrinx({"vocode", mel_, "-m", model_, "-o", at("fast.wav"), "--speed", "2",
                        "--energy", "0.5"})
                .exit_code,
            0);
  const auto fast = io::read_audio(at("fast.wav")).value();
  EXPECT_NEAR(static_cast<double>(fast.frames()), static_cast<double>(plain.frames()) / 2, 256);
  const auto rms = [](const AudioBuffer& audio) {
    double sum = 0;
    for (const float v : audio.channel(0)) sum += double{v} * double{v};
    return std::sqrt(sum / static_cast<double>(audio.frames()));
  };
  EXPECT_NEAR(rms(fast) / rms(plain), 0.5, 0.15);
  EXPECT_EQ(run_syrinx({"vocode", mel_, mel_, "-m", model_, "-o", at("one.wav")}).exit_code, 2);
}

TEST_F(VocodeCommand, ReadsAPipeAndWritesOne) {
  std::ifstream file(mel_, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const auto done =
      run_syrinx({"vocode", "-", "--quiet", "-m", model_, "-o", "-", "--stream", "8"}, bytes);
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(done.out.substr(0, 4), "RIFF");
  EXPECT_GT(done.out.size(), 163U * 256U * 2U);
}

TEST_F(VocodeCommand, MakesWaveGlowsSamplesFromGivenNoise) {
  const auto golden = [](const char* name) {
    return support::data_path("golden/vocoders/waveglow_narrow") / name;
  };
  const auto done =
      run_syrinx({"vocode", golden("mel.npy"), "-m", golden("waveglow_state.pt"), "--noise",
                  golden("z_0.npy"), "--noise", golden("z_1.npy"), "-o", at("glow.npy")});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const auto given = support::read_npy(folder_ / "glow.npy").value().values;
  const auto expected = support::read_npy(golden("expected.npy")).value().values;
  ASSERT_EQ(given.size(), expected.size());
  for (std::size_t i = 0; i < given.size(); ++i) ASSERT_NEAR(given[i], expected[i], 1e-3);
}

TEST_F(VocodeCommand, DiffWaveIsAsItsSeedAndSamplerSay) {
  const auto golden = [](const char* name) {
    return support::data_path("golden/vocoders/diffwave") / name;
  };
  const auto made = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"vocode", golden("mel.npy"), "-m", golden("weights.pt"),
                                       "-o",     at("d.npy")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto done = run_syrinx(arguments);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return support::read_npy(folder_ / "d.npy").value().values;
  };
  const auto first = made({"--seed", "1"});
  EXPECT_EQ(made({"--seed", "1"}), first);
  EXPECT_NE(made({"--seed", "2"}), first);
  EXPECT_NE(made({"--seed", "1", "--sampler", "dpm", "--steps", "4"}), first);
  EXPECT_EQ(run_syrinx({"vocode", golden("mel.npy"), "-m", golden("weights.pt"), "-o", at("x.wav"),
                        "--stream", "4", "--sampler", "dpm"})
                .exit_code,
            5);
}

// Models that begin with noise: a seed is the same sound in blocks of any size.
TEST_F(VocodeCommand, StreamsOutOfNoiseTheSameSoundAsTheWhole) {
  struct Case {
    const char* folder;
    const char* weights;
    std::vector<std::string> more;
  };
  const Case cases[] = {{"diffwave", "weights.pt", {}},
                        {"diffwave", "weights.pt", {"--sampler", "ddim", "--steps", "3"}},
                        {"waveglow_narrow", "waveglow_state.pt", {"--sigma", "0.8"}}};
  for (const Case& one : cases) {
    SCOPED_TRACE(one.folder);
    const auto folder = support::data_path("golden/vocoders") / one.folder;
    const auto made = [&](const std::vector<std::string>& how) {
      std::vector<std::string> arguments{
          "vocode",    folder / "mel.npy", "-m", folder / one.weights, "-o",
          at("n.wav"), "--seed",           "5",  "--encoding",         "float32"};
      arguments.insert(arguments.end(), one.more.begin(), one.more.end());
      arguments.insert(arguments.end(), how.begin(), how.end());
      const auto done = run_syrinx(arguments);
      EXPECT_EQ(done.exit_code, 0) << done.err;
      const auto sound = io::read_audio(at("n.wav")).value();
      return std::vector<float>(sound.channel(0).begin(), sound.channel(0).end());
    };
    const auto whole = made({"--threads", "2"});
    for (const char* frames : {"1", "3", "17"})
      EXPECT_EQ(made({"--stream", frames}), whole) << frames;
  }
  const auto glow = support::data_path("golden/vocoders/waveglow_narrow");
  const auto refused = run_syrinx({"vocode", glow / "mel.npy", "-m", glow / "waveglow_state.pt",
                                   "-o", at("n.wav"), "--stream", "4", "--denoise", "0.1"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("--stream takes no --denoise"), std::string::npos) << refused.err;
}

TEST_F(VocodeCommand, NeedsNoWeightsForGriffinLim) {
  const std::string speech = support::data_path("speech/ljspeech/LJ001-0002.flac").string();
  const auto done =
      run_syrinx({"vocode", speech, "-m", "griffin-lim", "-o", at("gl.wav"), "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json one = json::parse(done.out)["utterances"][0];
  EXPECT_LT(one["mel_distance_db"].get<double>(), 3);
}

TEST_F(VocodeCommand, RefusesBrokenModelsByName) {
  SYRINX_NEED_DATA("bad_models");
  for (const auto& entry : fs::directory_iterator(support::data_path("bad_models"))) {
    const auto done =
        run_syrinx({"vocode", mel_, "-m", entry.path().string(), "-o", at("never.wav")});
    EXPECT_NE(done.exit_code, 0) << entry.path();
    EXPECT_NE(done.exit_code, 1) << entry.path() << done.err;
    EXPECT_FALSE(fs::exists(at("never.wav"))) << entry.path();
    EXPECT_EQ(done.err.find("syrinx: "), 0U) << entry.path() << done.err;
  }
  const auto nan = run_syrinx({"vocode", mel_, "-m",
                               support::data_path("bad_models/hifigan_nan_weight.pt").string(),
                               "-o", at("never.wav")});
  EXPECT_NE(nan.err.find("holds NaN"), std::string::npos) << nan.err;
}

}  // namespace
}  // namespace syrinx
