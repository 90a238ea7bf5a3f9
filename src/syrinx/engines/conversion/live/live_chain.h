// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/conversion/live/live_snapshot.h"
#include "syrinx/stages/enhance/denoise/noise_suppressor.h"
#include "syrinx/stages/voice/voice_settings.h"
#include "syrinx/stages/voice/voice_transform.h"

namespace syrinx::conversion {

// Makes the transform of a level, prepared for this format. Never asked for kPassThrough.
using TransformMaker = std::function<Result<std::unique_ptr<voice::VoiceTransform>>(
    LiveLevel level, const voice::VoiceSettings& settings, const voice::Format& format)>;
// By make_transform of conversion.h.
TransformMaker standard_transforms();

// Told of each block of the voice once it is gated and free of noise, in real time, while anything
// but passing through is heard.
using VoiceListener = std::function<void(AudioView block)>;

// What a live voice goes through: input gain, gate, denoiser, transform, output gain.
struct LiveChainOptions {
  int sample_rate_hz = 48'000;
  std::size_t channels = 1;
  std::size_t max_block_frames = 1'024;
  LiveLevel best = LiveLevel::kBalanced;  // The level to be at when all is well.
  voice::VoiceSettings voice;
  enhance::DenoiseKind denoise = enhance::DenoiseKind::kOff;
  std::filesystem::path models;   // As make_suppressor's.
  std::optional<double> gate_db;  // Where the gate opens, dBFS; none: no gate.
  double input_gain_db = 0.0;     // -60 to 40.
  double output_gain_db = 0.0;
  TransformMaker transforms = standard_transforms();
  VoiceListener listener;  // Empty for none; keeps to SYRINX_REALTIME.
};

// The chain by itself, without threads or devices: what files go through too. All levels from the
// best downwards are made at once, so that changing between them allocates nothing. One thread at a
// time.
class LiveChain {
 public:
  // Errors: kInvalidArgument for a gain out of range; those of make_suppressor, of the transforms.
  static Result<std::unique_ptr<LiveChain>> create(const LiveChainOptions& options);
  ~LiveChain();
  LiveChain(const LiveChain&) = delete;
  LiveChain& operator=(const LiveChain&) = delete;

  const LiveChainOptions& options() const noexcept;
  // Of denoiser and transform at the level that is heard, in frames; passing through is as late as
  // the lowest level.
  std::size_t latency_samples() const noexcept;
  std::size_t latency_samples(LiveLevel level) const noexcept;  // Pre: not above the best.
  // Whether process() keeps to SYRINX_REALTIME: with every denoiser but a network.
  bool realtime_safe() const noexcept;

  // In place. While a level changes, two transforms run, the new one until it is warm.
  void process(MutableAudioView block) noexcept;

  // These take effect at the next block, by a glide or a crossfade of 20 ms.
  void set_level(LiveLevel level) noexcept;  // Not above the best.
  LiveLevel level() const noexcept;          // That is heard, or being changed to.
  void set_bypass(bool bypass) noexcept;     // The input as it came, as late as the voice would be.
  bool bypassed() const noexcept;
  void set_voice(const voice::VoiceSettings& settings) noexcept;
  void set_gains(double input_db, double output_db) noexcept;
  void reset() noexcept;

  double input_db() const noexcept;  // Of the last block, dBFS.
  double output_db() const noexcept;
  double f0_hz() const noexcept;
  std::uint64_t bad_samples() const noexcept;

 private:
  struct State;
  explicit LiveChain(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace syrinx::conversion
