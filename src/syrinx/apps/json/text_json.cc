// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/json/text_json.h"

#include <array>

#include "syrinx/stages/text/alphabet/alphabet.h"

namespace syrinx::json {
namespace {

using nlohmann::json;

json span_json(SourceSpan span) { return {span.begin, span.end}; }

constexpr std::array<const char*, 3> kHonoured = {"honoured", "approximated", "ignored"};

json word_json(const SpokenWord& word) {
  json document = {{"text", word.text},
                   {"source", span_json(word.source)},
                   {"is_letter_name", word.is_letter_name},
                   {"part_of_speech", word.part_of_speech},
                   {"decided_by", word.decided_by}};
  if (word.pronunciation) {
    document["phonemes"] = word.pronunciation->symbols;
    document["phoneme_set"] = text::name_of(word.pronunciation->set);
  }
  return document;
}

json token_json(const SpokenToken& token) {
  json document = {{"written", token.written},
                   {"source", span_json(token.source)},
                   {"class", name_of(token.token_class)},
                   {"rule", token.rule},
                   {"words", json::array()}};
  for (const SpokenWord& word : token.words) document["words"].push_back(word_json(word));
  if (!token.skipped.empty()) document["skipped"] = token.skipped;
  return document;
}

json style_json(const tts::StyleRun& run) {
  constexpr std::array<const char*, 4> kEmphasis = {"none", "reduced", "moderate", "strong"};
  const text::SpeechStyle& style = run.style;
  json document = {{"token", run.token},
                   {"rate", style.prosody.rate},
                   {"pitch_semitones", style.prosody.pitch_semitones},
                   {"volume_db", style.prosody.volume_db},
                   {"emphasis", kEmphasis[static_cast<std::size_t>(style.emphasis)]}};
  if (!style.voice.empty()) document["voice"] = style.voice;
  if (!style.language.empty()) document["language"] = style.language;
  if (!style.emotion.empty())
    document["emotion"] = {{"name", style.emotion}, {"intensity", style.emotion_intensity}};
  return document;
}

json event_json(const tts::SentenceEvent& event) {
  json document = {{"token", event.token}, {"source", span_json(event.source)}};
  if (event.kind == text::ScriptItemKind::kPause) document["pause_s"] = event.pause_s;
  if (event.kind == text::ScriptItemKind::kMark) document["mark"] = event.name;
  if (event.kind == text::ScriptItemKind::kAudio) document["audio"] = event.name;
  return document;
}

}  // namespace

json sentence_json(const tts::ReadSentence& sentence) {
  json document = {{"text", sentence.written.text()},
                   {"source", span_json(sentence.written.source())},
                   {"ends_paragraph", sentence.ends_paragraph},
                   {"tokens", json::array()},
                   {"styles", json::array()},
                   {"events", json::array()},
                   {"skipped", json::array()}};
  for (const SpokenToken& token : sentence.tokens) document["tokens"].push_back(token_json(token));
  for (const tts::StyleRun& run : sentence.styles) document["styles"].push_back(style_json(run));
  for (const auto& event : sentence.events) document["events"].push_back(event_json(event));
  for (const tts::SkippedText& skipped : sentence.skipped) {
    document["skipped"].push_back({{"text", skipped.text},
                                   {"source", span_json(skipped.source)},
                                   {"reason", skipped.reason}});
  }
  return document;
}

json markup_json(const std::vector<text::ElementReport>& report) {
  json list = json::array();
  for (const text::ElementReport& entry : report) {
    list.push_back({{"element", entry.element},
                    {"source", span_json(entry.source)},
                    {"status", kHonoured[static_cast<std::size_t>(entry.honoured)]},
                    {"note", entry.note}});
  }
  return list;
}

}  // namespace syrinx::json
