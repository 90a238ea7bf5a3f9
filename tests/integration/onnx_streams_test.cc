// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "support/need_onnx.h"
#include "support/npy.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/stft.h"
#include "syrinx/core/dsp/window.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/nn/onnx/onnx_session.h"

// ONNX models that carry a state from call to call, run over a recording.
namespace syrinx::nn {
namespace {

// Silero VAD carries its state from hop to hop, and sees the last 64 samples before each.
class SileroStream {
 public:
  explicit SileroStream(OnnxSession session) : session_(std::move(session)) {}

  float probability(std::span<const float> hop) {
    std::vector<float> window(context_);
    window.insert(window.end(), hop.begin(), hop.end());
    context_.assign(window.end() - 64, window.end());
    const auto samples = static_cast<std::int64_t>(window.size());
    const OnnxTensor input({1, samples}, std::move(window));
    const NamedTensor inputs[] = {{"input", input}, {"state", state_}, {"sr", rate_}};
    auto outputs = session_.run(inputs);
    EXPECT_TRUE(outputs.has_value()) << outputs.error().message;
    state_ = std::move((*outputs)[1]);
    return (*outputs)[0].values<float>()[0];
  }

 private:
  OnnxSession session_;
  std::vector<float> context_ = std::vector<float>(64);
  OnnxTensor state_ = OnnxTensor::zeros(OnnxType::kFloat32, {2, 1, 128}).value();
  OnnxTensor rate_{{}, std::vector<std::int64_t>{16'000}};
};

TEST(OnnxStreams, SileroVadMatchesWhatWasRecordedHopByHop) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA("models/silero_vad");
  SYRINX_NEED_DATA("golden/onnx/silero_vad");
  const auto audio = io::read_audio(support::data_path("models/silero_vad/example/test.wav"));
  ASSERT_TRUE(audio.has_value() && audio->sample_rate_hz() == 16'000);
  const auto expected =
      support::read_npy(support::data_path("golden/onnx/silero_vad/probabilities_16k_512.npy"));
  const auto session = OnnxSession::load(support::data_path("models/silero_vad/silero_vad.onnx"));
  ASSERT_TRUE(expected.has_value() && session.has_value());
  SileroStream stream(*session);
  double worst = 0.0;
  for (std::size_t hop = 0; hop < expected->values.size(); ++hop) {
    const float ours = stream.probability(audio->channel(0).subspan(hop * 512, 512));
    worst = std::max(worst, std::abs(static_cast<double>(ours) - expected->values[hop]));
  }
  EXPECT_GT(expected->values.size(), 900u);
  EXPECT_LE(worst, 1e-4);
}

// GTCRN denoises one spectrum after the other.
class GtcrnStream {
 public:
  explicit GtcrnStream(OnnxSession session) : session_(std::move(session)) {}

  void denoise(std::span<std::complex<float>> spectrum) {
    std::vector<float> parts;
    for (const auto& bin : spectrum) parts.insert(parts.end(), {bin.real(), bin.imag()});
    const OnnxTensor mix({1, 257, 1, 2}, std::move(parts));
    const NamedTensor inputs[] = {
        {"mix", mix}, {"conv_cache", conv_}, {"tra_cache", tra_}, {"inter_cache", inter_}};
    auto outputs = session_.run(inputs);
    ASSERT_TRUE(outputs.has_value()) << outputs.error().message;
    const auto clean = (*outputs)[0].values<float>();
    for (std::size_t bin = 0; bin < spectrum.size(); ++bin)
      spectrum[bin] = {clean[2 * bin], clean[2 * bin + 1]};
    conv_ = std::move((*outputs)[1]);
    tra_ = std::move((*outputs)[2]);
    inter_ = std::move((*outputs)[3]);
  }

 private:
  OnnxSession session_;
  OnnxTensor conv_ = OnnxTensor::zeros(OnnxType::kFloat32, {2, 1, 16, 16, 33}).value();
  OnnxTensor tra_ = OnnxTensor::zeros(OnnxType::kFloat32, {2, 3, 1, 1, 16}).value();
  OnnxTensor inter_ = OnnxTensor::zeros(OnnxType::kFloat32, {2, 1, 33, 16}).value();
};

// The signal with its first and last `edge` samples mirrored at its ends.
std::vector<float> mirrored(std::span<const float> signal, std::ptrdiff_t edge) {
  std::vector<float> all(signal.begin() + 1, signal.begin() + 1 + edge);
  std::reverse(all.begin(), all.end());
  all.insert(all.end(), signal.begin(), signal.end());
  all.insert(all.end(), signal.rbegin() + 1, signal.rbegin() + 1 + edge);
  return all;
}

// Overlap-add with the root of the symmetric Hann window, as the authors' script does although it
// analyses with the periodic one (which costs up to 6e-4), from frame 1 on.
std::vector<float> overlap_add(const dsp::StftFrames& frames) {
  auto fft = dsp::RealFft::create(512).value();
  auto window = dsp::make_window(dsp::WindowShape::kHann, 512, dsp::WindowSymmetry::kSymmetric);
  for (float& weight : window) weight = std::sqrt(weight);
  std::vector<float> sum(frames.frames() * 256 + 256);
  std::vector<float> weights(sum.size(), 1e-9f);
  std::vector<float> block(512);
  for (std::size_t frame = 1; frame < frames.frames(); ++frame) {
    fft.inverse(frames.frame(frame), block);
    for (std::size_t i = 0; i < 512; ++i) {
      sum[(frame - 1) * 256 + i] += block[i] * window[i];
      weights[(frame - 1) * 256 + i] += window[i] * window[i];
    }
  }
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] /= weights[i];
  return sum;
}

// Against the 16-bit file that the model's authors made with their own streaming code. Within 2 of
// its steps: one for its rounding, one for other kernels.
TEST(OnnxStreams, GtcrnMatchesItsAuthorsDenoisedFile) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA("models/gtcrn");
  const auto noisy = io::read_audio(support::data_path("models/gtcrn/example/mix.wav"));
  const auto expected = io::read_audio(support::data_path("models/gtcrn/example/enh_stream.wav"));
  const auto session = OnnxSession::load(support::data_path("models/gtcrn/gtcrn_simple.onnx"));
  ASSERT_TRUE(noisy.has_value() && expected.has_value() && session.has_value());
  const std::vector<float> signal = mirrored(noisy->channel(0), 256);
  const dsp::StftSpec spec{512, 256, 512, dsp::WindowShape::kSqrtHann};
  auto frames = dsp::stft(signal, spec).value();
  GtcrnStream stream(*session);
  for (std::size_t frame = 1; frame < frames.frames(); ++frame)
    stream.denoise(frames.frame(frame));  // Frame 0 begins before the mirrored edge.
  const auto clean = overlap_add(frames);
  float worst = 0.0f;
  for (std::size_t i = 256; i + 512 < expected->frames(); ++i)
    worst = std::max(worst, std::abs(clean[i + 256] - expected->channel(0)[i]));
  EXPECT_GT(expected->frames(), 16'000u);
  EXPECT_LE(worst, 2.0f / 32'768.0f);
}

}  // namespace
}  // namespace syrinx::nn
