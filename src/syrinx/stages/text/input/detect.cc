// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/input/chat.h"
#include "syrinx/stages/text/input/email.h"
#include "syrinx/stages/text/input/input.h"
#include "syrinx/stages/text/input/lines.h"
#include "syrinx/stages/text/input/script_builder.h"

namespace syrinx::text {
namespace {

using std::string_view;

constexpr auto kNames =
    std::to_array<string_view>({"plain", "markdown", "html", "email", "chat", "ssml"});

// What counts as evidence, over the first lines.
struct Evidence {
  int lines = 0;
  int times = 0;          // Lines that begin as a chat log's do.
  int header_fields = 0;  // Before the first blank line.
  int markdown = 0;
  int tags = 0;
};

string_view trimmed(string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  return begin == string_view::npos ? string_view() : line.substr(begin);
}

bool begins(string_view line, string_view with) { return line.substr(0, with.size()) == with; }

// "# Title", "```", "> quote", "| a | b |", "- [ ] task".
int line_evidence(string_view line) {
  const std::size_t hashes = line.find_first_not_of('#');
  if (hashes != string_view::npos && hashes > 0 && hashes <= 6 && line[hashes] == ' ') return 2;
  if (begins(line, "```") || begins(line, "~~~")) return 2;
  if (begins(line, "- [ ] ") || begins(line, "- [x] ")) return 2;
  if (line.size() > 2 && line.front() == '|' && line.back() == '|') return 1;
  if (begins(line, "* ") || begins(line, "- ") || begins(line, "> ")) return 1;
  return 0;
}

// "](" of links and pairs of "**".
int inline_evidence(string_view line) {
  int found = 0;
  const std::size_t link = line.find("](");
  if (link != string_view::npos && line.find(')', link) != string_view::npos &&
      line.substr(link + 2, 1) != "/" && line.find('[') < link)
    found += 2;
  const std::size_t strong = line.find("**");
  if (strong != string_view::npos && line.find("**", strong + 2) != string_view::npos) found += 2;
  return found;
}

int tag_evidence(string_view line) {
  constexpr auto kTags = std::to_array<string_view>(
      {"<p>",   "<p ",   "</p>", "<div", "<br",      "<span",     "<a href",
       "<html", "<body", "<li>", "<ul",  "<table",   "<h1",       "<h2",
       "<h3",   "<b>",   "<i>",  "<em>", "<strong>", "<!DOCTYPE", "<!doctype"});
  return static_cast<int>(std::count_if(kTags.begin(), kTags.end(), [line](string_view tag) {
    return line.find(tag) != string_view::npos;
  }));
}

Evidence collect(string_view head) {
  Evidence evidence;
  bool in_header = true;
  for (std::size_t at = 0; at < head.size();) {
    const Line line = line_at(head, at);
    at = line.next;
    if (is_blank(line.text)) in_header = false;
    if (is_blank(line.text)) continue;
    ++evidence.lines;
    in_header = in_header && header_colon(line.text) > 0;
    evidence.header_fields += in_header ? 1 : 0;
    evidence.times += chat_time(line.text) > 0 ? 1 : 0;
    evidence.markdown += line_evidence(trimmed(line.text)) + inline_evidence(line.text);
    evidence.tags += tag_evidence(line.text);
  }
  return evidence;
}

bool names_mail_fields(string_view head) {
  return head.find("Subject: ") != string_view::npos && head.find("From: ") != string_view::npos;
}

}  // namespace

string_view name_of(InputKind kind) noexcept { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<InputKind> input_kind(string_view name) noexcept {
  for (const InputKind kind : kInputKinds) {
    if (name_of(kind) == name) return kind;
  }
  return std::nullopt;
}

InputKind detect_input(string_view source) {
  const string_view head = source.substr(0, limits::kMaxDetectedBytes);
  const string_view start = trimmed(head.substr(0, std::min<std::size_t>(head.size(), 512)));
  if (begins(start, "<speak")) return InputKind::kSsml;
  if (begins(start, "<?xml") && head.find("<speak") != string_view::npos) return InputKind::kSsml;
  if (begins(start, "<!DOCTYPE html") || begins(start, "<!doctype html") || begins(start, "<html"))
    return InputKind::kHtml;
  const Evidence evidence = collect(head);
  if (evidence.header_fields >= 2 && names_mail_fields(head)) return InputKind::kEmail;
  if (evidence.times >= 2 && evidence.times * 2 >= evidence.lines) return InputKind::kChat;
  if (evidence.tags >= 2) return InputKind::kHtml;
  if (evidence.markdown >= 2) return InputKind::kMarkdown;
  return InputKind::kPlain;
}

Result<Script> read_plain(string_view source) {
  ScriptBuilder builder(source);
  builder.say(0, source.size());
  return builder.finish();
}

}  // namespace syrinx::text
