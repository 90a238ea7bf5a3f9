// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/book_marks.h"

#include <algorithm>
#include <cctype>

namespace syrinx::tts {
namespace {

using std::string_view;
using text::InputKind;

constexpr std::size_t kMaxHeadingBytes = 120;
constexpr std::size_t kMaxNameBytes = 40;

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_blank(string_view line) { return std::all_of(line.begin(), line.end(), is_space); }

bool starts_with_word(string_view line, string_view word) {
  if (line.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(line[i]) != word[i]) return false;
  }
  const char next = line.size() > word.size() ? line[word.size()] : ' ';
  return std::isalnum(static_cast<unsigned char>(next)) == 0;
}

struct Line {
  std::size_t begin = 0;
  string_view text;  // Without the line's end.
};

std::vector<Line> lines_of(string_view source) {
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin < source.size();) {
    const std::size_t end = std::min(source.find('\n', begin), source.size());
    string_view text = source.substr(begin, end - begin);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    lines.push_back({begin, text});
    begin = end + 1;
  }
  return lines;
}

SourceSpan span_of(const Line& line) { return {line.begin, line.begin + line.text.size()}; }

// A number in digits or Roman, or in words as "One": anything short will do after "Chapter".
bool is_plain_heading(string_view line) {
  if (line.size() > kMaxHeadingBytes) return false;
  for (const string_view word : {"chapter", "part", "book", "kapitel", "teil"}) {
    if (!starts_with_word(line, word) || line.size() <= word.size() + 1) continue;
    const string_view rest = line.substr(word.size() + 1);
    const auto numeral = [](char c) {
      return std::isdigit(static_cast<unsigned char>(c)) != 0 ||
             string_view("IVXLC").find(c) != string_view::npos;
    };
    const bool numbered = numeral(rest.front());
    for (const string_view number : {"one", "two", "three", "four", "five", "six", "seven", "eight",
                                     "nine", "ten", "eleven", "twelve"}) {
      if (starts_with_word(rest, number)) return true;
    }
    if (numbered) return true;
  }
  for (const string_view word : {"prologue", "epilogue", "preface", "foreword", "introduction",
                                 "afterword", "prolog", "epilog", "vorwort"}) {
    if (starts_with_word(line, word) && line.size() <= word.size() + 1) return true;
  }
  return false;
}

std::vector<SourceSpan> plain_headings(string_view source) {
  std::vector<SourceSpan> marks;
  const auto lines = lines_of(source);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool alone = (i == 0 || is_blank(lines[i - 1].text)) &&
                       (i + 1 == lines.size() || is_blank(lines[i + 1].text));
    if (alone && is_plain_heading(lines[i].text)) marks.push_back(span_of(lines[i]));
  }
  return marks;
}

bool is_fence(string_view line) { return line.starts_with("```") || line.starts_with("~~~"); }

// "===" or "---" and nothing else.
bool is_underline(string_view line) {
  while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
  if (line.size() < 2 || (line[0] != '=' && line[0] != '-')) return false;
  return line.find_first_not_of(line[0]) == string_view::npos;
}

std::vector<SourceSpan> markdown_headings(string_view source) {
  std::vector<SourceSpan> marks;
  const auto lines = lines_of(source);
  std::size_t begin = 0;
  if (!lines.empty() && lines[0].text == "---") {  // A front matter of settings.
    for (begin = 1; begin < lines.size() && lines[begin].text != "---";) ++begin;
    if (begin == lines.size()) begin = 0;
  }
  bool fenced = false;
  for (std::size_t i = begin; i < lines.size(); ++i) {
    const string_view line = lines[i].text;
    if (is_fence(line)) fenced = !fenced;
    if (fenced) continue;
    const bool hashed = line.starts_with("# ") || line.starts_with("## ");
    const bool alone = i == 0 || is_blank(lines[i - 1].text);
    const bool underlined = alone && !is_blank(line) && i + 1 < lines.size() &&
                            is_underline(lines[i + 1].text) && !is_underline(line);
    if (hashed || underlined) marks.push_back(span_of(lines[i]));
  }
  return marks;
}

// Where the tag <name ...> or </name> begins at or after `from`.
std::size_t find_tag(string_view source, string_view name, std::size_t from) {
  for (std::size_t at = source.find('<', from); at != string_view::npos;
       at = source.find('<', at + 1)) {
    if (starts_with_word(source.substr(at + 1), name)) return at;
  }
  return string_view::npos;
}

std::vector<SourceSpan> html_headings(string_view source) {
  std::vector<SourceSpan> marks;
  for (const string_view level : {"h1", "h2"}) {
    const std::string closing = "/" + std::string(level);
    for (std::size_t at = find_tag(source, level, 0); at != string_view::npos;) {
      const std::size_t end = find_tag(source, closing, at);
      if (end == string_view::npos) break;
      marks.push_back({at, end});
      at = find_tag(source, level, end);
    }
  }
  std::sort(marks.begin(), marks.end(),
            [](SourceSpan a, SourceSpan b) { return a.begin < b.begin; });
  return marks;
}

// Whether nothing is written between two places but marks of the layout.
bool nothing_between(string_view source, std::size_t begin, std::size_t end, InputKind kind) {
  bool in_tag = false;
  for (std::size_t at = begin; at < end; ++at) {
    const char c = source[at];
    if (kind == InputKind::kHtml && (c == '<' || in_tag)) {
      in_tag = c != '>';
    } else if (!is_space(c) && (kind == InputKind::kHtml || (c != '=' && c != '-'))) {
      return false;
    }
  }
  return true;
}

std::size_t line_number(string_view source, std::size_t at) {
  return 1 + static_cast<std::size_t>(std::count(
                 source.begin(), source.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

// "[Alice]" or "[Alice]:" at the front of a line, with text behind it; the end of the mark, or 0.
std::size_t mark_size(string_view line) {
  if (line.size() < 3 || line[0] != '[') return 0;
  const std::size_t close = line.find(']');
  if (close == string_view::npos || close < 2 || close > kMaxNameBytes) return 0;
  std::size_t end = close + 1;
  if (end < line.size() && line[end] == ':') ++end;
  if (end < line.size() && !is_space(line[end])) return 0;  // "[a link](...)".
  while (end < line.size() && is_space(line[end])) ++end;
  return end;
}

}  // namespace

std::vector<SourceSpan> find_headings(string_view source, InputKind kind) {
  switch (kind) {
    case InputKind::kPlain:
      return plain_headings(source);
    case InputKind::kMarkdown:
      return markdown_headings(source);
    case InputKind::kHtml:
      return html_headings(source);
    default:
      return {};
  }
}

std::vector<ChapterMark> find_chapters(string_view source, InputKind kind,
                                       const std::vector<SourceSpan>& headings) {
  std::vector<ChapterMark> chapters;
  for (const SourceSpan heading : headings) {
    const bool goes_on = !chapters.empty() &&
                         nothing_between(source, chapters.back().heading.end, heading.begin, kind);
    if (goes_on) {
      chapters.back().heading = heading;
    } else {
      chapters.push_back({heading.begin, heading, ""});
    }
  }
  return chapters;
}

std::optional<std::size_t> find_element(string_view source, string_view id) {
  for (const char quote : {'"', '\''}) {
    const std::string wanted = std::string("id=") + quote + std::string(id) + quote;
    const std::size_t at = source.find(wanted);
    if (at == string_view::npos) continue;
    const std::size_t tag = source.rfind('<', at);
    if (tag != string_view::npos) return tag;
  }
  return std::nullopt;
}

Result<std::vector<SpeakerMark>> find_speakers(string_view source, InputKind kind,
                                               const std::vector<std::string>& names) {
  std::vector<SpeakerMark> marks;
  const bool has_lines = kind == InputKind::kPlain || kind == InputKind::kMarkdown;
  if (names.empty() || !has_lines) return marks;
  for (const Line& line : lines_of(source)) {
    const std::size_t size = mark_size(line.text);
    if (size == 0) continue;
    std::string name(line.text.substr(1, line.text.find(']') - 1));
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      marks.push_back({{line.begin, line.begin + size}, std::move(name)});
    } else if (std::isupper(static_cast<unsigned char>(name[0])) != 0) {
      return make_error(ErrorCode::kNotFound, "line ", line_number(source, line.begin), " is for [",
                        name, "], who has no voice; add ", name, "=VOICE to the cast, or write \\[",
                        name, "] if nobody is meant");
    }
  }
  return marks;
}

}  // namespace syrinx::tts
