// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Short-time objective intelligibility: how much of clean speech can be understood in a degraded
// version of it, nominally 0 (nothing) to 1 (everything). The pair is aligned and of one length.
// Signals of other rates are brought to 10 kHz by the filter of GNU Octave's `resample` (Kaiser,
// 60 dB), which the published values rest on. Parts in which the reference is more than 40 dB below
// its loudest frame do not count. Several channels: the mean of theirs.
//
// Errors of each: kInvalidArgument for rates, channels or lengths that differ, for no or non-finite
// samples, for a silent reference, and where less than 30 frames (0.4 s) of speech are left;
// kUnsupported for a rate whose ratio to 10 kHz is so odd that its filter has over 2^22 taps.
// A silent degraded signal gets 0.
namespace syrinx::measure {

// Taal, Hendriks, Heusdens and Jensen, "An algorithm for intelligibility prediction of
// time-frequency weighted noisy speech", IEEE TASLP 19(7), 2011.
Result<double> stoi(AudioView reference, AudioView degraded);

// Extended STOI: whole spectrograms of 384 ms are compared, not band by band, so that it also holds
// for modulated noise. Jensen and Taal, "An algorithm for predicting the intelligibility of speech
// masked by modulated noise maskers", IEEE/ACM TASLP 24(11), 2016.
Result<double> extended_stoi(AudioView reference, AudioView degraded);

}  // namespace syrinx::measure
