// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/neural/aecmos.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "syrinx/stages/measure/neural/log_spectra.h"
#include "syrinx/stages/measure/neural/neural_signal.h"

namespace syrinx::measure {
namespace {

constexpr std::size_t kBands = 160;
constexpr std::size_t kLongestS = 20;
constexpr std::size_t kMarkerFrames = 20;  // Of ones or zeros, then as many of zeros.

struct Variant {
  int sample_rate_hz;
  std::size_t fft_size;
  std::int64_t hidden;
  bool marks_scenario;
};

Variant variant_of(AecmosModel kind) noexcept {
  switch (kind) {
    case AecmosModel::k48kHz:
      return {48'000, 1'537, 96, true};
    case AecmosModel::k16kHzAnyScenario:
      return {16'000, 513, 64, false};
    case AecmosModel::k16kHz:
      break;
  }
  return {16'000, 513, 64, true};
}

// The end of a signal's features that tells the model whether to expect speech in it.
void mark(std::vector<float>& values, bool speech) {
  values.insert(values.end(), kMarkerFrames * kBands, speech ? 1.0f : 0.0f);
  values.insert(values.end(), kMarkerFrames * kBands, 0.0f);
}

}  // namespace

Aecmos::Aecmos(nn::OnnxSession session, AecmosModel kind)
    : session_(std::move(session)), kind_(kind), sample_rate_hz_(variant_of(kind).sample_rate_hz) {}

Result<Aecmos> Aecmos::load(const std::filesystem::path& model, AecmosModel kind) {
  SYRINX_ASSIGN(auto session, nn::OnnxSession::load(model));
  const nn::OnnxShape hidden{4, 1, variant_of(kind).hidden};
  const nn::OnnxShape features{-1, 3, -1, static_cast<std::int64_t>(kBands)};
  const auto& inputs = session.inputs();
  if (inputs.size() != 2 || inputs[0].name != "input" || inputs[0].shape != features ||
      inputs[1].name != "h0" || inputs[1].shape != hidden)
    return make_error(ErrorCode::kUnsupported, model.string(),
                      " is not the AECMOS model asked for: it must take 'input', ",
                      nn::describe(nn::OnnxType::kFloat32, features), ", and 'h0', ",
                      nn::describe(nn::OnnxType::kFloat32, hidden));
  return Aecmos(std::move(session), kind);
}

Result<AecmosScores> Aecmos::score(AudioView loudspeaker, AudioView microphone, AudioView sent,
                                   TalkScenario scenario) const {
  const Variant variant = variant_of(kind_);
  SYRINX_ASSIGN(const auto far, mono_at(loudspeaker, sample_rate_hz_, "AECMOS (loudspeaker)"));
  SYRINX_ASSIGN(const auto mic, mono_at(microphone, sample_rate_hz_, "AECMOS (microphone)"));
  SYRINX_ASSIGN(const auto out, mono_at(sent, sample_rate_hz_, "AECMOS (sent)"));
  const std::size_t samples = std::min(
      {far.size(), mic.size(), out.size(), kLongestS * static_cast<std::size_t>(sample_rate_hz_)});
  const bool far_talks = scenario != TalkScenario::kNearEndOnly;
  const bool near_talks = scenario != TalkScenario::kFarEndOnly;
  std::vector<float> all;
  for (const auto& [signal, talks] :
       {std::pair(&far, far_talks), {&mic, near_talks}, {&out, true}}) {
    SYRINX_ASSIGN(auto mel,
                  relative_mel(std::span(*signal).first(samples),
                               {sample_rate_hz_, variant.fft_size, variant.fft_size / 2, kBands}));
    if (variant.marks_scenario) mark(mel.values, talks);
    all.insert(all.end(), mel.values.begin(), mel.values.end());
  }
  const auto frames = static_cast<std::int64_t>(all.size() / (3 * kBands));
  const nn::OnnxTensor input({1, 3, frames, static_cast<std::int64_t>(kBands)}, std::move(all));
  SYRINX_ASSIGN(const auto hidden,
                nn::OnnxTensor::zeros(nn::OnnxType::kFloat32, {4, 1, variant.hidden}));
  const nn::NamedTensor inputs[] = {{"input", input}, {"h0", hidden}};
  SYRINX_ASSIGN(const auto outputs, session_.run(inputs));
  if (outputs.size() != 1 || outputs[0].type() != nn::OnnxType::kFloat32 || outputs[0].size() < 2)
    return make_error(ErrorCode::kUnsupported, session_.model().string(),
                      " did not give two scores");
  const auto scores = outputs[0].values<float>();
  return AecmosScores{scores[0], scores[1]};
}

}  // namespace syrinx::measure
