// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/artifacts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/stages/measure/artifacts/detectors.h"

namespace syrinx::measure {
namespace {

constexpr std::array<ArtifactDetector, 17> kDetectors = {{
    {ArtifactKind::kClick, "click", "A few samples do not belong to the sound around them.", 18.5,
     35.0, false, false},
    {ArtifactKind::kDiscontinuity, "discontinuity", "The waveform jumps, as at a bad splice.", 15.5,
     30.0, false, false},
    {ArtifactKind::kEnergySpike, "energy spike", "A burst is far louder than what surrounds it.",
     12.0, 24.0, false, false},
    {ArtifactKind::kLoudnessJump, "loudness jump", "The level changes and stays changed.", 11.2,
     24.0, false, false},
    {ArtifactKind::kOctaveJump, "octave jump", "The pitch doubles or halves within a voiced sound.",
     0.5, 0.95, false, false},
    {ArtifactKind::kMetallic, "metallic",
     "Fixed resonances stand in the spectrum while the voice moves.", 0.9, 4.0, false, false},
    {ArtifactKind::kBuzz, "buzz", "High frequencies are periodic where the voice is not.", 0.83,
     0.98, false, false},
    {ArtifactKind::kHighNoise, "high noise", "High-frequency noise does not stop in the pauses.",
     30.0, 50.0, false, false},
    {ArtifactKind::kConsonantLoss, "consonant loss", "Consonants are softer than in the reference.",
     1.5, 12.0, true, false},
    {ArtifactKind::kCrosstalk, "crosstalk", "One channel is heard in the other.", 18.4, 60.0, false,
     true},
    {ArtifactKind::kSpectralJump, "spectral jump",
     "A moment of sound is unlike both what comes before and what comes after.", 4.0, 10.0, false,
     false},
    {ArtifactKind::kInterharmonic, "interharmonic",
     "Sound lies between the harmonics of the voice.", 46.0, 56.0, false, false},
    {ArtifactKind::kIrregularVoice, "irregular voice",
     "The periods of the voice vary more than a larynx makes them.", 2.0, 8.0, false, false},
    {ArtifactKind::kTiltChange, "tilt change", "The voice turns duller or brighter and stays so.",
     3.2, 8.0, false, false},
    {ArtifactKind::kPhaseSmear, "phase smear",
     "Parts of each pulse of the voice arrive at different times.", 8.2, 10.0, false, false},
    {ArtifactKind::kFormantJump, "formant jump",
     "The resonances leap away and back faster than a mouth moves.", 1.7, 6.0, false, false},
    {ArtifactKind::kVowelDrift, "vowel drift", "A vowel is another than in the reference.", 11.0,
     40.0, true, false},
}};

const ArtifactDetector& detector_of(ArtifactKind kind) {
  return kDetectors[static_cast<std::size_t>(kind)];
}

Result<void> check(AudioView audio, std::string_view what) {
  if (audio.empty() || audio.channels() > 2)
    return make_error(ErrorCode::kInvalidArgument, "artifacts: the ", what, " has ",
                      audio.channels(), " channels and ", audio.frames(),
                      " frames; give one or two channels that have sound");
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    for (const float sample : audio.channel(c)) {
      if (!std::isfinite(sample))
        return make_error(ErrorCode::kInvalidArgument, "artifacts: a sample of the ", what,
                          " is not finite");
    }
  }
  return {};
}

std::vector<float> mixed(AudioView audio) {
  std::vector<float> mono(audio.channel(0).begin(), audio.channel(0).end());
  if (audio.channels() == 1) return mono;
  for (std::size_t i = 0; i < mono.size(); ++i) mono[i] = 0.5f * (mono[i] + audio.channel(1)[i]);
  return mono;
}

// What the detectors are handed: everything at their rate.
struct Material {
  AudioBuffer audio;
  std::vector<float> mono;
  std::vector<float> reference;  // Empty where there is none.
};

Result<Material> prepare(AudioView audio, const ArtifactOptions& options) {
  SYRINX_TRY(check(audio, "sound"));
  Material material;
  SYRINX_ASSIGN(material.audio, dsp::resample(audio, artifacts::kRateHz));
  material.mono = mixed(material.audio);
  if (!options.reference) return material;
  SYRINX_TRY(check(*options.reference, "reference"));
  if (options.reference->frames() != audio.frames() ||
      options.reference->sample_rate_hz() != audio.sample_rate_hz())
    return make_error(ErrorCode::kInvalidArgument, "artifacts: the reference has ",
                      options.reference->frames(), " frames at ",
                      options.reference->sample_rate_hz(), " Hz, the sound ", audio.frames(),
                      " at ", audio.sample_rate_hz(), " Hz; align them first");
  SYRINX_ASSIGN(const auto reference, dsp::resample(*options.reference, artifacts::kRateHz));
  material.reference = mixed(reference);
  return material;
}

bool can_run(const ArtifactDetector& detector, const Material& material) {
  return !(detector.needs_reference && material.reference.empty()) &&
         !(detector.needs_stereo && material.audio.channels() != 2);
}

// Pre: can_run.
artifacts::Scores scores_of(ArtifactKind kind, const Material& material) {
  // Resampling may leave nothing of an instant.
  if (material.mono.size() < artifacts::kHop) return {};
  switch (kind) {
    case ArtifactKind::kClick:
      return artifacts::click_scores(material.mono);
    case ArtifactKind::kDiscontinuity:
      return artifacts::discontinuity_scores(material.mono);
    case ArtifactKind::kEnergySpike:
      return artifacts::energy_spike_scores(material.mono);
    case ArtifactKind::kLoudnessJump:
      return artifacts::loudness_jump_scores(material.mono);
    case ArtifactKind::kOctaveJump:
      return artifacts::octave_jump_scores(material.mono);
    case ArtifactKind::kMetallic:
      return artifacts::metallic_scores(material.mono);
    case ArtifactKind::kBuzz:
      return artifacts::buzz_scores(material.mono);
    case ArtifactKind::kHighNoise:
      return artifacts::high_noise_scores(material.mono);
    case ArtifactKind::kConsonantLoss:
      return artifacts::consonant_loss_scores(material.mono, material.reference);
    case ArtifactKind::kCrosstalk:
      return artifacts::crosstalk_scores(material.audio.channel(0), material.audio.channel(1));
    case ArtifactKind::kSpectralJump:
      return artifacts::spectral_jump_scores(material.mono);
    case ArtifactKind::kInterharmonic:
      return artifacts::interharmonic_scores(material.mono);
    case ArtifactKind::kIrregularVoice:
      return artifacts::irregular_voice_scores(material.mono);
    case ArtifactKind::kTiltChange:
      return artifacts::tilt_change_scores(material.mono);
    case ArtifactKind::kPhaseSmear:
      return artifacts::phase_smear_scores(material.mono);
    case ArtifactKind::kFormantJump:
      return artifacts::formant_jump_scores(material.mono);
    case ArtifactKind::kVowelDrift:
      return artifacts::vowel_drift_scores(material.mono, material.reference);
  }
  return {};
}

// Hops over the threshold, at most 30 ms apart, are one artifact.
void collect(const ArtifactDetector& detector, const artifacts::Scores& scores,
             std::vector<Artifact>& found) {
  constexpr std::size_t kMostGap = 3;
  std::size_t quiet = kMostGap + 1;
  double most = 0.0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!(scores[i] > detector.threshold)) {
      ++quiet;
      continue;
    }
    const double at_s = static_cast<double>(i) * kArtifactHopS;
    if (quiet > kMostGap) {
      found.push_back({detector.kind, at_s, at_s, 0.0, std::string(detector.cause)});
      most = 0.0;
    }
    quiet = 0;
    most = std::max(most, scores[i]);
    found.back().end_s = at_s + kArtifactHopS;
    const double over = (most - detector.threshold) / (detector.worst - detector.threshold);
    found.back().severity = std::clamp(0.1 + 0.9 * over, 0.0, 1.0);
  }
}

}  // namespace

std::span<const ArtifactDetector> artifact_detectors() noexcept { return kDetectors; }

Result<std::vector<double>> artifact_scores(ArtifactKind kind, AudioView audio,
                                            const ArtifactOptions& options) {
  SYRINX_ASSIGN(const Material material, prepare(audio, options));
  const ArtifactDetector& detector = detector_of(kind);
  if (!can_run(detector, material))
    return make_error(ErrorCode::kInvalidArgument, "artifacts: to find ", detector.name, " give ",
                      detector.needs_stereo ? "two channels" : "a clean reference");
  return scores_of(kind, material);
}

Result<std::vector<Artifact>> find_artifacts(AudioView audio, const ArtifactOptions& options) {
  SYRINX_ASSIGN(const Material material, prepare(audio, options));
  std::vector<Artifact> found;
  for (const ArtifactDetector& detector : kDetectors) {
    if (can_run(detector, material)) collect(detector, scores_of(detector.kind, material), found);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Artifact& a, const Artifact& b) { return a.begin_s < b.begin_s; });
  return found;
}

Result<std::vector<Artifact>> find_artifacts(AudioView audio, AudioView reference) {
  ArtifactOptions options;
  options.reference = reference;
  return find_artifacts(audio, options);
}

}  // namespace syrinx::measure
