// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/pitch/f0_track.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/image.h"
#include "syrinx/stages/measure/artifacts/artifacts.h"
#include "syrinx/stages/measure/level/loudness_curve.h"
#include "syrinx/stages/measure/report/page/panel.h"

// What a page draws of a sound.
namespace syrinx::measure::html {

// The name of a kind of artifact, in words: "loudness jump".
std::string artifact_words(ArtifactKind kind);

// The extent of the samples over time; one lane per channel of two, one for all of more.
Panel waveform_panel(AudioView audio);

// A spectrogram without axes, for a plot. `powers` as pixel_powers() gives them; the colours span
// `range_db` below `top_db`.
Image colour_powers(std::span<const float> powers, std::size_t width, std::size_t height,
                    double top_db, double range_db);
// The level of the strongest pixel.
double strongest_db(std::span<const float> powers) noexcept;

inline constexpr double kSpectrogramWindowMs = 25.0;
inline constexpr double kSpectrogramRangeDb = 80.0;

// The powers of a spectrogram of half the rate. Errors: as FramePower::create.
Result<std::vector<float>> spectrogram_powers(AudioView audio, std::size_t width,
                                              std::size_t height);
// The spectrogram of the mean of all channels. Errors: as spectrogram_powers().
Result<Panel> spectrogram_panel(AudioView audio);

// Momentary and short-term loudness. Nothing where the sound has none.
std::optional<Panel> loudness_panel(const LoudnessCurve& curve, double integrated_lufs,
                                    double seconds);

// The pitch where there is one. Nothing where it is nowhere.
std::optional<Panel> f0_panel(const dsp::F0Track& track, double seconds);

// One row of marks for each kind that was found. Nothing where none was.
std::optional<Panel> artifact_panel(std::span<const Artifact> artifacts, double seconds);

// A small picture of a sound: its waveform over its spectrogram. Errors: as spectrogram_powers().
Result<Image> thumbnail(AudioView audio);

}  // namespace syrinx::measure::html
