// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/stages/vocoder/melgan/edged_rows.h"
#include "syrinx/stages/vocoder/melgan/melgan_generator.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoder {

// One utterance through a MelGAN:
//
//   mel -> pre -> [upsampling -> residual layers] x stages -> post -> tanh -> (filter bank) ->
//   sound
//
// Every layer keeps the few rows that its next outputs still need and computes each row once; the
// utterance's ends are mirrored layer by layer, as in the whole. Each stage works in stretches
// short enough for the cache.
class MelganStream final : public VocoderStream {
 public:
  MelganStream(const MelganGenerator& generator, std::size_t max_block_frames);

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
    EdgedRows activated;  // Its input; and the same as it is, which the skip reads.
    nn::RowWindow plain;
    std::int64_t done = 0;
  };
  struct StageState {
    EdgedRows in;
    std::vector<LayerState> layers;
    std::size_t max_in_rows = 0;  // Of one stretch.
    std::int64_t in_done = 0;
  };
  // Where rows go: activated, and in a residual layer's format also as they are.
  struct Target {
    std::byte* activated;
    std::size_t activated_stride;
    nn::RowFormat activated_format;
    std::byte* plain = nullptr;
    std::size_t plain_stride = 0;
  };

  StageState make_stage(std::size_t index, std::size_t in_rows) const;
  void make_scratch(std::size_t index, std::size_t rows);
  void make_ends(std::size_t rows);
  void take(MelView mel) noexcept;
  void run_pre(bool last) noexcept;
  void run_stage(std::size_t index, bool last) noexcept;
  void upsample(const MelganStage& stage, StageState& state, std::int64_t end) noexcept;
  void run_layer(std::size_t index, std::size_t layer, bool last) noexcept;
  void run_post(bool last) noexcept;
  void run_filters(bool last) noexcept;
  Target target_after(std::size_t index, std::size_t layer, std::size_t rows) noexcept;
  void deliver(const nn::PackedConv& conv, nn::RowFormat format, const nn::RowWindow& in,
               std::int64_t row, std::size_t rows, std::size_t channels, const Target& to) noexcept;
  void finish_rows(nn::ConvTail tail, const nn::PackedConv& conv, nn::RowFormat format,
                   const std::byte* in, std::size_t in_stride, std::size_t rows,
                   std::size_t channels, const Target& to) noexcept;

  const MelganGenerator& generator_;
  std::size_t max_block_frames_;
  std::size_t latency_;
  EdgedRows mel_;
  std::vector<StageState> stages_;
  EdgedRows post_;
  std::int64_t post_done_ = 0;
  EdgedRows bands_;  // Rows of sub_bands() samples, of several.
  std::int64_t bands_done_ = 0;

  nn::ScratchBytes mel_scratch_, post_scratch_, bands_scratch_;
  std::vector<nn::ScratchBytes> in_scratch_;           // One for each stage's input.
  std::array<nn::ScratchBytes, 2> activated_scratch_;  // Layers take turns.
  std::array<nn::ScratchBytes, 2> plain_scratch_;
  nn::ScratchBytes middle_scratch_;  // Between a layer's two convolutions.
  nn::ScratchBytes sum_scratch_;     // Floats on their way.
  std::vector<float> column_;        // One sub-band, or one phase of the filter bank.
  std::size_t bad_frames_ = 0;

  float* out_ = nullptr;  // Where the samples of the running call go.
};

}  // namespace syrinx::vocoder
