// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/vocoding/load_vocoder.h"

#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/bigvgan/bigvgan_model.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_model.h"
#include "syrinx/stages/vocoder/griffin_lim/griffin_lim_model.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_model.h"
#include "syrinx/stages/vocoder/melgan/melgan_model.h"
#include "syrinx/stages/vocoder/model_kind.h"
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
};
// A new family is a folder of its own and a line here.
constexpr Family kFamilies[] = {{ModelFamily::kHifiGan, HifiganModel::load},
                                {ModelFamily::kBigVgan, vocoder::BigVganModel::load},
                                {ModelFamily::kMelGan, vocoder::MelganModel::load},
                                {ModelFamily::kMultiBandMelGan, vocoder::MelganModel::load},
                                {ModelFamily::kVocos, vocoder::VocosModel::load},
                                {ModelFamily::kDiffWave, vocoder::DiffWaveModel::load},
                                {ModelFamily::kWaveGlow, vocoder::WaveGlowModel::load},
                                {ModelFamily::kUnet, vocoder::UnetModel::load}};

}  // namespace

Result<std::unique_ptr<VocoderModel>> load_vocoder(const std::filesystem::path& weights,
                                                   const VocoderOptions& options) {
  if (options.precision == nn::Precision::kBf16 && options.kernels->conv_bf16 == nullptr)
    return make_error(ErrorCode::kUnsupported,
                      "bf16 needs a processor with AMX tiles; this one's "
                      "kernels are ",
                      nn::to_string(options.kernels->level), ": use fp32");
  if (weights == kGriffinLim) return vocoder::GriffinLimModel::create(dsp::hifigan_22050_80());
  SYRINX_ASSIGN(const auto file, nn::WeightFile::open(weights));
  SYRINX_ASSIGN(const ModelKind kind, vocoder::identify_model(file, options.config));
  for (const Family& family : kFamilies) {
    if (family.family == kind.family) return family.load(file, kind, options);
  }
  return make_error(ErrorCode::kUnsupported, weights.string(), " holds ",
                    kind.family == ModelFamily::kUnknown
                        ? "no model that is known here"
                        : std::string(vocoder::to_string(kind.family)),
                    ": it cannot be run as a vocoder; 'syrinx model info' tells what is in it");
}

}  // namespace syrinx::vocoding
