// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/conversion/conversion_grades.h"
#include "syrinx/engines/conversion/conversion_stream.h"
#include "syrinx/engines/conversion/improve/loudness_match.h"

// A conversion that listens to itself: results are judged, other ways of making them are tried, and
// only what measures better is kept.
namespace syrinx::conversion {

struct ImproveOptions {
  std::size_t most_tries = 8;  // Besides the first result and the match of loudness; 0 to 32.
  // By which a try has to lessen the shortfall to be kept; above 0, so that it converges.
  double least_gain = 0.01;
  // And at least so much for each unit that any one measure loses, MOS counting by a third: a try
  // does not pay with what was good. What still meets its target loses nothing by this count, but
  // for similarity: that is what was asked for.
  double price = 0.5;
};

// How a result is made. What stands here is the first.
struct Making {
  double amount = 1.0;    // Of the change that was asked for: below 1 is gentler.
  bool thorough = false;  // Looks ahead as far as helps, whatever the mode.
  bool mend_clicks = false;
  bool smooth_spectra = false;

  friend bool operator==(const Making&, const Making&) = default;
};

struct Try {
  // "first", "thorough", "gentler", "mend clicks", "smooth spectra", "match loudness".
  std::string name;
  Making making;
  ConversionGrades grades;
  double shortfall = 0.0;
  bool kept = false;
  std::string reason;  // Why it was kept or not, in a sentence.
};

struct Improved {
  AudioBuffer result;
  Making making;              // Of the result.
  ConversionQuality first;    // Of the first result,
  ConversionQuality quality;  // and of the one that was kept.
  ConversionGrades grades;
  std::vector<Try> tries;                 // In order; the first is what was asked for.
  std::optional<LoudnessMatch> loudness;  // What was put on the result, if that was kept.
  std::string ended;                      // Why no more was tried, in a sentence.
};

// What the loop works on. `make` makes a result without mending it (of `amount` and `thorough`),
// `judge` judges one against what was asked, always by the same standard. Both may fail, which ends
// the loop with that error.
struct Task {
  std::function<Result<AudioBuffer>(const Making&)> make;
  std::function<Result<ConversionQuality>(AudioView)> judge;
  std::function<std::optional<double>(AudioView)> similarity;  // May be empty: see grades_of().
  // May be empty: the result is then as loud as it comes.
  std::function<Result<LoudnessMatch>(AudioView)> match_loudness;
  bool may_be_thorough = true;  // Whether `thorough` makes a difference.
  bool may_be_gentler = true;   // Whether `amount` does.
};

// Tries, one after another and each on top of what was kept before: a longer look-ahead, clicks
// mended, spectra smoothed, and less of the change (0.85 of it, down to half). A try is kept when
// it lessens the shortfall by least_gain and takes no more than most_loss from any measure. What
// was kept is tried around once more; it ends when all targets are met, when a round kept nothing,
// or after most_tries. At the end level and tilt are matched to how loud the source sounds in each
// critical band, where the task can; kept when that distance falls by a hundredth and the shortfall
// does not grow. Errors: kInvalidArgument for options out of range; those of the task;
// kCancelled.
Result<Improved> improve(const Task& task, const ImproveOptions& options = {},
                         const std::stop_token& stop = {});

// The same for a conversion of a whole sound in memory, of up to kMostJudgedS. Errors: as
// make_conversion() and judge().
Result<Improved> improve_conversion(AudioView source, const ConversionOptions& asked,
                                    const ImproveOptions& options = {},
                                    const std::stop_token& stop = {});

// The match of a result to the source under what the settings ask for; empty where they are meant
// to sound otherwise (breath, whisper, roughness). `source` must outlive what is returned.
std::function<Result<LoudnessMatch>(AudioView)> loudness_matcher(
    AudioView source, const voice::VoiceSettings& settings);

// Settings that go a part of the way from no change: ratios by their logarithms. Pre: 0 <= amount
// <= 1.
voice::VoiceSettings part_of(const voice::VoiceSettings& settings, double amount) noexcept;

}  // namespace syrinx::conversion
