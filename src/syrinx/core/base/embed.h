// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

// SYRINX_EMBED(name, path) makes the bytes of a file part of the program, from name##_begin to
// name##_end, with a zero behind them. The assembler copies the file as it is (ELF only): megabytes
// written as numbers would take a compiler minutes. Stands at file scope, once for each name, which
// is unique in the whole program. The build names the path, and that the source depends on the
// file.
#define SYRINX_EMBED(name, path)                                       \
  asm(".pushsection .rodata\n"                                         \
      ".balign 16\n"                                                   \
      ".hidden " #name "_begin\n.hidden " #name                        \
      "_end\n"                                                         \
      ".globl " #name "_begin\n.globl " #name "_end\n" #name           \
      "_begin:\n"                                                      \
      ".incbin \"" path "\"\n" #name                                   \
      "_end:\n"                                                        \
      ".byte 0\n"                                                      \
      ".popsection\n");                                                \
  extern "C" {                                                         \
  [[gnu::visibility("hidden")]] extern const std::byte name##_begin[]; \
  [[gnu::visibility("hidden")]] extern const std::byte name##_end[];   \
  }                                                                    \
  static_assert(true)
