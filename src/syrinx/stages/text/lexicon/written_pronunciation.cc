// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/lexicon/written_pronunciation.h"

#include <utility>

#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/lexicon/arpabet_names.h"
#include "syrinx/stages/text/lexicon/lexicon_lines.h"
#include "syrinx/stages/text/lexicon/spelling.h"

namespace syrinx::text {
namespace {

bool stands_between(std::string_view text, char open, char close) {
  return text.size() >= 2 && text.front() == open && text.back() == close;
}

// Reads it once, so that what is wrong is said now, and writes it the usual way.
Result<Pronunciation> checked(PhonemeSet set, std::string_view symbols) {
  const Pronunciation written{set, std::string(symbols)};
  SYRINX_ASSIGN(const auto phonemes, parse_phonemes(written));
  if (phonemes.empty()) {
    return make_error(ErrorCode::kInvalidArgument, "'", symbols, "' has no phoneme");
  }
  return write_phonemes(set, phonemes);
}

Result<Pronunciation> respelt(std::string_view written) {
  SYRINX_ASSIGN(std::string symbols, respelling_to_arpabet(written));
  return Pronunciation{PhonemeSet::kArpabet, std::move(symbols)};
}

Result<Pronunciation> by_look(std::string_view written) {
  if (stands_between(written, '/', '/') || stands_between(written, '[', ']')) {
    return checked(PhonemeSet::kIpa, written.substr(1, written.size() - 2));
  }
  if (!is_ascii(written)) return checked(PhonemeSet::kIpa, written);
  if (first_unknown_arpabet(written).empty()) return checked(PhonemeSet::kArpabet, written);
  return respelt(written);
}

}  // namespace

Result<Pronunciation> parse_written_pronunciation(std::string_view written,
                                                  std::string_view alphabet) {
  written = trimmed(written);
  if (written.empty()) {
    return make_error(ErrorCode::kInvalidArgument,
                      "expected a pronunciation: IPA as /ˈlɛksɪkən/, "
                      "ARPABET as L EH1 K S IH0 K AH0 N, or a respelling as LEK-sih-kun");
  }
  if (alphabet.empty()) return by_look(written);
  if (alphabet == "respelling") return respelt(written);
  const auto set = phoneme_set_named(alphabet);
  if (!set) {
    return make_error(ErrorCode::kInvalidArgument, "there is no alphabet '", alphabet,
                      "'; there are ipa, arpabet, x-sampa, kokoro and respelling");
  }
  if (*set == PhonemeSet::kIpa && stands_between(written, '/', '/')) return by_look(written);
  return checked(*set, written);
}

}  // namespace syrinx::text
