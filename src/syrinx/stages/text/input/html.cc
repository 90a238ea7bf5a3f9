// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/input/entities.h"
#include "syrinx/stages/text/input/input.h"
#include "syrinx/stages/text/input/script_builder.h"

// HTML as a tokenizer sees it (HTML 5, section 13.2.5, without building a tree): enough to know
// what a person would read, however broken the nesting. Said: text and a picture's `alt`. Skipped:
// tags, comments, scripts, styles, code blocks, navigation, the head but its title.
namespace syrinx::text {
namespace {

using std::string_view;

constexpr auto kParagraphs = std::to_array<string_view>(
    {"address", "article", "aside",   "blockquote", "body",       "br",     "caption", "dd",
     "div",     "dl",      "dt",      "figure",     "figcaption", "footer", "h1",      "h2",
     "h3",      "h4",      "h5",      "h6",         "header",     "hr",     "main",    "ol",
     "p",       "section", "summary", "table",      "title",      "ul"});
constexpr auto kSentences = std::to_array<string_view>({"li", "option", "tr"});

struct Silent {
  string_view tag;
  string_view reason;
};
constexpr auto kSilent = std::to_array<Silent>({{"script", "script"},
                                                {"style", "style sheet"},
                                                {"pre", "code block"},
                                                {"nav", "navigation"},
                                                {"template", "template"},
                                                {"noscript", "markup"},
                                                {"svg", "drawing"},
                                                {"math", "formula markup"},
                                                {"iframe", "embedded page"},
                                                {"textarea", "form"},
                                                {"select", "form"}});

template <class List>
bool listed(const List& list, string_view tag) {
  return std::find(list.begin(), list.end(), tag) != list.end();
}

bool starts_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

struct Tag {
  std::string name;  // Lower case.
  bool closes = false;
  std::size_t begin = 0;
  std::size_t end = 0;           // After '>'.
  std::string_view alternative;  // Of alt="...".
};

class HtmlReader {
 public:
  explicit HtmlReader(string_view source) : source_(source), builder_(source) {}

  Script read() {
    while (at_ < source_.size()) {
      if (source_[at_] == '<' && take_markup()) continue;
      take_text();
    }
    return builder_.finish();
  }

 private:
  // False when the '<' is only a character.
  bool take_markup() {
    if (source_.substr(at_, 4) == "<!--") return pass("-->", "comment");
    if (source_.substr(at_, 9) == "<![CDATA[") return pass("]]>", "markup");
    const char next = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
    if (next == '!' || next == '?') return pass(">", "markup");
    const bool closes = next == '/';
    const std::size_t name = at_ + (closes ? 2 : 1);
    if (name >= source_.size() || !starts_name(source_[name])) return false;
    return take_tag(tag_at(name, closes));
  }

  bool pass(string_view until, const char* reason) {
    const std::size_t found = source_.find(until, at_ + 1);
    const std::size_t end = found == string_view::npos ? source_.size() : found + until.size();
    builder_.skip(at_, end, reason);
    at_ = end;
    return true;
  }

  Tag tag_at(std::size_t name, bool closes) {
    Tag tag;
    tag.begin = at_;
    tag.closes = closes;
    std::size_t at = name;
    while (at < source_.size() && (std::isalnum(static_cast<unsigned char>(source_[at])) != 0 ||
                                   source_[at] == '-' || source_[at] == ':')) {
      tag.name += static_cast<char>(std::tolower(static_cast<unsigned char>(source_[at++])));
    }
    while (at < source_.size() && source_[at] != '>') at = after_attribute(at, tag);
    tag.end = std::min(at + 1, source_.size());
    return tag;
  }

  // Past one attribute, its quoted value or one other character.
  std::size_t after_attribute(std::size_t at, Tag& tag) {
    const bool alternative = source_.substr(at, 4) == "alt=";
    if (alternative) at += 4;
    if (at < source_.size() && (source_[at] == '"' || source_[at] == '\'')) {
      const std::size_t close = source_.find(source_[at], at + 1);
      const std::size_t end = close == string_view::npos ? source_.size() : close;
      if (alternative) tag.alternative = source_.substr(at + 1, end - at - 1);
      return std::min(end + 1, source_.size());
    }
    return at + (alternative ? 0 : 1);
  }

  bool take_tag(const Tag& tag) {
    at_ = tag.end;
    for (const Silent& silent : kSilent) {
      if (!tag.closes && tag.name == silent.tag) {
        skip_element(tag, silent.reason);
        return true;
      }
    }
    if (tag.name == "img" && !tag.alternative.empty()) {
      const auto begin = static_cast<std::size_t>(tag.alternative.data() - source_.data());
      say_decoded(begin, begin + tag.alternative.size());
    }
    builder_.skip(std::max(tag.begin, said_), tag.end, "markup");
    said_ = tag.end;
    if (listed(kParagraphs, tag.name)) builder_.end_paragraph();
    if (listed(kSentences, tag.name)) builder_.end_sentence();
    if (!tag.closes && (tag.name == "tr")) cells_ = 0;
    if (!tag.closes && (tag.name == "td" || tag.name == "th") && cells_++ > 0) builder_.say_comma();
    emphasise(tag);
    return true;
  }

  void emphasise(const Tag& tag) {
    const bool strong = tag.name == "strong" || tag.name == "b";
    if (!strong && tag.name != "em" && tag.name != "i") return;
    builder_.style().emphasis =
        tag.closes ? Emphasis::kNone : (strong ? Emphasis::kStrong : Emphasis::kModerate);
  }

  // To the closing tag of the same name; an unclosed one swallows only its own tag.
  void skip_element(const Tag& tag, string_view reason) {
    const std::string closing = "</" + tag.name;
    std::size_t at = tag.end;
    while (true) {
      at = source_.find('<', at);
      if (at == string_view::npos) break;
      if (closes_here(at, closing)) break;
      ++at;
    }
    std::size_t end = tag.end;
    if (at != string_view::npos) {
      const std::size_t close = source_.find('>', at);
      end = close == string_view::npos ? source_.size() : close + 1;
    }
    builder_.skip(tag.begin, end, std::string(reason));
    builder_.end_paragraph();
    at_ = said_ = end;
  }

  bool closes_here(std::size_t at, string_view closing) const {
    if (at + closing.size() > source_.size()) return false;
    for (std::size_t i = 0; i < closing.size(); ++i) {
      const auto byte = static_cast<unsigned char>(source_[at + i]);
      if (std::tolower(byte) != closing[i]) return false;
    }
    return true;
  }

  void take_text() {
    std::size_t end = source_.find('<', at_ + 1);
    if (end == string_view::npos) end = source_.size();
    say_decoded(at_, end);
    at_ = end;
  }

  void say_decoded(std::size_t begin, std::size_t end) {
    std::size_t from = begin;
    for (std::size_t at = begin; at < end;) {
      const Entity entity = source_[at] == '&' ? entity_at(source_.substr(at, end - at)) : Entity{};
      if (entity.size == 0) {
        ++at;
        continue;
      }
      builder_.say(from, at);
      builder_.say_instead(entity.text, at, at + entity.size);
      from = at += entity.size;
    }
    builder_.say(from, end);
    said_ = end;
  }

  string_view source_;
  ScriptBuilder builder_;
  std::size_t at_ = 0;
  std::size_t said_ = 0;  // Everything before is said or skipped.
  int cells_ = 0;
};

}  // namespace

Result<Script> read_html(string_view source) {
  if (source.size() > limits::kMaxMarkupBytes)
    return make_error(ErrorCode::kLimitExceeded, "the HTML page has ", source.size(),
                      " bytes; at most ", limits::kMaxMarkupBytes, " are read at once: split it");
  return HtmlReader(source).read();
}

}  // namespace syrinx::text
