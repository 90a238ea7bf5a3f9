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
#include <vector>

#include "syrinx/stages/codec/g729_abi.h"

namespace {

// A coder of the library's and what it was like when it was new: the library can begin anew only
// with new memory, which is not for real time. What it keeps lies in one block; pointers in it
// stay good, as it is put back where it was.
template <class Context>
struct Coder {
  Context* context = nullptr;
  std::vector<std::byte> fresh;
};

template <class Context>
Coder<Context>* open(Context* context) {
  if (context == nullptr) return nullptr;
  auto* coder = new (std::nothrow) Coder<Context>;
  if (coder == nullptr) return nullptr;
  coder->context = context;
  const auto* bytes = reinterpret_cast<const std::byte*>(context);
  coder->fresh.assign(bytes, bytes + malloc_usable_size(context));
  return coder;
}

template <class Context>
void reset(void* opaque) {
  auto* coder = static_cast<Coder<Context>*>(opaque);
  std::memcpy(static_cast<void*>(coder->context), coder->fresh.data(), coder->fresh.size());
}

using Encoder = Coder<bcg729EncoderChannelContextStruct>;
using Decoder = Coder<bcg729DecoderChannelContextStruct>;

// Without Annex B's detector: silence is left out by others, or sent as speech.
void* open_encoder() { return open(initBcg729EncoderChannel(0)); }

void encode(void* opaque, const std::int16_t* samples, std::uint8_t* frame) {
  std::uint8_t bytes = 0;
  bcg729Encoder(static_cast<Encoder*>(opaque)->context, samples, frame, &bytes);
}

void close_encoder(void* opaque) {
  auto* coder = static_cast<Encoder*>(opaque);
  closeBcg729EncoderChannel(coder->context);
  delete coder;
}

void* open_decoder() { return open(initBcg729DecoderChannel()); }

void decode(void* opaque, const std::uint8_t* frame, std::uint32_t bytes, std::int16_t* samples) {
  const bool silence = bytes == SYRINX_G729_SILENCE_BYTES;
  bcg729Decoder(static_cast<Decoder*>(opaque)->context, frame, static_cast<std::uint8_t>(bytes),
                bytes == 0 ? 1 : 0, silence ? 1 : 0, 0, samples);
}

void close_decoder(void* opaque) {
  auto* coder = static_cast<Decoder*>(opaque);
  closeBcg729DecoderChannel(coder->context);
  delete coder;
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
                                   &close_encoder,
                                   &open_decoder,
                                   &decode,
                                   &reset<bcg729DecoderChannelContextStruct>,
                                   &close_decoder};
  return host_version >= 1 ? &table : nullptr;
}
