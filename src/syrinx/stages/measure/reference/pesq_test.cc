// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/pesq.h"

#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/reference/pair_test.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 16'000;

Result<double> narrow(AudioView r, AudioView d) {
  SYRINX_ASSIGN(const auto score, pesq(r, d, PesqBand::kNarrow));
  return score.mos_lqo;
}
Result<double> wide(AudioView r, AudioView d) {
  SYRINX_ASSIGN(const auto score, pesq(r, d, PesqBand::kWide));
  return score.mos_lqo;
}

AudioBuffer speech() {
  return io::read_audio(support::data_path("golden/metrics/0_ref.flac")).value();
}

TEST(Pesq, OfASignalAndItselfIsTheHighestScore) {
  const auto ref = babble(2 * kRateHz, kRateHz, 1);
  const AudioView view(ref, kRateHz);
  // 4.5 through the mappings of P.862.1 and P.862.2.
  EXPECT_NEAR(*narrow(view, view), 0.999 + 4.0 / (1.0 + std::exp(-1.4945 * 4.5 + 4.6607)), 1e-9);
  EXPECT_NEAR(*wide(view, view), 0.999 + 4.0 / (1.0 + std::exp(-1.3669 * 4.5 + 3.8224)), 1e-9);
  EXPECT_NEAR(pesq(view, view, PesqBand::kWide)->raw, 4.5, 1e-9);
}

TEST(Pesq, FallsAsNoiseRises) {
  SYRINX_NEED_DATA("golden/metrics/0_ref.flac");
  const auto ref = speech();
  for (const auto measure : {narrow, wide}) {
    double last = 4.7;
    for (const float level : {0.001f, 0.01f, 0.05f, 0.3f}) {
      const auto hiss = noise(ref.frames(), 2, level);
      auto deg = ref;
      for (std::size_t n = 0; n < deg.frames(); ++n) deg.channel(0)[n] += hiss[n];
      const double now = *measure(ref, deg);
      EXPECT_LT(now, last) << level;
      last = now;
    }
    EXPECT_LT(last, 1.4);
  }
}

TEST(Pesq, DoesNotMindLevelNorAConstantDelay) {
  SYRINX_NEED_DATA("golden/metrics/0_ref.flac");
  const auto ref = speech();
  AudioBuffer deg(1, ref.frames() + 3'000, kRateHz);
  for (std::size_t n = 0; n < ref.frames(); ++n)
    deg.channel(0)[n + 3'000] = 0.2f * ref.channel(0)[n];
  const auto score = pesq(ref, deg, PesqBand::kNarrow);
  ASSERT_TRUE(score.has_value()) << score.error().message;
  EXPECT_GT(score->mos_lqo, 4.5);
  for (const auto& utterance : score->utterances)
    EXPECT_NEAR(utterance.delay_s, 3'000.0 / kRateHz, 1e-9);
}

TEST(Pesq, FollowsADelayThatChanges) {
  SYRINX_NEED_DATA("golden/metrics/0_ref.flac");
  const auto ref = speech();
  const auto in = ref.channel(0);
  const std::size_t half = in.size() / 2;
  AudioBuffer deg(1, in.size() + 640, kRateHz);  // 40 ms of silence in the middle.
  std::copy(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(half), deg.channel(0).begin());
  std::copy(in.begin() + static_cast<std::ptrdiff_t>(half), in.end(),
            deg.channel(0).begin() + static_cast<std::ptrdiff_t>(half + 640));
  const auto score = pesq(ref, deg, PesqBand::kNarrow);
  ASSERT_TRUE(score.has_value()) << score.error().message;
  EXPECT_NEAR(score->utterances.front().delay_s, 0.0, 1e-3);
  EXPECT_NEAR(score->utterances.back().delay_s, 0.040, 1e-3);
  EXPECT_GT(score->mos_lqo, 3.5);
}

// The model has parameters of its own for 8 kHz: the scores are near, not equal.
TEST(Pesq, NarrowBandAgreesAcrossItsTwoRates) {
  SYRINX_NEED_DATA("metrics/pesq/speech.wav");
  const auto ref = io::read_audio(support::data_path("metrics/pesq/speech.wav"));
  const auto deg = io::read_audio(support::data_path("metrics/pesq/speech_bab_0dB.wav"));
  const auto ref8 = dsp::resample(*ref, 8'000);
  const auto deg8 = dsp::resample(*deg, 8'000);
  EXPECT_NEAR(*narrow(*ref8, *deg8), *narrow(*ref, *deg), 0.1);
}

TEST(Pesq, SilenceIsRefused) {
  const auto sound = babble(kRateHz, kRateHz, 3);
  const std::vector<float> silence(sound.size(), 0.0f);
  for (const auto measure : {narrow, wide}) {
    expect_refusal(measure, AudioView(silence, kRateHz), AudioView(sound, kRateHz), "silent");
    expect_refusal(measure, AudioView(sound, kRateHz), AudioView(silence, kRateHz), "silent");
  }
}

TEST(Pesq, AnswersOddPairsWithinItsRange) {
  // P.862.1 and P.862.2 stay within these whatever the raw score.
  expect_answers_odd_pairs(narrow, 12'000, kRateHz, 0.999, 4.999);
  expect_answers_odd_pairs(narrow, 6'000, 8'000, 0.999, 4.999);
  expect_answers_odd_pairs(wide, 12'000, kRateHz, 0.999, 4.999);
}

TEST(Pesq, RefusesWhatItIsNotMadeFor) {
  expect_refuses_bad_pairs(narrow, true);
  expect_refuses_bad_pairs(wide, true);
  const auto sound = babble(kRateHz, kRateHz, 4);
  const AudioView view(sound, kRateHz);
  expect_refusal(narrow, view.slice(0, 1), view, "0.25");
  expect_refusal(narrow, copies(sound, 64, kRateHz), copies(sound, 64, kRateHz), "64 channels");
  const AudioView fast(sound, 48'000);
  EXPECT_EQ(narrow(fast, fast).error().code, ErrorCode::kUnsupported);
  const AudioView slow(sound, 8'000);
  EXPECT_TRUE(narrow(slow, slow).has_value());
  EXPECT_EQ(wide(slow, slow).error().code, ErrorCode::kUnsupported);
  const std::vector<float> minutes(61 * kRateHz, 0.1f);
  const AudioView long_view(minutes, kRateHz);
  EXPECT_EQ(wide(long_view, long_view).error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace syrinx::measure
