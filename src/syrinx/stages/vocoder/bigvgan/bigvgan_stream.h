// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/dsp/aligned.h"
#include "syrinx/core/nn/rows/row_window.h"
#include "syrinx/stages/vocoder/bigvgan/bigvgan_generator.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoder {

// One utterance through a BigVGAN generator. Every layer keeps the few rows that its next outputs
// still need. Outside the utterance lie zeros for convolutions and the outermost rows, repeated,
// for activations, as in the whole. Each stage works in stretches short enough for the cache.
class BigVganStream final : public VocoderStream {
 public:
  BigVganStream(const BigVganGenerator& generator, std::size_t max_block_frames);

  std::size_t latency_samples() const noexcept override { return latency_; }
  std::size_t tail_samples() const noexcept override { return latency_; }
  std::size_t max_block_frames() const noexcept override { return max_block_frames_; }
  void process(MelView mel, MutableAudioView out) noexcept override;
  void finish(MutableAudioView out) noexcept override;
  void reset() noexcept override;
  std::size_t bad_frames() const noexcept override { return bad_frames_; }
  std::size_t memory_bytes() const noexcept override;

 private:
  struct LayerState {
    nn::RowWindow in;         // Float; the first layer reads the stage's instead.
    nn::RowWindow activated;  // What the first convolution multiplies.
    nn::RowWindow middle;     // Float, what it makes.
    nn::RowWindow again;      // The same activated, for the second.
    std::int64_t done = 0;
  };
  struct BlockState {
    std::vector<LayerState> layers;
  };
  struct StageState {
    nn::RowWindow in;
    nn::RowWindow upsampled;
    nn::RowWindow sum;  // Of the blocks.
    std::vector<BlockState> blocks;
    std::size_t max_in_rows = 0;  // Of one stretch.
    std::int64_t in_done = 0;
    std::int64_t sum_done = 0;
  };
  // Scratch that windows lie in while a stage works.
  struct Scratch {
    nn::ScratchBytes upsampled, sum, in[2], activated, middle;
  };
  // What a call knows about the end of a stage's rows.
  struct End {
    std::int64_t total;
    bool last;
  };

  StageState make_stage(std::size_t index, std::size_t in_rows) const;
  void make_scratch();
  void run_pre(bool last) noexcept;
  void run_stage(std::size_t index, bool last) noexcept;
  void upsample(const BigVganStage& stage, StageState& state, std::int64_t end) noexcept;
  void run_block(const BigVganStage& stage, StageState& state, std::size_t index, End end) noexcept;
  void activate(const nn::RowWindow& in, const Snake& snake, nn::RowFormat format,
                nn::RowWindow& out, End end) noexcept;
  void hand_on(std::size_t index) noexcept;
  void run_post(bool last) noexcept;
  nn::RowWindow& input_of(std::size_t stage) noexcept;
  std::int64_t total_rows(std::size_t stage) const noexcept;

  const BigVganGenerator& generator_;
  std::size_t max_block_frames_;
  std::size_t latency_;
  nn::RowWindow mel_;
  std::vector<StageState> stages_;
  nn::RowWindow post_in_;  // Before the last activation, and after.
  nn::RowWindow post_;
  std::int64_t post_done_ = 0;
  std::vector<nn::ScratchBytes> in_scratch_;  // One for each stage's input, and the last's output.
  nn::ScratchBytes mel_scratch_;
  nn::ScratchBytes post_scratch_;
  dsp::AlignedFloats pre_rows_;    // What the first convolution makes.
  dsp::AlignedFloats snake_rows_;  // What an activation makes, before it is packed.
  Scratch scratch_;
  std::size_t bad_frames_ = 0;

  float* out_ = nullptr;  // Where the samples of the running call go.
};

}  // namespace syrinx::vocoder
