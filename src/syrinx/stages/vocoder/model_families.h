// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/model_kind.h"

namespace syrinx::vocoder {

// Each looks for one family in names and shapes; nothing when it is not that.
std::optional<ModelKind> find_upsampler(const nn::WeightFile& file);  // HiFi-GAN and BigVGAN.
std::optional<ModelKind> find_melgan(const nn::WeightFile& file);
std::optional<ModelKind> find_vocos(const nn::WeightFile& file);
std::optional<ModelKind> find_source_filter(const nn::WeightFile& file);
std::optional<ModelKind> find_waveglow(const nn::WeightFile& file);
std::optional<ModelKind> find_diffwave(const nn::WeightFile& file);
std::optional<ModelKind> find_unet(const nn::WeightFile& file);
std::optional<ModelKind> find_other(const nn::WeightFile& file);  // What is no vocoder.

// The shape of a module's weight, folded or not; empty when there is none.
std::vector<std::size_t> weight_shape(const nn::WeightFile& file, std::string_view module);

// "V1", "V2", "V3" of the HiFi-GAN paper, or "custom".
std::string hifigan_variant(const UpsamplerConfig& config);

// A MelGAN's modules by their part, without the file's prefix.
struct MelganModules {
  std::string first;
  std::string last;
  std::vector<std::string> upsamplings;
  struct Layer {
    std::string dilated, plain, skip;
  };
  std::vector<std::vector<Layer>> layers;  // Of each stage.
};
MelganModules melgan_modules(const MelganConfig& config, std::size_t stages);

// Sees that a MelGAN whose mel is normalised has its statistics, where they are known: from the
// config, the tensors `mean` and `scale`, or with `beside` the files stats.npy or stats.npz.
// Errors: kCorruptData or those of reading, naming the file.
Result<void> take_melgan_statistics(ModelKind& kind, const nn::WeightFile& file, bool beside);
// Takes mel_mean and mel_scale of a config. Errors: kCorruptData.
Result<void> take_statistics(ModelKind& kind, const JsonValue& config);

// Takes over what a config states. Errors: kCorruptData where it contradicts the weights.
Result<void> apply_config(ModelKind& kind, const JsonValue& config);
// Fills in the mel and what else is assumed when no config told.
void assume_rest(ModelKind& kind, bool has_config);

}  // namespace syrinx::vocoder
