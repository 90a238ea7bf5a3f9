// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Hears the digits of push-button telephones (ITU-T Q.23) in sound, to the limits of Q.24: tones of
// 40 ms and pauses of 50 ms, 1.5 % off in frequency but not 3.5 %, the high tone up to 8 dB below
// or 4 dB above the low one, -36 to 0 dBm0, 15 dB above noise; no digit in speech.
namespace syrinx::enhance {

struct DtmfEvent {
  char digit = 0;  // "0123456789*#ABCD".
  bool ended = false;
  std::uint64_t begin_frame = 0;  // Of the stream, where the tone began, to 5 ms.
  std::uint64_t end_frame = 0;    // Where it ended, when it has.
  double level_dbov = 0.0;        // Of both tones together, root mean square.
};

// One mono stream, one thread. Says so within 45 ms of a tone's beginning and end.
class DtmfDetector {
 public:
  // Errors: kInvalidArgument for a rate below 8,000 or above 48,000.
  static Result<DtmfDetector> create(int sample_rate_hz);
  DtmfDetector(DtmfDetector&&) noexcept;
  DtmfDetector& operator=(DtmfDetector&&) noexcept;
  ~DtmfDetector();

  int sample_rate_hz() const noexcept;
  // Takes a block of any size; what it heard waits for next(), which is to be asked until there is
  // nothing more. Pre: mono, at this rate.
  void process(AudioView mono) noexcept SYRINX_REALTIME;
  std::optional<DtmfEvent> next() noexcept SYRINX_REALTIME;
  // The stream ends: a tone that still sounds ends with it.
  void finish() noexcept SYRINX_REALTIME;
  // Whether a digit's two tones may be there already, though it is too early to say: for whoever
  // must not let them through.
  bool suspects() const noexcept;
  void reset() noexcept SYRINX_REALTIME;

 private:
  struct State;
  explicit DtmfDetector(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

// The digits of a whole recording, ended each; channels are mixed. Errors: as create().
Result<std::vector<DtmfEvent>> find_digits(AudioView audio);

}  // namespace syrinx::enhance
