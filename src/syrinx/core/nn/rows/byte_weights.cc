// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/byte_weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "syrinx/core/base/check.h"

namespace syrinx::nn {
namespace {

constexpr std::size_t kBlock = 16;     // Output channels side by side.
constexpr std::size_t kTileSide = 32;  // Output channels of a step of tiles.
constexpr std::int64_t kTileRow = 64;  // Bytes that a step reads of each row.
constexpr float kMostWeight = 127.0F;

// Zero where the channels are padding.
struct WeightReader {
  const ByteWeights& weights;
  const ConvGeometry& g;
  std::int8_t operator()(std::size_t out, std::size_t in, std::size_t tap) const {
    if (out >= g.out_channels || in >= g.in_channels) return 0;
    return weights.values[(out * g.in_channels + in) * g.offsets.size() + tap];
  }
};

// [block of 16 out][tap][in / group][16 out][group], as T.
template <class T>
std::vector<std::byte> pack_groups(const WeightReader& weight, std::size_t group,
                                   std::size_t padded_in, std::size_t padded_out) {
  const std::size_t taps = weight.g.offsets.size();
  std::vector<std::byte> bytes(padded_in * padded_out * taps * sizeof(T));
  std::byte* to = bytes.data();
  for (std::size_t block = 0; block < padded_out; block += kBlock)
    for (std::size_t tap = 0; tap < taps; ++tap)
      for (std::size_t in = 0; in < padded_in; in += group)
        for (std::size_t i = 0; i < kBlock * group; ++i, to += sizeof(T)) {
          const T value = weight(block + i / group, in + i % group, tap);
          std::memcpy(to, &value, sizeof value);
        }
  return bytes;
}

// Where steps begin, in bytes from the output's row: as few as cover every tap's row, none twice.
// Where rows are narrow one step covers taps of neighbouring rows.
std::vector<std::int32_t> tile_steps(const ConvGeometry& g, std::int64_t row_bytes) {
  std::vector<std::int32_t> steps;
  std::int64_t covered = g.offsets.front() * row_bytes;
  for (const std::int32_t offset : g.offsets) {
    const std::int64_t end = (offset + 1) * row_bytes;
    for (std::int64_t at = std::max(covered, offset * row_bytes); at < end; at += kTileRow) {
      steps.push_back(static_cast<std::int32_t>(at));
      covered = at + kTileRow;
    }
  }
  return steps;
}

// The weight of the byte `at` bytes from the output's row: zero where no tap reads it.
std::int8_t weight_at(const WeightReader& weight, std::size_t out, std::int64_t at,
                      std::int64_t row_bytes) {
  const std::int64_t in = ((at % row_bytes) + row_bytes) % row_bytes;
  const auto& offsets = weight.g.offsets;
  const auto row = static_cast<std::int32_t>((at - in) / row_bytes);
  const auto tap = std::lower_bound(offsets.begin(), offsets.end(), row);
  if (tap == offsets.end() || *tap != row) return 0;
  return weight(out, static_cast<std::size_t>(in), static_cast<std::size_t>(tap - offsets.begin()));
}

PackedBytes pack_tiles(const WeightReader& weight, std::size_t padded_in, std::size_t padded_out) {
  PackedBytes made;
  const auto row_bytes = static_cast<std::int64_t>(padded_in);
  made.offsets = tile_steps(weight.g, row_bytes);
  made.bytes.resize(made.offsets.size() * padded_out * kTileRow);
  std::byte* to = made.bytes.data();
  for (std::size_t block = 0; block < padded_out; block += kTileSide)
    for (const std::int32_t step : made.offsets)
      for (std::size_t i = 0; i < kTileSide * kTileRow; ++i) {
        const std::size_t out = block + i / 1024 * kBlock + i / 4 % kBlock;
        const std::int64_t at = step + static_cast<std::int64_t>(i % 1024 / 64 * 4 + i % 4);
        *to++ = static_cast<std::byte>(weight_at(weight, out, at, row_bytes));
      }
  return made;
}

}  // namespace

ByteWeights round_weights(const ByteScale& in, const ConvGeometry& g,
                          std::span<const float> weights, std::size_t padded_out) {
  const std::size_t taps = g.offsets.size();
  const std::size_t inputs = g.in_channels * taps;
  SYRINX_CHECK(weights.size() == g.out_channels * inputs, "weights of another size");
  SYRINX_CHECK(sums_fit_bytes(inputs), "a convolution of too many inputs for bytes");
  ByteWeights made{std::vector<std::int8_t>(weights.size()), std::vector<std::int32_t>(padded_out),
                   std::vector<float>(padded_out)};
  for (std::size_t out = 0; out < g.out_channels; ++out) {
    const auto scaled = [&](std::size_t i) {
      return weights[out * inputs + i] * in.step(i / taps);
    };
    float most = 0;
    for (std::size_t i = 0; i < inputs; ++i) most = std::max(most, std::abs(scaled(i)));
    made.scale[out] = most / kMostWeight;
    if (!(made.scale[out] > 0)) continue;
    for (std::size_t i = 0; i < inputs; ++i) {
      const float rounded = std::round(scaled(i) / made.scale[out]);
      const auto value = static_cast<std::int8_t>(std::clamp(rounded, -kMostWeight, kMostWeight));
      made.values[out * inputs + i] = value;
      made.start[out] -= value * in.zero(i / taps);
    }
  }
  return made;
}

PackedBytes pack_bytes(ByteLayout layout, const ByteWeights& weights, const ConvGeometry& geometry,
                       std::size_t padded_in, std::size_t padded_out) {
  const WeightReader reader{weights, geometry};
  if (layout == ByteLayout::kTiles) return pack_tiles(reader, padded_in, padded_out);
  if (layout == ByteLayout::kQuads)
    return {pack_groups<std::int8_t>(reader, 4, padded_in, padded_out), geometry.offsets};
  return {pack_groups<std::int16_t>(reader, 2, padded_in, padded_out), geometry.offsets};
}

}  // namespace syrinx::nn
