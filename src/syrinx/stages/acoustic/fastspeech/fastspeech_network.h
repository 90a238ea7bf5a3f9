// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/core/nn/layers/attention.h"
#include "syrinx/core/nn/layers/embedding.h"
#include "syrinx/core/nn/layers/linear.h"
#include "syrinx/core/nn/layers/norms.h"
#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/acoustic/fastspeech/fastspeech_config.h"
#include "syrinx/stages/acoustic/fastspeech/sequence_conv.h"

// FastSpeech 2 (Ren et al. 2021), layer by layer as training/voice/model.py has it.
namespace syrinx::acoustic {

// Rows of activations that own their memory, zeros at first.
struct OwnedRows {
  OwnedRows() = default;
  OwnedRows(std::size_t rows, std::size_t row_stride)
      : values(rows * row_stride), count(rows), stride(row_stride) {}

  nn::Rows view() noexcept { return {values.data(), count, stride}; }
  nn::ConstRows view() const noexcept { return {values.data(), count, stride}; }

  std::vector<float> values;
  std::size_t count = 0;
  std::size_t stride = 0;  // Channels, padded as the kernels want it.
};

// What the network says of the phonemes of one stretch.
struct PhonemeVoicing {
  OwnedRows hidden;                  // What the decoder is given, a row for each symbol.
  std::vector<float> log_durations;  // Of each symbol: log(frames + 1).
  std::vector<float> pitch;          // Normalised logarithm of F0, the shift included.
  std::vector<float> energy;         // Normalised.
};

// Immutable; any thread may run it.
class FastSpeechNetwork {
 public:
  // Errors: kNotFound naming a tensor that is missing; kCorruptData naming one of another shape, or
  // a number in it that is not finite.
  static Result<FastSpeechNetwork> build(const FastSpeechConfig& config, const nn::WeightFile& file,
                                         const nn::RowKernels& kernels, nn::Precision precision);
  FastSpeechNetwork(FastSpeechNetwork&&) noexcept = default;
  FastSpeechNetwork& operator=(FastSpeechNetwork&&) noexcept = default;

  std::size_t parameters() const noexcept { return parameters_; }
  std::size_t memory_bytes() const noexcept;

  // `pitch_shift` is added to the predicted pitch. Errors: kInvalidArgument for no symbols or one
  // that the table has not; kCancelled, asked between two blocks.
  Result<PhonemeVoicing> encode(std::span<const std::int32_t> symbols, float pitch_shift,
                                const std::stop_token& stop = {}) const;
  // Each symbol's row as often as it has frames, made a mel: as many rows of `bands` values as
  // there are frames, normalised. Pre: a count for each row. Errors: kCancelled.
  Result<std::vector<float>> decode(nn::ConstRows hidden, std::span<const std::size_t> frames,
                                    const std::stop_token& stop = {}) const;

 private:
  struct Block {
    nn::LayerNorm norm1, norm2;
    nn::SelfAttention attention;
    SequenceConv conv1, conv2;
  };
  struct Stack {
    std::vector<Block> blocks;
    nn::LayerNorm norm;
  };
  struct Predictor {
    SequenceConv conv1, conv2;
    nn::LayerNorm norm1, norm2;
    nn::Linear out;
  };
  class Builder;

  FastSpeechNetwork() = default;
  Result<void> run(const Stack& stack, OwnedRows& x, const std::stop_token& stop) const;
  std::vector<float> predict(const Predictor& predictor, nn::ConstRows x) const;
  void add_embedded(const SequenceConv& embedding, std::span<const float> values, nn::Rows x) const;

  const nn::RowKernels* kernels_ = nullptr;
  FastSpeechSizes sizes_;
  std::size_t bands_ = 0;
  std::size_t stride_ = 0;  // Of a row of `hidden` channels.
  std::size_t parameters_ = 0;
  nn::Embedding embedding_;
  Stack encoder_, decoder_;
  Predictor duration_, pitch_, energy_;
  SequenceConv pitch_embedding_, energy_embedding_;
  nn::Linear mel_;
};

}  // namespace syrinx::acoustic
