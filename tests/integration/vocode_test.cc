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

// The vocoder of our own, as the repository holds it, on the person whose voice it learned.
TEST(SourceFilterVocoder, CopiesItsSpeakerAndStreamsTheSameSound) {
  SYRINX_NEED_DATA("speech/kathleen");
  const fs::path folder = support::scratch_dir();
  const std::string weights = std::string(SYRINX_OWN_VOICE) + "/vocoder.safetensors";
  const std::string config = std::string(SYRINX_OWN_VOICE) + "/vocoder.json";
  const std::string recording = support::data_path("speech/kathleen/arctic_a0001.flac").string();
  const auto vocode = [&](const std::string& input, const std::string& out, const char* option,
                          const char* value) {
    const auto done = run_syrinx({"vocode", input, "-m", weights, "--config", config, "-o",
                                  folder / out, "--encoding", "float32", "--json", option, value});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return done.exit_code == 0 ? json::parse(done.out) : json();
  };
  const json copied = vocode(recording, "whole.wav", "--threads", "2");
  EXPECT_EQ(copied["model"]["family"], "Source-filter");
  EXPECT_LT(copied["utterances"][0]["mel_cepstral_distortion_db"], 5.0);
  const auto whole = io::read_audio(folder / "whole.wav").value();
  for (const char* block : {"1", "7", "64"}) {
    vocode(recording, "cut.wav", "--stream", block);
    const auto cut = io::read_audio(folder / "cut.wav").value();
    EXPECT_TRUE(std::equal(whole.channel(0).begin(), whole.channel(0).end(), cut.channel(0).begin(),
                           cut.channel(0).end()))
        << "in blocks of " << block;
  }
  const auto told = run_syrinx({"model", "info", weights});
  EXPECT_EQ(told.exit_code, 0) << told.err;
  EXPECT_NE(told.out.find("Source-filter"), std::string::npos) << told.out;
}

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

TEST_F(VocodeCommand, KeepsAMemoryBudgetAndReportsWhatItTakes) {
  const auto memory_of = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"vocode",    mel_,     "-m",        model_, "-o",
                                       at("m.npy"), "--json", "--threads", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto done = run_syrinx(arguments);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return json::parse(done.out)["memory"];
  };
  const json free = memory_of({});
  EXPECT_TRUE(free["budget_bytes"].is_null());
  EXPECT_EQ(free["threads"], 2);
  const auto bytes = [](const json& memory, const char* name) {
    return memory[name].get<std::size_t>();
  };
  const std::size_t block_samples = bytes(free, "block_frames") * 256;
  EXPECT_EQ(bytes(free, "peak_bytes") / 1024,
            (bytes(free, "weight_bytes") + 2 * (bytes(free, "stream_bytes") + block_samples * 4) +
             bytes(free, "sound_bytes")) /
                1024);
  EXPECT_GT(bytes(free, "process_peak_bytes"), bytes(free, "weight_bytes"));
  const auto whole = support::read_npy(folder_ / "m.npy").value().values;
  const std::size_t mib = (bytes(free, "peak_bytes") - 1) >> 20;
  const json tight = memory_of({"--memory-budget", std::to_string(mib)});
  EXPECT_EQ(bytes(tight, "budget_bytes"), mib << 20);
  EXPECT_LE(bytes(tight, "peak_bytes"), mib << 20);
  EXPECT_TRUE(tight["threads"] == 1 || tight["block_frames"] < free["block_frames"]);
  EXPECT_EQ(support::read_npy(folder_ / "m.npy").value().values, whole);

  // Three utterances for four threads: one after the other, with fewer threads, too.
  const std::string several = at("several") + "/";
  const auto done = run_syrinx({"vocode", mel_, mel_, mel_, "-m", model_, "-o", several, "--json",
                                "--threads", "4", "--memory-budget", std::to_string(mib)});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json three = json::parse(done.out);
  EXPECT_EQ(three["utterances"].size(), 3U);
  EXPECT_EQ(three["memory"]["streams"], three["memory"]["threads"]);
  EXPECT_LE(bytes(three["memory"], "peak_bytes"), mib << 20);

  const auto refused =
      run_syrinx({"vocode", mel_, "-m", model_, "-o", at("x.npy"), "--memory-budget", "1"});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_NE(refused.err.find("more than the budget of 1.0 MiB"), std::string::npos) << refused.err;
  EXPECT_FALSE(fs::exists(at("x.npy")));
}

TEST_F(VocodeCommand, RefusesADeviceThatIsNotThere) {
  EXPECT_EQ(
      run_syrinx({"vocode", mel_, "-m", model_, "-o", at("x.npy"), "--device", "cpu"}).exit_code,
      0);
  const auto refused =
      run_syrinx({"vocode", mel_, "-m", model_, "-o", at("y.npy"), "--device", "cuda"});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_NE(refused.err.find("there is no device 'cuda'"), std::string::npos) << refused.err;
  EXPECT_FALSE(fs::exists(at("y.npy")));
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

// The MelGANs that tests/data/melgan/make_goldens.py made: PyTorch's files, and its samples.
class VocodeMelgan : public testing::Test {
 protected:
  static std::string of(const char* kind, const char* file) {
    return support::own_data_path("melgan") / kind / file;
  }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_ = support::scratch_dir();
};

TEST_F(VocodeMelgan, MakesPyTorchsSamplesOfEveryCodesFiles) {
  for (const char* const kind : {"descript", "seungwonpark", "multi_band", "causal"}) {
    const auto done = run_syrinx(
        {"vocode", of(kind, "mel.npy"), "-m", of(kind, "generator.pt"), "-o", at("out.npy")});
    ASSERT_EQ(done.exit_code, 0) << kind << done.err;
    const auto given = support::read_npy(folder_ / "out.npy").value().values;
    const auto expected = support::read_npy(of(kind, "expected.npy")).value().values;
    ASSERT_EQ(given.size(), expected.size());
    for (std::size_t i = 0; i < given.size(); ++i) ASSERT_NEAR(given[i], expected[i], 1e-4) << kind;
  }
}

TEST_F(VocodeMelgan, StreamsTheSameSoundAsTheWhole) {
  for (const char* const kind : {"descript", "multi_band"}) {
    const auto made = [&](std::vector<std::string> more) {
      std::vector<std::string> arguments{
          "vocode", of(kind, "mel.npy"), "-m",         of(kind, "generator.pt"),
          "-o",     at("x.wav"),         "--encoding", "float32"};
      arguments.insert(arguments.end(), more.begin(), more.end());
      const auto done = run_syrinx(arguments);
      EXPECT_EQ(done.exit_code, 0) << done.err;
      const auto audio = io::read_audio(at("x.wav")).value();
      return std::vector<float>(audio.channel(0).begin(), audio.channel(0).end());
    };
    const auto whole = made({});
    EXPECT_EQ(made({"--stream", "1"}), whole);
    EXPECT_EQ(made({"--stream", "17"}), whole);
  }
}

TEST_F(VocodeMelgan, ConvertedFilesKeepTheirStatisticsAndSound) {
  const std::string converted = at("converted.safetensors");
  const auto done =
      run_syrinx({"model", "convert", of("multi_band", "generator.pt"), "-o", converted, "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_GT(json::parse(done.out)["weights_folded"], 20);
  const auto info = json::parse(run_syrinx({"model", "info", converted, "--json"}).out)["files"][0];
  EXPECT_EQ(info["architecture"]["family"], "multi-band MelGAN");
  EXPECT_EQ(info["architecture"]["config"]["mel_mean"].size(), 6U);
  EXPECT_TRUE(info["architecture"]["assumptions"].empty()) << info["architecture"].dump();
  EXPECT_EQ(run_syrinx({"model", "verify", converted}).exit_code, 0);
  const auto samples = [&](const std::string& model) {
    EXPECT_EQ(run_syrinx({"vocode", of("multi_band", "mel.npy"), "-m", model, "-o", at("x.npy")})
                  .exit_code,
              0);
    return support::read_npy(folder_ / "x.npy").value().values;
  };
  EXPECT_EQ(samples(converted), samples(of("multi_band", "generator.pt")));
}

TEST_F(VocodeMelgan, ConvertsNaturalMelsToTheLog10ThatItTakes) {
  const auto mel = support::read_npy(of("descript", "mel.npy")).value();
  auto natural = mel.values;
  for (float& v : natural) v *= std::log(10.0F);
  ASSERT_TRUE(io::write_npy<float>(at("ln.npy"), mel.shape, natural));
  const auto refused = run_syrinx(
      {"vocode", at("ln.npy"), "-m", of("descript", "generator.pt"), "-o", at("out.npy")});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("--mel natural converts it"), std::string::npos) << refused.err;
  const auto done = run_syrinx({"vocode", at("ln.npy"), "-m", of("descript", "generator.pt"),
                                "--mel", "natural", "-o", at("out.npy")});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const auto given = support::read_npy(folder_ / "out.npy").value().values;
  const auto expected = support::read_npy(of("descript", "expected.npy")).value().values;
  for (std::size_t i = 0; i < given.size(); ++i) ASSERT_NEAR(given[i], expected[i], 1e-3);
}

TEST_F(VocodeMelgan, WithoutStatisticsTakesOnlyNormalisedMels) {
  const std::string model = of("causal", "generator.pt");
  const auto refused =
      run_syrinx({"vocode", of("multi_band", "mel.npy"), "-m", model, "-o", at("x.npy")});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("stats.npy"), std::string::npos) << refused.err;
  EXPECT_EQ(run_syrinx({"vocode", of("multi_band", "mel.npy"), "-m", model, "-o", at("x.npy"),
                        "--mel", "log10"})
                .exit_code,
            0);
  const std::vector<float> silence(22'050);
  io::AudioWriteOptions options;
  options.sample_rate_hz = 22'050;
  auto writer = io::AudioWriter::create(at("in.wav"), options).value();
  ASSERT_TRUE(writer.write(AudioView(silence, 22'050)));
  ASSERT_TRUE(writer.finish());
  const auto copy = run_syrinx({"vocode", at("in.wav"), "-m", model, "-o", at("x.wav")});
  EXPECT_EQ(copy.exit_code, 5);
  EXPECT_NE(copy.err.find("stats.npy"), std::string::npos) << copy.err;
  // And a model that has them takes no mel from which they have been taken already.
  const auto twice = run_syrinx({"vocode", of("causal", "mel.npy"), "-m",
                                 of("multi_band", "generator.pt"), "-o", at("x.npy")});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_NE(twice.err.find("looks normalised"), std::string::npos) << twice.err;
}

TEST_F(VocodeMelgan, CopiesASoundByItsOwnMel) {
  std::vector<float> tone(22'050);
  for (std::size_t i = 0; i < tone.size(); ++i)
    tone[i] = 0.3F * std::sin(0.05F * static_cast<float>(i));
  io::AudioWriteOptions options;
  options.sample_rate_hz = 22'050;
  auto writer = io::AudioWriter::create(at("in.wav"), options).value();
  ASSERT_TRUE(writer.write(AudioView(tone, 22'050)));
  ASSERT_TRUE(writer.finish());
  for (const char* const kind : {"descript", "seungwonpark", "multi_band"}) {
    const auto done = run_syrinx(
        {"vocode", at("in.wav"), "-m", of(kind, "generator.pt"), "-o", at("copy.wav"), "--json"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const json report = json::parse(done.out);
    EXPECT_GT(report["utterances"][0]["mel_distance_db"].get<double>(), 1) << "of random weights";
    EXPECT_NEAR(report["utterances"][0]["duration_s"].get<double>(), 1.0, 0.002);
  }
}

TEST_F(VocodeCommand, MultipliesBytesAndSaysWhatThatLoses) {
  const auto speech = [](const char* name) {
    return support::data_path(std::string("speech/ljspeech/") + name).string();
  };
  const std::string recording = speech("LJ001-0003.flac");
  const auto made = run_syrinx({"vocode", mel_, "-m", model_, "-o", at("int8.npy"), "--precision",
                                "int8", "--calibrate", recording, "--json"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const std::string words = json::parse(made.out)["model"]["precision"];
  EXPECT_EQ(words.find("int8 in 1 of 4 stages"), 0U) << words;
  const auto verified = run_syrinx({"model", "verify", model_, "--precision", "int8", "--calibrate",
                                    recording, "--speech", speech("LJ001-0005.flac"), "--json"});
  ASSERT_EQ(verified.exit_code, 0) << verified.err;
  const json loss = json::parse(verified.out)["files"][0]["precision_loss"];
  EXPECT_EQ(loss["precision"], words);
  EXPECT_GT(loss["snr_db"].get<double>(), 26);  // Measured 31.5 dB and 2.2 dB.
  EXPECT_LT(loss["snr_db"].get<double>(), 60);
  EXPECT_LT(loss["log_spectral_distance_db"].get<double>(), 4);
  const auto wrong =
      run_syrinx({"vocode", mel_, "-m", model_, "-o", at("x.npy"), "--calibrate", recording});
  EXPECT_EQ(wrong.exit_code, 2) << wrong.err;
  const auto family =
      run_syrinx({"vocode", mel_, "-m", "griffin-lim", "-o", at("x.npy"), "--precision", "int8"});
  EXPECT_NE(family.exit_code, 0);
  EXPECT_NE(family.err.find("has no int8"), std::string::npos) << family.err;
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
