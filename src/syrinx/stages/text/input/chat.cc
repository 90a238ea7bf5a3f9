// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/input/chat.h"

#include <array>
#include <cctype>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/input/input.h"
#include "syrinx/stages/text/input/lines.h"
#include "syrinx/stages/text/input/script_builder.h"

// A chat log: one message a line. Said: who and what. Skipped: the time before each message and the
// marks around a name ("<ann>"). Emoji, ":smile:" and abbreviations are the normaliser's.
namespace syrinx::text {
namespace {

using std::string_view;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Bytes of "12:30" or "12:30:05", with " PM", at `at`; 0 where there is none.
std::size_t clock_time(string_view line, std::size_t at) {
  const std::size_t begin = at;
  const auto digits = [&](std::size_t most) {
    std::size_t count = 0;
    while (at < line.size() && count < most && is_digit(line[at])) ++at, ++count;
    return count;
  };
  if (digits(2) == 0 || at >= line.size() || line[at++] != ':' || digits(2) != 2) return 0;
  if (at + 2 < line.size() && line[at] == ':' && is_digit(line[at + 1])) {
    ++at;
    digits(2);
  }
  const string_view rest = line.substr(at, 3);
  if (rest == " AM" || rest == " PM" || rest == " am" || rest == " pm") at += 3;
  return at - begin;
}

// Bytes of "2024-05-03 " or "03/05/2024, " before a time.
std::size_t date_before(string_view line, std::size_t at) {
  std::size_t end = at;
  while (end < line.size() && end - at < 12 &&
         (is_digit(line[end]) || line[end] == '-' || line[end] == '/' || line[end] == '.')) {
    ++end;
  }
  if (end - at < 6) return 0;
  while (end < line.size() && (line[end] == ',' || line[end] == ' ' || line[end] == 'T')) ++end;
  return end - at;
}

class ChatReader {
 public:
  explicit ChatReader(string_view source) : source_(source), builder_(source) {}

  Script read() {
    for (std::size_t at = 0; at < source_.size();) {
      const Line line = line_at(source_, at);
      read_line(line);
      at = line.next;
    }
    return builder_.finish();
  }

 private:
  void read_line(const Line& line) {
    if (is_blank(line.text)) return;
    const std::size_t time = chat_time(line.text);
    builder_.skip(line.begin, line.begin + time, "time of a message");
    say_message(line, line.begin + time);
    builder_.end_sentence();
  }

  // "<ann> hello" is "ann: hello".
  void say_message(const Line& line, std::size_t begin) {
    const string_view text = source_.substr(begin, line.end - begin);
    const std::size_t close = text.find('>');
    if (text.empty() || text[0] != '<' || close == string_view::npos || close > 40)
      return builder_.say(begin, line.end);
    builder_.skip(begin, begin + 1, "markup");
    builder_.say(begin + 1, begin + close);
    builder_.say_instead(":", begin + close, begin + close + 1);
    builder_.say(begin + close + 1, line.end);
  }

  string_view source_;
  ScriptBuilder builder_;
};

}  // namespace

std::size_t chat_time(string_view line) {
  const bool bracketed = !line.empty() && line[0] == '[';
  const std::size_t begin = bracketed ? 1 : 0;
  const std::size_t date = date_before(line, begin);
  const std::size_t time = clock_time(line, begin + date);
  if (time == 0) return 0;
  std::size_t at = begin + date + time;
  if (bracketed) {
    if (at >= line.size() || line[at] != ']') return 0;
    ++at;
  }
  const std::size_t marks = at;
  while (at < line.size() && (line[at] == ' ' || line[at] == '-')) ++at;
  return at > marks ? at : 0;
}

Result<Script> read_chat(string_view source) {
  if (source.size() > limits::kMaxMarkupBytes)
    return make_error(ErrorCode::kLimitExceeded, "the chat log has ", source.size(),
                      " bytes; at most ", limits::kMaxMarkupBytes, " are read at once");
  return ChatReader(source).read();
}

}  // namespace syrinx::text
