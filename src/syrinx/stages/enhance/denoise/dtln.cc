// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/dtln.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/dsp/fft.h"

namespace syrinx::enhance {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kHop = 128;
constexpr std::size_t kBins = kBlock / 2 + 1;
const nn::OnnxShape kStateShape = {1, 2, 128, 2};

// One of the two models: a row and the LSTMs' state in, a row and the state out.
class Half {
 public:
  static Result<Half> create(nn::OnnxSession session, std::size_t values) {
    const nn::OnnxShape row = {1, 1, static_cast<std::int64_t>(values)};
    const auto fits = [&](const std::vector<nn::OnnxPort>& ports) {
      return ports.size() == 2 && ports[0].shape == row && ports[1].shape == kStateShape &&
             ports[0].type == nn::OnnxType::kFloat32 && ports[1].type == nn::OnnxType::kFloat32;
    };
    if (!fits(session.inputs()) || !fits(session.outputs()))
      return make_error(ErrorCode::kUnsupported, session.model().string(),
                        " is not a half of DTLN: it must take and give ",
                        nn::describe(nn::OnnxType::kFloat32, row), " and ",
                        nn::describe(nn::OnnxType::kFloat32, kStateShape));
    return Half(std::move(session), row);
  }

  std::span<float> input() { return input_.values<float>(); }
  // What the model makes of input(); empty where it fails. Valid until the next run().
  std::span<const float> run() {
    const auto& ports = session_.inputs();
    const std::array<nn::NamedTensor, 2> inputs = {
        {{ports[0].name, input_}, {ports[1].name, state_}}};
    auto outputs = session_.run(inputs);
    if (!outputs) return {};
    output_ = std::move((*outputs)[0]);
    state_ = std::move((*outputs)[1]);
    return std::as_const(output_).values<float>();
  }
  void reset() { state_ = nn::OnnxTensor::zeros(nn::OnnxType::kFloat32, kStateShape).value(); }

 private:
  Half(nn::OnnxSession session, const nn::OnnxShape& row)
      : session_(std::move(session)),
        input_(nn::OnnxTensor::zeros(nn::OnnxType::kFloat32, row).value()) {
    reset();
  }

  nn::OnnxSession session_;
  nn::OnnxTensor input_;
  nn::OnnxTensor state_;
  nn::OnnxTensor output_;
};

class Dtln final : public FrameNetwork {
 public:
  Dtln(Half mask, Half waveform, dsp::RealFft fft)
      : mask_(std::move(mask)),
        waveform_(std::move(waveform)),
        fft_(std::move(fft)),
        block_(kBlock),
        sums_(kBlock),
        spectrum_(kBins) {}

  std::size_t hop_samples() const noexcept override { return kHop; }
  std::size_t latency_samples() const noexcept override { return kBlock - kHop; }

  bool process(std::span<const float> in, std::span<float> out) noexcept override {
    std::copy(block_.begin() + kHop, block_.end(), block_.begin());
    std::copy(in.begin(), in.end(), block_.end() - kHop);
    std::copy(sums_.begin() + kHop, sums_.end(), sums_.begin());
    std::fill(sums_.end() - kHop, sums_.end(), 0.0f);
    const bool worked = denoise();
    std::copy_n(sums_.begin(), kHop, out.begin());
    return worked;
  }

  void reset() noexcept override {
    mask_.reset();
    waveform_.reset();
    std::fill(block_.begin(), block_.end(), 0.0f);
    std::fill(sums_.begin(), sums_.end(), 0.0f);
  }

 private:
  bool denoise() noexcept {
    fft_.forward(block_, spectrum_);
    const auto magnitudes = mask_.input();
    for (std::size_t k = 0; k < kBins; ++k) magnitudes[k] = std::abs(spectrum_[k]);
    const auto mask = mask_.run();
    if (mask.size() != kBins) return false;
    for (std::size_t k = 0; k < kBins; ++k) spectrum_[k] *= mask[k];
    fft_.inverse(spectrum_, waveform_.input());
    const auto clean = waveform_.run();
    if (clean.size() != kBlock) return false;
    for (std::size_t i = 0; i < kBlock; ++i) sums_[i] += clean[i];
    return true;
  }

  Half mask_;
  Half waveform_;
  dsp::RealFft fft_;
  std::vector<float> block_;  // The last 512 samples.
  std::vector<float> sums_;   // Of what overlaps.
  std::vector<std::complex<float>> spectrum_;
};

}  // namespace

Result<std::unique_ptr<FrameNetwork>> make_dtln(nn::OnnxSession first, nn::OnnxSession second) {
  SYRINX_ASSIGN(auto mask, Half::create(std::move(first), kBins));
  SYRINX_ASSIGN(auto waveform, Half::create(std::move(second), kBlock));
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(kBlock));
  return std::unique_ptr<FrameNetwork>(
      std::make_unique<Dtln>(std::move(mask), std::move(waveform), std::move(fft)));
}

}  // namespace syrinx::enhance
