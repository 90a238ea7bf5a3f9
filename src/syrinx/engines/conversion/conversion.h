// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/voice/voice_settings.h"
#include "syrinx/stages/voice/voice_transform.h"

namespace syrinx::conversion {

// How long a changed voice may wait. More look-ahead finds pitch and epochs more surely.
enum class Mode {
  kLow,       // Less than 25 ms: to talk while hearing oneself.
  kBalanced,  // Less than 50 ms: calls.
  kHigh,      // Less than 100 ms: streaming and files.
};

// What a channel is to its neighbours.
enum class ChannelLink {
  kLinked,       // One analysis, of the mean of all channels: what stands between them stays there.
  kIndependent,  // Each for itself, as two talkers on two channels.
  kMidSide,      // Sum and difference, each for itself; two channels alone.
};

// The latency that a mode stays below, in ms.
double most_latency_ms(Mode mode) noexcept;

// "low", "balanced", "high"; "linked", "independent", "mid-side".
std::string_view to_string(Mode mode) noexcept;
std::string_view to_string(ChannelLink link) noexcept;
// Errors: kInvalidArgument, naming those that there are.
Result<Mode> parse_mode(std::string_view name);
Result<ChannelLink> parse_channel_link(std::string_view name);

struct TransformOptions {
  Mode mode = Mode::kBalanced;
  ChannelLink link = ChannelLink::kLinked;
  voice::VoiceSettings settings;
};

// The transform of a mode, prepared for this sound: its latency_samples() is below
// most_latency_ms(mode). Errors: kInvalidArgument for settings or a format out of range, or
// kMidSide for other than two channels.
Result<std::unique_ptr<voice::VoiceTransform>> make_transform(const TransformOptions& options,
                                                              const voice::Format& format);

}  // namespace syrinx::conversion
