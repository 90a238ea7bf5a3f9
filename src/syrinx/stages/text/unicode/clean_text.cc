// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/unicode/clean_text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace syrinx::text {
namespace {

constexpr UChar32 kZeroWidthJoiner = 0x200D;
constexpr UChar32 kEmojiSelector = 0xFE0F;

struct Plain {
  UChar32 code;
  std::string_view text;
};

// Characters with a plainer one of the same meaning. Ascending.
constexpr auto kPlain = std::to_array<Plain>({
    {0x0085, "\n"},   {0x00A0, " "},  {0x00AB, "\""}, {0x00B4, "'"},   {0x00BB, "\""},
    {0x02B9, "'"},    {0x02BB, "'"},  {0x02BC, "'"},  {0x1680, " "},   {0x2010, "-"},
    {0x2011, "-"},    {0x2012, "–"},  {0x2015, "—"},  {0x2018, "'"},   {0x2019, "'"},
    {0x201A, "'"},    {0x201B, "'"},  {0x201C, "\""}, {0x201D, "\""},  {0x201E, "\""},
    {0x201F, "\""},   {0x2024, "."},  {0x2025, ".."}, {0x2026, "..."}, {0x2028, "\n"},
    {0x2029, "\n\n"}, {0x202F, " "},  {0x2039, "'"},  {0x203A, "'"},   {0x203C, "!!"},
    {0x2044, "/"},    {0x2047, "??"}, {0x2048, "?!"}, {0x2049, "!?"},  {0x205F, " "},
    {0x2212, "-"},    {0x2215, "/"},  {0x2236, ":"},  {0x3000, " "},   {0x3001, ","},
    {0x3002, "."},    {0xFF5F, "(("}, {0xFF60, "))"},
});

const Plain* find_plain(UChar32 code) {
  const auto* found = std::lower_bound(
      kPlain.begin(), kPlain.end(), code,
      [](const Plain& entry, UChar32 wanted) noexcept { return entry.code < wanted; });
  return found != kPlain.end() && found->code == code ? found : nullptr;
}

bool is_letter_form(UChar32 code) {
  return (code >= 0xFB00 && code <= 0xFB06) || (code >= 0x2160 && code <= 0x217F) ||
         (code >= 0x1D400 && code <= 0x1D7FF) || (code >= 0x2100 && code <= 0x214F);
}

// The compatibility form (UAX #15, NFKC) where that is plain letters and digits: "Ⅳ" is "IV" and
// "𝐀" is "A", but "№" and "℃" keep their meaning.
std::optional<std::string> as_letters(UChar32 code) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(status);
  if (U_FAILURE(status) != 0) return std::nullopt;
  const icu::UnicodeString form = nfkc->normalize(icu::UnicodeString(code), status);
  if (U_FAILURE(status) != 0 || form.isEmpty()) return std::nullopt;
  std::string text;
  form.toUTF8String(text);
  const bool letters = std::all_of(text.begin(), text.end(), [](char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  const bool letterlike = code >= 0x2100 && code <= 0x214F;  // "™" is no word, "ℝ" is a letter.
  return letters && (!letterlike || text.size() == 1) ? std::optional(text) : std::nullopt;
}

// What the character is written as from here on, where that is not itself.
std::optional<std::string> plain_form(UChar32 code) {
  if (const Plain* plain = find_plain(code)) return std::string(plain->text);
  if (code >= 0xFF01 && code <= 0xFF5E) return std::string(1, static_cast<char>(code - 0xFEE0));
  if (code >= 0x2000 && code <= 0x200A) return " ";
  if (is_letter_form(code))
    return code == 0x2126 ? std::optional<std::string>("Ω") : as_letters(code);
  if (u_charType(code) == U_DECIMAL_DIGIT_NUMBER)
    return std::string(1, static_cast<char>('0' + u_charDigitValue(code)));
  return std::nullopt;
}

bool is_pictograph(UChar32 code) {
  return code >= 0xA9 && (u_hasBinaryProperty(code, UCHAR_EXTENDED_PICTOGRAPHIC) != 0 ||
                          u_hasBinaryProperty(code, UCHAR_EMOJI_MODIFIER) != 0);
}

bool is_invisible(UChar32 code) {
  const auto type = u_charType(code);
  return type == U_FORMAT_CHAR || type == U_CONTROL_CHAR || type == U_PRIVATE_USE_CHAR ||
         type == U_UNASSIGNED || (code >= 0xFE00 && code <= 0xFE0E) || code == kEmojiSelector;
}

bool is_mark(UChar32 code) { return code >= 0x300 && u_getCombiningClass(code) != 0; }

struct Character {
  UChar32 code = 0;  // Negative for a byte that is not UTF-8.
  std::size_t begin = 0;
  std::size_t end = 0;
};

Character character_at(const std::string& text, std::size_t at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto next = static_cast<std::int64_t>(at);
  UChar32 code = 0;
  U8_NEXT(bytes, next, static_cast<std::int64_t>(text.size()), code);
  return {code, at, static_cast<std::size_t>(next)};
}

class Cleaner {
 public:
  explicit Cleaner(const MappedText& text) : in_(text), bytes_(text.text()) {}

  CleanText clean() {
    for (std::size_t at = 0; at < bytes_.size();) {
      at = is_plain_ascii(at) ? take_ascii(at) : take_character(character_at(bytes_, at));
    }
    return std::move(out_);
  }

 private:
  bool is_plain_ascii(std::size_t at) const {
    const auto byte = static_cast<unsigned char>(bytes_[at]);
    return byte == '\n' || (byte >= 0x20 && byte < 0x7F);
  }

  // A run of ASCII, but its last letter when a combining mark may follow it.
  std::size_t take_ascii(std::size_t begin) {
    std::size_t end = begin;
    while (end < bytes_.size() && is_plain_ascii(end)) ++end;
    if (end < bytes_.size() && is_mark(character_at(bytes_, end).code)) --end;
    if (end == begin) return compose({static_cast<unsigned char>(bytes_[begin]), begin, begin + 1});
    out_.text.append(in_.slice(begin, end));
    before_ = 0;
    return end;
  }

  std::size_t take_character(Character c) {
    if (c.code < 0) return drop(c, "not UTF-8");
    if (c.code == '\t' || c.code == '\f' || c.code == '\v') return replace(c, " ");
    if (c.code == '\r') return replace(c, followed_by_newline(c) ? "" : "\n");
    if (c.code == kZeroWidthJoiner && is_pictograph(before_)) return keep(c);
    if (c.code == kEmojiSelector && before_ != 0) return keep(c);
    if (is_invisible(c.code) && find_plain(c.code) == nullptr)
      return drop(c, "invisible character");
    if (const auto plain = plain_form(c.code)) return replace(c, *plain);
    return compose(c);
  }

  bool followed_by_newline(Character c) const {
    return c.end < bytes_.size() && bytes_[c.end] == '\n';
  }

  // The character and the marks that follow it, as one where Unicode has one.
  std::size_t compose(Character base) {
    std::size_t end = base.end;
    std::size_t marks = 0;
    while (end < bytes_.size()) {
      const Character next = character_at(bytes_, end);
      if (!is_mark(next.code)) break;
      end = next.end;
      if (++marks == kMaxMarks) break;
    }
    if (marks == 0) return keep(base);
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
    const auto written = icu::UnicodeString::fromUTF8(
        icu::StringPiece(bytes_.data() + base.begin, static_cast<std::int32_t>(end - base.begin)));
    std::string composed;
    if (U_SUCCESS(status) != 0) nfc->normalize(written, status).toUTF8String(composed);
    if (U_FAILURE(status) != 0) composed = bytes_.substr(base.begin, end - base.begin);
    return replace({base.code, base.begin, end}, composed);
  }

  std::size_t keep(Character c) {
    out_.text.append(in_.slice(c.begin, c.end));
    before_ = c.code;
    return c.end;
  }

  std::size_t replace(Character c, std::string_view with) {
    out_.text.append(with, in_.source_of(c.begin, c.end));
    before_ = c.code;
    return c.end;
  }

  std::size_t drop(Character c, const char* reason) {
    const SourceSpan source = in_.source_of(c.begin, c.end);
    out_.text.append("", source);
    out_.dropped.push_back({source, reason});
    return c.end;
  }

  static constexpr std::size_t kMaxMarks = 30;  // As UAX #15's Stream-Safe Text Format has it.

  const MappedText& in_;
  const std::string& bytes_;
  CleanText out_;
  UChar32 before_ = 0;  // The last character kept, 0 after ASCII.
};

}  // namespace

CleanText clean_text(const MappedText& text) { return Cleaner(text).clean(); }

}  // namespace syrinx::text
