// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/tile_steps.h"

#include <algorithm>

namespace syrinx::nn {
namespace {

// Whether a tile of the weights to outputs [out, out + 16) has any that is not 0.
bool has_weights(const ConvGeometry& geometry, const ConvWeightAt& weight, std::size_t out,
                 const TileSource& source) {
  const std::size_t out_end = std::min(out + kTileOutputs, geometry.out_channels);
  const std::size_t in_end = std::min(source.part + kTileInputs, geometry.in_channels);
  for (std::size_t o = out; o < out_end; ++o)
    for (std::size_t i = source.part; i < in_end; ++i)
      if (weight(o, i, source.tap) != 0.0F) return true;
  return false;
}

// The steps of one block: those that both halves need, then what is left of each side by side.
std::vector<TileStep> block_steps(const ConvGeometry& geometry, const ConvWeightAt& weight,
                                  std::size_t in_channels, std::size_t out) {
  std::vector<TileStep> steps;
  std::array<std::vector<TileSource>, 2> alone;
  for (std::size_t tap = 0; tap < geometry.offsets.size(); ++tap)
    for (std::size_t part = 0; part < in_channels; part += kTileInputs) {
      const TileSource source{tap, part, false};
      const bool first = has_weights(geometry, weight, out, source);
      const bool second = has_weights(geometry, weight, out + kTileOutputs, source);
      if (first && second) {
        steps.push_back({source, source});
      } else if (first || second) {
        alone[second ? 1 : 0].push_back(source);
      }
    }
  for (std::size_t i = 0; i < std::max(alone[0].size(), alone[1].size()); ++i) {
    TileStep step;
    for (std::size_t half = 0; half < 2; ++half) {
      const std::size_t other = 1 - half;
      step[half] = i < alone[half].size()
                       ? alone[half][i]
                       : TileSource{alone[other][i].tap, alone[other][i].part, true};
    }
    steps.push_back(step);
  }
  return steps;
}

}  // namespace

TilePlan all_tiles(std::size_t taps, std::size_t in_channels, std::size_t out_channels) {
  TilePlan plan;
  plan.steps = taps * (in_channels / kTileInputs);
  for (std::size_t out = 0; out < out_channels; out += 2 * kTileOutputs)
    for (std::size_t tap = 0; tap < taps; ++tap)
      for (std::size_t part = 0; part < in_channels; part += kTileInputs)
        plan.order.push_back({TileSource{tap, part, false}, TileSource{tap, part, false}});
  return plan;
}

TilePlan full_tiles(const ConvGeometry& geometry, const ConvWeightAt& weight,
                    std::size_t in_channels, std::size_t out_channels) {
  std::vector<std::vector<TileStep>> blocks;
  TilePlan plan;
  plan.sparse = true;
  plan.steps = 1;
  for (std::size_t out = 0; out < out_channels; out += 2 * kTileOutputs) {
    blocks.push_back(block_steps(geometry, weight, in_channels, out));
    plan.steps = std::max(plan.steps, blocks.back().size());
  }
  TilePlan all = all_tiles(geometry.offsets.size(), in_channels, out_channels);
  if (plan.steps >= all.steps) return all;
  const TileSource nothing{0, 0, true};
  for (std::vector<TileStep>& block : blocks) {
    block.resize(plan.steps, {nothing, nothing});
    plan.order.insert(plan.order.end(), block.begin(), block.end());
  }
  return plan;
}

}  // namespace syrinx::nn
