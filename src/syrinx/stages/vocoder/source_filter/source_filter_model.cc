// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/source_filter/source_filter_model.h"

#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/window.h"
#include "syrinx/stages/vocoder/source_filter/source_filter_head.h"
#include "syrinx/stages/vocoder/stream_input.h"
#include "syrinx/stages/vocoder/vocos/vocos_stream.h"

namespace syrinx::vocoder {
namespace {

// Where pulses lie is the sum of every F0 since the voice began: products of pairs of bf16, which
// AMX makes of float32, are too coarse for that.
const nn::RowKernels& exact(const nn::RowKernels& kernels, nn::Precision precision) {
  const bool pairs = nn::row_format(kernels, precision) == nn::RowFormat::kBf16Pair;
  const nn::RowKernels* const plain = nn::row_kernels_for(nn::RowLevel::kAvx512);
  return pairs && plain != nullptr ? *plain : kernels;
}

Result<void> validate_mel(const MelSpec& mel) {
  if (mel.fft_size == 4 * mel.hop_samples && mel.bands >= 2 &&
      mel.padding == MelPadding::kReflectSame && mel.log == MelLog::kNatural)
    return {};
  return make_error(ErrorCode::kUnsupported, "a source-filter vocoder of mels of ", describe(mel),
                    "; it takes natural logarithms of at least 2 bands, an FFT of four hops, and "
                    "no centring");
}

}  // namespace

SourceFilterModel::SourceFilterModel(VocosNetwork network, const ModelKind& kind,
                                     nn::Precision precision)
    : network_(std::move(network)) {
  info_.family = "Source-filter";
  info_.variant = kind.variant;
  info_.precision = precision_words(*network_.kernels, precision);
  info_.mel = *kind.mel;
  info_.parameters = network_.parameters;
  info_.weight_bytes = network_.memory_bytes();
  info_.latency_samples =
      network_.latency_samples() + SourceFilterHead::kHeldFrames * network_.config.hop_samples;
  // A pulse's place depends on all that came before it in its stretch of voice.
  info_.context_frames = limits::kMaxUtteranceFrames;
}

Result<std::unique_ptr<VocoderModel>> SourceFilterModel::load(const nn::WeightFile& file,
                                                              const ModelKind& kind,
                                                              const VocoderOptions& options) {
  SYRINX_TRY(validate_mel(*kind.mel));
  WeightSource source = weights_of(file, kind.prefix);
  source.tensor = [in_file = source.tensor](
                      const std::string& name,
                      std::span<const std::size_t> shape) -> Result<std::vector<float>> {
    if (name == "head.istft.window") return dsp::make_window(dsp::WindowShape::kHann, shape[0]);
    return in_file(name, shape);
  };
  const nn::RowKernels& kernels = exact(*options.kernels, options.precision);
  SYRINX_ASSIGN(auto network, VocosNetwork::build(kind.vocos, source, kernels, options.precision));
  return std::unique_ptr<VocoderModel>(
      new SourceFilterModel(std::move(network), kind, options.precision));
}

Result<std::unique_ptr<VocoderStream>> SourceFilterModel::open_stream(
    std::size_t max_block_frames) const {
  SYRINX_TRY(check_block_frames(max_block_frames));
  const std::size_t heard = VocosStream::heard_frames(network_, max_block_frames);
  SYRINX_ASSIGN(auto head, SourceFilterHead::create(*network_.maths, info_.mel, heard));
  SYRINX_ASSIGN(auto stream,
                VocosStream::create(network_, std::move(head), info_.mel, max_block_frames));
  return std::unique_ptr<VocoderStream>(std::move(stream));
}

}  // namespace syrinx::vocoder
