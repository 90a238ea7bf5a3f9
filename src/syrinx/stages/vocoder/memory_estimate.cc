// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/memory_estimate.h"

#include <cstdio>

namespace syrinx::vocoder {
namespace {

// Weights that the kernels multiply for each pair of channels.
std::size_t weights_a_pair(const nn::TensorInfo& info, const ModelKind& kind,
                           const nn::RowKernels& kernels) {
  const std::size_t taps = info.elements() / (info.shape[0] * info.shape[1]);
  const bool minimal = kind.family == ModelFamily::kHifiGan && kernels.conv_bf16 == nullptr &&
                       info.name.find("resblocks.") != std::string::npos &&
                       info.shape[0] >= kernels.channel_multiple &&
                       nn::PackedConv::fits_minimal(taps, 1);
  return minimal ? nn::PackedConv::minimal_weights(taps) : taps;
}

}  // namespace

std::size_t estimate_weight_bytes(const nn::WeightFile& file, const ModelKind& kind,
                                  const nn::RowKernels& kernels, nn::Precision precision) {
  const std::size_t each =
      nn::row_format(kernels, precision) == nn::RowFormat::kBf16 ? 2 : sizeof(float);
  std::size_t bytes = 0;
  for (const nn::TensorInfo& info : file.tensors()) {
    if (!nn::is_floating(info.dtype) || info.elements() == 0) continue;
    if (!info.name.starts_with(kind.prefix)) continue;  // A discriminator, a copy.
    // Biases, gains, filters of one channel each.
    if (info.shape.size() < 2 || info.shape[1] == 1) {
      bytes += info.elements() * sizeof(float);
      continue;
    }
    bytes += nn::padded_channels(kernels, info.shape[0]) *
             nn::padded_channels(kernels, info.shape[1]) * weights_a_pair(info, kind, kernels) *
             each;
  }
  return bytes;
}

std::string in_mebibytes(std::size_t bytes) {
  char words[32];
  std::snprintf(words, sizeof words, "%.1f MiB", static_cast<double>(bytes) / (1 << 20));
  return words;
}

}  // namespace syrinx::vocoder
