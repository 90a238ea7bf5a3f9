// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/encoder.h"

namespace syrinx::io {

Result<std::unique_ptr<Encoder>> Encoder::create(ByteSink& sink, std::uint64_t start,
                                                 const AudioWriteOptions& options) {
  if (options.format == AudioFormat::kAac) return make_adts_encoder(sink, start, options);
  if (is_aac(options.format)) return make_mp4_encoder(sink, options);
  return make_sndfile_encoder(sink, start, options);
}

}  // namespace syrinx::io
