// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/layers/norms.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/base/check.h"
#include "syrinx/core/nn/rows/packed_conv.h"

namespace syrinx::nn {

LayerNorm::LayerNorm(const RowKernels& kernels, std::span<const float> scale,
                     std::span<const float> bias, float epsilon)
    : maths_(&row_maths_for(kernels)),
      padded_(padded_channels(kernels, scale.size())),
      scale_(scale.begin(), scale.end()),
      bias_(bias.begin(), bias.end()),
      epsilon_(epsilon) {
  SYRINX_CHECK(scale.size() == bias.size(), "a scale and a bias for each channel");
}

void LayerNorm::run(ConstRows x, Rows out) const noexcept {
  SYRINX_CHECK(x.count == out.count, "as many rows go out as come in");
  maths_->layer_norm(out.data, out.stride, x.data, x.stride, x.count, scale_.size(), scale_.data(),
                     bias_.data(), epsilon_);
  for (std::size_t r = 0; r < out.count; ++r)
    std::fill(out.row(r) + scale_.size(), out.row(r) + padded_, 0.0F);
}

GroupNorm::GroupNorm(const RowKernels& kernels, std::size_t groups, std::span<const float> scale,
                     std::span<const float> bias, float epsilon)
    : groups_(groups),
      padded_(padded_channels(kernels, scale.size())),
      scale_(scale.begin(), scale.end()),
      bias_(bias.begin(), bias.end()),
      epsilon_(epsilon) {
  SYRINX_CHECK(scale.size() == bias.size(), "a scale and a bias for each channel");
  SYRINX_CHECK(groups > 0 && scale.size() % groups == 0, "groups that share the channels evenly");
}

void GroupNorm::run(ConstRows x, Rows out) const noexcept {
  SYRINX_CHECK(x.count == out.count, "as many rows go out as come in");
  const std::size_t width = scale_.size() / groups_;
  const auto count = static_cast<double>(x.count * width);
  for (std::size_t first = 0; first < scale_.size(); first += width) {
    double sum = 0, squares = 0;
    for (std::size_t r = 0; r < x.count; ++r)
      for (std::size_t c = first; c < first + width; ++c) sum += double{x.row(r)[c]};
    const double mean = sum / count;
    for (std::size_t r = 0; r < x.count; ++r)
      for (std::size_t c = first; c < first + width; ++c)
        squares += (double{x.row(r)[c]} - mean) * (double{x.row(r)[c]} - mean);
    const double factor = 1 / std::sqrt(squares / count + double{epsilon_});
    for (std::size_t r = 0; r < x.count; ++r)
      for (std::size_t c = first; c < first + width; ++c)
        out.row(r)[c] =
            static_cast<float>((double{x.row(r)[c]} - mean) * factor) * scale_[c] + bias_[c];
  }
  for (std::size_t r = 0; r < out.count; ++r)
    std::fill(out.row(r) + scale_.size(), out.row(r) + padded_, 0.0F);
}

void fold_batch_norm(const BatchNorm& norm, std::span<float> weights, std::span<float> bias) {
  const std::size_t channels = bias.size();
  SYRINX_CHECK(norm.scale.size() == channels && norm.bias.size() == channels &&
                   norm.mean.size() == channels && norm.variance.size() == channels,
               "a norm of as many channels as the layer has");
  const std::size_t each = channels == 0 ? 0 : weights.size() / channels;
  for (std::size_t o = 0; o < channels; ++o) {
    const double factor =
        double{norm.scale[o]} / std::sqrt(double{norm.variance[o]} + double{norm.epsilon});
    for (float& w : weights.subspan(o * each, each)) w = static_cast<float>(double{w} * factor);
    bias[o] = static_cast<float>((double{bias[o]} - double{norm.mean[o]}) * factor +
                                 double{norm.bias[o]});
  }
}

}  // namespace syrinx::nn
