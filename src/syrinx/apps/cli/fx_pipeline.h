// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "syrinx/apps/cli/fx_steps.h"
#include "syrinx/apps/cli/progress.h"
#include "syrinx/core/flow/stream.h"

// The steps of `syrinx fx` as streams, one drawing from the one before. Memory does not grow with
// the sound: what has to hear all of it first keeps it in a Spool.
namespace syrinx::cli {

// What the steps tell on their way: how far a later pass is, and at the end what they did.
struct FxListener {
  ShowProgress progress = [](double, const std::string&) {};
};

// A report of one object.
inline nlohmann::json one_step(nlohmann::json step) {
  return nlohmann::json::array({std::move(step)});
}

// A step at work. It gives as many frames as it took, in time with them, but for Trim.
class FxStream : public AudioSource {
 public:
  int sample_rate_hz() const noexcept override { return input_->sample_rate_hz(); }
  std::size_t channels() const noexcept override { return input_->channels(); }
  // What it did so far, one object for each effect: {"step": name, ...}.
  virtual nlohmann::json report() const = 0;

 protected:
  explicit FxStream(AudioSource& input) : input_(&input) {}
  AudioSource& input() noexcept { return *input_; }

 private:
  AudioSource* input_;
};

// Draws from `input`, which must outlive it. Errors: as Chain::create and the decoders;
// kUnsupported for channels that the step cannot take, saying what it takes.
Result<std::unique_ptr<FxStream>> make_stream(const FxStep& step, AudioSource& input,
                                              const FxListener& listener);

// `seconds` of silence after the sound, for reverberation to die away in.
std::unique_ptr<AudioSource> make_tail(AudioSource& input, double seconds);

}  // namespace syrinx::cli
