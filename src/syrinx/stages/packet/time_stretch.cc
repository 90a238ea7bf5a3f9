// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/time_stretch.h"

#include <algorithm>
#include <cmath>

namespace syrinx::packet {
namespace {

constexpr float kQuietPower = 1e-7f;  // -70 dBFS.

struct Match {
  float likeness = 0.0f;
  float power = 0.0f;  // Of the first of the two.
};

// How alike `length` frames are to those `lag` later, looking at every `step`th.
Match match(const float* frames, std::size_t lag, std::size_t length, std::size_t step) noexcept {
  float product = 0.0f;
  float first = 0.0f;
  float second = 0.0f;
  for (std::size_t i = 0; i < length; i += step) {
    product += frames[i] * frames[i + lag];
    first += frames[i] * frames[i];
    second += frames[i + lag] * frames[i + lag];
  }
  const float scale = std::sqrt(first * second);
  const float count = static_cast<float>((length + step - 1) / step);
  return {scale > 0.0f ? product / scale : 0.0f, first / count};
}

}  // namespace

std::size_t stretch_window_frames(int sample_rate_hz) noexcept {
  return static_cast<std::size_t>(sample_rate_hz) * 30 / 1'000;
}

Period find_period(std::span<const float> speech, int sample_rate_hz) noexcept {
  const auto rate = static_cast<std::size_t>(sample_rate_hz);
  const std::size_t shortest = rate / 400;
  const std::size_t longest = rate / 80;
  const std::size_t length = stretch_window_frames(sample_rate_hz) - longest;
  const std::size_t step = std::max<std::size_t>(1, rate / 8'000);  // First at 8 kHz, then finely.
  Period best;
  best.lag = shortest;
  best.likeness = -1.0f;
  float power = 0.0f;
  for (std::size_t lag = shortest; lag <= longest; lag += step) {
    const Match found = match(speech.data(), lag, length, step);
    power = std::max(power, found.power);
    if (found.likeness > best.likeness) {
      best.likeness = found.likeness;
      best.lag = lag;
    }
  }
  best.quiet = power < kQuietPower;
  const std::size_t centre = best.lag;
  for (std::size_t lag = std::max(shortest, centre - step + 1);
       step > 1 && lag < std::min(longest + 1, centre + step); ++lag) {
    const Match found = match(speech.data(), lag, length, step);
    if (found.likeness > best.likeness) {
      best.likeness = found.likeness;
      best.lag = lag;
    }
  }
  return best;
}

std::size_t remove_period(std::span<float> frames, std::size_t lag) noexcept {
  for (std::size_t i = 0; i < lag; ++i) {
    const float in = (static_cast<float>(i) + 0.5f) / static_cast<float>(lag);
    frames[i] += in * (frames[i + lag] - frames[i]);
  }
  std::copy(frames.begin() + static_cast<std::ptrdiff_t>(2 * lag), frames.end(),
            frames.begin() + static_cast<std::ptrdiff_t>(lag));
  return frames.size() - lag;
}

std::size_t insert_period(std::span<float> frames, std::size_t used, std::size_t lag) noexcept {
  const auto at = [&](std::size_t i) { return frames.begin() + static_cast<std::ptrdiff_t>(i); };
  std::copy_backward(at(lag), at(used), at(used + lag));
  // What stands now at [0, lag) is the first period and at [2 lag, ..) the rest; between them the
  // second period fades into the first, again.
  for (std::size_t i = 0; i < lag; ++i) {
    const float in = (static_cast<float>(i) + 0.5f) / static_cast<float>(lag);
    const float second = frames[2 * lag + i - lag];
    frames[lag + i] = second + in * (frames[i] - second);
  }
  return used + lag;
}

}  // namespace syrinx::packet
