// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/layers/layer_rows.h"

namespace syrinx::nn {

// A row for each of a list of symbols, as PyTorch's Embedding.
class Embedding {
 public:
  Embedding() = default;
  // `table` is [symbols][channels].
  Embedding(const RowKernels& kernels, std::size_t channels, std::span<const float> table);

  std::size_t symbols() const noexcept { return symbols_; }
  std::size_t memory_bytes() const noexcept { return table_.size() * sizeof(float); }
  // kInvalidArgument naming the first symbol that the table has not.
  Result<void> check(std::span<const std::int32_t> symbols) const;
  // Pre: check(symbols); as many rows as symbols.
  void run(std::span<const std::int32_t> symbols, Rows out) const noexcept SYRINX_REALTIME;

 private:
  std::size_t symbols_ = 0;
  std::size_t padded_ = 0;
  std::vector<float> table_;  // [symbols][padded_]
};

}  // namespace syrinx::nn
