// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/engines/call/port/port_values.h"

namespace syrinx::call {

// Where a program takes part in a call: it says what is written, and hears the other side without
// the echo of what it says, whose exact reference it has. When the other side begins to speak, it
// falls silent, if it is to (barge-in), and knows to the sample how much of it was said.
//
// A SpeechLeg ties it to a session, exchange() to anything else.
// Four threads may use one port, each for its part: one that ticks (exchange) in real time, one
// that writes, one that listens, and one that controls; all may be the same. Nothing locks.
class SpeechPort {
 public:
  // Takes all memory. Errors: kInvalidArgument, with the option.
  static Result<std::unique_ptr<SpeechPort>> create(const SpeechPortOptions& options);
  ~SpeechPort();
  SpeechPort(const SpeechPort&) = delete;
  SpeechPort& operator=(const SpeechPort&) = delete;

  const SpeechPortOptions& options() const noexcept;
  int sample_rate_hz() const noexcept;
  int listen_rate_hz() const noexcept;
  // From a sample that is heard to the same in listen().
  double latency_ms() const noexcept;

  // --- The writing thread.
  // What is written under the id that this gives is said after what was written before. Errors:
  // kUnavailable while 60 utterances wait.
  Result<UtteranceId> begin();
  // Takes as many samples, at the leg's rate, as there is room for, and says how many. None of an
  // utterance that was stopped or finished, or of none: it is never said, whenever it was written.
  std::size_t write(UtteranceId utterance, std::span<const float> samples) noexcept;
  // No more will be written of it. False while there is no room to note it: try again.
  bool finish(UtteranceId utterance) noexcept;
  std::size_t room_samples() const noexcept;  // That write() would take.

  // --- Any thread.
  // Falls silent: what is being said fades out in the 5 ms that come next, and nothing of what was
  // begun until now is said after that.
  void stop() noexcept SYRINX_REALTIME;
  // By stop() or by an interruption.
  bool stopped(UtteranceId utterance) const noexcept;
  Said said() const noexcept;
  std::size_t waiting_samples() const noexcept;  // That were written and neither said nor dropped.

  // --- The listening thread.
  // The oldest sound that was heard and not listened to: how many samples, at most out.size().
  std::size_t listen(std::span<float> out) noexcept;

  // --- The ticking thread.
  // One tick: what came from the other side, and what goes to it, which begins where the last
  // tick's ended; silence where nothing is to be said. An empty `out`: nothing can be sent, and
  // what waits goes on waiting. Numbers that are not finite count as silence. The same sound cut
  // in any way gives the same samples to listen().
  // Pre: heard.size() <= max_block_frames(), out.size() == heard.size() or 0.
  void exchange(std::span<const float> heard, std::span<float> out) noexcept SYRINX_REALTIME;
  std::size_t max_block_frames() const noexcept;  // 20 ms.

  // --- The controlling thread.
  bool next_event(PortEvent& event) noexcept;  // The oldest that was not read; false: none.
  SpeechPortStatistics statistics() noexcept;  // As of the last exchange.

 private:
  class Impl;
  explicit SpeechPort(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::call
