// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_generator.h"
#include "syrinx/stages/vocoder/weight_source.h"

namespace syrinx::vocoder {

// Makes calibration_speech() in float32 and tells what every residual block's inputs were: the
// ranges by which bytes stand for them. The same on one processor each time. Takes about as long as
// a second and a half of sound, and the memory of a float32 generator meanwhile. Errors: those of
// HifiganGenerator::build_float() and calibration_mel(); kCorruptData where the weights make
// numbers that are not finite.
Result<GeneratorRanges> calibrate_hifigan(const HifiganConfig& config, const WeightSource& source,
                                          const nn::RowKernels& kernels);

}  // namespace syrinx::vocoder
