// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace syrinx::fuzz {

using ByteString = std::vector<std::byte>;

// One of the seeds, changed in one to four ways (bits flipped, bytes set, numbers replaced by
// extreme ones, cut short, parts repeated, removed or taken from another seed); the same for the
// same `run` and seeds. Pre: seeds is not empty.
ByteString mutate(const std::vector<ByteString>& seeds, std::uint64_t run);

// Makes the checksum of every Ogg page right again (RFC 3533), or no decoder would look further.
void mend_ogg_checksums(ByteString& bytes);

}  // namespace syrinx::fuzz
