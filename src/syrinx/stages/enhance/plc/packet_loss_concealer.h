// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Speech for packets that did not come, whatever codec was to bring it: the last pitch periods go
// on, as ITU-T G.711, Appendix I does it, here on the residual of a linear prediction so that no
// seam is heard, with noise where there is no voice, fading out over a long loss.
namespace syrinx::enhance {

// One mono stream, one thread. Adds no delay.
class PacketLossConcealer {
 public:
  // Errors: kInvalidArgument for a rate below 8,000 or above 48,000.
  static Result<PacketLossConcealer> create(int sample_rate_hz);

  PacketLossConcealer(PacketLossConcealer&&) noexcept;
  PacketLossConcealer& operator=(PacketLossConcealer&&) noexcept;
  ~PacketLossConcealer();

  int sample_rate_hz() const noexcept;
  // Frames that were made up so far.
  std::uint64_t concealed_frames() const noexcept;

  // Sound that came, in place: heard for later, and, right after a loss, faded into from what was
  // made up. Pre: mono, at this rate.
  void receive(MutableAudioView mono) noexcept SYRINX_REALTIME;
  // Fills `mono` for sound that did not come. Pre: as receive().
  void conceal(MutableAudioView mono) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  struct State;
  explicit PacketLossConcealer(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace syrinx::enhance
