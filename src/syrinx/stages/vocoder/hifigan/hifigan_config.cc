// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/hifigan/hifigan_config.h"

#include <algorithm>
#include <numeric>

#include "syrinx/core/base/limits.h"

namespace syrinx::vocoder {
namespace {

using Sizes = std::vector<std::size_t>;

bool within(std::size_t value, std::size_t low, std::size_t high) {
  return value >= low && value <= high;
}

Result<void> validate_stage(const HifiganConfig& c, std::size_t stage) {
  const std::size_t rate = c.upsample_rates[stage];
  const std::size_t kernel = c.upsample_kernel_sizes[stage];
  if (!within(rate, 1, limits::kMaxUpsampleRate) || !within(kernel, rate, limits::kMaxConvTaps))
    return make_error(ErrorCode::kUnsupported, "upsample_rates[", stage, "] is ", rate,
                      " with a kernel of ", kernel, "; the rate must be 1 to ",
                      limits::kMaxUpsampleRate, " and the kernel ", rate, " to ",
                      limits::kMaxConvTaps);
  if (c.channels_after(stage) == 0)
    return make_error(ErrorCode::kUnsupported, "upsample_initial_channel ", c.initial_channels,
                      " leaves no channels after stage ", stage + 1);
  return {};
}

Result<void> validate_block(const HifiganConfig& c, std::size_t block) {
  const std::size_t kernel = c.block_kernel_sizes[block];
  if (kernel % 2 == 0 || kernel > limits::kMaxConvTaps)
    return make_error(ErrorCode::kUnsupported, "resblock_kernel_sizes[", block, "] is ", kernel,
                      "; it must be odd and at most ", limits::kMaxConvTaps);
  const Sizes& dilations = c.block_dilations[block];
  const bool sane = within(dilations.size(), 1, limits::kMaxNetworkLayers) &&
                    std::all_of(dilations.begin(), dilations.end(), [](std::size_t d) {
                      return within(d, 1, limits::kMaxConvDilation);
                    });
  if (sane) return {};
  return make_error(ErrorCode::kUnsupported, "resblock_dilation_sizes[", block, "] must be one to ",
                    limits::kMaxNetworkLayers, " numbers of 1 to ", limits::kMaxConvDilation);
}

}  // namespace

std::size_t HifiganConfig::hop_samples() const noexcept {
  return std::accumulate(upsample_rates.begin(), upsample_rates.end(), std::size_t{1},
                         std::multiplies<>());
}

std::string HifiganConfig::variant() const {
  const std::vector<Sizes> one_three_five(3, Sizes{1, 3, 5});
  const bool first_two = two_convolutions && upsample_rates == Sizes{8, 8, 2, 2} &&
                         upsample_kernel_sizes == Sizes{16, 16, 4, 4} &&
                         block_kernel_sizes == Sizes{3, 7, 11} && block_dilations == one_three_five;
  if (first_two && initial_channels == 512) return "V1";
  if (first_two && initial_channels == 128) return "V2";
  const bool third = !two_convolutions && upsample_rates == Sizes{8, 8, 4} &&
                     upsample_kernel_sizes == Sizes{16, 16, 8} &&
                     block_kernel_sizes == Sizes{3, 5, 7} &&
                     block_dilations == std::vector<Sizes>{{1, 2}, {2, 6}, {3, 12}};
  return third && initial_channels == 256 ? "V3" : "custom";
}

Result<void> validate(const HifiganConfig& config) {
  const std::size_t stages = config.upsample_rates.size();
  if (!within(stages, 1, limits::kMaxNetworkLayers) ||
      config.upsample_kernel_sizes.size() != stages)
    return make_error(ErrorCode::kUnsupported, "there are ", stages, " upsample_rates and ",
                      config.upsample_kernel_sizes.size(),
                      " upsample_kernel_sizes; as many of both are needed, at most ",
                      limits::kMaxNetworkLayers);
  if (config.block_kernel_sizes.empty() ||
      config.block_kernel_sizes.size() > limits::kMaxNetworkLayers ||
      config.block_kernel_sizes.size() != config.block_dilations.size())
    return make_error(ErrorCode::kUnsupported, "there are ", config.block_kernel_sizes.size(),
                      " resblock_kernel_sizes and ", config.block_dilations.size(),
                      " resblock_dilation_sizes; as many of both are needed");
  if (config.initial_channels > limits::kMaxNetworkChannels)
    return make_error(ErrorCode::kLimitExceeded, "upsample_initial_channel is ",
                      config.initial_channels, "; at most ", limits::kMaxNetworkChannels,
                      " are supported");
  for (std::size_t i = 0; i < stages; ++i) SYRINX_TRY(validate_stage(config, i));
  for (std::size_t i = 0; i < config.block_dilations.size(); ++i)
    SYRINX_TRY(validate_block(config, i));
  if (config.hop_samples() > limits::kMaxHopSamples)
    return make_error(ErrorCode::kLimitExceeded, "the upsample rates make ", config.hop_samples(),
                      " samples a frame; at most ", limits::kMaxHopSamples, " are supported");
  if (config.mel.hop_samples != config.hop_samples())
    return make_error(ErrorCode::kUnsupported, "the upsample rates make ", config.hop_samples(),
                      " samples a frame, but the mel's hop is ", config.mel.hop_samples);
  return validate(config.mel);
}

}  // namespace syrinx::vocoder
