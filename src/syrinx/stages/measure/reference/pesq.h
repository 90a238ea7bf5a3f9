// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Perceptual evaluation of speech quality after ITU-T P.862 (narrow band, 2001), its mapping
// P.862.1 and its wide-band extension P.862.2: how a listener would rate degraded speech, from what
// an ear model hears of it and of its reference. An implementation of our own with the
// Recommendations' numbers; it is not the ITU's reference software and has not been put through the
// conformance set of P.862. The owners named in P.862's rights notice claim licences for uses of
// the algorithm: read it before shipping a product that relies on these scores.
namespace syrinx::measure {

enum class PesqBand {
  kNarrow,  // A telephone handset: 8 or 16 kHz, mapped by P.862.1.
  kWide     // Headphones, 50 to 7,000 Hz: 16 kHz, mapped by P.862.2.
};

// Longer signals than this are to be cut: the Recommendation speaks of 8 to 30 s.
inline constexpr double kMaxPesqDurationS = 60.0;

// A part of the reference with a delay of its own.
struct PesqUtterance {
  double begin_s = 0.0;  // In the reference.
  double end_s = 0.0;
  double delay_s = 0.0;  // By how much the degraded signal is later.
};

struct PesqScore {
  double raw = 0.0;      // P.862's own score, -0.5 to 4.5.
  double mos_lqo = 0.0;  // The mapped score, about 1 to 4.64.
  std::vector<PesqUtterance> utterances;
};

// Finds delays by itself, also varying ones: lengths may differ. The level does not matter.
// Errors: kInvalidArgument for rates or channels that differ, more than one channel (measure each),
// non-finite samples, less than 0.25 s, or silence in either; kUnsupported for a rate other than 16
// kHz (or 8 kHz, narrow band); kLimitExceeded beyond kMaxPesqDurationS.
Result<PesqScore> pesq(AudioView reference, AudioView degraded, PesqBand band);

}  // namespace syrinx::measure
