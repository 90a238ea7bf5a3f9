// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/noise_suppressor.h"

#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/store/model_store.h"
#include "syrinx/core/nn/onnx/onnx_session.h"
#include "syrinx/stages/enhance/denoise/dtln.h"
#include "syrinx/stages/enhance/denoise/gtcrn.h"
#include "syrinx/stages/enhance/denoise/network_suppressor.h"
#include "syrinx/stages/enhance/denoise/statistical_suppressor.h"

namespace syrinx::enhance {
namespace {

constexpr float kLargestSample = 1e4f;  // 80 dB above full scale: damage.
constexpr std::array<std::string_view, 4> kKinds = {"off", "statistical", "gtcrn", "dtln"};

// A model's file in the user's folder or the one that is given.
Result<nn::OnnxSession> load(const std::filesystem::path& models, std::string_view relative) {
  std::filesystem::path folder = models;
  if (folder.empty()) {
    SYRINX_ASSIGN(folder, io::user_model_folder());
  }
  const std::filesystem::path file = folder / relative;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return make_error(ErrorCode::kNotFound, "the denoiser's model is not at ", file.string(),
                      "; put it there, or use --denoise statistical, which needs none");
  return nn::OnnxSession::load(file);
}

}  // namespace

std::uint64_t silence_bad_samples(std::span<float> samples) noexcept {
  std::uint64_t bad = 0;
  for (float& x : samples) {
    if (std::abs(x) <= kLargestSample) continue;  // False for NaN.
    x = 0.0f;
    ++bad;
  }
  return bad;
}

Result<void> validate(const DenoiseFormat& format) {
  if (format.sample_rate_hz < kLeastDenoiseRateHz || format.sample_rate_hz > kMostDenoiseRateHz)
    return make_error(ErrorCode::kInvalidArgument, "noise cannot be suppressed at ",
                      format.sample_rate_hz, " Hz; give ", kLeastDenoiseRateHz, " to ",
                      kMostDenoiseRateHz);
  if (format.channels < 1 || format.channels > limits::kMaxChannels)
    return make_error(ErrorCode::kInvalidArgument, "noise suppression of ", format.channels,
                      " channels; give 1 to ", limits::kMaxChannels);
  if (format.max_block_frames < 1 || format.max_block_frames > limits::kMaxBlockFrames)
    return make_error(ErrorCode::kInvalidArgument, "noise suppression in blocks of ",
                      format.max_block_frames, " frames; give 1 to ", limits::kMaxBlockFrames);
  return {};
}

std::string_view to_string(DenoiseKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

Result<DenoiseKind> parse_denoise_kind(std::string_view name) {
  for (std::size_t i = 0; i < kKinds.size(); ++i)
    if (kKinds[i] == name) return static_cast<DenoiseKind>(i);
  return make_error(ErrorCode::kInvalidArgument, "there is no denoiser '", name,
                    "'; there are off, statistical, gtcrn and dtln");
}

Result<std::unique_ptr<NoiseSuppressor>> make_suppressor(DenoiseKind kind,
                                                         const std::filesystem::path& models) {
  if (kind == DenoiseKind::kOff) return std::unique_ptr<NoiseSuppressor>();
  if (kind == DenoiseKind::kStatistical) return make_statistical_suppressor();
  if (kind == DenoiseKind::kGtcrn) {
    SYRINX_ASSIGN(const auto session, load(models, "gtcrn/gtcrn_simple.onnx"));
    SYRINX_TRY(make_gtcrn(session));
    return make_network_suppressor([session] { return make_gtcrn(session); });
  }
  SYRINX_ASSIGN(const auto first, load(models, "dtln/model_1.onnx"));
  SYRINX_ASSIGN(const auto second, load(models, "dtln/model_2.onnx"));
  SYRINX_TRY(make_dtln(first, second));
  return make_network_suppressor([first, second] { return make_dtln(first, second); });
}

}  // namespace syrinx::enhance
