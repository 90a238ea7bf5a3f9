// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/visqol.h"

#include <fstream>
#include <random>
#include <sstream>
#include <string>

#include "support/test_data.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/stages/measure/reference/gammatone_spectrogram.h"
#include "syrinx/stages/measure/reference/nsim.h"
#include "syrinx/stages/measure/reference/pair_test.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 16'000;

// A machine of one support vector at similarity 1: 1 + 3.5 exp(-2 distance^2).
std::string model_text() {
  std::ostringstream text;
  text << "svm_type nu_svr\nkernel_type rbf\ngamma 2\nnr_class 2\ntotal_sv 1\nrho -1\nSV\n3.5";
  for (int b = 1; b <= 32; ++b) text << ' ' << b << ":1";
  text << " \n";
  return text.str();
}

VisqolAudioModel model() { return VisqolAudioModel::parse(model_text()).value(); }

Result<double> speech(AudioView r, AudioView d) {
  SYRINX_ASSIGN(const auto score, visqol_speech(r, d));
  return score.mos_lqo;
}
Result<double> audio(AudioView r, AudioView d) {
  SYRINX_ASSIGN(const auto score, visqol_audio(r, d, model()));
  return score.mos_lqo;
}

std::vector<float> with_noise(std::vector<float> signal, float level) {
  const auto hiss = noise(signal.size(), 99, level);
  for (std::size_t n = 0; n < signal.size(); ++n) signal[n] += hiss[n];
  return signal;
}

TEST(Visqol, OfASignalAndItselfIsTheHighestScore) {
  const auto ref = babble(2 * kRateHz, kRateHz, 1);
  const auto score = visqol_speech(AudioView(ref, kRateHz), AudioView(ref, kRateHz));
  ASSERT_TRUE(score.has_value()) << score.error().message;
  EXPECT_NEAR(score->similarity, 1.0, 1e-9);
  EXPECT_NEAR(score->mos_lqo, 5.0, 1e-3);
  EXPECT_EQ(score->delay_s, 0.0);
  EXPECT_EQ(score->band_similarity.size(), 21u);
  const auto music = babble(2 * 48'000, 48'000, 2);
  const auto same = visqol_audio(AudioView(music, 48'000), AudioView(music, 48'000), model());
  ASSERT_TRUE(same.has_value()) << same.error().message;
  EXPECT_NEAR(same->mos_lqo, 4.5, 1e-6);  // What the machine above says of 32 ones.
}

TEST(Visqol, FallsAsNoiseRises) {
  const auto ref = babble(2 * kRateHz, kRateHz, 3);
  double last = 5.1;
  for (const float level : {0.001f, 0.01f, 0.1f, 0.5f}) {
    const auto deg = with_noise(ref, level);
    const double now = *speech(AudioView(ref, kRateHz), AudioView(deg, kRateHz));
    EXPECT_LT(now, last) << level;
    last = now;
  }
}

TEST(Visqol, DoesNotMindLevelNorAConstantDelay) {
  const auto ref = babble(2 * kRateHz, kRateHz, 4);
  std::vector<float> deg(4'000, 0.0f);
  for (const float s : ref) deg.push_back(0.25f * s);
  const auto late = visqol_speech(AudioView(ref, kRateHz), AudioView(deg, kRateHz));
  ASSERT_TRUE(late.has_value()) << late.error().message;
  EXPECT_NEAR(late->delay_s, 0.25, 1e-9);
  EXPECT_GT(late->mos_lqo, 4.9);
  const auto early = visqol_speech(AudioView(deg, kRateHz), AudioView(ref, kRateHz));
  EXPECT_NEAR(early->delay_s, -0.25, 1e-9);
}

TEST(Visqol, GivesDifferentSoundsALowScore) {
  const auto ref = babble(2 * kRateHz, kRateHz, 5);
  const auto other = sine(2 * kRateHz, 440.0, kRateHz);
  EXPECT_LT(*speech(AudioView(ref, kRateHz), AudioView(other, kRateHz)), 1.5);
}

TEST(Visqol, AShortDegradedSignalLosesTheRest) {
  const auto ref = babble(3 * kRateHz, kRateHz, 6);
  const AudioView r(ref, kRateHz);
  const auto score = visqol_speech(r, r.slice(0, kRateHz));
  ASSERT_TRUE(score.has_value()) << score.error().message;
  EXPECT_LT(score->mos_lqo, 4.5);
}

TEST(Visqol, AnswersOddPairsWithinItsRange) {
  expect_answers_odd_pairs(speech, 14'000, kRateHz, 1.0, 5.0);
}

TEST(Visqol, RefusesWhatItCannotScore) {
  expect_refuses_bad_pairs(speech, true);
  expect_refuses_bad_pairs(audio, true);
  const auto sound = babble(kRateHz, kRateHz, 7);
  const AudioView view(sound, kRateHz);
  const std::vector<float> silence(kRateHz, 0.0f);
  expect_refusal(speech, view, AudioView(silence, kRateHz), "silent");
  expect_refusal(speech, AudioView(silence, kRateHz), view, "silent");
  expect_refusal(speech, view.slice(0, 1), view.slice(0, 1), "samples");
  expect_refusal(speech, view.slice(0, 3'000), view.slice(0, 3'000), "short");
  expect_refusal(speech, view, view.slice(0, 10), "samples");
  EXPECT_EQ(audio(view, view).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(speech(AudioView(sound, 8'000), AudioView(sound, 8'000)).error().code,
            ErrorCode::kUnsupported);
  const std::vector<float> minutes(kMaxVisqolSamples + 1, 0.1f);
  const AudioView long_view(minutes, 48'000);
  EXPECT_EQ(audio(long_view, long_view).error().code, ErrorCode::kLimitExceeded);
}

TEST(Visqol, SixtyFourEqualChannelsAreAsOne) {
  const auto ref = babble(kRateHz, kRateHz, 8);
  expect_same_of_64_channels(speech, ref, with_noise(ref, 0.1f), kRateHz);
}

TEST(VisqolAudioModel, ReadsThePublishedMachine) {
  SYRINX_NEED_DATA("models/visqol/libsvm_nu_svr_model.txt");
  const auto found =
      VisqolAudioModel::load(support::data_path("models/visqol/libsvm_nu_svr_model.txt"));
  ASSERT_TRUE(found.has_value()) << found.error().message;
  // The published score of a file against itself.
  EXPECT_NEAR(found->predict(std::vector<double>(32, 1.0)), 4.732101253042348, 1e-9);
}

ErrorCode refusal_of(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  const auto found = VisqolAudioModel::parse(text);
  return found ? ErrorCode::kInternal : found.error().code;
}

TEST(VisqolAudioModel, RefusesEveryDamage) {
  const auto good = model_text();
  EXPECT_EQ(refusal_of(good, "nu_svr", "c_svc"), ErrorCode::kUnsupported);
  EXPECT_EQ(refusal_of(good, "rbf", "linear"), ErrorCode::kUnsupported);
  EXPECT_EQ(refusal_of(good, "gamma 2", "gamma nan"), ErrorCode::kCorruptData);
  EXPECT_EQ(refusal_of(good, "total_sv 1", "total_sv 2"), ErrorCode::kCorruptData);
  EXPECT_EQ(refusal_of(good, "total_sv 1", "total_sv 1e9"), ErrorCode::kLimitExceeded);
  EXPECT_EQ(refusal_of(good, "total_sv 1", "total_sv -1"), ErrorCode::kCorruptData);
  EXPECT_EQ(refusal_of(good, " 7:1", " 8:1"), ErrorCode::kCorruptData);
  EXPECT_EQ(refusal_of(good, " 32:1", ""), ErrorCode::kCorruptData);
  EXPECT_EQ(refusal_of(good, " 32:1", " 32:1 33:1"), ErrorCode::kCorruptData);
  EXPECT_EQ(refusal_of(good, " 5:1", " 5:inf"), ErrorCode::kCorruptData);
  EXPECT_EQ(refusal_of(good, "3.5", "x"), ErrorCode::kCorruptData);
  EXPECT_EQ(VisqolAudioModel::parse("").error().code, ErrorCode::kCorruptData);
  EXPECT_EQ(VisqolAudioModel::parse(std::string(limits::kMaxSvmFileBytes + 1, 'x')).error().code,
            ErrorCode::kLimitExceeded);
  for (std::size_t size = 0; size + 5 < good.size(); size += 3)
    EXPECT_FALSE(VisqolAudioModel::parse(good.substr(0, size)).has_value()) << size;
}

TEST(VisqolAudioModel, SurvivesRandomDamage) {
  const auto good = model_text();
  std::mt19937 random(47);
  for (int round = 0; round < 3'000; ++round) {
    auto text = good;
    for (int i = 0; i < 3; ++i)
      text[random() % text.size()] = "0123456789:.-+eE \nxnai\0"[random() % 23];
    const auto found = VisqolAudioModel::parse(text);
    if (found.has_value())
      EXPECT_FALSE(std::isnan(found->predict(std::vector<double>(32, 0.5)))) << text;
    else
      EXPECT_FALSE(found.error().message.empty());
  }
}

TEST(VisqolAudioModel, SaysThatAFileIsMissing) {
  const auto folder = support::scratch_dir();
  EXPECT_EQ(VisqolAudioModel::load(folder / "none.txt").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(VisqolAudioModel::load(folder).error().code, ErrorCode::kNotFound);
  std::ofstream(folder / "model.txt") << model_text();
  EXPECT_TRUE(VisqolAudioModel::load(folder / "model.txt").has_value());
}

TEST(GammatoneSpectrogram, ATonePassesItsOwnBandWholly) {
  const GammatoneSpec spec{48'000, 32, 50.0, 24'000.0};
  const double offset = 9.26449 * 24.7;  // Band 20 of 32, evenly spaced in ERB.
  const double centre_hz =
      (24'000.0 + offset) * std::pow((50.0 + offset) / (24'000.0 + offset), 12.0 / 32.0) - offset;
  const auto tone = sine(48'000, centre_hz, 48'000.0, 1.0);
  const std::vector<double> signal(tone.begin(), tone.end());
  const auto bands = gammatone_spectrogram(signal, spec);
  ASSERT_TRUE(bands.has_value());
  const auto frame = bands->frame(10);
  EXPECT_EQ(std::max_element(frame.begin(), frame.end()) - frame.begin(), 20);
  // The RMS of a sine under a Hann window is sqrt(3/16); the filter smears the window a little.
  EXPECT_NEAR(frame[20], std::sqrt(3.0 / 16.0), 1e-3);
  EXPECT_LT(frame.front(), 0.01);
  EXPECT_LT(frame.back(), 0.01);
}

TEST(Nsim, IsOneForEqualPatchesAndSymmetric) {
  BandFrames a(10, 4);
  BandFrames b(10, 4);
  const auto values = noise(80, 9, 20.0f);
  for (std::size_t n = 0; n < 40; ++n) {
    a.values()[n] = 20.0 + static_cast<double>(values[n]);
    b.values()[n] = 20.0 + static_cast<double>(values[n + 40]);
  }
  const NsimPatch x(a, 0, 10);
  const NsimPatch y(b, 0, 10);
  for (const double band : nsim(x, x)) EXPECT_NEAR(band, 1.0, 1e-9);
  EXPECT_NEAR(mean_of(nsim(x, y)), mean_of(nsim(y, x)), 1e-12);
  EXPECT_LT(mean_of(nsim(x, y)), 0.7);
}

}  // namespace
}  // namespace syrinx::measure
