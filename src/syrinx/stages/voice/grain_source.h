// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "syrinx/core/flow/stream.h"
#include "syrinx/stages/voice/pitch_marks.h"
#include "syrinx/stages/voice/tilt_filter.h"
#include "syrinx/stages/voice/voice_transform.h"

namespace syrinx::voice {

class GrainVoice;

inline constexpr double kLeastSpeed = 0.25;
inline constexpr double kMostSpeed = 4.0;

struct GrainSourceOptions {
  double speed = 1.0;  // Seconds of source for each second of result.
  VoiceSettings settings;
  // Each channel has marks of its own, instead of those of the mean of all.
  bool separate_channels = false;
  PitchMarkOptions marks = thorough_marks();
};

// A source that speaks as another does, faster or slower, at the same pitch unless settings change
// it, by the grains of GrainVoice. In time with the source from its first frame on; in all, as many
// frames as the source has, divided by the speed and rounded. A constant under the sound (DC) stays
// what it is. Memory does not grow with length.
class GrainSource final : public AudioSource {
 public:
  // Errors: kInvalidArgument for a speed, settings, rate or channels out of range.
  static Result<std::unique_ptr<GrainSource>> create(std::unique_ptr<AudioSource> inner,
                                                     const GrainSourceOptions& options);
  ~GrainSource() override;

  int sample_rate_hz() const noexcept override { return inner_->sample_rate_hz(); }
  std::size_t channels() const noexcept override { return inner_->channels(); }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override;

 private:
  struct Lane;  // Channels that share marks.

  GrainSource(std::unique_ptr<AudioSource> inner, const GrainSourceOptions& options);
  Result<void> add_lane(std::size_t first_channel, std::size_t channels);
  Result<void> feed_until(std::int64_t frames, const std::stop_token& stop);
  void feed(AudioView part) noexcept;
  std::int64_t frames_in_all() const noexcept;

  std::unique_ptr<AudioSource> inner_;
  GrainSourceOptions options_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  TiltFilter tilt_;
  AudioBuffer read_;             // From `inner_`,
  std::size_t read_offset_ = 0;  // and what of it was fed.
  AudioBuffer silence_;
  std::int64_t fed_ = 0;             // Frames, with silence past the end.
  std::optional<std::int64_t> end_;  // Frames of `inner_`, once known.
  std::int64_t given_ = 0;
};

}  // namespace syrinx::voice
