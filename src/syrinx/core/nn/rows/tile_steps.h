// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "syrinx/core/nn/rows/packed_conv.h"

namespace syrinx::nn {

inline constexpr std::size_t kTileInputs = 32;   // Channels that a step of tiles multiplies,
inline constexpr std::size_t kTileOutputs = 16;  // and a tile of weights makes: two to a step.

// Where the inputs of a tile of weights come from.
struct TileSource {
  std::size_t tap = 0;
  std::size_t part = 0;  // First input channel.
  bool zeros = false;    // Nothing: the tile fills up a step.
};
// Of output channels 0-15 and 16-31 of a block.
using TileStep = std::array<TileSource, 2>;

// The steps of tiles that make a convolution, one block of 32 output channels after the other, each
// block of as many.
struct TilePlan {
  std::size_t steps = 0;  // Of a block.
  std::vector<TileStep> order;
  bool sparse = false;  // Not every tap's inputs in turn.
};

// Every tap's inputs in turn.
TilePlan all_tiles(std::size_t taps, std::size_t in_channels, std::size_t out_channels);

// The same without the tiles that hold nothing but zeros, of which folded convolutions have many:
// steps of both halves' own inputs, those first that both read. All tiles where that saves none.
// Channels are padded.
TilePlan full_tiles(const ConvGeometry& geometry, const ConvWeightAt& weight,
                    std::size_t in_channels, std::size_t out_channels);

}  // namespace syrinx::nn
