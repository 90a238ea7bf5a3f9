// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/engines/tts/text_reader.h"

// What `syrinx say` and `syrinx text` share: where the text comes from and how it is to be read.
namespace syrinx::cli {

struct TextChoice {
  std::vector<std::string> words;  // Joined by spaces.
  std::string file;                // "-" for a pipe.
  std::string input = "auto";
  std::vector<std::string> lexicons;
  bool no_user_lexicons = false;
};

// Adds TEXT, --file, --input, --ssml, --lexicon and --no-user-lexicons.
void add_text_options(CLI::App& command, TextChoice& choice);

struct OpenText {
  std::unique_ptr<TextSource> source;
  std::optional<std::size_t> size_bytes;
};

// Errors: kInvalidArgument for two sources or none, with `command`'s help named; those of files.
Result<OpenText> open_text(const TextChoice& choice, const std::string& command);

// A digest of every lexicon file that the choice names, in order, for those who must know whether
// anything changed. Errors: those of files.
Result<std::string> lexicon_digest(const TextChoice& choice);

// How the choice is to be read: the kind of input, the lexicons that were named and then the user's
// own, the folder of the file for what a document names. Errors: those of lexicons.
Result<tts::TextOptions> text_options(const TextChoice& choice);

}  // namespace syrinx::cli
