// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/voice_frames.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace syrinx::voice {
namespace {

constexpr std::array<double, 8> kEdgesHz = {0, 1'000, 2'000, 4'000, 6'000, 8'000, 12'000, 16'000};
constexpr double kFftFloorHz = 71.0;  // The FFT holds three of its periods.
constexpr int kPitchRateHz = 16'000;  // F0 is sought at this rate at least, if there is so much.
constexpr int kLeastRateHz = 8'000;
constexpr int kMostRateHz = 192'000;

bool within(double value, double low, double high) { return value >= low && value <= high; }

}  // namespace

std::span<const double> aperiodicity_edges_hz() noexcept { return kEdgesHz; }

std::size_t FrameShape::bands() const noexcept {
  const auto above = std::lower_bound(kEdgesHz.begin(), kEdgesHz.end(), 0.5 * sample_rate_hz);
  return static_cast<std::size_t>(above - kEdgesHz.begin());
}

std::size_t FrameShape::pitch_factor() const noexcept {
  int factor = std::max(1, sample_rate_hz / kPitchRateHz);
  while (sample_rate_hz % factor != 0) --factor;
  return static_cast<std::size_t>(factor);
}

VoiceFrame VoiceFrames::frame(std::size_t index) const noexcept {
  const std::size_t bins = shape.bins();
  const std::size_t bands = shape.bands();
  return {index, f0_hz[index], std::span(power).subspan(index * bins, bins),
          std::span(aperiodicity).subspan(index * bands, bands)};
}

std::span<float> VoiceFrames::power_of(std::size_t index) noexcept {
  return std::span(power).subspan(index * shape.bins(), shape.bins());
}

std::span<float> VoiceFrames::aperiodicity_of(std::size_t index) noexcept {
  return std::span(aperiodicity).subspan(index * shape.bands(), shape.bands());
}

void VoiceFrames::append(const VoiceFrame& frame) {
  f0_hz.push_back(frame.f0_hz);
  power.insert(power.end(), frame.power.begin(), frame.power.end());
  aperiodicity.insert(aperiodicity.end(), frame.aperiodicity.begin(), frame.aperiodicity.end());
}

Result<FrameShape> frame_shape(int sample_rate_hz, const VoiceFrameOptions& options) {
  if (sample_rate_hz < kLeastRateHz || sample_rate_hz > kMostRateHz)
    return make_error(ErrorCode::kInvalidArgument, "voice frames: the sample rate is ",
                      sample_rate_hz, " Hz but must be ", kLeastRateHz, " to ", kMostRateHz,
                      "; resample the sound first");
  if (!within(options.hop_s, 0.001, 0.02))
    return make_error(ErrorCode::kInvalidArgument, "voice frames: the hop is ", options.hop_s,
                      " s but must be 0.001 to 0.02");
  if (!within(options.min_f0_hz, 50.0, 500.0) ||
      !within(options.max_f0_hz, 2.0 * options.min_f0_hz, 1'000.0))
    return make_error(ErrorCode::kInvalidArgument, "voice frames: F0 is sought from ",
                      options.min_f0_hz, " to ", options.max_f0_hz,
                      " Hz, but the range must lie in 50 to 1000 Hz and span an octave");
  FrameShape shape;
  shape.sample_rate_hz = sample_rate_hz;
  shape.min_f0_hz = options.min_f0_hz;
  shape.max_f0_hz = options.max_f0_hz;
  const auto factor = static_cast<double>(shape.pitch_factor());
  shape.hop_samples = static_cast<std::size_t>(
      factor * std::max(1.0, std::round(options.hop_s * sample_rate_hz / factor)));
  const double longest = std::max(3.0 * sample_rate_hz / kFftFloorHz + 1.0,
                                  2.0 * sample_rate_hz / options.min_f0_hz + 2.0);
  shape.fft_size = 1;
  while (static_cast<double>(shape.fft_size) < longest) shape.fft_size *= 2;
  return shape;
}

Result<void> check_frames(std::string_view what, const VoiceFrames& frames) {
  const std::size_t count = frames.frames();
  const auto expected =
      frame_shape(frames.shape.sample_rate_hz,
                  {static_cast<double>(frames.shape.hop_samples) / frames.shape.sample_rate_hz,
                   frames.shape.min_f0_hz, frames.shape.max_f0_hz});
  if (!expected) return expected.error();
  if (*expected != frames.shape || frames.power.size() != count * frames.shape.bins() ||
      frames.aperiodicity.size() != count * frames.shape.bands())
    return make_error(ErrorCode::kInvalidArgument, what, ": ", count,
                      " frames do not fit their shape; make frames by analyse_voice()");
  const double nyquist = 0.5 * frames.shape.sample_rate_hz;
  const auto bad_pitch = [&](float hz) { return hz != 0.0f && !within(hz, 20.0, nyquist); };
  const auto bad_power = [](float power) { return !(power > 0.0f) || !std::isfinite(power); };
  const auto bad_share = [](float share) { return !within(share, 0.0, 1.0); };
  if (std::any_of(frames.f0_hz.begin(), frames.f0_hz.end(), bad_pitch))
    return make_error(ErrorCode::kInvalidArgument, what,
                      ": an F0 is neither 0 nor within 20 Hz and half the rate");
  if (std::any_of(frames.power.begin(), frames.power.end(), bad_power))
    return make_error(ErrorCode::kInvalidArgument, what,
                      ": a power of the envelope is not finite and above 0");
  if (std::any_of(frames.aperiodicity.begin(), frames.aperiodicity.end(), bad_share))
    return make_error(ErrorCode::kInvalidArgument, what, ": an aperiodicity is outside 0 to 1");
  return {};
}

}  // namespace syrinx::voice
