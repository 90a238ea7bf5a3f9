// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/sentence_cut.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace syrinx::tts {
namespace {

bool is_clause_mark(const SpokenToken& token) {
  if (!token.words.empty() || token.token_class != TokenClass::kPunctuation) return false;
  for (const std::string_view mark : {",", ";", ":", "—", "–", "…", ".", "?", "!"}) {
    if (token.written.find(mark) != std::string::npos) return true;
  }
  return false;
}

// The first byte of the written text that comes from `source_begin` or later.
std::size_t byte_from(const MappedText& written, std::size_t source_begin) {
  std::size_t byte = 0;
  while (byte < written.size() && written.source_of(byte, byte + 1).begin < source_begin) ++byte;
  return byte;
}

template <class T, class IsLater>
std::vector<T> take_later(std::vector<T>& all, const IsLater& is_later) {
  const auto from = std::find_if(all.begin(), all.end(), is_later);
  std::vector<T> later(std::make_move_iterator(from), std::make_move_iterator(all.end()));
  all.erase(from, all.end());
  return later;
}

// Styles of the second part: the last one of the first goes on in it.
std::vector<StyleRun> take_styles(std::vector<StyleRun>& styles, std::size_t at) {
  std::vector<StyleRun> later =
      take_later(styles, [at](const StyleRun& run) { return run.token >= at; });
  for (StyleRun& run : later) run.token -= at;
  if (!styles.empty() && (later.empty() || later.front().token > 0))
    later.insert(later.begin(), {0, styles.back().style});
  return later;
}

}  // namespace

std::size_t count_words(const std::vector<SpokenToken>& tokens, std::size_t begin,
                        std::size_t end) {
  std::size_t words = 0;
  for (std::size_t i = begin; i < end; ++i) words += tokens[i].words.size();
  return words;
}

std::size_t natural_cut(const std::vector<SpokenToken>& tokens, std::size_t begin, std::size_t end,
                        std::size_t max_words) {
  if (count_words(tokens, begin, end) <= max_words) return end;
  std::size_t words = 0;
  std::size_t cut = begin;
  for (std::size_t at = begin; at < end; ++at) {
    words += tokens[at].words.size();
    if (words > max_words) break;
    if (words > 0 && is_clause_mark(tokens[at])) cut = at + 1;
  }
  return cut > begin ? cut : end;
}

ReadSentence split_off(ReadSentence& sentence, std::size_t at) {
  ReadSentence rest;
  const std::size_t source_begin = sentence.tokens[at].source.begin;
  const std::size_t byte = byte_from(sentence.written, source_begin);
  rest.written = sentence.written.slice(byte, sentence.written.size());
  sentence.written = sentence.written.slice(0, byte);
  rest.ends_paragraph = std::exchange(sentence.ends_paragraph, false);
  rest.styles = take_styles(sentence.styles, at);
  rest.events =
      take_later(sentence.events, [at](const SentenceEvent& event) { return event.token >= at; });
  for (SentenceEvent& event : rest.events) event.token -= at;
  rest.skipped = take_later(sentence.skipped, [source_begin](const SkippedText& skipped) {
    return skipped.source.begin >= source_begin;
  });
  const auto from = sentence.tokens.begin() + static_cast<std::ptrdiff_t>(at);
  rest.tokens.assign(std::make_move_iterator(from), std::make_move_iterator(sentence.tokens.end()));
  sentence.tokens.erase(from, sentence.tokens.end());
  return rest;
}

}  // namespace syrinx::tts
