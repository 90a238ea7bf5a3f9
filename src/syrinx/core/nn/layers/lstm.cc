// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/layers/lstm.h"

#include <algorithm>

#include "syrinx/core/nn/layers/scratch_cursor.h"
#include "syrinx/core/nn/rows/sequence_kernels.h"

namespace syrinx::nn {
namespace {

constexpr std::size_t kGates = 4;
constexpr std::size_t kSide = 16;  // Outputs side by side in the recurrent matrix.

// [padded / 16][padded][4][16]
std::vector<float> pack_recurrent(std::span<const float> weights, std::size_t hidden,
                                  std::size_t padded) {
  std::vector<float> packed(kGates * padded * padded);
  float* to = packed.data();
  for (std::size_t block = 0; block < padded; block += kSide)
    for (std::size_t in = 0; in < padded; ++in)
      for (std::size_t gate = 0; gate < kGates; ++gate)
        for (std::size_t out = block; out < block + kSide; ++out)
          *to++ = in < hidden && out < hidden ? weights[(gate * hidden + out) * hidden + in] : 0.0F;
  return packed;
}

}  // namespace

void LstmState::reset() noexcept {
  std::fill(output_.begin(), output_.end(), 0.0F);
  std::fill(cell_.begin(), cell_.end(), 0.0F);
}

Lstm::Lstm(const RowKernels& kernels, RowFormat format, std::size_t in, std::size_t hidden,
           const LstmWeights& weights)
    : kernels_(&kernels), hidden_(hidden), padded_((hidden + kSide - 1) / kSide * kSide) {
  const std::size_t gates = kGates * hidden;
  SYRINX_CHECK(weights.input.size() == gates * in && weights.recurrent.size() == gates * hidden,
               "an LSTM's matrices of another size");
  std::vector<float> bias(kGates * padded_);
  for (const std::span<const float> part : {weights.input_bias, weights.recurrent_bias}) {
    SYRINX_CHECK(part.empty() || part.size() == gates, "an LSTM's bias of another size");
    for (std::size_t i = 0; i < part.size(); ++i)
      bias[i / hidden * padded_ + i % hidden] += part[i];
  }
  input_ = Linear(
      kernels, format, in, kGates * padded_,
      [&](std::size_t o, std::size_t i, std::size_t) {
        const std::size_t gate = o / padded_, row = o % padded_;
        return row < hidden ? weights.input[(gate * hidden + row) * in + i] : 0.0F;
      },
      bias);
  recurrent_ = pack_recurrent(weights.recurrent, hidden, padded_);
}

std::size_t Lstm::scratch_bytes(std::size_t rows) const noexcept {
  return scratch_piece(rows * input_.padded_out() * sizeof(float)) +
         scratch_piece(padded_ * sizeof(float)) + input_.scratch_bytes(rows);
}

std::size_t Lstm::memory_bytes() const noexcept {
  return input_.memory_bytes() + recurrent_.size() * sizeof(float);
}

void Lstm::run(ConstRows x, Rows out, LstmState& state,
               std::span<std::byte> scratch) const noexcept {
  run_rows(x, out, state, scratch, false);
}

void Lstm::run_backwards(ConstRows x, Rows out, LstmState& state,
                         std::span<std::byte> scratch) const noexcept {
  run_rows(x, out, state, scratch, true);
}

void Lstm::run_rows(ConstRows x, Rows out, LstmState& state, std::span<std::byte> scratch,
                    bool backwards) const noexcept {
  SYRINX_CHECK(x.count == out.count && state.output_.size() == padded_,
               "rows for rows, and a state of this LSTM's");
  ScratchCursor cursor(scratch);
  const std::size_t step = input_.padded_out();
  const Rows gates{cursor.take_floats(x.count * step), x.count, step};
  float* const made = cursor.take_floats(padded_);
  input_.run(x, gates, cursor.rest());
  const SequenceKernels& kernels = sequence_kernels_for(*kernels_);
  for (std::size_t i = 0; i < x.count; ++i) {
    const std::size_t row = backwards ? x.count - 1 - i : i;
    kernels.lstm_step({gates.row(row), recurrent_.data(), padded_, state.output_.data(),
                       state.cell_.data(), made});
    std::copy_n(made, padded_, state.output_.begin());
    std::copy_n(made, hidden_, out.row(row));
  }
}

BiLstm::BiLstm(const RowKernels& kernels, RowFormat format, std::size_t in, std::size_t hidden,
               const LstmWeights& forward, const LstmWeights& backward)
    : forward_(kernels, format, in, hidden, forward),
      backward_(kernels, format, in, hidden, backward),
      padded_out_(padded_channels(kernels, 2 * hidden)) {}

std::size_t BiLstm::scratch_bytes(std::size_t rows) const noexcept {
  return std::max(forward_.scratch_bytes(rows), backward_.scratch_bytes(rows));
}

std::size_t BiLstm::memory_bytes() const noexcept {
  return forward_.memory_bytes() + backward_.memory_bytes();
}

void BiLstm::run(ConstRows x, Rows out, LstmState& state,
                 std::span<std::byte> scratch) const noexcept {
  state.reset();
  forward_.run(x, out, state, scratch);
  state.reset();
  backward_.run_backwards(x, {out.data + forward_.hidden(), out.count, out.stride}, state, scratch);
  for (std::size_t r = 0; r < out.count; ++r)
    std::fill(out.row(r) + out_channels(), out.row(r) + padded_out_, 0.0F);
}

}  // namespace syrinx::nn
