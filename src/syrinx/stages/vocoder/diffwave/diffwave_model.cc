// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/diffwave/diffwave_model.h"

#include <algorithm>
#include <utility>

#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_pass.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_stream.h"
#include "syrinx/stages/vocoder/stream_input.h"
#include "syrinx/stages/vocoder/whole_mel.h"

namespace syrinx::vocoder {
namespace {

constexpr std::size_t kHop = MelUpsampler::kRate * MelUpsampler::kRate;

// One utterance cut into stretches, one for each thread.
class Denoiser {
 public:
  Denoiser(const DiffWaveNetwork& network, MelView mel, ThreadPool* pool)
      : network_(network),
        pool_(pool),
        mel_(network.upsampler.first(mel)),
        rows_{mel_.data(), 0, static_cast<std::int64_t>(mel.frames() * MelUpsampler::kRate),
              mel.bands()},
        samples_(static_cast<std::int64_t>(mel.frames() * kHop)) {
    // A stretch shorter than what it looks at besides would not be worth a thread.
    const auto most = std::max<std::int64_t>(samples_ / std::max<std::int64_t>(network.reach(), 1),
                                             std::int64_t{1});
    const auto threads = static_cast<std::int64_t>(pool == nullptr ? 1 : pool->threads());
    const std::int64_t count = std::clamp<std::int64_t>(threads, 1, most);
    for (std::int64_t i = 0; i < count; ++i)
      stretches_.push_back({DiffWavePass(network),
                            DiffWaveScratch(network),
                            {samples_ * i / count, samples_ * (i + 1) / count}});
  }

  void run(std::span<const float> x, double step, std::span<float> noise) {
    const DiffWaveStep shared = network_.step(step);
    const auto part = [&](std::size_t i) { run_stretch(stretches_[i], x, shared, noise); };
    if (stretches_.size() == 1) return part(0);
    pool_->parallel_for(stretches_.size(), part);
  }

 private:
  struct Stretch {
    DiffWavePass pass;
    DiffWaveScratch scratch;
    DiffWavePass::Range wanted;
  };

  void run_stretch(Stretch& stretch, std::span<const float> x, const DiffWaveStep& step,
                   std::span<float> noise) const {
    const nn::TileScope tiles(*network_.kernels);
    stretch.pass.start(stretch.wanted, samples_);
    while (!stretch.pass.done()) {
      const auto rows = stretch.pass.make_room(DiffWavePass::kMostRows);
      stretch.pass.advance(x.data() + rows.begin, rows_, step, stretch.scratch,
                           noise.data() + stretch.pass.made());
    }
  }

  const DiffWaveNetwork& network_;
  ThreadPool* pool_;
  std::vector<float> mel_;
  MelUpsampler::Rows rows_;
  std::int64_t samples_;
  std::vector<Stretch> stretches_;
};

}  // namespace

NoiseSchedule diffwave_training_schedule() { return linear_schedule(50, 1e-4, 0.05).value(); }

SamplingPlan diffwave_fast_plan() {
  SamplingPlan plan;
  plan.sampler = Sampler::kDdpm;
  plan.schedule = NoiseSchedule::from_betas({1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5}).value();
  plan.clamp = 1.0F;
  return plan;
}

DiffWaveModel::DiffWaveModel(DiffWaveNetwork network, const MelSpec& mel)
    : network_(std::move(network)) {
  info_.family = "DiffWave";
  info_.variant =
      network_.config.layers == 30 && network_.config.channels == 64 ? "base" : "custom";
  info_.precision = precision_words(*network_.kernels, network_.format);
  info_.mel = mel;
  info_.parameters = network_.parameters;
  info_.weight_bytes = network_.memory_bytes();
  const std::int64_t held =
      static_cast<std::int64_t>(kHop) - MelUpsampler::enough_for(MelUpsampler::enough_for(1));
  info_.latency_samples = static_cast<std::size_t>(
      held + static_cast<std::int64_t>(diffwave_fast_plan().schedule.steps()) * network_.reach());
  info_.context_frames = static_cast<std::size_t>(network_.reach()) / kHop + 2;
}

Result<std::unique_ptr<VocoderModel>> DiffWaveModel::create(DiffWaveNetwork network,
                                                            const MelSpec& mel) {
  if (mel.hop_samples != kHop)
    return make_error(ErrorCode::kUnsupported, "a DiffWave for mels of ", mel.hop_samples,
                      " samples a frame; its upsampler makes ", kHop);
  return std::unique_ptr<VocoderModel>(new DiffWaveModel(std::move(network), mel));
}

Result<std::unique_ptr<VocoderModel>> DiffWaveModel::load(const nn::WeightFile& file,
                                                          const ModelKind& kind,
                                                          const VocoderOptions& options) {
  SYRINX_TRY(
      check_count(file, kind.prefix + "residual_layers.", ".dilated_conv", kind.diffwave.layers));
  SYRINX_ASSIGN(auto network, DiffWaveNetwork::build(kind.diffwave, weights_of(file, kind.prefix),
                                                     *options.kernels, options.precision));
  MelSpec mel = kind.mel.value_or(dsp::diffwave_22050_80());
  mel.bands = kind.diffwave.mel_bands;
  return create(std::move(network), mel);
}

Result<std::unique_ptr<VocoderStream>> DiffWaveModel::open_stream(
    std::size_t max_block_frames) const {
  return open_stream_from_noise(max_block_frames, {});
}

Result<std::unique_ptr<VocoderStream>> DiffWaveModel::open_stream_from_noise(
    std::size_t max_block_frames, const StreamOptions& options) const {
  SYRINX_TRY(check_block_frames(max_block_frames));
  SYRINX_ASSIGN(const auto sampling,
                sampling_steps(options.plan != nullptr ? *options.plan : diffwave_fast_plan()));
  if (sampling.size() > kMaxStreamedSteps)
    return make_error(ErrorCode::kLimitExceeded, "a stream of ", sampling.size(),
                      " steps, each a network of its own; at most ", kMaxStreamedSteps,
                      " are possible: 6 are usual");
  const NoiseSchedule training = diffwave_training_schedule();
  std::vector<DiffWaveStream::Step> steps;
  for (const SamplingStep& one : sampling)
    steps.push_back({one, network_.step(training.step_at(one.alpha_bar))});
  return std::unique_ptr<VocoderStream>(std::make_unique<DiffWaveStream>(
      network_, info_.mel, std::move(steps), options.seed, max_block_frames));
}

Result<AudioBuffer> DiffWaveModel::synthesise(MelView mel, const SynthesisOptions& options) const {
  SYRINX_ASSIGN(const Mel own, take_mel(mel, info_.mel, options));
  static const SamplingPlan fast = diffwave_fast_plan();
  const SamplingPlan& plan = options.plan != nullptr ? *options.plan : fast;
  ChannelNoise seeded(0);
  NoiseSource& noise = options.noise != nullptr ? *options.noise : seeded;
  AudioBuffer audio(1, own.frames() * kHop, info_.mel.sample_rate_hz);
  const std::span<float> x = audio.channel(0);
  SYRINX_TRY(noise.draw(x));
  Denoiser denoiser(network_, own.view(), options.pool);
  const NoiseSchedule training = diffwave_training_schedule();
  const PredictNoise predict = [&](std::span<const float> at, double alpha_bar,
                                   std::span<float> out) -> Result<void> {
    denoiser.run(at, training.step_at(alpha_bar), out);
    return {};
  };
  SYRINX_TRY(sample(predict, plan, noise, x, options.stop, options.progress));
  return audio;
}

Result<std::vector<float>> DiffWaveModel::predict(MelView mel, std::span<const float> x,
                                                  double step, ThreadPool* pool) const {
  SYRINX_ASSIGN(const Mel own, take_mel(mel, info_.mel, {}));
  if (x.size() != own.frames() * kHop)
    return make_error(ErrorCode::kInvalidArgument, x.size(), " samples for ", own.frames(),
                      " frames of ", kHop);
  std::vector<float> noise(x.size());
  Denoiser(network_, own.view(), pool).run(x, step, noise);
  return noise;
}

}  // namespace syrinx::vocoder
