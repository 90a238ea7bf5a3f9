// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/enhance/vad/voice_activity.h"

// The ways to tell whether somebody speaks, behind one face.
namespace syrinx::enhance {

enum class DetectorKind {
  kSpectral,  // Our own: no model, 8 to 48 kHz, every 10 ms, real-time safe. voice_activity.h
  kSilero,    // Silero's network (0.3 M weights): 8 or 16 kHz, every 32 ms.
};
// "spectral", "silero".
std::string_view to_string(DetectorKind kind) noexcept;
// Errors: kInvalidArgument, naming those that there are.
Result<DetectorKind> parse_detector_kind(std::string_view name);

// One mono stream, one thread at a time.
class SpeechDetector {
 public:
  SpeechDetector() = default;
  SpeechDetector(const SpeechDetector&) = delete;
  SpeechDetector& operator=(const SpeechDetector&) = delete;
  virtual ~SpeechDetector() = default;

  virtual int sample_rate_hz() const noexcept = 0;
  virtual std::size_t hop_frames() const noexcept = 0;
  // Whether process() keeps to SYRINX_REALTIME. A network does not: its runtime allocates.
  virtual bool realtime_safe() const noexcept = 0;

  // Takes one hop; gives how sure it is that this is speech, 0 to 1. Numbers that are not finite
  // count as silence. Where a network fails, the last score stands, and failed_hops() counts.
  // Pre: mono, at this rate, hop_frames().
  virtual float process(AudioView mono) noexcept = 0;
  // By threshold, onset and hang-over (VoiceActivityOptions), after the last hop.
  virtual bool speech() const noexcept = 0;
  virtual void reset() noexcept = 0;
  virtual std::uint64_t failed_hops() const noexcept { return 0; }
};

// The network's file, silero_vad/silero_vad.onnx (version 5), is looked for in `models`, else where
// the user keeps models ($SYRINX_MODELS, $XDG_DATA_HOME/syrinx/models,
// ~/.local/share/syrinx/models).
// Errors: as VoiceActivityDetector::create(); kInvalidArgument for the network at a rate other than
// 8 or 16 kHz; kNotFound, saying where it looked; those of nn::OnnxSession::load(); kUnsupported
// for another model.
Result<std::unique_ptr<SpeechDetector>> make_speech_detector(
    DetectorKind kind, int sample_rate_hz, const VoiceActivityOptions& options = {},
    const std::filesystem::path& models = {});

// The stretches of speech in a whole recording; channels are mixed. `detector` begins anew.
// Pre: the detector's rate is the sound's.
std::vector<SpeechSegment> find_speech(AudioView audio, SpeechDetector& detector,
                                       const VoiceActivityOptions& options = {});

}  // namespace syrinx::enhance
