// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/tagger/tagged_sentence.h"

#include <algorithm>
#include <array>

namespace syrinx::text {
namespace {

bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_letter(char c) noexcept {
  return is_upper(c) || is_lower(c) || static_cast<unsigned char>(c) >= 0x80;
}
char lower(char c) noexcept { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

// A mark of UTF-8's general punctuation, as ASCII would have it.
struct Mark {
  std::string_view bytes;
  std::string_view ascii;
};
constexpr std::array<Mark, 10> kMarks = {{{"\u2018", "'"},
                                          {"\u2019", "'"},
                                          {"\u201c", "\""},
                                          {"\u201d", "\""},
                                          {"\u2013", "--"},
                                          {"\u2014", "--"},
                                          {"\u2010", "-"},
                                          {"\u2011", "-"},
                                          {"\u2026", "..."},
                                          {"\u00a0", " "}}};

// The mark that `text` begins with, or null.
const Mark* mark_at(std::string_view text) noexcept {
  const char first = text.front();
  if (first != '\xe2' && first != '\xc2') return nullptr;
  for (const Mark& mark : kMarks) {
    if (text.starts_with(mark.bytes)) return &mark;
  }
  return nullptr;
}

// The bytes of an apostrophe, plain or curly, at the start of `text`, or 0.
std::size_t apostrophe_size(std::string_view text) noexcept {
  if (text.empty()) return 0;
  if (text.front() == '\'') return 1;
  return text.starts_with("\u2019") ? 3 : 0;
}

bool starts_letter(std::string_view text) noexcept {
  return !text.empty() && is_letter(text.front()) && mark_at(text) == nullptr;
}

// How many bytes the word at the start of `text` has: letters, digits and inner apostrophes, or
// letters with a full stop after each ("U.S.").
std::size_t word_size(std::string_view text) noexcept {
  std::size_t size = 0;
  while (size + 1 < text.size() && (is_upper(text[size]) || is_lower(text[size])) &&
         text[size + 1] == '.') {
    size += 2;
  }
  if (size >= 4) return size;
  for (size = 1; size < text.size();) {
    const std::string_view rest = text.substr(size);
    if (const std::size_t mark = apostrophe_size(rest)) {
      if (!starts_letter(rest.substr(mark))) break;
      size += mark;
    } else if (is_digit(rest.front()) || starts_letter(rest)) {
      ++size;
    } else {
      break;
    }
  }
  return size;
}

// Digits with the marks between them: "1,234.5", "10:30", "3/4"; then letters, as in "4th".
std::size_t number_size(std::string_view text) noexcept {
  std::size_t size = 1;
  while (size < text.size()) {
    const char c = text[size];
    const bool joins = c == '.' || c == ',' || c == ':' || c == '/';
    if (is_digit(c) || starts_letter(text.substr(size))) {
      ++size;
    } else if (joins && size + 1 < text.size() && is_digit(text[size + 1])) {
      size += 2;
    } else {
      break;
    }
  }
  return size;
}

WordShape shape_of(std::string_view word) noexcept {
  if (!is_upper(word.front())) return WordShape::kLower;
  const bool small = std::any_of(word.begin(), word.end(), is_lower);
  return small || word.size() == 1 ? WordShape::kCapital : WordShape::kAllCapitals;
}

// Where the clitic of a word in lower case begins ("do|n't", "it|'s"), or its size.
std::size_t clitic_begin(std::string_view word) noexcept {
  constexpr std::array<std::string_view, 7> kClitics = {"n't", "'s", "'re", "'ve",
                                                        "'ll", "'d", "'m"};
  for (const std::string_view clitic : kClitics) {
    if (word.size() > clitic.size() && word.ends_with(clitic)) return word.size() - clitic.size();
  }
  return word.size();
}

// The clitic that stands alone at the start of `text` ("'s" of "' 's"), with how many bytes it has.
struct Clitic {
  std::string text;
  std::size_t size = 0;
};
Clitic clitic_at(std::string_view text) {
  const std::size_t mark = apostrophe_size(text);
  if (mark == 0 || !starts_letter(text.substr(mark))) return {};
  std::size_t end = mark;
  while (end < text.size() && end < mark + 3 && is_letter(text[end])) ++end;
  std::string clitic = "'";
  for (const char c : text.substr(mark, end - mark)) clitic += lower(c);
  const bool known = clitic_begin("x" + clitic) == 1;
  return known ? Clitic{clitic, end} : Clitic{};
}

// A word with plain apostrophes.
std::string with_plain_apostrophes(std::string_view word) {
  std::string plain;
  for (std::size_t i = 0; i < word.size();) {
    const std::size_t mark = apostrophe_size(word.substr(i));
    plain += mark > 0 ? '\'' : word[i];
    i += std::max<std::size_t>(mark, 1);
  }
  return plain;
}

bool same_letters(std::string_view lower_case, std::string_view word) noexcept {
  return std::equal(lower_case.begin(), lower_case.end(), word.begin(), word.end(),
                    [](char a, char b) { return a == lower(b); });
}

// How many times the mark at the start of `text` is repeated, where repetitions are one mark:
// "...", "--", "``", "''".
std::size_t mark_run(std::string_view text) noexcept {
  if (std::string_view(".-`'").find(text.front()) == std::string_view::npos) return 1;
  const std::size_t end = text.find_first_not_of(text.front());
  return end == std::string_view::npos ? text.size() : end;
}

}  // namespace

void TaggedSentence::add_unit(std::string_view text, WordShape shape) {
  Unit unit;
  unit.begin = static_cast<std::uint32_t>(letters_.size());
  unit.size = static_cast<std::uint32_t>(text.size());
  unit.shape = shape;
  for (const char c : text) letters_ += lower(c);
  units_.push_back(unit);
}

void TaggedSentence::add_word(std::string_view word) {
  if (word.find('\'') == std::string_view::npos && word.find('\xe2') == std::string_view::npos) {
    add_unit(word, shape_of(word));
    return;
  }
  const std::string plain = with_plain_apostrophes(word);
  std::string small = plain;
  std::transform(small.begin(), small.end(), small.begin(), lower);
  const std::size_t clitic = clitic_begin(small);
  add_unit(std::string_view(plain).substr(0, clitic), shape_of(plain));
  if (clitic < small.size()) add_unit(small.substr(clitic), WordShape::kLower);
}

void TaggedSentence::add_text(std::string_view text) {
  while (!text.empty()) {
    std::size_t size = 1;
    if (is_space(text.front())) {
    } else if (starts_letter(text)) {
      size = word_size(text);
      add_word(text.substr(0, size));
    } else if (is_digit(text.front())) {
      size = number_size(text);
      add_unit(text.substr(0, size), WordShape::kNumber);
    } else if (const Clitic clitic = clitic_at(text); clitic.size > 0) {
      size = clitic.size;
      add_unit(clitic.text, WordShape::kLower);
    } else if (const Mark* mark = mark_at(text)) {
      size = mark->bytes.size();
      if (mark->ascii != " ") add_unit(mark->ascii, WordShape::kMark);
    } else {
      size = mark_run(text);
      add_unit(text.substr(0, std::min<std::size_t>(size, 3)), WordShape::kMark);
    }
    text.remove_prefix(size);
  }
}

TaggedSentence TaggedSentence::of_text(std::string_view text) {
  TaggedSentence sentence;
  sentence.letters_.reserve(text.size());
  sentence.add_text(text);
  return sentence;
}

// The first unit from `from` on that has the letters of `word`, or nothing. Looks a few units far,
// so that a long token takes linear time.
std::uint32_t TaggedSentence::unit_said_as(std::string_view word, std::uint32_t from) const {
  constexpr std::size_t kReachUnits = 16;
  const std::size_t end = std::min<std::size_t>(units_.size(), from + kReachUnits);
  for (std::uint32_t i = from; i < end; ++i) {
    if (same_letters(text(i), word)) return i;
  }
  return kNoUnit;
}

TaggedSentence TaggedSentence::of_tokens(std::span<const SpokenToken> tokens) {
  TaggedSentence sentence;
  for (const SpokenToken& token : tokens) {
    auto unit = static_cast<std::uint32_t>(sentence.units_.size());
    if (!token.written.empty()) sentence.add_text(token.written);
    for (const SpokenWord& word : token.words) {
      if (token.written.empty()) sentence.add_text(word.text);
      std::uint32_t said = sentence.unit_said_as(word.text, unit);
      if (said == kNoUnit && token.words.size() == 1 && unit < sentence.units_.size()) said = unit;
      sentence.unit_of_word_.push_back(said);
      if (said != kNoUnit) unit = said + 1;
    }
  }
  return sentence;
}

TaggedSentence TaggedSentence::of_words(std::span<const SpokenWord* const> words) {
  TaggedSentence sentence;
  for (const SpokenWord* word : words) {
    const auto unit = static_cast<std::uint32_t>(sentence.units_.size());
    sentence.add_text(word->text);
    const bool any = sentence.units_.size() > unit;
    sentence.unit_of_word_.push_back(any ? unit : kNoUnit);
  }
  return sentence;
}

}  // namespace syrinx::text
