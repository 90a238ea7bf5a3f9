// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"

// Takes out of a microphone's sound what a loudspeaker in the same room put in.
namespace syrinx::enhance {

inline constexpr int kLeastEchoRateHz = 8'000;
inline constexpr int kMostEchoRateHz = 48'000;

struct EchoOptions {
  int tail_ms = 200;          // Of the room that the filter can hold: 16 to 500.
  int max_delay_ms = 640;     // The bulk delay that is searched: 0 (none) to 740.
  bool track_drift = true;    // Follows clocks of loudspeaker and microphone that differ.
  bool suppress = true;       // Takes down what the filter leaves; off: the linear filter alone.
  bool comfort_noise = true;  // Fills suppressed bins with noise like the near background.
  std::uint32_t seed = 1;     // Of the comfort noise.
};

// Who is heard in the microphone.
enum class TalkState { kNobody, kNearEnd, kFarEnd, kBoth };
const char* to_string(TalkState state) noexcept;

// Counts are since the start or reset(); the rest is of the moment.
struct EchoStatistics {
  TalkState state = TalkState::kNobody;
  double erle_db = 0.0;         // Echo return loss enhancement, over about a second of echo alone.
  double linear_erle_db = 0.0;  // The same of the filter by itself.
  bool delay_found = false;     // By the search; until then the filter's own reach is all there is.
  double delay_ms = 0.0;        // Of the echo behind the far end, by the search.
  double drift_ppm = 0.0;       // How much faster the far end's clock runs; 0 while not tracked.
  std::uint64_t path_changes = 0;        // The filter was replaced by the one that learns faster.
  std::uint64_t delay_changes = 0;       // The search moved the filter.
  std::uint64_t bad_samples = 0;         // Not finite, taken for silence.
  std::uint64_t blocks = 0;              // Of block_samples() each.
  std::uint64_t far_blocks = 0;          // With the far end in the room.
  std::uint64_t double_talk_blocks = 0;  // With both.
};

// Cancels the echo of one far end in one microphone: the delay is searched (generalised cross-
// correlation), a partitioned-block Kalman filter (Enzner and Vary 2006; Kuech and others 2014)
// models the room beside a faster filter that takes over when the room changes, and what is left
// is suppressed by bands. One instance serves one microphone, one thread at a time.
class EchoCanceller {
 public:
  // Takes all memory. Errors: kInvalidArgument for a rate or an option out of range.
  static Result<EchoCanceller> create(int sample_rate_hz, const EchoOptions& options = {});

  EchoCanceller(EchoCanceller&&) noexcept;
  EchoCanceller& operator=(EchoCanceller&&) noexcept;
  ~EchoCanceller();

  int sample_rate_hz() const noexcept;
  const EchoOptions& options() const noexcept;
  std::size_t block_samples() const noexcept;    // About 8 ms: what is worked on at once.
  std::size_t latency_samples() const noexcept;  // From `near` to `out`: two blocks.

  // `far` is what the loudspeaker was given while the microphone heard `near`. Any number of
  // samples, alike in all three; `out` may be `near`. The same sound cut in any way gives the same
  // samples. Samples that are not finite count as silence, and in bad_samples. With nothing from
  // the far end the near end passes as it is, to within rounding.
  void process(std::span<const float> near, std::span<const float> far,
               std::span<float> out) noexcept SYRINX_REALTIME;
  EchoStatistics statistics() const noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;  // Forgets room, delay and the past.

 private:
  struct State;
  explicit EchoCanceller(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace syrinx::enhance
