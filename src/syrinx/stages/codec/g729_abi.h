// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <stdint.h>

// What a plugin that speaks G.729 offers: a C interface, so that a plugin may be built by another
// compiler and under another licence. This header is Apache-2.0, as all of Syrinx; a plugin that
// links a library under the GPL is itself under the GPL, and Syrinx works without it.
//
// The plugin is a shared object that exports syrinx_g729(). Each coder is used by one thread at a
// time; making and closing may allocate, all else may not. Nothing throws. Later versions of the
// struct only grow at its end.
#define SYRINX_G729_VERSION 1
#define SYRINX_G729_ENTRY "syrinx_g729"
#define SYRINX_G729_FRAME_SAMPLES 80
#define SYRINX_G729_FRAME_BYTES 10
#define SYRINX_G729_SILENCE_BYTES 2

#ifdef __cplusplus
extern "C" {
#endif

typedef struct SyrinxG729 {
  uint32_t version;             // SYRINX_G729_VERSION of the header that the plugin was built with.
  uint32_t bytes;               // sizeof(SyrinxG729) there.
  const char* name;             // "bcg729".
  const char* library_version;  // "1.1.1".

  // With `silence` other than 0, Annex B decides what is speech. Null where there is no memory.
  void* (*open_encoder)(uint32_t silence);
  // 80 samples at 8 kHz into the bytes that it returns: 10 of speech; with Annex B also 2 that
  // describe a silence, or 0 while it goes on as it was described. `frame` has room for 10.
  uint32_t (*encode)(void* encoder, const int16_t* samples, uint8_t* frame);
  // As a new one; with Annex B, what was learned of the background stays.
  void (*reset_encoder)(void* encoder);
  void (*close_encoder)(void* encoder);

  void* (*open_decoder)(void);  // Null where there is no memory.
  // A frame of 10 bytes (speech) or 2 (Annex B's description of a silence) into 80 samples; `bytes`
  // 0 conceals a frame that did not come, or goes on with the silence.
  void (*decode)(void* decoder, const uint8_t* frame, uint32_t bytes, int16_t* samples);
  void (*reset_decoder)(void* decoder);
  void (*close_decoder)(void* decoder);
} SyrinxG729;

// The plugin's table, which lives as long as the plugin is loaded, or null when it has nothing for
// a host of this version.
typedef const SyrinxG729* (*SyrinxG729Entry)(uint32_t host_version);

#ifdef __cplusplus
}  // extern "C"
#endif
