// SPDX-License-Identifier: Apache-2.0
// G.729, as a plugin. This file is Apache-2.0; what is built of it links libbcg729 and is therefore
// under the GNU General Public License, version 3 or later.
#include <cstddef>
#include <cstdint>

extern "C" {
#include <bcg729/decoder.h>
#include <bcg729/encoder.h>
}
#include <malloc.h>

#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include "syrinx/stages/codec/g729_abi.h"

namespace {

// A coder of the library's and what its block of memory was like when it was new: the library can
// begin anew only with new memory, which is not for real time. The block is put back where it was,
// so that the pointers in it stay good. What they point to keeps its past: of a decoder that is the
// last description of a silence, which the next one overwrites before it is heard; of an encoder
// with Annex B, what its detector knows of the background.
template <class Context>
struct Coder {
  Context* context = nullptr;
  void (*close)(Context*) = nullptr;
  std::vector<std::byte> fresh;
  ~Coder() {
    if (context != nullptr) close(context);
  }
};

template <class Context>
void* open(Context* context, void (*close)(Context*)) {
  if (context == nullptr) return nullptr;
  try {
    const auto* bytes = reinterpret_cast<const std::byte*>(context);
    std::vector<std::byte> fresh(bytes, bytes + malloc_usable_size(context));
    return new Coder<Context>{context, close, std::move(fresh)};
  } catch (const std::bad_alloc&) {
    close(context);
    return nullptr;
  }
}

template <class Context>
void close(void* opaque) {
  delete static_cast<Coder<Context>*>(opaque);
}

template <class Context>
void reset(void* opaque) {
  auto* coder = static_cast<Coder<Context>*>(opaque);
  std::memcpy(static_cast<void*>(coder->context), coder->fresh.data(), coder->fresh.size());
}

using Encoder = Coder<bcg729EncoderChannelContextStruct>;
using Decoder = Coder<bcg729DecoderChannelContextStruct>;

void* open_encoder(std::uint32_t silence) {
  return open(initBcg729EncoderChannel(silence != 0 ? 1 : 0), &closeBcg729EncoderChannel);
}

std::uint32_t encode(void* opaque, const std::int16_t* samples, std::uint8_t* frame) {
  std::uint8_t bytes = SYRINX_G729_FRAME_BYTES;
  bcg729Encoder(static_cast<Encoder*>(opaque)->context, samples, frame, &bytes);
  return bytes;
}

void* open_decoder() { return open(initBcg729DecoderChannel(), &closeBcg729DecoderChannel); }

void decode(void* opaque, const std::uint8_t* frame, std::uint32_t bytes, std::int16_t* samples) {
  const bool silence = bytes == SYRINX_G729_SILENCE_BYTES;
  bcg729Decoder(static_cast<Decoder*>(opaque)->context, frame, static_cast<std::uint8_t>(bytes),
                bytes == 0 ? 1 : 0, silence ? 1 : 0, 0, samples);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const SyrinxG729* syrinx_g729(
    std::uint32_t host_version) {
  static const SyrinxG729 table = {SYRINX_G729_VERSION,
                                   sizeof(SyrinxG729),
                                   "bcg729",
                                   SYRINX_BCG729_VERSION,
                                   &open_encoder,
                                   &encode,
                                   &reset<bcg729EncoderChannelContextStruct>,
                                   &close<bcg729EncoderChannelContextStruct>,
                                   &open_decoder,
                                   &decode,
                                   &reset<bcg729DecoderChannelContextStruct>,
                                   &close<bcg729DecoderChannelContextStruct>};
  return host_version >= 1 ? &table : nullptr;
}
