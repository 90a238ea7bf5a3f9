// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/sentence_splitter.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <utility>

#include "syrinx/core/base/limits.h"

namespace syrinx::text {

struct SentenceSplitter::Cut {
  std::size_t end = 0;  // The sentence is buffer_[0, end).
  bool ends_paragraph = false;
};

namespace {

using std::string_view;

// Whether an abbreviation's full stop can also end a sentence.
enum class StopKind { kNone, kNeverEnds, kMayEnd };

// Bytes after the white space that decide whether a sentence ended: opening marks and a word.
constexpr std::size_t kLookAhead = 24;

// Always before a name or a number: "Dr. Smith", "No. 5".
constexpr auto kNeverEnding = std::to_array<string_view>(
    {"adm",  "asst", "brig", "capt", "cf",   "col",  "comdr", "cpl", "dr",     "ed",   "fig",
     "figs", "fr",   "gen",  "gov",  "hon",  "insp", "lt",    "maj", "messrs", "mlle", "mme",
     "mr",   "mrs",  "ms",   "mt",   "mx",   "no",   "nos",   "pp",  "pres",   "prof", "rep",
     "rev",  "sen",  "sgt",  "sta",  "supt", "vol",  "vs",    "viz"});
// Closes a sentence only before a word that usually opens one: "at 5 p.m. Then", but "U.S. Army".
constexpr auto kMayEnd = std::to_array<string_view>(
    {"a.d",  "a.m",  "al",  "apr",  "approx", "apt",   "aug",  "ave", "b.c", "blvd", "bros", "co",
     "corp", "ct",   "dec", "dept", "e.g",    "ens",   "esp",  "est", "etc", "ext",  "feb",  "ft",
     "hr",   "hrs",  "i.e", "inc",  "jan",    "jr",    "jul",  "jun", "lbs", "ltd",  "mar",  "max",
     "min",  "misc", "nov", "oct",  "oz",     "p.m",   "ph.d", "rd",  "sep", "sept", "sq",   "sr",
     "st",   "tel",  "u.k", "u.n",  "u.s",    "u.s.a", "univ", "yd",  "yr",  "yrs"});

constexpr auto kGermanNeverEnding = std::to_array<string_view>(
    {"dr",   "prof", "hr",  "hrn", "fr",  "frl",  "nr",    "st",   "bd",   "ca",  "z.b",
     "d.h",  "vgl",  "abs", "art", "kap", "s",    "bzw",   "inkl", "zzgl", "v",   "n",
     "evtl", "ggf",  "u.a", "v.a", "z.t", "dipl", "ing",   "geb",  "gest", "sog", "bspw",
     "mind", "max",  "min", "ms",  "mrs", "mr",   "i.d.r", "s.o",  "s.u",  "o.g", "tel"});
constexpr auto kGermanMayEnd =
    std::to_array<string_view>({"usw", "etc", "jh",  "jhdt", "chr", "str",   "mio", "mrd", "tsd",
                                "jan", "feb", "mär", "apr",  "jun", "jul",   "aug", "sep", "sept",
                                "okt", "nov", "dez", "co",   "hbf", "u.s.w", "u.ä", "o.ä"});
constexpr auto kGermanOpeners = std::to_array<string_view>(
    {"aber",   "als",  "am",    "an",   "auch",  "auf",      "bei", "da",   "danach",
     "dann",   "das",  "dem",   "den",  "der",   "des",      "die", "dies", "diese",
     "dieser", "doch", "ein",   "eine", "er",    "es",       "für", "hier", "ich",
     "ihr",    "im",   "in",    "ist",  "jetzt", "man",      "mit", "nach", "nun",
     "nur",    "ob",   "seine", "sie",  "so",    "trotzdem", "und", "vom",  "von",
     "was",    "wenn", "wer",   "wie",  "wir",   "wo",       "zu",  "zum"});

constexpr auto kOpeners = std::to_array<string_view>(
    {"a",     "after",   "all",  "although", "an",   "and",   "as",   "at",    "because", "before",
     "but",   "by",      "each", "every",    "for",  "from",  "he",   "her",   "here",    "his",
     "how",   "however", "i",    "if",       "in",   "it",    "its",  "many",  "more",    "most",
     "my",    "no",      "not",  "now",      "of",   "on",    "once", "one",   "or",      "our",
     "she",   "since",   "so",   "some",     "such", "that",  "the",  "their", "then",    "there",
     "these", "they",    "this", "those",    "to",   "until", "we",   "what",  "when",    "where",
     "which", "while",   "who",  "why",      "with", "yes",   "yet",  "you",   "your"});

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alpha(char c) {
  return is_upper(c) || is_lower(c) || (static_cast<unsigned char>(c) >= 0x80);
}

// Length of the full-width or CJK sentence end at `at`, or 0: 。 ！ ？
std::size_t wide_terminator(string_view text, std::size_t at) {
  constexpr auto kWide =
      std::to_array<string_view>({"\xE3\x80\x82", "\xEF\xBC\x81", "\xEF\xBC\x9F"});
  for (const string_view mark : kWide) {
    if (text.substr(at, mark.size()) == mark) return mark.size();
  }
  return 0;
}

// Length of the terminator at `at` (. ! ? or the ellipsis character), or 0.
std::size_t terminator(string_view text, std::size_t at) {
  if (text[at] == '.' || text[at] == '!' || text[at] == '?') return 1;
  if (text.substr(at, 3) == "\xE2\x80\xA6") return 3;
  return 0;
}

// Length of a closing quotation mark or bracket at `at`, or 0.
std::size_t closer(string_view text, std::size_t at) {
  constexpr string_view kAscii = "\"')]}*_";
  if (kAscii.find(text[at]) != string_view::npos) return 1;
  constexpr auto kWide = std::to_array<string_view>({"\xE2\x80\x9D", "\xE2\x80\x99", "\xC2\xBB"});
  for (const string_view mark : kWide) {
    if (text.substr(at, mark.size()) == mark) return mark.size();
  }
  return 0;
}

// The word that ends right before `at`, without opening quotes or brackets.
string_view word_before(string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && at - begin < 32 &&
         (is_alpha(text[begin - 1]) || is_digit(text[begin - 1]) || text[begin - 1] == '.')) {
    --begin;
  }
  return text.substr(begin, at - begin);
}

template <class List>
bool listed(const List& list, string_view word) {
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(list.begin(), list.end(), lower) != list.end();
}

bool is_number(string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), is_digit);
}

StopKind german_abbreviation(string_view word) {
  if (listed(kGermanNeverEnding, word)) return StopKind::kNeverEnds;
  if (listed(kGermanMayEnd, word) || is_number(word)) return StopKind::kMayEnd;
  if (word.size() == 1 && is_upper(word[0])) return StopKind::kMayEnd;
  if (word.size() >= 3 && word[word.size() - 2] == '.') return StopKind::kMayEnd;
  const bool roman = !word.empty() && word.find_first_not_of("IVX") == string_view::npos;
  return roman ? StopKind::kMayEnd : StopKind::kNone;
}

StopKind abbreviation(string_view word, bool german) {
  if (german) return german_abbreviation(word);
  if (listed(kNeverEnding, word)) return StopKind::kNeverEnds;
  if (listed(kMayEnd, word)) return StopKind::kMayEnd;
  if (word.size() == 1 && is_upper(word[0]) && word[0] != 'I')
    return StopKind::kMayEnd;                                                      // Initial.
  if (word.size() >= 3 && word[word.size() - 2] == '.') return StopKind::kMayEnd;  // "N.A.T.O."
  return StopKind::kNone;
}

// "No." before anything but a number is the answer, not the abbreviation of "number".
bool is_answer_no(string_view word, char after) {
  return (word == "No" || word == "no") && !is_digit(after);
}

std::size_t skip_spaces(string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

bool has_blank_line(string_view space) { return std::count(space.begin(), space.end(), '\n') >= 2; }

// What starts after the white space decides: "said. then" goes on, "said. Then" does not.
std::size_t skip_openers(string_view text, std::size_t at) {
  constexpr string_view kMarks = "\"'([";
  for (int i = 0; i < 4 && at < text.size() && kMarks.find(text[at]) != string_view::npos; ++i)
    ++at;
  return at;
}

bool starts_sentence(string_view text, std::size_t at) {
  at = skip_openers(text, at);
  return at >= text.size() || !is_lower(text[at]);
}

// Whether the word at `at` is capitalised and one that usually opens a sentence.
bool opens_sentence(string_view text, std::size_t at, bool german) {
  at = skip_openers(text, at);
  std::size_t end = at;
  while (end < text.size() && end - at < 16 && is_alpha(text[end])) ++end;
  if (end == at || !is_upper(text[at])) return false;
  const string_view word = text.substr(at, end - at);
  return german ? listed(kGermanOpeners, word) : listed(kOpeners, word);
}

// A line that begins as a list item or a heading does: "- one", "* two", "3. three", "# Title".
bool starts_item(string_view line) {
  if (line.size() >= 2 && (line[0] == '-' || line[0] == '*' || line[0] == '#') &&
      (line[1] == ' ' || line[1] == '#'))
    return true;
  std::size_t at = 0;
  while (at < line.size() && at < 4 && is_digit(line[at])) ++at;
  return at > 0 && at + 1 < line.size() && (line[at] == '.' || line[at] == ')') &&
         line[at + 1] == ' ';
}

// "3. three" at the start of a line: the stop belongs to the number.
bool is_item_number(string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && is_digit(text[begin - 1])) --begin;
  if (begin == at || at - begin > 3) return false;
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  return begin == 0 || text[begin - 1] == '\n';
}

// Whether the terminator run [at, end) of an ASCII stop ends the sentence, given what follows.
bool stop_ends(string_view text, std::size_t at, std::size_t end, std::size_t after, bool german) {
  const bool single_stop = text[at] == '.' && end - at == 1;
  if (!single_stop) return starts_sentence(text, after);
  if (is_item_number(text, at)) return false;
  const string_view word = word_before(text, at);
  const char follows = after < text.size() ? text[after] : '\0';
  const StopKind kind = is_answer_no(word, follows) ? StopKind::kNone : abbreviation(word, german);
  if (kind == StopKind::kNeverEnds) return after >= text.size();
  if (kind == StopKind::kMayEnd) return after >= text.size() || opens_sentence(text, after, german);
  return starts_sentence(text, after);
}

// Where to cut a sentence that is too long: after the last clause mark, else the last space, else
// before the character that would be split.
std::size_t forced_cut(string_view text, std::size_t limit) {
  const string_view head = text.substr(0, limit);
  const std::size_t clause = head.find_last_of(";:,\n");
  if (clause != string_view::npos && clause >= limit / 2) return clause + 1;
  const std::size_t space = head.find_last_of(" \t");
  if (space != string_view::npos && space >= limit / 4) return space + 1;
  std::size_t end = limit;
  while (end > 1 && (static_cast<std::uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return end;
}

}  // namespace

SentenceSplitter::SentenceSplitter(string_view language) : german_(language.substr(0, 2) == "de") {}

void SentenceSplitter::push(string_view utf8) { buffer_ += utf8; }

void SentenceSplitter::finish() { finished_ = true; }

string_view SentenceSplitter::rest() const noexcept { return string_view(buffer_).substr(head_); }

// Moves past what has been given out; the bytes go when they are most of the buffer, so that the
// moving costs a constant per byte.
void SentenceSplitter::drop(std::size_t bytes) {
  head_ += bytes;
  base_ += bytes;
  scanned_ = 0;
  if (head_ < 65'536 || head_ < buffer_.size() / 2) return;
  buffer_.erase(0, head_);
  head_ = 0;
}

// Looks at each place once: scanned_ remembers how far nothing was found, so pushing byte by byte
// stays linear. A boundary is certain only when what follows the white space is known.
std::optional<SentenceSplitter::Cut> SentenceSplitter::find_cut() {
  const string_view text = rest();
  for (std::size_t at = scanned_; at < text.size(); ++at) {
    scanned_ = at;
    if (at >= limits::kMaxSentenceBytes) return Cut{forced_cut(text, limits::kMaxSentenceBytes)};
    if (text[at] == '\n') {
      const std::size_t after = skip_spaces(text, at);
      if (after + kLookAhead > text.size() && !finished_) return std::nullopt;
      const bool paragraph = has_blank_line(text.substr(at, after - at));
      if (paragraph || starts_item(text.substr(after))) return Cut{at, paragraph};
      continue;
    }
    if (const std::size_t wide = wide_terminator(text, at); wide > 0) return Cut{at + wide};
    std::size_t end = at;
    while (end < text.size() && terminator(text, end) > 0) end += terminator(text, end);
    if (end == at) continue;
    std::size_t closed = end;
    while (closed < text.size() && closer(text, closed) > 0) closed += closer(text, closed);
    const std::size_t after = skip_spaces(text, closed);
    if (after + kLookAhead > text.size() && !finished_) return std::nullopt;
    if (after > closed || after >= text.size()) {
      const bool paragraph = has_blank_line(text.substr(closed, after - closed));
      if (paragraph || stop_ends(text, at, end, after, german_)) return Cut{closed, paragraph};
    }
    at = closed - 1;
  }
  scanned_ = text.size();
  if (finished_ && !text.empty()) return Cut{text.size(), true};
  return std::nullopt;
}

std::optional<Sentence> SentenceSplitter::take(const Cut& cut) {
  std::size_t end = cut.end;
  while (end > 0 && is_space(rest()[end - 1])) --end;
  Sentence sentence{{std::string(rest().substr(0, end)), {base_, base_ + end}}, cut.ends_paragraph};
  drop(cut.end);
  if (sentence.piece.text.empty()) return std::nullopt;
  return sentence;
}

std::optional<Sentence> SentenceSplitter::next() {
  while (true) {
    if (const std::size_t lead = skip_spaces(rest(), 0); lead > 0) drop(lead);
    const auto cut = find_cut();
    if (!cut) return std::nullopt;
    if (auto sentence = take(*cut)) return sentence;
  }
}

}  // namespace syrinx::text
