// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/apps/cli/timings.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/tts/speech_stream.h"

// Where `syrinx say` sends its sound: a file or standard output, a device, or both at once.
namespace syrinx::cli {

struct OutputChoice {
  std::string path;    // "-" for standard output; "" for no file.
  std::string format;  // "" for what the file name says, and WAV on standard output.
  std::string encoding;
  std::optional<double> quality;
  std::optional<int> bitrate_bps;
  std::optional<int> sample_rate_hz;
  bool dither = false;
  bool play = false;
  std::string device;  // "" for the default one.
};

// The writer's options for a voice of `voice_rate_hz`: its own rate, or the nearest that the format
// takes. Errors: kInvalidArgument, also for a rate asked for that the format cannot hold.
Result<io::AudioWriteOptions> resolve_output(const OutputChoice& choice, int voice_rate_hz);

// Opens all that was chosen, each at `sample_rate_hz`. Errors: as the writers and devices.
Result<std::vector<std::unique_ptr<AudioSink>>> open_outputs(const OutputChoice& choice,
                                                             const io::AudioWriteOptions& options);

// Speech as plain sound, with an ear on every sentence that passes.
class SpeechTap final : public AudioSource {
 public:
  using Listener = std::function<Result<void>(const tts::SpokenSentence&)>;
  SpeechTap(tts::SpeechStream& stream, Listener listener)
      : stream_(stream), listener_(std::move(listener)) {}

  int sample_rate_hz() const noexcept override { return stream_.sample_rate_hz(); }
  std::size_t channels() const noexcept override { return stream_.channels(); }
  // Errors: the stream's and the listener's.
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override;

 private:
  tts::SpeechStream& stream_;
  Listener listener_;
  tts::SpokenSentence sentence_;
};

}  // namespace syrinx::cli
