// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace syrinx::text {

// What a piece of writing is made of.
enum class PieceKind : std::uint8_t {
  kLetters,  // A run of letters of any alphabet, with their combining marks.
  kDigits,   // A run of the digits 0 to 9.
  kSymbol,   // One other character.
  kBroken,   // One byte that is not UTF-8.
  kEnd,      // After the last.
};

// How the letters of a run are written.
enum class LetterCase : std::uint8_t { kNone, kLower, kCapitalised, kUpper, kMixed };

struct Piece {
  PieceKind kind = PieceKind::kEnd;
  LetterCase letter_case = LetterCase::kNone;
  bool space_before = true;  // White space, or the start of the text.
  bool ascii = true;
  std::uint32_t begin = 0;  // Bytes [begin, end) of the text.
  std::uint32_t end = 0;
  char32_t code = 0;  // The character of a symbol, the first letter of letters.
};

// A sentence cut where its characters change their kind. Knows no language. Pieces past either end
// may be asked for: they are kEnd, with white space before them. Linear in the text.
class Pieces {
 public:
  // Pre: `utf8` is shorter than 4 GiB and outlives this.
  explicit Pieces(std::string_view utf8);

  std::size_t size() const noexcept { return pieces_.size(); }
  std::string_view all() const noexcept { return text_; }
  const Piece& operator[](std::size_t at) const noexcept {
    return at < pieces_.size() ? pieces_[at] : end_;
  }
  std::string_view text(std::size_t at) const noexcept {
    const Piece& piece = (*this)[at];
    return text_.substr(piece.begin, piece.end - piece.begin);
  }
  // The writing of [from, to), inner white space included.
  std::string_view text(std::size_t from, std::size_t to) const noexcept;

  bool is_letters(std::size_t at) const noexcept { return (*this)[at].kind == PieceKind::kLetters; }
  bool is_digits(std::size_t at) const noexcept { return (*this)[at].kind == PieceKind::kDigits; }
  bool is(std::size_t at, char32_t symbol) const noexcept {
    return (*this)[at].kind == PieceKind::kSymbol && (*this)[at].code == symbol;
  }
  // Whether `at` follows what is before it without white space.
  bool glued(std::size_t at) const noexcept { return !(*this)[at].space_before; }
  bool glued_symbol(std::size_t at, char32_t symbol) const noexcept {
    return glued(at) && is(at, symbol);
  }
  bool glued_letters(std::size_t at) const noexcept { return glued(at) && is_letters(at); }
  bool glued_digits(std::size_t at) const noexcept { return glued(at) && is_digits(at); }
  // The first piece after `at` that has white space before it.
  std::size_t run_end(std::size_t at) const noexcept { return run_end_[at]; }

 private:
  void cut();
  void mark_runs();

  std::string_view text_;
  std::vector<Piece> pieces_;
  std::vector<std::uint32_t> run_end_;
  Piece end_;
};

// Letters in lower case, those outside ASCII too; bytes that are no UTF-8 stay.
std::string lower_case(std::string_view utf8);
// ASCII letters alone, into a buffer that is reused: for look-ups.
void lower_ascii(std::string_view text, std::string& out);
bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept;

}  // namespace syrinx::text
