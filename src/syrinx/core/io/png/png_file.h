// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/image.h"

// Pictures as PNG, by libpng.
namespace syrinx::io {

// The bytes of a PNG file. Errors: kInvalidArgument for an image without pixels; kLimitExceeded for
// a side above limits::kMaxPngSide.
Result<std::vector<std::uint8_t>> encode_png(const Image& image);

// Reads the bytes of a PNG file, of any colour type, as 8-bit sRGB; transparency shows as black.
// Errors: kCorruptData; kLimitExceeded for a side above limits::kMaxPngSide, before allocating.
Result<Image> decode_png(std::span<const std::uint8_t> bytes);

// Writes an image to `path`, by way of a name beside it, so that `path` is a whole picture or what
// it was before. Errors: as encode_png(), and kIo.
Result<void> write_png(const std::filesystem::path& path, const Image& image);

}  // namespace syrinx::io
