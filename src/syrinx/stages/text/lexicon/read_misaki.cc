// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>

#include "syrinx/stages/text/lexicon/lexicon_entry.h"

namespace syrinx::text {
namespace {

void append_utf8(std::string& text, std::uint32_t code) {
  const auto put = [&text](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

// Reads the JSON that these lexicons are (an object of texts, or of objects of texts and nulls) as
// it goes by: a tree of it would take five times the memory and cost the line numbers.
class MisakiReader {
 public:
  MisakiReader(std::string_view contents, LexiconBuilder& builder)
      : text_(contents), builder_(builder) {}

  Result<void> read() {
    SYRINX_TRY(members([this](const std::string& word) { return word_value(word); }));
    skip_space();
    return at_ < text_.size() ? fail("expected nothing after the closing '}'") : Result<void>();
  }

 private:
  template <class Value>
  Result<void> members(Value value);
  Result<void> word_value(const std::string& word);
  Result<void> reading(const std::string& word, std::string_view part_of_speech);
  Result<std::string> string();
  Result<void> escape(std::string& value);
  Result<std::uint32_t> unit();
  Error fail(std::string_view what) const { return lexicon_error(line_, what); }

  void skip_space() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c != ' ' && c != '\n' && c != '\t' && c != '\r') break;
    }
  }
  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1;
  LexiconBuilder& builder_;
};

// {"key": value, ...}; `value` reads what stands after each colon.
template <class Value>
Result<void> MisakiReader::members(Value value) {
  if (!take('{')) return fail("expected '{'");
  if (take('}')) return {};
  do {
    skip_space();
    SYRINX_ASSIGN(const std::string key, string());
    if (!take(':')) return fail("expected ':' after \"" + key.substr(0, 40) + "\"");
    skip_space();
    SYRINX_TRY(value(key));
  } while (take(','));
  return take('}') ? Result<void>() : fail("expected ',' or '}'");
}

Result<void> MisakiReader::word_value(const std::string& word) {
  if (at_ < text_.size() && text_[at_] == '"') return reading(word, "");
  if (at_ >= text_.size() || text_[at_] != '{') {
    return fail("expected phonemes in quotes, or '{', after \"" + word.substr(0, 40) + "\"");
  }
  return members(
      [&](const std::string& key) { return reading(word, key == "DEFAULT" ? "" : key); });
}

Result<void> MisakiReader::reading(const std::string& word, std::string_view part_of_speech) {
  LexiconEntry entry;
  entry.spelling = word;
  entry.set = PhonemeSet::kKokoro;
  entry.part_of_speech = part_of_speech;
  entry.line = line_;
  if (text_.substr(at_, 4) == "null") {
    at_ += 4;
    entry.kind = EntryKind::kLetters;
    return builder_.add(entry);
  }
  SYRINX_ASSIGN(const std::string symbols, string());
  entry.symbols = symbols;
  return builder_.add(entry);
}

Result<std::string> MisakiReader::string() {
  if (at_ >= text_.size() || text_[at_] != '"') return fail("expected a text in quotes");
  std::string value;
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      return value;
    }
    if (static_cast<unsigned char>(c) < 0x20) return fail("expected '\"' before the line's end");
    if (c != '\\') {
      value.push_back(c);
    } else {
      SYRINX_TRY(escape(value));
    }
  }
  return fail("expected '\"' before the file's end");
}

// Pre: at the backslash. Leaves at_ at the escape's last character.
Result<void> MisakiReader::escape(std::string& value) {
  constexpr std::string_view kNames = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
  ++at_;
  if (at_ >= text_.size()) return fail("expected a character after the backslash");
  if (const auto which = kNames.find(text_[at_]); which != std::string_view::npos) {
    value.push_back(kMeant[which]);
    return {};
  }
  if (text_[at_] != 'u') return fail("expected an escape of JSON after the backslash");
  SYRINX_ASSIGN(std::uint32_t code, unit());
  if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_ + 1, 2) == "\\u") {
    at_ += 2;
    SYRINX_ASSIGN(const std::uint32_t low, unit());
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  if ((code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) {
    return fail("expected a character, found half of one");
  }
  append_utf8(value, code);
  return {};
}

// The four digits after "u". Leaves at_ at the last.
Result<std::uint32_t> MisakiReader::unit() {
  std::uint32_t code = 0;
  for (int digit = 0; digit < 4; ++digit) {
    ++at_;
    const auto value =
        at_ < text_.size()
            ? std::string_view("0123456789abcdef").find(static_cast<char>(text_[at_] | 0x20))
            : std::string_view::npos;
    if (value == std::string_view::npos) return fail("expected four digits after \\u");
    code = code << 4 | static_cast<std::uint32_t>(value);
  }
  return code;
}

}  // namespace

Result<void> read_misaki(std::string_view contents, LexiconBuilder& builder) {
  return MisakiReader(contents, builder).read();
}

}  // namespace syrinx::text
