// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/unet/unet_model.h"

#include <utility>

#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/stages/vocoder/whole_mel.h"

namespace syrinx::vocoder {
namespace {

std::string precision_name(const UnetNetwork& network) {
  if (network.format() == nn::RowFormat::kFloat)
    return std::string("float32 (") + nn::to_string(network.kernels().level) + ")";
  if (network.format() == nn::RowFormat::kBf16) return "bfloat16 (amx)";
  return "float32 as bfloat16 pairs in three passes (amx)";
}

}  // namespace

NoiseSchedule unet_training_schedule() { return linear_schedule(1'000, 1e-4, 0.02).value(); }

SamplingPlan unet_plan() {
  SamplingPlan plan;
  plan.sampler = Sampler::kDpmSolver;
  plan.schedule = respace(unet_training_schedule(), 20, StepSpacing::kLogSnr).value();
  plan.clamp = 1.0F;
  return plan;
}

Result<UnetConfig> unet_config(const nn::WeightFile& file, const std::string& prefix) {
  const auto shape = [&](const std::string& name,
                         std::size_t rank) -> Result<std::vector<std::size_t>> {
    const nn::TensorInfo* const info = file.find(prefix + name + ".weight");
    if (info == nullptr)
      return make_error(ErrorCode::kNotFound, "'", file.name(), "' lacks the tensor '", prefix,
                        name, ".weight'");
    if (info->shape.size() != rank)
      return make_error(ErrorCode::kCorruptData, "'", file.name(), "': tensor '", info->name,
                        "' has shape ", nn::describe_shape(info->shape), "; ", rank,
                        " dimensions are needed");
    return info->shape;
  };
  UnetConfig config;
  SYRINX_ASSIGN(const auto in, shape("unet.in", 3));
  SYRINX_ASSIGN(const auto mel, shape("unet.mel", 3));
  SYRINX_ASSIGN(const auto time, shape("unet.time.1", 2));
  config.mel_bands = mel[1];
  config.time_channels = time[0];
  config.channels = {in[0]};
  config.strides.clear();
  for (std::size_t i = 0;; ++i) {
    const std::string pool = "unet.down." + std::to_string(i) + ".pool";
    if (i > 0 && file.find(prefix + pool + ".weight") == nullptr) break;
    SYRINX_ASSIGN(const auto found, shape(pool, 3));
    config.channels.push_back(found[0]);
    config.strides.push_back(found[2]);
  }
  return config;
}

UnetModel::UnetModel(UnetNetwork network, const MelSpec& mel) : network_(std::move(network)) {
  info_.family = "U-Net diffusion";
  info_.variant = "custom";
  info_.precision = precision_name(network_);
  info_.mel = mel;
  info_.parameters = network_.parameters();
  info_.weight_bytes = network_.memory_bytes();
}

Result<std::unique_ptr<VocoderModel>> UnetModel::create(UnetNetwork network, const MelSpec& mel) {
  if (mel.hop_samples != network.config().hop_samples())
    return make_error(ErrorCode::kUnsupported, "a U-Net whose strides make ",
                      network.config().hop_samples(), " samples a frame, for mels of ",
                      mel.hop_samples);
  return std::unique_ptr<VocoderModel>(new UnetModel(std::move(network), mel));
}

Result<std::unique_ptr<VocoderModel>> UnetModel::load(const nn::WeightFile& file,
                                                      const ModelKind& kind,
                                                      const VocoderOptions& options) {
  SYRINX_ASSIGN(const UnetConfig config, unet_config(file, kind.prefix));
  SYRINX_TRY(check_count(file, kind.prefix + "unet.down.", ".pool", config.strides.size()));
  SYRINX_ASSIGN(auto network, UnetNetwork::build(config, weights_of(file, kind.prefix),
                                                 *options.kernels, options.precision));
  MelSpec mel = kind.mel.value_or(dsp::hifigan_22050_80());
  mel.bands = config.mel_bands;
  mel.hop_samples = config.hop_samples();
  SYRINX_TRY(validate(mel));
  return create(std::move(network), mel);
}

Result<std::unique_ptr<VocoderStream>> UnetModel::open_stream(std::size_t) const {
  return make_error(ErrorCode::kUnsupported,
                    "a U-Net makes an utterance only as a whole, step by step from noise: it "
                    "cannot stream");
}

Result<AudioBuffer> UnetModel::synthesise(MelView mel, const SynthesisOptions& options) const {
  SYRINX_ASSIGN(const Mel own, take_mel(mel, info_.mel, options, limits::kMaxWaveGlowFrames));
  static const SamplingPlan usual = unet_plan();
  static const NoiseSchedule training = unet_training_schedule();
  const SamplingPlan& plan = options.plan != nullptr ? *options.plan : usual;
  SeededNoise seeded(0);
  NoiseSource& noise = options.noise != nullptr ? *options.noise : seeded;
  AudioBuffer audio(1, own.frames() * info_.mel.hop_samples, info_.mel.sample_rate_hz);
  const std::span<float> x = audio.channel(0);
  SYRINX_TRY(noise.draw(x));
  const auto last = static_cast<double>(training.steps() - 1);
  const PredictNoise predict = [&](std::span<const float> at, double alpha_bar,
                                   std::span<float> out) -> Result<void> {
    network_.run(at, own.values(), training.step_at(alpha_bar) / last, options.pool, out);
    return {};
  };
  SYRINX_TRY(sample(predict, plan, noise, x, options.stop, options.progress));
  return audio;
}

// The network's, and of the sampler the sound, the noise and what they were in the steps before.
std::size_t UnetModel::synthesis_bytes(std::size_t frames, std::size_t) const noexcept {
  constexpr std::size_t kSignals = 5;
  return network_.run_bytes(frames) +
         frames * (kSignals * info_.mel.hop_samples + info_.mel.bands) * sizeof(float);
}

}  // namespace syrinx::vocoder
