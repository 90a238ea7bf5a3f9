// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/normaliser.h"

#include "syrinx/stages/text/normalise/de/german.h"
#include "syrinx/stages/text/normalise/en/english.h"
#include "syrinx/stages/text/normalise/language.h"
#include "syrinx/stages/text/normalise/pieces.h"

namespace syrinx::text {
namespace {

// One line per language that is there.
std::unique_ptr<const LanguageNormaliser> make(const NormaliserOptions& options) {
  const std::string language = lower_case(options.language);
  if (language == "en" || language == "en-us") return en::make_english(false, options.style);
  if (language == "en-gb") return en::make_english(true, options.style);
  if (language == "de" || language == "de-de") return de::make_german();
  return nullptr;
}

}  // namespace

Normaliser::Normaliser(std::unique_ptr<const LanguageNormaliser> language)
    : language_(std::move(language)) {}
Normaliser::Normaliser(Normaliser&&) noexcept = default;
Normaliser& Normaliser::operator=(Normaliser&&) noexcept = default;
Normaliser::~Normaliser() = default;

Result<Normaliser> Normaliser::create(const NormaliserOptions& options) {
  auto language = make(options);
  if (!language) {
    return make_error(ErrorCode::kUnsupported, "no text normaliser for the language '",
                      options.language, "'; choose en-US, en-GB or de-DE");
  }
  return Normaliser(std::move(language));
}

std::vector<SpokenToken> Normaliser::normalise(const MappedText& sentence) const {
  return language_->normalise(sentence);
}

Result<std::vector<SpokenToken>> Normaliser::say_as(const MappedText& text,
                                                    const SayAs& how) const {
  return language_->say_as(text, how);
}

}  // namespace syrinx::text
