// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::measure {

struct ActiveSpeechLevel {
  double active_dbfs = 0.0;     // Power while speech is active; minus infinity if it never is.
  double long_term_dbfs = 0.0;  // Power over all of it.
  double activity = 0.0;        // The share of time that is active, 0 to 1.
};

// The active level of speech by ITU-T P.56 (2011), method B: an envelope of two smoothings of 30 ms
// is compared with thresholds 6.02 dB apart, each held for 200 ms; active is what exceeds the
// threshold that lies 15.9 dB below the level of what exceeds it. dBFS is 10 log10 of the mean
// square (a full-scale sine has -3.01). One channel, one stream, one thread.
class ActiveSpeechMeter {
 public:
  // Errors: kInvalidArgument for a rate outside limits.h.
  static Result<ActiveSpeechMeter> create(int sample_rate_hz);

  // Blocks of any size. Non-finite samples count as 0. Pre: one channel of the rate of create().
  void process(AudioView mono) noexcept SYRINX_REALTIME;
  // Of the stream so far.
  ActiveSpeechLevel level() const noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  static constexpr std::size_t kThresholds = 24;  // From 2^-24 to 2^-1.

  explicit ActiveSpeechMeter(int sample_rate_hz) noexcept;
  void take(double sample) noexcept;

  int sample_rate_hz_;
  double keep_;                 // exp(-1 / (rate * 30 ms))
  std::uint64_t hang_samples_;  // 200 ms
  double smooth_ = 0.0;
  double envelope_ = 0.0;
  double squares_ = 0.0;
  std::uint64_t samples_ = 0;
  std::array<std::uint64_t, kThresholds> active_{};      // Samples active at each threshold.
  std::array<std::uint64_t, kThresholds> hang_until_{};  // Sample number at which activity ends.
};

// The level of the mean of all channels. Errors: kInvalidArgument for an empty view or a rate
// outside limits.h.
Result<ActiveSpeechLevel> measure_active_speech_level(AudioView audio);

}  // namespace syrinx::measure
