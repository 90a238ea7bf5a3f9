// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/pair_check.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/base/limits.h"

namespace syrinx::measure {
namespace {

Result<void> check_finite(AudioView audio, std::string_view measure, std::string_view role) {
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    const auto samples = audio.channel(c);
    const auto bad =
        std::find_if(samples.begin(), samples.end(), [](float s) { return !std::isfinite(s); });
    if (bad != samples.end())
      return make_error(ErrorCode::kInvalidArgument, measure, ": sample ", bad - samples.begin(),
                        " of the ", role, ", channel ", c, ", is not a finite number");
  }
  return {};
}

Result<void> check_one(AudioView audio, std::string_view measure, std::string_view role) {
  if (audio.empty())
    return make_error(ErrorCode::kInvalidArgument, measure, ": the ", role, " has no samples");
  if (audio.channels() > limits::kMaxChannels)
    return make_error(ErrorCode::kInvalidArgument, measure, ": the ", role, " has ",
                      audio.channels(), " channels, at most ", limits::kMaxChannels,
                      " are allowed");
  if (audio.sample_rate_hz() < limits::kMinSampleRateHz ||
      audio.sample_rate_hz() > limits::kMaxSampleRateHz)
    return make_error(ErrorCode::kInvalidArgument, measure, ": the ", role, " has a rate of ",
                      audio.sample_rate_hz(), " Hz, expected ", limits::kMinSampleRateHz, " to ",
                      limits::kMaxSampleRateHz);
  return check_finite(audio, measure, role);
}

}  // namespace

Result<void> check_comparable(AudioView reference, AudioView degraded, std::string_view measure) {
  SYRINX_TRY(check_one(reference, measure, "reference"));
  SYRINX_TRY(check_one(degraded, measure, "degraded signal"));
  if (reference.sample_rate_hz() != degraded.sample_rate_hz())
    return make_error(ErrorCode::kInvalidArgument, measure, ": the reference has ",
                      reference.sample_rate_hz(), " Hz and the degraded signal ",
                      degraded.sample_rate_hz(), " Hz; resample one of them");
  if (reference.channels() != degraded.channels())
    return make_error(ErrorCode::kInvalidArgument, measure, ": the reference has ",
                      reference.channels(), " channels and the degraded signal ",
                      degraded.channels(), "; mix one of them down");
  return {};
}

Result<void> check_pair(AudioView reference, AudioView degraded, std::string_view measure) {
  SYRINX_TRY(check_comparable(reference, degraded, measure));
  if (reference.frames() != degraded.frames())
    return make_error(ErrorCode::kInvalidArgument, measure, ": the reference has ",
                      reference.frames(), " frames and the degraded signal ", degraded.frames(),
                      "; align them first");
  return {};
}

std::vector<double> to_double(std::span<const float> samples) {
  return {samples.begin(), samples.end()};
}

std::vector<float> mix_to_mono(AudioView audio) {
  const auto first = audio.channel(0);
  std::vector<float> mono(first.begin(), first.end());
  for (std::size_t c = 1; c < audio.channels(); ++c)
    std::transform(mono.begin(), mono.end(), audio.channel(c).begin(), mono.begin(), std::plus<>());
  const float scale = 1.0f / static_cast<float>(audio.channels());
  for (float& sample : mono) sample *= scale;
  return mono;
}

}  // namespace syrinx::measure
