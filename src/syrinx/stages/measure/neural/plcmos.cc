// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/neural/plcmos.h"

#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "syrinx/stages/measure/neural/log_spectra.h"
#include "syrinx/stages/measure/neural/neural_signal.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 16'000;
constexpr std::uint32_t kSeed = 23;
constexpr int kRaters = 15;
constexpr std::size_t kRaterValues = 64;
constexpr std::size_t kLeastSamples = 6 * 256;  // What gives the second model's layers 7 frames.

// The normal numbers that NumPy's RandomState draws: 53-bit uniform numbers of a Mersenne Twister
// by Marsaglia's polar method, of each pair the second first. The raters are defined by them.
class RaterNumbers {
 public:
  float next() {
    if (has_spare_) {
      has_spare_ = false;
      return static_cast<float>(spare_);
    }
    double x = 0.0, y = 0.0, square = 0.0;
    do {
      x = 2.0 * uniform() - 1.0;
      y = 2.0 * uniform() - 1.0;
      square = x * x + y * y;
    } while (square >= 1.0 || square == 0.0);
    const double scale = std::sqrt(-2.0 * std::log(square) / square);
    spare_ = scale * x;
    has_spare_ = true;
    return static_cast<float>(scale * y);
  }

 private:
  double uniform() {
    const auto high = static_cast<double>(twister_() >> 5);
    const auto low = static_cast<double>(twister_() >> 6);
    return (high * 67'108'864.0 + low) / 9'007'199'254'740'992.0;
  }

  std::mt19937 twister_{kSeed};
  double spare_ = 0.0;
  bool has_spare_ = false;
};

Result<double> run(const nn::OnnxSession& session, std::span<const nn::NamedTensor> inputs) {
  SYRINX_ASSIGN(const auto outputs, session.run(inputs));
  if (outputs.size() != 1 || outputs[0].type() != nn::OnnxType::kFloat32 || outputs[0].size() != 1)
    return make_error(ErrorCode::kUnsupported, session.model().string(), " did not give one score");
  return static_cast<double>(outputs[0].values<float>()[0]);
}

}  // namespace

Result<Plcmos> Plcmos::load(const std::filesystem::path& model) {
  SYRINX_ASSIGN(auto session, nn::OnnxSession::load(model));
  const auto& inputs = session.inputs();
  const bool features = !inputs.empty() && inputs[0].name == "degraded_audio" &&
                        inputs[0].shape == nn::OnnxShape{-1, 1, -1, 257};
  const bool raters = inputs.size() == 2 && inputs[1].name == "rater_embed" &&
                      inputs[1].shape == nn::OnnxShape{-1, 64};
  if (!features || (inputs.size() != 1 && !raters))
    return make_error(ErrorCode::kUnsupported, model.string(),
                      " is not a PLCMOS model without reference: it must take 'degraded_audio', "
                      "float32 [-1, 1, -1, 257], and at most 'rater_embed', float32 [-1, 64]");
  return Plcmos(std::move(session), raters);
}

Result<double> Plcmos::score(AudioView mono) const {
  SYRINX_ASSIGN(const auto samples, mono_at(mono, kRateHz, "PLCMOS"));
  if (asks_raters_ && samples.size() < kLeastSamples)
    return make_error(ErrorCode::kInvalidArgument, "PLCMOS was given ", samples.size(),
                      " samples at 16 kHz, but needs at least ", kLeastSamples);
  Features features = log_power(samples);
  const nn::OnnxTensor degraded({1, 1, static_cast<std::int64_t>(features.frames), 257},
                                std::move(features.values));
  if (!asks_raters_) {
    const nn::NamedTensor inputs[] = {{"degraded_audio", degraded}};
    return run(session_, inputs);
  }
  RaterNumbers numbers;
  double sum = 0.0;
  for (int rater = 0; rater < kRaters; ++rater) {
    std::vector<float> embedding(kRaterValues);
    for (float& value : embedding) value = numbers.next();
    const nn::OnnxTensor embed({1, static_cast<std::int64_t>(kRaterValues)}, std::move(embedding));
    const nn::NamedTensor inputs[] = {{"degraded_audio", degraded}, {"rater_embed", embed}};
    SYRINX_ASSIGN(const double score, run(session_, inputs));
    sum += score;
  }
  return sum / kRaters;
}

}  // namespace syrinx::measure
