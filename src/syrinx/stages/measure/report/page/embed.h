// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/image.h"

// Pictures and sounds inside a page, as data URIs.
namespace syrinx::measure::html {

// "data:image/png;base64,...". Errors: as io::encode_png.
Result<std::string> picture_uri(const Image& image);

// What became of a sound: either its URI, or why there is none.
struct EmbeddedSound {
  std::string uri;       // "data:audio/flac;base64,..."; empty: left out.
  std::string sentence;  // What was changed or why it was left out; empty: nothing to say.
};

// A sound that every browser plays: FLAC of 16 bits with dither, of at most two channels (more are
// mixed into one) and 8 to 96 kHz (others are resampled). Left out where it would be larger than
// `max_bytes`, or where there is no sound. Errors: those of core/io, and kIo.
Result<EmbeddedSound> embed_sound(AudioView audio, std::size_t max_bytes);

// The mean of all channels; non-finite samples count as 0.
AudioBuffer mix_down(AudioView audio);

}  // namespace syrinx::measure::html
