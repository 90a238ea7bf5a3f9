// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/neural/dnsmos.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "syrinx/stages/measure/neural/log_spectra.h"
#include "syrinx/stages/measure/neural/neural_signal.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 16'000;
constexpr double kWindowS = 9.01;
constexpr std::size_t kWindowSamples = 144'160;
constexpr std::size_t kP808Samples = kWindowSamples - 160;

double polynomial(double x, double square, double linear, double constant) noexcept {
  return (square * x + linear) * x + constant;
}

Result<void> require_input(const nn::OnnxSession& session, const nn::OnnxShape& shape) {
  const auto& inputs = session.inputs();
  if (inputs.size() == 1 && inputs[0].name == "input_1" && inputs[0].shape == shape) return {};
  return make_error(ErrorCode::kUnsupported, session.model().string(),
                    " is not the DNSMOS model expected here: it must take one input 'input_1', ",
                    nn::describe(nn::OnnxType::kFloat32, shape));
}

// The outputs of a model that takes one input.
Result<std::vector<float>> run(const nn::OnnxSession& session, const nn::OnnxTensor& input,
                               std::size_t expected) {
  const nn::NamedTensor inputs[] = {{"input_1", input}};
  SYRINX_ASSIGN(const auto outputs, session.run(inputs));
  const bool right = outputs.size() == 1 && outputs[0].type() == nn::OnnxType::kFloat32 &&
                     outputs[0].size() == expected;
  if (!right)
    return make_error(ErrorCode::kUnsupported, session.model().string(), " gave other than ",
                      expected, " numbers");
  const auto values = outputs[0].values<float>();
  return std::vector<float>(values.begin(), values.end());
}

Result<double> run_p808(const nn::OnnxSession& session, std::span<const float> window) {
  SYRINX_ASSIGN(auto mel, relative_mel(window.first(kP808Samples), {kRateHz, 321, 160, 120}));
  const nn::OnnxTensor input({1, static_cast<std::int64_t>(mel.frames), 120},
                             std::move(mel.values));
  SYRINX_ASSIGN(const auto score, run(session, input, 1));
  return static_cast<double>(score[0]);
}

// Where whole windows begin. Ends are computed as the published script does, in doubles rounded
// towards zero, so that the same windows come out one sample short and are left out.
std::vector<std::size_t> window_starts(std::size_t samples) {
  const std::size_t seconds = samples / kRateHz;
  const std::size_t hops = seconds > 9 ? seconds - 9 : 1;
  std::vector<std::size_t> starts;
  for (std::size_t hop = 0; hop < hops; ++hop) {
    const std::size_t begin = hop * kRateHz;
    const auto end = static_cast<std::size_t>((static_cast<double>(hop) + kWindowS) * kRateHz);
    if (std::min(end, samples) - begin >= kWindowSamples) starts.push_back(begin);
  }
  return starts;
}

}  // namespace

Result<Dnsmos> Dnsmos::load(const DnsmosModels& models) {
  SYRINX_ASSIGN(auto p835, nn::OnnxSession::load(models.p835));
  SYRINX_TRY(require_input(p835, {-1, static_cast<std::int64_t>(kWindowSamples)}));
  std::optional<nn::OnnxSession> p808;
  if (!models.p808.empty()) {
    SYRINX_ASSIGN(p808, nn::OnnxSession::load(models.p808));
    SYRINX_TRY(require_input(*p808, {-1, 900, 120}));
  }
  return Dnsmos(std::move(p835), std::move(p808));
}

Result<DnsmosScores> Dnsmos::score(AudioView mono) const {
  SYRINX_ASSIGN(auto samples, mono_at(mono, kRateHz, "DNSMOS"));
  while (samples.size() < kWindowSamples) {
    const std::size_t size = samples.size();
    samples.resize(2 * size);
    std::copy_n(samples.begin(), size, samples.begin() + static_cast<std::ptrdiff_t>(size));
  }
  DnsmosScores sum;
  double p808 = 0.0;
  const auto starts = window_starts(samples.size());
  for (const std::size_t start : starts) {
    const auto window = std::span<const float>(samples).subspan(start, kWindowSamples);
    const nn::OnnxTensor input({1, static_cast<std::int64_t>(kWindowSamples)},
                               std::vector<float>(window.begin(), window.end()));
    SYRINX_ASSIGN(const auto raw, run(p835_, input, 3));
    sum.signal += polynomial(raw[0], -0.08397278, 1.22083953, 0.0052439);
    sum.background += polynomial(raw[1], -0.13166888, 1.60915514, -0.39604546);
    sum.overall += polynomial(raw[2], -0.06766283, 1.11546468, 0.04602535);
    if (p808_) {
      SYRINX_ASSIGN(const double score, run_p808(*p808_, window));
      p808 += score;
    }
  }
  const auto count = static_cast<double>(starts.size());
  DnsmosScores mean{
      sum.signal / count, sum.background / count, sum.overall / count, {}, starts.size()};
  if (p808_) mean.p808 = p808 / count;
  return mean;
}

}  // namespace syrinx::measure
