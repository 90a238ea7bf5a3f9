// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/engines/conversion/conversion_stream.h"
#include "syrinx/engines/conversion/style/emotion_timeline.h"
#include "syrinx/engines/conversion/style/style_transfer.h"

// All that a voice goes through in `syrinx convert`, in one place.
namespace syrinx::cli {

struct ConvertPlan {
  conversion::ConversionOptions options;
  std::optional<conversion::EmotionTimeline> emotions;  // Only at speed 1.
  double seconds = 0.0;                                 // Of the source, for the emotions.
  double dynamics = 1.0;
  double loud_db = 0.0;  // The level that dynamics leave as it is.
};

// Makes a source anew, from its beginning.
using OpenSource = std::function<Result<std::unique_ptr<AudioSource>>()>;

// Errors: as make_conversion(), with_emotions() and with_dynamics(); kInvalidArgument for emotions
// that change at another speed.
Result<std::unique_ptr<AudioSource>> make_sound(std::unique_ptr<AudioSource> source,
                                                const ConvertPlan& plan);

// The median pitch that the plan asks for, over that of the source.
double asked_pitch_ratio(const ConvertPlan& plan);

// Changes the plan so that its sound is spoken as the reference is: measured, made, measured again
// and corrected, up to three times; the nearest is kept. Returns what was found and done. Errors:
// as change_of_style() and make_sound().
Result<nlohmann::json> take_style(const std::string& reference, conversion::Keep keep,
                                  const OpenSource& open, ConvertPlan& plan,
                                  const std::stop_token& stop);

// A line like "neutral..happy:0.8", or a file of a timeline. Errors: as parse_transition() and
// parse_timeline(); kIo for a file that cannot be read.
Result<conversion::EmotionTimeline> read_emotions(const std::string& text_or_file);
// Whether emotions change: a transition, or the name of a file that is there.
bool emotions_change(const std::string& text);

}  // namespace syrinx::cli
