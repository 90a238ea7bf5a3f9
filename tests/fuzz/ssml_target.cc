// SPDX-License-Identifier: Apache-2.0
#include "fuzz/ssml_target.h"

#include <cmath>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/alphabet/voice_symbols.h"
#include "syrinx/stages/text/ssml/shorthand.h"
#include "syrinx/stages/text/ssml/ssml.h"

namespace syrinx::fuzz {
namespace {

constexpr std::size_t kSourceBegin = 1'000;

bool is_sound(const text::SpeechStyle& style) {
  for (const text::ContourPoint& point : style.contour) {
    if (!(point.position >= 0 && point.position <= 1) || !std::isfinite(point.semitones))
      return false;
  }
  return style.prosody.rate > 0 && std::isfinite(style.prosody.rate) &&
         std::isfinite(style.prosody.pitch_semitones) && std::isfinite(style.prosody.volume_db) &&
         std::isfinite(style.pitch_range) && style.voice.size() <= limits::kMaxSsmlNameBytes &&
         style.emotion_intensity >= 0 && style.emotion_intensity <= 1;
}

std::string check_script(const text::Script& script, std::size_t begin, std::size_t end) {
  const auto within = [&](SourceSpan span) {
    return span.begin >= begin && span.begin <= span.end && span.end <= end;
  };
  std::size_t at = begin;
  for (const text::ScriptItem& item : script.items) {
    if (!within(item.source)) return "an item outside of its source";
    if (item.source.begin < at) return "an item before the one before it";
    at = item.source.begin;
    if (!(item.pause_s >= 0 && item.pause_s <= limits::kMaxPauseS)) return "a pause out of limits";
    if (!is_sound(item.style)) return "a style that nothing can be";
    if (!item.text.empty() && !within(item.text.source())) return "text outside of its source";
    for (std::size_t i = 0; i < item.text.size(); ++i) {
      if (!within(item.text.source_of(i, i + 1))) return "a byte from outside of the source";
    }
  }
  for (const text::ElementReport& entry : script.report) {
    if (!within(entry.source) || entry.element.empty()) return "a report of nothing";
    if (entry.honoured != text::Honoured::kHonoured && entry.note.empty())
      return "a report without a reason";
  }
  return {};
}

// What plain text says, skips and reads as marks is all of it.
std::string check_shorthand(std::string_view bytes) {
  const text::Script script = text::parse_shorthand(bytes, kSourceBegin);
  std::size_t at = kSourceBegin;
  for (const text::ScriptItem& item : script.items) {
    if (item.source.begin != at) return "plain text that was lost";
    at = item.source.end;
  }
  if (at != kSourceBegin + bytes.size()) return "the end of plain text that was lost";
  return check_script(script, kSourceBegin, at);
}

std::string check_alphabets(std::string_view bytes) {
  for (const PhonemeSet set :
       {PhonemeSet::kArpabet, PhonemeSet::kIpa, PhonemeSet::kKokoro, PhonemeSet::kXSampa}) {
    const auto phonemes = text::parse_phonemes({set, std::string(bytes)});
    if (!phonemes) continue;
    const Pronunciation written = text::write_phonemes(set, *phonemes);
    if (written.symbols.size() > limits::kMaxPronunciationBytes) continue;
    const auto again = text::parse_phonemes(written);
    if (!again || again->size() != phonemes->size()) return "phonemes that change when written";
    for (const PhonemeSet to :
         {PhonemeSet::kArpabet, PhonemeSet::kIpa, PhonemeSet::kKokoro, PhonemeSet::kXSampa}) {
      const auto made = text::convert(written, to, text::Dialect::kGb);
      if (!made && made.error().message.empty()) return "a conversion that fails without a word";
    }
  }
  static_cast<void>(text::piper_code_points(bytes));
  const text::KokoroIds ids = text::kokoro_ids(bytes);
  return ids.ids.size() == ids.begins.size() ? "" : "ids without places";
}

}  // namespace

SsmlOutcome read_as_speech_markup(std::string_view bytes) {
  SsmlOutcome outcome;
  const auto script = text::parse_ssml(bytes, {.source_begin = kSourceBegin});
  outcome.is_ssml = script.has_value();
  static_cast<void>(text::looks_like_ssml(bytes));
  if (script) {
    outcome.broken = check_script(*script, kSourceBegin, kSourceBegin + bytes.size());
    if (!text::looks_like_ssml(bytes)) outcome.broken = "SSML that does not look like it";
  } else if (!script.error().message.starts_with("line ")) {
    outcome.broken = "an error without a place: " + script.error().message;
  }
  if (outcome.broken.empty()) outcome.broken = check_shorthand(bytes);
  if (outcome.broken.empty()) outcome.broken = check_alphabets(bytes);
  return outcome;
}

}  // namespace syrinx::fuzz
