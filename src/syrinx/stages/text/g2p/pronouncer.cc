// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/pronouncer.h"

#include <utility>

#include "syrinx/stages/text/g2p/ascii_case.h"
#include "syrinx/stages/text/g2p/language_words.h"
#include "syrinx/stages/text/g2p/sentence_pass.h"

namespace syrinx::text {
namespace {

Result<Dialect> dialect_of(std::string_view language) {
  const std::string lower = ascii_lower(language);
  if (lower == "en" || lower == "en-us") return Dialect::kUs;
  if (lower == "en-gb") return Dialect::kGb;
  return make_error(ErrorCode::kUnsupported, "there are no pronunciations for the language '",
                    language, "'; there are en-US and en-GB");
}

}  // namespace

struct Pronouncer::Parts {
  PronouncerOptions options;
  Dialect dialect = Dialect::kUs;
  std::unique_ptr<LanguageWords> language;
};

Pronouncer::Pronouncer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Pronouncer::Pronouncer(Pronouncer&&) noexcept = default;
Pronouncer& Pronouncer::operator=(Pronouncer&&) noexcept = default;
Pronouncer::~Pronouncer() = default;

Result<Pronouncer> Pronouncer::create(PronouncerOptions options) {
  auto parts = std::make_unique<Parts>();
  SYRINX_ASSIGN(parts->dialect, dialect_of(options.language));
  SYRINX_ASSIGN(parts->language, LanguageWords::create(options.set, parts->dialect));
  parts->options = std::move(options);
  return Pronouncer(std::move(parts));
}

void Pronouncer::pronounce(std::vector<SpokenToken>& sentence, const LexiconList& extra) const {
  LexiconList lexicons = extra;
  if (parts_->options.lexicons) {
    const LexiconList own = parts_->options.lexicons->snapshot();
    lexicons.insert(lexicons.end(), own.begin(), own.end());
  }
  SentencePass(sentence, lexicons, *parts_->language, parts_->options.homographs).run();
}

}  // namespace syrinx::text
