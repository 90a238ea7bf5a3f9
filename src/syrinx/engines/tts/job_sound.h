// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/engines/tts/job_folder.h"

namespace syrinx::tts {

// Hears each sentence that has sound, and the frame at which that begins.
using RecordListener = std::function<Result<void>(const SpokenRecord& record, std::uint64_t begin)>;

// The sentences of a job with the silences between them, each voice at its gain. `limited` holds
// true peaks below -1 dBTP. Errors of the source: those of JobReader and of the listener.
Result<std::unique_ptr<AudioSource>> make_job_sound(const JobFolder& job,
                                                    const std::map<std::string, double>& gain_db,
                                                    bool limited, RecordListener listener);

}  // namespace syrinx::tts
