// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Finds what goes wrong in processed speech, says where, how badly and why. Each detector gives a
// score per 10 ms, analysed at 16 kHz; what exceeds the detector's threshold is an artifact. The
// thresholds were chosen on injected defects (bench/artifacts).
namespace syrinx::measure {

enum class ArtifactKind {
  kClick,           // A sample or a few that do not belong.
  kDiscontinuity,   // A waveform that jumps, as at a bad splice.
  kEnergySpike,     // A burst much louder than what surrounds it.
  kLoudnessJump,    // A level that changes and stays.
  kOctaveJump,      // A pitch that doubles or halves.
  kMetallic,        // Resonances that stay while the voice moves, as of a comb filter.
  kBuzz,            // Periodic sound at high frequencies where nothing is voiced.
  kHighNoise,       // Noise at high frequencies, also in the pauses.
  kConsonantLoss,   // Consonants softer than in the reference.
  kCrosstalk,       // One channel heard in the other.
  kSpectralJump,    // A moment whose spectrum is unlike its neighbours', which are alike.
  kInterharmonic,   // Sound between the harmonics, as of ring modulation.
  kIrregularVoice,  // Jitter and shimmer beyond a living voice's.
  kTiltChange,      // A spectral slope that changes and stays.
  kPhaseSmear,      // Bands delayed differently, as by a phase vocoder.
  kFormantJump,     // Resonances that leap away and back.
  kVowelDrift,      // F1 or F2 away from the reference's.
};

struct Artifact {
  ArtifactKind kind = ArtifactKind::kClick;
  double begin_s = 0.0;
  double end_s = 0.0;
  double severity = 0.0;  // Above 0 (just over the threshold) to 1.
  std::string cause;      // One sentence.
};

struct ArtifactDetector {
  ArtifactKind kind;
  std::string_view name;
  std::string_view cause;
  double threshold;      // Of the score.
  double worst;          // The score that has severity 1.
  bool needs_reference;  // Compares with a clean version, aligned in time.
  bool needs_stereo;     // Compares the two channels.
};

struct ArtifactOptions {
  std::optional<AudioView> reference;  // The same length and rate, aligned.
};

inline constexpr double kArtifactHopS = 0.01;

// Those that there are, in the order of ArtifactKind.
std::span<const ArtifactDetector> artifact_detectors() noexcept;

// One detector's score of each 10 ms; none for a sound shorter than that. Errors: kInvalidArgument
// for no frames, a non-finite sample, more than 2 channels, a missing reference or second channel
// that the detector needs, or a reference of another length or rate; and those of dsp::resample.
Result<std::vector<double>> artifact_scores(ArtifactKind kind, AudioView audio,
                                            const ArtifactOptions& options = {});

// What every detector that has what it needs finds, in order of time. Two channels are taken
// together, except by the detector that compares them. Errors: as artifact_scores.
Result<std::vector<Artifact>> find_artifacts(AudioView audio, const ArtifactOptions& options = {});
// The same, also of the kinds that need a clean reference: of the same length and rate, aligned.
Result<std::vector<Artifact>> find_artifacts(AudioView audio, AudioView reference);

}  // namespace syrinx::measure
