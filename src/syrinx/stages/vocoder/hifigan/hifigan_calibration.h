// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_generator.h"
#include "syrinx/stages/vocoder/weight_source.h"

namespace syrinx::vocoder {

struct HifiganCalibration {
  GeneratorRanges ranges;                // Of every stage.
  std::vector<std::size_t> byte_stages;  // That bear bytes; at least one.
};

// Makes the first half of the speech, of calibration_speech() where it is null, in float32 to learn
// what every residual block's inputs are, the ranges by which bytes stand for them; then all of it,
// once in float32 and once for each stage but the last with that stage's blocks in bytes. A stage
// bears them where the second half, which the ranges have not seen, keeps kLeastStageSnr_db. (The
// last one's rounding is a hiss in every pause, however good its SNR.) The same on one processor
// each time. Takes about stages + 1 times as long as making that sound in float32, and the memory
// of two float32 generators meanwhile. Errors: those of HifiganGenerator::build_float() and
// calibration_mel(); kCorruptData where the weights make numbers that are not finite; kUnsupported
// where no stage bears bytes.
Result<HifiganCalibration> calibrate_hifigan(const HifiganConfig& config,
                                             const WeightSource& source,
                                             const nn::RowKernels& kernels,
                                             const AudioBuffer* speech = nullptr);

// With the published V2 weights and a recording of their voice the first stage keeps 19 dB, the
// second 23, the third 30.
inline constexpr double kLeastStageSnr_db = 25.0;

}  // namespace syrinx::vocoder
