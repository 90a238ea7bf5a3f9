// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/vocoding/load_vocoder.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/nn/device/device.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/bigvgan/bigvgan_model.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_model.h"
#include "syrinx/stages/vocoder/griffin_lim/griffin_lim_model.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_model.h"
#include "syrinx/stages/vocoder/melgan/melgan_model.h"
#include "syrinx/stages/vocoder/memory_estimate.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/source_filter/source_filter_model.h"
#include "syrinx/stages/vocoder/unet/unet_model.h"
#include "syrinx/stages/vocoder/vocos/vocos_model.h"
#include "syrinx/stages/vocoder/waveglow/waveglow_model.h"

namespace syrinx::vocoding {
namespace {

using vocoder::HifiganModel;
using vocoder::ModelFamily;
using vocoder::ModelKind;
using vocoder::VocoderModel;
using vocoder::VocoderOptions;

using Load = Result<std::unique_ptr<VocoderModel>> (*)(const nn::WeightFile&, const ModelKind&,
                                                       const VocoderOptions&);
struct Family {
  ModelFamily family;
  Load load;
  bool int8 = false;  // Whether it can be calibrated for bytes.
};
// A new family is a folder of its own and a line here.
constexpr Family kFamilies[] = {{ModelFamily::kHifiGan, HifiganModel::load, true},
                                {ModelFamily::kBigVgan, vocoder::BigVganModel::load},
                                {ModelFamily::kMelGan, vocoder::MelganModel::load},
                                {ModelFamily::kMultiBandMelGan, vocoder::MelganModel::load},
                                {ModelFamily::kVocos, vocoder::VocosModel::load},
                                {ModelFamily::kDiffWave, vocoder::DiffWaveModel::load},
                                {ModelFamily::kWaveGlow, vocoder::WaveGlowModel::load},
                                {ModelFamily::kSourceFilter, vocoder::SourceFilterModel::load},
                                {ModelFamily::kUnet, vocoder::UnetModel::load}};

Error over_budget(const nn::WeightFile& file, const ModelKind& kind, const VocoderOptions& options,
                  const char* about, std::size_t bytes) {
  // In bf16 some layers may stay in a finer format, so that it is not sure to fit.
  const bool may_fit_in_bf16 =
      options.precision != nn::Precision::kBf16 && options.kernels->conv_bf16 != nullptr &&
      vocoder::estimate_weight_bytes(file, kind, *options.kernels, nn::Precision::kBf16) <=
          options.memory_budget_bytes;
  return make_error(ErrorCode::kLimitExceeded, "the weights of '", file.name(), "' need ", about,
                    vocoder::in_mebibytes(bytes), ", more than the budget of ",
                    vocoder::in_mebibytes(options.memory_budget_bytes),
                    may_fit_in_bf16 ? ": they may fit in bf16" : "");
}

// Refuses what cannot fit before it is packed; the estimate is at most a third too much.
Result<void> check_budget(const nn::WeightFile& file, const ModelKind& kind,
                          const VocoderOptions& options) {
  if (options.memory_budget_bytes == 0) return {};
  const std::size_t bytes =
      vocoder::estimate_weight_bytes(file, kind, *options.kernels, options.precision);
  if (bytes / 4 * 3 <= options.memory_budget_bytes) return {};
  return over_budget(file, kind, options, "about ", bytes);
}

Error no_int8(std::string_view name) {
  return make_error(ErrorCode::kUnsupported, name,
                    " has no int8: its precisions are fp32 and, with AMX, bf16");
}

}  // namespace

Result<std::unique_ptr<VocoderModel>> load_vocoder(const std::filesystem::path& weights,
                                                   const VocoderOptions& options) {
  SYRINX_TRY(nn::find_device(options.device));
  if (options.precision == nn::Precision::kBf16 && options.kernels->conv_bf16 == nullptr)
    return make_error(ErrorCode::kUnsupported,
                      "bf16 needs a processor with AMX tiles; this one's "
                      "kernels are ",
                      nn::to_string(options.kernels->level), ": use fp32");
  const bool int8 = options.precision == nn::Precision::kInt8;
  if (int8 && weights == kGriffinLim) return no_int8("Griffin and Lim's method");
  if (weights == kGriffinLim) return vocoder::GriffinLimModel::create(dsp::hifigan_22050_80());
  SYRINX_ASSIGN(const auto file, nn::WeightFile::open(weights));
  SYRINX_ASSIGN(const ModelKind kind, vocoder::identify_model(file, options.config));
  for (const Family& family : kFamilies) {
    if (family.family != kind.family) continue;
    if (int8 && !family.int8) return no_int8(vocoder::to_string(kind.family));
    SYRINX_TRY(check_budget(file, kind, options));
    SYRINX_ASSIGN(auto model, family.load(file, kind, options));
    SYRINX_TRY(file.check_unchanged());
    const std::size_t bytes = model->info().weight_bytes;
    if (options.memory_budget_bytes > 0 && bytes > options.memory_budget_bytes)
      return over_budget(file, kind, options, "", bytes);
    return model;
  }
  return make_error(ErrorCode::kUnsupported, weights.string(), " holds ",
                    kind.family == ModelFamily::kUnknown
                        ? "no model that is known here"
                        : std::string(vocoder::to_string(kind.family)),
                    ": it cannot be run as a vocoder; 'syrinx model info' tells what is in it");
}

bool is_vocoder(vocoder::ModelFamily family) noexcept {
  return std::any_of(std::begin(kFamilies), std::end(kFamilies),
                     [&](const Family& known) { return known.family == family; });
}

}  // namespace syrinx::vocoding
