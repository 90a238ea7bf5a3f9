// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/sofa/sofa_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <vector>

#include "support/test_data.h"

namespace syrinx::io {
namespace {

// The file that Debian's libmysofa1 brings with the library: KEMAR, the recording of a dummy head.
constexpr const char* kKemar = "/usr/share/libmysofa/default.sofa";

double energy(const std::vector<float>& x) {
  double sum = 0.0;
  for (const float v : x) sum += static_cast<double>(v) * v;
  return sum;
}
// The first sample that reaches half of the largest.
std::size_t onset(const std::vector<float>& x) {
  float most = 0.0f;
  for (const float v : x) most = std::max(most, std::abs(v));
  std::size_t i = 0;
  while (std::abs(x[i]) < 0.5f * most) ++i;
  return i;
}
struct Heard {
  std::vector<float> left, right;
};
Heard heard_from(const SofaFile& file, double azimuth_deg) {
  Heard heard{std::vector<float>(file.taps()), std::vector<float>(file.taps())};
  const double angle = azimuth_deg * M_PI / 180;
  file.response(std::cos(angle), std::sin(angle), 0, heard.left, heard.right);
  return heard;
}

TEST(Sofa, ASoundFromTheLeftIsLouderAndEarlierInTheLeftEar) {
  SYRINX_NEED_DATA(kKemar);
  for (const int rate : {44'100, 48'000, 16'000}) {
    const auto file = SofaFile::open(kKemar, rate);
    ASSERT_TRUE(file) << file.error().message;
    const Heard left = heard_from(*file, 90);
    EXPECT_GT(energy(left.left), 4 * energy(left.right));
    // Woodworth's sphere of 8.75 cm: 0.66 ms between the ears; to the far ear, behind the head, the
    // onset is slow and the half of it comes later.
    const double lag_ms =
        1e3 * (static_cast<double>(onset(left.right)) - static_cast<double>(onset(left.left))) /
        rate;
    EXPECT_NEAR(lag_ms, 0.76, 0.15);  // A sample at 16 kHz is 0.06 ms.
    const Heard right = heard_from(*file, -90);
    EXPECT_GT(energy(right.right), 4 * energy(right.left));
  }
}

TEST(Sofa, ASoundFromAheadIsAlikeInBothEarsAndAsLoudAsItWas) {
  SYRINX_NEED_DATA(kKemar);
  const SofaFile file = SofaFile::open(kKemar, 48'000).value();
  const Heard ahead = heard_from(file, 0);
  EXPECT_NEAR(10 * std::log10(energy(ahead.left) / energy(ahead.right)), 0.0, 1.0);
  // libmysofa brings the two ears' energy, summed, to about 2 ahead.
  EXPECT_NEAR(10 * std::log10((energy(ahead.left) + energy(ahead.right)) / 2), 0.0, 1.5);
}

TEST(Sofa, SaysWhatIsWrongWithAFile) {
  SYRINX_NEED_DATA(kKemar);
  EXPECT_EQ(SofaFile::open("/nonexistent.sofa", 48'000).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(SofaFile::open(kKemar, 0).error().code, ErrorCode::kInvalidArgument);
  const auto text = support::scratch_dir() / "text.sofa";
  std::ofstream(text) << "this is no recording of a head";
  const auto refused = SofaFile::open(text, 48'000);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("text.sofa"), std::string::npos);
}

}  // namespace
}  // namespace syrinx::io
