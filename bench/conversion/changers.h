// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::bench {

// One change that is asked of every changer.
struct Job {
  double semitones = 0.0;
  double speed = 1.0;
  double formant_ratio = 1.0;

  std::string name() const;
  // Whether a recogniser can be told of it: of pace and formants. A raised pitch is taken back for
  // it; a lowered one has harmonics enough.
  bool can_be_told() const { return speed != 1.0 || formant_ratio != 1.0; }
};

// Ours in three modes, in the high mode without aspiration where a voice is raised, the peers, and,
// to judge the measures by, our analysis and synthesis with the envelope as it is.
struct Changer {
  std::string name;
  bool ours = false;
};
std::vector<Changer> all_changers();

// Whether the changer can do the job at all: of the peers, one moves formants by themselves, none
// in our sense.
bool can_do(const Changer& changer, const Job& job);

// The voice taken apart and put together with its pitch moved: its envelope is surely kept.
// F0 is looked for up to `most_f0_hz`, at most 1000 Hz.
// Errors: those of the analysis.
Result<AudioBuffer> resynthesise(double semitones, AudioView audio, double most_f0_hz = 600.0);

// Errors: kNotFound when the peer's program is not there; those of the conversion.
Result<AudioBuffer> change(const Changer& changer, const Job& job, AudioView audio,
                           const std::filesystem::path& folder);

}  // namespace syrinx::bench
