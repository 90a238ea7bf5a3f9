// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/frame_changes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syrinx::voice {
namespace {

constexpr double kLinearPart = 0.85;
constexpr double kPivotHz = 1'000.0;

struct Range {
  const char* name;
  double value;
  double low;
  double high;
};

Result<void> check(const FrameChange& change) {
  const Range ranges[] = {{"F0 ratio", change.f0_ratio, 0.25, 4.0},
                          {"F0 spread", change.f0_spread, 0.0, 3.0},
                          {"formant ratio", change.formant_ratio, 0.5, 2.0},
                          {"tilt in dB per octave", change.tilt_db_per_octave, -12.0, 12.0},
                          {"noise", change.noise, -1.0, 1.0}};
  for (const Range& range : ranges) {
    if (range.value >= range.low && range.value <= range.high) continue;
    return make_error(ErrorCode::kInvalidArgument, "the change of a voice's frames has the ",
                      range.name, " ", range.value, "; give ", range.low, " to ", range.high);
  }
  return {};
}

double mean_log_f0(const VoiceFrames& frames) {
  double sum = 0.0;
  double count = 0.0;
  for (const float hz : frames.f0_hz) {
    if (hz <= 0.0f) continue;
    sum += std::log(static_cast<double>(hz));
    count += 1.0;
  }
  return count > 0.0 ? sum / count : 0.0;
}

void change_pitch(VoiceFrames& frames, const FrameChange& change) {
  const double mean = mean_log_f0(frames);
  for (float& hz : frames.f0_hz) {
    if (hz <= 0.0f) continue;
    const double departure = std::log(static_cast<double>(hz)) - mean;
    const double moved = change.f0_ratio * std::exp(mean + change.f0_spread * departure);
    hz = static_cast<float>(std::clamp(moved, 20.0, 0.25 * frames.shape.sample_rate_hz));
  }
}

void tilt(std::span<float> power, double bin_hz, double db_per_octave) {
  for (std::size_t k = 0; k < power.size(); ++k) {
    const double hz = std::max(static_cast<double>(k) * bin_hz, 0.5 * bin_hz);
    const double db = db_per_octave * std::log2(hz / kPivotHz);
    power[k] = static_cast<float>(
        std::max(static_cast<double>(power[k]) * std::pow(10.0, 0.1 * db), 1e-30));
  }
}

}  // namespace

double warp_source_hz(WarpKind kind, double ratio, double hz, double nyquist_hz) noexcept {
  if (kind == WarpKind::kBilinear) {
    const double allpass = (1.0 - ratio) / (1.0 + ratio);
    const double angle = std::numbers::pi * hz / nyquist_hz;
    const double moved =
        angle + 2.0 * std::atan2(allpass * std::sin(angle), 1.0 - allpass * std::cos(angle));
    return std::clamp(moved / std::numbers::pi * nyquist_hz, 0.0, nyquist_hz);
  }
  const double bend = kLinearPart * nyquist_hz * std::min(1.0, ratio);
  if (hz <= bend) return hz / ratio;
  const double share = (hz - bend) / (nyquist_hz - bend);
  return bend / ratio + share * (nyquist_hz - bend / ratio);
}

void warp_power(WarpKind kind, double ratio, std::span<const float> power,
                std::span<float> warped) noexcept {
  const auto top = static_cast<double>(power.size() - 1);
  for (std::size_t k = 0; k < warped.size(); ++k) {
    const double at =
        std::clamp(warp_source_hz(kind, ratio, static_cast<double>(k), top), 0.0, top);
    const auto low = std::min(static_cast<std::size_t>(at), power.size() - 2);
    const auto share = static_cast<float>(at - static_cast<double>(low));
    warped[k] = power[low] + share * (power[low + 1] - power[low]);
  }
}

Result<void> change_frames(VoiceFrames& frames, const FrameChange& change) {
  SYRINX_TRY(check(change));
  SYRINX_TRY(check_frames("the change of a voice's frames", frames));
  if (change.f0_ratio != 1.0 || change.f0_spread != 1.0) change_pitch(frames, change);
  std::vector<float> former(frames.shape.bins());
  for (std::size_t k = 0; k < frames.frames(); ++k) {
    const auto power = frames.power_of(k);
    if (change.formant_ratio != 1.0) {
      std::copy(power.begin(), power.end(), former.begin());
      warp_power(change.warp, change.formant_ratio, former, power);
    }
    if (change.tilt_db_per_octave != 0.0)
      tilt(power, frames.shape.bin_hz(), change.tilt_db_per_octave);
    const auto noise = static_cast<float>(change.noise);
    for (float& share : frames.aperiodicity_of(k))
      share = noise >= 0.0f ? share + noise * (1.0f - share) : share * (1.0f + noise);
  }
  return {};
}

}  // namespace syrinx::voice
