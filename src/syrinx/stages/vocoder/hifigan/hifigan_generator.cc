// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/hifigan/hifigan_generator.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "syrinx/stages/vocoder/hifigan/hifigan_calibration.h"

namespace syrinx::vocoder {
namespace {

constexpr std::size_t kOuterTaps = 7;          // Of the first and the last convolution.
constexpr std::size_t kNarrowGenerator = 128;  // Initial channels.

struct StageFormats {
  nn::RowFormat in;      // Of the transposed convolution.
  nn::RowFormat blocks;  // Of the residual blocks.
};

// Which rows a stage multiplies. The first layers matter most: what they lose, every later one
// amplifies, and they cost little. With the published V2 weights, against float32 (the reference's
// own samples are 97 dB from ours in float32 throughout): pairs everywhere 71 dB, the same but
// conv_pre, the first transposed convolution and the first stage in float32 93 dB; bfloat16
// everywhere 22 dB. With conv_pre in float32: bfloat16 elsewhere 32 dB, pairs in all stages but the
// last but one 42 dB, which fills what is quiet in the spectrum (0.9 dB of log-spectral distance),
// pairs in all 86 dB and 0.02 dB at a third more time. Wide generators keep above 40 dB in
// bfloat16.
StageFormats stage_formats(const HifiganConfig& config, std::size_t stage,
                           const nn::RowKernels& kernels, nn::Precision precision) {
  const nn::RowFormat format = nn::row_format(kernels, precision);
  if (format == nn::RowFormat::kFloat) return {format, format};
  const bool narrow = config.initial_channels <= kNarrowGenerator;
  const bool first = stage == 0;
  if (precision == nn::Precision::kFloat32)
    return {first ? nn::RowFormat::kFloat : format,
            first && narrow ? nn::RowFormat::kFloat : format};
  return {first || narrow ? nn::RowFormat::kBf16Pair : format,
          narrow ? nn::RowFormat::kBf16Pair : format};
}

// Of the first convolution: as precise as the first stage, but of narrow generators.
nn::RowFormat pre_format(const HifiganConfig& config, const StageFormats& first) {
  return config.initial_channels <= kNarrowGenerator ? nn::RowFormat::kFloat : first.in;
}

std::vector<StageFormats> all_formats(const HifiganConfig& config, const nn::RowKernels& kernels,
                                      nn::Precision precision) {
  std::vector<StageFormats> formats;
  for (std::size_t i = 0; i < config.upsample_rates.size(); ++i)
    formats.push_back(stage_formats(config, i, kernels, precision));
  return formats;
}

// Builds parts one after the other, counting parameters.
class Builder {
 public:
  Builder(const HifiganConfig& config, const WeightSource& source, const nn::RowKernels& kernels)
      : config_(config), source_(source), kernels_(kernels) {}

  // PyTorch's Conv1d that keeps the length, between rows folded `fold` times; of bytes by `bytes`.
  // With `minimal`, by minimal filtering where that is possible and all rows are float.
  Result<nn::PackedConv> same_conv(const std::string& name, std::size_t in, std::size_t out,
                                   std::size_t taps, std::size_t dilation, std::size_t fold,
                                   nn::RowFormat format, bool minimal = false,
                                   const nn::ByteScale* bytes = nullptr) {
    const std::array<std::size_t, 3> shape{out, in, taps};
    SYRINX_ASSIGN(const std::vector<float> weights, source_.weight(name, shape));
    SYRINX_ASSIGN(const std::vector<float> bias, source_.bias(name, out));
    parameters += weights.size() + bias.size();
    if (minimal && fold == 1 && kernels_.conv_bf16 == nullptr && bytes == nullptr &&
        nn::PackedConv::fits_minimal(taps, dilation))
      return nn::PackedConv::minimal(kernels_, nn::ConvGeometry::centred(in, out, taps, dilation),
                                     dilation, weights, bias);
    const std::size_t padding = (taps - 1) * dilation / 2;
    const nn::PlainConv plain{in,
                              out,
                              taps,
                              [=](std::size_t r, std::size_t k) -> std::optional<std::int64_t> {
                                return static_cast<std::int64_t>(r + k * dilation) -
                                       static_cast<std::int64_t>(padding);
                              },
                              [&](std::size_t o, std::size_t i, std::size_t k) {
                                return weights[(o * in + i) * taps + k];
                              },
                              bias};
    return pack(plain, fold, fold, format, bytes);
  }

  // PyTorch's ConvTranspose1d with padding (kernel - rate) / 2, rounded down, weights
  // [in][out][kernel]: sample u of the output is the sum over taps k of row (u + padding - k) /
  // rate, where that is whole.
  Result<void> upsample(std::size_t index, std::size_t fold_in, GeneratorStage& stage) {
    const std::size_t in = config_.initial_channels >> index;
    const std::size_t out = config_.channels_after(index);
    const std::size_t kernel = config_.upsample_kernel_sizes[index];
    const std::array<std::size_t, 3> shape{in, out, kernel};
    const std::string name = "ups." + std::to_string(index);
    SYRINX_ASSIGN(const std::vector<float> weights, source_.weight(name, shape));
    SYRINX_ASSIGN(const std::vector<float> bias, source_.bias(name, out));
    parameters += weights.size() + bias.size();
    const auto rate = static_cast<std::int64_t>(config_.upsample_rates[index]);
    const auto padding = (static_cast<std::int64_t>(kernel) - rate) / 2;
    const std::size_t fold = stage.fold;
    for (std::size_t phase = 0; phase < stage.rate; ++phase) {
      const nn::PlainConv plain{in,
                                out,
                                kernel,
                                [=](std::size_t r, std::size_t k) -> std::optional<std::int64_t> {
                                  const std::int64_t u =
                                      static_cast<std::int64_t>(phase * fold + r) + padding -
                                      static_cast<std::int64_t>(k);
                                  const std::int64_t rest = ((u % rate) + rate) % rate;
                                  return rest == 0 ? std::optional(u / rate) : std::nullopt;
                                },
                                [&](std::size_t o, std::size_t i, std::size_t k) {
                                  return weights[(i * out + o) * kernel + k];
                                },
                                bias};
      stage.phases.push_back(pack(plain, fold_in, stage.fold, stage.in_format, nullptr));
      stage.behind = std::max(stage.behind, stage.phases.back().geometry().behind());
      stage.ahead = std::max(stage.ahead, stage.phases.back().geometry().ahead());
    }
    return {};
  }

  // Bytes by the ranges, unless null.
  Result<ResidualBlock> block(std::size_t stage_index, std::size_t index,
                              const GeneratorStage& stage, const StageRanges* ranges) {
    const std::size_t channels = config_.channels_after(stage_index);
    const std::size_t kernel = config_.block_kernel_sizes[index];
    const std::string name =
        "resblocks." + std::to_string(stage_index * config_.block_kernel_sizes.size() + index);
    ResidualBlock made;
    made.number = index;
    for (std::size_t i = 0; i < config_.block_dilations[index].size(); ++i) {
      const std::size_t dilation = config_.block_dilations[index][i];
      const std::string number = std::to_string(i);
      const auto conv = [&](const std::string& part, std::size_t d, const nn::ByteScale& bytes) {
        return same_conv(name + part + number, channels, channels, kernel, d, stage.fold,
                         stage.format, true, ranges != nullptr ? &bytes : nullptr);
      };
      ResidualLayer layer;
      if (ranges != nullptr) {
        const LayerRanges& seen = ranges->blocks[index][i];
        layer.in = nn::ByteScale(seen.in, stage.fold, stage.channels);
        layer.middle = nn::ByteScale(seen.middle, stage.fold, stage.channels);
      }
      SYRINX_ASSIGN(layer.first, conv(config_.two_convolutions ? ".convs1." : ".convs.", dilation,
                                      i == 0 ? stage.activated : layer.in));
      if (config_.two_convolutions) {
        SYRINX_ASSIGN(layer.second, conv(".convs2.", 1, layer.middle));
      }
      made.look_ahead += layer.look_ahead();
      made.layers.push_back(std::move(layer));
    }
    return made;
  }

  Result<GeneratorStage> stage(std::size_t index, std::size_t fold_in, StageFormats formats,
                               const StageRanges* ranges) {
    const std::size_t channels = config_.channels_after(index);
    const std::size_t rows = config_.upsample_rates[index] * fold_in;  // Plain, of one input row.
    GeneratorStage made;
    made.extra_rows = (config_.upsample_kernel_sizes[index] - config_.upsample_rates[index]) % 2;
    odd_rows_ = odd_rows_ || made.extra_rows > 0;
    // Narrow rows are folded where that fills the padding exactly.
    const std::size_t wide = kernels_.channel_multiple;
    if (!odd_rows_ && channels < wide && wide % channels == 0 && rows % (wide / channels) == 0)
      made.fold = wide / channels;
    made.rate = rows / made.fold;
    made.channels = nn::padded_channels(kernels_, channels * made.fold);
    made.in_format = formats.in;
    made.format = formats.blocks;
    SYRINX_TRY(upsample(index, fold_in, made));
    if (made.format != nn::RowFormat::kBytes) ranges = nullptr;
    if (ranges != nullptr)
      made.activated = nn::ByteScale(ranges->activated, made.fold, made.channels);
    for (std::size_t i = 0; i < config_.block_kernel_sizes.size(); ++i) {
      SYRINX_ASSIGN(auto block_made, block(index, i, made, ranges));
      made.blocks.push_back(std::move(block_made));
    }
    std::stable_sort(made.blocks.begin(), made.blocks.end(),
                     [](const auto& a, const auto& b) { return a.look_ahead < b.look_ahead; });
    return made;
  }

  // The last convolution runs over float rows: its weights become [tap][channel].
  Result<void> post(HifiganGenerator& generator) {
    const std::size_t channels = config_.channels_after(config_.upsample_rates.size() - 1);
    const std::array<std::size_t, 3> shape{1, channels, kOuterTaps};
    SYRINX_ASSIGN(const std::vector<float> weights, source_.weight("conv_post", shape));
    SYRINX_ASSIGN(const std::vector<float> bias, source_.bias("conv_post", 1));
    parameters += weights.size() + bias.size();
    const GeneratorStage& last = generator.stages.back();
    const std::size_t step = last.fold > 1 ? channels : last.channels;
    generator.post_channels = step;
    generator.post_weights.assign((kOuterTaps * step + 15) / 16 * 16, 0.0F);
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t tap = 0; tap < kOuterTaps; ++tap)
        generator.post_weights[tap * step + c] = weights[c * kOuterTaps + tap];
    generator.post_bias = bias.empty() ? 0.0F : bias[0];
    return {};
  }

  std::size_t parameters = 0;

 private:
  nn::PackedConv pack(const nn::PlainConv& plain, std::size_t fold_in, std::size_t fold_out,
                      nn::RowFormat format, const nn::ByteScale* bytes) const {
    const nn::FoldedConv folded = nn::fold_conv(plain, fold_in, fold_out);
    if (bytes != nullptr) return {kernels_, *bytes, folded.geometry, folded.weights, folded.bias};
    return nn::PackedConv::folded(kernels_, format, folded);
  }

  const HifiganConfig& config_;
  const WeightSource& source_;
  const nn::RowKernels& kernels_;
  bool odd_rows_ = false;  // From some stage on the rows are no multiple of the frames.
};

// The convolutions of a stage's residual blocks.
template <class Visit>
void for_each_conv(const GeneratorStage& stage, Visit visit) {
  for (const ResidualBlock& block : stage.blocks)
    for (const ResidualLayer& layer : block.layers) {
      visit(layer.first);
      visit(layer.second);
    }
}

std::size_t memory_of(const ResidualBlock& block) {
  std::size_t bytes = 0;
  for (const ResidualLayer& layer : block.layers)
    bytes += layer.first.memory_bytes() + layer.second.memory_bytes() + layer.in.memory_bytes() +
             layer.middle.memory_bytes();
  return bytes;
}

// `ranges` of every stage whose format is bytes.
Result<HifiganGenerator> build_as(const HifiganConfig& config, const WeightSource& source,
                                  const nn::RowKernels& kernels,
                                  const std::vector<StageFormats>& formats,
                                  const GeneratorRanges* ranges) {
  HifiganGenerator made;
  made.config = config;
  made.kernels = &kernels;
  Builder builder(config, source, kernels);
  made.pre_format = pre_format(config, formats[0]);
  SYRINX_ASSIGN(made.pre, builder.same_conv("conv_pre", config.mel.bands, config.initial_channels,
                                            kOuterTaps, 1, 1, made.pre_format));
  std::size_t fold = 1;
  for (std::size_t i = 0; i < config.upsample_rates.size(); ++i) {
    SYRINX_ASSIGN(auto stage,
                  builder.stage(i, fold, formats[i], ranges != nullptr ? &(*ranges)[i] : nullptr));
    fold = stage.fold;
    made.stages.push_back(std::move(stage));
  }
  made.stages.back().slope_after = 0.01F;  // PyTorch's default, where the others state 0.1.
  SYRINX_TRY(builder.post(made));
  made.parameters = builder.parameters;
  return made;
}

}  // namespace

Result<HifiganGenerator> HifiganGenerator::build(const HifiganConfig& config,
                                                 const WeightSource& source,
                                                 const nn::RowKernels& kernels,
                                                 nn::Precision precision,
                                                 const AudioBuffer* calibration) {
  SYRINX_TRY(validate(config));
  if (precision != nn::Precision::kInt8)
    return build_as(config, source, kernels, all_formats(config, kernels, precision), nullptr);
  SYRINX_ASSIGN(const HifiganCalibration found,
                calibrate_hifigan(config, source, kernels, calibration));
  // What is not bytes is as precise as the next best.
  auto formats = all_formats(config, kernels, nn::Precision::kBf16);
  for (const std::size_t stage : found.byte_stages) formats[stage].blocks = nn::RowFormat::kBytes;
  return build_as(config, source, kernels, formats, &found.ranges);
}

Result<HifiganGenerator> HifiganGenerator::build_float(const HifiganConfig& config,
                                                       const WeightSource& source,
                                                       const nn::RowKernels& kernels,
                                                       const GeneratorRanges* ranges,
                                                       std::size_t byte_stage) {
  SYRINX_TRY(validate(config));
  std::vector<StageFormats> formats(config.upsample_rates.size(),
                                    {nn::RowFormat::kFloat, nn::RowFormat::kFloat});
  if (ranges != nullptr) formats[byte_stage].blocks = nn::RowFormat::kBytes;
  return build_as(config, source, kernels, formats, ranges);
}

std::size_t HifiganGenerator::byte_stages() const noexcept {
  return static_cast<std::size_t>(std::count_if(
      stages.begin(), stages.end(),
      [](const GeneratorStage& stage) { return stage.format == nn::RowFormat::kBytes; }));
}

std::size_t HifiganGenerator::grid_frames() const noexcept {
  std::size_t frames = 1;
  std::size_t rows = 1;  // Of a stage, that one frame becomes.
  for (const GeneratorStage& stage : stages) {
    rows *= stage.rate;
    for_each_conv(stage, [&](const nn::PackedConv& conv) {
      const std::size_t grid = conv.grid_rows();
      frames = std::lcm(frames, grid / std::gcd(grid, rows));
    });
  }
  return frames;
}

std::size_t HifiganGenerator::conv_scratch_bytes() const noexcept {
  std::size_t bytes = 0;
  for (const GeneratorStage& stage : stages)
    for_each_conv(
        stage, [&](const nn::PackedConv& conv) { bytes = std::max(bytes, conv.scratch_bytes()); });
  return bytes;
}

std::size_t HifiganGenerator::memory_bytes() const noexcept {
  std::size_t bytes = pre.memory_bytes() + post_weights.size() * sizeof(float);
  for (const GeneratorStage& stage : stages) {
    for (const nn::PackedConv& phase : stage.phases) bytes += phase.memory_bytes();
    for (const ResidualBlock& block : stage.blocks) bytes += memory_of(block);
    bytes += stage.activated.memory_bytes();
  }
  return bytes;
}

std::size_t HifiganGenerator::latency_samples() const noexcept {
  std::int64_t rows = pre.geometry().ahead();
  for (const GeneratorStage& stage : stages)
    rows = (rows + stage.ahead) * static_cast<std::int64_t>(stage.rate) +
           stage.blocks.back().look_ahead;
  const std::size_t post = (kOuterTaps / 2 + stages.back().fold - 1) / stages.back().fold;
  return (static_cast<std::size_t>(rows) + post) * stages.back().fold;
}

std::size_t HifiganGenerator::extra_samples() const noexcept {
  std::size_t rows = 0;
  for (const GeneratorStage& stage : stages) rows = rows * stage.rate + stage.extra_rows;
  return rows;
}

}  // namespace syrinx::vocoder
