// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/stages/vocoder/melgan/pqmf.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/weight_source.h"

namespace syrinx::vocoder {

inline constexpr float kMelganSlope = 0.2F;  // Of every leaky ReLU.

// x becomes skip(x) + plain(act(dilated(act(x)))).
struct MelganLayer {
  nn::PackedConv dilated;  // Over mirrored rows.
  nn::PackedConv plain;    // Both of one tap.
  nn::PackedConv skip;
  std::int64_t ahead = 0;  // Rows that the dilated one waits for.
};

struct MelganStage {
  std::size_t rate = 1;
  std::size_t channels = 0;                         // Padded.
  nn::RowFormat in_format = nn::RowFormat::kFloat;  // Of its input, which the phases multiply.
  nn::RowFormat format = nn::RowFormat::kFloat;     // Of what the layers multiply.
  std::vector<nn::PackedConv> phases;  // Row q * rate + p of the output is phase p at row q.
  std::int64_t behind = 0;             // Rows that the phases read before and after row q.
  std::int64_t ahead = 0;
  std::vector<MelganLayer> layers;
  std::int64_t look_ahead() const noexcept;  // Of all its layers.
};

// The weights of a MelGAN (Kumar et al. 2019, "MelGAN") or of a multi-band one (Yang et al. 2020,
// "Multi-band MelGAN"), packed for one table of kernels. Immutable.
struct MelganGenerator {
  // `filters`: of the synthesis bank, [sub_bands][taps + 1], where the file has them; none: the
  // published design for four bands. Errors: kUnsupported, kLimitExceeded; those of the source.
  static Result<MelganGenerator> build(const ModelKind& kind, const WeightSource& source,
                                       const nn::RowKernels& kernels, nn::Precision precision,
                                       std::span<const float> filters = {});

  ModelKind kind;
  MelSpec mel;
  const nn::RowKernels* kernels = nullptr;
  nn::PackedConv pre;
  std::int64_t pre_ahead = 0;
  std::vector<MelganStage> stages;
  std::vector<float> post_weights;  // [sub_band][tap][channel], the last stage's channels padded.
  std::vector<float> post_bias;
  std::int64_t post_behind = 0;  // Rows that the last convolution reads before its own.
  std::int64_t post_ahead = 0;   // Rows that it waits for.
  PqmfSynthesis pqmf;            // Of several sub-bands.
  std::size_t parameters = 0;

  std::size_t sub_bands() const noexcept { return kind.melgan.sub_bands; }
  std::size_t memory_bytes() const noexcept;
  std::size_t latency_samples() const noexcept;
  // Frames before a frame that its sound depends on, at most.
  std::size_t context_frames() const noexcept;
};

// kUnsupported or kLimitExceeded with the field, unless such a generator can be built.
Result<void> validate_melgan(const ModelKind& kind, bool has_filters);

}  // namespace syrinx::vocoder
