// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/exemplar_map.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace syrinx::voice {
namespace {

constexpr std::size_t kCompared = 17;  // c1 to c16: what is above is mostly chance.
constexpr float kContinuity = 0.4f;    // Weight of the distance from the answer before.

float distance(const Cepstrum& a, const Cepstrum& b) noexcept {
  float sum = 0.0f;
  for (std::size_t d = 1; d < kCompared; ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return sum;
}

}  // namespace

ExemplarMap::ExemplarMap(const VoiceProfile& target) : exemplars_(target.exemplars) {
  for (Cepstrum& exemplar : exemplars_) normalise(exemplar, target.voiced);
}

Cepstrum ExemplarMap::answer(const Cepstrum& normal) noexcept {
  std::array<std::pair<float, std::size_t>, kNearest> nearest;
  nearest.fill({1e30f, 0});
  for (std::size_t i = 0; i < exemplars_.size(); ++i) {
    float cost = distance(normal, exemplars_[i]);
    if (cost >= nearest.back().first) continue;
    if (has_former_) cost += kContinuity * distance(former_, exemplars_[i]);
    if (cost >= nearest.back().first) continue;
    nearest.back() = {cost, i};
    for (std::size_t n = kNearest - 1; n > 0 && nearest[n].first < nearest[n - 1].first; --n)
      std::swap(nearest[n], nearest[n - 1]);
  }
  Cepstrum mean{};
  float weights = 0.0f;
  for (const auto& [cost, index] : nearest) {
    const float weight = cost < 1e30f ? 1.0f / (cost + 1.0f) : 0.0f;
    weights += weight;
    for (std::size_t d = 0; d < kCepstra; ++d) mean[d] += weight * exemplars_[index][d];
  }
  for (float& value : mean) value /= std::max(weights, 1e-9f);
  former_ = mean;
  has_former_ = true;
  return mean;
}

}  // namespace syrinx::voice
