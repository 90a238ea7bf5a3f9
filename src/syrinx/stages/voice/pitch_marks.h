// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/pitch/streaming_f0.h"
#include "syrinx/stages/voice/sample_ring.h"

namespace syrinx::voice {

// A place in the sound that a grain may be centred on: in voiced sound a little behind the moment
// of most energy in a period, when the vocal folds close; elsewhere one every kUnvoicedSpacingMs.
struct PitchMark {
  double at = 0.0;      // In samples from the beginning of the stream.
  double period = 0.0;  // In samples; in unvoiced sound the way to the next mark as it was planned.
  bool voiced = false;
};

inline constexpr double kUnvoicedSpacingMs = 4.0;

struct PitchMarkOptions {
  double min_hz = 60.0;
  double max_hz = 700.0;
  // Whether a mark waits until F0 around it is known (about 1.25 periods of min_hz and a hop), or
  // takes the F0 that was known last.
  bool wait_for_f0 = true;
  // Above 0: a second look for F0 from here up, whose frames are shorter and so known earlier, and
  // follow a voice that falls steeply at its end; it counts where the first finds none.
  double quick_min_hz = 0.0;
  // How long a mark waits at least, so that more of what follows is known.
  double hold_ms = 0.0;
  // How far F0 found later reaches back, where the sound repeats itself as it says.
  double reach_back_ms = 0.0;
  // How many frames of F0 to either side the median of F0 is taken over; with wait_for_f0.
  std::size_t smoothing_frames = 0;
  double f0_hop_ms = 5.0;
};

// For sound that need not be live: all that helps.
inline PitchMarkOptions thorough_marks() {
  PitchMarkOptions options;
  options.min_hz = 50.0;
  options.smoothing_frames = 3;
  options.reach_back_ms = 5.0;
  options.quick_min_hz = 100.0;
  return options;
}

// Finds pitch marks while sound comes in: the first of a voiced stretch where the energy of the
// differenced sound is largest within a period; each further one about a period later, where the
// sound correlates best with that around the last mark (Moulines and Charpentier 1990; Praat's "To
// PointProcess (cc)"), drawn a little to the most energy. One channel, one stream, one thread.
class PitchMarkFinder {
 public:
  // Errors: as StreamingF0::create.
  static Result<PitchMarkFinder> create(int sample_rate_hz, const PitchMarkOptions& options);

  // Takes the next samples in, and finds all marks that they allow. Pre: all finite; no more
  // than 4096.
  void take(std::span<const float> samples) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

  // Marks by number, from the first of the stream on; the newest kMarks are kept.
  static constexpr std::int64_t kMarks = 1'024;
  std::int64_t marks() const noexcept { return marks_; }
  std::int64_t oldest() const noexcept { return marks_ > kMarks ? marks_ - kMarks : 0; }
  // Pre: oldest() <= number < marks().
  const PitchMark& mark(std::int64_t number) const noexcept {
    return ring_[static_cast<std::size_t>(number % kMarks)];
  }
  // The number of the mark nearest to a place. Pre: marks() > 0.
  std::int64_t nearest(double at) const noexcept;

  // What was found last, 0 where it has no pitch.
  double newest_f0_hz() const noexcept;
  // The longest period, in samples.
  double max_period() const noexcept { return max_period_; }
  // Samples from a mark to the sound that is needed to find it, at most.
  std::size_t lookahead_samples() const noexcept;

 private:
  static constexpr std::size_t kFrames = 64;
  static constexpr std::size_t kQuickFrames = 32;

  PitchMarkFinder(int sample_rate_hz, const PitchMarkOptions& options, dsp::StreamingF0 tracker,
                  std::optional<dsp::StreamingF0> quick);
  void take_frame(const dsp::F0Frame& frame) noexcept;
  double frame_hz(std::int64_t frame) const noexcept;
  double f0_at(double at) const noexcept;
  double first_f0_at(double at) const noexcept;
  double quick_f0_at(double at) const noexcept;
  bool f0_is_known(double at) const noexcept;
  enum class Found { kMark, kNone, kTooEarly };

  bool find_next() noexcept;
  Found find_voiced(const PitchMark& last, double expected) noexcept;
  Found start_voice(const PitchMark& last, double period, double least_likeness) noexcept;
  Found carry_voice(const PitchMark& last, double period, double least_likeness) noexcept;
  double likeness_of(std::int64_t one, std::int64_t other, std::int64_t half) noexcept;
  void add(const PitchMark& mark) noexcept;

  int sample_rate_hz_;
  PitchMarkOptions options_;
  double min_period_;  // So that a voice carried on without F0 does not shrink to nothing.
  double max_period_;
  double unvoiced_spacing_;
  std::int64_t stride_;
  dsp::StreamingF0 tracker_;
  std::optional<dsp::StreamingF0> quick_;
  SampleRing past_;
  std::vector<float> scratch_;
  std::vector<double> energy_;
  std::vector<double> likeness_;
  std::array<dsp::F0Frame, kFrames> frames_{};
  std::int64_t frame_count_ = 0;
  std::array<dsp::F0Frame, kQuickFrames> quick_frames_{};  // The newest first.
  std::array<PitchMark, static_cast<std::size_t>(kMarks)> ring_{};
  std::int64_t marks_ = 0;
  double last_f0_at_ = 0.0;  // The last place that F0 said to be voiced.
};

}  // namespace syrinx::voice
