// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/cepstrum_statistics.h"

#include <algorithm>
#include <cmath>

namespace syrinx::voice {

CepstrumStatistics statistics_of(std::span<const Cepstrum> cepstra) {
  CepstrumStatistics statistics;
  if (cepstra.empty()) return statistics;
  const auto count = static_cast<double>(cepstra.size());
  for (std::size_t d = 0; d < kCepstra; ++d) {
    double sum = 0.0;
    double squares = 0.0;
    for (const Cepstrum& cepstrum : cepstra) {
      const auto value = static_cast<double>(cepstrum[d]);
      sum += value;
      squares += value * value;
    }
    const double mean = sum / count;
    statistics.mean[d] = static_cast<float>(mean);
    statistics.deviation[d] =
        static_cast<float>(std::sqrt(std::max(squares / count - mean * mean, 1e-6)));
  }
  return statistics;
}

void normalise(Cepstrum& cepstrum, const CepstrumStatistics& statistics) noexcept {
  for (std::size_t d = 0; d < kCepstra; ++d)
    cepstrum[d] = (cepstrum[d] - statistics.mean[d]) / std::max(statistics.deviation[d], 1e-6f);
}

}  // namespace syrinx::voice
