// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/core/io/audio_tags.h"

namespace syrinx::io {

// What stands in front of an MP3: ID3v2.4.0, with chapters by its "Chapter Frame Addendum 1.0".
// More than 255 chapters are listed in groups, as one list cannot hold more.
std::vector<std::byte> make_id3_tag(const AudioTags& tags, int sample_rate_hz);

}  // namespace syrinx::io
