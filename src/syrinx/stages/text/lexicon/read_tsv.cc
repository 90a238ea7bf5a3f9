// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/lexicon/lexicon_entry.h"
#include "syrinx/stages/text/lexicon/lexicon_lines.h"
#include "syrinx/stages/text/lexicon/tsv_line.h"
#include "syrinx/stages/text/lexicon/written_pronunciation.h"

namespace syrinx::text {
namespace {

std::string_view next_field(std::string_view& rest) {
  const std::size_t tab = std::min(rest.find('\t'), rest.size());
  const std::string_view field = trimmed(rest.substr(0, tab));
  rest.remove_prefix(std::min(tab + 1, rest.size()));
  return field;
}

bool is_alphabet(std::string_view name) {
  return name == "alias" || name == "respelling" || phoneme_set_named(name).has_value();
}

Result<void> read_line(const TsvLine& line, std::size_t number, LexiconBuilder& builder) {
  LexiconEntry entry;
  entry.spelling = without_variant(line.word);
  entry.part_of_speech = line.part_of_speech;
  entry.line = number;
  if (line.alphabet == "alias") {
    entry.kind = EntryKind::kAlias;
    entry.symbols = line.pronunciation;
    return builder.add(entry);
  }
  const auto said = parse_written_pronunciation(line.pronunciation, line.alphabet);
  if (!said)
    return lexicon_error(number, "'" + std::string(line.word) + "': " + said.error().message);
  entry.symbols = said->symbols;
  entry.set = said->set;
  return builder.add(entry);
}

}  // namespace

std::string tag_spelling(std::string_view written) {
  std::string capitals(written);
  for (char& c : capitals) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return capitals == "NONE" ? "None" : capitals;
}

std::optional<TsvLine> parse_tsv_line(std::string_view text) {
  if (trimmed(text).empty() || trimmed(text).front() == '#') return std::nullopt;
  TsvLine line;
  line.word = next_field(text);
  line.pronunciation = next_field(text);
  while (!text.empty()) {
    const std::string_view field = next_field(text);
    if (field.empty()) continue;
    if (line.alphabet.empty() && is_alphabet(field)) {
      line.alphabet = field;
    } else if (line.part_of_speech.empty()) {
      line.part_of_speech = tag_spelling(field);
    }
  }
  return line;
}

Result<void> read_tsv(std::string_view contents, LexiconBuilder& builder) {
  LexiconLines lines(contents);
  while (lines.next()) {
    if (const auto line = parse_tsv_line(lines.line())) {
      SYRINX_TRY(read_line(*line, lines.number(), builder));
    }
  }
  return {};
}

}  // namespace syrinx::text
