// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/validation/text_set.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/sha256.h"
#include "syrinx/engines/tts/text_source.h"
#include "syrinx/stages/measure/recognition/word_error_rate.h"

namespace syrinx::validation {
namespace {

constexpr const char* kSentences[] = {
    "The old clock in the hall strikes twice before lunch.",
    "She poured cold milk into a large blue cup.",
    "We walked along the river until the sun went down.",
    "His father bought a house with a small garden.",
    "A gray horse jumped over the broken fence.",
    "Please leave the key under the mat by the door.",
    "They found a map of the city in the top drawer.",
    "The train was late because of heavy snow.",
    "My sister plays the piano every Thursday evening.",
    "Fresh bread and cheese make a good breakfast.",
    "The judge asked the witness to speak more clearly.",
    "Children laughed as the puppy chased its tail.",
    "Nothing grows on the dry side of the mountain.",
    "He measured the wood with care and cut it in half.",
    "Bright yellow flowers cover the field in spring.",
    "The captain chose a safe path through the storm.",
    "Your coat is hanging behind the kitchen door.",
    "The young doctor visits the village once a month.",
    "Turn left at the church and then cross the bridge.",
    "I usually forget the names of people I meet.",
};

std::string_view trimmed(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

TextSet with_digest(std::string name, std::vector<std::string> sentences) {
  Sha256 digest;
  for (const std::string& sentence : sentences) {
    digest.update(std::as_bytes(std::span(sentence)));
    digest.update(std::as_bytes(std::span("\n", 1)));
  }
  return {std::move(name), std::move(sentences), digest.hex()};
}

Result<void> add_line(std::string_view line, const std::string& name, std::size_t number,
                      std::vector<std::string>& sentences) {
  if (line.empty()) return {};
  if (line.size() > limits::kMaxSentenceBytes)
    return make_error(ErrorCode::kLimitExceeded, name, " has ", line.size(), " bytes in line ",
                      number, ", but a sentence may have ", limits::kMaxSentenceBytes,
                      "; give each sentence a line of its own");
  if (sentences.size() == limits::kMaxValidationSentences)
    return make_error(ErrorCode::kLimitExceeded, name, " has more than ",
                      limits::kMaxValidationSentences, " sentences; give fewer");
  if (measure::words_of(line).empty())
    return make_error(ErrorCode::kInvalidArgument, name, " has no word in line ", number,
                      "; give each sentence a line of its own");
  sentences.emplace_back(line);
  return {};
}

}  // namespace

TextSet built_in_texts() {
  return with_digest("built-in", {std::begin(kSentences), std::end(kSentences)});
}

Result<TextSet> parse_texts(std::string_view text, const std::string& name) {
  std::vector<std::string> sentences;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    SYRINX_TRY(add_line(trimmed(line), name, ++number, sentences));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  if (sentences.empty())
    return make_error(ErrorCode::kInvalidArgument, name, " has no sentences; give one a line");
  return with_digest(name, std::move(sentences));
}

Result<TextSet> read_texts(const std::filesystem::path& path, const std::stop_token& stop) {
  SYRINX_ASSIGN(const auto file, tts::FileText::open(path));
  std::string all;
  std::string piece;
  while (true) {
    SYRINX_ASSIGN(const bool more, file->next(piece, stop));
    if (!more) return parse_texts(all, path.string());
    all += piece;
  }
}

}  // namespace syrinx::validation
