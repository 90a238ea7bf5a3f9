// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/alignment.h"

#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/reference/pair_test.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 16'000;

// The signal, later by `delay` samples (earlier when negative), of the same length.
std::vector<float> delayed(std::span<const float> signal, std::ptrdiff_t delay) {
  std::vector<float> out(signal.size(), 0.0f);
  for (std::ptrdiff_t n = 0; n < std::ssize(signal); ++n)
    if (n - delay >= 0 && n - delay < std::ssize(signal))
      out[static_cast<std::size_t>(n)] = signal[static_cast<std::size_t>(n - delay)];
  return out;
}

TEST(Alignment, FindsDelaysEitherWayUnderNoise) {
  const auto ref = babble(5 * kRateHz, kRateHz, 1);
  for (const std::ptrdiff_t delay : {0, 1, -1, 7, -500, 16'000, -31'999, 32'000}) {
    auto deg = delayed(ref, delay);
    const auto hiss = noise(deg.size(), 2, 0.2f);  // About 0 dB.
    for (std::size_t n = 0; n < deg.size(); ++n) deg[n] += hiss[n];
    const auto found = find_alignment(AudioView(ref, kRateHz), AudioView(deg, kRateHz));
    ASSERT_TRUE(found.has_value()) << found.error().message;
    EXPECT_EQ(found->delay_samples, delay);
    EXPECT_GT(found->correlation, 0.5);
  }
}

TEST(Alignment, FindsDelaysInSpeechThatWasFilteredAndTurned) {
  SYRINX_NEED_DATA("golden/metrics/3_ref.flac");
  const auto ref = io::read_audio(support::data_path("golden/metrics/3_ref.flac"));
  ASSERT_TRUE(ref.has_value()) << ref.error().message;
  auto deg = delayed(ref->channel(0), 12'345);
  for (std::size_t n = deg.size() - 1; n > 0; --n) deg[n] = -0.5f * deg[n] - 0.25f * deg[n - 1];
  const auto found = find_alignment(ref->view(), AudioView(deg, ref->sample_rate_hz()));
  ASSERT_TRUE(found.has_value());
  EXPECT_NEAR(static_cast<double>(found->delay_samples), 12'345.0, 1.0);
  EXPECT_LT(found->correlation, -0.9);
}

TEST(Alignment, FallsBackToPlainCorrelationForANarrowBand) {
  // A tone burst: nearly all bins hold noise that the phase transform would weigh like the tone.
  auto ref = sine(3 * kRateHz, 440.0, kRateHz);
  for (std::size_t n = 0; n < ref.size(); ++n)
    ref[n] *= std::exp(-std::pow((static_cast<float>(n) - 24'000.0f) / 2'000.0f, 2.0f));
  auto deg = delayed(ref, 800);
  const auto hiss = noise(deg.size(), 3, 0.02f);
  for (std::size_t n = 0; n < deg.size(); ++n) deg[n] += hiss[n];
  const auto found = find_alignment(AudioView(ref, kRateHz), AudioView(deg, kRateHz));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->delay_samples, 800);
}

TEST(Alignment, TrimsBothToTheirCommonPart) {
  const auto ref = babble(2 * kRateHz, kRateHz, 4);
  const auto long_deg = delayed(ref, -400);
  const AudioView deg = AudioView(long_deg, kRateHz).slice(0, 20'000);
  const auto pair = align(AudioView(ref, kRateHz), deg);
  ASSERT_TRUE(pair.has_value()) << pair.error().message;
  EXPECT_EQ(pair->alignment.delay_samples, -400);
  EXPECT_EQ(pair->reference.frames(), 20'000u);
  EXPECT_EQ(pair->degraded.frames(), 20'000u);
  for (std::size_t n = 0; n < 20'000; ++n)
    ASSERT_EQ(pair->reference.channel(0)[n], pair->degraded.channel(0)[n]);
}

TEST(Alignment, IsTheSameForSignalsOfManySegments) {
  const auto ref = babble(40 * kRateHz, kRateHz, 5);
  const auto deg = delayed(ref, 20'000);
  EXPECT_EQ(find_alignment(AudioView(ref, kRateHz), AudioView(deg, kRateHz))->delay_samples,
            20'000);
  EXPECT_EQ(find_alignment(AudioView(ref, 192'000), AudioView(deg, 192'000))->delay_samples,
            20'000);
}

TEST(Alignment, LooksNoFurtherThanItWasTold) {
  const auto ref = noise(kRateHz, 6);
  const auto deg = delayed(ref, 3'000);
  const auto found = find_alignment(AudioView(ref, kRateHz), AudioView(deg, kRateHz), 0.1);
  ASSERT_TRUE(found.has_value());
  EXPECT_LE(std::abs(found->delay_samples), 1'600);
  EXPECT_LT(std::abs(found->correlation), 0.1);
}

TEST(Alignment, SilenceAndSingleSamplesStayWhereTheyAre) {
  const std::vector<float> silence(1'000, 0.0f);
  const auto sound = noise(1'000, 7);
  const auto quiet = find_alignment(AudioView(sound, kRateHz), AudioView(silence, kRateHz));
  EXPECT_EQ(quiet->delay_samples, 0);
  EXPECT_EQ(quiet->correlation, 0.0);
  EXPECT_EQ(quiet->frames, 1'000u);
  const std::vector<float> one{0.5f};
  const auto single = find_alignment(AudioView(one, kRateHz), AudioView(one, kRateHz));
  EXPECT_EQ(single->delay_samples, 0);
  EXPECT_NEAR(single->correlation, 1.0, 1e-12);
}

TEST(Alignment, AnswersOddPairsWithinItsRange) {
  const auto correlation = [](AudioView r, AudioView d) -> Result<double> {
    SYRINX_ASSIGN(const auto found, align(r, d));
    return found.alignment.correlation;
  };
  expect_answers_odd_pairs(correlation, 3'000, kRateHz, -1.0 - 1e-9, 1.0 + 1e-9);
}

TEST(Alignment, BadPairsAreRefused) {
  expect_refuses_bad_pairs([](AudioView r, AudioView d) { return find_alignment(r, d); }, true);
  const auto good = noise(1'000, 8);
  const AudioView view(good, kRateHz);
  EXPECT_EQ(find_alignment(view, view, 2.5).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(find_alignment(view, view, -1.0).error().code, ErrorCode::kInvalidArgument);
  const AudioView fast(good, 384'000);
  EXPECT_EQ(find_alignment(fast, fast).error().code, ErrorCode::kUnsupported);
}

TEST(Alignment, TakesSixtyFourChannels) {
  const auto ref = noise(8'000, 9);
  const auto found =
      find_alignment(copies(ref, 64, kRateHz), copies(delayed(ref, 33), 64, kRateHz));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->delay_samples, 33);
}

}  // namespace
}  // namespace syrinx::measure
