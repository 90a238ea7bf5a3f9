// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/apps/cli/fx_pipeline.h"

// The steps that hear all of the sound before they begin; it waits in a Spool. Errors of each: kIo
// of the Spool, the input's, and those of effects/levels.h and declip.h.
namespace syrinx::cli {

Result<std::unique_ptr<FxStream>> make_trim(const Trim& step, AudioSource& input,
                                            const FxListener& listener);
Result<std::unique_ptr<FxStream>> make_declip(const Declip& step, AudioSource& input,
                                              const FxListener& listener);
Result<std::unique_ptr<FxStream>> make_normalise(const Normalise& step, AudioSource& input,
                                                 const FxListener& listener);

}  // namespace syrinx::cli
