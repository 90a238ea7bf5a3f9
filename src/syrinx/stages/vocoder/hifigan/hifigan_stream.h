// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/nn/rows/row_window.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_generator.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoder {

// One utterance through a HiFi-GAN generator. Every layer keeps the few rows that its next outputs
// still need and computes each row once; what lies outside the utterance is zeros as activations,
// not as mels, as in the whole. Each stage works in stretches short enough for the cache.
class HifiganStream final : public VocoderStream {
 public:
  // `ranges`, unless null, takes in what the residual blocks read: of a generator of float rows,
  // for calibration.
  HifiganStream(const HifiganGenerator& generator, std::size_t max_block_frames,
                GeneratorRanges* ranges = nullptr);

  std::size_t latency_samples() const noexcept override { return latency_; }
  std::size_t tail_samples() const noexcept override {
    return latency_ + generator_.extra_samples();
  }
  std::size_t max_block_frames() const noexcept override { return max_block_frames_; }
  void process(MelView mel, MutableAudioView out) noexcept override;
  void finish(MutableAudioView out) noexcept override;
  void finish_with(MelView mel, MutableAudioView out) noexcept override;
  void reset() noexcept override;
  void skip(std::size_t samples) noexcept override;
  std::size_t bad_frames() const noexcept override { return bad_frames_; }
  std::size_t memory_bytes() const noexcept override;

 private:
  // What stands between two layers of a residual block.
  struct LayerState {
    nn::RowWindow in;      // Activated input; the first layer reads the stage's instead.
    nn::RowWindow middle;  // Activated output of the first of two convolutions.
    std::int64_t done = 0;
  };
  struct BlockState {
    nn::RowWindow residual;  // What the layers have added so far, each further along.
    std::vector<LayerState> layers;
  };
  struct StageState {
    nn::RowWindow in;
    nn::RowWindow upsampled;  // Float, and below the same activated.
    nn::RowWindow activated;
    nn::RowWindow sum;  // Of the blocks.
    std::vector<BlockState> blocks;
    std::size_t max_in_rows = 0;  // Of one stretch.
    std::int64_t in_done = 0;
    std::int64_t sum_done = 0;
  };
  // Scratch that a stage's windows lie in while it works.
  struct Scratch {
    nn::ScratchBytes upsampled, activated, sum, residual, in, middle, conv;
  };

  StageState make_stage(std::size_t index, std::size_t in_rows) const;
  void make_scratch();
  // Each layer begins with the first row that the samples from `sample` on depend on.
  void start_at(std::size_t sample) noexcept;
  std::int64_t start_stage(std::size_t index, std::int64_t first) noexcept;
  void begin_output(std::span<float> out) noexcept;
  void take_in(MelView mel) noexcept;
  void run_pre(bool last) noexcept;
  void run_stage(std::size_t index, bool last) noexcept;
  void upsample(std::size_t stage_index, std::int64_t end, bool last) noexcept;
  void run_block(std::size_t stage_index, std::size_t index, std::int64_t total,
                 bool last) noexcept;
  // The blocks' input from `upsampled`, rows [first, first + rows).
  void activate_upsampled(const GeneratorStage& stage, StageState& state, std::int64_t first,
                          std::size_t rows) noexcept;
  bool hands_on_at_once(std::size_t index) const noexcept;
  void add_hand_on(std::size_t index, std::int64_t first, nn::ConvTail& tail) noexcept;
  void hand_on(std::size_t index) noexcept;
  void run_post(bool last) noexcept;
  nn::RowWindow& input_of(std::size_t stage) noexcept;
  std::int64_t total_rows(std::size_t stage) const noexcept;

  const HifiganGenerator& generator_;
  GeneratorRanges* ranges_;
  std::size_t max_block_frames_;
  std::size_t latency_;
  std::size_t silence_ = 0;  // Samples that the utterance begins with: the latency, those skipped.
  nn::RowWindow mel_;
  std::vector<StageState> stages_;
  nn::RowWindow post_;
  std::int64_t post_rows_ = 0;  // Folded rows that the last convolution reads on each side.
  std::int64_t post_done_ = 0;
  std::vector<nn::ScratchBytes> in_scratch_;  // One for each stage's input, and the last's output.
  nn::ScratchBytes mel_scratch_;
  // Where it takes other rows than floats, the mel; else what the first convolution makes, before
  // it is activated, unless it does that itself.
  std::vector<float> pre_rows_;
  std::size_t pre_channels_ = 0;
  Scratch scratch_;
  std::size_t bad_frames_ = 0;

  float* out_ = nullptr;  // Where the samples of the running call go.
};

}  // namespace syrinx::vocoder
