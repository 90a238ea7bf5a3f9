// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stop_token>
#include <string_view>

#include "syrinx/core/dsp/pitch/f0_track.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/engines/conversion/conversion.h"

namespace syrinx::conversion {

// What a sound is changed by.
enum class Tool {
  kGrains,       // Pitch period by pitch period: one voice.
  kPhaseVocoder  // Spectrum by spectrum: whatever sounds. Pitch, formants and speed alone, files
                 // alone, all channels linked.
};
std::string_view to_string(Tool tool) noexcept;  // "grains", "phase-vocoder".
Result<Tool> parse_tool(
    std::string_view name);  // Errors: kInvalidArgument, naming those there are.

struct ConversionOptions {
  TransformOptions transform;
  Tool tool = Tool::kGrains;
  double speed = 1.0;  // Seconds of source for each second of result, 0.25 to 4.
};

// A source that speaks as another does after conversion, in time with it from the first frame on:
// the latency of the mode is taken off. It has as many frames, divided by the speed and rounded.
// At speeds other than 1 there is no latency to keep, and every mode looks ahead as far as it
// helps. Memory does not grow with length. Errors: as make_transform(), and kInvalidArgument for a
// speed out of range or settings that the tool has not.
Result<std::unique_ptr<AudioSource>> make_conversion(std::unique_ptr<AudioSource> source,
                                                     const ConversionOptions& options);

// F0 of a whole sound, for targets and reports.
struct F0Summary {
  double median_hz = 0.0;     // Of voiced frames; 0 where there are none.
  double low_hz = 0.0;        // The tenth and the
  double high_hz = 0.0;       // ninetieth percentile.
  double voiced_share = 0.0;  // Of all frames.
};

// Reads the source to its end, in memory that does not grow with it. Frames of the mean of all
// channels, 10 ms apart, in classes of a twentieth of a semitone. Errors: the source's, and those
// of StreamingF0 for its rate.
Result<F0Summary> summarise_f0(AudioSource& source, const std::stop_token& stop = {});
// The same of a track that is there.
F0Summary summary_of(const dsp::F0Track& track);

}  // namespace syrinx::conversion
