// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/text_output.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "syrinx/stages/text/alphabet/alphabet.h"

namespace syrinx::cli {
namespace {

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

using Row = std::array<std::string, 5>;

Row event_row(const tts::SentenceEvent& event) {
  if (event.kind == text::ScriptItemKind::kMark) return {"", "mark", event.name, "", "markup"};
  if (event.kind == text::ScriptItemKind::kAudio) return {"", "audio", event.name, "", "markup"};
  char pause[32];
  std::snprintf(pause, sizeof pause, "(%.2f s)", event.pause_s);
  return {"", "pause", pause, "", "markup"};
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
