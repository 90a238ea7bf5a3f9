// SPDX-License-Identifier: Apache-2.0
#include <md4c.h>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/input/entities.h"
#include "syrinx/stages/text/input/input.h"
#include "syrinx/stages/text/input/script_builder.h"

// Markdown (CommonMark 0.30 with GitHub's tables, strikethrough and task lists). Said: text,
// headings, list items, table cells, code in a line, a link's text, a picture's description.
// Skipped: marks, code blocks, addresses behind links, raw HTML, a front matter of settings.
namespace syrinx::text {
namespace {

class MarkdownReader {
 public:
  explicit MarkdownReader(std::string_view source) : source_(source), builder_(source) {}

  Result<Script> read() {
    const std::size_t begin = skip_front_matter();
    body_ = source_.substr(begin);
    MD_PARSER parser{};
    parser.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS;
    parser.enter_block = [](MD_BLOCKTYPE type, void*, void* self) {
      return as_reader(self).enter_block(type);
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
      return as_reader(self).leave_block(type);
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) {
      return as_reader(self).enter_span(type, detail);
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* self) {
      return as_reader(self).leave_span(type);
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* self) {
      return as_reader(self).text(type, {text, size});
    };
    if (md_parse(body_.data(), static_cast<MD_SIZE>(body_.size()), &parser, this) != 0)
      return make_error(ErrorCode::kCorruptData,
                        "the Markdown parser gave up on this text; read it ",
                        "as plain text instead");
    return builder_.finish();
  }

 private:
  static MarkdownReader& as_reader(void* self) { return *static_cast<MarkdownReader*>(self); }

  // "---", lines of settings, "---" at the very start.
  std::size_t skip_front_matter() {
    if (source_.substr(0, 4) != "---\n") return 0;
    const std::size_t end = source_.find("\n---\n", 3);
    if (end == std::string_view::npos) return 0;
    builder_.skip(0, end + 5, "front matter");
    return end + 5;
  }

  int enter_block(MD_BLOCKTYPE type) {
    if (type == MD_BLOCK_CODE) in_code_ = true;
    if (type == MD_BLOCK_HTML) in_html_ = true;
    if (type == MD_BLOCK_CODE) builder_.name_gaps("code block");
    if ((type == MD_BLOCK_TD || type == MD_BLOCK_TH) && cells_++ > 0) builder_.say_comma();
    if (type == MD_BLOCK_TR) cells_ = 0;
    return 0;
  }

  int leave_block(MD_BLOCKTYPE type) {
    in_code_ = in_code_ && type != MD_BLOCK_CODE;
    in_html_ = in_html_ && type != MD_BLOCK_HTML;
    if (type == MD_BLOCK_CODE) code_ended_ = true;
    if (type == MD_BLOCK_P || type == MD_BLOCK_H || type == MD_BLOCK_TABLE)
      builder_.end_paragraph();
    if (type == MD_BLOCK_LI || type == MD_BLOCK_TR) builder_.end_sentence();
    return 0;
  }

  int enter_span(MD_SPANTYPE type, void* detail) {
    SpeechStyle& style = builder_.style();
    if (type == MD_SPAN_EM && ++emphasised_ > 0) style.emphasis = Emphasis::kModerate;
    if (type == MD_SPAN_STRONG && ++emphasised_ > 0) style.emphasis = Emphasis::kStrong;
    if (type == MD_SPAN_A) enter_link(static_cast<const MD_SPAN_A_DETAIL*>(detail)->href);
    return 0;
  }

  // "[word](/ipa/)" is a pronunciation; any other target is an address.
  void enter_link(const MD_ATTRIBUTE& href) {
    const std::string_view target(href.text == nullptr ? "" : href.text, href.size);
    if (target.size() > 2 && target.front() == '/' && target.back() == '/' &&
        target.find('/', 1) == target.size() - 1)
      builder_.pronounce(
          Pronunciation{PhonemeSet::kIpa, std::string(target.substr(1, target.size() - 2))});
  }

  int leave_span(MD_SPANTYPE type) {
    if (type == MD_SPAN_EM || type == MD_SPAN_STRONG) {
      if (--emphasised_ == 0) builder_.style().emphasis = Emphasis::kNone;
    }
    if (type == MD_SPAN_A) {
      builder_.pronounce(std::nullopt);
      builder_.name_gaps("address of a link");
      named_ = true;
    }
    if (type == MD_SPAN_IMG) {
      builder_.name_gaps("address of a picture");
      named_ = true;
    }
    return 0;
  }

  bool in_source(std::string_view text) const {
    return !text.empty() && text.data() >= source_.data() &&
           text.data() + text.size() <= source_.data() + source_.size();
  }

  int text(MD_TEXTTYPE type, std::string_view text) {
    if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) {
      if (!in_code_ && !in_html_) builder_.say_space();
      return 0;
    }
    if (!in_source(text)) return 0;
    const auto begin = static_cast<std::size_t>(text.data() - source_.data());
    const std::size_t end = begin + text.size();
    if (in_code_) {
      builder_.skip(begin, end, "code block");
    } else if (in_html_ || type == MD_TEXT_HTML) {
      builder_.skip(begin, end, "markup");
    } else {
      say(type, text, begin, end);
    }
    return 0;
  }

  void say(MD_TEXTTYPE type, std::string_view text, std::size_t begin, std::size_t end) {
    const Entity entity = type == MD_TEXT_ENTITY ? entity_at(text) : Entity{};
    if (entity.size > 0) {
      builder_.say_instead(entity.text, begin, end);
    } else {
      builder_.say(begin, end);
    }
    if (named_ || code_ended_) builder_.name_gaps("markup");
    named_ = code_ended_ = false;
  }

  std::string_view source_;
  std::string_view body_;
  ScriptBuilder builder_;
  bool in_code_ = false;
  bool in_html_ = false;
  bool named_ = false;  // The next gap has a name of its own.
  bool code_ended_ = false;
  int emphasised_ = 0;
  int cells_ = 0;
};

}  // namespace

Result<Script> read_markdown(std::string_view source) {
  if (source.size() > limits::kMaxMarkupBytes)
    return make_error(ErrorCode::kLimitExceeded, "the Markdown text has ", source.size(),
                      " bytes; at most ", limits::kMaxMarkupBytes,
                      " are read at once: split it, or read it as plain text");
  return MarkdownReader(source).read();
}

}  // namespace syrinx::text
