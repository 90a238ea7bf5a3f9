// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

// How near one talker's sentences come to the same sentences as the other really reads them.
namespace syrinx::bench {

// Two talkers of the data read the same sentences. Prints, in both directions and for each way of
// converting, the mel-cepstral distortion (time-warped) from the target's own reading, with the
// source's as it is beside it, the share of the way in F0 and mean spectrum, word error rate,
// DNSMOS and artifacts. None of them taught the network. Returns the exit code.
int report_parallel(const std::filesystem::path& data, bool distortions_alone = false,
                    const std::filesystem::path& weights = {});

}  // namespace syrinx::bench
