// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/melgan/melgan_model.h"

#include <array>
#include <utility>

#include "syrinx/stages/vocoder/melgan/melgan_stream.h"
#include "syrinx/stages/vocoder/stream_input.h"

namespace syrinx::vocoder {
namespace {

// The synthesis bank that some files carry along, [1][sub_bands][taps + 1]; empty without one.
Result<std::vector<float>> own_filters(const nn::WeightFile& file, const ModelKind& kind) {
  const std::string name = kind.prefix + "pqmf.synthesis_filter";
  const nn::TensorInfo* const info = file.find(name);
  if (info == nullptr || kind.melgan.sub_bands == 1) return std::vector<float>();
  constexpr std::size_t kMostTaps = 1'025;
  const std::size_t taps = info->shape.size() == 3 ? info->shape[2] : 0;
  if (taps % 2 == 0 || taps > kMostTaps)
    return make_error(ErrorCode::kUnsupported, "'", file.name(), "': '", name, "' of shape ",
                      nn::describe_shape(info->shape), " is no bank of [1, bands, odd taps]");
  return file.floats(name, std::array<std::size_t, 3>{1, kind.melgan.sub_bands, taps});
}

}  // namespace

MelganModel::MelganModel(MelganGenerator generator, nn::Precision precision)
    : generator_(std::move(generator)) {
  info_.family = to_string(generator_.kind.family);
  info_.variant = generator_.kind.variant;
  info_.precision = precision_words(*generator_.kernels, precision);
  info_.mel = generator_.mel;
  info_.normalised_mel = generator_.kind.melgan.normalised;
  info_.parameters = generator_.parameters;
  info_.weight_bytes = generator_.memory_bytes();
  info_.latency_samples = generator_.latency_samples();
  info_.context_frames = generator_.context_frames();
}

Result<std::unique_ptr<VocoderModel>> MelganModel::load(const nn::WeightFile& file,
                                                        const ModelKind& kind,
                                                        const VocoderOptions& options) {
  SYRINX_ASSIGN(const auto filters, own_filters(file, kind));
  const WeightSource source = weights_of(file, kind.prefix);
  SYRINX_ASSIGN(auto generator,
                MelganGenerator::build(kind, source, *options.kernels, options.precision, filters));
  return std::unique_ptr<VocoderModel>(new MelganModel(std::move(generator), options.precision));
}

Result<std::unique_ptr<VocoderStream>> MelganModel::open_stream(
    std::size_t max_block_frames) const {
  SYRINX_TRY(check_block_frames(max_block_frames));
  return std::unique_ptr<VocoderStream>(
      std::make_unique<MelganStream>(generator_, max_block_frames));
}

}  // namespace syrinx::vocoder
