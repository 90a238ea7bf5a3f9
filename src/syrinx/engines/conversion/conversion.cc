// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/conversion.h"

#include <array>
#include <string>

#include "syrinx/engines/conversion/channel_link.h"
#include "syrinx/stages/voice/psola.h"

namespace syrinx::conversion {
namespace {

constexpr std::array kModes = {Mode::kLow, Mode::kBalanced, Mode::kHigh};
constexpr std::array kLinks = {ChannelLink::kLinked, ChannelLink::kIndependent,
                               ChannelLink::kMidSide};

// What each mode does with its time. Low: the F0 that is known last, of voices from 70 Hz up, so
// that two of their periods fit; of voices above 115 Hz, from shorter frames until the long ones
// have found it. Balanced: F0 is known around each mark. High: of F0, a median over seven frames,
// so that single errors of an octave go, and voicing that reaches back.
voice::PsolaOptions psola_options(Mode mode) {
  voice::PsolaOptions options;
  switch (mode) {
    case Mode::kLow:
      options.latency_ms = 20.5;
      options.marks.min_hz = 70.0;
      options.marks.wait_for_f0 = false;
      options.marks.hold_ms = 14.0;
      options.marks.quick_min_hz = 115.0;
      options.marks.f0_hop_ms = 2.5;
      break;
    case Mode::kBalanced:
      options.latency_ms = 43.0;
      options.marks.min_hz = 60.0;
      options.marks.reach_back_ms = 5.0;
      options.marks.quick_min_hz = 100.0;
      break;
    case Mode::kHigh:
      options.latency_ms = 88.0;
      options.marks = voice::thorough_marks();
      break;
  }
  return options;
}

template <class Value, std::size_t kCount>
Result<Value> parse(std::string_view what, const std::array<Value, kCount>& all,
                    std::string_view name) {
  std::string known;
  for (const Value value : all) {
    if (to_string(value) == name) return value;
    known += (known.empty() ? "" : ", ") + std::string(to_string(value));
  }
  return make_error(ErrorCode::kInvalidArgument, "there is no ", what, " '", name, "'; there are ",
                    known);
}

}  // namespace

double most_latency_ms(Mode mode) noexcept {
  return mode == Mode::kLow ? 25.0 : mode == Mode::kBalanced ? 50.0 : 100.0;
}

std::string_view to_string(Mode mode) noexcept {
  return mode == Mode::kLow ? "low" : mode == Mode::kBalanced ? "balanced" : "high";
}
std::string_view to_string(ChannelLink link) noexcept {
  if (link == ChannelLink::kLinked) return "linked";
  return link == ChannelLink::kIndependent ? "independent" : "mid-side";
}
Result<Mode> parse_mode(std::string_view name) { return parse("mode", kModes, name); }
Result<ChannelLink> parse_channel_link(std::string_view name) {
  return parse("way to link channels", kLinks, name);
}

Result<std::unique_ptr<voice::VoiceTransform>> make_transform(const TransformOptions& options,
                                                              const voice::Format& format) {
  SYRINX_TRY(voice::validate(format));
  if (options.link == ChannelLink::kMidSide && format.channels != 2)
    return mid_side_error(format.channels);
  const auto make = [&] {
    return voice::make_psola(psola_options(options.mode), options.settings);
  };
  SYRINX_ASSIGN(auto transform, make());
  if (options.link != ChannelLink::kLinked && format.channels > 1) {
    std::vector<std::unique_ptr<voice::VoiceTransform>> parts;
    parts.push_back(std::move(transform));
    while (parts.size() < format.channels) {
      SYRINX_ASSIGN(auto another, make());
      parts.push_back(std::move(another));
    }
    transform = link_channels(std::move(parts), options.link == ChannelLink::kMidSide);
  }
  SYRINX_TRY(transform->prepare(format));
  return transform;
}

}  // namespace syrinx::conversion
