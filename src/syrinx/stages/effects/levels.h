// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Levels of whole recordings: what needs to have heard all before it begins.
namespace syrinx::effects {

enum class FadeShape {
  kLinear,
  kEqualPower,   // sin: two fades that cross keep the power of unrelated sounds.
  kRaisedCosine  // Smooth at both ends; two fades that cross keep the amplitude of equal sounds.
};

// 0 at the start of a fade in, 1 at its end. Pre: 0 <= progress <= 1.
double fade_gain(FadeShape shape, double progress) noexcept;
// The first or last `duration_s` of the sound, or all of it when that is shorter. Errors:
// kInvalidArgument for a duration that is negative or not finite.
Result<void> fade_in(MutableAudioView audio, double duration_s,
                     FadeShape shape = FadeShape::kRaisedCosine);
Result<void> fade_out(MutableAudioView audio, double duration_s,
                      FadeShape shape = FadeShape::kRaisedCosine);

// Each brings the sound to a level and returns the gain that took, in dB. All channels get the same
// gain; samples that are not finite become 0. Silence stays and returns 0. Errors: kInvalidArgument
// for a target that is above 0 dBFS (peak), not finite, or would take more than +-120 dB.
Result<double> normalise_peak(MutableAudioView audio, double target_dbfs);
// RMS over all samples of all channels; a full-scale square wave is at 0 dBFS.
Result<double> normalise_rms(MutableAudioView audio, double target_dbfs);
// By a loudness that was measured before (ITU-R BS.1770, as stages/measure does): measured_lufs is
// -infinity for silence.
Result<double> normalise_loudness(MutableAudioView audio, double measured_lufs, double target_lufs);

// The gain, in dB, from a measured level to another: 0 for silence (minus infinity). What the three
// above apply; for sound that does not fit into memory. Errors: kInvalidArgument beyond +-120 dB.
Result<double> normalising_gain_db(double measured_db, double target_db);

// The frames [begin, end) that are not silence at either end.
struct FrameRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t frames() const noexcept { return end - begin; }
  friend bool operator==(const FrameRange&, const FrameRange&) = default;
};
struct TrimOptions {
  double threshold_dbfs = -50.0;  // RMS of the loudest channel over a window; louder is sound.
  double window_ms = 10.0;
  double keep_ms = 50.0;  // Left standing before and after the sound.
};
// Finds the sound in a stream, handed in in blocks of any size.
class SoundFinder {
 public:
  // Errors: kInvalidArgument for options that are negative or not finite, but for the threshold.
  static Result<SoundFinder> create(const TrimOptions& options, int sample_rate_hz,
                                    std::size_t channels);
  // Pre: the view has the channels of create().
  void push(AudioView audio);
  // What to keep of all that was pushed; empty when it is silence.
  FrameRange range() const;

 private:
  SoundFinder(std::size_t window, std::size_t keep, double threshold, std::size_t channels);
  void finish_window(FrameRange& sound) const;

  std::size_t window_;
  std::size_t keep_;
  double threshold_;          // Mean square.
  std::vector<double> sums_;  // Of squares in the window being filled, per channel.
  std::size_t filled_ = 0;
  std::size_t frames_ = 0;
  FrameRange sound_;
};

// What to keep of the sound; empty when all of it is silence. Errors: kInvalidArgument for options
// that are negative or not finite, but for the threshold.
Result<FrameRange> find_sound(AudioView audio, const TrimOptions& options = {});
// A copy of what find_sound() keeps.
Result<AudioBuffer> trim_silence(AudioView audio, const TrimOptions& options = {});

}  // namespace syrinx::effects
