// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_config.h"
#include "syrinx/stages/vocoder/weight_source.h"

namespace syrinx::vocoder {

struct ResidualLayer {
  nn::PackedConv first;
  nn::PackedConv second;  // Empty in blocks of one convolution a layer.
  // Of their inputs, where those are bytes; a block's first layer reads the stage's `activated`.
  nn::ByteScale in;
  nn::ByteScale middle;
  std::int64_t look_ahead() const noexcept {
    return first.geometry().ahead() + second.geometry().ahead();
  }
};

struct ResidualBlock {
  std::size_t number = 0;  // In the config.
  std::vector<ResidualLayer> layers;
  std::int64_t look_ahead = 0;
};

// Rows of a stage are folded where they are narrow: see nn::FoldedConv.
struct GeneratorStage {
  std::size_t rate = 1;      // Folded rows that one (folded) row of input becomes.
  std::size_t fold = 1;      // Plain rows in a folded one.
  std::size_t channels = 0;  // Of a folded row, padded.
  // Rows that an utterance has besides: one where kernel - rate is odd, as PyTorch counts them.
  std::size_t extra_rows = 0;
  nn::RowFormat in_format = nn::RowFormat::kFloat;  // Of its input, which the phases multiply.
  nn::RowFormat format = nn::RowFormat::kFloat;     // Of what the blocks multiply.
  std::vector<nn::PackedConv> phases;  // Row q * rate + p of the output is phase p at row q.
  std::int64_t behind = 0;             // Rows that the phases read before and after row q.
  std::int64_t ahead = 0;
  nn::ByteScale activated;            // Of what the blocks read, where that is bytes.
  std::vector<ResidualBlock> blocks;  // Those that look least far ahead first.
  float slope_after = 0.1F;           // Of the leaky ReLU before what follows.
};

// What the inputs of residual blocks have been, as plain channels: what bytes are made by.
struct LayerRanges {
  nn::ChannelRanges in;  // Not of a block's first layer.
  nn::ChannelRanges middle;
};
struct StageRanges {
  nn::ChannelRanges activated;
  std::vector<std::vector<LayerRanges>> blocks;  // By ResidualBlock::number.
};
using GeneratorRanges = std::vector<StageRanges>;

// The weights of a HiFi-GAN generator, packed for one table of kernels. Immutable.
struct HifiganGenerator {
  // `calibration` as in VocoderOptions. Errors: as validate(config), and those of the source; for
  // kInt8 those of calibrate_hifigan().
  static Result<HifiganGenerator> build(const HifiganConfig& config, const WeightSource& source,
                                        const nn::RowKernels& kernels, nn::Precision precision,
                                        const AudioBuffer* calibration = nullptr);
  // Float32 rows, but bytes by `ranges` in the blocks of one stage, unless there is none: what
  // calibration measures by.
  static Result<HifiganGenerator> build_float(const HifiganConfig& config,
                                              const WeightSource& source,
                                              const nn::RowKernels& kernels,
                                              const GeneratorRanges* ranges = nullptr,
                                              std::size_t byte_stage = 0);

  HifiganConfig config;
  const nn::RowKernels* kernels = nullptr;
  nn::PackedConv pre;
  nn::RowFormat pre_format = nn::RowFormat::kFloat;  // Of the mel.
  std::vector<GeneratorStage> stages;
  std::size_t post_channels = 0;    // Of a plain row of the last stage, padded where not folded.
  std::vector<float> post_weights;  // [7][post_channels], padded with zeros to 16.
  float post_bias = 0;
  std::size_t parameters = 0;

  std::size_t memory_bytes() const noexcept;
  std::size_t latency_samples() const noexcept;
  // Frames by which an utterance may be moved, all rows being made as before: some convolutions
  // make rows in pairs.
  std::size_t grid_frames() const noexcept;
  std::size_t conv_scratch_bytes() const noexcept;  // That its convolutions need, one at a time.
  std::size_t byte_stages() const noexcept;         // Whose blocks multiply bytes.
  std::size_t extra_samples() const noexcept;  // Of an utterance, besides hop_samples() a frame.
};

}  // namespace syrinx::vocoder
