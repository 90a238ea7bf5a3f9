// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/mel_convention.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/npy.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/mel_analysis.h"

namespace syrinx::vocoder {
namespace {

std::vector<float> golden(const char* name) {
  return support::read_npy(support::data_path("golden/mel") / name).value().values;
}

TEST(MelConvention, TellsTheUnitsOfPublishedRecipesApart) {
  SYRINX_NEED_DATA("golden/mel");
  const auto hifigan = golden("hifigan_22050_80.npy");
  EXPECT_EQ(look_at_mel(hifigan).unit, MelUnit::kNatural);
  EXPECT_FALSE(look_at_mel(hifigan).unit_height);
  EXPECT_EQ(look_at_mel(golden("bigvgan_24000_100.npy")).unit, MelUnit::kNatural);
  EXPECT_EQ(look_at_mel(golden("diffwave_22050_80.npy")).unit, MelUnit::kUnit);
  const MelLook vocos = look_at_mel(golden("vocos_24000_100.npy"));
  EXPECT_EQ(vocos.unit, MelUnit::kNatural);
  EXPECT_TRUE(vocos.unit_height);

  const auto remade = [&](auto formula) {
    std::vector<float> values;
    for (const float v : hifigan)
      values.push_back(static_cast<float>(formula(std::exp(double{v}))));
    return look_at_mel(values).unit;
  };
  const auto unit = [](double a) { return (20 * std::log10(a) - 20 + 100) / 100; };
  EXPECT_EQ(remade([](double a) { return 20 * std::log10(a); }), MelUnit::kDecibel);
  EXPECT_EQ(remade([](double a) { return std::log10(a); }), MelUnit::kLog10);
  EXPECT_EQ(remade([](double a) { return std::log10(std::max(a, 1e-3) - 1e-3 + 1e-10); }),
            MelUnit::kLog10);  // Clamped as Parallel WaveGAN does.
  EXPECT_EQ(remade([](double a) { return a; }), MelUnit::kLinear);
  EXPECT_EQ(remade([&](double a) { return std::clamp(unit(a), 0.0, 1.0); }), MelUnit::kUnit);
  EXPECT_EQ(remade([&](double a) { return std::clamp(unit(a) * 8 - 4, -4.0, 4.0); }),
            MelUnit::kTacotron);
}

TEST(MelConvention, ConvertsUnitsBackToWhatTheyWere) {
  const MelSpec spec = dsp::hifigan_22050_80();
  for (const double natural : {-11.0, -5.0, 0.5}) {
    const double a = std::exp(natural);
    const double db = 20 * std::log10(a);
    const double unit = (db - 20 + 100) / 100;
    const auto value = [&](double v, MelUnit from) {
      return convert_mel_value(static_cast<float>(v), from, spec);
    };
    EXPECT_NEAR(value(db, MelUnit::kDecibel), natural, 1e-4);
    EXPECT_NEAR(value(std::log10(a), MelUnit::kLog10), natural, 1e-4);
    EXPECT_NEAR(value(unit, MelUnit::kUnit), natural, 1e-4);
    EXPECT_NEAR(value(unit * 8 - 4, MelUnit::kTacotron), natural, 1e-4);
    EXPECT_NEAR(value(a, MelUnit::kLinear), natural, 1e-4);
  }
}

TEST(MelConvention, BelievesThatAMelIsWhatTheModelTakesWhereItCouldBe) {
  SYRINX_NEED_DATA("golden/mel");
  const auto natural = golden("hifigan_22050_80.npy");
  std::vector<float> quiet;  // Log10, 20 dB below the recording: some lie under -5.
  for (const float v : natural)
    quiet.push_back(std::max(v / std::log(10.0F), -4.9F + 0.01F * v) - 1.0F);
  EXPECT_EQ(look_at_mel(quiet).unit, MelUnit::kNatural);
  EXPECT_EQ(look_at_mel(quiet, MelUnit::kLog10).unit, MelUnit::kLog10);
  EXPECT_EQ(look_at_mel(natural, MelUnit::kLog10).unit, MelUnit::kNatural);
}

TEST(MelConvention, ConvertsToLog10WhatAMelganTakes) {
  const MelSpec spec = mel_spec_by_name("melgan").value();
  EXPECT_EQ(unit_of(spec), MelUnit::kLog10);
  const auto value = [&](double v, MelUnit from) {
    return convert_mel_value(static_cast<float>(v), from, spec);
  };
  EXPECT_NEAR(value(std::log(0.01), MelUnit::kNatural), -2.0, 1e-6);
  EXPECT_NEAR(value(-40.0, MelUnit::kDecibel), -2.0, 1e-6);
  EXPECT_NEAR(value(0.01, MelUnit::kLinear), -2.0, 1e-6);
  EXPECT_NEAR(value(0.0, MelUnit::kLinear), -5.0, 1e-6);
  EXPECT_EQ(unit_of(mel_spec_by_name("parallel-wavegan").value()), MelUnit::kLog10);
}

TEST(MelConvention, TellsNormalisedMelsFromLogarithms) {
  SYRINX_NEED_DATA("golden/mel");
  auto values = golden("hifigan_22050_80.npy");
  EXPECT_FALSE(looks_normalised(values));
  for (const char* const other : {"vocos_24000_100.npy", "diffwave_22050_80.npy"})
    EXPECT_FALSE(looks_normalised(golden(other))) << other;
  double mean = 0, square = 0;
  for (const float v : values) mean += double{v} / static_cast<double>(values.size());
  for (const float v : values)
    square += std::pow(double{v} - mean, 2) / static_cast<double>(values.size());
  for (float& v : values) v = static_cast<float>((double{v} - mean) / std::sqrt(square));
  EXPECT_TRUE(looks_normalised(values));
  EXPECT_FALSE(looks_normalised({}));
}

TEST(MelConvention, OtherTrianglesBecomeNearlyWhatTheModelsOwnWouldSee) {
  SYRINX_NEED_DATA("golden/mel");
  const auto samples = golden("input_22050.npy");
  const MelSpec to = dsp::hifigan_22050_80();
  MelSpec from = to;
  from.scale = MelScale::kHtk;
  from.norm = MelNorm::kNone;
  from.min_hz = 20;
  from.max_hz = 11'025;
  const AudioView sound(samples, 22'050);
  const Mel other = dsp::analyse_mel(sound, from).value();
  const Mel own = dsp::analyse_mel(sound, to).value();
  const auto converted = convert_mel(other, to);
  ASSERT_TRUE(converted) << converted.error().message;
  double before = 0;
  double after = 0;
  for (std::size_t i = 0; i < own.values().size(); ++i) {
    before += std::abs(double{other.values()[i]} - double{own.values()[i]});
    after += std::abs(double{converted->values()[i]} - double{own.values()[i]});
  }
  const auto n = static_cast<double>(own.values().size());
  EXPECT_GT(before / n, 2.0);  // ln units: taken for the other, it would be noise.
  EXPECT_LT(after / n, 0.35);  // 3 dB.
}

TEST(MelConvention, RefusesMelsOfAnotherHop) {
  const Mel other(dsp::vocos_24000_100(), 3);
  const auto converted = convert_mel(other, dsp::hifigan_22050_80());
  ASSERT_FALSE(converted);
  EXPECT_EQ(converted.error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace syrinx::vocoder
