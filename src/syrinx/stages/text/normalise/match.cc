// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/match.h"

namespace syrinx::text {
namespace {

std::size_t character_bytes(unsigned char first) noexcept {
  return first < 0xc0 ? 1U : first < 0xe0 ? 2U : first < 0xf0 ? 3U : 4U;
}

SourceSpan span_of(const Pieces& pieces, const MappedText& sentence, std::size_t from,
                   std::size_t to) {
  return sentence.source_of(pieces[from].begin, pieces[to - 1].end);
}

// Letters stand for their own bytes where the token is written as it is spelt.
void add_letters(const Utterance& utterance, std::string_view written, std::size_t written_begin,
                 const MappedText& sentence, SourceSpan whole, std::vector<SpokenWord>& out) {
  std::size_t seen = 0;
  std::size_t begin = 0;
  const std::string& text = utterance.words;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    SpokenWord word;
    word.text = text.substr(begin, end - begin);
    word.is_letter_name = true;
    word.source = whole;
    if (const std::size_t at = written.find(word.text, seen); at != std::string_view::npos) {
      seen = at + word.text.size();
      word.source = sentence.source_of(written_begin + at, written_begin + seen);
    }
    out.push_back(std::move(word));
    begin = end + 1;
  }
}

void add_words(const Utterance& utterance, SourceSpan span, std::vector<SpokenWord>& out) {
  std::size_t begin = 0;
  const std::string& text = utterance.words;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) {
      SpokenWord word;
      word.text = text.substr(begin, end - begin);
      word.source = span;
      out.push_back(std::move(word));
    }
    begin = end + 1;
  }
}

}  // namespace

void Match::spell(std::string_view word, std::size_t from, std::size_t to) {
  Utterance utterance{{}, true, from, to};
  std::size_t at = 0;
  while (at < word.size()) {
    const std::size_t bytes =
        std::min(character_bytes(static_cast<unsigned char>(word[at])), word.size() - at);
    const std::string_view character = word.substr(at, bytes);
    if (character == "'" || character == "’") {  // A genitive belongs to the last letter.
      utterance.words += "'";
      utterance.words += word.substr(at + bytes);
      break;
    }
    if (!utterance.words.empty()) utterance.words += ' ';
    utterance.words += character;
    at += bytes;
  }
  utterances_.push_back(std::move(utterance));
}

void Match::spell_plural(std::string_view head) {
  spell(head);
  utterances_.back().words += 's';
}

SpokenToken Match::token(const Pieces& pieces, const MappedText& sentence) const {
  SpokenToken token;
  token.token_class = class_;
  token.source = span_of(pieces, sentence, begin_, end_);
  token.written = pieces.text(begin_, end_);
  token.rule = rule_;
  token.skipped = skipped_;
  for (const Utterance& utterance : utterances_) {
    const bool whole = utterance.from == utterance.to;
    const std::size_t from = whole ? begin_ : utterance.from;
    const std::size_t to = whole ? end_ : utterance.to;
    const SourceSpan span = whole ? token.source : span_of(pieces, sentence, from, to);
    if (utterance.letters) {
      add_letters(utterance, pieces.text(from, to), pieces[from].begin, sentence, span,
                  token.words);
    } else {
      add_words(utterance, span, token.words);
    }
  }
  return token;
}

}  // namespace syrinx::text
