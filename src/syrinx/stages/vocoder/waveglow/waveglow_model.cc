// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/waveglow/waveglow_model.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <utility>

#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/stages/vocoder/stream_input.h"
#include "syrinx/stages/vocoder/waveglow/waveglow_pass.h"
#include "syrinx/stages/vocoder/waveglow/waveglow_stream.h"
#include "syrinx/stages/vocoder/whole_mel.h"

namespace syrinx::vocoder {
namespace {

constexpr std::size_t kHop = 256;
constexpr std::size_t kHumFrames = 88;  // Of the published denoiser's mel of zeros.

void run_parts(ThreadPool* pool, std::size_t count, const std::function<void(std::size_t)>& part) {
  if (pool != nullptr && count > 1) return pool->parallel_for(count, part);
  for (std::size_t i = 0; i < count; ++i) part(i);
}

// Draws `channels` channels, one after the other over all rows, into rows of `group` floats, after
// moving what is in them behind.
Result<void> prepend_noise(NoiseSource& noise, float sigma, std::size_t channels, std::size_t kept,
                           std::size_t group, std::vector<float>& signal) {
  const std::size_t rows = signal.size() / group;
  std::vector<float> drawn(rows);
  for (std::size_t r = 0; r < rows; ++r)
    std::memmove(&signal[r * group + channels], &signal[r * group], kept * sizeof(float));
  for (std::size_t c = 0; c < channels; ++c) {
    SYRINX_TRY(noise.draw(drawn));
    for (std::size_t r = 0; r < rows; ++r) signal[r * group + c] = sigma * drawn[r];
  }
  return {};
}

// What a thread takes its stretch of every flow through.
struct Worker {
  explicit Worker(const WaveGlowNetwork& network) : pass(network), scratch(network) {}

  void run(const WaveGlowFlow& flow, WaveGlowPass::Range wanted, const nn::SideRows& side,
           const std::vector<float>& in, std::size_t group, std::vector<float>& out) {
    const auto row = [group](auto& values, std::int64_t index) {
      return values.data() + static_cast<std::size_t>(index) * group;
    };
    pass.start(flow, wanted, static_cast<std::int64_t>(in.size() / group));
    while (!pass.done()) {
      const auto rows = pass.make_room(WaveGlowPass::kMostRows);
      const std::int64_t made = pass.made();
      pass.advance(row(in, rows.begin), side, row(in, made), row(out, made), scratch);
    }
  }

  WaveGlowPass pass;
  WaveGlowScratch scratch;
};

Result<void> check_sigma(float sigma) {
  if (!(sigma >= 0) || !std::isfinite(sigma))
    return make_error(ErrorCode::kInvalidArgument, "sigma is ", sigma,
                      ": it must be 0 or more; 0.6 is usual");
  return {};
}

}  // namespace

WaveGlowModel::WaveGlowModel(WaveGlowNetwork network, const MelSpec& mel)
    : network_(std::move(network)) {
  const WaveGlowConfig& config = network_.config;
  info_.family = "WaveGlow";
  info_.variant = config.flows == 12 && config.channels == 256 && config.layers == 8
                      ? "waveglow-256"
                      : "custom";
  info_.precision = precision_words(*network_.kernels, network_.format);
  info_.mel = mel;
  info_.parameters = network_.parameters;
  info_.weight_bytes = network_.memory_bytes();
  info_.latency_samples =
      static_cast<std::size_t>(network_.reach()) * config.flows * config.group_samples;
  info_.context_frames =
      static_cast<std::size_t>(network_.reach()) * config.flows / network_.rows_per_frame() + 4;
}

Result<std::unique_ptr<VocoderModel>> WaveGlowModel::create(WaveGlowNetwork network,
                                                            const MelSpec& mel) {
  if (mel.hop_samples != kHop)
    return make_error(ErrorCode::kUnsupported, "a WaveGlow for mels of ", mel.hop_samples,
                      " samples a frame; its upsampling makes ", kHop);
  return std::unique_ptr<VocoderModel>(new WaveGlowModel(std::move(network), mel));
}

Result<std::unique_ptr<VocoderModel>> WaveGlowModel::load(const nn::WeightFile& file,
                                                          const ModelKind& kind,
                                                          const VocoderOptions& options) {
  const WaveGlowConfig& config = kind.waveglow;
  SYRINX_TRY(check_count(file, kind.prefix + "convinv.", ".conv", config.flows));
  SYRINX_TRY(check_count(file, kind.prefix + "WN.", "", config.flows));
  for (std::size_t i = 0; i < config.flows; ++i)
    SYRINX_TRY(check_count(file, kind.prefix + "WN." + std::to_string(i) + ".in_layers.", "",
                           config.layers));
  SYRINX_ASSIGN(auto network, WaveGlowNetwork::build(kind.waveglow, weights_of(file, kind.prefix),
                                                     *options.kernels, options.precision));
  MelSpec mel = kind.mel.value_or(dsp::hifigan_22050_80());
  mel.bands = kind.waveglow.mel_bands;
  return create(std::move(network), mel);
}

Result<std::unique_ptr<VocoderStream>> WaveGlowModel::open_stream(
    std::size_t max_block_frames) const {
  return open_stream_from_noise(max_block_frames, {});
}

Result<std::unique_ptr<VocoderStream>> WaveGlowModel::open_stream_from_noise(
    std::size_t max_block_frames, const StreamOptions& options) const {
  SYRINX_TRY(check_block_frames(max_block_frames));
  SYRINX_TRY(check_sigma(options.sigma));
  return std::unique_ptr<VocoderStream>(std::make_unique<WaveGlowStream>(
      network_, info_.mel, options.seed, options.sigma, max_block_frames));
}

// The mel as rows of the network's format, one for each group of samples.
std::vector<std::byte> WaveGlowModel::upsampled(const Mel& mel, ThreadPool* pool) const {
  const nn::RowKernels& kernels = *network_.kernels;
  const std::size_t bands = nn::padded_channels(kernels, mel.bands());
  const std::size_t before = 3, phases = network_.rows_per_frame();
  std::vector<float> frames((before + mel.frames() + nn::kSlackRows) * bands, 0.0F);
  for (std::size_t i = 0; i < mel.frames(); ++i)
    std::copy_n(mel.frame(i).data(), mel.bands(), frames.data() + (before + i) * bands);
  const std::size_t stride = nn::spread_row_bytes(network_.format, network_.side);
  std::vector<std::byte> made((mel.frames() * phases + nn::kSlackRows) * stride);
  run_parts(pool, phases, [&](std::size_t phase) {
    const nn::TileScope tiles(kernels);
    std::vector<float> rows(mel.frames() * network_.side);
    nn::ConvTail tail;
    tail.keep = rows.data();
    tail.keep_stride = network_.side;
    network_.upsample[phase].run(reinterpret_cast<const std::byte*>(frames.data() + before * bands),
                                 bands * sizeof(float), mel.frames(), tail);
    kernels.activate(made.data() + phase * stride, phases * stride, network_.format, rows.data(),
                     network_.side, mel.frames(), network_.side, 1.0F, 1.0F);
  });
  return made;
}

Result<AudioBuffer> WaveGlowModel::infer(const Mel& mel, const SynthesisOptions& options) const {
  const std::size_t group = network_.config.group_samples;
  const std::size_t rows = mel.frames() * network_.rows_per_frame();
  const std::vector<std::byte> side = upsampled(mel, options.pool);
  const nn::SideRows side_rows{side.data(), nn::spread_row_bytes(network_.format, network_.side),
                               0};
  ChannelNoise seeded(0);
  NoiseSource& noise = options.noise != nullptr ? *options.noise : seeded;
  std::vector<float> signal(rows * group, 0.0F), next(rows * group, 0.0F);
  SYRINX_TRY(
      prepend_noise(noise, options.sigma, network_.flows.front().channels, 0, group, signal));
  const std::size_t threads = options.pool == nullptr ? 1 : options.pool->threads();
  std::vector<Worker> workers;
  for (std::size_t i = 0; i < std::min(threads, rows); ++i) workers.emplace_back(network_);
  for (std::size_t f = 0; f < network_.flows.size(); ++f) {
    SYRINX_TRY(check_stop(options));
    const WaveGlowFlow& flow = network_.flows[f];
    run_parts(options.pool, workers.size(), [&](std::size_t i) {
      const nn::TileScope tiles(*network_.kernels);
      const WaveGlowPass::Range wanted{static_cast<std::int64_t>(rows * i / workers.size()),
                                       static_cast<std::int64_t>(rows * (i + 1) / workers.size())};
      workers[i].run(flow, wanted, side_rows, signal, group, next);
    });
    signal.swap(next);
    if (flow.early_channels > 0)
      SYRINX_TRY(
          prepend_noise(noise, options.sigma, flow.early_channels, flow.channels, group, signal));
    report(options, static_cast<double>(f + 1) / static_cast<double>(network_.flows.size()));
  }
  AudioBuffer audio(1, signal.size(), info_.mel.sample_rate_hz);
  std::copy(signal.begin(), signal.end(), audio.channel(0).begin());
  return audio;
}

Result<const SpectralDenoiser*> WaveGlowModel::denoiser(ThreadPool* pool) const {
  const std::scoped_lock lock(denoiser_mutex_);
  if (!denoiser_) {
    SynthesisOptions silent;
    silent.pool = pool;
    silent.sigma = 0;
    SYRINX_ASSIGN(const AudioBuffer hum, infer(Mel(info_.mel, kHumFrames), silent));
    SYRINX_ASSIGN(denoiser_, SpectralDenoiser::create(hum.channel(0)));
  }
  return &*denoiser_;
}

Result<AudioBuffer> WaveGlowModel::synthesise(MelView mel, const SynthesisOptions& options) const {
  SYRINX_ASSIGN(const Mel own, take_mel(mel, info_.mel, options, limits::kMaxWaveGlowFrames));
  SYRINX_TRY(check_sigma(options.sigma));
  SYRINX_ASSIGN(AudioBuffer audio, infer(own, options));
  if (options.denoise == 0) return audio;
  SYRINX_ASSIGN(const SpectralDenoiser* const hum, denoiser(options.pool));
  SYRINX_ASSIGN(const std::vector<float> clean, hum->apply(audio.channel(0), options.denoise));
  std::copy(clean.begin(), clean.end(), audio.channel(0).begin());
  return audio;
}

}  // namespace syrinx::vocoder
