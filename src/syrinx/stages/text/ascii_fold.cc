// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ascii_fold.h"

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <unordered_map>
#include <utility>

namespace syrinx::text {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// What the general transform gets wrong for speech: it writes dashes as "-", which joins words, and
// knows neither invisible characters nor guillemets as quotes.
struct Special {
  UChar32 code;
  std::string_view spoken;
};
constexpr Special kSpecials[] = {
    {0x00A0, " "},  {0x2013, " - "}, {0x2014, " - "}, {0x2015, " - "}, {0x2026, "..."},
    {0x00AB, "\""}, {0x00BB, "\""},  {0x201C, "\""},  {0x201D, "\""},  {0x201E, "\""},
    {0x2018, "'"},  {0x2019, "'"},   {0x201A, "'"},   {0x2028, "\n"},  {0x2029, "\n"},
    {0x2212, "-"},  {0x2010, "-"},   {0x2011, "-"},
};

const Special* find_special(UChar32 code) {
  for (const Special& special : kSpecials) {
    if (special.code == code) return &special;
  }
  return nullptr;
}

// Marks, joiners and controls: they carry no sound of their own, so leaving them out loses nothing.
bool is_silent(UChar32 code) {
  return u_charType(code) == U_NON_SPACING_MARK || u_charType(code) == U_FORMAT_CHAR ||
         u_charType(code) == U_ENCLOSING_MARK || u_iscntrl(code);
}

bool is_printable_ascii(const std::string& text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7E) return false;
  }
  return !text.empty();
}

}  // namespace

struct AsciiFolder::Transform {
  static constexpr std::size_t kMostKnown = 4'096;

  std::unique_ptr<icu::Transliterator> to_ascii;
  std::unordered_map<UChar32, std::string> known{};  // Transforming takes microseconds.

  const std::string& apply(UChar32 code) {
    if (known.size() >= kMostKnown) known.clear();
    const auto [entry, is_new] = known.try_emplace(code);
    if (is_new) entry->second = transformed(code);
    return entry->second;
  }

  std::string transformed(UChar32 code) const {
    icu::UnicodeString text(code);
    to_ascii->transliterate(text);
    std::string ascii;
    text.toUTF8String(ascii);
    return is_printable_ascii(ascii) ? ascii : std::string();
  }
};

AsciiFolder::AsciiFolder(std::unique_ptr<Transform> transform) : transform_(std::move(transform)) {}
AsciiFolder::~AsciiFolder() = default;
AsciiFolder::AsciiFolder(AsciiFolder&&) noexcept = default;
AsciiFolder& AsciiFolder::operator=(AsciiFolder&&) noexcept = default;

Result<AsciiFolder> AsciiFolder::create() {
  UErrorCode status = U_ZERO_ERROR;
  auto transform = std::make_unique<Transform>();
  transform->to_ascii.reset(icu::Transliterator::createInstance(
      "Any-Latin; Latin-ASCII; NFD; [:Nonspacing Mark:] Remove", UTRANS_FORWARD, status));
  if (U_FAILURE(status) != 0 || !transform->to_ascii) {
    return make_error(ErrorCode::kUnavailable,
                      "the ICU data on this machine lacks the Latin-ASCII ", "transform (",
                      u_errorName(status), "); install the full ICU data package");
  }
  return AsciiFolder(std::move(transform));
}

FoldedText AsciiFolder::fold(std::string_view utf8, std::size_t source_begin) const {
  FoldedText folded;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  const auto length = static_cast<std::int64_t>(utf8.size());
  for (std::int64_t at = 0; at < length;) {
    const std::int64_t begin = at;
    UChar32 code = 0;
    U8_NEXT(bytes, at, length, code);
    const SourceSpan from{source_begin + static_cast<std::size_t>(begin),
                          source_begin + static_cast<std::size_t>(at)};
    const auto character = utf8.substr(static_cast<std::size_t>(begin), from.size());
    if (code >= 0x20 && code < 0x7F) {
      folded.text.append(character, from);
    } else if (code < 0) {
      folded.text.append("", from);
      folded.skipped.push_back({std::string(kReplacement), from});
    } else if (const Special* special = find_special(code)) {
      folded.text.append(special->spoken, from);
    } else if (u_isUWhiteSpace(code)) {
      folded.text.append(code == '\n' ? "\n" : " ", from);
    } else if (is_silent(code)) {
      folded.text.append("", from);
    } else {
      const std::string& ascii = transform_->apply(code);
      folded.text.append(ascii, from);
      if (ascii.empty()) folded.skipped.push_back({std::string(character), from});
    }
  }
  return folded;
}

std::string unicode_library_version() { return U_ICU_VERSION; }

}  // namespace syrinx::text
