// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/model_kind.h"

#include "syrinx/core/io/json/json_file.h"
#include "syrinx/stages/vocoder/model_families.h"

namespace syrinx::vocoder {
namespace {

ModelKind find_family(const nn::WeightFile& file) {
  for (const auto find : {find_upsampler, find_vocos, find_source_filter, find_waveglow,
                          find_diffwave, find_unet, find_melgan, find_other}) {
    if (auto kind = find(file)) return *std::move(kind);
  }
  return {};
}

// `beside`: whether files that lie beside the weights may tell what these do not.
Result<ModelKind> identify(const nn::WeightFile& file, const JsonValue* config, bool beside) {
  ModelKind kind = find_family(file);
  if (config != nullptr) {
    const auto applied = apply_config(kind, *config);
    if (!applied)
      return make_error(applied.error().code, "'", file.name(), "': ", applied.error().message);
  }
  SYRINX_TRY(take_melgan_statistics(kind, file, beside));
  assume_rest(kind, config != nullptr);
  return kind;
}

}  // namespace

std::string_view to_string(ModelFamily family) noexcept {
  switch (family) {
    case ModelFamily::kUnknown:
      return "unknown";
    case ModelFamily::kHifiGan:
      return "HiFi-GAN";
    case ModelFamily::kMelGan:
      return "MelGAN";
    case ModelFamily::kMultiBandMelGan:
      return "multi-band MelGAN";
    case ModelFamily::kVocos:
      return "Vocos";
    case ModelFamily::kBigVgan:
      return "BigVGAN";
    case ModelFamily::kWaveGlow:
      return "WaveGlow";
    case ModelFamily::kDiffWave:
      return "DiffWave";
    case ModelFamily::kUnet:
      return "U-Net diffusion";
    case ModelFamily::kSourceFilter:
      return "Source-filter";
    case ModelFamily::kKokoroVoice:
      return "Kokoro voice";
    case ModelFamily::kSileroVad:
      return "Silero VAD";
  }
  return "unknown";
}

Result<ModelKind> identify_model(const nn::WeightFile& file, const JsonValue* config) {
  return identify(file, config, false);
}

Result<ModelKind> identify_model(const nn::WeightFile& file, const std::filesystem::path& config) {
  std::filesystem::path path = config;
  if (path.empty()) {
    const auto own = file.metadata().find("config");
    if (file.format() == "safetensors" && own != file.metadata().end()) {
      const auto parsed = parse_json(own->second);
      if (!parsed)
        return make_error(parsed.error().code, "'", file.name(),
                          "': the config in its metadata: ", parsed.error().message);
      return identify(file, &*parsed, true);
    }
    path = std::filesystem::path(file.name()).parent_path() / "config.json";
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) return identify(file, nullptr, true);
  }
  SYRINX_ASSIGN(const JsonValue value, io::read_json_file(path));
  return identify(file, &value, true);
}

}  // namespace syrinx::vocoder
