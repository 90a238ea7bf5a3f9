// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/io/audio_format.h"

namespace syrinx::server {

// What the sound of an answer is written as.
struct SpeechFormat {
  std::string name = "mp3";  // As a client asks for it.
  io::AudioFormat format = io::AudioFormat::kMp3;
  std::string content_type = "audio/mpeg";
  // Of "pcm" 24 kHz, as clients expect; else the voice's, or the nearest that the format holds.
  std::optional<int> sample_rate_hz;
};

// mp3, opus, aac, flac, wav, pcm and what else core/io writes as it goes. Errors: kInvalidArgument
// for a name that there is not; kUnavailable for a format that this machine cannot write.
Result<SpeechFormat> speech_format(std::string_view name, std::optional<int> sample_rate_hz);

// Mono sound to bytes on their way: what can be sent is handed out at once. One thread at a time.
class SpeechEncoder {
 public:
  // Errors: kInvalidArgument for a rate that the format does not hold; kIo.
  static Result<SpeechEncoder> create(const SpeechFormat& format, int voice_rate_hz);
  SpeechEncoder(SpeechEncoder&&) noexcept;
  SpeechEncoder& operator=(SpeechEncoder&&) noexcept;
  ~SpeechEncoder();

  int sample_rate_hz() const noexcept;
  // The bytes that this sound brought; perhaps none yet. Errors: as io::AudioWriter::write.
  Result<std::string> encode(AudioView audio);
  // The rest.
  Result<std::string> finish();

 private:
  struct State;
  explicit SpeechEncoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace syrinx::server
