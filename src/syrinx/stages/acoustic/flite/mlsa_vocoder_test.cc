// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/flite/mlsa_vocoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <thread>

#include "syrinx/stages/acoustic/flite/flite_door.h"

// clang-format off
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
extern "C" {
#include <flite/flite.h>
#include <flite/cst_cg.h>
// clang-format on
cst_voice* register_cmu_us_slt(const char* directory);
cst_voice* register_cmu_us_rms(const char* directory);
cst_voice* register_cmu_us_awb(const char* directory);
}

namespace syrinx::acoustic::flite {
namespace {

constexpr const char* kText = "The quick brown fox, who was hungry, jumped over it. Why?";

// A sentence as Flite itself says it, and all that it says it by.
struct Reference {
  MlsaSettings settings;
  MlsaFrames frames;
  std::vector<std::int16_t> samples;
};

Reference reference_of(cst_voice* voice) {
  Reference reference;
  cst_utterance* utterance = flite_synth_text(kText, voice);
  cst_cg_db* db = val_cg_db(utt_feat_val(utterance, "cg_db"));
  const cst_track* strengths = val_track(utt_feat_val(utterance, "str_track"));
  cst_track* smooth = mlpg(val_track(utt_feat_val(utterance, "param_track")), db);
  char state[128];
  char* const former = initstate(1, state, sizeof state);
  cst_wave* wave = mlsa_resynthesis(smooth, strengths, db, nullptr, 0);
  setstate(former);
  reference.samples.assign(wave->samples, wave->samples + wave->num_samples);
  MlsaSettings& settings = reference.settings;
  settings = {
      static_cast<double>(db->sample_rate), 80, db->mlsa_alpha, db->mlsa_beta, db->gain, {}};
  for (int band = 0; band < db->ME_num; ++band)
    settings.bands.emplace_back(db->me_h[band], db->me_h[band] + db->ME_order);
  MlsaFrames& frames = reference.frames;
  frames.order = static_cast<std::size_t>(smooth->num_channels - 1);
  for (int i = 0; i < smooth->num_frames; ++i) {
    const float* row = smooth->frames[i];
    frames.f0_hz.push_back(row[0]);
    frames.cepstra.insert(frames.cepstra.end(), row + 1, row + smooth->num_channels);
    const float* shares = strengths->frames[i];
    frames.strengths.insert(frames.strengths.end(), shares, shares + db->ME_num);
  }
  delete_wave(wave);
  delete_track(smooth);
  delete_utterance(utterance);
  return reference;
}

// Steady frames of a made-up voice.
struct Steady {
  MlsaSettings settings;
  MlsaFrames frames;
  explicit Steady(float f0_hz, float strength, float log_gain = 5.0F, std::size_t count = 101) {
    settings.bands = {{1.0, 0.0, 0.0, 0.0}};
    frames.order = 4;
    frames.f0_hz.assign(count, f0_hz);
    frames.strengths.assign(count, strength);
    for (std::size_t i = 0; i < count; ++i)
      frames.cepstra.insert(frames.cepstra.end(), {log_gain, 0.3F, 0.1F, -0.1F});
  }
  std::vector<std::int16_t> sound() const { return mlsa_sound(settings, frames); }
};

// A sample may be another whole number where multiplications and additions are fused on one side.
TEST(MlsaVocoder, MakesTheSamplesThatFliteMakesForEachVoice) {
  flite_init();
  for (cst_voice* voice :
       {register_cmu_us_slt(nullptr), register_cmu_us_rms(nullptr), register_cmu_us_awb(nullptr)}) {
    const Reference reference = reference_of(voice);
    const auto sound = mlsa_sound(reference.settings, reference.frames);
    ASSERT_EQ(sound.size(), reference.samples.size());
    ASSERT_GT(*std::max_element(sound.begin(), sound.end()), 3'000);
    int most = 0;
    for (std::size_t i = 0; i < sound.size(); ++i)
      most = std::max(most, std::abs(sound[i] - reference.samples[i]));
#if defined(__x86_64__)
    EXPECT_EQ(most, 0) << voice->name;
#else
    EXPECT_LE(most, 1) << voice->name;
#endif
  }
}

TEST(MlsaVocoder, GivesAHopForEachFrameButOne) {
  EXPECT_TRUE(Steady(100, 1, 5, 0).sound().empty());
  EXPECT_TRUE(Steady(100, 1, 5, 1).sound().empty());
  EXPECT_EQ(Steady(100, 1, 5, 2).sound().size(), 80U);
  EXPECT_EQ(Steady(100, 1, 5, 101).sound().size(), 8'000U);
}

TEST(MlsaVocoder, PulsesComeAtThePitch) {
  const auto sound = Steady(100, 1).sound();
  for (std::size_t i = 4'000; i + 160 < sound.size(); ++i)
    ASSERT_EQ(sound[i], sound[i + 160]) << "100 Hz repeats every 160 samples, " << i;
}

TEST(MlsaVocoder, WithoutAVoiceThereIsNoPitch) {
  const auto sound = Steady(0, 0).sound();
  double power = 0, repeated = 0;
  for (std::size_t i = 4'000; i + 160 < sound.size(); ++i) {
    power += 1.0 * sound[i] * sound[i];
    repeated += 1.0 * sound[i] * sound[i + 160];
  }
  EXPECT_GT(power, 0);
  EXPECT_LT(std::abs(repeated), 0.2 * power);
}

TEST(MlsaVocoder, WhatIsTooLoudIsHeldAtFullScale) {
  const auto sound = Steady(100, 1, 20).sound();
  EXPECT_EQ(*std::max_element(sound.begin(), sound.end()), 32'767);
}

TEST(MlsaVocoder, WhatIsNoNumberIsSilence) {
  for (const float wrong :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Steady steady(100, 1);
    steady.frames.cepstra[4 * 50] = wrong;
    const auto sound = steady.sound();
    EXPECT_EQ(sound.size(), 8'000U);
    EXPECT_TRUE(std::all_of(sound.end() - 80, sound.end(), [](int x) { return x == 0; }));
  }
}

TEST(FliteDoor, SeveralAtOnceSayWhatEachSaysAlone) {
  const std::vector<std::vector<Token>> texts = {
      {{"hello", ",", {}}, {"there", ".", {}}},
      {{"a", "", {}}, {"banana", "?", {}}},
      {{"every", "", {}}, {"morning", "", {}}, {"counts", ".", {}}}};
  struct Case {
    VoiceId voice;
    double pitch_ratio;
    std::size_t text;
    std::vector<float> samples;
  };
  std::vector<Case> cases;
  for (const VoiceId voice : {VoiceId::kSlt, VoiceId::kRms, VoiceId::kAwb}) {
    for (const double ratio : {1.0, 1.2}) {
      for (std::size_t text = 0; text < texts.size(); ++text) {
        auto alone = speak(voice, texts[text], 1.0, ratio);
        ASSERT_TRUE(alone) << alone.error().message;
        cases.push_back({voice, ratio, text, std::move(alone->samples)});
      }
    }
  }
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < cases.size(); ++i) {
        const Case& one = cases[(i + 5 * t) % cases.size()];
        const auto said = speak(one.voice, texts[one.text], 1.0, one.pitch_ratio);
        if (!said || said->samples != one.samples) ++wrong[t];
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(FliteDoor, LeavesTheProgramsOwnRandomNumbersAlone) {
  std::srand(42);
  const int first = std::rand();
  const int second = std::rand();
  std::srand(42);
  EXPECT_EQ(std::rand(), first);
  ASSERT_TRUE(speak(VoiceId::kSlt, {{"hello", ".", {}}}, 1.0, 1.0));
  EXPECT_EQ(std::rand(), second);
}

}  // namespace
}  // namespace syrinx::acoustic::flite
