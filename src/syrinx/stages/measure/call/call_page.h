// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/call/call_causes.h"

namespace syrinx::measure {

// What happened each second of the call; NaN where nothing is known. All as long as one another or
// empty.
struct CallCurves {
  std::vector<double> network_ms;  // The mean delay of the network.
  std::vector<double> buffer_ms;   // And of the jitter buffer.
  std::vector<double> lost_percent;
  std::vector<double> late_percent;
  std::vector<double> concealed_percent;  // Of the sound.
  std::vector<double> level_dbov;
};

// What one party heard, and why it sounded as it did.
struct CallEar {
  CallFacts facts;
  CallVerdict verdict;
  CallCurves curves;
  AudioBuffer heard;  // Empty where it is not there.
};

struct CallPageOptions {
  bool embed_sounds = true;  // Clips of the worst moments.
};

// A page about a call, as HTML that asks nothing of anywhere: for each ear the score, what each
// cause took with its evidence, when, and a clip to hear; time lines of delay, loss, concealment
// and level; the spectrogram of what was heard. Errors: kInvalidArgument for no ears; kInternal,
// kIo where a picture or a sound cannot be encoded.
Result<std::string> call_page(const std::string& title, std::span<const CallEar> ears,
                              const CallPageOptions& options = {});

}  // namespace syrinx::measure
