// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::validation {

// The sentences that every voice says.
struct TextSet {
  std::string name;  // "built-in", or the file's path.
  std::vector<std::string> sentences;
  std::string sha256;  // Of the sentences, a line each: figures of two sets do not compare.
};

// Twenty sentences of our own in common words, whose sounds are spread as English spreads them.
TextSet built_in_texts();

// The lines that are not empty, a sentence each; `name` stands for the text in messages.
// Errors: kInvalidArgument without a sentence that has a word; kLimitExceeded (kMaxSentenceBytes,
// kMaxValidationSentences).
Result<TextSet> parse_texts(std::string_view text, const std::string& name);

// The same of a file. Errors: also those of tts::FileText.
Result<TextSet> read_texts(const std::filesystem::path& path, const std::stop_token& stop);

}  // namespace syrinx::validation
