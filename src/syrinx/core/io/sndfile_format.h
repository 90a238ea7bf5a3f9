// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "syrinx/core/io/audio_format.h"

// Between our names of formats and libsndfile's numbers.
namespace syrinx::io {

// Headerless samples of that encoding. Pre: encoding != kLossy.
int sndfile_raw_format(SampleEncoding encoding, bool big_endian) noexcept;
// What the writer asks for. Pre: supports_encoding(format, encoding).
int sndfile_write_format(AudioFormat format, SampleEncoding encoding) noexcept;
// The encoding that a format number of libsndfile stands for.
SampleEncoding sndfile_encoding(int format) noexcept;

// Held while a file is opened: libsndfile keeps the reason of a failed opening in a global.
std::mutex& sndfile_open_mutex() noexcept;

}  // namespace syrinx::io
