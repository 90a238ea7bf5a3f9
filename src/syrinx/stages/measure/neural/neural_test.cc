// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numbers>

#include "support/need_onnx.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/stages/measure/neural/aecmos.h"
#include "syrinx/stages/measure/neural/dnsmos.h"
#include "syrinx/stages/measure/neural/neural_models.h"
#include "syrinx/stages/measure/neural/plcmos.h"

namespace syrinx::measure {
namespace {

constexpr const char* kP835 = "models/dnsmos/sig_bak_ovr.onnx";
constexpr const char* kP808 = "models/dnsmos/model_v8.onnx";
constexpr const char* kPlcmos = "models/plcmos/plcmos_v2.onnx";
constexpr std::size_t kOneWindow = 145'000;  // Of DNSMOS, without repeating.
constexpr const char* kAecmos = "models/aecmos/Run_1663829550_Stage_0.onnx";

Result<Dnsmos> load_dnsmos() {
  return Dnsmos::load({support::data_path(kP835), support::data_path(kP808)});
}
Result<Plcmos> load_plcmos() { return Plcmos::load(support::data_path(kPlcmos)); }
Result<Aecmos> load_aecmos() {
  return Aecmos::load(support::data_path(kAecmos), AecmosModel::k16kHzAnyScenario);
}

// A tone that comes and goes four times a second.
AudioBuffer beats(std::size_t frames, int rate_hz = 16'000, std::size_t channels = 1) {
  AudioBuffer audio(channels, frames, rate_hz);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < frames; ++i) {
      const double t = static_cast<double>(i) / rate_hz * 2.0 * std::numbers::pi;
      audio.channel(c)[i] =
          static_cast<float>(0.2 * std::sin(440.0 * t) * (0.5 - 0.5 * std::cos(4.0 * t)));
    }
  }
  return audio;
}

TEST(FindModel, LooksUnderTheFolderThatIsSetAndSaysWhatToDo) {
  const auto folder = support::scratch_dir();
  std::filesystem::create_directories(folder / "dnsmos");
  std::ofstream(folder / "dnsmos/model_v8.onnx") << "x";
  setenv("SYRINX_MODELS", folder.c_str(), 1);
  EXPECT_EQ(find_model("dnsmos/model_v8.onnx").value(), folder / "dnsmos/model_v8.onnx");
  const auto missing = find_model("plcmos/plcmos_v2.onnx");
  unsetenv("SYRINX_MODELS");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.find("set SYRINX_MODELS"), std::string::npos);
}

TEST(Dnsmos, ScoresSilenceAndOneSampleWithinTheScale) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kP835);
  const auto dnsmos = load_dnsmos();
  ASSERT_TRUE(dnsmos.has_value()) << dnsmos.error().message;
  AudioBuffer one(1, 1, 16'000);
  one.channel(0)[0] = 0.5f;
  for (const AudioBuffer& audio : {AudioBuffer(1, kOneWindow, 16'000), one}) {
    const auto scores = dnsmos->score(audio);
    ASSERT_TRUE(scores.has_value()) << scores.error().message;
    for (const double mos :
         {scores->signal, scores->background, scores->overall, scores->p808.value()}) {
      EXPECT_GE(mos, 0.5);
      EXPECT_LE(mos, 5.0);
    }
  }
}

TEST(Dnsmos, ScoresShortSoundsAsIfRepeated) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kP835);
  const auto dnsmos = load_dnsmos();
  ASSERT_TRUE(dnsmos.has_value());
  const AudioBuffer once = beats(40'000);
  AudioBuffer twice = once;
  twice.append(once);
  const auto a = dnsmos->score(once).value();
  const auto b = dnsmos->score(twice).value();
  EXPECT_EQ(a.overall, b.overall);
  EXPECT_EQ(a.windows, 1u);  // Doubled to 10 s, which the published count takes as one window.
}

TEST(Dnsmos, WorksWithoutTheP808Model) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kP835);
  const auto both = load_dnsmos();
  const auto one = Dnsmos::load({support::data_path(kP835), {}});
  ASSERT_TRUE(both.has_value() && one.has_value());
  const auto scores = one->score(beats(kOneWindow)).value();
  EXPECT_FALSE(scores.p808.has_value());
  EXPECT_EQ(scores.overall, both->score(beats(kOneWindow))->overall);
}

TEST(Dnsmos, ResamplesOtherRates) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kP835);
  const auto dnsmos = load_dnsmos();
  ASSERT_TRUE(dnsmos.has_value());
  const AudioBuffer fast = beats(3 * kOneWindow, 48'000);
  const auto given = dnsmos->score(fast).value();
  const auto resampled = dnsmos->score(dsp::resample(fast, 16'000).value()).value();
  EXPECT_EQ(given.overall, resampled.overall);
}

// No samples, 64 channels, and samples that are no numbers.
TEST(OpinionModels, RefuseWhatTheyCannotScore) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kP835);
  SYRINX_NEED_DATA(kPlcmos);
  SYRINX_NEED_DATA(kAecmos);
  const auto dnsmos = load_dnsmos().value();
  const auto plcmos = load_plcmos().value();
  const auto aecmos = load_aecmos().value();
  AudioBuffer broken = beats(1'000);
  broken.channel(0)[500] = std::numeric_limits<float>::quiet_NaN();
  const AudioBuffer good = beats(1'000);
  for (const AudioBuffer& bad : {AudioBuffer(), beats(1'000, 16'000, 64), broken}) {
    EXPECT_EQ(dnsmos.score(bad).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(plcmos.score(bad).error().code, ErrorCode::kInvalidArgument);
    const auto scene = TalkScenario::kDoubleTalk;
    EXPECT_EQ(aecmos.score(bad, good, good, scene).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(aecmos.score(good, good, bad, scene).error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(OpinionModels, RefuseEachOthersFiles) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kP835);
  SYRINX_NEED_DATA(kPlcmos);
  const auto plcmos = support::data_path(kPlcmos);
  EXPECT_EQ(Dnsmos::load({plcmos, {}}).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(Dnsmos::load({support::data_path(kP835), plcmos}).error().code,
            ErrorCode::kUnsupported);
  EXPECT_EQ(Plcmos::load(support::data_path(kP835)).error().code, ErrorCode::kUnsupported);
  const auto other_rate = Aecmos::load(support::data_path(kAecmos), AecmosModel::k48kHz);
  EXPECT_EQ(other_rate.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(other_rate.error().message.find("[4, 1, 96]"), std::string::npos);
}

TEST(Plcmos, ScoresSilenceWithinTheScaleFrom96Ms) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kPlcmos);
  const auto plcmos = load_plcmos();
  ASSERT_TRUE(plcmos.has_value());
  for (const std::size_t frames : {std::size_t{1'536}, std::size_t{16'000}}) {
    const auto mos = plcmos->score(AudioBuffer(1, frames, 16'000));
    ASSERT_TRUE(mos.has_value()) << mos.error().message;
    EXPECT_GE(*mos, 1.0);
    EXPECT_LE(*mos, 5.0);
  }
  for (const std::size_t frames : {std::size_t{1}, std::size_t{1'535}}) {
    const auto mos = plcmos->score(AudioBuffer(1, frames, 16'000));
    ASSERT_FALSE(mos.has_value());
    EXPECT_EQ(mos.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(Aecmos, CutsToTheShortestAndToTwentySeconds) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kAecmos);
  const auto aecmos = load_aecmos();
  ASSERT_TRUE(aecmos.has_value());
  const AudioBuffer whole = beats(16'000 * 22);
  const AudioView most = whole.view().slice(0, 16'000 * 20);
  const auto scene = TalkScenario::kDoubleTalk;
  const auto all = aecmos->score(whole, whole, whole, scene).value();
  const auto cut = aecmos->score(most, whole, most, scene).value();
  EXPECT_EQ(all.echo, cut.echo);
  EXPECT_EQ(all.degradation, cut.degradation);
  EXPECT_TRUE(std::isfinite(aecmos->score(whole.view().slice(0, 1), whole, whole, scene)->echo));
}

}  // namespace
}  // namespace syrinx::measure
