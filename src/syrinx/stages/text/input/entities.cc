// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/input/entities.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace syrinx::text {
namespace {

struct Name {
  std::string_view name;
  std::string_view text;
};

// HTML 5, section 13.5, without what no text uses. Ascending.
constexpr auto kNames = std::to_array<Name>({
    {"AElig", "Æ"},   {"Aacute", "Á"}, {"Acirc", "Â"},  {"Agrave", "À"}, {"Aring", "Å"},
    {"Atilde", "Ã"},  {"Auml", "Ä"},   {"Ccedil", "Ç"}, {"ETH", "Ð"},    {"Eacute", "É"},
    {"Ecirc", "Ê"},   {"Egrave", "È"}, {"Euml", "Ë"},   {"Iacute", "Í"}, {"Icirc", "Î"},
    {"Igrave", "Ì"},  {"Iuml", "Ï"},   {"Ntilde", "Ñ"}, {"OElig", "Œ"},  {"Oacute", "Ó"},
    {"Ocirc", "Ô"},   {"Ograve", "Ò"}, {"Oslash", "Ø"}, {"Otilde", "Õ"}, {"Ouml", "Ö"},
    {"Prime", "″"},   {"THORN", "Þ"},  {"Uacute", "Ú"}, {"Ucirc", "Û"},  {"Ugrave", "Ù"},
    {"Uuml", "Ü"},    {"Yacute", "Ý"}, {"aacute", "á"}, {"acirc", "â"},  {"acute", "´"},
    {"aelig", "æ"},   {"agrave", "à"}, {"alpha", "α"},  {"amp", "&"},    {"apos", "'"},
    {"aring", "å"},   {"asymp", "≈"},  {"atilde", "ã"}, {"auml", "ä"},   {"bdquo", "„"},
    {"beta", "β"},    {"bull", "•"},   {"ccedil", "ç"}, {"cent", "¢"},   {"copy", "©"},
    {"curren", "¤"},  {"dagger", "†"}, {"deg", "°"},    {"delta", "δ"},  {"divide", "÷"},
    {"eacute", "é"},  {"ecirc", "ê"},  {"egrave", "è"}, {"emsp", " "},   {"ensp", " "},
    {"epsilon", "ε"}, {"eth", "ð"},    {"euml", "ë"},   {"euro", "€"},   {"frac12", "½"},
    {"frac14", "¼"},  {"frac34", "¾"}, {"gamma", "γ"},  {"ge", "≥"},     {"gt", ">"},
    {"harr", "↔"},    {"hellip", "…"}, {"iacute", "í"}, {"icirc", "î"},  {"iexcl", "¡"},
    {"igrave", "ì"},  {"infin", "∞"},  {"iquest", "¿"}, {"iuml", "ï"},   {"lambda", "λ"},
    {"laquo", "«"},   {"larr", "←"},   {"ldquo", "“"},  {"le", "≤"},     {"lrm", ""},
    {"lsaquo", "‹"},  {"lsquo", "‘"},  {"lt", "<"},     {"mdash", "—"},  {"micro", "µ"},
    {"middot", "·"},  {"minus", "−"},  {"mu", "μ"},     {"nbsp", " "},   {"ndash", "–"},
    {"ne", "≠"},      {"not", "¬"},    {"ntilde", "ñ"}, {"oacute", "ó"}, {"ocirc", "ô"},
    {"oelig", "œ"},   {"ograve", "ò"}, {"omega", "ω"},  {"ordf", "ª"},   {"ordm", "º"},
    {"oslash", "ø"},  {"otilde", "õ"}, {"ouml", "ö"},   {"para", "¶"},   {"permil", "‰"},
    {"pi", "π"},      {"plusmn", "±"}, {"pound", "£"},  {"prime", "′"},  {"quot", "\""},
    {"radic", "√"},   {"raquo", "»"},  {"rarr", "→"},   {"rdquo", "”"},  {"reg", "®"},
    {"rlm", ""},      {"rsaquo", "›"}, {"rsquo", "’"},  {"sbquo", "‚"},  {"sect", "§"},
    {"shy", ""},      {"sigma", "σ"},  {"sum", "∑"},    {"sup1", "¹"},   {"sup2", "²"},
    {"sup3", "³"},    {"szlig", "ß"},  {"theta", "θ"},  {"thinsp", " "}, {"thorn", "þ"},
    {"times", "×"},   {"trade", "™"},  {"uacute", "ú"}, {"uarr", "↑"},   {"ucirc", "û"},
    {"ugrave", "ù"},  {"uml", "¨"},    {"uuml", "ü"},   {"yacute", "ý"}, {"yen", "¥"},
    {"yuml", "ÿ"},    {"zwj", ""},     {"zwnj", ""},
});

constexpr std::size_t kMaxEntityBytes = 12;

bool is_character(std::uint32_t code) noexcept {
  return code > 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

std::string utf8(std::uint32_t code) {
  const auto tail = [code](unsigned shift) noexcept {
    return static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0U | (code >> 6U)), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0U | (code >> 12U)), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | (code >> 18U)), tail(12), tail(6), tail(0)};
}

// "#8217" or "#x2019".
std::string numbered(std::string_view reference) {
  const bool hex = reference.size() > 1 && (reference[1] == 'x' || reference[1] == 'X');
  const std::string_view digits = reference.substr(hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return {};
  return is_character(code) ? utf8(code) : std::string();
}

}  // namespace

Entity entity_at(std::string_view text) {
  if (text.size() < 3 || text[0] != '&') return {};
  const std::size_t end = text.substr(0, kMaxEntityBytes).find(';');
  if (end == std::string_view::npos || end < 2) return {};
  const std::string_view reference = text.substr(1, end - 1);
  if (reference[0] == '#') {
    std::string made = numbered(reference);
    return made.empty() ? Entity{} : Entity{end + 1, std::move(made)};
  }
  const auto* found = std::lower_bound(
      kNames.begin(), kNames.end(), reference,
      [](const Name& entry, std::string_view wanted) noexcept { return entry.name < wanted; });
  if (found == kNames.end() || found->name != reference) return {};
  return {end + 1, std::string(found->text)};
}

}  // namespace syrinx::text
