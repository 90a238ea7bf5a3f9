// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/gtcrn.h"

#include <algorithm>
#include <array>
#include <complex>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/dsp/stft.h"

namespace syrinx::enhance {
namespace {

constexpr std::size_t kBins = 257;
const dsp::StftSpec kSpec{512, 256, 512, dsp::WindowShape::kSqrtHann};
constexpr std::array<const char*, 4> kInputs = {"mix", "conv_cache", "tra_cache", "inter_cache"};
const std::vector<std::string> kOutputs = {"enh", "conv_cache_out", "tra_cache_out",
                                           "inter_cache_out"};
const std::array<nn::OnnxShape, 4> kShapes = {
    nn::OnnxShape{1, 257, 1, 2}, {2, 1, 16, 16, 33}, {2, 3, 1, 1, 16}, {2, 1, 33, 16}};

class Gtcrn final : public FrameNetwork {
 public:
  Gtcrn(nn::OnnxSession session, dsp::Stft stft, dsp::Istft istft)
      : session_(std::move(session)),
        stft_(std::move(stft)),
        istft_(std::move(istft)),
        spectrum_(kBins) {
    reset();
  }

  std::size_t hop_samples() const noexcept override { return kSpec.hop_samples; }
  std::size_t latency_samples() const noexcept override { return istft_.latency_samples(); }

  bool process(std::span<const float> in, std::span<float> out) noexcept override {
    bool worked = true;
    stft_.process(in, [&](std::span<const std::complex<float>> frame) { worked = denoise(frame); });
    istft_.process(spectrum_, out);
    return worked;
  }

  void reset() noexcept override {
    stft_.reset();
    istft_.reset();
    for (std::size_t i = 0; i < kInputs.size(); ++i)
      state_[i] = nn::OnnxTensor::zeros(nn::OnnxType::kFloat32, kShapes[i]).value();
  }

 private:
  bool denoise(std::span<const std::complex<float>> frame) noexcept {
    const auto mix = state_[0].values<float>();
    for (std::size_t k = 0; k < kBins; ++k) {
      mix[2 * k] = frame[k].real();
      mix[2 * k + 1] = frame[k].imag();
    }
    const std::array<nn::NamedTensor, 4> inputs = {{{kInputs[0], state_[0]},
                                                    {kInputs[1], state_[1]},
                                                    {kInputs[2], state_[2]},
                                                    {kInputs[3], state_[3]}}};
    auto outputs = session_.run(inputs, kOutputs, {});
    if (!outputs) return fail(frame);
    const auto clean = outputs->front().values<float>();
    for (std::size_t k = 0; k < kBins; ++k) spectrum_[k] = {clean[2 * k], clean[2 * k + 1]};
    for (std::size_t i = 1; i < kInputs.size(); ++i) state_[i] = std::move((*outputs)[i]);
    return true;
  }
  bool fail(std::span<const std::complex<float>> frame) noexcept {
    std::copy(frame.begin(), frame.end(), spectrum_.begin());
    return false;
  }

  nn::OnnxSession session_;
  dsp::Stft stft_;
  dsp::Istft istft_;
  std::array<nn::OnnxTensor, 4> state_;  // The mix and the caches, in the order of kInputs.
  std::vector<std::complex<float>> spectrum_;
};

Result<void> check(const nn::OnnxSession& session) {
  for (std::size_t i = 0; i < kInputs.size(); ++i) {
    const auto in = std::find_if(session.inputs().begin(), session.inputs().end(),
                                 [&](const auto& port) { return port.name == kInputs[i]; });
    const auto out = std::find_if(session.outputs().begin(), session.outputs().end(),
                                  [&](const auto& port) { return port.name == kOutputs[i]; });
    const bool fits = in != session.inputs().end() && out != session.outputs().end() &&
                      in->shape == kShapes[i] && out->shape == kShapes[i] &&
                      in->type == nn::OnnxType::kFloat32 && out->type == nn::OnnxType::kFloat32;
    if (!fits)
      return make_error(ErrorCode::kUnsupported, session.model().string(),
                        " is not the streaming export of GTCRN: it must take '", kInputs[i],
                        "' and give '", kOutputs[i], "', both ",
                        nn::describe(nn::OnnxType::kFloat32, kShapes[i]));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<FrameNetwork>> make_gtcrn(nn::OnnxSession session) {
  SYRINX_TRY(check(session));
  SYRINX_ASSIGN(auto stft, dsp::Stft::create(kSpec));
  SYRINX_ASSIGN(auto istft, dsp::Istft::create(kSpec));
  return std::unique_ptr<FrameNetwork>(
      std::make_unique<Gtcrn>(std::move(session), std::move(stft), std::move(istft)));
}

}  // namespace syrinx::enhance
