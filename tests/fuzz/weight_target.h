// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutator.h"

namespace syrinx::fuzz {

// What came of some bytes that may be a weight file.
struct WeightOutcome {
  bool opened = false;
  std::string error;   // Of opening or reading; empty when all went well.
  std::string broken;  // A promise of WeightFile that was not kept; empty as it should be.
};

// Opens the bytes as a weight file, reads every tensor, asks what model it is, and checks it.
WeightOutcome read_as_weights(std::span<const std::byte> bytes);

// Makes the CRC-32 of every stored entry of a zip right again, or no pickle would be read further.
void mend_zip_checksums(ByteString& bytes);

}  // namespace syrinx::fuzz
