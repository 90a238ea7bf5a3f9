// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/voice/profile/cepstrum_statistics.h"
#include "syrinx/stages/voice/profile/formant_finder.h"

namespace syrinx::voice {

// What a voice is like, as far as statistics of its pitch and its envelopes say. No network has
// listened to it: two people of one pitch and one long-term spectrum have one profile.
struct VoiceProfile {
  std::string name;
  std::string consent;       // What the speaker was asked and agreed to; empty if nobody was.
  double speech_s = 0.0;     // Of voiced sound that it was learnt from.
  double log_f0_mean = 0.0;  // Natural logarithm of Hz.
  double log_f0_deviation = 0.0;
  Formants formants_hz{};  // Geometric means over voiced frames; all 0 if not known.
  CepstrumStatistics voiced;
  CepstrumStatistics unvoiced;
  std::vector<Cepstrum> exemplars;  // Voiced frames, evenly from all that was heard.

  double f0_hz() const noexcept;  // The geometric mean.
  // The slope of the mean voiced spectrum from 250 Hz to 7 kHz.
  double tilt_db_per_octave() const noexcept;
};

inline constexpr std::size_t kMaxExemplars = 1'200;

// Learns a profile from sound in pieces: sentences, files, blocks of a stream. Memory does not grow
// with the sound.
class ProfileLearner {
 public:
  ProfileLearner();

  // Hears a piece; channels are mixed, rates below 16 kHz or that frames do not take are resampled.
  // Errors: kInvalidArgument for no samples; those of resampling.
  Result<void> add(AudioView speech);
  // What was heard so far. Error: kInvalidArgument when less than half a second of it had a pitch.
  Result<VoiceProfile> finish(std::string name) const;

 private:
  struct Heard {
    float f0_hz;
    Cepstrum cepstrum;
    Formants formants_hz;
  };
  void keep(const Heard& frame);

  std::vector<Heard> heard_;  // Every stride-th frame.
  std::size_t stride_ = 1;
  std::size_t skipped_ = 0;
  double frame_s_ = 0.005;
};

// Learns from one sound. Errors: as ProfileLearner.
Result<VoiceProfile> learn_profile(AudioView speech, std::string name = {});

// A voice between voices: means of what the profiles say by their weights, which are divided by
// their sum. It has no exemplars. Errors: kInvalidArgument for no profiles, weights that are
// negative or not finite or all 0, or another number of them.
Result<VoiceProfile> morph_profiles(std::span<const VoiceProfile> profiles,
                                    std::span<const double> weights);

}  // namespace syrinx::voice
