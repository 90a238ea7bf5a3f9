// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/vad/silero.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/base/check.h"
#include "syrinx/stages/enhance/vad/speech_decision.h"

namespace syrinx::enhance {
namespace {

constexpr double kHopMs = 32.0;
const nn::OnnxShape kStateShape = {2, 1, 128};
const std::vector<std::string> kOutputs = {"output", "stateN"};

class Silero final : public SpeechDetector {
 public:
  Silero(nn::OnnxSession session, int sample_rate_hz, const VoiceActivityOptions& options)
      : session_(std::move(session)),
        sample_rate_hz_(sample_rate_hz),
        hop_frames_(static_cast<std::size_t>(sample_rate_hz / 1'000) * 32),
        context_frames_(hop_frames_ / 8),
        decision_(options, kHopMs),
        rate_(nn::OnnxShape{}, std::vector<std::int64_t>{sample_rate_hz}) {
    reset();
  }

  int sample_rate_hz() const noexcept override { return sample_rate_hz_; }
  std::size_t hop_frames() const noexcept override { return hop_frames_; }
  bool realtime_safe() const noexcept override { return false; }
  bool speech() const noexcept override { return decision_.speech(); }
  std::uint64_t failed_hops() const noexcept override { return failed_hops_; }

  float process(AudioView mono) noexcept override {
    SYRINX_CHECK(mono.frames() == hop_frames_ && mono.sample_rate_hz() == sample_rate_hz_,
                 "a hop of another length or rate");
    const auto input = input_.values<float>();
    std::copy(input.end() - static_cast<std::ptrdiff_t>(context_frames_), input.end(),
              input.begin());
    std::transform(mono.channel(0).begin(), mono.channel(0).end(),
                   input.begin() + static_cast<std::ptrdiff_t>(context_frames_),
                   [](float x) { return std::isfinite(x) ? std::clamp(x, -1.0F, 1.0F) : 0.0F; });
    run();
    decision_.add(static_cast<double>(score_));
    return score_;
  }

  void reset() noexcept override {
    input_ = nn::OnnxTensor::zeros(nn::OnnxType::kFloat32,
                                   {1, static_cast<std::int64_t>(context_frames_ + hop_frames_)})
                 .value();
    state_ = nn::OnnxTensor::zeros(nn::OnnxType::kFloat32, kStateShape).value();
    decision_.reset();
    score_ = 0.0F;
    failed_hops_ = 0;
  }

 private:
  void run() noexcept {
    const std::array<nn::NamedTensor, 3> inputs = {
        {{"input", input_}, {"state", state_}, {"sr", rate_}}};
    auto outputs = session_.run(inputs, kOutputs, {});
    if (!outputs || outputs->front().size() != 1 || (*outputs)[1].shape() != kStateShape) {
      ++failed_hops_;
      return;
    }
    score_ = outputs->front().values<float>()[0];
    state_ = std::move((*outputs)[1]);
  }

  nn::OnnxSession session_;
  int sample_rate_hz_;
  std::size_t hop_frames_;
  std::size_t context_frames_;
  SpeechDecision decision_;
  nn::OnnxTensor input_;  // The context, then the hop.
  nn::OnnxTensor state_;
  nn::OnnxTensor rate_;
  float score_ = 0.0F;
  std::uint64_t failed_hops_ = 0;
};

bool has(const std::vector<nn::OnnxPort>& ports, std::string_view name, nn::OnnxType type) {
  return std::any_of(ports.begin(), ports.end(), [&](const nn::OnnxPort& port) {
    return port.name == name && port.type == type;
  });
}

Result<void> check(const nn::OnnxSession& session) {
  const auto& in = session.inputs();
  const auto& out = session.outputs();
  if (has(in, "input", nn::OnnxType::kFloat32) && has(in, "state", nn::OnnxType::kFloat32) &&
      has(in, "sr", nn::OnnxType::kInt64) && has(out, "output", nn::OnnxType::kFloat32) &&
      has(out, "stateN", nn::OnnxType::kFloat32))
    return {};
  return make_error(ErrorCode::kUnsupported, session.model().string(),
                    " is not Silero's voice activity network, version 5: it must take 'input', "
                    "'state' and 'sr' and give 'output' and 'stateN'");
}

}  // namespace

Result<std::unique_ptr<SpeechDetector>> make_silero(nn::OnnxSession session, int sample_rate_hz,
                                                    const VoiceActivityOptions& options) {
  if (sample_rate_hz != 8'000 && sample_rate_hz != 16'000)
    return make_error(ErrorCode::kInvalidArgument,
                      "Silero's network hears sound of 8000 or 16000 Hz, not ", sample_rate_hz,
                      ": resample it");
  SYRINX_TRY(validate(options));
  SYRINX_TRY(check(session));
  return std::unique_ptr<SpeechDetector>(
      std::make_unique<Silero>(std::move(session), sample_rate_hz, options));
}

}  // namespace syrinx::enhance
