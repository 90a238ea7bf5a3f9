// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/tagger/embedded_model.h"

// The build defines SYRINX_TAGGER_MODEL as the file's path; the assembler copies it.
// clang-format off
asm(".pushsection .rodata\n"
    ".balign 16\n"
    ".hidden syrinx_tagger_model_begin\n"
    ".hidden syrinx_tagger_model_end\n"
    ".globl syrinx_tagger_model_begin\n"
    ".globl syrinx_tagger_model_end\n"
    "syrinx_tagger_model_begin:\n"
    ".incbin \"" SYRINX_TAGGER_MODEL "\"\n"
    "syrinx_tagger_model_end:\n"
    ".popsection\n");
// clang-format on

extern "C" {
[[gnu::visibility("hidden")]] extern const std::uint8_t syrinx_tagger_model_begin[];
[[gnu::visibility("hidden")]] extern const std::uint8_t syrinx_tagger_model_end[];
}

namespace syrinx::text {

std::span<const std::uint8_t> embedded_tagger_model() noexcept {
  return {syrinx_tagger_model_begin, syrinx_tagger_model_end};
}

}  // namespace syrinx::text
