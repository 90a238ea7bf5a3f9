// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <stdint.h>

// What a plugin that turns text into phonemes offers: a C interface, so that a plugin may be built
// by another compiler and under another licence. This header is Apache-2.0, as all of Syrinx; a
// plugin that links a library under the GPL is itself under the GPL, and Syrinx works without it.
//
// The plugin is a shared object that exports syrinx_phonemiser(). Calls are made one at a time:
// a plugin needs no locks. Later versions of the struct only grow at its end.
#define SYRINX_PHONEMISER_VERSION 1
#define SYRINX_PHONEMISER_ENTRY "syrinx_phonemiser"

#ifdef __cplusplus
extern "C" {
#endif

// Takes one clause: its phonemes in IPA, and the mark that ended it ("," "." "?" ... or ""), both
// UTF-8 and only valid during the call.
typedef void (*SyrinxClauseSink)(void* context, const char* ipa, const char* mark);

typedef struct SyrinxPhonemiser {
  uint32_t version;  // SYRINX_PHONEMISER_VERSION of the header that the plugin was built with.
  uint32_t bytes;    // sizeof(SyrinxPhonemiser) there.
  const char* name;  // "espeak-ng".
  const char* library_version;  // "1.51".

  // Makes ready; called once, before phonemise(). Returns 0, or another number with a sentence in
  // `error` (of `error_bytes` bytes, with its terminating zero).
  int32_t (*start)(char* error, size_t error_bytes);
  // Hands the clauses of a text (UTF-8, zero-terminated) to `sink`, in order, as `voice` ("en-us")
  // says them. Returns 0; 1 for a voice that there is not; another number, with a sentence in
  // `error`, for other failures.
  int32_t (*phonemise)(const char* voice, const char* text, SyrinxClauseSink sink, void* context,
                       char* error, size_t error_bytes);
} SyrinxPhonemiser;

// The plugin's table, which lives as long as the plugin is loaded, or null when it has nothing for
// a host of this version.
typedef const SyrinxPhonemiser* (*SyrinxPhonemiserEntry)(uint32_t host_version);

#ifdef __cplusplus
}  // extern "C"
#endif
