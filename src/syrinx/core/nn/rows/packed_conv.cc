// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/packed_conv.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <new>
#include <set>

#include "syrinx/core/base/check.h"
#include "syrinx/core/nn/rows/byte_kernels.h"
#include "syrinx/core/nn/rows/byte_weights.h"
#include "syrinx/core/nn/rows/tile_steps.h"

namespace syrinx::nn {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr std::size_t kFloatBlock = 16;   // Output channels side by side in packed float weights.
constexpr std::size_t kTileValues = 512;  // 16 rows of 32 bfloat16.

std::size_t round_up(std::size_t n, std::size_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

// [block of 16 out][tap][in][16]
void pack_float(const ConvWeights& view, const ConvGeometry& g, const ConvWeightAt& weight,
                float* to) {
  for (std::size_t block = 0; block < view.out_channels; block += kFloatBlock)
    for (std::size_t tap = 0; tap < g.offsets.size(); ++tap)
      for (std::size_t in = 0; in < view.in_channels; ++in)
        for (std::size_t out = block; out < block + kFloatBlock; ++out)
          *to++ = out < g.out_channels && in < g.in_channels ? weight(out, in, tap) : 0.0F;
}

constexpr std::size_t kGroupTaps = 4;      // That five points make two rows of.
constexpr std::size_t kMostDilation = 32;  // Further apart, blocks of rows grow long.

// The weights of each point: polynomials of a group's taps at 0, 1, -1, infinity and 2, over the
// products of the differences of the points.
void at_points(const double* h, std::size_t taps, double* to) {
  if (taps == 3) {
    const double even = h[0] + h[2];
    const double all[] = {h[0], (even + h[1]) / 2, (even - h[1]) / 2, h[2]};
    std::copy_n(all, 4, to);
    return;
  }
  const double even = h[0] + h[2];
  const double odd = h[1] + h[3];
  const double all[] = {h[0] / 2, -(even + odd) / 2, -(even - odd) / 6, h[3],
                        (h[0] + 2 * h[1] + 4 * h[2] + 8 * h[3]) / 6};
  std::copy_n(all, 5, to);
}

// [block of 16 out][point][group of taps][in][16]
void pack_minimal(const ConvWeights& view, const MinimalCall& shape, const ConvWeightAt& weight,
                  float* to) {
  const std::size_t taps = shape.points - 1;  // Of a group.
  const std::size_t point_floats = shape.groups * view.in_channels * kFloatBlock;
  for (std::size_t out = 0; out < view.out_channels; ++out)
    for (std::size_t group = 0; group < shape.groups; ++group)
      for (std::size_t in = 0; in < view.in_channels; ++in) {
        double h[kGroupTaps] = {};
        double points[kGroupTaps + 1] = {};
        for (std::size_t k = 0; k < taps; ++k)
          h[k] = double{weight(out, in, group * kGroupTaps + k)};
        at_points(h, taps, points);
        float* at = to + out / kFloatBlock * shape.points * point_floats +
                    (group * view.in_channels + in) * kFloatBlock + out % kFloatBlock;
        for (std::size_t p = 0; p < shape.points; ++p)
          at[p * point_floats] = static_cast<float>(points[p]);
      }
}

// Pairs of rows that are made at once: their rows of all points stay in the second-level cache.
std::size_t minimal_span(const MinimalCall& shape, std::size_t channels) {
  constexpr std::size_t kMost = 96;
  constexpr std::size_t kLeast = 48;
  constexpr std::size_t kFloats = std::size_t{96} * 1024;
  const std::size_t reach = (shape.groups - 1) * 2 * shape.dilation;
  const std::size_t fits = kFloats / (shape.points * channels);
  return std::clamp(fits > reach ? (fits - reach) / 24 * 24 : 0, kLeast, kMost);
}

// Rounded to nearest, halves to even.
std::uint16_t to_bf16(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

float from_bf16(std::uint16_t half) {
  const std::uint32_t bits = std::uint32_t{half} << 16;
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// [block of 32 out][step]: two tiles (out 0-15, 16-31) of [16 pairs of in][16 out][2], then with
// `pair` two more of what bfloat16 misses.
void pack_tiles(const TilePlan& plan, const ConvGeometry& g, const ConvWeightAt& weight, bool pair,
                std::uint16_t* to) {
  const std::size_t step = (pair ? 4 : 2) * kTileValues;
  for (std::size_t at = 0; at < plan.order.size(); ++at, to += step)
    for (std::size_t i = 0; i < 2 * kTileValues; ++i) {
      const std::size_t half = i / kTileValues;
      const TileSource& from = plan.order[at][half];
      const std::size_t out = (at / plan.steps * 2 + half) * kTileOutputs + i / 2 % kTileOutputs;
      const std::size_t in = from.part + i % kTileValues / 32 * 2 + i % 2;
      const bool real = !from.zeros && out < g.out_channels && in < g.in_channels;
      const float value = real ? weight(out, in, from.tap) : 0.0F;
      to[i] = to_bf16(value);
      if (pair) to[2 * kTileValues + i] = to_bf16(value - from_bf16(to[i]));
    }
}

std::vector<SparseStep> sparse_steps(const TilePlan& plan, const ConvGeometry& g) {
  std::vector<SparseStep> steps;
  if (!plan.sparse) return steps;
  for (const TileStep& from : plan.order) {
    SparseStep& step = steps.emplace_back();
    for (std::size_t half = 0; half < from.size(); ++half) {
      step.row[half] = g.offsets[from[half].tap];
      step.byte[half] = static_cast<std::int32_t>(from[half].part * sizeof(std::uint16_t));
    }
  }
  return steps;
}

}  // namespace

ConvGeometry ConvGeometry::centred(std::size_t in_channels, std::size_t out_channels,
                                   std::size_t taps, std::size_t dilation) {
  ConvGeometry made{in_channels, out_channels, {}};
  const auto padding = static_cast<std::int32_t>((taps - 1) * dilation / 2);
  for (std::size_t k = 0; k < taps; ++k)
    made.offsets.push_back(static_cast<std::int32_t>(k * dilation) - padding);
  return made;
}

FoldedConv fold_conv(const PlainConv& plain, std::size_t fold_in, std::size_t fold_out) {
  const auto fold = static_cast<std::int64_t>(fold_in);
  const auto folded_row = [&](std::int64_t row) {
    return (row - ((row % fold) + fold) % fold) / fold;
  };
  std::set<std::int64_t> offsets;
  for (std::size_t r = 0; r < fold_out; ++r)
    for (std::size_t k = 0; k < plain.taps; ++k)
      if (const auto row = plain.offset(r, k)) offsets.insert(folded_row(*row));
  if (offsets.empty()) offsets.insert(0);  // Nothing but bias.
  FoldedConv made;
  ConvGeometry& g = made.geometry;
  g.in_channels = plain.in_channels * fold_in;
  g.out_channels = plain.out_channels * fold_out;
  g.offsets.assign(offsets.begin(), offsets.end());
  const std::size_t taps = g.offsets.size();
  made.weights.assign(g.out_channels * g.in_channels * taps, 0.0F);
  for (std::size_t r = 0; r < fold_out; ++r) {
    made.bias.insert(made.bias.end(), plain.bias.begin(), plain.bias.end());
    for (std::size_t k = 0; k < plain.taps; ++k) {
      const auto row = plain.offset(r, k);
      if (!row) continue;
      const std::int64_t to = folded_row(*row);
      const auto tap = static_cast<std::size_t>(std::distance(offsets.begin(), offsets.find(to)));
      const auto within = static_cast<std::size_t>(*row - to * fold);
      for (std::size_t o = 0; o < plain.out_channels; ++o)
        for (std::size_t i = 0; i < plain.in_channels; ++i)
          made.weights[((r * plain.out_channels + o) * g.in_channels + within * plain.in_channels +
                        i) *
                           taps +
                       tap] += plain.weight(o, i, k);
    }
  }
  return made;
}

std::size_t padded_channels(const RowKernels& kernels, std::size_t channels) noexcept {
  return round_up(channels, kernels.channel_multiple);
}

std::size_t row_bytes(RowFormat format, std::size_t padded) noexcept {
  if (format == RowFormat::kBytes) return padded;
  return padded * (format == RowFormat::kBf16 ? 2 : 4);
}

std::size_t spread_row_bytes(RowFormat format, std::size_t padded) noexcept {
  constexpr std::size_t kLine = 64;
  const std::size_t bytes = round_up(row_bytes(format, padded), kLine);
  return bytes / kLine % 2 == 0 ? bytes + kLine : bytes;
}

RowFormat row_format(const RowKernels& kernels, Precision precision) noexcept {
  if (kernels.conv_bf16 == nullptr) return RowFormat::kFloat;
  return precision == Precision::kBf16 ? RowFormat::kBf16 : RowFormat::kBf16Pair;
}

void PackedConv::Free::operator()(std::byte* bytes) const noexcept {
  ::operator delete[](bytes, kAlignment);
}

// The weights, then the bias, for bytes the scales and starts, then the offsets and sparse steps.
void PackedConv::allocate(std::size_t weight_bytes, std::span<const float> bias,
                          std::span<const std::int32_t> offsets, bool bytes,
                          std::span<const SparseStep> sparse) {
  const std::size_t bias_bytes = view_.out_channels * sizeof(float);
  const std::size_t side_bytes = bytes ? 3 * bias_bytes : bias_bytes;
  bytes_ = weight_bytes + side_bytes + offsets.size_bytes() + sparse.size_bytes();
  data_.reset(static_cast<std::byte*>(::operator new[](bytes_, kAlignment)));
  std::memset(data_.get() + weight_bytes, 0, bytes_ - weight_bytes);
  if (!bias.empty()) std::memcpy(data_.get() + weight_bytes, bias.data(), bias.size_bytes());
  view_.weights = data_.get();
  view_.bias = reinterpret_cast<const float*>(data_.get() + weight_bytes);
  std::byte* at = data_.get() + weight_bytes + side_bytes;
  std::memcpy(at, offsets.data(), offsets.size_bytes());
  view_.offsets = reinterpret_cast<const std::int32_t*>(at);
  at += offsets.size_bytes();
  if (!sparse.empty()) {
    std::memcpy(at, sparse.data(), sparse.size_bytes());
    view_.sparse = reinterpret_cast<const SparseStep*>(at);
  }
  view_.taps = offsets.size();
}

PackedConv::PackedConv(const RowKernels& kernels, RowFormat format, const ConvGeometry& geometry,
                       const ConvWeightAt& weight, std::span<const float> bias)
    : geometry_(geometry) {
  SYRINX_CHECK(bias.empty() || bias.size() == geometry.out_channels, "a bias of another length");
  view_.in_channels = padded_channels(kernels, geometry.in_channels);
  view_.out_channels = padded_channels(kernels, geometry.out_channels);
  if (format == RowFormat::kFloat) {
    const std::size_t values = view_.in_channels * view_.out_channels * geometry.offsets.size();
    allocate(values * sizeof(float), bias, geometry.offsets);
    kernel_ = kernels.conv_float;
    pack_float(view_, geometry, weight, reinterpret_cast<float*>(data_.get()));
    SYRINX_CHECK(kernel_ != nullptr, "this table has no convolution of this format");
    return;
  }
  hold_tiles(kernels, format,
             all_tiles(geometry.offsets.size(), view_.in_channels, view_.out_channels), weight,
             bias);
}

void PackedConv::hold_tiles(const RowKernels& kernels, RowFormat format, const TilePlan& plan,
                            const ConvWeightAt& weight, std::span<const float> bias) {
  const bool pair = format == RowFormat::kBf16Pair;
  const std::vector<SparseStep> sparse = sparse_steps(plan, geometry_);
  allocate(plan.order.size() * (pair ? 4 : 2) * kTileValues * sizeof(std::uint16_t), bias,
           geometry_.offsets, false, sparse);
  view_.sparse_steps = sparse.empty() ? 0 : plan.steps;
  kernel_ = pair ? kernels.conv_bf16_pair : kernels.conv_bf16;
  SYRINX_CHECK(kernel_ != nullptr, "this table has no convolution of this format");
  pack_tiles(plan, geometry_, weight, pair, reinterpret_cast<std::uint16_t*>(data_.get()));
}

PackedConv PackedConv::folded(const RowKernels& kernels, RowFormat format, const FoldedConv& conv) {
  const ConvGeometry& g = conv.geometry;
  if (format == RowFormat::kFloat) return {kernels, format, g, conv.weights, conv.bias};
  SYRINX_CHECK(conv.bias.empty() || conv.bias.size() == g.out_channels, "a bias of another length");
  const auto weight = [&](std::size_t out, std::size_t in, std::size_t tap) {
    return conv.weights[(out * g.in_channels + in) * g.offsets.size() + tap];
  };
  PackedConv made;
  made.geometry_ = g;
  made.view_.in_channels = padded_channels(kernels, g.in_channels);
  made.view_.out_channels = padded_channels(kernels, g.out_channels);
  made.hold_tiles(kernels, format,
                  full_tiles(g, weight, made.view_.in_channels, made.view_.out_channels), weight,
                  conv.bias);
  return made;
}

PackedConv::PackedConv(const RowKernels& kernels, RowFormat format, const ConvGeometry& geometry,
                       std::span<const float> weights, std::span<const float> bias)
    : PackedConv(
          kernels, format, geometry,
          [&](std::size_t out, std::size_t in, std::size_t tap) {
            return weights[(out * geometry.in_channels + in) * geometry.offsets.size() + tap];
          },
          bias) {
  SYRINX_CHECK(
      weights.size() == geometry.out_channels * geometry.in_channels * geometry.offsets.size(),
      "weights of another size");
}

PackedConv::PackedConv(const RowKernels& kernels, const ByteScale& in, const ConvGeometry& geometry,
                       std::span<const float> weights, std::span<const float> bias)
    : geometry_(geometry) {
  SYRINX_CHECK(bias.empty() || bias.size() == geometry.out_channels, "a bias of another length");
  const ByteKernels& bytes = byte_kernels_for(kernels);
  view_.in_channels = padded_channels(kernels, geometry.in_channels);
  view_.out_channels = padded_channels(kernels, geometry.out_channels);
  const ByteWeights rounded = round_weights(in, geometry, weights, view_.out_channels);
  const PackedBytes packed =
      pack_bytes(bytes.layout, rounded, geometry, view_.in_channels, view_.out_channels);
  allocate(packed.bytes.size(), bias, packed.offsets, true);
  std::memcpy(data_.get(), packed.bytes.data(), packed.bytes.size());
  const std::size_t side_bytes = view_.out_channels * sizeof(float);
  std::byte* side = data_.get() + packed.bytes.size() + side_bytes;
  std::memcpy(side, rounded.scale.data(), side_bytes);
  std::memcpy(side + side_bytes, rounded.start.data(), side_bytes);
  view_.scale = reinterpret_cast<const float*>(side);
  view_.start = reinterpret_cast<const std::int32_t*>(side + side_bytes);
  kernel_ = bytes.conv;
}

bool PackedConv::fits_minimal(std::size_t taps, std::size_t dilation) noexcept {
  return dilation > 0 && dilation <= kMostDilation &&
         (taps == 3 || (taps > kGroupTaps && taps % kGroupTaps >= kGroupTaps - 1) ||
          (taps > 0 && taps % kGroupTaps == 0));
}

std::size_t PackedConv::minimal_weights(std::size_t taps) noexcept {
  return taps == 3 ? 4 : (taps + kGroupTaps - 1) / kGroupTaps * (kGroupTaps + 1);
}

PackedConv PackedConv::minimal(const RowKernels& kernels, const ConvGeometry& geometry,
                               std::size_t dilation, std::span<const float> weights,
                               std::span<const float> bias) {
  const std::size_t taps = geometry.offsets.size();
  SYRINX_CHECK(fits_minimal(taps, dilation), "taps that minimal filtering has no groups for");
  SYRINX_CHECK(weights.size() == geometry.out_channels * geometry.in_channels * taps,
               "weights of another size");
  PackedConv made;
  MinimalCall& shape = made.minimal_;
  made.geometry_ = geometry;
  shape.dilation = dilation;
  shape.points = taps == 3 ? 4 : 5;
  shape.starts_with_zero = taps != 3 && taps % kGroupTaps != 0;
  shape.groups = (taps + kGroupTaps - 1) / kGroupTaps;
  std::vector<std::int32_t>& offsets = made.geometry_.offsets;
  if (shape.starts_with_zero)
    offsets.insert(offsets.begin(), offsets.front() - static_cast<std::int32_t>(dilation));
  ConvWeights& view = made.view_;
  view.in_channels = padded_channels(kernels, geometry.in_channels);
  view.out_channels = padded_channels(kernels, geometry.out_channels);
  shape.span = minimal_span(shape, view.in_channels);
  made.minimal_kernel_ = kernels.conv_minimal;
  const std::size_t values = view.in_channels * view.out_channels * minimal_weights(taps);
  made.allocate(values * sizeof(float), bias, offsets);
  const std::size_t zeros = shape.starts_with_zero ? 1 : 0;
  pack_minimal(
      view, shape,
      [&](std::size_t out, std::size_t in, std::size_t tap) {
        const bool real = out < geometry.out_channels && in < geometry.in_channels && tap >= zeros;
        return real ? weights[(out * geometry.in_channels + in) * taps + tap - zeros] : 0.0F;
      },
      reinterpret_cast<float*>(made.data_.get()));
  return made;
}

std::size_t PackedConv::scratch_bytes() const noexcept {
  if (minimal_.span == 0) return 0;
  constexpr std::size_t kMostBlocks = 2;  // Of 16 output channels that a kernel makes at once.
  const std::size_t inputs = minimal_.span + (minimal_.groups - 1) * 2 * minimal_.dilation;
  const std::size_t products = (minimal_.span + kMinimalSlack) * kMostBlocks * kFloatBlock;
  return ((minimal_.points * inputs + kMinimalSlack) * view_.in_channels +
          minimal_.points * products) *
         sizeof(float);
}

void PackedConv::run_at(std::int64_t first_row, const std::byte* in, std::size_t in_stride,
                        std::size_t rows, const ConvTail& tail, std::byte* scratch) const noexcept {
  if (minimal_.span == 0) return run(in, in_stride, rows, tail);
  if (rows == 0) return;
  MinimalCall call = minimal_;
  call.conv = {view_, in, in_stride, rows, tail};
  call.place = static_cast<std::size_t>(first_row) % grid_rows();
  call.scratch = reinterpret_cast<float*>(scratch);
  minimal_kernel_(call);
}

void PackedConv::run(const std::byte* in, std::size_t in_stride, std::size_t rows,
                     const ConvTail& tail, const float* bias) const noexcept {
  SYRINX_CHECK(minimal_.span == 0, "a minimal convolution is run at a row of its stream");
  if (rows == 0) return;
  ConvWeights conv = view_;
  if (bias != nullptr) conv.bias = bias;
  kernel_({conv, in, in_stride, rows, tail});
}

}  // namespace syrinx::nn
