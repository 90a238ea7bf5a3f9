// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "syrinx/core/base/thread_pool.h"
#include "syrinx/core/nn/rows/packed_conv.h"

namespace syrinx::vocoder {

// Float rows side by side, time x channel, channels padded.
struct UnetRows {
  UnetRows(std::size_t row_count, std::size_t padded_channels)
      : rows(row_count), channels(padded_channels), values(row_count * padded_channels) {}
  float* row(std::size_t index) noexcept { return values.data() + index * channels; }
  const float* row(std::size_t index) const noexcept { return values.data() + index * channels; }

  std::size_t rows;
  std::size_t channels;
  std::vector<float> values;
};

// How layers are run: on which kernels, and on how many threads.
struct UnetRun {
  const nn::RowKernels* kernels = nullptr;
  nn::RowFormat format = nn::RowFormat::kFloat;
  ThreadPool* pool = nullptr;

  // Calls part(begin, end) for stretches of [0, count), several at once where there is a pool.
  void split(std::size_t count, const std::function<void(std::size_t, std::size_t)>& part) const;
};

// What a convolution's rows are added to: left out when null.
struct UnetTail {
  const UnetRows* residual = nullptr;
  const float* bias = nullptr;  // Instead of the convolution's own; padded.
};

// conv(leaky_relu(x)) over rows of which zeros lie before the first and after the last. `fold`
// takes that many rows of x for one row, the first one's channels first; a result of
// `unfold` * n channels becomes as many times more rows of n. The result's values depend on neither
// threads nor stretches.
UnetRows convolve(const UnetRun& run, const nn::PackedConv& conv, const UnetRows& x, float slope,
                  const UnetTail& tail = {}, std::size_t fold = 1, std::size_t unfold = 1);

// nn::attend() of every row over all rows, the channels in `heads` heads of equal width.
// `channels` counts those that are not padding.
UnetRows attend(const UnetRun& run, const UnetRows& query, const UnetRows& key,
                const UnetRows& value, std::size_t channels, std::size_t heads);

}  // namespace syrinx::vocoder
