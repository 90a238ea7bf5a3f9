// SPDX-License-Identifier: Apache-2.0
// `syrinx fx` as a user meets it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/effects/chain.h"
#include "syrinx/stages/effects/declip.h"
#include "syrinx/stages/effects/levels.h"
#include "syrinx/stages/measure/loudness.h"

namespace syrinx {
namespace {

using nlohmann::json;
using support::Finished;
using support::run_syrinx;

constexpr const char* kKemar = "/usr/share/libmysofa/default.sofa";  // Of Debian's libmysofa1.
constexpr int kRateHz = 48'000;

// In a folder of the running test.
std::string path_of(const std::string& name) {
  static std::string owner;
  static std::filesystem::path folder;
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  if (owner != test) folder = support::scratch_dir();
  owner = test;
  return folder / name;
}

std::string write_file(const AudioBuffer& audio, io::SampleEncoding encoding,
                       const std::string& name = "in.wav") {
  const std::string path = path_of(name);
  io::AudioWriteOptions options;
  options.encoding = encoding;
  options.format = io::audio_format_for(path).value();
  EXPECT_TRUE(io::write_audio(path, audio, options));
  return path;
}
AudioBuffer noise(std::size_t channels, std::size_t frames, float level = 0.3f,
                  int rate_hz = kRateHz) {
  std::mt19937 engine(7);
  AudioBuffer audio(channels, frames, rate_hz);
  for (std::size_t c = 0; c < channels; ++c)
    for (float& x : audio.channel(c))
      x = level * (static_cast<float>(engine() >> 8) / 8'388'608.0f - 1.0f);
  return audio;
}
std::string noise_file(std::size_t channels = 1, std::size_t frames = 60'001) {
  return write_file(noise(channels, frames), io::SampleEncoding::kFloat32);
}
double peak_of(AudioView audio) {
  float peak = 0.0f;
  for (std::size_t c = 0; c < audio.channels(); ++c)
    for (const float x : audio.channel(c)) peak = std::max(peak, std::abs(x));
  return static_cast<double>(peak);
}
double energy_of(std::span<const float> x) {
  double sum = 0.0;
  for (const float v : x) sum += static_cast<double>(v) * v;
  return sum;
}
double largest_difference(AudioView a, AudioView b) {
  EXPECT_EQ(a.frames(), b.frames());
  EXPECT_EQ(a.channels(), b.channels());
  float most = 0.0f;
  for (std::size_t c = 0; c < std::min(a.channels(), b.channels()); ++c)
    for (std::size_t i = 0; i < std::min(a.frames(), b.frames()); ++i)
      most = std::max(most, std::abs(a.channel(c)[i] - b.channel(c)[i]));
  return static_cast<double>(most);
}
// The sound that these arguments make of a file.
AudioBuffer shaped(const std::string& in, std::vector<std::string> arguments,
                   const std::string& name = "out.wav") {
  const std::string out = path_of(name);
  std::vector<std::string> all = {"fx", in, "-o", out};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const Finished done = run_syrinx(all);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  auto read = io::read_audio(out);
  EXPECT_TRUE(read) << read.error().message;
  return read ? std::move(*read) : AudioBuffer();
}
std::string printed(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "fx");
  arguments.push_back("--print");
  const Finished done = run_syrinx(arguments);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  return done.out;
}

TEST(FxOptions, ActInTheOrderInWhichTheyAreWritten) {
  const auto names = [](const std::string& text) {
    std::string all;
    const json chain = json::parse(text);
    for (const json& one : chain["effects"]) all += one["effect"].get<std::string>() + " ";
    return all;
  };
  EXPECT_EQ(names(printed({"--limit", "--gain", "3", "--compress=-30", "--gain", "-2", "-e", "gate",
                           "--limit=-3"})),
            "limiter gain compressor gain gate limiter ");
  EXPECT_EQ(names(printed({"--gain", "1", "-p", "telephone", "--deess"})),
            "gain eq compressor limiter deesser ");
  const std::string in = noise_file();
  const AudioBuffer first = shaped(in, {"--gain", "20", "--limit=-6"});
  const AudioBuffer last = shaped(in, {"--limit=-6", "--gain", "20"});
  EXPECT_LE(peak_of(first), std::pow(10.0, -6.0 / 20.0));
  EXPECT_GT(peak_of(last), 1.0);
}

TEST(FxOptions, EveryShortFormMakesTheEffectThatItNames) {
  const struct {
    std::vector<std::string> arguments;
    const char* effect;
    const char* parameter;
    double value;
  } cases[] = {{{"--gain", "-3"}, "gain", "gain_db", -3},
               {{"--compress=threshold_db=-24,ratio=3.5"}, "compressor", "ratio", 3.5},
               {{"--compress=-24,3"}, "compressor", "ratio", 3},
               {{"--limit=-2"}, "limiter", "ceiling_dbtp", -2},
               {{"--expand=-50,3"}, "expander", "ratio", 3},
               {{"--gate=-40"}, "gate", "threshold_db", -40},
               {{"--agc=-23"}, "agc", "target_dbfs", -23},
               {{"--deess=6000,-20"}, "deesser", "threshold_db", -20},
               {{"--eq", "peak:1000:+3:1,lowshelf:120:-2"}, "eq", "band2.gain_db", -2},
               {{"--eq", "notch:50:10"}, "eq", "band1.q", 10},
               {{"--highpass", "80"}, "eq", "band1.hz", 80},
               {{"--lowpass", "8000,24"}, "eq", "band1.hz", 8'000},
               {{"--presence=2,3000"}, "presence", "hz", 3'000},
               {{"--warmth=3"}, "warmth", "shelf_db", 3},
               {{"--excite=amount=0.4"}, "exciter", "amount", 0.4},
               {{"--width", "1.5"}, "width", "width", 1.5},
               {{"--delay=300,0.5"}, "delay", "feedback", 0.5},
               {{"--reverb=2.5,mix=0.4"}, "reverb", "mix", 0.4},
               {{"-e", "agc:speed_db_per_s=3"}, "agc", "speed_db_per_s", 3}};
  for (const auto& one : cases) {
    const json effect = json::parse(printed(one.arguments))["effects"][0];
    EXPECT_EQ(effect["effect"], one.effect) << one.arguments[0];
    EXPECT_EQ(effect["parameters"][one.parameter], one.value) << one.arguments[0];
  }
  for (const std::string bare :
       {"--compress", "--limit", "--expand", "--gate", "--agc", "--deess", "--presence", "--warmth",
        "--excite", "--delay", "--reverb", "--remove-dc"})
    EXPECT_EQ(shaped(noise_file(1, 5'000), {bare}).frames(), 5'000u) << bare;
}

TEST(FxOptions, MixAndBypassAreReachedInBothForms) {
  const std::string in = noise_file();
  const AudioBuffer dry = io::read_audio(in).value();
  EXPECT_EQ(largest_difference(shaped(in, {"--limit=-30,bypass=true"}), dry), 0.0);
  EXPECT_EQ(largest_difference(shaped(in, {"--compress=-60,20,mix=0"}), dry), 0.0);
  const json half = json::parse(printed({"--compress=mix=0.5,detector=rms"}))["effects"][0];
  EXPECT_EQ(half["mix"], 0.5);
  EXPECT_EQ(half["parameters"]["detector"], "rms");
}

TEST(FxOptions, AutomationIsReachedThroughTheChain) {
  const std::string chain = path_of("fade.json");
  std::ofstream(chain) << R"({"effects": [{"effect": "gain", "automation": {"gain_db": [
      {"time_s": 0, "value": -60, "curve": "step"}, {"time_s": 0.5, "value": 0}]}}]})";
  const AudioBuffer out = shaped(noise_file(), {"--chain", chain});
  EXPECT_LT(peak_of(out.view().slice(0, 23'000)), 0.001);
  EXPECT_GT(peak_of(out.view().slice(25'000, 20'000)), 0.2);
}

TEST(FxOptions, MistakesAreNamed) {
  const std::string in = noise_file(1, 100);
  const std::string out = path_of("never.wav");
  const struct {
    std::vector<std::string> arguments;
    const char* says;
    int exit_code;
  } cases[] = {{{"--gain", "loud"}, "'loud' is not a number", 2},
               {{"--gain", "9999"}, "gain_db", 2},
               {{"--compress=colour=3"}, "colour", 3},
               {{"--compress=detector=mean"}, "peak, rms", 2},
               {{"--eq", "bell:100:2"}, "there is no band 'bell'", 2},
               {{"--eq", "peak:100"}, "peak:HZ:GAIN_DB[:Q]", 2},
               {{"--highpass", "80,18"}, "12", 2},
               {{"--normalise", "lufs"}, "lufs:LUFS", 2},
               {{"--normalise", "peak:3"}, "-120 and 0", 2},
               {{"--fade-in", "-1"}, "0 to 600", 2},
               {{"--ambisonics", "spin:3"}, "rotate:YAW", 2},
               {{"--ambisonics", "decode:stereo"}, "4, 9 or 16 channels", 5},
               {{"--convolve", "/nonexistent.wav"}, "/nonexistent.wav", 3},
               {{"--width", "1"}, "2 channels", 5},
               {{"--preset", "disco"}, "podcast", 3},
               {{"--tail", "-3"}, "0 to 600", 2},
               {{}, "no effect was given", 2}};
  for (const auto& one : cases) {
    std::vector<std::string> all = {"fx", in, "-o", out};
    all.insert(all.end(), one.arguments.begin(), one.arguments.end());
    const Finished refused = run_syrinx(all);
    EXPECT_EQ(refused.exit_code, one.exit_code) << refused.err;
    EXPECT_NE(refused.err.find(one.says), std::string::npos) << refused.err;
    EXPECT_FALSE(std::filesystem::exists(out));
  }
}

TEST(FxStreams, ComeOutInTimeAndAsLongAndAsTheLibraryDoesIt) {
  const std::string in = noise_file(2);
  const std::vector<std::string> linear = {"--eq", "peak:1000:+6:1,linear", "--limit=-3"};
  const AudioBuffer out = shaped(in, linear);
  effects::ChainSpec spec;
  spec.effects.resize(2);
  spec.effects[0].effect = "eq";
  spec.effects[0].parameters = {
      {"band1.type", 1}, {"band1.gain_db", 6}, {"band1.q", 1}, {"linear_phase", 1}};
  spec.effects[1].effect = "limiter";
  spec.effects[1].parameters = {{"ceiling_dbtp", -3}};
  const AudioBuffer expected = effects::apply(spec, io::read_audio(in).value()).value();
  EXPECT_EQ(largest_difference(out, expected), 0.0);
}

TEST(FxStreams, KeepTheEncodingAndTheFormatIsTheNames) {
  const AudioBuffer sound = noise(1, 4'800);
  for (const auto encoding : {io::SampleEncoding::kInt16, io::SampleEncoding::kInt24,
                              io::SampleEncoding::kInt32, io::SampleEncoding::kFloat32}) {
    shaped(write_file(sound, encoding), {"--gain", "-1"});
    const auto kept = io::AudioReader::open(path_of("out.wav")).value();
    EXPECT_EQ(kept.info().encoding, encoding);
  }
  const std::string in = write_file(sound, io::SampleEncoding::kFloat32);
  shaped(in, {"--gain", "-1"}, "out.flac");
  const auto flac = io::AudioReader::open(path_of("out.flac")).value();
  EXPECT_EQ(flac.info().format, io::AudioFormat::kFlac);
  EXPECT_EQ(flac.info().encoding, io::SampleEncoding::kInt24);
  shaped(in, {"--gain", "-1", "--encoding", "int16"});
  EXPECT_EQ(io::AudioReader::open(path_of("out.wav")).value().info().encoding,
            io::SampleEncoding::kInt16);
}

TEST(FxStreams, PassThroughPipesAndIntoFolders) {
  const std::string a = write_file(noise(1, 4'000), io::SampleEncoding::kInt16, "a.wav");
  const std::string b = write_file(noise(1, 5'000), io::SampleEncoding::kInt16, "b.wav");
  std::ifstream file(a, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const Finished piped = run_syrinx({"fx", "-", "-o", "-", "--gain", "-6"}, bytes);
  ASSERT_EQ(piped.exit_code, 0) << piped.err;
  const auto view = std::as_bytes(std::span(piped.out.data(), piped.out.size()));
  auto reader = io::AudioReader::from_memory(view).value();
  EXPECT_EQ(io::read_all(reader).value().frames(), 4'000u);

  const std::string folder = path_of("made") + "/";
  ASSERT_EQ(run_syrinx({"fx", a, b, "-o", folder, "--gain", "1", "--format", "flac"}).exit_code, 0);
  EXPECT_EQ(io::read_audio(folder + "a.flac").value().frames(), 4'000u);
  EXPECT_EQ(io::read_audio(folder + "b.flac").value().frames(), 5'000u);
  EXPECT_EQ(run_syrinx({"fx", a, b, "-o", path_of("one.wav"), "--gain", "1"}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"fx", a, a, "-o", folder, "--gain", "1"}).exit_code, 2);
}

TEST(FxStreams, AnInterruptLeavesTheOldFile) {
  const std::string in = write_file(noise(2, 48'000 * 60), io::SampleEncoding::kInt16);
  const std::string folder = path_of("stopped");
  std::filesystem::create_directory(folder);
  const std::string out = folder + "/out.wav";
  std::ofstream(out) << "old";
  support::Program program({"fx", in, "-o", out, "--reverb", "--warmth", "--excite", "--reverb",
                            "--warmth", "--excite", "--warmth", "--excite"});
  const auto begun = [&] {
    return std::distance(std::filesystem::directory_iterator(folder), {}) > 1;
  };
  for (int i = 0; i < 1'000 && !begun(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  program.signal(SIGINT);
  const Finished stopped = program.finish();
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
  EXPECT_EQ(std::filesystem::file_size(out), 3u);
}

TEST(FxStreams, SayWhenSamplesAreCutOffAndTheReportTellsWhatWasDone) {
  const std::string in = write_file(noise(1, 48'000), io::SampleEncoding::kInt16);
  const Finished done = run_syrinx(
      {"fx", in, "-o", path_of("loud.wav"), "--compress=-30,4", "--gain", "30", "--json"});
  EXPECT_NE(done.err.find("beyond full scale"), std::string::npos) << done.err;
  const json report = json::parse(done.out)["files"][0];
  EXPECT_GT(report["clipped_samples"], 1'000);
  EXPECT_NEAR(report["before"]["peak_dbfs"], 20 * std::log10(0.3), 0.05);
  EXPECT_LT(report["before"]["rms_dbfs"], report["before"]["peak_dbfs"]);
  EXPECT_GT(report["after"]["integrated_lufs"], report["before"]["integrated_lufs"]);
  // Noise of a peak of -10.5 dBFS, 19.5 dB above the threshold, of which 3/4 are taken off.
  EXPECT_NEAR(report["steps"][0]["gain_reduction_db"], 19.5 * 0.75, 0.5);
  EXPECT_EQ(report["written"]["encoding"], "int16");
  EXPECT_GT(report["seconds"], 0.0);
  const json list = json::parse(run_syrinx({"fx", "--list", "--json"}).out);
  EXPECT_GE(list["effects"].size(), 19u);
  EXPECT_EQ(list["presets"].size(), effects::presets().size());
}

TEST(FxWhole, NormalisesToPeakRmsAndLoudness) {
  const std::string in = write_file(noise(2, 96'000, 0.1f), io::SampleEncoding::kFloat32);
  EXPECT_NEAR(20 * std::log10(peak_of(shaped(in, {"--normalise", "peak:-1"}))), -1.0, 0.001);
  const AudioBuffer rms = shaped(in, {"--normalise", "rms:-20"});
  const double square = (energy_of(rms.channel(0)) + energy_of(rms.channel(1))) / (2 * 96'000);
  EXPECT_NEAR(10 * std::log10(square), -20.0, 0.001);
  const AudioBuffer loud = shaped(in, {"--normalise", "lufs:-16"});
  EXPECT_NEAR(measure::measure_loudness(loud)->integrated_lufs, -16.0, 0.02);
}

TEST(FxWhole, TrimsFadesAndDeclipsAsTheLibraryDoes) {
  AudioBuffer sound(1, 0, kRateHz);
  sound.append(AudioBuffer(1, 30'000, kRateHz));
  sound.append(noise(1, 50'000, 0.4f));
  sound.append(AudioBuffer(1, 40'000, kRateHz));
  const std::string in = write_file(sound, io::SampleEncoding::kFloat32);
  EXPECT_EQ(largest_difference(shaped(in, {"--trim"}), effects::trim_silence(sound).value()), 0.0);

  AudioBuffer faded = sound;
  ASSERT_TRUE(effects::fade_in(faded.view(), 0.9));
  ASSERT_TRUE(effects::fade_out(faded.view(), 1.3));
  EXPECT_EQ(largest_difference(shaped(in, {"--fade-in", "0.9", "--fade-out", "1.3"}), faded), 0.0);

  AudioBuffer clipped(1, 60'000, kRateHz);
  for (std::size_t i = 0; i < clipped.frames(); ++i)
    clipped.channel(0)[i] =
        std::clamp(static_cast<float>(std::sin(0.05 * static_cast<double>(i))), -0.6f, 0.6f);
  const std::string flat = write_file(clipped, io::SampleEncoding::kFloat32);
  AudioBuffer expected = clipped;
  ASSERT_TRUE(effects::declip(expected.view()));
  EXPECT_GT(peak_of(expected), 0.8);
  EXPECT_EQ(largest_difference(shaped(flat, {"--declip"}), expected), 0.0);
}

TEST(FxWhole, TailLengthensForTheReverberation) {
  const AudioBuffer out = shaped(noise_file(1, 24'000), {"--reverb=1.5", "--tail", "1"});
  ASSERT_EQ(out.frames(), 72'000u);
  EXPECT_GT(energy_of(out.channel(0).subspan(30'000, 5'000)), 1e-3);
}

TEST(FxSpace, MonoBecomesStereoWhereItMust) {
  const AudioBuffer left = shaped(noise_file(), {"--pan", "-1"});
  ASSERT_EQ(left.channels(), 2u);
  EXPECT_EQ(energy_of(left.channel(1)), 0.0);
  const AudioBuffer placed = shaped(noise_file(), {"--position", "80"});
  EXPECT_GT(energy_of(placed.channel(0)), 2 * energy_of(placed.channel(1)));
  const AudioBuffer both = shaped(noise_file(), {"--stereo", "--width", "0.5"});
  EXPECT_EQ(both.channels(), 2u);
}

TEST(FxSpace, AmbisonicsGoFromOneSoundToTwoEars) {
  const AudioBuffer field = shaped(noise_file(), {"--ambisonics", "encode:90,0,2"});
  EXPECT_EQ(field.channels(), 9u);
  const AudioBuffer stereo =
      shaped(noise_file(), {"--ambisonics", "encode:90,0", "--ambisonics", "decode:stereo"});
  EXPECT_GT(energy_of(stereo.channel(0)), 4 * energy_of(stereo.channel(1)));
  const AudioBuffer turned =
      shaped(noise_file(), {"--ambisonics", "encode:90,0,3", "--ambisonics", "rotate:180",
                            "--ambisonics", "decode:binaural"});
  EXPECT_GT(energy_of(turned.channel(1)), 2 * energy_of(turned.channel(0)));
  EXPECT_EQ(turned.frames(), 60'001u);
}

TEST(FxSpace, EarsOfASofaFileHearBoth) {
  SYRINX_NEED_DATA(kKemar);
  const AudioBuffer placed = shaped(noise_file(), {"--position", "80", "--sofa", kKemar});
  EXPECT_GT(energy_of(placed.channel(0)), 2 * energy_of(placed.channel(1)));
  const AudioBuffer sphere = shaped(noise_file(), {"--position", "80"});
  EXPECT_GT(largest_difference(placed, sphere), 0.05);
  const AudioBuffer field = shaped(noise_file(), {"--ambisonics", "encode:-80,0,3", "--ambisonics",
                                                  "decode:binaural", "--sofa", kKemar});
  EXPECT_GT(energy_of(field.channel(1)), 2 * energy_of(field.channel(0)));
}

TEST(FxSpace, WithoutLibmysofaASentenceSaysWhatIsMissing) {
  ASSERT_EQ(setenv("SYRINX_MYSOFA", "/nonexistent/libmysofa.so.1", 1), 0);
  const Finished refused = run_syrinx(
      {"fx", noise_file(1, 10), "-o", path_of("x.wav"), "--position", "80", "--sofa", kKemar});
  unsetenv("SYRINX_MYSOFA");
  EXPECT_EQ(refused.exit_code, 5);
  EXPECT_NE(refused.err.find("libmysofa1"), std::string::npos) << refused.err;
}

// A file of 24 bits through a chain that does nothing: what the program itself adds. A sine of
// 997 Hz at -1 dBFS for THD+N (AES17 asks for it), and one at -60 dBFS for the dynamic range.
double residual_db(double level_dbfs) {
  AudioBuffer tone(1, 48'000, kRateHz);
  const double amplitude = std::pow(10.0, level_dbfs / 20);
  const auto sine = [&](std::size_t i) {
    return amplitude * std::sin(2 * M_PI * 997.0 * static_cast<double>(i) / kRateHz);
  };
  for (std::size_t i = 0; i < tone.frames(); ++i) tone.channel(0)[i] = static_cast<float>(sine(i));
  const std::string in = write_file(tone, io::SampleEncoding::kInt24);
  const AudioBuffer out =
      shaped(in, {"--gain", "0", "--compress=0,1", "--eq", "peak:1000:0", "--limit=0"});
  EXPECT_EQ(io::AudioReader::open(path_of("out.wav")).value().info().encoding,
            io::SampleEncoding::kInt24);
  double squares = 0.0;
  for (std::size_t i = 0; i < out.frames(); ++i) {
    const double error = static_cast<double>(out.channel(0)[i]) - sine(i);
    squares += error * error;
  }
  // Relative to a full-scale sine.
  return 10 * std::log10(squares / static_cast<double>(out.frames()) / 0.5);
}

TEST(FxQuality, AnIdentityChainKeepsTwentyFourBits) {
  const double thd_plus_noise = 100 * std::pow(10.0, (residual_db(-1) + 1) / 20);
  EXPECT_LE(thd_plus_noise, 0.001);  // per cent
  EXPECT_GE(-residual_db(-60), 120.0);
  RecordProperty("thd_plus_noise_percent", std::to_string(thd_plus_noise));
  RecordProperty("dynamic_range_db", std::to_string(-residual_db(-60)));
}

// What comes in -> what comes out, for every effect and the steps in two passes.
TEST(FxBadInput, HasADefinedResult) {
  AudioBuffer broken = noise(1, 20'000);
  broken.channel(0)[100] = std::numeric_limits<float>::quiet_NaN();
  broken.channel(0)[101] = std::numeric_limits<float>::infinity();
  broken.channel(0)[102] = -std::numeric_limits<float>::infinity();
  const std::string raw = path_of("broken.wav");
  {
    // The writer refuses to store what is no number: the bytes are put there by hand.
    io::AudioWriteOptions options;
    options.encoding = io::SampleEncoding::kFloat32;
    AudioBuffer whole = noise(1, 20'000);
    ASSERT_TRUE(io::write_audio(raw, whole, options));
    std::fstream file(raw, std::ios::in | std::ios::out | std::ios::binary);
    const auto size = static_cast<std::streamoff>(std::filesystem::file_size(raw));
    file.seekp(size - (20'000 - 100) * 4);
    file.write(reinterpret_cast<const char*>(broken.channel(0).data() + 100), 12);
  }
  const std::string silence =
      write_file(AudioBuffer(1, 30'000, kRateHz), io::SampleEncoding::kInt16, "silence.wav");
  const std::string one = write_file(noise(1, 1), io::SampleEncoding::kInt16, "one.wav");
  const std::string none =
      write_file(AudioBuffer(1, 0, kRateHz), io::SampleEncoding::kInt16, "none.wav");
  const std::string slow =
      write_file(noise(1, 900, 0.3f, 1'000), io::SampleEncoding::kInt16, "slow.wav");
  const std::string many = write_file(noise(64, 500), io::SampleEncoding::kFloat32, "many.wav");
  const std::vector<std::vector<std::string>> steps = {
      {"--preset", "broadcast"},
      {"--preset", "telephone"},
      {"--reverb", "--delay"},
      {"--declip"},
      {"--trim"},
      {"--normalise", "peak:-1"},
      {"--normalise", "rms:-20"},
      {"--normalise", "lufs:-16"},
      {"--fade-in", "1"},
      {"--fade-out", "1"},
      {"--agc", "--gate", "--expand", "--excite", "--warmth"}};
  for (const auto& arguments : steps) {
    SCOPED_TRACE(arguments[0] + " " + arguments.back());
    const bool trims = arguments[0] == "--trim";
    const AudioBuffer repaired = shaped(raw, arguments);
    for (const float x : repaired.channel(0)) ASSERT_TRUE(std::isfinite(x));
    const AudioBuffer quiet = shaped(silence, arguments);
    EXPECT_EQ(peak_of(quiet), 0.0);
    EXPECT_EQ(quiet.frames(), trims ? 0u : 30'000u);
    EXPECT_EQ(shaped(one, arguments).frames(), 1u);
    EXPECT_EQ(shaped(none, arguments).frames(), 0u);
    if (arguments.back() == "lufs:-16") {  // BS.1770's filters need a higher rate: refused.
      const Finished refused =
          run_syrinx({"fx", slow, "-o", path_of("s.wav"), "--normalise", "lufs:-16"});
      EXPECT_EQ(refused.exit_code, 2);
      EXPECT_NE(refused.err.find("1000 Hz"), std::string::npos) << refused.err;
    } else {
      EXPECT_LE(shaped(slow, arguments).frames(), 900u);
    }
    EXPECT_EQ(shaped(many, arguments).channels(), 64u);
  }
  const Finished said = run_syrinx({"fx", raw, "-o", path_of("r.wav"), "--gain", "1"});
  EXPECT_NE(said.err.find("3 samples were not numbers"), std::string::npos) << said.err;
}

TEST(FxBadInput, AnImpulseOfAnotherRateIsBroughtToTheSounds) {
  AudioBuffer click(1, 400, 16'000);
  click.channel(0)[0] = 1.0f;
  const std::string impulse = write_file(click, io::SampleEncoding::kFloat32, "click.wav");
  const std::string in = noise_file(2, 9'000);
  const AudioBuffer out = shaped(in, {"--convolve", impulse + ",mix=0"});
  EXPECT_EQ(largest_difference(out, io::read_audio(in).value()), 0.0);
  EXPECT_EQ(shaped(in, {"--convolve", impulse}).frames(), 9'000u);
}

}  // namespace
}  // namespace syrinx
