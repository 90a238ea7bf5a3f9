// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/model_kind.h"

namespace syrinx::vocoder {

// What the weights of a file's model will take in memory when they are packed for these kernels,
// told by the tensors' shapes before anything is allocated: at most a third more than
// VocoderInfo::weight_bytes turns out to be. In bf16 it may be half of it, where a family keeps
// layers in a finer format.
std::size_t estimate_weight_bytes(const nn::WeightFile& file, const ModelKind& kind,
                                  const nn::RowKernels& kernels, nn::Precision precision);

// "12.5 MiB".
std::string in_mebibytes(std::size_t bytes);

}  // namespace syrinx::vocoder
