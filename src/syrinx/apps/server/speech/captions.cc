// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/speech/captions.h"

#include <cmath>

#include "syrinx/engines/tts/timestamps.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

double whole_milliseconds(double seconds) {
  return std::isfinite(seconds) ? std::round(seconds * 1000.0) / 1000.0 : 0.0;
}

json span_json(const SourceSpan& span) { return {span.begin, span.end}; }

// What a word, a character, a phoneme and a viseme have in common.
template <typename Timed>
json timed_json(json item, const SourceSpan& source, const Timed& timed) {
  item["source"] = span_json(source);
  item["begin_s"] = whole_milliseconds(timed.begin_s);
  item["end_s"] = whole_milliseconds(timed.end_s);
  return item;
}

json words_json(const tts::SpokenSentence& sentence) {
  json list = json::array();
  for (const TimedWord& word : sentence.words)
    list.push_back(timed_json({{"text", word.text}}, word.source, word));
  return list;
}

json phonemes_json(const tts::SpokenSentence& sentence) {
  json list = json::array();
  for (const TimedPhoneme& timed : sentence.phonemes) {
    const Phoneme& phoneme = timed.phoneme;
    list.push_back(timed_json({{"symbol", phoneme.symbol}, {"stress", phoneme.stress}},
                              phoneme.source, timed));
  }
  return list;
}

json characters_json(const tts::SpokenSentence& sentence) {
  json list = json::array();
  const auto characters = tts::time_characters(sentence);
  for (const tts::TimedCharacter& character : characters)
    list.push_back(timed_json({{"text", character.text}}, character.source, character));
  return list;
}

json visemes_json(const tts::SpokenSentence& sentence) {
  json list = json::array();
  const auto visemes = tts::time_visemes(sentence);
  for (const tts::TimedViseme& viseme : visemes)
    list.push_back(timed_json({{"id", viseme.id}}, viseme.source, viseme));
  return list;
}

}  // namespace

json caption_json(const tts::SpokenSentence& sentence, const CaptionParts& parts) {
  json document = {{"text", sentence.piece.text},
                   {"source", span_json(sentence.piece.source)},
                   {"begin_s", whole_milliseconds(sentence.begin_s)},
                   {"end_s", whole_milliseconds(sentence.end_s)},
                   {"marks", json::array()},
                   {"skipped", json::array()}};
  if (parts.words) document["words"] = words_json(sentence);
  if (parts.phonemes) document["phonemes"] = phonemes_json(sentence);
  if (parts.characters) document["characters"] = characters_json(sentence);
  if (parts.visemes) document["visemes"] = visemes_json(sentence);
  for (const tts::TimedMark& mark : sentence.marks) {
    document["marks"].push_back({{"name", mark.name},
                                 {"source", span_json(mark.source)},
                                 {"at_s", whole_milliseconds(mark.at_s)}});
  }
  for (const tts::SkippedText& skipped : sentence.skipped) {
    document["skipped"].push_back({{"text", skipped.text},
                                   {"source", span_json(skipped.source)},
                                   {"reason", skipped.reason}});
  }
  return document;
}

std::string json_line(const json& document) {
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace syrinx::server
