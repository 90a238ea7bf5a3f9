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
// How much wider than what was seen the ranges are, for what was not seen goes further: without a
// margin the published V2's third stage keeps 21 dB of a recording's second half, with one 30.
constexpr float kRecordingMargin = 1.5F;
constexpr float kMadeUpMargin = 2.0F;

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

void unfold(GeneratorRanges& ranges, const HifiganConfig& config, float margin) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const std::size_t channels = config.channels_after(i);
    ranges[i].activated = ranges[i].activated.unfolded(channels, margin);
    for (auto& block : ranges[i].blocks)
      for (LayerRanges& layer : block) {
        layer.in = layer.in.unfolded(channels, margin);
        layer.middle = layer.middle.unfolded(channels, margin);
      }
  }
}

// The speech through the stream. Errors: kCorruptData where its sound is not finite.
Result<std::vector<float>> listen(HifiganStream& stream, MelView mel) {
  const std::size_t hop = mel.spec().hop_samples;
  const int rate_hz = mel.spec().sample_rate_hz;
  std::vector<float> sound(mel.frames() * hop + stream.tail_samples());
  const std::span<float> out(sound);
  for (std::size_t at = 0; at < mel.frames(); at += kBlockFrames) {
    const std::size_t frames = std::min(kBlockFrames, mel.frames() - at);
    stream.process({mel.frame(at).data(), frames, mel.spec()},
                   {out.subspan(at * hop, frames * hop), rate_hz});
  }
  stream.finish({out.subspan(mel.frames() * hop), rate_hz});
  if (std::all_of(sound.begin(), sound.end(), [](float v) { return std::isfinite(v); }))
    return sound;
  return make_error(ErrorCode::kCorruptData,
                    "the weights make sound that is not finite from a plain mel: they cannot be "
                    "calibrated for int8");
}

// Of the samples from `first` on.
double snr_db(const std::vector<float>& expected, const std::vector<float>& given,
              std::size_t first) {
  double signal = 0;
  double error = 0;
  for (std::size_t i = first; i < expected.size(); ++i) {
    const double difference = double{expected[i]} - double{given[i]};
    signal += double{expected[i]} * double{expected[i]};
    error += difference * difference;
  }
  return 10 * std::log10(signal / std::max(error, 1e-30));
}

// Whether sums of a stage's products fit 32 bits, folded or not: folding can join the rows of every
// two taps, and rows are folded to 64 channels at most.
bool sums_fit(const HifiganConfig& config, std::size_t stage) {
  constexpr std::size_t kWidestFold = 64;
  const std::size_t taps =
      *std::max_element(config.block_kernel_sizes.begin(), config.block_kernel_sizes.end());
  return nn::sums_fit_bytes(2 * std::max(config.channels_after(stage), kWidestFold) * taps);
}

}  // namespace

Result<HifiganCalibration> calibrate_hifigan(const HifiganConfig& config,
                                             const WeightSource& source,
                                             const nn::RowKernels& kernels,
                                             const AudioBuffer* speech) {
  SYRINX_ASSIGN(const auto generator, HifiganGenerator::build_float(config, source, kernels));
  SYRINX_ASSIGN(const Mel mel, calibration_mel(config.mel, speech));
  HifiganCalibration made;
  made.ranges = empty_ranges(generator);
  HifiganStream stream(generator, kBlockFrames, &made.ranges);
  // What was looked at is bound to fit: whether it does is asked of what was not.
  const std::size_t half = mel.frames() / 2;
  const MelView seen(mel.frame(0).data(), half, mel.spec());
  const std::size_t held_out = half * mel.spec().hop_samples + generator.latency_samples();
  SYRINX_TRY(listen(stream, seen));
  unfold(made.ranges, config, speech != nullptr ? kRecordingMargin : kMadeUpMargin);
  HifiganStream exact(generator, kBlockFrames);
  SYRINX_ASSIGN(const auto expected, listen(exact, mel.view()));
  double best_db = 0;
  for (std::size_t stage = 0; stage + 1 < generator.stages.size(); ++stage) {
    if (!sums_fit(config, stage)) continue;
    SYRINX_ASSIGN(const auto trial,
                  HifiganGenerator::build_float(config, source, kernels, &made.ranges, stage));
    HifiganStream tried(trial, kBlockFrames);
    SYRINX_ASSIGN(const auto given, listen(tried, mel.view()));
    const double kept_db = snr_db(expected, given, held_out);
    best_db = std::max(best_db, kept_db);
    if (kept_db >= kLeastStageSnr_db) made.byte_stages.push_back(stage);
  }
  if (made.byte_stages.empty())
    return make_error(ErrorCode::kUnsupported,
                      "no stage of this generator but its last bears "
                      "int8: the best of ",
                      generator.stages.size() - 1, " keeps ", std::lround(best_db), " dB, and ",
                      kLeastStageSnr_db,
                      " are asked for: calibrate it on a recording of its voice, or use fp32");
  return made;
}

}  // namespace syrinx::vocoder
