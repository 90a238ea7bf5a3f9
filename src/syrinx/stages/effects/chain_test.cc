// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/chain.h"

#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/kernels.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/effects/effect_test_support.h"

namespace syrinx::effects {
namespace {

constexpr Format kStereo{kTestRateHz, 2, std::size_t{1} << 20};

EffectSpec spec_of(std::string name, std::map<std::string, double> parameters = {}) {
  EffectSpec spec;
  spec.effect = std::move(name);
  spec.parameters = std::move(parameters);
  return spec;
}

// Every effect that can be set to change nothing, set so.
ChainSpec identity() {
  return {{spec_of("gain"), spec_of("eq", {{"band1.type", 1}, {"band2.type", 2}}),
           spec_of("presence", {{"amount_db", 0}}), spec_of("compressor", {{"ratio", 1}}),
           spec_of("deesser", {{"threshold_db", 0}}), spec_of("expander", {{"ratio", 1}}),
           spec_of("exciter", {{"amount", 0}}), spec_of("delay", {{"mix", 0}}), spec_of("width"),
           spec_of("mid_side"), spec_of("pan"), spec_of("limiter", {{"ceiling_dbtp", 0}})}};
}

AudioBuffer through(const ChainSpec& spec, const AudioBuffer& audio, std::size_t block) {
  auto chain = Chain::create(spec, kStereo).value();
  AudioBuffer out(audio);
  for (std::size_t at = 0; at < out.frames(); at += block)
    chain.process(out.view().slice(at, std::min(block, out.frames() - at)));
  return out;
}

// What is left when the best sine is taken from a tone, against the tone, in percent.
double thd_plus_noise_percent(std::span<const float> x, double hz) {
  const auto found = amplitude(x, hz);
  double rest = 0.0;
  double all = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double fitted =
        (found * std::polar(1.0, 2 * std::numbers::pi * hz * double(i) / kTestRateHz)).real();
    rest += (double(x[i]) - fitted) * (double(x[i]) - fitted);
    all += double(x[i]) * double(x[i]);
  }
  return 100 * std::sqrt(rest / all);
}

TEST(Chain, AtIdentityAddsNoDistortionAndNoNoise) {
  const AudioBuffer given = tone(1'000, 0.5, 96'000, 2);
  const AudioBuffer out = apply(identity(), given.view()).value();
  EXPECT_LE(thd_plus_noise_percent(out.channel(0).subspan(24'000, 48'000), 1'000), 0.001);
  EXPECT_TRUE(same(out, given));  // Indeed every bit.
}

// The dynamic range of AES17: noise beside a tone at -60 dBFS, through 24 bits with dither.
TEST(Chain, HasADynamicRangeOf120DbAt24Bits) {
  AudioBuffer audio = tone(997, 0.001, 96'000, 2);
  std::vector<std::uint8_t> bytes(3 * 96'000);
  dsp::Dither dither;
  const auto round = [&](std::span<float> x) {
    dsp::kernels().float_to_int24(bytes.data(), x.data(), x.size(), &dither);
    dsp::kernels().int24_to_float(x.data(), bytes.data(), x.size());
  };
  round(audio.channel(0));
  AudioBuffer out = apply(identity(), audio.view()).value();
  round(out.channel(0));
  const auto x = out.channel(0).subspan(24'000, 48'000);  // Whole periods.
  const double noise_db = decibels(thd_plus_noise_percent(x, 997) / 100) - 60;
  EXPECT_LE(noise_db, -120);
}

TEST(Chain, GivesTheSameOutputForAnyBlockSize) {
  for (const Preset& one : presets()) {
    ChainSpec spec = one.make();
    spec.effects[0].mix = 0.5;
    spec.effects[1].automation["threshold_db"] = {{0.0, -40.0}, {0.2, -10.0}};
    if (one.name == "warm") spec.effects[1].automation = {{"drive", {{0.0, 0.1}, {0.2, 1.0}}}};
    const AudioBuffer given = noise(2, 12'000);
    const AudioBuffer whole = through(spec, given, 12'000);
    for (const std::size_t block : {1u, 7u, 64u})
      EXPECT_TRUE(same(through(spec, given, block), whole)) << one.name;
  }
}

TEST(Chain, IsSafeInRealTime) {
  auto chain = Chain::create(preset("podcast").value(), kStereo).value();
  AudioBuffer audio = noise(2, 4'800);
  EXPECT_REALTIME_SAFE({
    chain.process(audio.view());
    chain.set_bypass(1, true);
    chain.set_mix(2, 0.3);
    chain.set_parameter(0, 1, 200.0);
    chain.process(audio.view());
    chain.reset();
  });
}

TEST(Chain, KeepsDryAndWetInTimeWhateverTheLatency) {
  ChainSpec spec{{spec_of("limiter", {{"ceiling_dbtp", 0}})}};
  spec.effects[0].mix = 0.5;
  const AudioBuffer given = noise(2, 9'600, 1, 0.3f);
  const AudioBuffer mixed = apply(spec, given.view()).value();
  for (std::size_t i = 0; i < 9'600; ++i)
    ASSERT_NEAR(mixed.channel(0)[i], given.channel(0)[i], 1e-7);
  spec.effects[0].bypass = true;
  EXPECT_TRUE(same(apply(spec, given.view()).value(), given));
}

TEST(Chain, BypassesWithoutAClick) {
  auto chain = Chain::create({{spec_of("gain", {{"gain_db", -40}})}}, kStereo).value();
  AudioBuffer audio = constant(0.5f, 9'600, 2);
  chain.process(audio.view().slice(0, 4'800));
  chain.set_bypass(0, true);
  chain.process(audio.view().slice(4'800, 4'800));
  EXPECT_NEAR(audio.channel(0)[4'799], 0.005, 1e-6);
  EXPECT_EQ(audio.channel(0)[9'599], 0.5f);
  for (std::size_t i = 1; i < 9'600; ++i)
    EXPECT_LT(std::abs(audio.channel(0)[i] - audio.channel(0)[i - 1]), 0.001f);
}

TEST(Chain, FollowsAutomationInLinesExponentialsAndSteps) {
  ChainSpec spec{{spec_of("gain")}};
  spec.effects[0].automation["gain_db"] = {{0.0, 0.0, Curve::kLinear},
                                           {0.1, -20.0, Curve::kExponential},
                                           {0.2, -5.0, Curve::kStep},
                                           {0.3, 6.0, Curve::kLinear}};
  const AudioBuffer out = apply(spec, constant(0.1f, 24'000).view()).value();
  const auto db = [&](double s) {
    return decibels(double(out.channel(0)[std::size_t(std::lround(s * 48'000))]) / 0.1);
  };
  EXPECT_NEAR(db(0.05), -10, 0.15);  // A cell of 0.7 ms is 0.13 dB of this line.
  EXPECT_NEAR(db(0.15), -10, 0.15);  // Halfway between -20 and -5 by factors.
  EXPECT_NEAR(db(0.25), -5, 0.001);
  EXPECT_NEAR(db(0.31), 6, 0.001);
}

TEST(Chain, TelephoneKeepsItsBandAndNothingElse) {
  const auto gain = [](double hz) {
    ChainSpec spec = preset("telephone").value();
    spec.effects.resize(1);
    const AudioBuffer out = apply(spec, tone(hz, 0.1, 48'000).view()).value();
    return decibels(std::abs(amplitude(out.channel(0).subspan(24'000), hz)) / 0.1);
  };
  EXPECT_NEAR(gain(1'000), 0, 0.2);
  EXPECT_GT(gain(400), -3);
  EXPECT_GT(gain(3'000), -3);
  EXPECT_LT(gain(100), -40);
  EXPECT_LT(gain(8'000), -40);
}

TEST(Chain, PresetsKeepSpeechUnderTheirCeiling) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  const auto speech = io::read_audio(support::data_path("speech/jfk.flac"));
  ASSERT_TRUE(speech);
  for (const Preset& one : presets()) {
    const auto out = apply(one.make(), speech->view());
    ASSERT_TRUE(out) << one.name;
    EXPECT_GT(peak_of(out->channel(0)), 0.1) << one.name;
    EXPECT_LE(decibels(peak_of(out->channel(0))), -1.0) << one.name;
  }
  EXPECT_EQ(preset("cinema").error().code, ErrorCode::kNotFound);
}

TEST(Chain, WithoutEffectsPassesTheSoundButNotDamage) {
  auto chain = Chain::create({}, kStereo).value();
  AudioBuffer audio = noise(2, 100);
  audio.channel(1)[7] = std::numeric_limits<float>::quiet_NaN();
  chain.process(audio.view());
  EXPECT_EQ(audio.channel(1)[7], 0.0f);
  EXPECT_EQ(chain.bad_samples(), 1u);
}

TEST(ChainSpec, NamesThePlaceOfTheFirstMistake) {
  const auto message = [](const ChainSpec& spec) {
    const auto result = validate(spec);
    return result ? std::string() : result.error().message;
  };
  ChainSpec spec{{spec_of("gain"), spec_of("compressor")}};
  EXPECT_EQ(message(spec), "");
  spec.effects[1].parameters["ratio"] = 0.5;
  EXPECT_EQ(message(spec).rfind("effects[1].parameters.ratio: ", 0), 0u);
  spec.effects[1].parameters = {{"speed", 1}};
  EXPECT_EQ(message(spec).rfind("effects[1].parameters.speed: ", 0), 0u);
  spec.effects[1] = spec_of("compresor");
  EXPECT_EQ(message(spec).rfind("effects[1].effect: ", 0), 0u);
  spec.effects[1] = spec_of("compressor");
  spec.effects[1].mix = 1.5;
  EXPECT_EQ(message(spec).rfind("effects[1].mix: ", 0), 0u);
  spec.effects[1].mix = 1;
  spec.effects[1].automation["ratio"] = {{1, 2}, {0.5, 3}};
  EXPECT_EQ(message(spec).rfind("effects[1].automation.ratio[1].time_s: ", 0), 0u);
  spec.effects[1].automation = {{"lookahead_ms", {{0, 2}}}};
  EXPECT_EQ(message(spec).rfind("effects[1].automation.lookahead_ms: ", 0), 0u);
  spec.effects[1].automation = {{"knee_db", {{0, 0, Curve::kExponential}, {1, 2}}}};
  EXPECT_EQ(message(spec).rfind("effects[1].automation.knee_db[0].curve: ", 0), 0u);
  spec.effects[1] = spec_of("convolution");
  EXPECT_EQ(message(spec).rfind("effects[1].impulse: ", 0), 0u);
  spec.effects.assign(65, spec_of("gain"));
  EXPECT_EQ(validate(spec).error().code, ErrorCode::kLimitExceeded);
}

TEST(Chain, ReadsImpulseFilesAndSaysWhichIsMissing) {
  const auto path = support::scratch_dir() / "room.wav";
  AudioBuffer impulse(1, 100, kTestRateHz);
  impulse.channel(0)[50] = 0.5f;
  ASSERT_TRUE(io::write_audio(path, impulse.view()));
  ChainSpec spec{{spec_of("convolution")}};
  spec.effects[0].impulse = path;
  AudioBuffer given(1, 1'000, kTestRateHz);
  given.channel(0)[0] = 1.0f;
  EXPECT_NEAR(apply(spec, given.view()).value().channel(0)[50], 0.5, 1e-4);
  spec.effects[0].impulse = path.parent_path() / "missing.wav";
  const auto missing = apply(spec, given.view());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(missing.error().message.rfind("effects[0]: ", 0), 0u);
}

TEST(LiveChain, ChangesWithoutAClickOrAGap) {
  auto live = LiveChain::create({{spec_of("gain")}}, kStereo, 600).value();
  EXPECT_EQ(live->latency_samples(), 600u);
  AudioBuffer audio = tone(100, 0.5, 48'000, 2);
  live->process(audio.view().slice(0, 12'000));
  ASSERT_TRUE(live->change({{spec_of("limiter"), spec_of("gain", {{"gain_db", -20}})}}));
  EXPECT_EQ(live->change({}).error().code, ErrorCode::kUnavailable);
  live->process(audio.view().slice(12'000, 36'000));
  EXPECT_FALSE(live->changing());
  for (std::size_t i = 601; i < 48'000; ++i)  // The tone itself moves by 0.0066 per sample.
    ASSERT_LT(std::abs(audio.channel(1)[i] - audio.channel(1)[i - 1]), 0.0075f) << i;
  EXPECT_NEAR(std::abs(amplitude(audio.channel(0).subspan(24'000), 100)), 0.05, 1e-4);
  const AudioBuffer given = tone(100, 0.5, 48'000);
  EXPECT_NEAR(audio.channel(0)[40'000], 0.1f * given.channel(0)[39'400], 1e-6);
  EXPECT_TRUE(live->change({}));
}

TEST(LiveChain, IsSafeInRealTimeWhileAnotherThreadChangesIt) {
  auto live = LiveChain::create(preset("warm").value(), kStereo, 2'000).value();
  std::atomic<bool> done{false};
  std::thread other([&] {
    for (int i = 0; i < 20; ++i) {
      static_cast<void>(live->change(preset(i % 2 == 0 ? "podcast" : "warm").value()));
      std::this_thread::yield();
    }
    done = true;
  });
  AudioBuffer audio = noise(2, 512);
  while (!done) EXPECT_REALTIME_SAFE(live->process(audio.view()));
  other.join();
}

TEST(LiveChain, RefusesAChainThatTakesTooLong) {
  auto live = LiveChain::create({{spec_of("gain")}}, kStereo).value();
  EXPECT_EQ(live->change({{spec_of("limiter")}}).error().code, ErrorCode::kUnsupported);
  EXPECT_FALSE(live->changing());
}

}  // namespace
}  // namespace syrinx::effects
