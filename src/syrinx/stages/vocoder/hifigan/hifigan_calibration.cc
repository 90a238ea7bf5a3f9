// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/hifigan/hifigan_calibration.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "syrinx/stages/vocoder/calibration_speech.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_stream.h"

namespace syrinx::vocoder {
namespace {

constexpr std::size_t kBlockFrames = 32;

// Empty ranges of the rows that the generator's blocks read, as they are folded.
GeneratorRanges empty_ranges(const HifiganGenerator& generator) {
  GeneratorRanges ranges;
  for (const GeneratorStage& stage : generator.stages) {
    const nn::ChannelRanges none(stage.channels);
    StageRanges made{none, std::vector<std::vector<LayerRanges>>(stage.blocks.size())};
    for (const ResidualBlock& block : stage.blocks)
      made.blocks[block.number].assign(block.layers.size(), {none, none});
    ranges.push_back(std::move(made));
  }
  return ranges;
}

void unfold(GeneratorRanges& ranges, const HifiganConfig& config) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const std::size_t channels = config.channels_after(i);
    ranges[i].activated = ranges[i].activated.unfolded(channels);
    for (auto& block : ranges[i].blocks)
      for (LayerRanges& layer : block) {
        layer.in = layer.in.unfolded(channels);
        layer.middle = layer.middle.unfolded(channels);
      }
  }
}

// The speech through the stream; false where its sound is not finite.
bool listen(HifiganStream& stream, const Mel& mel) {
  const std::size_t hop = mel.spec().hop_samples;
  std::vector<float> out(std::max(kBlockFrames * hop, stream.tail_samples()));
  const auto finite = [](float v) { return std::isfinite(v); };
  bool fine = true;
  for (std::size_t at = 0; at < mel.frames(); at += kBlockFrames) {
    const std::size_t frames = std::min(kBlockFrames, mel.frames() - at);
    const std::span<float> block = std::span<float>(out).first(frames * hop);
    stream.process({mel.frame(at).data(), frames, mel.spec()}, {block, mel.spec().sample_rate_hz});
    fine = fine && std::all_of(block.begin(), block.end(), finite);
  }
  const std::span<float> rest = std::span<float>(out).first(stream.tail_samples());
  stream.finish({rest, mel.spec().sample_rate_hz});
  return fine && std::all_of(rest.begin(), rest.end(), finite);
}

}  // namespace

Result<GeneratorRanges> calibrate_hifigan(const HifiganConfig& config, const WeightSource& source,
                                          const nn::RowKernels& kernels) {
  SYRINX_ASSIGN(const auto generator, HifiganGenerator::build_float(config, source, kernels));
  SYRINX_ASSIGN(const Mel mel, calibration_mel(config.mel));
  GeneratorRanges ranges = empty_ranges(generator);
  HifiganStream stream(generator, kBlockFrames, &ranges);
  if (!listen(stream, mel))
    return make_error(ErrorCode::kCorruptData,
                      "the weights make sound that is not finite from a plain mel: they cannot be "
                      "calibrated for int8");
  unfold(ranges, config);
  return ranges;
}

}  // namespace syrinx::vocoder
