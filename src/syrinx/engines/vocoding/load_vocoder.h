// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoding {

// What stands for a file of weights where the vocoder needs none: Griffin and Lim's method, for the
// mels of HiFi-GAN (vocoder::GriffinLimModel::create makes one for others).
inline constexpr const char* kGriffinLim = "griffin-lim";

// Loads a model of any family that is known here, told by its tensors. Allocates, may take seconds.
// Errors: those of nn::WeightFile::open and identify_model; kUnsupported for a family that makes no
// sound from mels, a precision that this processor has not or another device; kLimitExceeded for
// weights beyond the budget, before they are packed where their shapes tell; kNotFound or
// kCorruptData naming the tensor that is missing, of another shape or not finite.
Result<std::unique_ptr<vocoder::VocoderModel>> load_vocoder(
    const std::filesystem::path& weights, const vocoder::VocoderOptions& options = {});

// Whether load_vocoder() knows the family.
bool is_vocoder(vocoder::ModelFamily family) noexcept;

}  // namespace syrinx::vocoding
