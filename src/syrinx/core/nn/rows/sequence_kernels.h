// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "syrinx/core/nn/rows/row_kernels.h"

// What networks do along a sequence besides convolving it: attention and recurrence, one table of
// function pointers for each instruction set, beside RowKernels and RowMaths. Strides count floats.
namespace syrinx::nn {

// Rows that attend() makes at a time: its scores have room for them.
inline constexpr std::size_t kAttentionRows = 4;

// One head of scaled dot-product attention (Vaswani et al. 2017, equation 1). All in float; `keys`
// and `values` as one head sees them, padded with zeros.
struct AttentionHead {
  const float* query = nullptr;  // The head's first channel of the first row to make.
  std::size_t query_stride = 0;
  float* out = nullptr;
  std::size_t out_stride = 0;
  std::size_t rows = 0;
  std::size_t channels = 0;            // Of the head.
  float scale = 1.0F;                  // Of the products, before the softmax.
  const float* keys = nullptr;         // [channels][padded_keys]
  const float* values = nullptr;       // [key_rows][padded_channels]
  std::size_t key_rows = 0;            // At least 1.
  std::size_t padded_keys = 0;         // A multiple of 16, as the next.
  std::size_t padded_channels = 0;     // Of the head.
  const std::uint8_t* mask = nullptr;  // [key_rows]: 0 where a key is left out. Null: none is.
  const float* near_keys = nullptr;    // [2 window + 1][channels] of the offsets -window to window,
  const float* near_values = nullptr;  // or null: what a key so far from the query has besides.
  std::size_t window = 0;
  std::size_t first_row = 0;  // Where the first row to make stands among the keys.
  float* scores = nullptr;    // [kAttentionRows][padded_keys], to work in.
};

// One moment of an LSTM (Hochreiter & Schmidhuber 1997, with a forget gate), the gates in PyTorch's
// order: input, forget, cell, output.
struct LstmStep {
  const float* gates = nullptr;      // [4][hidden]: what the input and the biases add to each.
  const float* recurrent = nullptr;  // [hidden / 16][hidden][4][16]
  std::size_t hidden = 0;            // Padded to 16.
  const float* before = nullptr;     // [hidden]: the output of the moment before.
  float* cell = nullptr;             // [hidden], updated.
  float* out = nullptr;              // [hidden]; not `before`.
};

struct SequenceKernels {
  // A row's value depends on nothing but the row, the keys and the values. A row whose keys are all
  // left out becomes zeros.
  void (*attend)(const AttentionHead& head) noexcept;
  void (*lstm_step)(const LstmStep& step) noexcept;
};

// The table that goes with a table of row kernels: of the same instructions.
const SequenceKernels& sequence_kernels_for(const RowKernels& kernels) noexcept;

}  // namespace syrinx::nn
