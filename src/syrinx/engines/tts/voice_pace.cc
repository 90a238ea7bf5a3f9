// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/voice_pace.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "syrinx/engines/tts/sentence_source.h"
#include "syrinx/engines/tts/text_source.h"

namespace syrinx::tts {
namespace {

// No commas: a pause within would be measured, too.
constexpr const char* kEnglish =
    "The birch canoe slid on the smooth planks. It is easy to tell the depth of a well. "
    "These days a chicken leg is a rare dish. The juice of lemons makes fine punch.";
constexpr const char* kGerman =
    "Der Hund schläft unter dem alten Tisch. Am Abend gehen alle müde nach Hause. "
    "Die Kinder spielen vor dem Haus am See. Heute scheint die Sonne auf die Dächer.";

const char* sentences_of(const std::string& language) {
  if (language.starts_with("en")) return kEnglish;
  if (language.starts_with("de")) return kGerman;
  return nullptr;
}

}  // namespace

Result<std::optional<double>> measure_pace_s(SpeechStream& voice, const std::stop_token& stop) {
  const std::string& language = voice.voice().language;
  const char* const text = sentences_of(language);
  if (text == nullptr) return std::optional<double>();
  SYRINX_ASSIGN(auto source, SentenceSource::open(text_from_string(text), text::InputKind::kPlain,
                                                  language, stop));
  double spoken_s = 0;
  SpokenSentence spoken;
  while (true) {
    SYRINX_ASSIGN(auto sentence, source.next(stop));
    if (!sentence) break;
    SYRINX_ASSIGN(const bool heard, voice.say(std::move(*sentence), spoken, stop));
    if (heard && !spoken.words.empty())
      spoken_s += spoken.words.back().end_s - spoken.words.front().begin_s;
  }
  if (!(spoken_s > 0)) return std::optional<double>();
  return std::optional<double>(spoken_s * voice.own_prosody().rate);
}

double pace_factor(double voice_s, double narrator_s) noexcept {
  const double factor = std::round(100 * voice_s / narrator_s) / 100;
  return std::clamp(factor, kMinPaceFactor, kMaxPaceFactor);
}

}  // namespace syrinx::tts
