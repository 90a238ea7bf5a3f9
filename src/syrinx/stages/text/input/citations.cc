// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/input/citations.h"

#include <cctype>
#include <string_view>

namespace syrinx::text {
namespace {

using std::string_view;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || static_cast<signed char>(c) < 0;
}

// Bytes of "[12]" or "[3, 4-5]" or "[citation needed]" at `at`, or 0.
std::size_t reference_at(string_view text, std::size_t at) {
  constexpr string_view kNeeded = "[citation needed]";
  if (text.substr(at, kNeeded.size()) == kNeeded) return kNeeded.size();
  std::size_t end = at + 1;
  std::size_t digits = 0;
  bool after_separator = true;
  for (; end < text.size() && end - at < 40 && text[end] != ']'; ++end) {
    if (is_digit(text[end])) {
      if (++digits > 3) return 0;
      after_separator = false;
      continue;
    }
    const bool dash = text.substr(end, 3) == "\xE2\x80\x93";
    if (!dash && text[end] != ',' && text[end] != '-' && text[end] != ' ' && text[end] != ';')
      return 0;
    if (after_separator && text[end] != ' ') return 0;
    after_separator = true;
    digits = 0;
    if (dash) end += 2;
  }
  const bool closed = end < text.size() && text[end] == ']';
  return closed && !after_separator ? end + 1 - at : 0;
}

// Whether what stands around [at, end) is that of a reference.
bool hangs(string_view text, std::size_t at, std::size_t end) {
  const string_view before = text.substr(0, at);
  const char last = before.empty() ? '\0' : before.back();
  const char next = end < text.size() ? text[end] : '\0';
  const bool ends_clause =
      next == '\0' || next == '.' || next == ',' || next == ';' || next == '\n' || next == '[';
  if (last == ' ') return before.size() > 1 && (ends_clause || next == ')');
  if (last == '.' || last == ',' || last == ';' || last == '"' || last == ')' || last == ']')
    return true;
  const bool word = before.size() > 1 && is_letter(last) && is_letter(before[before.size() - 2]);
  return word && (ends_clause || next == ' ');
}

}  // namespace

void drop_citations(CleanText& clean) {
  const string_view text = clean.text.text();
  if (text.find('[') == string_view::npos) return;
  MappedText kept;
  std::size_t from = 0;
  for (std::size_t at = text.find('['); at != string_view::npos; at = text.find('[', at + 1)) {
    const std::size_t size = reference_at(text, at);
    if (size == 0 || !hangs(text, at, at + size)) continue;
    const std::size_t begin = at > from && text[at - 1] == ' ' ? at - 1 : at;
    kept.append(clean.text.slice(from, begin));
    const SourceSpan source = clean.text.source_of(begin, at + size);
    kept.append("", source);
    clean.dropped.push_back({clean.text.source_of(at, at + size), "reference"});
    from = at + size;
    at = from - 1;
  }
  kept.append(clean.text.slice(from, clean.text.size()));
  clean.text = std::move(kept);
}

}  // namespace syrinx::text
