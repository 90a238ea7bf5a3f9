// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/speech/captions.h"

#include <cmath>

namespace syrinx::server {
namespace {

using nlohmann::json;

double whole_milliseconds(double seconds) {
  return std::isfinite(seconds) ? std::round(seconds * 1000.0) / 1000.0 : 0.0;
}

json span_json(const SourceSpan& span) { return {span.begin, span.end}; }

json phonemes_json(const tts::SpokenSentence& sentence) {
  json list = json::array();
  for (const TimedPhoneme& timed : sentence.phonemes) {
    list.push_back({{"symbol", timed.phoneme.symbol},
                    {"stress", timed.phoneme.stress},
                    {"source", span_json(timed.phoneme.source)},
                    {"begin_s", whole_milliseconds(timed.begin_s)},
                    {"end_s", whole_milliseconds(timed.end_s)}});
  }
  return list;
}

}  // namespace

json caption_json(const tts::SpokenSentence& sentence) {
  json document = {{"text", sentence.piece.text},
                   {"source", span_json(sentence.piece.source)},
                   {"begin_s", whole_milliseconds(sentence.begin_s)},
                   {"end_s", whole_milliseconds(sentence.end_s)},
                   {"words", json::array()},
                   {"phonemes", phonemes_json(sentence)},
                   {"marks", json::array()},
                   {"skipped", json::array()}};
  for (const TimedWord& word : sentence.words) {
    document["words"].push_back({{"text", word.text},
                                 {"source", span_json(word.source)},
                                 {"begin_s", whole_milliseconds(word.begin_s)},
                                 {"end_s", whole_milliseconds(word.end_s)}});
  }
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
