// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"

// Everything of the program that is not `say`.
namespace syrinx {
namespace {

using nlohmann::json;
using support::Finished;
using support::run_syrinx;

int shell(const std::string& command) { return std::system(command.c_str()); }

std::string sine_file(double amplitude) {
  AudioBuffer tone(1, 48'000 * 5, 48'000);
  for (std::size_t i = 0; i < tone.frames(); ++i) {
    tone.channel(0)[i] = static_cast<float>(
        amplitude * std::sin(2.0 * M_PI * 997.0 * static_cast<double>(i) / 48'000));
  }
  const std::string path = support::scratch_dir() / "tone.wav";
  EXPECT_TRUE(io::write_audio(path, tone));
  return path;
}

TEST(FrontDoor, HelpTeachesByExample) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--help"},
                                             {"say", "--help"},
                                             {"voices", "--help"},
                                             {"info", "--help"},
                                             {"doctor", "--help"},
                                             {"measure", "--help"},
                                             {"compare", "--help"},
                                             {"emodel", "--help"},
                                             {"media", "--help"},
                                             {"fx", "--help"},
                                             {"live", "--help"},
                                             {"spectrogram", "--help"},
                                             {"model", "--help"},
                                             {"completion", "--help"}}) {
    const Finished help = run_syrinx(arguments);
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_NE(help.out.find("  syrinx "), std::string::npos) << help.out;
  }
}

TEST(FrontDoor, VersionIsTheProjects) {
  EXPECT_EQ(run_syrinx({"--version"}).out, "syrinx " SYRINX_VERSION "\n");
}

TEST(FrontDoor, AnUnknownCommandIsWrongUse) {
  const Finished refused = run_syrinx({"sing"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("sing"), std::string::npos);
}

TEST(Voices, AreListedWithTheDefaultAndTheirLicence) {
  setenv("SYRINX_MODELS", support::scratch_dir().c_str(), 1);  // No models of this machine's user.
  const json voices = json::parse(run_syrinx({"voices", "--json"}).out)["voices"];
  unsetenv("SYRINX_MODELS");
  ASSERT_EQ(voices.size(), 4u);
  EXPECT_EQ(voices[0]["name"], "slt");
  EXPECT_TRUE(voices[0]["default"]);
  for (const json& voice : voices) EXPECT_FALSE(voice["licence"].get<std::string>().empty());
}

TEST(Info, KnowsFormatLengthPeakAndLoudness) {
  const json files = json::parse(run_syrinx({"info", "--json", sine_file(0.1)}).out)["files"];
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0]["format"], "wav");
  EXPECT_EQ(files[0]["sample_rate_hz"], 48'000);
  EXPECT_EQ(files[0]["channels"], 1);
  EXPECT_NEAR(files[0]["duration_s"].get<double>(), 5.0, 1e-9);
  EXPECT_NEAR(files[0]["peak_dbfs"].get<double>(), -20.0, 0.01);
  // BS.1770: a 997 Hz sine of 0 dBFS in one channel is -3.01 LUFS.
  EXPECT_NEAR(files[0]["loudness_lufs"].get<double>(), -23.01, 0.1);
}

TEST(Info, ReadsWhatItCanAndReportsTheRest) {
  const auto bad = support::scratch_dir() / "bad.wav";
  std::ofstream(bad) << "not audio at all";
  const Finished info = run_syrinx({"info", sine_file(0.5), bad});
  EXPECT_NE(info.out.find("tone.wav"), std::string::npos);
  EXPECT_NE(info.err.find("bad.wav"), std::string::npos);
  EXPECT_EQ(info.exit_code, 5) << info.err;
}

TEST(Info, SilenceHasNoLoudnessRatherThanInfinity) {
  const json files = json::parse(run_syrinx({"info", "--json", sine_file(0.0)}).out)["files"];
  EXPECT_TRUE(files[0]["peak_dbfs"].is_null());
  EXPECT_TRUE(files[0]["loudness_lufs"].is_null());
}

TEST(Info, ReadsStandardInput) {
  const Finished said = run_syrinx({"say", "-o", "-", "Hello."});
  const Finished info = run_syrinx({"info", "-"}, said.out);
  EXPECT_EQ(info.exit_code, 0) << info.err;
  EXPECT_NE(info.out.find("16000 Hz"), std::string::npos);
}

TEST(Info, GivesEveryBadFileASentenceAndNeverCrashes) {
  SYRINX_NEED_DATA("bad_audio");
  for (const auto& entry : std::filesystem::directory_iterator(support::data_path("bad_audio"))) {
    const Finished info = run_syrinx({"info", entry.path()});
    EXPECT_LT(info.exit_code, 128) << entry.path();
    EXPECT_NE(info.out.size() + info.err.size(), 0u) << entry.path();
    if (info.exit_code != 0) {
      EXPECT_NE(info.err.find("syrinx: "), std::string::npos) << entry.path();
    }
  }
}

TEST(Measure, ComparesWithACleanReference) {
  SYRINX_NEED_DATA("golden/metrics/3_deg.flac");
  const Finished measured =
      run_syrinx({"measure", "--json", support::data_path("golden/metrics/3_deg.flac"), "--ref",
                  support::data_path("golden/metrics/3_ref.flac")});
  ASSERT_EQ(measured.exit_code, 0) << measured.err;
  const json file = json::parse(measured.out)["files"][0];
  // The pair's own figures, by outside references, to their third digit.
  EXPECT_NEAR(file["reference"]["stoi"]["value"].get<double>(), 0.8975, 0.001);
  EXPECT_NEAR(file["reference"]["extended_stoi"]["value"].get<double>(), 0.7381, 0.001);
  EXPECT_NEAR(file["reference"]["si_sdr"]["value"].get<double>(), 10.031, 0.01);
  EXPECT_NEAR(file["reference"]["delay"]["value"].get<double>(), 0.0, 1e-9);
}

TEST(Measure, NamesWhatIsWrongWithAVoice) {
  constexpr const char* kSpeech = "speech/kathleen/arctic_a0002.flac";
  SYRINX_NEED_DATA(kSpeech);
  AudioBuffer speech = io::read_audio(support::data_path(kSpeech)).value();
  for (std::size_t i = 0; i < speech.frames(); ++i) {
    const double turns = 67.0 * static_cast<double>(i) / speech.sample_rate_hz();
    speech.channel(0)[i] *= static_cast<float>(0.6 + 0.4 * std::cos(2.0 * M_PI * turns));
  }
  const std::string path = support::scratch_dir() / "modulated.wav";
  ASSERT_TRUE(io::write_audio(path, speech));
  const json found = json::parse(run_syrinx({"measure", "--json", path}).out)["files"][0];
  const auto& list = found["artifacts"]["list"];
  const auto lines = std::find_if(list.begin(), list.end(), [](const json& artifact) {
    return artifact["kind"] == "interharmonic" || artifact["kind"] == "irregular voice";
  });
  ASSERT_NE(lines, list.end()) << list;
  EXPECT_GT((*lines)["severity"].get<double>(), 0.1);
}

TEST(Measure, SilenceAndShortSoundsHaveADefinedResult) {
  const json file = json::parse(run_syrinx({"measure", "--json", sine_file(0.0)}).out)["files"][0];
  EXPECT_TRUE(file["level"]["peak"]["value"].is_null());
  EXPECT_TRUE(file["loudness"]["integrated"]["value"].is_null());
  EXPECT_EQ(file["speech"]["voiced_share"]["value"], 0.0);
}

TEST(Measure, BadFilesGetASentence) {
  const auto bad = support::scratch_dir() / "bad.wav";
  std::ofstream(bad) << "not audio";
  const Finished measured = run_syrinx({"measure", bad});
  EXPECT_EQ(measured.exit_code, 5);
  EXPECT_NE(measured.err.find("bad.wav"), std::string::npos);
}

TEST(Fx, EffectsInTheirOrderChangeTheSoundAndKeepItsLength) {
  const std::string in = sine_file(0.1);
  const std::string out = support::scratch_dir() / "telephone.wav";
  const Finished done = run_syrinx({"fx", in, "-o", out, "-e", "eq", "-e", "gain:gain_db=6"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const AudioBuffer louder = io::read_audio(out).value();
  ASSERT_EQ(louder.frames(), 240'000u);
  float peak = 0;
  for (const float sample : louder.channel(0)) peak = std::max(peak, std::abs(sample));
  EXPECT_NEAR(peak, 0.1 * std::pow(10.0, 6.0 / 20.0), 0.001);
}

TEST(Fx, AChainPrintedFromAPresetIsReadBack) {
  const Finished printed = run_syrinx({"fx", "--preset", "telephone", "--print"});
  ASSERT_EQ(printed.exit_code, 0);
  const std::string chain = support::scratch_dir() / "chain.json";
  std::ofstream(chain) << printed.out;
  EXPECT_EQ(run_syrinx({"fx", "--chain", chain, "--print"}).out, printed.out);
}

TEST(Fx, RefusesWhatItDoesNotKnowByName) {
  const std::string in = sine_file(0.1);
  const Finished unknown = run_syrinx({"fx", in, "-o", "x.wav", "-e", "sparkle"});
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_NE(unknown.err.find("sparkle"), std::string::npos);
  const Finished range = run_syrinx({"fx", in, "-o", "x.wav", "-e", "gain:gain_db=9999"});
  EXPECT_EQ(range.exit_code, 2);
  EXPECT_NE(range.err.find("gain_db"), std::string::npos);
}

TEST(Spectrogram, DrawsAPngAndRefusesSilenceOfNoLength) {
  const std::string png = support::scratch_dir() / "tone.png";
  EXPECT_EQ(run_syrinx({"spectrogram", sine_file(0.5), "-o", png}).exit_code, 0);
  EXPECT_GT(std::filesystem::file_size(png), 1'000u);
  EXPECT_EQ(run_syrinx({"spectrogram", "/nonexistent.wav", "-o", png}).exit_code, 3);
}

TEST(Doctor, SaysWhatRunsAndWhatIsMissing) {
  const json report = json::parse(run_syrinx({"doctor", "--json"}).out);
  EXPECT_FALSE(report["network_kernels"].get<std::string>().empty());
  EXPECT_FALSE(report["cpu"]["brand"].get<std::string>().empty());
  EXPECT_FALSE(report["kernels"].get<std::string>().empty());
  EXPECT_GE(report["libraries"].size(), 5u);
  EXPECT_EQ(report["network_devices"][0]["name"], "cpu");
  EXPECT_EQ(report["network_devices"][0]["precisions"][0], "fp32");
  EXPECT_TRUE(report.contains("audio_devices"));
  EXPECT_TRUE(report.contains("folders"));
  const Finished person = run_syrinx({"doctor"});
  EXPECT_EQ(person.exit_code, 0);
  EXPECT_NE(person.out.find("libsndfile"), std::string::npos);
  EXPECT_TRUE(person.err.empty()) << person.err;  // Sound libraries love to chatter.
}

TEST(Doctor, TheKernelOverrideIsSeen) {
  ASSERT_EQ(setenv("SYRINX_SIMD", "generic", 1), 0);
  const json report = json::parse(run_syrinx({"doctor", "--json"}).out);
  unsetenv("SYRINX_SIMD");
  EXPECT_NE(report["kernels"], "avx2");
  EXPECT_NE(report["kernels"], "avx512");
}

TEST(Completion, BashOffersCommandsOptionsAndVoices) {
  const auto script = support::scratch_dir() / "syrinx.bash";
  std::ofstream(script) << run_syrinx({"completion", "bash"}).out;
  const std::string load = "source " + script.string() + "; ";
  const auto offers = [&](const std::string& words, const std::string& expected) {
    return shell(
               "bash -c '" + load + "COMP_WORDS=(" + words +
               "); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _syrinx; [[ \" ${COMPREPLY[*]} \" == *\" " +
               expected + " \"* ]]'") == 0;
  };
  EXPECT_TRUE(offers("syrinx do", "doctor"));
  EXPECT_TRUE(offers("syrinx say --vo", "--voice"));
  EXPECT_TRUE(offers("syrinx say --voice r", "rms"));
  EXPECT_TRUE(offers("syrinx completion z", "zsh"));
  EXPECT_FALSE(offers("syrinx say --vo", "--json"));
}

TEST(Completion, ZshAndFishScriptsParse) {
  for (const std::string name : {"zsh", "fish"}) {
    if (shell("command -v " + name + " > /dev/null") != 0) GTEST_SKIP() << name << " is missing";
    const auto script = support::scratch_dir() / ("syrinx." + name);
    std::ofstream(script) << run_syrinx({"completion", name}).out;
    EXPECT_EQ(shell(name + " -n " + script.string()), 0) << name;
  }
}

}  // namespace
}  // namespace syrinx
