// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one source of SequenceKernels, compiled once per SIMD level; see row_vector.h.
#include "syrinx/core/nn/rows/row_vector.h"
#include "syrinx/core/nn/rows/sequence_kernels.h"

namespace syrinx::nn {
namespace {

// --- Attention ----------------------------------------------------------------------------------

constexpr std::size_t kRowsAtOnce = kAttentionRows;
constexpr float kLeftOut = -1e30F;  // A score that no key can have.

// The rows that are made together, those past the last one being the last one again: so that every
// row is made by the same instructions.
struct RowsAtOnce {
  const float* query[kRowsAtOnce];
  float* scores[kRowsAtOnce];
  std::size_t place[kRowsAtOnce];  // Among the keys.
};

// The products with all keys, padded ones too, scaled.
void score_keys(const AttentionHead& head, const RowsAtOnce& rows) {
  for (std::size_t k = 0; k < head.padded_keys; k += kWidth) {
    Float sums[kRowsAtOnce] = {};
    for (std::size_t c = 0; c < head.channels; ++c) {
      const Float key = load<Float>(head.keys + c * head.padded_keys + k);
      for (std::size_t r = 0; r < kRowsAtOnce; ++r) sums[r] += splat(rows.query[r][c]) * key;
    }
    for (std::size_t r = 0; r < kRowsAtOnce; ++r)
      store(rows.scores[r] + k, sums[r] * splat(head.scale));
  }
}

// The offsets from a row's own place that are within the window and the sequence: from `begin` to
// before `end`, counted from -window.
struct Near {
  std::size_t begin;
  std::size_t end;
};
SYRINX_INLINE Near near_of(const AttentionHead& head, std::size_t place) {
  const std::size_t w = head.window;
  const std::size_t end = place + w >= head.key_rows ? head.key_rows + w - place : 2 * w + 1;
  return {place < w ? w - place : 0, place > head.key_rows + w ? 0 : end};
}

void score_near(const AttentionHead& head, const float* query, std::size_t place, float* scores) {
  const Near near = near_of(head, place);
  for (std::size_t o = near.begin; o < near.end; ++o) {
    const float* key = head.near_keys + o * head.channels;
    float dot = 0;
    for (std::size_t c = 0; c < head.channels; ++c) dot += query[c] * key[c];
    scores[place + o - head.window] += dot * head.scale;
  }
}

// Scores become weights of sum 1; all zero where every key is left out.
void softmax(const AttentionHead& head, float* scores) {
  for (std::size_t k = head.key_rows; k < head.padded_keys; ++k) scores[k] = kLeftOut;
  if (head.mask != nullptr)
    for (std::size_t k = 0; k < head.key_rows; ++k)
      if (head.mask[k] == 0) scores[k] = kLeftOut;
  Float largest = splat(kLeftOut);
  for (std::size_t k = 0; k < head.padded_keys; k += kWidth) {
    const Float v = load<Float>(scores + k);
    largest = v > largest ? v : largest;
  }
  float lanes[kWidth];
  store(lanes, largest);
  float most = kLeftOut;
  for (const float lane : lanes) most = lane > most ? lane : most;
  Float sums{};
  for (std::size_t k = 0; k < head.padded_keys; k += kWidth) {
    const Float v = load<Float>(scores + k);
    const Float power = choose(v > splat(kLeftOut), power_of_e(v - splat(most)), Float{});
    store(scores + k, power);
    sums += power;
  }
  const float sum = sum_of(sums);
  const float share = sum > 0 ? 1.0F / sum : 0.0F;
  for (std::size_t k = 0; k < head.padded_keys; k += kWidth)
    store(scores + k, load<Float>(scores + k) * splat(share));
}

// The weighted sum of one register of the values' channels, for all rows at once.
void sum_values(const AttentionHead& head, const RowsAtOnce& rows, std::size_t channel,
                float made[][kWidth]) {
  Float sums[kRowsAtOnce] = {};
  for (std::size_t k = 0; k < head.key_rows; ++k) {
    const Float value = load<Float>(head.values + k * head.padded_channels + channel);
    for (std::size_t r = 0; r < kRowsAtOnce; ++r) sums[r] += splat(rows.scores[r][k]) * value;
  }
  for (std::size_t r = 0; r < kRowsAtOnce; ++r) store(made[r], sums[r]);
}

void add_near(const AttentionHead& head, const float* weights, std::size_t place, float* out) {
  const Near near = near_of(head, place);
  for (std::size_t o = near.begin; o < near.end; ++o) {
    const float weight = weights[place + o - head.window];
    for (std::size_t c = 0; c < head.channels; ++c)
      out[c] += weight * head.near_values[o * head.channels + c];
  }
}

void attend(const AttentionHead& head) noexcept {
  for (std::size_t first = 0; first < head.rows; first += kRowsAtOnce) {
    RowsAtOnce rows;
    const std::size_t left = head.rows - first;
    for (std::size_t r = 0; r < kRowsAtOnce; ++r) {
      const std::size_t row = first + (r < left ? r : left - 1);
      rows.query[r] = head.query + row * head.query_stride;
      rows.scores[r] = head.scores + r * head.padded_keys;
      rows.place[r] = head.first_row + row;
    }
    score_keys(head, rows);
    for (std::size_t r = 0; r < kRowsAtOnce; ++r) {
      if (head.near_keys != nullptr) score_near(head, rows.query[r], rows.place[r], rows.scores[r]);
      softmax(head, rows.scores[r]);
    }
    for (std::size_t c = 0; c < head.channels; c += kWidth) {
      float made[kRowsAtOnce][kWidth];
      sum_values(head, rows, c, made);
      const std::size_t count = head.channels - c < kWidth ? head.channels - c : kWidth;
      for (std::size_t r = 0; r < kRowsAtOnce && r < left; ++r)
        __builtin_memcpy(head.out + (first + r) * head.out_stride + c, made[r],
                         count * sizeof(float));
    }
    if (head.near_values == nullptr) continue;
    for (std::size_t r = 0; r < kRowsAtOnce && r < left; ++r)
      add_near(head, rows.scores[r], rows.place[r], head.out + (first + r) * head.out_stride);
  }
}

// --- LSTM ---------------------------------------------------------------------------------------

SYRINX_INLINE Float sigmoid(Float x) {
  return splat(1.0F) / (splat(1.0F) + power_of_e(Float{} - x));
}
SYRINX_INLINE Float hyperbolic_tangent(Float x) {
  const Float power = power_of_e(splat(-2.0F) * magnitude(x));
  const Float value = (splat(1.0F) - power) / (splat(1.0F) + power);
  return choose(x < Float{}, Float{} - value, value);
}

void lstm_step(const LstmStep& step) noexcept {
  constexpr std::size_t kSide = 16;  // Outputs side by side in packed weights.
  constexpr std::size_t kGates = 4;
  for (std::size_t at = 0; at < step.hidden; at += kWidth) {
    const float* weights = step.recurrent + at / kSide * step.hidden * kGates * kSide + at % kSide;
    Float even[kGates], odd[kGates] = {};
    for (std::size_t g = 0; g < kGates; ++g)
      even[g] = load<Float>(step.gates + g * step.hidden + at);
    for (std::size_t i = 0; i < step.hidden; i += 2, weights += 2 * kGates * kSide)
      for (std::size_t g = 0; g < kGates; ++g) {
        even[g] += splat(step.before[i]) * load<Float>(weights + g * kSide);
        odd[g] += splat(step.before[i + 1]) * load<Float>(weights + (kGates + g) * kSide);
      }
    for (std::size_t g = 0; g < kGates; ++g) even[g] += odd[g];
    const Float cell = sigmoid(even[1]) * load<Float>(step.cell + at) +
                       sigmoid(even[0]) * hyperbolic_tangent(even[2]);
    store(step.cell + at, cell);
    store(step.out + at, sigmoid(even[3]) * hyperbolic_tangent(cell));
  }
}

constexpr SequenceKernels make_sequence_kernels() { return {attend, lstm_step}; }

}  // namespace
}  // namespace syrinx::nn
