// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>

#include "syrinx/apps/cli/live_request.h"
#include "syrinx/engines/conversion/live/live_likeness.h"

// `syrinx live --like` and `--morph`: a live voice like one that is learnt from a recording, or
// like a mix of voices.
namespace syrinx::cli {

// Adds --like, --morph, --source and those of add_like_options().
void add_live_like_options(CLI::App& command, LiveRequest& request);

// Errors: kInvalidArgument for options that say nothing without --like or --morph, or
// nothing beside them.
Result<void> check_live_like(const CLI::App& command, const LiveRequest& request);

// What they ask for, at this rate; null without. The source's voice is that of --source; else
// a file that is converted at once is listened to beforehand, and any other sound while it is
// heard. Errors: as wished_voice(), voice_of() and conversion::LiveLikeness::create.
Result<std::shared_ptr<conversion::LiveLikeness>> live_likeness(const LiveRequest& request,
                                                                int sample_rate_hz,
                                                                const std::stop_token& stop);

// {target, source: "given" or as conversion::to_string(SourceKnowledge), voiced_s}.
nlohmann::json to_json(const conversion::LiveLikeness& likeness, const LiveRequest& request);
// For the meter: how much was heard while that is too little; else empty.
std::string learning_line(const conversion::LiveLikeness& likeness);

}  // namespace syrinx::cli
