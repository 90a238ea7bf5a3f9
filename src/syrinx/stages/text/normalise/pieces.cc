// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/pieces.h"

#include <unicode/uchar.h>

#include <algorithm>

namespace syrinx::text {
namespace {

bool is_ascii_letter(unsigned char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_white(char32_t c) noexcept {
  if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0d);
  return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

bool is_letter(char32_t c) noexcept {
  if (c < 0x80) return is_ascii_letter(static_cast<unsigned char>(c));
  if (c == 0x00aa || c == 0x00ba) return false;  // Ordinal signs.
  return u_isalpha(static_cast<UChar32>(c)) != 0;
}

bool continues_letters(char32_t c) noexcept {
  if (is_letter(c)) return true;
  if (c < 0x300) return false;
  const auto mask = U_GET_GC_MASK(static_cast<UChar32>(c));
  return (mask & (U_GC_MN_MASK | U_GC_MC_MASK)) != 0 && (c < 0xfe00 || c > 0xfe0f) && c != 0x20e3;
}

// The character at `at`, and past it; negative where the bytes are no UTF-8: a byte out of place, a
// longer form than needed, a surrogate, or past U+10FFFF.
std::int32_t next_character(std::string_view text, std::int32_t& at) noexcept {
  const auto byte = [&](std::int32_t i) {
    const auto place = static_cast<std::size_t>(i);
    return place < text.size() ? static_cast<unsigned char>(text[place]) : std::uint8_t{0};
  };
  const std::int32_t first = byte(at);
  ++at;
  if (first < 0x80) return first;
  const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4) return -1;
  std::int32_t code = first & (0x3f >> more);
  for (int i = 0; i < more; ++i) {
    const std::int32_t next = byte(at + i);
    if ((next & 0xc0) != 0x80) return -1;
    code = (code << 6) | (next & 0x3f);
  }
  at += more;
  const bool overlong = (more == 2 && code < 0x800) || (more == 3 && code < 0x10000);
  return overlong || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? -1 : code;
}

void append_utf8(std::string& out, std::int32_t c) {
  const auto add = [&](std::int32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) return add(c);
  if (c < 0x800) {
    add(0xc0 | (c >> 6));
  } else if (c < 0x10000) {
    add(0xe0 | (c >> 12));
    add(0x80 | ((c >> 6) & 0x3f));
  } else {
    add(0xf0 | (c >> 18));
    add(0x80 | ((c >> 12) & 0x3f));
    add(0x80 | ((c >> 6) & 0x3f));
  }
  add(0x80 | (c & 0x3f));
}

// Cuts one piece after another.
class Cutter {
 public:
  Cutter(std::string_view text, std::vector<Piece>& out) : text_(text), out_(out) {}

  void run() {
    while (static_cast<std::size_t>(at_) < text_.size()) step();
  }

 private:
  void step() {
    const auto begin = at_;
    const std::int32_t c = next_character(text_, at_);
    if (c < 0) {
      at_ = begin + 1;
      add(PieceKind::kBroken, begin, 0);
    } else if (is_white(static_cast<char32_t>(c))) {
      space_ = true;
    } else if (c >= '0' && c <= '9') {
      while (byte(at_) >= '0' && byte(at_) <= '9') ++at_;
      add(PieceKind::kDigits, begin, static_cast<char32_t>(c));
    } else if (is_letter(static_cast<char32_t>(c))) {
      letters(begin, static_cast<char32_t>(c));
    } else {
      add(PieceKind::kSymbol, begin, static_cast<char32_t>(c));
    }
  }

  void letters(std::int32_t begin, char32_t first) {
    std::size_t upper = 0;
    std::size_t count = 0;
    const bool first_upper = note_case(first, upper, count);
    bool ascii = first < 0x80;
    for (;;) {
      if (const unsigned char b = byte(at_); b < 0x80) {
        if (!is_ascii_letter(b)) break;
        ++at_;
        ++count;
        if (b <= 'Z') ++upper;
        continue;
      }
      auto ahead = at_;
      const std::int32_t c = next_character(text_, ahead);
      if (c < 0 || !continues_letters(static_cast<char32_t>(c))) break;
      note_case(static_cast<char32_t>(c), upper, count);
      ascii = false;
      at_ = ahead;
    }
    add(PieceKind::kLetters, begin, first);
    out_.back().ascii = ascii;
    out_.back().letter_case = upper == 0                  ? LetterCase::kLower
                              : upper == count            ? LetterCase::kUpper
                              : upper == 1 && first_upper ? LetterCase::kCapitalised
                                                          : LetterCase::kMixed;
  }

  static bool note_case(char32_t c, std::size_t& upper, std::size_t& count) noexcept {
    const bool is_upper = c < 0x80 ? c >= 'A' && c <= 'Z' : u_isupper(static_cast<UChar32>(c)) != 0;
    ++count;
    upper += is_upper ? 1 : 0;
    return is_upper;
  }

  unsigned char byte(std::int32_t at) const noexcept {
    const auto i = static_cast<std::size_t>(at);
    return i < text_.size() ? static_cast<unsigned char>(text_[i]) : 0;
  }

  void add(PieceKind kind, std::int32_t begin, char32_t code) {
    Piece piece;
    piece.kind = kind;
    piece.space_before = space_;
    piece.begin = static_cast<std::uint32_t>(begin);
    piece.end = static_cast<std::uint32_t>(at_);
    piece.code = code;
    piece.ascii = code < 0x80;
    out_.push_back(piece);
    space_ = false;
  }

  std::string_view text_;
  std::vector<Piece>& out_;
  std::int32_t at_ = 0;
  bool space_ = true;
};

}  // namespace

Pieces::Pieces(std::string_view utf8) : text_(utf8) {
  pieces_.reserve(utf8.size() / 4 + 8);
  cut();
  mark_runs();
  end_.begin = end_.end = static_cast<std::uint32_t>(utf8.size());
}

void Pieces::cut() { Cutter(text_, pieces_).run(); }

void Pieces::mark_runs() {
  run_end_.resize(pieces_.size());
  auto end = static_cast<std::uint32_t>(pieces_.size());
  for (std::size_t i = pieces_.size(); i-- > 0;) {
    run_end_[i] = end;
    if (pieces_[i].space_before) end = static_cast<std::uint32_t>(i);
  }
}

std::string_view Pieces::text(std::size_t from, std::size_t to) const noexcept {
  if (from >= to || from >= pieces_.size()) return {};
  const std::size_t last = std::min(to, pieces_.size()) - 1;
  return text_.substr(pieces_[from].begin, pieces_[last].end - pieces_[from].begin);
}

std::string lower_case(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  std::int32_t at = 0;
  while (static_cast<std::size_t>(at) < utf8.size()) {
    const auto begin = at;
    const std::int32_t c = next_character(utf8, at);
    if (c < 0x80 && c >= 0) {
      out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    } else if (c < 0) {
      out += utf8[static_cast<std::size_t>(begin)];
      at = begin + 1;
    } else {
      append_utf8(out, u_tolower(c));
    }
  }
  return out;
}

void lower_ascii(std::string_view text, std::string& out) {
  out.assign(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept {
  return text.size() == lower.size() &&
         std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         });
}

}  // namespace syrinx::text
