// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "syrinx/stages/text/lexicon/arpabet_names.h"
#include "syrinx/stages/text/lexicon/lexicon_entry.h"
#include "syrinx/stages/text/lexicon/lexicon_lines.h"

namespace syrinx::text {
namespace {

std::string_view without_note(std::string_view line) {
  const std::size_t hash = line.find(" #");
  return trimmed(hash == std::string_view::npos ? line : line.substr(0, hash));
}

}  // namespace

Result<void> read_cmudict(std::string_view contents, LexiconBuilder& builder) {
  LexiconLines lines(contents);
  while (lines.next()) {
    const std::string_view line = without_note(lines.line());
    if (line.empty() || line.substr(0, 3) == ";;;" || line.substr(0, 2) == "# ") continue;
    LexiconEntry entry;
    const std::size_t space = line.find_first_of(" \t");
    entry.spelling = without_variant(line.substr(0, space));
    if (space != std::string_view::npos) entry.symbols = trimmed(line.substr(space));
    entry.line = lines.number();
    if (const auto wrong = first_unknown_arpabet(entry.symbols); !wrong.empty()) {
      return lexicon_error(entry.line,
                           "expected ARPABET phonemes with spaces between them after '" +
                               std::string(entry.spelling) + "', found '" +
                               std::string(wrong.substr(0, 40)) + "'");
    }
    SYRINX_TRY(builder.add(entry));
  }
  return {};
}

}  // namespace syrinx::text
