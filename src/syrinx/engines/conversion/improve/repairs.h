// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/artifacts/artifacts.h"

// Mends single places of a sound that artifact detectors point at; the rest stays as it is, bit for
// bit. Whether that helps is for measures to say (improve.h).
namespace syrinx::conversion {

// Takes clicks and jumps out: around each artifact of these kinds, samples whose prediction error
// stands out from its surroundings (8 times its median and more than any) are put back from their
// neighbours, so that the prediction error of all is least (Janssen, Veldhuis and Vries 1986). A
// place with more than 4 ms of such samples is left alone. Returns the number of samples that were
// replaced.
std::size_t mend_clicks(MutableAudioView audio, std::span<const measure::Artifact> artifacts);

// Smooths spectra over time: where an artifact lies of those that leap or ring (spectral and
// formant jumps, energy spikes, metallic and interharmonic sound, phase smear), the levels of 24
// bands are moved to their median over 50 ms, by at most 12 dB, and faded in and out around it.
// Phases stay. Returns the number of frames that were changed. Errors: kInvalidArgument for a rate
// that frames of 20 ms do not take.
Result<std::size_t> smooth_spectra(MutableAudioView audio,
                                   std::span<const measure::Artifact> artifacts);

}  // namespace syrinx::conversion
