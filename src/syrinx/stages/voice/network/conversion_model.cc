// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/network/conversion_model.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "syrinx/core/base/embed.h"
#include "syrinx/stages/voice/network/causal_stack.h"

SYRINX_EMBED(syrinx_conversion_weights, SYRINX_CONVERSION_WEIGHTS);

namespace syrinx::voice {
namespace {

constexpr std::size_t kSourceSize = kModelCepstra + 3;
constexpr std::size_t kWidth = 128;
constexpr std::size_t kStatisticsSize = 3 * kModelCepstra + 2;
constexpr std::array<std::size_t, 5> kEncoderDilations{1, 2, 4, 8, 16};
constexpr std::array<std::size_t, 3> kDecoderDilations{1, 2, 4};
constexpr float kMostNormal = 6.0f;  // Of what comes in, as in training.
constexpr float kMostMelody = 4.0f;
constexpr float kMiddleLogF0 = 5.0f;
constexpr float kSpreadScale = 4.0f;

struct Weights {
  CausalStack content;
  CausalStack decoder;
  DenseLayer frame_in, frame_out;  // Of the speaker encoder,
  DenseLayer voice_in, voice_out;  // frame by frame and for all.
};

Result<std::shared_ptr<const Weights>> load(const nn::WeightFile& file) {
  Weights weights;
  SYRINX_ASSIGN(weights.content,
                CausalStack::load(file, "content", kSourceSize, kContentSize, kEncoderDilations));
  SYRINX_ASSIGN(weights.decoder, CausalStack::load(file, "decoder", kContentSize + kSpeakerSize + 2,
                                                   kModelCepstra, kDecoderDilations));
  SYRINX_ASSIGN(weights.frame_in, DenseLayer::load(file, "speaker.frame.0", kModelCepstra, kWidth));
  SYRINX_ASSIGN(weights.frame_out, DenseLayer::load(file, "speaker.frame.2", kWidth, kWidth));
  SYRINX_ASSIGN(weights.voice_in,
                DenseLayer::load(file, "speaker.voice.0", 2 * kWidth + kStatisticsSize, kWidth));
  SYRINX_ASSIGN(weights.voice_out, DenseLayer::load(file, "speaker.voice.2", kWidth, kSpeakerSize));
  return std::make_shared<const Weights>(std::move(weights));
}

class NetworkStream final : public ModelStream {
 public:
  NetworkStream(std::shared_ptr<const Weights> weights, const SpeakerVector& speaker)
      : weights_(std::move(weights)), encoder_(weights_->content), decoder_(weights_->decoder) {
    std::copy(speaker.begin(), speaker.end(), wanted_.begin() + kContentSize);
  }

  ModelCepstrum step(const ModelFrame& frame) noexcept override {
    source_[0] = std::clamp(frame.level, -kMostNormal, kMostNormal);
    for (std::size_t d = 0; d < kModelCepstra; ++d)
      source_[1 + d] = std::clamp(frame.cepstrum[d], -kMostNormal, kMostNormal);
    source_[1 + kModelCepstra] = frame.voiced ? 1.0f : 0.0f;
    source_[2 + kModelCepstra] =
        frame.voiced ? std::clamp(frame.melody, -kMostMelody, kMostMelody) : 0.0f;
    encoder_.run(source_, content_);
    for (float& value : content_) value = std::tanh(value);
    std::copy(content_.begin(), content_.end(), wanted_.begin());
    wanted_[kContentSize + kSpeakerSize] = frame.voiced ? frame.log_f0_wanted - kMiddleLogF0 : 0.0f;
    wanted_[kContentSize + kSpeakerSize + 1] = frame.voiced ? 1.0f : 0.0f;
    ModelCepstrum made;
    decoder_.run(wanted_, made);
    return made;
  }
  const Content& content() const noexcept override { return content_; }
  void reset() noexcept override {
    encoder_.reset();
    decoder_.reset();
    content_.fill(0.0f);
  }

 private:
  std::shared_ptr<const Weights> weights_;
  CausalStackState encoder_;
  CausalStackState decoder_;
  std::array<float, kSourceSize> source_{};
  std::array<float, kContentSize + kSpeakerSize + 2> wanted_{};
  Content content_{};
};

// What the speaker encoder sees in frames: the means and the spreads of its features.
std::vector<float> pooled(const Weights& weights, std::span<const ModelCepstrum> frames) {
  std::vector<double> sums(kWidth), squares(kWidth);
  std::array<float, kWidth> inner{}, seen{};
  for (const ModelCepstrum& frame : frames) {
    weights.frame_in.run(frame, inner);
    relu(inner);
    weights.frame_out.run(inner, seen);
    relu(seen);
    for (std::size_t i = 0; i < kWidth; ++i) {
      const auto value = static_cast<double>(seen[i]);
      sums[i] += value;
      squares[i] += value * value;
    }
  }
  const auto count = static_cast<double>(frames.size());
  std::vector<float> all;
  for (const double sum : sums) all.push_back(static_cast<float>(sum / count));
  for (std::size_t i = 0; i < kWidth; ++i) {
    const double mean = sums[i] / count;
    const double variance = std::max(squares[i] / count - mean * mean, 0.0);
    all.push_back(static_cast<float>(std::sqrt(variance + 1e-5)));
  }
  return all;
}

class Network final : public ConversionModel {
 public:
  explicit Network(std::shared_ptr<const Weights> weights) : weights_(std::move(weights)) {}

  SpeakerVector speaker(std::span<const ModelCepstrum> frames,
                        const ModelStatistics& statistics) const override {
    std::vector<float> seen = pooled(*weights_, frames);
    for (const auto* part :
         {&statistics.voiced_mean, &statistics.voiced_deviation, &statistics.unvoiced_mean})
      seen.insert(seen.end(), part->begin(), part->end());
    seen.push_back(statistics.log_f0_mean - kMiddleLogF0);
    seen.push_back(statistics.log_f0_deviation * kSpreadScale);
    std::array<float, kWidth> inner{};
    weights_->voice_in.run(seen, inner);
    relu(inner);
    SpeakerVector vector;
    weights_->voice_out.run(inner, vector);
    double sum = 0.0;
    for (const float value : vector) sum += static_cast<double>(value) * static_cast<double>(value);
    const auto length = static_cast<float>(std::max(std::sqrt(sum), 1e-12));
    for (float& value : vector) value /= length;
    return vector;
  }
  std::unique_ptr<ModelStream> stream(const SpeakerVector& speaker) const override {
    return std::make_unique<NetworkStream>(weights_, speaker);
  }

 private:
  std::shared_ptr<const Weights> weights_;
};

Result<std::shared_ptr<const ConversionModel>> model_of(const nn::WeightFile& file) {
  SYRINX_ASSIGN(auto weights, load(file));
  return std::shared_ptr<const ConversionModel>(std::make_shared<Network>(std::move(weights)));
}

}  // namespace

std::shared_ptr<const ConversionModel> built_in_conversion_model() {
  static const auto model = [] {
    const std::vector<std::byte> bytes(syrinx_conversion_weights_begin,
                                       syrinx_conversion_weights_end);
    return model_of(nn::WeightFile::from_memory(bytes, "the built-in network").value()).value();
  }();
  return model;
}

Result<std::shared_ptr<const ConversionModel>> load_conversion_model(
    const std::filesystem::path& path) {
  SYRINX_ASSIGN(const auto file, nn::WeightFile::open(path));
  return model_of(file);
}

}  // namespace syrinx::voice
