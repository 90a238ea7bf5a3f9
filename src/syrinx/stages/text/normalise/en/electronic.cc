// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/electronic.h"

#include <algorithm>
#include <array>

#include "syrinx/stages/text/normalise/en/numbers.h"
#include "syrinx/stages/text/normalise/en/words.h"

namespace syrinx::text::en {
std::string_view mark_name(char32_t mark) {
  switch (mark) {
    case '.':
      return "dot";
    case '/':
      return "slash";
    case '\\':
      return "backslash";
    case '-':
      return "dash";
    case '_':
      return "underscore";
    case '@':
      return "at";
    case ':':
      return "colon";
    case '?':
      return "question mark";
    case '=':
      return "equals";
    case '&':
      return "and";
    case '#':
      return "hash";
    case '%':
      return "percent";
    case '+':
      return "plus";
    case '~':
      return "tilde";
    case ',':
      return "comma";
    case ';':
      return "semicolon";
    case '!':
      return "exclamation mark";
    case '*':
      return "asterisk";
    case '$':
      return "dollar";
    case '(':
      return "open bracket";
    case ')':
      return "close bracket";
    case '\'':
      return "apostrophe";
    default:
      return {};
  }
}

namespace {

constexpr std::size_t kMaxPieces = 1'024;  // Of one address; what is longer is read as words.

// Ends of names that are said as words.
constexpr std::array<std::string_view, 20> kSpokenEnds = {
    "com", "org", "net",  "gov",  "mil",    "info", "biz", "name", "museum", "edu",
    "app", "dev", "shop", "blog", "online", "site", "xyz", "tech", "store",  "cloud"};
// Parts that are spelt wherever they are.
constexpr std::array<std::string_view, 16> kSpelt = {"www", "http", "https", "ftp", "html", "htm",
                                                     "php", "asp",  "aspx",  "cfm", "jsp",  "xml",
                                                     "css", "pdf",  "cgi",   "rss"};

template <std::size_t kCount>
bool is_one_of(const std::array<std::string_view, kCount>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Where the run that starts at `at` ends, without the punctuation that belongs to the sentence.
std::size_t trimmed_end(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  std::size_t end = pieces.run_end(at);
  static constexpr std::u32string_view kClosing = U".,;:!?)]}>\"'’”»…`";
  while (end > at && pieces[end - 1].kind == PieceKind::kSymbol &&
         kClosing.find(pieces[end - 1].code) != std::u32string_view::npos) {
    --end;
  }
  return end;
}

bool is_label(const Reading& reading, std::size_t at) {
  return reading.pieces.is_letters(at) || reading.pieces.is_digits(at);
}

// The shape of a run: what an address has and words have not.
struct Shape {
  bool scheme = false;
  bool www = false;
  std::size_t at_sign = 0;  // Its piece, or 0.
  std::size_t slashes = 0;
  std::size_t first_slash = 0;
  bool strange = false;  // A character that no address has.
};

Shape shape_of(const Reading& reading, std::size_t at, std::size_t end) {
  const Pieces& pieces = reading.pieces;
  Shape shape;
  const std::string first = lower_at(reading, at);
  shape.www = first == "www" && pieces.is(at + 1, '.');
  for (std::size_t i = at; i < end; ++i) {
    if (is_label(reading, i)) continue;
    if (mark_name(pieces[i].code).empty() || pieces[i].kind != PieceKind::kSymbol) {
      shape.strange = true;
      break;
    }
    if (pieces.is(i, '@') && i > at && shape.at_sign == 0) shape.at_sign = i;
    if (pieces.is(i, '/')) {
      if (shape.slashes++ == 0) shape.first_slash = i;
      if (pieces.is(i - 1, ':') && pieces.is(i + 1, '/') && i + 1 < end) shape.scheme = true;
    }
  }
  return shape;
}

// "name.name" with labels of at least two characters, the last of letters: from `at` to the end of
// the host name, or 0.
std::size_t host_end(const Reading& reading, std::size_t at, std::size_t end) {
  const Pieces& pieces = reading.pieces;
  std::size_t i = at;
  std::size_t last_dot = 0;
  while (i < end && (is_label(reading, i) || pieces.is(i, '-') || pieces.is(i, '.'))) {
    if (pieces.is(i, '.')) {
      if (i == at || i + 1 >= end || pieces.is(i + 1, '.')) return 0;
      last_dot = i;
    }
    ++i;
  }
  const bool named = last_dot != 0 && pieces.is_letters(last_dot + 1);
  return named ? i : 0;
}

// Without a scheme, a host name must look like one: "ourdailynews.com/12", not "end.Next".
bool is_bare_host(const Reading& reading, std::size_t at, std::size_t end) {
  const Pieces& pieces = reading.pieces;
  const std::size_t host = host_end(reading, at, end);
  if (host == 0 || !(host == end || pieces.is(host, '/') || pieces.is(host, ':'))) return false;
  std::size_t dot = host - 1;
  while (!pieces.is(dot, '.')) --dot;
  const std::string last = lower_at(reading, dot + 1);
  if (is_one_of(kSpokenEnds, last) && host == dot + 2) return true;
  if (pieces[dot + 1].letter_case != LetterCase::kLower || last.size() < 2) return false;
  if (host != dot + 2 || !is_label(reading, dot - 1)) return false;
  std::size_t label = dot - 1;
  while (label > at && is_label(reading, label - 1)) --label;
  return pieces.is_letters(at) && pieces.text(label, dot).size() >= 2;
}

bool is_path(const Reading& reading, std::size_t at, const Shape& shape) {
  const Pieces& pieces = reading.pieces;
  if (shape.slashes < 2) return false;
  const bool root = pieces.is(at, '/') && is_label(reading, at + 1);
  return root || ((pieces.is(at, '~') || pieces.is(at, '.')) && pieces.is(at + 1, '/'));
}

bool is_address(const Reading& reading, std::size_t at, std::size_t end) {
  const Shape shape = shape_of(reading, at, end);
  if (shape.strange) return false;
  if (shape.scheme || shape.www || is_path(reading, at, shape)) return true;
  if (shape.at_sign != 0 && is_label(reading, at)) {
    return host_end(reading, shape.at_sign + 1, end) != 0;
  }
  return is_label(reading, at) && is_bare_host(reading, at, end);
}

// What mailboxes are named after: "customerservice@", "techsupport@".
constexpr std::array<std::string_view, 30> kRoles = {
    "admin",      "billing", "business", "careers", "client", "contact", "customer", "customers",
    "enterprise", "group",   "help",     "hello",   "info",   "job",     "jobs",     "mail",
    "marketing",  "media",   "office",   "press",   "pro",    "sales",   "service",  "services",
    "support",    "team",    "tech",     "user",    "users",  "web"};

// What [at, end) is made of in words of the table; "" if of anything else.
std::string split_words(std::string_view text) {
  std::vector<std::string> best(text.size() + 1);  // Of what is before each place.
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at > 0 && best[at].empty()) continue;
    for (const std::string_view role : kRoles) {
      if (text.substr(at, role.size()) != role) continue;
      std::string& split = best[at + role.size()];
      split = best[at] + (at > 0 ? " " : "") + std::string(role);
    }
  }
  return best.back();
}

// A mailbox name that is made of such words alone, in words; "" if it is not. Up to four consonants
// may come first, as a firm's name.
std::string split_roles(std::string_view lower) {
  if (lower.size() > 40) return {};
  const std::size_t first_vowel = lower.find_first_of("aeiou");
  for (std::size_t start = 0; start <= 4 && start <= first_vowel && start < lower.size(); ++start) {
    if (start > 0 && start < 3) continue;
    const std::string split = split_words(lower.substr(start));
    if (!split.empty()) return std::string(lower.substr(0, start)) + (start > 0 ? " " : "") + split;
  }
  return {};
}

// Says an address piece by piece.
void say_letters(const Reading& reading, std::size_t at, bool last_label, Match& match) {
  const std::string lower = lower_at(reading, at);
  if (reading.pieces.is(at + 1, '@') && lower.size() > 6) {
    if (std::string roles = split_roles(lower); !roles.empty()) {
      return match.say(std::move(roles), at, at + 1);
    }
  }
  const bool end_name = last_label && !is_one_of(kSpokenEnds, lower) && lower.size() <= 4;
  const bool country = last_label && lower.size() == 2;
  if (is_one_of(kSpelt, lower) || country || (end_name && lower.size() <= 3) ||
      !is_sayable(lower)) {
    match.spell(reading.pieces.text(at), at, at + 1);
  } else {
    match.say(std::string(reading.pieces.text(at)), at, at + 1);
  }
}

// What follows the last dot of the host is a name of its own kind.
bool is_last_label(const Reading& reading, std::size_t at, std::size_t end) {
  const Pieces& pieces = reading.pieces;
  if (at == 0 || !pieces.is(at - 1, '.')) return false;
  return at + 1 == end || pieces.is(at + 1, '/') || pieces.is(at + 1, ':') ||
         pieces.is(at + 1, '.');
}

void say_address(const Reading& reading, std::size_t at, std::size_t end, Match& match) {
  const Pieces& pieces = reading.pieces;
  for (std::size_t i = at; i < end; ++i) {
    if (pieces.is_letters(i)) {
      say_letters(reading, i, is_last_label(reading, i, end), match);
    } else if (pieces.is_digits(i)) {
      const std::string_view digits = pieces.text(i);
      const bool thousands = digits.size() == 4 && digits.substr(1) == "000" && digits[0] != '0';
      match.say(thousands ? cardinal(digits, HundredAnd::kNever)
                          : digit_words(digits, reading.conventions.zero_digit),
                i, i + 1);
    } else {
      match.say(std::string(mark_name(pieces[i].code)), i, i + 1);
    }
  }
}

std::string_view rule_of(const Reading& reading, std::size_t at, std::size_t end) {
  const Shape shape = shape_of(reading, at, end);
  if (shape.scheme || shape.www) return "electronic: URL";
  if (shape.at_sign != 0) return "electronic: e-mail address";
  return shape.slashes > 1 && reading.pieces[at].kind == PieceKind::kSymbol
             ? "electronic: path"
             : "electronic: host name";
}

}  // namespace

namespace {

// Corpora set a URL's colon apart: "http : //www.a.org".
bool spaced_url(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const std::string scheme = lower_at(reading, at);
  if (!reading.conventions.spaced || (scheme != "http" && scheme != "https")) return false;
  if (!pieces.is(at + 1, ':') || !pieces.is(at + 2, '/') || !pieces.glued_symbol(at + 3, '/')) {
    return false;
  }
  const std::size_t end = trimmed_end(reading, at + 2);
  if (end < at + 5 || end - at > kMaxPieces || shape_of(reading, at + 2, end).strange) return false;
  say_address(reading, at, end, match);
  return match.finish(end, TokenClass::kElectronic, "electronic: URL");
}

}  // namespace

bool electronic_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (spaced_url(reading, at, match)) return true;
  const bool after_dot = at > 0 && pieces.is(at - 1, '.') && pieces[at - 1].space_before;
  if (!begins_word(reading, at) && !after_dot) return false;
  if (pieces.run_end(at) - at < 3) return false;
  if (pieces.run_end(at) - at > kMaxPieces) return false;
  const std::size_t end = trimmed_end(reading, at);
  if (end < at + 3 || !is_address(reading, at, end)) return false;
  say_address(reading, at, end, match);
  return match.finish(end, TokenClass::kElectronic, rule_of(reading, at, end));
}

bool hash_tag(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.is(at, '#') || !begins_word(reading, at)) return false;
  if (!pieces.is_letters(at + 1)) return false;
  const bool apart = pieces[at + 1].space_before;
  if (apart && !reading.conventions.spaced) return false;
  match.say(apart ? "hash tag" : "hashtag", at, at + 1);
  std::string said;
  char before = 'A';
  for (const char c : pieces.text(at + 1)) {  // Words as capitals part them.
    if (c >= 'A' && c <= 'Z' && before >= 'a' && before <= 'z') said += ' ';
    said += c;
    before = c;
  }
  match.say(std::move(said), at + 1, at + 2);
  return match.finish(at + 2, TokenClass::kElectronic, "electronic: hash tag");
}

}  // namespace syrinx::text::en
