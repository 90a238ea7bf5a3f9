// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Brings speech to one loudness while it is spoken.
namespace syrinx::enhance {

struct GainOptions {
  double target_lufs = -23.0;      // Of speech, by ITU-R BS.1770-4: -60 to -5.
  double max_gain_db = 30.0;       // 0 to 60.
  double max_cut_db = 30.0;        // 0 to 60.
  double ceiling_dbfs = -1.0;      // That no sample passes: -30 to 0.
  double most_noise_lufs = -50.0;  // The background is never raised above this: -90 to 0.
  // By how much the low band (to 300 Hz) and the high one (from 2,500 Hz) may be corrected beside
  // the middle: 0 to 20, 0 leaves the spectrum as it is. A voice within 4 dB of people's average
  // (Byrne et al. 1994) is left as it is, too.
  double most_balance_db = 0.0;
};

struct GainStatistics {
  double gain_db = 0.0;  // Now, and the least and the most that there was.
  double least_gain_db = 0.0;
  double most_gain_db = 0.0;
  // What came in, before any gain; nothing until enough of it was heard.
  std::optional<double> speech_lufs;
  std::optional<double> noise_lufs;
  double low_db = 0.0;  // The low and the high band's corrections now.
  double high_db = 0.0;
  double most_limited_db = 0.0;  // By how much the limiter took peaks down at most.
  std::uint64_t frames = 0;
  std::uint64_t speech_frames = 0;
  std::uint64_t limited_frames = 0;
  std::uint64_t bad_samples = 0;  // Not finite or beyond 80 dB above full scale: taken as silence.
};

// An automatic gain for live speech. Loudness is that of BS.1770 over blocks of 400 ms in which
// somebody speaks (stages/enhance/vad), those left out that lie 10 LU below the rest: music,
// clicks and background are not levelled. The gain moves only while somebody speaks, by at most
// 6 dB a second up and 12 down (faster for the first two seconds of speech), so that pauses do not
// pump; it is lowered in a pause where the background would pass `most_noise_lufs`. A limiter that
// looks 5 ms ahead keeps all samples under the ceiling. Before all that, the balance of three bands
// is corrected where that is asked for. All channels get one gain.
//
// One stream, one thread. As much sound goes out as comes in, latency_samples() later; blocks of
// any size give the same samples.
class SpeechGain {
 public:
  // Errors: kInvalidArgument for options out of range, channels outside limits.h, and rates as
  // VoiceActivityDetector::create().
  static Result<SpeechGain> create(int sample_rate_hz, std::size_t channels = 1,
                                   const GainOptions& options = {});
  SpeechGain(SpeechGain&&) noexcept;
  SpeechGain& operator=(SpeechGain&&) noexcept;
  ~SpeechGain();

  int sample_rate_hz() const noexcept;
  std::size_t channels() const noexcept;
  std::size_t latency_samples() const noexcept;  // 5 ms.

  // In place. Pre: rate and channels of create().
  void process(MutableAudioView block) noexcept SYRINX_REALTIME;
  GainStatistics statistics() const noexcept;
  // Forgets the past, statistics too.
  void reset() noexcept SYRINX_REALTIME;

 private:
  struct State;
  explicit SpeechGain(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace syrinx::enhance
