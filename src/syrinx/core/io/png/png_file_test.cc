// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/png/png_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "support/test_data.h"
#include "syrinx/core/base/limits.h"

namespace syrinx::io {
namespace {

Image pattern(std::size_t width, std::size_t height) {
  Image image(width, height, {0, 0, 0});
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      image.set(x, y,
                {static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(7 * y),
                 static_cast<std::uint8_t>(x * y)});
    }
  }
  return image;
}

TEST(Png, GivesBackEveryPixel) {
  for (const auto& [width, height] : {std::pair<std::size_t, std::size_t>{1, 1}, {37, 53}}) {
    const auto image = pattern(width, height);
    const auto back = decode_png(encode_png(image).value()).value();
    EXPECT_EQ(back.width(), width);
    EXPECT_EQ(back.height(), height);
    EXPECT_EQ(back.rgb(), image.rgb());
  }
}

TEST(Png, WritesAWholeFileAndLeavesNothingElse) {
  const auto dir = support::scratch_dir();
  const auto path = dir / "picture.png";
  ASSERT_TRUE(write_png(path, pattern(20, 10)));
  ASSERT_TRUE(write_png(path, pattern(30, 10)));  // Replaces.
  std::ifstream file(path, std::ios::binary);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(decode_png(bytes).value().width(), 30u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir), {}), 1);
}

TEST(Png, LeavesNothingBehindWhenItCannotWrite) {
  const auto dir = support::scratch_dir();
  EXPECT_EQ(write_png(dir / "missing" / "picture.png", pattern(2, 2)).error().code, ErrorCode::kIo);
  std::filesystem::create_directory(dir / "taken");
  std::ofstream(dir / "taken" / "file") << 'x';
  EXPECT_EQ(write_png(dir / "taken", pattern(2, 2)).error().code, ErrorCode::kIo);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir), {}), 1);
}

TEST(Png, RefusesImagesWithoutPixelsAndHugeOnes) {
  EXPECT_EQ(encode_png(Image{}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(encode_png(Image(limits::kMaxPngSide + 1, 1, {0, 0, 0})).error().code,
            ErrorCode::kLimitExceeded);
}

TEST(Png, RefusesDamagedBytesAndSizesBeyondTheLimit) {
  const auto good = encode_png(pattern(40, 30)).value();
  EXPECT_FALSE(decode_png({}));
  constexpr std::size_t kAfterPixels = 20;  // Checksum and end mark; the pixels need neither.
  for (std::size_t length = 0; length + kAfterPixels < good.size(); length += 7) {
    EXPECT_FALSE(decode_png(std::span(good).first(length)));
  }
  auto huge = good;
  huge[16] = 0x7f;  // The width in IHDR; its checksum no longer fits either.
  EXPECT_FALSE(decode_png(huge));
}

}  // namespace
}  // namespace syrinx::io
