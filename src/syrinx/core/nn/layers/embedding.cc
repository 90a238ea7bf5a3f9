// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/layers/embedding.h"

#include <algorithm>

#include "syrinx/core/base/check.h"
#include "syrinx/core/nn/rows/packed_conv.h"

namespace syrinx::nn {

Embedding::Embedding(const RowKernels& kernels, std::size_t channels, std::span<const float> table)
    : padded_(padded_channels(kernels, channels)) {
  SYRINX_CHECK(channels > 0 && table.size() % channels == 0, "a table of whole rows");
  symbols_ = table.size() / channels;
  table_.resize(symbols_ * padded_);
  for (std::size_t i = 0; i < symbols_; ++i)
    std::copy_n(table.data() + i * channels, channels, table_.data() + i * padded_);
}

Result<void> Embedding::check(std::span<const std::int32_t> symbols) const {
  for (std::size_t i = 0; i < symbols.size(); ++i)
    if (symbols[i] < 0 || static_cast<std::size_t>(symbols[i]) >= symbols_)
      return make_error(ErrorCode::kInvalidArgument, "symbol ", i, " is ", symbols[i],
                        "; the embedding has 0 to ", symbols_ - 1);
  return {};
}

void Embedding::run(std::span<const std::int32_t> symbols, Rows out) const noexcept {
  SYRINX_CHECK(symbols.size() == out.count, "a row for each symbol");
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    SYRINX_CHECK(symbols[i] >= 0 && static_cast<std::size_t>(symbols[i]) < symbols_,
                 "a symbol that the table has not");
    std::copy_n(table_.data() + static_cast<std::size_t>(symbols[i]) * padded_, padded_,
                out.row(i));
  }
}

}  // namespace syrinx::nn
