// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/unet/unet_layers.h"

#include <algorithm>

#include "syrinx/core/base/check.h"
#include "syrinx/core/nn/layers/attention.h"
#include "syrinx/core/nn/rows/row_window.h"

namespace syrinx::vocoder {
namespace {
constexpr std::size_t kStretchRows = 1'024;
}  // namespace

void UnetRun::split(std::size_t count,
                    const std::function<void(std::size_t, std::size_t)>& part) const {
  const std::size_t parts = (count + kStretchRows - 1) / kStretchRows;
  const auto run_part = [&](std::size_t i) {
    const nn::TileScope tiles(*kernels);
    part(i * kStretchRows, std::min((i + 1) * kStretchRows, count));
  };
  if (pool != nullptr && parts > 1) return pool->parallel_for(parts, run_part);
  for (std::size_t i = 0; i < parts; ++i) run_part(i);
}

UnetRows convolve(const UnetRun& run, const nn::PackedConv& conv, const UnetRows& x, float slope,
                  const UnetTail& tail, std::size_t fold, std::size_t unfold) {
  SYRINX_CHECK(x.rows % fold == 0, "rows that cannot be folded");
  const std::size_t rows = x.rows / fold, in_channels = x.channels * fold;
  const auto before = static_cast<std::size_t>(conv.geometry().behind());
  const auto after = static_cast<std::size_t>(conv.geometry().ahead());
  const std::size_t stride = nn::spread_row_bytes(run.format, in_channels);
  nn::ScratchBytes in((before + rows + after + nn::kSlackRows) * stride);
  std::byte* const first = in.data() + before * stride;
  run.split(rows, [&](std::size_t begin, std::size_t end) {
    run.kernels->activate(first + begin * stride, stride, run.format,
                          x.values.data() + begin * in_channels, in_channels, end - begin,
                          in_channels, 1.0F, slope);
  });
  const std::size_t out_channels = conv.weights().out_channels;
  UnetRows out(rows * unfold, out_channels / unfold);
  run.split(rows, [&](std::size_t begin, std::size_t end) {
    nn::ConvTail kept;
    kept.keep = out.values.data() + begin * out_channels;
    kept.keep_stride = out_channels;
    if (tail.residual != nullptr) {
      kept.residual = tail.residual->values.data() + begin * out_channels;
      kept.residual_stride = out_channels;
    }
    conv.run(first + begin * stride, stride, end - begin, kept, tail.bias);
  });
  return out;
}

UnetRows attend(const UnetRun& run, const UnetRows& query, const UnetRows& key,
                const UnetRows& value, std::size_t channels, std::size_t heads) {
  UnetRows out(query.rows, query.channels);
  run.split(query.rows, [&](std::size_t begin, std::size_t end) {
    nn::Attention attention;
    attention.query = {query.row(begin), end - begin, query.channels};
    attention.key = {key.row(0), key.rows, key.channels};
    attention.value = {value.row(0), value.rows, value.channels};
    attention.out = {out.row(begin), end - begin, out.channels};
    attention.heads = heads;
    attention.head_channels = channels / heads;
    const nn::ScratchBytes scratch(nn::attend_scratch_bytes(key.rows, channels / heads));
    nn::attend(*run.kernels, attention, {scratch.data(), scratch.size()});
  });
  return out;
}

}  // namespace syrinx::vocoder
