// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/melgan/melgan_generator.h"
#include "syrinx/stages/vocoder/upsampling_phases.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/stages/vocoder/model_families.h"

namespace syrinx::vocoder {
namespace {

bool within(std::size_t value, std::size_t low, std::size_t high) {
  return value >= low && value <= high;
}

struct StageFormats {
  nn::RowFormat in;      // Of the transposed convolution.
  nn::RowFormat layers;  // Of the residual layers.
};

// Which rows a stage multiplies. With random weights of the published shapes, against PyTorch's
// samples (float32 throughout is 113 dB from them): pairs everywhere but in the first transposed
// convolution 90 dB, with the last stage in float32 too 92 dB for a tenth of the time; bfloat16
// everywhere 36 dB, with pairs in the first and the last stage 39 dB, multi-band 41 dB. A narrow
// generator is not faster in pairs than in float32.
StageFormats stage_formats(const UpsamplerConfig& config, std::size_t stage,
                           const nn::RowKernels& kernels, nn::Precision precision) {
  constexpr std::size_t kNarrowGenerator = 128;  // Initial channels.
  const nn::RowFormat format = nn::row_format(kernels, precision);
  if (format == nn::RowFormat::kFloat) return {format, format};
  const bool narrow = config.initial_channels <= kNarrowGenerator;
  const bool first = stage == 0;
  const bool last = stage + 1 == config.upsample_rates.size();
  const bool float32 = precision == nn::Precision::kFloat32;
  const nn::RowFormat finer = float32 ? nn::RowFormat::kFloat : nn::RowFormat::kBf16Pair;
  return {narrow || first || last ? finer : format,
          narrow || last || (first && !float32) ? finer : format};
}

// Builds parts one after the other, counting parameters.
class Builder {
 public:
  Builder(MelganGenerator& made, const WeightSource& source)
      : made_(made),
        source_(source),
        modules_(melgan_modules(made.kind.melgan, made.kind.upsampler.upsample_rates.size())) {}

  Result<void> pre() {
    const UpsamplerConfig& up = made_.kind.upsampler;
    const std::size_t taps = made_.kind.melgan.outer_taps;
    SYRINX_ASSIGN(made_.pre, conv(modules_.first, up.mel_bands, up.initial_channels, taps, 1,
                                  nn::RowFormat::kFloat));
    made_.pre_ahead = reach(taps, 1);
    return {};
  }

  Result<MelganStage> stage(std::size_t index, nn::Precision precision) {
    const std::size_t channels = made_.kind.upsampler.initial_channels >> (index + 1);
    const StageFormats formats =
        stage_formats(made_.kind.upsampler, index, *made_.kernels, precision);
    MelganStage stage;
    stage.rate = made_.kind.upsampler.upsample_rates[index];
    stage.channels = nn::padded_channels(*made_.kernels, channels);
    stage.in_format = formats.in;
    stage.format = formats.layers;
    SYRINX_TRY(upsample(index, stage));
    std::size_t dilation = 1;
    for (const MelganModules::Layer& names : modules_.layers[index]) {
      const std::size_t taps = made_.kind.melgan.stack_taps;
      MelganLayer layer;
      SYRINX_ASSIGN(layer.dilated,
                    conv(names.dilated, channels, channels, taps, dilation, stage.format));
      SYRINX_ASSIGN(layer.plain, conv(names.plain, channels, channels, 1, 1, stage.format));
      SYRINX_ASSIGN(layer.skip, conv(names.skip, channels, channels, 1, 1, stage.format));
      layer.ahead = reach(taps, dilation);
      stage.layers.push_back(std::move(layer));
      dilation *= taps;
    }
    return stage;
  }

  // The last convolution runs over float rows: its weights become [sub_band][tap][channel].
  Result<void> post() {
    const std::size_t taps = made_.kind.melgan.outer_taps, bands = made_.sub_bands();
    const std::size_t channels = made_.kind.upsampler.initial_channels >> made_.stages.size();
    const std::array<std::size_t, 3> shape{bands, channels, taps};
    SYRINX_ASSIGN(const auto weights, source_.weight(modules_.last, shape));
    SYRINX_ASSIGN(made_.post_bias, source_.bias(modules_.last, bands));
    made_.parameters += weights.size() + bands;
    const std::size_t step = made_.stages.back().channels;
    made_.post_weights.assign(bands * taps * step, 0.0F);
    for (std::size_t b = 0; b < bands; ++b)
      for (std::size_t c = 0; c < channels; ++c)
        for (std::size_t tap = 0; tap < taps; ++tap)
          made_.post_weights[(b * taps + tap) * step + c] =
              weights[(b * channels + c) * taps + tap];
    made_.post_ahead = reach(taps, 1);
    made_.post_behind = made_.kind.melgan.causal ? reach(taps, 1) : made_.post_ahead;
    return {};
  }

 private:
  // Rows that a convolution over mirrored rows waits for. A causal one reads none ahead, but its
  // first output reads as many that are mirrored.
  std::int64_t reach(std::size_t taps, std::size_t dilation) const {
    const std::size_t all = (taps - 1) * dilation;
    return static_cast<std::int64_t>(made_.kind.melgan.causal ? all : all / 2);
  }

  Result<nn::PackedConv> conv(const std::string& name, std::size_t in, std::size_t out,
                              std::size_t taps, std::size_t dilation, nn::RowFormat format) {
    const std::array<std::size_t, 3> shape{out, in, taps};
    SYRINX_ASSIGN(const auto weights, source_.weight(name, shape));
    SYRINX_ASSIGN(const auto bias, source_.bias(name, out));
    made_.parameters += weights.size() + bias.size();
    auto geometry = nn::ConvGeometry::centred(in, out, taps, dilation);
    if (made_.kind.melgan.causal)
      for (std::int32_t& offset : geometry.offsets)
        offset -= static_cast<std::int32_t>((taps - 1) * dilation / 2);
    return nn::PackedConv(*made_.kernels, format, geometry, weights, bias);
  }

  // PyTorch's ConvTranspose1d, weights [in][out][2 * rate]: sample u of the output is the sum over
  // taps k of row (u + padding - k) / rate, where that is whole. Padding rate / 2, rounded up, and
  // an output padding that makes it `rate` rows of each; without either where it is causal.
  Result<void> upsample(std::size_t index, MelganStage& stage) {
    const std::size_t in = made_.kind.upsampler.initial_channels >> index;
    const std::size_t out = in / 2, kernel = 2 * stage.rate;
    const std::array<std::size_t, 3> shape{in, out, kernel};
    const std::string& name = modules_.upsamplings[index];
    SYRINX_ASSIGN(const auto weights, source_.weight(name, shape));
    SYRINX_ASSIGN(const auto bias, source_.bias(name, out));
    made_.parameters += weights.size() + bias.size();
    const auto rate = static_cast<std::int64_t>(stage.rate);
    const std::int64_t padding = made_.kind.melgan.causal ? 0 : rate / 2 + rate % 2;
    UpsamplingPhases made = upsampling_phases({in, out, kernel, rate, padding, weights, bias},
                                              *made_.kernels, stage.in_format);
    stage.phases = std::move(made.phases);
    stage.behind = made.behind;
    stage.ahead = made.ahead;
    return {};
  }

  MelganGenerator& made_;
  const WeightSource& source_;
  MelganModules modules_;
};

Result<void> validate_stages(const UpsamplerConfig& up, std::size_t sub_bands) {
  const std::size_t stages = up.upsample_rates.size();
  if (!within(stages, 1, limits::kMaxNetworkLayers) || up.upsample_kernel_sizes.size() != stages)
    return make_error(ErrorCode::kUnsupported, "there are ", stages, " upsample_rates and ",
                      up.upsample_kernel_sizes.size(),
                      " upsample_kernel_sizes; as many of both are needed, at most ",
                      limits::kMaxNetworkLayers);
  std::size_t hop = sub_bands;
  for (std::size_t i = 0; i < stages; ++i) {
    const std::size_t rate = up.upsample_rates[i], kernel = up.upsample_kernel_sizes[i];
    if (!within(rate, 1, limits::kMaxUpsampleRate) || kernel != 2 * rate)
      return make_error(ErrorCode::kUnsupported, "upsample_rates[", i, "] is ", rate,
                        " with a kernel of ", kernel, "; the rate must be 1 to ",
                        limits::kMaxUpsampleRate, " and the kernel of a MelGAN twice that");
    if ((up.initial_channels >> (i + 1)) == 0)
      return make_error(ErrorCode::kUnsupported, up.initial_channels,
                        " channels leave none after stage ", i + 1);
    hop *= rate;
    if (hop > limits::kMaxHopSamples)
      return make_error(ErrorCode::kLimitExceeded, "the upsample rates make ", hop,
                        " samples a frame or more; at most ", limits::kMaxHopSamples,
                        " are supported");
  }
  return {};
}

Result<void> validate_stacks(const MelganConfig& own) {
  if (own.outer_taps % 2 == 0 || own.outer_taps > limits::kMaxConvTaps || own.stack_taps % 2 == 0 ||
      own.stack_taps > limits::kMaxConvTaps)
    return make_error(ErrorCode::kUnsupported, "convolutions of ", own.outer_taps, " and ",
                      own.stack_taps, " taps; they must be odd and at most ", limits::kMaxConvTaps);
  if (!within(own.stacks, 1, limits::kMaxNetworkLayers))
    return make_error(ErrorCode::kUnsupported, own.stacks, " residual layers a stage; 1 to ",
                      limits::kMaxNetworkLayers, " are supported");
  std::size_t dilation = 1;
  for (std::size_t i = 0; i + 1 < own.stacks && dilation <= limits::kMaxConvDilation; ++i)
    dilation *= own.stack_taps;
  if (dilation <= limits::kMaxConvDilation) return {};
  return make_error(ErrorCode::kLimitExceeded, own.stacks, " residual layers of ", own.stack_taps,
                    " taps have dilations above ", limits::kMaxConvDilation);
}

// How many rows before a row of output matter, in rows of the input: an upper bound.
std::size_t rows_behind(const MelganStage& stage, std::size_t after, bool causal) {
  std::int64_t rows = static_cast<std::int64_t>(after);
  for (const MelganLayer& layer : stage.layers) rows += layer.dilated.geometry().behind();
  const auto rate = static_cast<std::int64_t>(stage.rate);
  return static_cast<std::size_t>((rows + rate - 1) / rate + stage.behind + (causal ? 1 : 0));
}

}  // namespace

Result<void> validate_melgan(const ModelKind& kind, bool has_filters) {
  const UpsamplerConfig& up = kind.upsampler;
  if (!within(up.initial_channels, 1, limits::kMaxNetworkChannels) ||
      !within(up.mel_bands, 1, limits::kMaxMelBands))
    return make_error(ErrorCode::kLimitExceeded, up.initial_channels, " channels and ",
                      up.mel_bands, " mel bands; 1 to ", limits::kMaxNetworkChannels, " and 1 to ",
                      limits::kMaxMelBands, " are supported");
  if (!within(kind.melgan.sub_bands, 1, limits::kMaxSubBands))
    return make_error(ErrorCode::kLimitExceeded, kind.melgan.sub_bands, " sub-bands; 1 to ",
                      limits::kMaxSubBands, " are supported");
  if (kind.melgan.sub_bands != 1 && kind.melgan.sub_bands != PqmfDesign{}.sub_bands && !has_filters)
    return make_error(ErrorCode::kUnsupported, "a multi-band MelGAN of ", kind.melgan.sub_bands,
                      " bands: the published filters are for four, and the file has no "
                      "pqmf.synthesis_filter of its own");
  SYRINX_TRY(validate_stacks(kind.melgan));
  return validate_stages(up, kind.melgan.sub_bands);
}

std::int64_t MelganStage::look_ahead() const noexcept {
  std::int64_t rows = 0;
  for (const MelganLayer& layer : layers) rows += layer.ahead;
  return rows;
}

Result<MelganGenerator> MelganGenerator::build(const ModelKind& kind, const WeightSource& source,
                                               const nn::RowKernels& kernels,
                                               nn::Precision precision,
                                               std::span<const float> filters) {
  SYRINX_TRY(validate_melgan(kind, !filters.empty()));
  MelganGenerator made;
  made.kind = kind;
  made.mel = kind.mel.value_or(dsp::melgan_22050_80());
  made.mel.bands = kind.upsampler.mel_bands;
  made.mel.hop_samples = kind.melgan.sub_bands;
  for (const std::size_t rate : kind.upsampler.upsample_rates) made.mel.hop_samples *= rate;
  made.kernels = &kernels;
  Builder builder(made, source);
  SYRINX_TRY(builder.pre());
  for (std::size_t i = 0; i < kind.upsampler.upsample_rates.size(); ++i) {
    SYRINX_ASSIGN(auto stage, builder.stage(i, precision));
    made.stages.push_back(std::move(stage));
  }
  SYRINX_TRY(builder.post());
  if (made.sub_bands() == 1) return made;
  std::vector<float> designed;
  if (filters.empty()) {
    const auto exact = pqmf_filters({}, true);
    designed.assign(exact.begin(), exact.end());
    filters = designed;
  }
  made.pqmf = make_pqmf_synthesis(filters, made.sub_bands());
  return made;
}

std::size_t MelganGenerator::memory_bytes() const noexcept {
  std::size_t bytes =
      pre.memory_bytes() + (post_weights.size() + pqmf.weights.size()) * sizeof(float);
  for (const MelganStage& stage : stages) {
    for (const nn::PackedConv& phase : stage.phases) bytes += phase.memory_bytes();
    for (const MelganLayer& layer : stage.layers)
      bytes +=
          layer.dilated.memory_bytes() + layer.plain.memory_bytes() + layer.skip.memory_bytes();
  }
  return bytes;
}

std::size_t MelganGenerator::latency_samples() const noexcept {
  std::int64_t rows = pre_ahead;
  for (const MelganStage& stage : stages)
    rows = (rows + stage.ahead) * static_cast<std::int64_t>(stage.rate) + stage.look_ahead();
  rows += post_ahead + (sub_bands() > 1 ? pqmf.ahead : 0);
  return static_cast<std::size_t>(rows) * sub_bands();
}

std::size_t MelganGenerator::context_frames() const noexcept {
  auto rows = static_cast<std::size_t>(post_behind + pqmf.behind);
  for (auto stage = stages.rbegin(); stage != stages.rend(); ++stage)
    rows = rows_behind(*stage, rows, kind.melgan.causal);
  const std::size_t behind = rows + static_cast<std::size_t>(pre.geometry().behind());
  // Whole frames on either side, and what a stretch's own, mirrored, first frames spoil.
  return std::max(behind, latency_samples() / mel.hop_samples) + 2;
}

}  // namespace syrinx::vocoder
