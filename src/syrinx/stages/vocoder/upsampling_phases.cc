// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/upsampling_phases.h"

#include <algorithm>
#include <optional>

namespace syrinx::vocoder {

UpsamplingPhases upsampling_phases(const TransposedConv& conv, const nn::RowKernels& kernels,
                                   nn::RowFormat format) {
  UpsamplingPhases made;
  for (std::int64_t phase = 0; phase < conv.rate; ++phase) {
    const auto offset = [&](std::size_t, std::size_t k) -> std::optional<std::int64_t> {
      const std::int64_t u = phase + conv.padding - static_cast<std::int64_t>(k);
      const bool whole = ((u % conv.rate) + conv.rate) % conv.rate == 0;
      return whole ? std::optional(u / conv.rate) : std::nullopt;
    };
    const auto weight = [&](std::size_t o, std::size_t i, std::size_t k) {
      return conv.weights[(i * conv.out_channels + o) * conv.kernel + k];
    };
    const nn::FoldedConv folded = nn::fold_conv(
        {conv.in_channels, conv.out_channels, conv.kernel, offset, weight, conv.bias}, 1, 1);
    made.phases.emplace_back(kernels, format, folded.geometry, folded.weights, folded.bias);
    made.behind = std::max(made.behind, folded.geometry.behind());
    made.ahead = std::max(made.ahead, folded.geometry.ahead());
  }
  return made;
}

}  // namespace syrinx::vocoder
