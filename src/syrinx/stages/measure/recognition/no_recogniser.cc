// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/recognition/recogniser.h"

namespace syrinx::measure {

bool has_recogniser() noexcept { return false; }

Result<std::unique_ptr<Recogniser>> load_recogniser(const std::filesystem::path& /*model*/,
                                                    const RecogniserTuning& /*tuning*/) {
  return make_error(ErrorCode::kUnavailable,
                    "this build has no speech recogniser; install libpocketsphinx-dev and "
                    "pocketsphinx-en-us, and build again");
}

}  // namespace syrinx::measure
