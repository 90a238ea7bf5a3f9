// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "syrinx/core/nn/weights/folded_weight.h"
#include "syrinx/stages/vocoder/model_families.h"

// MelGANs are a PyTorch Sequential, in which a module has no name but its place: where the places
// of the tensors fit best tells how many stages and layers there are.
namespace syrinx::vocoder {
namespace {

using Shape = std::vector<std::size_t>;

constexpr std::size_t kMostStages = 8;
constexpr std::size_t kMostStacks = 8;

// How a layout's tensors are named: "<root><place>" and then a residual layer's mark.
struct Naming {
  MelganLayout layout;
  std::string_view root;
  std::string_view mark;
};
constexpr Naming kNamings[] = {{MelganLayout::kParallelWaveGan, "melgan.", ".stack."},
                               {MelganLayout::kSeungwonPark, "generator.", ".blocks."},
                               {MelganLayout::kDescript, "model.", ".block."}};

const Naming& naming_of(MelganLayout layout) {
  return *std::find_if(std::begin(kNamings), std::end(kNamings),
                       [=](const Naming& naming) { return naming.layout == layout; });
}

// The file's prefix, from a tensor "<prefix><root><number><mark>...".
std::optional<std::string> prefix_of(const nn::WeightFile& file, const Naming& naming) {
  for (const nn::TensorInfo& info : file.tensors()) {
    const std::string& name = info.name;
    const auto at = name.find(naming.root);
    if (at == std::string::npos || (at > 0 && name[at - 1] != '.')) continue;
    std::size_t place = 0;
    const char* const begin = name.data() + at + naming.root.size();
    const auto parsed = std::from_chars(begin, name.data() + name.size(), place);
    const auto rest = static_cast<std::size_t>(parsed.ptr - name.data());
    if (parsed.ptr != begin && name.compare(rest, naming.mark.size(), naming.mark) == 0)
      return name.substr(0, at);
  }
  return std::nullopt;
}

// All modules that a MelGAN of this size has.
std::vector<std::string> all_modules(const MelganConfig& config, std::size_t stages) {
  const MelganModules modules = melgan_modules(config, stages);
  std::vector<std::string> all{modules.first, modules.last};
  all.insert(all.end(), modules.upsamplings.begin(), modules.upsamplings.end());
  for (const auto& stage : modules.layers)
    for (const MelganModules::Layer& layer : stage)
      all.insert(all.end(), {layer.dilated, layer.plain, layer.skip});
  return all;
}

// How many of a size's modules the file has, less those that it lacks; nothing where that is many.
std::ptrdiff_t fit_of(const nn::WeightFile& file, const std::string& prefix,
                      const MelganConfig& config, std::size_t stages) {
  constexpr int kMostMissing = 8;
  std::ptrdiff_t fit = 0;
  int missing = 0;
  for (const std::string& module : all_modules(config, stages)) {
    const bool found = nn::find_weight(file, prefix + module).has_value();
    fit += found ? 1 : -1;
    if (!found && ++missing > kMostMissing) return 0;
  }
  return fit;
}

// The size that fits best: what is missing of it can then be named.
std::size_t find_size(const nn::WeightFile& file, const std::string& prefix, MelganConfig& config) {
  std::size_t best_stages = 0;
  std::ptrdiff_t best = 0;
  MelganConfig tried = config;
  for (std::size_t stages = 1; stages <= kMostStages; ++stages)
    for (tried.stacks = 1; tried.stacks <= kMostStacks; ++tried.stacks) {
      const std::ptrdiff_t fit = fit_of(file, prefix, tried, stages);
      if (fit <= best) continue;
      best = fit;
      best_stages = stages;
      config.stacks = tried.stacks;
    }
  return best_stages;
}

std::string variant_of(const ModelKind& kind) {
  const UpsamplerConfig& up = kind.upsampler;
  const MelganConfig& own = kind.melgan;
  const bool usual = up.mel_bands == 80 && own.outer_taps == 7 && own.stack_taps == 3;
  const bool full = up.initial_channels == 512 && own.sub_bands == 1 && own.stacks == 3 &&
                    up.upsample_rates == Shape{8, 8, 2, 2};
  const bool multi = up.initial_channels == 384 && own.sub_bands == 4 && own.stacks == 4 &&
                     up.upsample_rates == Shape{8, 4, 2};
  if (!usual || own.causal || !(full || multi)) return "custom";
  if (own.layout == MelganLayout::kDescript) return "melgan-neurips";
  return own.layout == MelganLayout::kSeungwonPark ? "seungwonpark" : "ParallelWaveGAN";
}

Result<void> set_statistics(ModelKind& kind, std::vector<float> mean, std::vector<float> scale,
                            const std::string& where) {
  const std::size_t bands = kind.upsampler.mel_bands;
  const auto finite = [](float v) { return std::isfinite(v); };
  const auto positive = [](float v) { return std::isfinite(v) && v > 0; };
  if (mean.size() != bands || scale.size() != bands ||
      !std::all_of(mean.begin(), mean.end(), finite) ||
      !std::all_of(scale.begin(), scale.end(), positive))
    return make_error(ErrorCode::kCorruptData, where, " must hold ", bands,
                      " means and as many deviations above zero, one for each band");
  kind.melgan.mean = std::move(mean);
  kind.melgan.scale = std::move(scale);
  kind.melgan.normalised = false;
  return {};
}

// ParallelWaveGAN's stats.npy is [2][bands]: means, deviations.
Result<void> read_statistics(ModelKind& kind, const std::filesystem::path& path) {
  SYRINX_ASSIGN(const auto file, nn::WeightFile::open(path));
  const std::string where = "'" + path.string() + "'";
  if (file.find("mean") != nullptr && file.find("scale") != nullptr) {
    SYRINX_ASSIGN(auto mean, file.floats("mean"));
    SYRINX_ASSIGN(auto scale, file.floats("scale"));
    return set_statistics(kind, std::move(mean), std::move(scale), where);
  }
  const nn::TensorInfo* const both = file.find("tensor");
  if (both == nullptr || both->shape != Shape{2, kind.upsampler.mel_bands})
    return make_error(ErrorCode::kCorruptData, where,
                      " holds no statistics of this model's mels: an array of shape [2, ",
                      kind.upsampler.mel_bands, "] or arrays `mean` and `scale` are needed");
  SYRINX_ASSIGN(const auto values, file.floats("tensor"));
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  return set_statistics(kind, {values.begin(), middle}, {middle, values.end()}, where);
}

}  // namespace

MelganModules melgan_modules(const MelganConfig& config, std::size_t stages) {
  const std::string root(naming_of(config.layout).root);
  const std::size_t before = config.causal ? 0 : 1;  // Padding is a module, unless causal.
  const bool park = config.layout == MelganLayout::kSeungwonPark;
  const std::string conv = config.causal ? ".conv" : "";
  const auto at = [&](std::size_t place) { return root + std::to_string(place); };
  MelganModules modules;
  std::size_t place = before;
  modules.first = at(place) + conv;
  for (std::size_t i = 0; i < stages; ++i) {
    place += 2;  // An activation stands before it.
    modules.upsamplings.push_back(at(place) + (config.causal ? ".deconv" : ""));
    auto& layers = modules.layers.emplace_back();
    for (std::size_t j = 0; j < config.stacks; ++j) {
      if (!park || j == 0) ++place;
      const std::string inner =
          park ? ".blocks." + std::to_string(j)
               : (config.layout == MelganLayout::kDescript ? ".block" : ".stack");
      const std::string skip =
          park ? ".shortcuts." + std::to_string(j)
               : (config.layout == MelganLayout::kDescript ? ".shortcut" : ".skip_layer");
      const std::string block = at(place);
      layers.push_back({block + inner + "." + std::to_string(1 + before) + conv,
                        block + inner + "." + std::to_string(3 + before), block + skip});
    }
  }
  modules.last = at(place + 2 + before) + conv;
  return modules;
}

std::optional<ModelKind> find_melgan(const nn::WeightFile& file) {
  for (const Naming& naming : kNamings) {
    const auto prefix = prefix_of(file, naming);
    if (!prefix) continue;
    ModelKind kind;
    kind.prefix = *prefix;
    MelganConfig& own = kind.melgan;
    own.layout = naming.layout;
    own.causal = naming.layout == MelganLayout::kParallelWaveGan &&
                 nn::find_weight(file, *prefix + std::string(naming.root) + "0.conv").has_value();
    const std::size_t stages = find_size(file, *prefix, own);
    const MelganModules modules = melgan_modules(own, stages);
    const Shape first = weight_shape(file, *prefix + modules.first);
    if (stages == 0 || first.size() != 3) continue;
    const Shape last = weight_shape(file, *prefix + modules.last);
    const Shape dilated = weight_shape(file, *prefix + modules.layers[0][0].dilated);
    kind.upsampler.initial_channels = first[0];
    kind.upsampler.mel_bands = first[1];
    own.outer_taps = first[2];
    own.sub_bands = last.size() == 3 ? last[0] : 1;
    own.stack_taps = dilated.size() == 3 ? dilated[2] : 3;
    for (const std::string& upsampling : modules.upsamplings) {
      const Shape shape = weight_shape(file, *prefix + upsampling);
      kind.upsampler.upsample_kernel_sizes.push_back(shape.size() == 3 ? shape[2] : 2);
      kind.upsampler.upsample_rates.push_back(kind.upsampler.upsample_kernel_sizes.back() / 2);
    }
    kind.family = own.sub_bands > 1 ? ModelFamily::kMultiBandMelGan : ModelFamily::kMelGan;
    kind.variant = variant_of(kind);
    if (own.causal)
      kind.assumptions.push_back(
          "Causal upsampling repeats the first row, as ParallelWaveGAN does since version 0.5.");
    return kind;
  }
  return std::nullopt;
}

Result<void> take_melgan_statistics(ModelKind& kind, const nn::WeightFile& file, bool beside) {
  if (kind.family != ModelFamily::kMelGan && kind.family != ModelFamily::kMultiBandMelGan)
    return {};
  MelganConfig& own = kind.melgan;
  if (own.layout == MelganLayout::kSeungwonPark) {  // Its generator begins with (mel + 5) / 5.
    own.mean.assign(kind.upsampler.mel_bands, -5.0F);
    own.scale.assign(kind.upsampler.mel_bands, 5.0F);
  }
  if (own.layout != MelganLayout::kParallelWaveGan || !own.mean.empty()) return {};
  own.normalised = true;
  const std::string mean_name = kind.prefix + "mean", scale_name = kind.prefix + "scale";
  if (file.find(mean_name) != nullptr && file.find(scale_name) != nullptr) {
    SYRINX_ASSIGN(auto mean, file.floats(mean_name));
    SYRINX_ASSIGN(auto scale, file.floats(scale_name));
    return set_statistics(kind, std::move(mean), std::move(scale),
                          "'" + file.name() + "': '" + mean_name + "' and '" + scale_name + "'");
  }
  if (!beside) return {};
  for (const char* const name : {"stats.npy", "stats.npz"}) {
    const auto path = std::filesystem::path(file.name()).parent_path() / name;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path, ignored)) return read_statistics(kind, path);
  }
  return {};
}

Result<void> take_statistics(ModelKind& kind, const JsonValue& config) {
  std::vector<float> values[2];
  const char* const keys[2] = {"mel_mean", "mel_scale"};
  if (config.find(keys[0]) == nullptr && config.find(keys[1]) == nullptr) return {};
  for (int i = 0; i < 2; ++i) {
    const JsonValue* const list = config.find(keys[i]);
    if (list == nullptr || list->array() == nullptr) continue;
    for (const JsonValue& item : *list->array())
      values[i].push_back(static_cast<float>(item.number().value_or(NAN)));
  }
  return set_statistics(kind, std::move(values[0]), std::move(values[1]),
                        "the config's mel_mean and mel_scale");
}

}  // namespace syrinx::vocoder
