// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/resample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>
#include <vector>

#include "support/realtime_guard.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/window.h"

namespace syrinx::dsp {
namespace {

constexpr double kTau = 2 * std::numbers::pi;

std::vector<float> noise(std::size_t n) {
  std::mt19937 engine(31);
  std::uniform_real_distribution<float> uniform(-0.5f, 0.5f);
  std::vector<float> x(n);
  for (float& v : x) v = uniform(engine);
  return x;
}

std::vector<float> sine(double hz, int rate_hz, std::size_t n) {
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = static_cast<float>(0.5 * std::sin(kTau * hz * static_cast<double>(i) / rate_hz));
  }
  return x;
}

// A sine that sweeps linearly from 20 Hz to `last_hz`.
std::vector<float> sweep(double last_hz, int rate_hz, std::size_t n) {
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    const double slope = (last_hz - 20.0) * rate_hz / static_cast<double>(n);
    x[i] = static_cast<float>(0.5 * std::sin(kTau * (20.0 + slope * t / 2) * t));
  }
  return x;
}

AudioBuffer there_and_back(const std::vector<float>& x) {
  const auto down = resample(AudioView(x, 48'000), 16'000).value();
  return resample(down, 48'000).value();
}

double power(std::span<const float> x) {
  double sum = 0;
  for (const float v : x) sum += static_cast<double>(v) * static_cast<double>(v);
  return sum;
}

double db(double ratio) { return 10 * std::log10(ratio); }

// Stretches of 20 ms, each compared in level with the original: the ripple over the passband.
TEST(Resampler, A48To16To48RoundTripOfASweepRipplesUnderATenthOfADb) {
  const double passband_hz = 0.91 * 8'000;
  const auto x = sweep(passband_hz, 48'000, 48'000 * 4);
  const auto y = there_and_back(x);
  ASSERT_EQ(y.frames(), x.size());
  double worst_db = 0;
  for (std::size_t i = 4'800; i + 960 <= x.size() - 4'800; i += 960) {
    const double level =
        db(power(y.channel(0).subspan(i, 960)) / power(std::span(x).subspan(i, 960)));
    worst_db = std::max(worst_db, std::abs(level));
  }
  RecordProperty("ripple_db", std::to_string(worst_db));
  EXPECT_LT(worst_db, 0.1);
}

// Tones above 8 kHz must vanish at 16 kHz, rather than fold down. Edges, where the tone begins and
// ends, have all frequencies and are left out.
TEST(Resampler, WhatLiesAboveTheNewNyquistStaysUnderMinus100Db) {
  double worst_db = -300;
  for (double hz = 8'050; hz < 23'000; hz += 650) {
    const auto x = sine(hz, 48'000, 48'000);
    const auto down = resample(AudioView(x, 48'000), 16'000).value();
    const auto middle = down.channel(0).subspan(3'000, 10'000);
    const double level = db(power(middle) / 10'000 / (power(x) / 48'000));
    worst_db = std::max(worst_db, level);
  }
  RecordProperty("aliasing_db", std::to_string(worst_db));
  EXPECT_LT(worst_db, -100);
}

// Up from 16 kHz: mirror images above 8 kHz, seen in the spectrum of a windowed stretch.
TEST(Resampler, ImagesAboveTheOldNyquistStayUnderMinus100Db) {
  constexpr std::size_t kSize = 16'384;
  auto fft = RealFft::create(kSize).value();
  const auto window = make_window(WindowShape::kKaiser, kSize, WindowSymmetry::kPeriodic, 18.0);
  double worst_db = -300;
  for (const double hz : {1'000.0, 4'000.0, 7'000.0}) {
    const auto up = resample(AudioView(sine(hz, 16'000, 16'000), 16'000), 48'000).value();
    std::vector<float> frame(kSize);
    for (std::size_t i = 0; i < kSize; ++i) frame[i] = up.channel(0)[10'000 + i] * window[i];
    std::vector<std::complex<float>> spectrum(fft.bins());
    fft.forward(frame, spectrum);
    float peak = 0;
    float image = 0;
    for (std::size_t k = 0; k < spectrum.size(); ++k) {
      const float magnitude = std::abs(spectrum[k]);
      peak = std::max(peak, magnitude);
      if (static_cast<double>(k) * 48'000 / kSize > 8'100) image = std::max(image, magnitude);
    }
    worst_db = std::max(worst_db, 20 * std::log10(static_cast<double>(image / peak)));
  }
  RecordProperty("images_db", std::to_string(worst_db));
  EXPECT_LT(worst_db, -100);
}

std::vector<float> in_blocks(const std::vector<float>& x, int in_hz, int out_hz,
                             std::size_t block) {
  auto resampler = Resampler::create(in_hz, out_hz, 1).value();
  std::vector<float> y;
  std::vector<float> out(257);
  for (std::size_t i = 0; i < x.size();) {
    const auto in = std::span(x).subspan(i, std::min(block, x.size() - i));
    const auto moved = resampler.process(AudioView(in, in_hz), MutableAudioView(out, out_hz));
    y.insert(y.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(moved.produced));
    i += moved.consumed;
  }
  while (const std::size_t got = resampler.flush(MutableAudioView(out, out_hz))) {
    y.insert(y.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(got));
  }
  return y;
}

TEST(Resampler, AnyBlockSizeGivesTheSameOutputOfTheStatedLength) {
  for (const auto& [in_hz, out_hz] : {std::pair{48'000, 16'000},
                                      {16'000, 48'000},
                                      {44'100, 48'000},
                                      {22'050, 16'000},
                                      {24'000, 24'000}}) {
    const auto x = noise(20'011);
    const auto whole = resample(AudioView(x, in_hz), out_hz).value();
    EXPECT_EQ(whole.frames(), static_cast<std::size_t>(std::lround(20'011.0 * out_hz / in_hz)));
    for (const std::size_t block : {1u, 7u, 64u, 20'011u}) {
      const auto pieces = in_blocks(x, in_hz, out_hz, block);
      ASSERT_EQ(pieces.size(), whole.frames()) << in_hz << " to " << out_hz << " by " << block;
      EXPECT_TRUE(std::equal(pieces.begin(), pieces.end(), whole.channel(0).begin()))
          << in_hz << " to " << out_hz << " by " << block;
    }
  }
}

TEST(Resampler, KeepsSoundWhereItWas) {
  std::vector<float> x(48'000);
  x[24'000] = 1.0f;
  const auto y = resample(AudioView(x, 48'000), 16'000).value();
  const auto row = y.channel(0);
  EXPECT_EQ(std::max_element(row.begin(), row.end()) - row.begin(), 8'000);
}

TEST(Resampler, KeepsChannelsApart) {
  AudioBuffer stereo(2, 4'800, 48'000);
  const auto left = sine(440, 48'000, 4'800);
  std::copy(left.begin(), left.end(), stereo.channel(0).begin());
  const auto y = resample(stereo, 16'000).value();
  EXPECT_EQ(y.channels(), 2u);
  EXPECT_GT(power(y.channel(0)), 100.0);
  EXPECT_EQ(power(y.channel(1)), 0.0);
}

TEST(Resampler, LagsNoMoreThanItsLatency) {
  for (const auto& [in_hz, out_hz] :
       {std::pair{48'000, 16'000}, {16'000, 48'000}, {44'100, 48'000}}) {
    auto resampler = Resampler::create(in_hz, out_hz, 1).value();
    const std::vector<float> in(100);
    std::vector<float> out(20'000);
    double fed = 0;
    double got = 0;
    for (int i = 0; i < 1'000; ++i) {
      const auto moved = resampler.process(AudioView(in, in_hz), MutableAudioView(out, out_hz));
      fed += static_cast<double>(moved.consumed);
      got += static_cast<double>(moved.produced);
      ASSERT_LE(fed * out_hz / in_hz - got, static_cast<double>(resampler.latency_frames()));
    }
  }
}

TEST(Resampler, AllocatesNothingOnceItsQueuesHaveGrown) {
  auto resampler = Resampler::create(48'000, 16'000, 2).value();
  const AudioBuffer in(2, 480, 48'000);
  AudioBuffer out(2, 480, 16'000);
  const auto out_view = out.view();
  for (int i = 0; i < 100; ++i) resampler.process(in, out_view);
  EXPECT_REALTIME_SAFE(for (int i = 0; i < 1'000; ++i) resampler.process(in, out_view));
}

TEST(Resampler, RefusesRatesAndChannelsOutsideTheLimits) {
  EXPECT_EQ(Resampler::create(0, 16'000, 1).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Resampler::create(16'000, 1'000'000, 1).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Resampler::create(16'000, 8'000, 0).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Resampler::create(16'000, 8'000, 65).error().code, ErrorCode::kInvalidArgument);
}

// Hands out its samples in blocks of a given size.
class BlockSource final : public AudioSource {
 public:
  BlockSource(std::vector<float> x, int rate_hz, std::size_t block)
      : x_(std::move(x)), rate_hz_(rate_hz), block_(block) {}
  int sample_rate_hz() const noexcept override { return rate_hz_; }
  std::size_t channels() const noexcept override { return 1; }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
    const std::size_t n = std::min(block_, x_.size() - at_);
    block = AudioBuffer(AudioView(std::span(x_).subspan(at_, n), rate_hz_));
    at_ += n;
    return n > 0;
  }

 private:
  std::vector<float> x_;
  int rate_hz_;
  std::size_t block_;
  std::size_t at_ = 0;
};

TEST(ResamplingSource, GivesWhatResampleGivesForAnyBlockSize) {
  const auto x = noise(10'000);
  const auto whole = resample(AudioView(x, 22'050), 48'000).value();
  for (const std::size_t block : {1u, 64u, 10'000u}) {
    auto source =
        ResamplingSource::create(std::make_unique<BlockSource>(x, 22'050, block), 48'000).value();
    AudioBuffer all;
    AudioBuffer piece;
    while (source->next(piece, {}).value()) {
      ASSERT_FALSE(piece.empty());
      all.append(piece);
    }
    ASSERT_EQ(all.frames(), whole.frames());
    EXPECT_TRUE(std::equal(all.channel(0).begin(), all.channel(0).end(), whole.channel(0).begin()));
    EXPECT_FALSE(source->next(piece, {}).value());
  }
}

TEST(ResamplingSource, PassesACancellationOn) {
  auto source =
      ResamplingSource::create(std::make_unique<BlockSource>(noise(100), 22'050, 10), 48'000)
          .value();
  std::stop_source stop;
  stop.request_stop();
  AudioBuffer block;
  EXPECT_EQ(source->next(block, stop.get_token()).error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace syrinx::dsp
