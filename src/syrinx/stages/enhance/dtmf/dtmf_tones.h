// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::enhance {

// Of a digit's two tones (ITU-T Q.23).
struct DtmfPair {
  double low_hz = 0.0;
  double high_hz = 0.0;
};
std::optional<DtmfPair> dtmf_pair(char digit) noexcept;

struct DtmfToneOptions {
  double tone_ms = 100.0;
  double pause_ms = 100.0;  // After each digit.
  double low_dbov = -13.0;  // Root mean square of each tone.
  double high_dbov = -11.0;
  double frequency_error = 0;  // 0.015 is 1.5 % too high, in both tones.
};

// The digits as sound, mono, with edges rounded over 2 ms. Errors: kInvalidArgument for a character
// that is no digit, a rate outside 8,000 to 48,000, or durations outside 0 to 10,000 ms.
Result<AudioBuffer> make_dtmf(std::string_view digits, int sample_rate_hz,
                              DtmfToneOptions options = {});

// A tone that goes on for as long as the caller wishes: for events that come as packets.
class DtmfGenerator {
 public:
  explicit DtmfGenerator(int sample_rate_hz) noexcept : sample_rate_hz_(sample_rate_hz) {}
  // Begins at phase 0. `level_dbov` is of both together. Anything but a digit is silence.
  void start(char digit, double level_dbov) noexcept;
  void stop() noexcept { digit_ = 0; }
  // Adds nothing: overwrites `out`, every channel alike, with the tone or silence; edges are
  // rounded over 2 ms.
  void process(MutableAudioView out) noexcept;

 private:
  int sample_rate_hz_;
  char digit_ = 0;
  double low_phase_ = 0.0;
  double high_phase_ = 0.0;
  double low_step_ = 0.0;
  double high_step_ = 0.0;
  double amplitude_ = 0.0;
  double gain_ = 0.0;
};

}  // namespace syrinx::enhance
