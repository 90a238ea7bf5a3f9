// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "syrinx/stages/acoustic/speech_model.h"

// The voices that are always there: Flite's (Black and Lenzo 2001) statistical parametric US
// English voices, compiled into its libraries, so that nothing is downloaded. 16 kHz;
// pronunciations in ARPABET.
namespace syrinx::acoustic {

// slt (the default of the engine), rms and awb.
std::vector<VoiceInfo> flite_voices();

// Errors: kNotFound for a name that flite_voices() does not list.
Result<std::unique_ptr<SpeechModel>> load_flite_voice(std::string_view name);

// The Flite release this was built with, as "2.2".
std::string flite_version();

}  // namespace syrinx::acoustic
