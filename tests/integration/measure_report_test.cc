// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <string>
#include <vector>

#include "support/need_onnx.h"
#include "support/test_data.h"
#include "syrinx/syrinx.h"

// The report of a sound as a program gets it that includes <syrinx/syrinx.h> and nothing else.
namespace syrinx::measure {
namespace {

AudioBuffer read(const std::string& path) {
  return io::read_audio(support::data_path(path)).value();
}

double value_of(const SoundReport& report, std::string_view group, std::string_view name) {
  for (const Figure& figure : report.figures) {
    if (figure.group == group && figure.name == name) return figure.value;
  }
  for (const MissingFigure& missing : report.missing)
    ADD_FAILURE() << missing.name << ": " << missing.reason;
  return std::nan("");
}

SoundReportOptions only(std::string_view groups) {
  SoundReportOptions options;
  options.groups = report_groups(groups).value();
  return options;
}

// Finds the models among the test data for as long as it lives.
class TestModels {
 public:
  TestModels() { setenv("SYRINX_MODELS", support::data_path("models").c_str(), 1); }
  ~TestModels() { unsetenv("SYRINX_MODELS"); }
  TestModels(const TestModels&) = delete;
  TestModels& operator=(const TestModels&) = delete;
};

AudioBuffer tone(double hz, double amplitude, double clip) {
  AudioBuffer audio(1, 96'000, 48'000);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double turns = hz * static_cast<double>(i) / 48'000.0;
    const double sample = amplitude * std::sin(2.0 * std::numbers::pi * turns);
    audio.channel(0)[i] = static_cast<float>(std::clamp(sample, -clip, clip));
  }
  return audio;
}

// Bounds that any clean recording of a voice keeps; the figures' own tests hold the values.
TEST(MeasureReport, OfSpeechHasEveryGroup) {
  SYRINX_NEED_DATA("speech/ljspeech/LJ001-0001.flac");
  const auto report = report_sound(read("speech/ljspeech/LJ001-0001.flac"),
                                   only("level,loudness,speech,spectrum,voice,psychoacoustics,"
                                        "artifacts"))
                          .value();
  EXPECT_GT(value_of(report, "voice", "formant_1"), 200.0);
  EXPECT_LT(value_of(report, "voice", "formant_1"), value_of(report, "voice", "formant_2"));
  EXPECT_GT(value_of(report, "voice", "jitter"), 0.2);
  EXPECT_LT(value_of(report, "voice", "jitter"), 5.0);
  EXPECT_GT(value_of(report, "voice", "hnr"), 3.0);
  EXPECT_GT(value_of(report, "speech", "snr_wada"), 10.0);
  EXPECT_GT(value_of(report, "spectrum", "harmonics_low"),
            value_of(report, "spectrum", "harmonics_high"));
  EXPECT_LT(value_of(report, "spectrum", "tilt"), 0.0);
  EXPECT_GT(value_of(report, "psychoacoustics", "loudness_n5"), 1.0);
  EXPECT_GT(value_of(report, "psychoacoustics", "sharpness"), 0.5);
  EXPECT_TRUE(std::any_of(report.missing.begin(), report.missing.end(), [](const auto& m) {
    return m.name == "distortion" && m.reason.find("no steady tone") != std::string::npos;
  }));
}

// A sine clipped at half its height: of its power, by integration over a quarter turn up to the
// clip at pi / 6 and beyond, what is not the fundamental is 12.66 dB below it. Harmonics beyond the
// 20th and aliases may make 0.05 dB.
TEST(MeasureReport, OfAToneHasItsDistortion) {
  const auto clean = report_sound(tone(997.0, 0.5, 1.0), only("spectrum")).value();
  EXPECT_NEAR(value_of(clean, "spectrum", "tone"), 997.0, 0.01);
  EXPECT_LT(value_of(clean, "spectrum", "thd_n"), -130.0);
  const auto clipped = report_sound(tone(997.0, 0.5, 0.25), only("spectrum")).value();
  const double turn = std::numbers::pi / 6.0;
  const double fundamental = 2.0 / std::numbers::pi * (turn + 0.5 * std::cos(turn));
  const double all =
      2.0 / std::numbers::pi * (0.5 * turn - 0.25 * std::sin(2.0 * turn) + 0.25 * 2.0 * turn);
  const double rest_over_tone = all / (0.5 * fundamental * fundamental) - 1.0;
  EXPECT_NEAR(value_of(clipped, "spectrum", "thd"), 10.0 * std::log10(rest_over_tone), 0.05);
}

// 1 kHz at 60 dB SPL, said by the calibration: 4 sone, 60 phon, by definition.
TEST(MeasureReport, PsychoacousticsFollowTheCalibration) {
  auto options = only("psychoacoustics");
  options.calibration.full_scale_db_spl = 80.0;
  const auto report = report_sound(tone(1'000.0, 0.1, 1.0), options).value();
  EXPECT_EQ(value_of(report, "psychoacoustics", "full_scale"), 80.0);
  EXPECT_NEAR(value_of(report, "psychoacoustics", "stationary_loudness"), 4.0, 0.2);
  EXPECT_NEAR(value_of(report, "psychoacoustics", "loudness_level"), 60.0, 1.0);
}

TEST(MeasureReport, AgainstAReferenceHasTheDistanceOfThePitch) {
  SYRINX_NEED_DATA("golden/metrics/3_ref.flac");
  const auto reference = read("golden/metrics/3_ref.flac");
  const auto same = report_sound(reference, reference, only("level")).value();
  EXPECT_EQ(value_of(same, "reference", "f0_rmse"), 0.0);
  EXPECT_EQ(value_of(same, "reference", "voicing_error"), 0.0);
  EXPECT_NEAR(value_of(same, "reference", "f0_correlation"), 1.0, 1e-9);
  EXPECT_NEAR(same.quality[QualityAspect::kSourcePreservation].value(), 1.0, 1e-3);
  const auto other = report_sound(read("golden/metrics/3_deg.flac"), reference, only("level"));
  EXPECT_GT(value_of(other.value(), "reference", "f0_rmse_cents"), 0.0);
}

// The scores are those that the models' own tests hold, of the same files (5e-4, as there).
TEST(MeasureReport, OpinionsAreThoseOfTheModels) {
  SYRINX_NEED_DATA("models/plcmos/example/plc_poor.wav");
  SYRINX_NEED_ONNX();
  const TestModels models;
  const auto report =
      report_sound(read("models/plcmos/example/plc_poor.wav"), only("opinion")).value();
  EXPECT_NEAR(value_of(report, "opinion", "plcmos"), 2.7408, 5e-4);
  EXPECT_NEAR(value_of(report, "opinion", "dnsmos_overall"), 3.05654, 5e-4);
  EXPECT_NEAR(report.quality[QualityAspect::kPredictedMos].value(), 3.05654, 5e-4);
  auto targets = QualityTargets::create().value();
  EXPECT_TRUE(targets.add(report.quality));
  EXPECT_EQ(targets.state()[QualityAspect::kPredictedMos].verdict, QualityVerdict::kGood);
}

TEST(MeasureReport, AnEchoCancellerIsJudgedByWhatWasPlayedAndHeard) {
  const std::string file = "media/aec/9mkQhVtzTEy2hDk-6u2Sww_farend_singletalk";
  SYRINX_NEED_DATA(file + "_lpb.wav");
  SYRINX_NEED_ONNX();
  const TestModels models;
  const auto loudspeaker = read(file + "_lpb.wav");
  const auto microphone = read(file + "_mic.wav");
  auto options = only("opinion");
  options.echo = EchoScene{loudspeaker, microphone, TalkScenario::kFarEndOnly};
  const auto report = report_sound(microphone, options).value();
  EXPECT_NEAR(value_of(report, "opinion", "aecmos_echo"), 1.92216, 5e-4);
  EXPECT_NEAR(value_of(report, "opinion", "aecmos_degradation"), 5.0, 5e-4);
}

TEST(MeasureReport, ModelsThatAreNotThereAreNamedAndNothingElseIsMissing) {
  setenv("SYRINX_MODELS", "/nowhere", 1);
  const auto report = report_sound(tone(200.0, 0.5, 1.0), only("opinion,level")).value();
  unsetenv("SYRINX_MODELS");
  ASSERT_EQ(report.missing.size(), 2u);
  EXPECT_NE(report.missing[0].reason.find("/nowhere/dnsmos"), std::string::npos);
  EXPECT_NE(report.missing[1].reason.find("/nowhere/plcmos"), std::string::npos);
}

TEST(MeasureReport, ACallIsRatedByItsCodecDelayAndLoss) {
  const auto rating = rate(call_over("g711-plc", 100.0, 2.0).value()).value();
  EXPECT_NEAR(rating.mos, 4.16, 0.0105);
}

}  // namespace
}  // namespace syrinx::measure
