// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/text_output.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "syrinx/stages/text/alphabet/alphabet.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

json span_json(SourceSpan span) { return {span.begin, span.end}; }

// Characters, for columns: bytes that do not continue one.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string padded(std::string text, std::size_t columns) {
  const std::size_t wide = width(text);
  return text + std::string(columns > wide ? columns - wide : 0, ' ');
}

std::string said(const SpokenToken& token) {
  if (!token.skipped.empty()) return "(" + token.skipped + ")";
  std::string words;
  for (const SpokenWord& word : token.words) words += (words.empty() ? "" : " ") + word.text;
  return words;
}

std::string symbols(const SpokenWord& word) {
  return word.pronunciation ? word.pronunciation->symbols : "?";
}

std::string_view separator(PhonemeSet set) { return set == PhonemeSet::kArpabet ? " | " : " "; }

std::string pronounced(const SpokenToken& token) {
  std::string line;
  for (const SpokenWord& word : token.words) {
    const PhonemeSet set = word.pronunciation ? word.pronunciation->set : PhonemeSet::kIpa;
    line += (line.empty() ? "" : std::string(separator(set))) + symbols(word);
  }
  return line;
}

// The rule, and for each word who said how it is pronounced; the same answer once.
std::string why(const SpokenToken& token) {
  std::vector<std::string> reasons;
  if (!token.rule.empty()) reasons.push_back(token.rule);
  for (const SpokenWord& word : token.words) {
    if (!word.decided_by.empty() &&
        std::find(reasons.begin(), reasons.end(), word.decided_by) == reasons.end())
      reasons.push_back(word.decided_by);
  }
  std::string line;
  for (const std::string& reason : reasons) line += (line.empty() ? "" : "; ") + reason;
  return line;
}

// Marks that Kokoro's voices were trained with.
bool is_kokoro_mark(std::string_view mark) {
  constexpr std::string_view kMarks = ";:,.!?\"()";
  return (mark.size() == 1 && kMarks.find(mark[0]) != std::string_view::npos) || mark == "—" ||
         mark == "…" || mark == "...";
}

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

using Row = std::array<std::string, 5>;

Row event_row(const tts::SentenceEvent& event) {
  if (event.kind == text::ScriptItemKind::kMark) return {"", "mark", event.name, "", "markup"};
  if (event.kind == text::ScriptItemKind::kAudio) return {"", "audio", event.name, "", "markup"};
  char pause[32];
  std::snprintf(pause, sizeof pause, "(%.2f s)", event.pause_s);
  return {"", "pause", pause, "", "markup"};
}

json event_json(const tts::SentenceEvent& event) {
  json document = {{"token", event.token}, {"source", span_json(event.source)}};
  if (event.kind == text::ScriptItemKind::kPause) document["pause_s"] = event.pause_s;
  if (event.kind == text::ScriptItemKind::kMark) document["mark"] = event.name;
  if (event.kind == text::ScriptItemKind::kAudio) document["audio"] = event.name;
  return document;
}

}  // namespace

std::string phoneme_line(const std::vector<SpokenToken>& tokens, PhonemeSet set) {
  std::string line;
  for (const SpokenToken& token : tokens) {
    if (token.words.empty()) {
      if (set == PhonemeSet::kKokoro && is_kokoro_mark(token.written))
        line += token.written == "..." ? "…" : token.written;
      continue;
    }
    for (const SpokenWord& word : token.words) {
      if (!word.pronunciation || word.pronunciation->symbols.empty()) continue;
      line += (line.empty() ? "" : std::string(separator(set))) + word.pronunciation->symbols;
    }
  }
  return line;
}

std::string explanation(const tts::ReadSentence& sentence) {
  std::array<std::size_t, 4> columns = {7, 5, 4, 8};
  std::vector<Row> rows = {{"written", "class", "said", "phonemes", "why"}};
  auto event = sentence.events.begin();
  for (std::size_t i = 0; i <= sentence.tokens.size(); ++i) {
    for (; event != sentence.events.end() && event->token <= i; ++event) {
      rows.push_back(event_row(*event));
    }
    if (i == sentence.tokens.size()) break;
    const SpokenToken& token = sentence.tokens[i];
    rows.push_back({token.written, std::string(name_of(token.token_class)), said(token),
                    pronounced(token), why(token)});
  }
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i] = std::min<std::size_t>(48, std::max(columns[i], width(row[i])));
    }
  }
  std::string table;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) table += padded(row[i], columns[i] + 2);
    table += row[4] + "\n";
  }
  for (const tts::SkippedText& skipped : sentence.skipped) {
    if (!skipped.text.empty())
      table += "not said: " + skipped.text.substr(0, 60) + " (" + skipped.reason + ")\n";
  }
  return table;
}

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

std::string markup_notes(const std::vector<text::ElementReport>& report) {
  std::string notes;
  for (const text::ElementReport& entry : report) {
    if (entry.honoured == text::Honoured::kHonoured) continue;
    notes += "byte " + std::to_string(entry.source.begin) + ": " + entry.element + " was " +
             kHonoured[static_cast<std::size_t>(entry.honoured)] +
             (entry.note.empty() ? "" : ": " + entry.note) + "\n";
  }
  return notes;
}

}  // namespace syrinx::cli
