// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/mel.h"

namespace syrinx::vocoder {

// The shape of a generator of the HiFi-GAN family (Kong, Kim & Bae 2020, "HiFi-GAN", 2.2): a
// convolution, then per stage a transposed convolution and the mean of several residual blocks,
// then a convolution to one channel.
struct HifiganConfig {
  MelSpec mel;
  std::size_t initial_channels = 512;
  std::vector<std::size_t> upsample_rates{8, 8, 2, 2};
  std::vector<std::size_t> upsample_kernel_sizes{16, 16, 4, 4};
  bool two_convolutions = true;  // ResBlock1: a dilated and a plain one a layer; ResBlock2: one.
  std::vector<std::size_t> block_kernel_sizes{3, 7, 11};
  std::vector<std::vector<std::size_t>> block_dilations{{1, 3, 5}, {1, 3, 5}, {1, 3, 5}};

  std::size_t hop_samples() const noexcept;
  std::size_t channels_after(std::size_t stage) const noexcept {
    return initial_channels >> (stage + 1);
  }
  // "V1", "V2", "V3" as published, else "custom".
  std::string variant() const;
};

// kUnsupported or kLimitExceeded with the field, unless the generator can be built.
Result<void> validate(const HifiganConfig& config);

}  // namespace syrinx::vocoder
