// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/png/png_file.h"

#include <png.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <string>

#include "syrinx/core/base/limits.h"

namespace syrinx::io {
namespace {

Result<void> check_sides(std::size_t width, std::size_t height) {
  if (width == 0 || height == 0)
    return make_error(ErrorCode::kInvalidArgument, "png: the image has no pixels");
  if (width > limits::kMaxPngSide || height > limits::kMaxPngSide)
    return make_error(ErrorCode::kLimitExceeded, "png: the image is ", width, " by ", height,
                      " pixels; at most ", limits::kMaxPngSide, " a side");
  return {};
}

// libpng's simplified interface, which reports rather than jumps.
class PngImage {
 public:
  PngImage() {
    std::memset(&image_, 0, sizeof image_);
    image_.version = PNG_IMAGE_VERSION;
  }
  ~PngImage() { png_image_free(&image_); }
  PngImage(const PngImage&) = delete;
  PngImage& operator=(const PngImage&) = delete;

  png_image* operator->() { return &image_; }
  png_image* get() { return &image_; }

 private:
  png_image image_;
};

}  // namespace

Result<std::vector<std::uint8_t>> encode_png(const Image& image) {
  SYRINX_TRY(check_sides(image.width(), image.height()));
  PngImage png;
  png->width = static_cast<png_uint_32>(image.width());
  png->height = static_cast<png_uint_32>(image.height());
  png->format = PNG_FORMAT_RGB;
  png_alloc_size_t size = 0;
  std::vector<std::uint8_t> bytes;
  if (png_image_write_get_memory_size(*png.get(), size, 0, image.rgb().data(), 0, nullptr) != 0) {
    bytes.resize(size);
    if (png_image_write_to_memory(png.get(), bytes.data(), &size, 0, image.rgb().data(), 0,
                                  nullptr) != 0) {
      bytes.resize(size);
      return bytes;
    }
  }
  return make_error(ErrorCode::kInternal, "png: libpng reported: ", png->message);
}

Result<Image> decode_png(std::span<const std::uint8_t> bytes) {
  PngImage png;
  if (png_image_begin_read_from_memory(png.get(), bytes.data(), bytes.size()) == 0)
    return make_error(ErrorCode::kCorruptData, "png: not a readable PNG: ", png->message);
  SYRINX_TRY(check_sides(png->width, png->height));
  png->format = PNG_FORMAT_RGB;
  const png_color black = {0, 0, 0};
  std::vector<std::uint8_t> rgb(PNG_IMAGE_SIZE(*png.get()));
  if (png_image_finish_read(png.get(), &black, rgb.data(), 0, nullptr) == 0)
    return make_error(ErrorCode::kCorruptData, "png: not a readable PNG: ", png->message);
  Image image(png->width, png->height, {0, 0, 0});
  for (std::size_t i = 0; i < image.width() * image.height(); ++i) {
    image.set(i % image.width(), i / image.width(), {rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]});
  }
  return image;
}

Result<void> write_png(const std::filesystem::path& path, const Image& image) {
  SYRINX_ASSIGN(const auto bytes, encode_png(image));
  auto beside = path;
  beside += ".part" + std::to_string(getpid());
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code failed;
  if (file) {
    std::filesystem::rename(beside, path, failed);
    if (!failed) return {};
  }
  std::error_code ignored;
  std::filesystem::remove(beside, ignored);
  return make_error(ErrorCode::kIo, "png: cannot write ", path.string(),
                    "; check that the folder exists and has room");
}

}  // namespace syrinx::io
