// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::bench {

// What a machine understands of speech: pocketsphinx with its US English model, each utterance by
// itself, so that their order does not matter. The one place that knows pocketsphinx. One thread.
class Recogniser {
 public:
  // `model` is the folder that holds en-us/, en-us.lm.bin and cmudict-en-us.dict.
  // Errors: kNotFound; kUnavailable when pocketsphinx refuses the model.
  static Result<Recogniser> load(const std::filesystem::path& model);

  Recogniser(Recogniser&&) noexcept;
  Recogniser& operator=(Recogniser&&) noexcept;
  ~Recogniser();

  // The words heard, which may be none. Any rate and number of channels: resampled to 16 kHz and
  // mixed to one, with a fifth of a second of silence before and after.
  // Errors: those of resampling; kInternal when pocketsphinx fails.
  Result<std::string> recognise(AudioView speech);

 private:
  struct Impl;
  explicit Recogniser(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::bench
