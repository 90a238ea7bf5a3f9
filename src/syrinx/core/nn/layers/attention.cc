// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/layers/attention.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/nn/layers/scratch_cursor.h"
#include "syrinx/core/nn/rows/sequence_kernels.h"

namespace syrinx::nn {
namespace {

constexpr std::size_t kBlock = 16;  // What the kernels pad to.

std::size_t padded_to_block(std::size_t n) { return (n + kBlock - 1) / kBlock * kBlock; }

// Channels [first, first + count) of all rows: channel by channel, or row by row.
void lay_keys(ConstRows from, std::size_t first, std::size_t count, std::size_t padded_rows,
              float* to) {
  for (std::size_t c = 0; c < count; ++c, to += padded_rows) {
    for (std::size_t r = 0; r < from.count; ++r) to[r] = from.row(r)[first + c];
    std::fill(to + from.count, to + padded_rows, 0.0F);
  }
}
void lay_values(ConstRows from, std::size_t first, std::size_t count, std::size_t padded,
                float* to) {
  for (std::size_t r = 0; r < from.count; ++r, to += padded) {
    std::copy_n(from.row(r) + first, count, to);
    std::fill(to + count, to + padded, 0.0F);
  }
}

const float* data_or_null(std::span<const float> values) {
  return values.empty() ? nullptr : values.data();
}

Result<void> check_size(const char* what, std::span<const float> values, std::size_t needed,
                        bool may_be_empty) {
  if (values.size() == needed || (may_be_empty && values.empty())) return {};
  return make_error(ErrorCode::kInvalidArgument, "attention: ", what, " has ", values.size(),
                    " numbers; ", needed, " are needed");
}

}  // namespace

std::size_t attend_scratch_bytes(std::size_t key_rows, std::size_t head_channels) noexcept {
  const std::size_t keys = padded_to_block(key_rows);
  return scratch_piece(head_channels * keys * sizeof(float)) +
         scratch_piece(key_rows * padded_to_block(head_channels) * sizeof(float)) +
         scratch_piece(kAttentionRows * keys * sizeof(float));
}

void attend(const RowKernels& kernels, const Attention& a, std::span<std::byte> scratch) noexcept {
  SYRINX_CHECK(a.key.count == a.value.count && a.query.count == a.out.count,
               "a value for each key and a row for each query");
  SYRINX_CHECK(a.key_mask.empty() || a.key_mask.size() == a.key.count, "a mask of another length");
  if (a.query.count == 0 || a.key.count == 0) return;
  AttentionHead head;
  head.query_stride = a.query.stride;
  head.out_stride = a.out.stride;
  head.rows = a.query.count;
  head.channels = a.head_channels;
  head.scale = 1.0F / std::sqrt(static_cast<float>(a.head_channels));
  head.key_rows = a.key.count;
  head.padded_keys = padded_to_block(a.key.count);
  head.padded_channels = padded_to_block(a.head_channels);
  head.mask = a.key_mask.empty() ? nullptr : a.key_mask.data();
  head.near_keys = data_or_null(a.positions.keys);
  head.near_values = data_or_null(a.positions.values);
  head.window = a.positions.window;
  head.first_row = a.first_query;
  ScratchCursor cursor(scratch);
  float* const keys = cursor.take_floats(head.channels * head.padded_keys);
  float* const values = cursor.take_floats(head.key_rows * head.padded_channels);
  head.keys = keys;
  head.values = values;
  head.scores = cursor.take_floats(kAttentionRows * head.padded_keys);
  for (std::size_t h = 0; h < a.heads; ++h) {
    const std::size_t first = h * a.head_channels;
    lay_keys(a.key, first, head.channels, head.padded_keys, keys);
    lay_values(a.value, first, head.channels, head.padded_channels, values);
    head.query = a.query.data + first;
    head.out = a.out.data + first;
    sequence_kernels_for(kernels).attend(head);
  }
}

Result<SelfAttention> SelfAttention::create(const RowKernels& kernels, RowFormat format,
                                            std::size_t channels, std::size_t heads,
                                            const SelfAttentionWeights& w) {
  if (heads == 0 || channels == 0 || channels % heads != 0)
    return make_error(ErrorCode::kUnsupported, "attention of ", heads, " heads over ", channels,
                      " channels: the heads must share the channels evenly");
  const std::size_t square = channels * channels;
  SYRINX_TRY(check_size("the query's matrix", w.query, square, false));
  SYRINX_TRY(check_size("the key's matrix", w.key, square, false));
  SYRINX_TRY(check_size("the value's matrix", w.value, square, false));
  SYRINX_TRY(check_size("the output's matrix", w.out, square, false));
  SYRINX_TRY(check_size("the query's bias", w.query_bias, channels, true));
  SYRINX_TRY(check_size("the key's bias", w.key_bias, channels, true));
  SYRINX_TRY(check_size("the value's bias", w.value_bias, channels, true));
  SYRINX_TRY(check_size("the output's bias", w.out_bias, channels, true));
  const std::size_t near = (2 * w.positions.window + 1) * (channels / heads);
  SYRINX_TRY(check_size("the relative keys", w.positions.keys, near, true));
  SYRINX_TRY(check_size("the relative values", w.positions.values, near, true));
  SelfAttention made;
  made.kernels_ = &kernels;
  made.heads_ = heads;
  made.channels_ = channels;
  made.padded_ = padded_channels(kernels, channels);
  const std::span<const float> matrices[] = {w.query, w.key, w.value};
  std::vector<float> bias(3 * made.padded_);
  std::copy(w.query_bias.begin(), w.query_bias.end(), bias.begin());
  std::copy(w.key_bias.begin(), w.key_bias.end(), bias.data() + made.padded_);
  std::copy(w.value_bias.begin(), w.value_bias.end(), bias.data() + 2 * made.padded_);
  made.query_key_value_ = Linear(
      kernels, format, channels, 3 * made.padded_,
      [&](std::size_t o, std::size_t i, std::size_t) {
        const std::size_t row = o % made.padded_;
        return row < channels ? matrices[o / made.padded_][row * channels + i] : 0.0F;
      },
      bias);
  made.out_ = Linear(kernels, format, channels, channels, w.out, w.out_bias);
  made.window_ = w.positions.window;
  made.near_keys_.assign(w.positions.keys.begin(), w.positions.keys.end());
  made.near_values_.assign(w.positions.values.begin(), w.positions.values.end());
  return made;
}

std::size_t SelfAttention::scratch_bytes(std::size_t rows) const noexcept {
  return scratch_piece(rows * 3 * padded_ * sizeof(float)) +
         scratch_piece(rows * padded_ * sizeof(float)) +
         std::max({query_key_value_.scratch_bytes(rows), out_.scratch_bytes(rows),
                   attend_scratch_bytes(rows, channels_ / heads_)});
}

std::size_t SelfAttention::memory_bytes() const noexcept {
  return query_key_value_.memory_bytes() + out_.memory_bytes() +
         (near_keys_.size() + near_values_.size()) * sizeof(float);
}

void SelfAttention::run(ConstRows x, Rows out, std::span<std::byte> scratch,
                        std::span<const std::uint8_t> key_mask, ConstRows residual) const noexcept {
  ScratchCursor cursor(scratch);
  const std::size_t step = 3 * padded_;
  const Rows all{cursor.take_floats(x.count * step), x.count, step};
  const Rows attended{cursor.take_floats(x.count * padded_), x.count, padded_};
  const std::span<std::byte> rest = cursor.rest();
  query_key_value_.run(x, all, rest);
  for (std::size_t r = 0; r < attended.count; ++r)
    std::fill(attended.row(r) + channels_, attended.row(r) + padded_, 0.0F);
  Attention attention;
  attention.query = {all.data, x.count, step};
  attention.key = {all.data + padded_, x.count, step};
  attention.value = {all.data + 2 * padded_, x.count, step};
  attention.out = attended;
  attention.heads = heads_;
  attention.head_channels = channels_ / heads_;
  attention.key_mask = key_mask;
  attention.positions = {window_, near_keys_, near_values_};
  attend(*kernels_, attention, rest);
  out_.run(attended, out, rest, residual);
}

}  // namespace syrinx::nn
