// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/voice_pitch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "syrinx/core/dsp/kernels.h"

namespace syrinx::voice {
namespace {

constexpr std::size_t kSide = 2;    // Frames on each side that settle a frame.
constexpr double kCutHz = 1'500.0;  // Of the low-pass filter,
constexpr double kSideS = 0.0016;   // and its length on each side.
constexpr double kAlike = 1.2;      // A pitch within this ratio of the median stands.

// A sinc under a Hann window, flat to 1 kHz and gone at 2 kHz: what is left has the pitch, and is
// so smooth that a period between two samples is as good as one on them.
std::vector<float> low_pass(const FrameShape& shape) {
  const auto factor = static_cast<std::ptrdiff_t>(shape.pitch_factor());
  const auto side =
      factor * std::lround(kSideS * shape.sample_rate_hz / static_cast<double>(factor));
  std::vector<float> taps;
  double sum = 0.0;
  for (std::ptrdiff_t n = -side; n <= side; ++n) {
    const double turns = static_cast<double>(n) * std::numbers::pi;
    const double x = 2.0 * kCutHz / shape.sample_rate_hz * turns;
    const double window = 0.5 + 0.5 * std::cos(turns / static_cast<double>(side + 1));
    taps.push_back(static_cast<float>(window * (n == 0 ? 1.0 : std::sin(x) / x)));
    sum += static_cast<double>(taps.back());
  }
  for (float& tap : taps) tap = static_cast<float>(static_cast<double>(tap) / sum);
  return taps;
}

// How many samples the tracker takes to its first frame.
std::size_t samples_to_first_frame(dsp::StreamingF0& tracker) {
  std::size_t samples = 0;
  bool found = false;
  const float silence = 0.0f;
  while (!found) {
    tracker.process({&silence, 1}, [&](const dsp::F0Frame&) { found = true; });
    ++samples;
  }
  return samples;
}

}  // namespace

Result<VoicePitch> VoicePitch::create(const FrameShape& shape, std::size_t least_latency) {
  const auto factor = static_cast<int>(shape.pitch_factor());
  const int rate_hz = shape.sample_rate_hz / factor;
  dsp::F0Options options;
  options.min_hz = shape.min_f0_hz;
  options.max_hz = shape.max_f0_hz;
  options.hop_s = static_cast<double>(shape.hop_samples) / shape.sample_rate_hz;
  SYRINX_ASSIGN(auto tracker, dsp::StreamingF0::create(rate_hz, options));
  return VoicePitch(shape, least_latency, std::move(tracker));
}

VoicePitch::VoicePitch(const FrameShape& shape, std::size_t least_latency, dsp::StreamingF0 tracker)
    : shape_(shape),
      tracker_(std::move(tracker)),
      frame_samples_(samples_to_first_frame(tracker_)),
      taps_(low_pass(shape)),
      ring_(2 * taps_.size()) {
  const std::size_t factor = shape.pitch_factor();
  primed_ = frame_samples_ / 2 - (taps_.size() / 2) / factor;
  const std::size_t first = (frame_samples_ - primed_ - 1) * factor + 1;
  ahead_ = kSide;
  while (first + ahead_ * shape.hop_samples < least_latency) ++ahead_;
  latency_ = first + ahead_ * shape.hop_samples;
  track_hz_.resize(ahead_ + kSide + 1);
  reset();
}

void VoicePitch::reset() noexcept {
  tracker_.reset();
  std::fill(ring_.begin(), ring_.end(), 0.0f);
  samples_ = 0;
  tracked_ = 0;
  for (std::size_t i = 0; i < primed_; ++i) track(0.0f);
}

bool VoicePitch::track(float sample) noexcept {
  bool told = false;
  tracker_.process({&sample, 1}, [&](const dsp::F0Frame& frame) {
    track_hz_[tracked_++ % track_hz_.size()] = static_cast<float>(frame.hz);
    told = true;
  });
  return told;
}

// The ring holds everything twice, so that the last samples always lie in a row.
float VoicePitch::filtered() const noexcept {
  const std::size_t oldest = samples_ % taps_.size();
  return static_cast<float>(dsp::kernels().dot(taps_.data(), ring_.data() + oldest, taps_.size()));
}

bool VoicePitch::take(float sample) noexcept {
  const std::size_t place = samples_ % taps_.size();
  ring_[place] = ring_[place + taps_.size()] = sample;
  const bool due = samples_ % shape_.pitch_factor() == 0;
  ++samples_;
  if (!due || !track(filtered()) || tracked_ <= ahead_) return false;
  f0_hz_ = settled(tracked_ - 1 - ahead_);
  return true;
}

// The median of the frame and its neighbours decides about voicing and octave; the frame's own
// value stands where it agrees.
float VoicePitch::settled(std::uint64_t frame) const noexcept {
  std::array<float, 2 * kSide + 1> around{};
  const std::uint64_t first = frame < kSide ? 0 : frame - kSide;
  std::size_t count = 0;
  for (std::uint64_t i = first; i <= frame + kSide; ++i)
    around[count++] = track_hz_[i % track_hz_.size()];
  const float own = track_hz_[frame % track_hz_.size()];
  const auto middle = around.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(around.begin(), middle, around.begin() + static_cast<std::ptrdiff_t>(count));
  const double median = *middle;
  const bool alike = median > 0.0 && own > median / kAlike && own < median * kAlike;
  return alike ? own : static_cast<float>(median);
}

}  // namespace syrinx::voice
