// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/vad/speech_detector.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "syrinx/core/base/check.h"
#include "syrinx/core/flow/mono.h"
#include "syrinx/core/io/store/model_store.h"
#include "syrinx/core/nn/onnx/onnx_session.h"
#include "syrinx/stages/enhance/vad/silero.h"

namespace syrinx::enhance {
namespace {

constexpr std::array<std::string_view, 2> kKinds = {"spectral", "silero"};
constexpr const char* kSileroFile = "silero_vad/silero_vad.onnx";

class Spectral final : public SpeechDetector {
 public:
  explicit Spectral(VoiceActivityDetector detector) : detector_(std::move(detector)) {}
  int sample_rate_hz() const noexcept override { return detector_.sample_rate_hz(); }
  std::size_t hop_frames() const noexcept override { return detector_.hop_frames(); }
  bool realtime_safe() const noexcept override { return true; }
  float process(AudioView mono) noexcept override { return detector_.process(mono); }
  bool speech() const noexcept override { return detector_.speech(); }
  void reset() noexcept override { detector_.reset(); }

 private:
  VoiceActivityDetector detector_;
};

Result<nn::OnnxSession> load_silero(const std::filesystem::path& models) {
  std::filesystem::path folder = models;
  if (folder.empty()) {
    SYRINX_ASSIGN(folder, io::user_model_folder());
  }
  const std::filesystem::path file = folder / kSileroFile;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return make_error(ErrorCode::kNotFound, "Silero's voice activity network is not at ",
                      file.string(),
                      "; put it there, or use the spectral detector, which needs none");
  return nn::OnnxSession::load(file);
}

}  // namespace

std::string_view to_string(DetectorKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

Result<DetectorKind> parse_detector_kind(std::string_view name) {
  for (std::size_t i = 0; i < kKinds.size(); ++i)
    if (kKinds[i] == name) return static_cast<DetectorKind>(i);
  return make_error(ErrorCode::kInvalidArgument, "there is no speech detector '", name,
                    "'; there are spectral and silero");
}

Result<std::unique_ptr<SpeechDetector>> make_speech_detector(DetectorKind kind, int sample_rate_hz,
                                                             const VoiceActivityOptions& options,
                                                             const std::filesystem::path& models) {
  if (kind == DetectorKind::kSilero) {
    SYRINX_ASSIGN(auto session, load_silero(models));
    return make_silero(std::move(session), sample_rate_hz, options);
  }
  SYRINX_ASSIGN(auto detector, VoiceActivityDetector::create(sample_rate_hz, options));
  return std::unique_ptr<SpeechDetector>(std::make_unique<Spectral>(std::move(detector)));
}

std::vector<SpeechSegment> find_speech(AudioView audio, SpeechDetector& detector,
                                       const VoiceActivityOptions& options) {
  SYRINX_CHECK(audio.sample_rate_hz() == detector.sample_rate_hz(), "sound of another rate");
  detector.reset();
  const std::vector<double> mean = mean_of_channels(audio);
  const std::vector<float> mono(mean.begin(), mean.end());
  const std::size_t hop = detector.hop_frames();
  const double hop_s = static_cast<double>(hop) / audio.sample_rate_hz();
  std::vector<SpeechSegment> segments;
  bool before = false;
  for (std::size_t at = 0; at + hop <= mono.size(); at += hop) {
    detector.process({std::span(mono).subspan(at, hop), audio.sample_rate_hz()});
    const double now_s = static_cast<double>(at) / audio.sample_rate_hz() + hop_s;
    // It began before it was certain.
    const double onset_s = std::max(0.0, now_s - std::max(options.least_speech_ms / 1e3, hop_s));
    if (detector.speech() && !before) segments.push_back({onset_s, now_s});
    if (detector.speech()) segments.back().end_s = now_s;
    before = detector.speech();
  }
  return segments;
}

Result<std::vector<SpeechSegment>> find_speech(AudioView audio, VoiceActivityOptions options) {
  SYRINX_ASSIGN(const auto detector,
                make_speech_detector(DetectorKind::kSpectral, audio.sample_rate_hz(), options));
  return find_speech(audio, *detector, options);
}

}  // namespace syrinx::enhance
