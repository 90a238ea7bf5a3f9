// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/engines/conversion/live/live_chain.h"
#include "syrinx/engines/conversion/live/live_snapshot.h"
#include "syrinx/engines/conversion/live/load_governor.h"

//   device ──capture()──▶ queue ──▶ LiveChain ──▶ queue ──render()──▶ device
//                                           └───▶ queue ──render_monitor()──▶ headphones
namespace syrinx::conversion {

struct LiveOptions {
  LiveChainOptions chain;  // Its largest block is set here.
  // What is worked on at once; 0 for 1 ms at level low, 2 ms balanced and 4 ms high.
  std::size_t block_frames = 0;
  // How much more than the devices' blocks need lies ready for the output, against threads that
  // come late; none for 1 ms at level low, 2 ms balanced and 3 ms high. Grows by itself after
  // gaps, up to 40 ms.
  std::optional<double> safety_ms;
  bool step_down = true;  // To cheaper levels rather than gaps; governor says when.
  GovernorOptions governor;
  bool ask_for_priority = true;  // A real-time priority for the worker, where the system gives one.
};

// One voice changed while it is spoken. Devices, or files that stand for them, call capture() and
// render() from threads of their own. The chain runs within capture() while it takes less than a
// quarter of the time; a dearer one, and a denoiser by network, by a worker in between. Neither the
// callbacks nor the worker allocate or lock (but with such a denoiser, whose runtime does).
class LiveConversion {
 public:
  // Errors: those of LiveChain::create; kInvalidArgument for a block or a safety out of range.
  static Result<std::unique_ptr<LiveConversion>> create(const LiveOptions& options);
  ~LiveConversion();
  LiveConversion(const LiveConversion&) = delete;
  LiveConversion& operator=(const LiveConversion&) = delete;

  std::size_t block_frames() const noexcept;
  // Whether the worker has been given a real-time priority. Known once it runs.
  bool has_priority() const noexcept;

  // Work begins, and ends after what has been captured. One controlling thread.
  void start();
  void stop();

  // Interleaved, whole frames. Each by one thread of its own.
  void capture(std::span<const float> interleaved) noexcept SYRINX_REALTIME;
  void render(std::span<float> interleaved) noexcept SYRINX_REALTIME;
  void render_monitor(std::span<float> interleaved) noexcept SYRINX_REALTIME;

  // By one controlling thread; heard from the next block on.
  void set_bypass(bool bypass) noexcept;
  void set_monitor(bool on) noexcept;
  void set_gains(double input_db, double output_db) noexcept;
  void set_voice(const voice::VoiceSettings& settings) noexcept;

  // Any thread, at any time.
  LiveSnapshot snapshot() const noexcept SYRINX_REALTIME;

 private:
  struct State;
  explicit LiveConversion(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace syrinx::conversion
