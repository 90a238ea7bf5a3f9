// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/mixture_map.h"

#include <algorithm>
#include <array>

#include "syrinx/stages/voice/profile/cepstrum_statistics.h"

namespace syrinx::voice {
namespace {

constexpr std::size_t kLeastCepstra = 100;
constexpr float kLeastSpread = 0.8f;
constexpr float kMostSpread = 1.5f;

}  // namespace

MixtureMap::MixtureMap(std::span<const Cepstrum> source, std::span<const Cepstrum> target) {
  if (std::min(source.size(), target.size()) < kLeastCepstra) return;
  std::vector<Cepstrum> both(source.begin(), source.end());
  both.insert(both.end(), target.begin(), target.end());
  const GaussianMixture classes = GaussianMixture::fit(both, kParts);
  source_ = classes.adapted(source);
  const GaussianMixture goal = classes.adapted(target);
  moves_.resize(source_.parts().size());
  for (std::size_t k = 0; k < moves_.size(); ++k)
    for (std::size_t d = 1; d < kCepstra; ++d)
      moves_[k][d] = goal.parts()[k].mean[d] - source_.parts()[k].mean[d];
  std::vector<Cepstrum> made;
  made.reserve(source.size());
  for (const Cepstrum& cepstrum : source) made.push_back(plain(cepstrum));
  const CepstrumStatistics now = statistics_of(made);
  const CepstrumStatistics wanted = statistics_of(target);
  plain_mean_ = now.mean;
  target_mean_ = wanted.mean;
  for (std::size_t d = 1; d < kCepstra; ++d)
    spread_[d] = std::clamp(wanted.deviation[d] / now.deviation[d], kLeastSpread, kMostSpread);
}

Cepstrum MixtureMap::plain(const Cepstrum& normal) const noexcept {
  std::array<float, kParts> shares{};
  source_.shares(normal, std::span(shares).first(moves_.size()));
  Cepstrum out = normal;
  for (std::size_t k = 0; k < moves_.size(); ++k)
    for (std::size_t d = 1; d < kCepstra; ++d) out[d] += shares[k] * moves_[k][d];
  return out;
}

Cepstrum MixtureMap::answer(const Cepstrum& normal) const noexcept {
  Cepstrum out = plain(normal);
  for (std::size_t d = 1; d < kCepstra; ++d)
    out[d] = target_mean_[d] + spread_[d] * (out[d] - plain_mean_[d]);
  return out;
}

}  // namespace syrinx::voice
