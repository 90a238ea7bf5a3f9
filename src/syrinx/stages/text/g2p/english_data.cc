// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/english_data.h"

// The assembler copies the files in as they are: megabytes of numbers would take a compiler
// minutes.
#define SYRINX_EMBED(name, path)                                                   \
  asm(".pushsection .rodata\n"                                                     \
      ".balign 16\n"                                                               \
      ".hidden " #name "_begin\n.hidden " #name                                    \
      "_end\n"                                                                     \
      ".globl " #name "_begin\n.globl " #name "_end\n" #name                       \
      "_begin:\n"                                                                  \
      ".incbin \"" path "\"\n" #name                                               \
      "_end:\n"                                                                    \
      ".byte 0\n"                                                                  \
      ".popsection\n");                                                            \
  extern "C" __attribute__((visibility("hidden"))) const std::byte name##_begin[]; \
  extern "C" __attribute__((visibility("hidden"))) const std::byte name##_end[]

SYRINX_EMBED(syrinx_english_g2p, SYRINX_ENGLISH_MODEL);
SYRINX_EMBED(syrinx_english_words, SYRINX_ENGLISH_WORDS);

namespace syrinx::text {

std::span<const std::byte> english_model_bytes() noexcept {
  return {syrinx_english_g2p_begin, syrinx_english_g2p_end};
}
std::span<const std::byte> english_words_bytes() noexcept {
  return {syrinx_english_words_begin, syrinx_english_words_end};
}

}  // namespace syrinx::text
