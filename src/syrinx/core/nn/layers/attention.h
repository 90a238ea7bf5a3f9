// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/layers/layer_rows.h"
#include "syrinx/core/nn/layers/linear.h"

namespace syrinx::nn {

// What a key has besides for the queries up to `window` rows from it (Shaw, Uszkoreit & Vaswani
// 2018, "Self-attention with relative position representations", for all heads alike; beyond the
// window nothing, as in Glow-TTS and VITS). Both are [2 window + 1][head channels], from the key
// that stands `window` rows before the query on; empty: no relative positions.
struct RelativePositions {
  std::size_t window = 0;
  std::span<const float> keys;
  std::span<const float> values;
};

// Scaled dot-product attention (Vaswani et al. 2017, equation 1) of rows whose channels are
// `heads` heads side by side.
struct Attention {
  ConstRows query;
  ConstRows key;
  ConstRows value;  // As many as keys.
  Rows out;         // As many as queries. Only the heads' channels are written.
  std::size_t heads = 1;
  std::size_t head_channels = 0;
  std::span<const std::uint8_t> key_mask;  // Of each key: 0 leaves it out. Empty: none is.
  RelativePositions positions;
  std::size_t first_query = 0;  // Where the first query stands among the keys.
};

// A query's row does not depend on which others a call makes, so that a sequence may be cut into
// stretches of queries. A query all of whose keys are left out becomes zeros.
void attend(const RowKernels& kernels, const Attention& attention,
            std::span<std::byte> scratch) noexcept SYRINX_REALTIME;
std::size_t attend_scratch_bytes(std::size_t key_rows, std::size_t head_channels) noexcept;

// As PyTorch's MultiheadAttention has them: each matrix [channels][channels], each bias [channels]
// or none. Its in_proj_weight is query, key and value one after the other.
struct SelfAttentionWeights {
  std::span<const float> query, key, value, out;
  std::span<const float> query_bias, key_bias, value_bias, out_bias;
  RelativePositions positions;
};

// Multi-head self-attention of a whole sequence: three matrices, attention, one matrix.
class SelfAttention {
 public:
  // Errors: kUnsupported where the heads do not share the channels evenly; kInvalidArgument for
  // weights of another size.
  static Result<SelfAttention> create(const RowKernels& kernels, RowFormat format,
                                      std::size_t channels, std::size_t heads,
                                      const SelfAttentionWeights& weights);

  std::size_t scratch_bytes(std::size_t rows) const noexcept;
  std::size_t memory_bytes() const noexcept;
  // `key_mask` as Attention has it; `residual`, unless empty, is added. `out` may be either of x
  // and residual.
  void run(ConstRows x, Rows out, std::span<std::byte> scratch,
           std::span<const std::uint8_t> key_mask = {},
           ConstRows residual = {}) const noexcept SYRINX_REALTIME;

 private:
  SelfAttention() = default;

  const RowKernels* kernels_ = nullptr;
  std::size_t heads_ = 1;
  std::size_t channels_ = 0;
  std::size_t padded_ = 0;
  Linear query_key_value_;  // To padded rows of each, side by side.
  Linear out_;
  std::size_t window_ = 0;
  std::vector<float> near_keys_, near_values_;
};

}  // namespace syrinx::nn
