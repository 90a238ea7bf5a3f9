// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::measure {

// What a machine understands of speech, so that speech can be judged by it. One thread at a time.
class Recogniser {
 public:
  virtual ~Recogniser() = default;

  // Which recogniser and model this is, for reports: "pocketsphinx en-us". Rates of two recognisers
  // do not compare.
  virtual std::string_view name() const noexcept = 0;
  // The rate that recognise() takes.
  virtual int sample_rate_hz() const noexcept = 0;
  // The words heard in one utterance, parted by spaces; none for silence. What was heard before
  // makes no difference. `speech` is mono at sample_rate_hz().
  // Errors: kInvalidArgument for another rate, several channels or no samples; kInternal.
  virtual Result<std::string> recognise(AudioView speech) = 0;
};

// Whether a recogniser was built in.
bool has_recogniser() noexcept;

// What a recogniser is told of speech that was changed, so that it looks at it as at the unchanged.
struct RecogniserTuning {
  double pace = 1.0;  // 0.25 to 4: as many times as many frames a second.
  // 0.7 to 1.4: it looks at so many times its frequencies, and its rate is as many times higher.
  double formant_ratio = 1.0;
};

// PocketSphinx with its US English model. `model` is the folder that holds en-us/, en-us.lm.bin and
// cmudict-en-us.dict; empty: where Debian and PocketSphinx itself put it.
// Errors: kNotFound, with the places that were looked at; kInvalidArgument for a tuning out of
// range; kUnavailable when this build has no PocketSphinx, or when it refuses the model.
Result<std::unique_ptr<Recogniser>> load_recogniser(const std::filesystem::path& model = {},
                                                    const RecogniserTuning& tuning = {});

// The words heard in sound of any rate and number of channels, which is resampled and mixed to one.
// Errors: those of resampling and of the recogniser.
Result<std::string> recognise_any(Recogniser& recogniser, AudioView speech);

}  // namespace syrinx::measure
