// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/formant_finder.h"

#include <gtest/gtest.h>

#include <cmath>

namespace syrinx::voice {
namespace {

// Resonances, those of a tube above them, and a slope of 6 dB an octave, as of a voice at the lips.
std::vector<float> envelope(const FrameShape& shape, const Formants& formants) {
  std::vector<float> power(shape.bins());
  for (std::size_t k = 0; k < power.size(); ++k) {
    const double hz = static_cast<double>(k) * shape.bin_hz();
    double value = 1.0 / (100.0 * 100.0 + hz * hz);
    const auto resonate = [&](double formant) {
      const double apart = (formant * formant - hz * hz) / (formant * formant);
      const double damping = 100.0 * hz / (formant * formant);
      value /= apart * apart + damping * damping;
    };
    for (const double formant : formants) resonate(formant);
    for (double above = 4'500.0; above < 60'000.0; above += 1'000.0) resonate(above);
    power[k] = static_cast<float>(1e4 * value);
  }
  return power;
}

TEST(FormantFinder, FindsTheFormantsOfAnEnvelopeAtAnyRate) {
  const Formants formants = {500.0, 1'500.0, 2'500.0, 3'600.0};
  for (const int rate : {16'000, 22'050, 48'000}) {
    const FrameShape shape = frame_shape(rate).value();
    const Formants found = FormantFinder(shape).find(envelope(shape, formants));
    for (std::size_t i = 0; i < kFormants; ++i)
      EXPECT_NEAR(found[i] / formants[i], 1.0, 0.06) << rate;
  }
}

TEST(FormantFinder, FindsNoneInAPlainSlope) {
  const FrameShape shape = frame_shape(16'000).value();
  std::vector<float> power(shape.bins());
  for (std::size_t k = 0; k < power.size(); ++k) {
    const double hz = static_cast<double>(k) * shape.bin_hz();
    power[k] = static_cast<float>(1e4 / (100.0 * 100.0 + hz * hz));
  }
  EXPECT_EQ(FormantFinder(shape).find(power), Formants{});
}

}  // namespace
}  // namespace syrinx::voice
