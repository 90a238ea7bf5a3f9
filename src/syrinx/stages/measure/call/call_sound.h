// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// What the sound of a call says of it.
namespace syrinx::measure {

// The level of speech by ITU-T P.56, dBov (full-scale square wave); nothing where less than 5 % of
// the time is speech.
std::optional<double> speech_dbov(AudioView mono);

// The root mean square of each second, dBov; -100 for silence.
std::vector<double> level_each_second(AudioView mono);

// PESQ's narrow-band score (mapped, MOS-LQO) of the first 40 s of the reference. Both begin at the
// same moment but for up to half a second; the degraded sound lies `skew_ppm` further behind each
// second. Both mono, at 8 kHz. Nothing where one has no speech in it.
std::optional<double> pesq_of_beginning(AudioView reference, AudioView degraded,
                                        double skew_ppm = 0.0);

}  // namespace syrinx::measure
