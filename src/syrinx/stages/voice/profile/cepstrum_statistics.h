// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/voice/profile/mel_cepstra.h"

namespace syrinx::voice {

// How cepstra are spread, term by term.
struct CepstrumStatistics {
  Cepstrum mean{};
  Cepstrum deviation{};
};

// All 0 for none.
CepstrumStatistics statistics_of(std::span<const Cepstrum> cepstra);

// Each term less its mean and over its deviation.
void normalise(Cepstrum& cepstrum, const CepstrumStatistics& statistics) noexcept SYRINX_REALTIME;

}  // namespace syrinx::voice
