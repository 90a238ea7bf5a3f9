// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/nn/layers/layer_rows.h"
#include "syrinx/core/nn/layers/linear.h"

namespace syrinx::nn {

// As PyTorch's LSTM has them, the gates in its order (input, forget, cell, output): weight_ih
// [4 hidden][in], weight_hh [4 hidden][hidden], bias_ih and bias_hh [4 hidden], or none.
struct LstmWeights {
  std::span<const float> input, recurrent;
  std::span<const float> input_bias, recurrent_bias;
};

// What an LSTM remembers from row to row: a stream's own. Zeros at a sequence's beginning.
class LstmState {
 public:
  LstmState() = default;
  explicit LstmState(std::size_t padded_hidden) : output_(padded_hidden), cell_(padded_hidden) {}
  void reset() noexcept SYRINX_REALTIME;

 private:
  friend class Lstm;
  std::vector<float> output_, cell_;
};

// A long short-term memory in one direction (Hochreiter & Schmidhuber 1997). The recurrence is in
// float32, the input's part in `format`. Rows cut into calls anywhere give the same output, bit for
// bit, with one state.
class Lstm {
 public:
  Lstm() = default;
  // Pre: weights of these sizes.
  Lstm(const RowKernels& kernels, RowFormat format, std::size_t in, std::size_t hidden,
       const LstmWeights& weights);

  std::size_t hidden() const noexcept { return hidden_; }
  LstmState make_state() const { return LstmState(padded_); }
  std::size_t scratch_bytes(std::size_t rows) const noexcept;
  std::size_t memory_bytes() const noexcept;

  // Writes `hidden` channels of each row of `out`, and no more.
  void run(ConstRows x, Rows out, LstmState& state,
           std::span<std::byte> scratch) const noexcept SYRINX_REALTIME;
  // The same from the last row to the first.
  void run_backwards(ConstRows x, Rows out, LstmState& state,
                     std::span<std::byte> scratch) const noexcept SYRINX_REALTIME;

 private:
  void run_rows(ConstRows x, Rows out, LstmState& state, std::span<std::byte> scratch,
                bool backwards) const noexcept;

  const RowKernels* kernels_ = nullptr;
  std::size_t hidden_ = 0;
  std::size_t padded_ = 0;  // To 16.
  Linear input_;            // To [4][padded_].
  std::vector<float> recurrent_;
};

// An LSTM forwards and one backwards over a whole sequence, side by side: PyTorch's with
// bidirectional=True.
class BiLstm {
 public:
  BiLstm() = default;
  BiLstm(const RowKernels& kernels, RowFormat format, std::size_t in, std::size_t hidden,
         const LstmWeights& forward, const LstmWeights& backward);

  std::size_t out_channels() const noexcept { return 2 * forward_.hidden(); }
  std::size_t scratch_bytes(std::size_t rows) const noexcept;
  std::size_t memory_bytes() const noexcept;
  // `state` is a place to work in: what it held before is of no matter.
  void run(ConstRows x, Rows out, LstmState& state,
           std::span<std::byte> scratch) const noexcept SYRINX_REALTIME;
  LstmState make_state() const { return forward_.make_state(); }

 private:
  Lstm forward_, backward_;
  std::size_t padded_out_ = 0;
};

}  // namespace syrinx::nn
