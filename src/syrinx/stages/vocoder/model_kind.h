// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/core/nn/weights/weight_file.h"

// Which model a weight file holds, told by its tensors: before anything is loaded.
namespace syrinx::vocoder {

enum class ModelFamily {
  kUnknown,
  kHifiGan,
  kMelGan,
  kMultiBandMelGan,
  kVocos,
  kBigVgan,
  kWaveGlow,
  kDiffWave,
  kUnet,          // This project's own: unet/unet_network.h.
  kSourceFilter,  // The same: source_filter/source_filter_model.h.
  kKokoroVoice,   // No vocoder, but told apart from one.
  kSileroVad      // The same.
};

std::string_view to_string(ModelFamily family) noexcept;  // "HiFi-GAN".

// HiFi-GAN, BigVGAN and the MelGANs: a stack of transposed convolutions with residual blocks.
struct UpsamplerConfig {
  std::size_t mel_bands = 0;
  std::size_t initial_channels = 0;  // Halved at every upsampling.
  std::vector<std::size_t> upsample_rates;
  std::vector<std::size_t> upsample_kernel_sizes;
  int resblock_type = 0;  // 1: pairs of convolutions; 2: single ones; 0: MelGAN's own.
  std::vector<std::size_t> resblock_kernel_sizes;
  std::vector<std::vector<std::size_t>> resblock_dilations;  // One list for each kernel size.
  bool snake_log_scale = true;  // BigVGAN: alpha and beta are kept as logarithms;
  bool tanh_at_end = true;      // else the last samples are clipped to +-1.
};

// Whose code a MelGAN comes from: it names the tensors and says what the mel is.
enum class MelganLayout {
  kDescript,        // descriptinc/melgan-neurips: model.N.block.M, model.N.shortcut.
  kSeungwonPark,    // seungwonpark/melgan: generator.N.blocks.J.M, generator.N.shortcuts.J.
  kParallelWaveGan  // kan-bayashi/ParallelWaveGAN: melgan.N.stack.M, melgan.N.skip_layer.
};

// What MelGAN has besides an UpsamplerConfig. Its residual layers have dilations of stack_taps^j.
struct MelganConfig {
  MelganLayout layout = MelganLayout::kDescript;
  bool causal = false;         // ParallelWaveGAN's option: convolutions read only the past.
  std::size_t outer_taps = 7;  // Of the first and the last convolution.
  std::size_t stack_taps = 3;  // Of a residual layer's dilated convolution.
  std::size_t stacks = 3;      // Residual layers a stage.
  std::size_t sub_bands = 1;   // More: a filter bank makes the sound of them.
  // What becomes of a mel before the network: of each band `mean` is taken away, and it is divided
  // by `scale`. Empty: nothing.
  std::vector<float> mean;
  std::vector<float> scale;
  // The frames must come normalised by mean and variance, since no statistics are there.
  bool normalised = false;
};

struct VocosConfig {
  std::size_t mel_bands = 0;
  std::size_t channels = 0;
  std::size_t hidden_channels = 0;
  std::size_t layers = 0;
  std::size_t fft_size = 0;
  std::size_t hop_samples = 0;
  bool same_padding = false;  // As many hops of sound as frames, not one less ('center').
  // The last layer's rows are filters of pulses and noise instead of spectra.
  bool source_filter = false;

  std::size_t head_channels() const noexcept {
    return source_filter ? 3 * (fft_size / 2 + 1) + 2 : fft_size + 2;
  }
  const char* head_name() const noexcept { return source_filter ? "head" : "head.out"; }
};

struct WaveGlowConfig {
  std::size_t mel_bands = 0;
  std::size_t flows = 0;
  std::size_t group_samples = 0;
  std::size_t early_every = 0;  // Flows from one early output to the next; `flows` for none.
  std::size_t early_channels = 0;
  std::size_t layers = 0;
  std::size_t channels = 0;
  std::size_t kernel_size = 0;
  bool separate_conditioning = false;  // cond_layers.N of the older code, not one cond_layer.
};

struct DiffWaveConfig {
  std::size_t mel_bands = 0;
  std::size_t layers = 0;
  std::size_t channels = 0;
  std::size_t dilation_cycle = 0;
};

struct ModelKind {
  ModelFamily family = ModelFamily::kUnknown;
  std::string variant;        // "V1", "V2", "V3", "custom", "vocos-mel-24khz", ...; may be empty.
  std::string prefix;         // Before every tensor's name: "generator.", "model.", or empty.
  UpsamplerConfig upsampler;  // Of kHifiGan, kBigVgan, kMelGan, kMultiBandMelGan.
  MelganConfig melgan;        // Of kMelGan, kMultiBandMelGan.
  VocosConfig vocos;          // Of kVocos and kSourceFilter.
  WaveGlowConfig waveglow;
  DiffWaveConfig diffwave;
  std::optional<MelSpec> mel;  // The mel that it was trained on, when that is known.
  // What the weights do not say and no config said either, as sentences.
  std::vector<std::string> assumptions;
};

// Looks at names and shapes alone; kUnknown is an answer, too. With a config (HiFi-GAN's keys, or
// the family's own) what it states is taken, where the weights do not contradict it.
// Errors: kCorruptData when config and weights contradict each other, naming both.
Result<ModelKind> identify_model(const nn::WeightFile& file, const JsonValue* config);

// The same with the config found: `config` if it is not empty, else the file's own metadata (as
// `syrinx model convert` writes it), else config.json beside the weights. A MelGAN's statistics are
// taken from stats.npy or stats.npz beside the weights where nothing else tells them. Errors: also
// those of reading these files.
Result<ModelKind> identify_model(const nn::WeightFile& file,
                                 const std::filesystem::path& config = {});

// Holds every tensor that the model needs against its shape, not its values. Errors: kCorruptData
// naming a tensor that is missing or of a wrong shape; kUnsupported for a family without a list.
Result<void> check_tensors(const nn::WeightFile& file, const ModelKind& kind);

// The model's config as a JSON object under HiFi-GAN's keys (or the family's own), which
// identify_model() reads back: what a converted file carries.
std::string config_json(const ModelKind& kind);

}  // namespace syrinx::vocoder
