// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/neural/swift_f0.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "syrinx/stages/measure/neural/neural_signal.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 16'000;
constexpr std::size_t kHop = 256;
constexpr std::size_t kPieceFrames = 3'750;  // A minute,
constexpr std::size_t kAroundFrames = 32;    // and half a second on each side, which it hears too.
constexpr double kLeastHz = 46.875;
constexpr double kMostHz = 2093.75;

Result<void> check(const SwiftF0Options& options) {
  if (options.min_hz >= kLeastHz && options.min_hz < options.max_hz && options.max_hz <= kMostHz &&
      options.least_confidence >= 0.0 && options.least_confidence <= 1.0)
    return {};
  return make_error(ErrorCode::kInvalidArgument, "SwiftF0 looks for ", options.min_hz, " to ",
                    options.max_hz, " Hz with a confidence of ", options.least_confidence,
                    "; give ", kLeastHz, " to ", kMostHz, " Hz and 0 to 1");
}

struct Heard {
  std::vector<float> hz;
  std::vector<float> confidence;
};

Result<Heard> run(const nn::OnnxSession& session, std::span<const float> samples) {
  const nn::OnnxTensor input({1, static_cast<std::int64_t>(samples.size())},
                             std::vector<float>(samples.begin(), samples.end()));
  const nn::NamedTensor inputs[] = {{"input_audio", input}};
  SYRINX_ASSIGN(const auto outputs, session.run(inputs));
  if (outputs.size() != 2 || outputs[0].type() != nn::OnnxType::kFloat32 ||
      outputs[1].type() != nn::OnnxType::kFloat32 || outputs[0].size() != outputs[1].size())
    return make_error(ErrorCode::kUnsupported, session.model().string(),
                      " gave other than a pitch and a confidence for each frame");
  const auto hz = outputs[0].values<float>();
  const auto confidence = outputs[1].values<float>();
  return Heard{{hz.begin(), hz.end()}, {confidence.begin(), confidence.end()}};
}

}  // namespace

Result<SwiftF0> SwiftF0::load(const std::filesystem::path& model) {
  SYRINX_ASSIGN(auto session, nn::OnnxSession::load(model));
  if (session.inputs().size() != 1 || session.inputs()[0].name != "input_audio" ||
      session.outputs().size() != 2 || session.outputs()[0].name != "pitch_hz")
    return make_error(ErrorCode::kUnsupported, model.string(),
                      " is not SwiftF0: it must take 'input_audio' and give 'pitch_hz' and "
                      "'confidence'");
  return SwiftF0(std::move(session));
}

Result<dsp::F0Track> SwiftF0::track(AudioView mono, const SwiftF0Options& options) const {
  SYRINX_TRY(check(options));
  SYRINX_ASSIGN(auto samples, mono_at(mono, kRateHz, "SwiftF0"));
  samples.resize(std::max(samples.size(), 2 * kHop));
  const std::size_t frames = samples.size() / kHop;
  dsp::F0Track track;
  track.first_s = 0.5 * kHop / kRateHz;  // Windows reach as far before the first sample as behind.
  track.hop_s = static_cast<double>(kHop) / kRateHz;
  for (std::size_t at = 0; at < frames; at += kPieceFrames) {
    const std::size_t first = at - std::min(at, kAroundFrames);
    const std::size_t last = std::min(frames, at + kPieceFrames + kAroundFrames);
    const std::size_t end = last == frames ? samples.size() : last * kHop;
    SYRINX_ASSIGN(const auto heard,
                  run(session_, std::span(samples).subspan(first * kHop, end - first * kHop)));
    for (std::size_t k = at; k < std::min(frames, at + kPieceFrames); ++k) {
      if (k - first >= heard.hz.size()) break;
      const auto hz = static_cast<double>(heard.hz[k - first]);
      const auto confidence = static_cast<double>(heard.confidence[k - first]);
      const bool pitched =
          confidence >= options.least_confidence && hz >= options.min_hz && hz <= options.max_hz;
      track.hz.push_back(pitched ? hz : 0.0);
      track.voicing.push_back(std::clamp(confidence, 0.0, 1.0));
    }
  }
  return track;
}

}  // namespace syrinx::measure
