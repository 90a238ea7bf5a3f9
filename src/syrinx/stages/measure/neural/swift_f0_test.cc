// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/neural/swift_f0.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "support/need_onnx.h"
#include "support/npy.h"
#include "support/test_data.h"

namespace syrinx::measure {
namespace {

constexpr const char* kModel = "models/swift_f0/model.onnx";

AudioView view_of(const std::vector<float>& samples) { return AudioView(samples, 16'000); }

// A glide from 100 to 200 Hz in two seconds, with harmonics, for so many seconds in turns.
std::vector<float> glide(double seconds) {
  std::vector<float> out(static_cast<std::size_t>(16'000 * seconds));
  double phase = 0.0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = std::fmod(static_cast<double>(i) / 16'000, 4.0);
    phase += (100.0 + 50.0 * (t < 2.0 ? t : 4.0 - t)) / 16'000;
    for (int h = 1; h <= 8; ++h)
      out[i] += static_cast<float>(0.1 / h * std::sin(2.0 * std::numbers::pi * h * phase));
  }
  return out;
}

double wanted_hz(double second) {
  const double t = std::fmod(second, 4.0);
  return 100.0 + 50.0 * (t < 2.0 ? t : 4.0 - t);
}

TEST(SwiftF0, GivesWhatOnnxRuntimeGaveTheReference) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA("golden/onnx/swift_f0/out_pitch_hz.npy");
  const auto sound =
      support::read_npy(support::data_path("golden/onnx/swift_f0/in_input_audio.npy")).value();
  const auto hz =
      support::read_npy(support::data_path("golden/onnx/swift_f0/out_pitch_hz.npy")).value();
  const auto sure =
      support::read_npy(support::data_path("golden/onnx/swift_f0/out_confidence.npy")).value();
  const auto network = SwiftF0::load(support::data_path(kModel)).value();
  const auto track = network.track(view_of(sound.values), {60.0, 600.0, 0.9}).value();
  ASSERT_EQ(track.frames(), hz.values.size());
  std::size_t pitched = 0;
  for (std::size_t k = 0; k < track.frames(); ++k) {
    EXPECT_NEAR(track.voicing[k], static_cast<double>(sure.values[k]), 1e-3) << k;
    if (track.hz[k] == 0.0) continue;
    ++pitched;
    EXPECT_NEAR(track.hz[k] / static_cast<double>(hz.values[k]), 1.0, 1e-3) << k;
  }
  EXPECT_GT(pitched, 50u);
}

TEST(SwiftF0, KeepsTimeAndLosesNothingBetweenPieces) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kModel);
  const auto network = SwiftF0::load(support::data_path(kModel)).value();
  const auto track = network.track(view_of(glide(63.0))).value();
  ASSERT_EQ(track.frames(), 63u * 16'000 / 256);
  double rising = 0.0;
  double falling = 0.0;
  double rising_frames = 0.0;
  double falling_frames = 0.0;
  for (std::size_t k = 20; k + 20 < track.frames(); ++k) {
    const double t = std::fmod(track.time_s(k), 4.0);
    if (std::fmod(t, 2.0) < 0.2 || std::fmod(t, 2.0) > 1.8) continue;  // Where the glide turns.
    const double ratio = track.hz[k] / wanted_hz(track.time_s(k));
    ASSERT_NEAR(ratio, 1.0, 0.02) << track.time_s(k);
    (t < 2.0 ? rising : falling) += ratio;
    (t < 2.0 ? rising_frames : falling_frames) += 1.0;
  }
  // Half a frame late or early, they would differ by 0.55 %; what there is of it is the network's.
  EXPECT_NEAR(rising / rising_frames, falling / falling_frames, 0.0055);
}

TEST(SwiftF0, RefusesWhatItCannotDo) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kModel);
  EXPECT_EQ(SwiftF0::load("/nowhere.onnx").error().code, ErrorCode::kNotFound);
  const auto other = SwiftF0::load(support::data_path("models/dnsmos/sig_bak_ovr.onnx"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kUnsupported);
  const auto network = SwiftF0::load(support::data_path(kModel)).value();
  const auto sound = glide(0.2);
  EXPECT_FALSE(network.track(AudioView()));
  EXPECT_FALSE(network.track(view_of(sound), {10.0, 500.0, 0.9}));
  EXPECT_FALSE(network.track(view_of(sound), {60.0, 500.0, NAN}));
  EXPECT_TRUE(network.track(view_of({0.1f, 0.2f})));
}

}  // namespace
}  // namespace syrinx::measure
