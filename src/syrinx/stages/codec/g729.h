// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/stages/codec/payload_format.h"

namespace syrinx::codec {

// Whether a format of G.729 allows Annex B, the description of silences (RFC 7261, 3): it does
// unless it says annexb=no.
bool has_annex_b(const PayloadFormat& format) noexcept;

// Whether G.729 can be coded: it comes by a plugin of its own (libsyrinx_bcg729.so), as the library
// behind it is under the GPL; everything else works without it. The plugin is found where
// io::plugin_places() says; success is remembered for the life of the process, failure is not.
// Not in real time. Errors: kUnavailable, saying where it looked and what to install; kUnsupported
// for a file that is no such plugin or of another version.
Result<void> g729_available();

}  // namespace syrinx::codec
