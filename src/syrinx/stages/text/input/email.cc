// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/input/email.h"
#include "syrinx/stages/text/input/input.h"
#include "syrinx/stages/text/input/lines.h"
#include "syrinx/stages/text/input/script_builder.h"

// A message as it is pasted or saved (RFC 5322), its text unencoded. Said: who it is from, the
// subject and the new text. Skipped: the other header fields, quoted lines and the line that
// introduces them, what stands below the signature mark (RFC 3676, section 4.3).
namespace syrinx::text {
namespace {

using std::string_view;

constexpr auto kSaidFields = std::to_array<string_view>({"from", "subject"});

std::string lower(string_view text) {
  std::string made(text);
  std::transform(made.begin(), made.end(), made.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return made;
}

// "On 3 May 2024, Ann wrote:", which stands above quoted lines.
bool introduces_quote(string_view line) {
  const string_view end = " wrote:";
  return line.size() > end.size() + 3 && line.substr(0, 3) == "On " &&
         line.substr(line.size() - end.size()) == end;
}

class EmailReader {
 public:
  explicit EmailReader(string_view source) : source_(source), builder_(source) {}

  Script read() {
    std::size_t at = read_header();
    while (at < source_.size()) {
      const Line line = line_at(source_, at);
      if (line.text == "-- " || line.text == "--") break;
      read_line(line);
      at = line.next;
    }
    builder_.skip(at, source_.size(), "signature");
    return builder_.finish();
  }

 private:
  std::size_t read_header() {
    std::size_t at = 0;
    bool said = false;
    while (at < source_.size()) {
      const Line line = line_at(source_, at);
      const bool continues = at > 0 && !line.text.empty() && line.text[0] == ' ';
      const std::size_t colon = header_colon(line.text);
      if (!continues && colon == 0) break;
      if (!continues) said = is_said(line.text.substr(0, colon));
      if (said) {
        say_field(line, continues ? 0 : colon);
      } else {
        builder_.skip(line.begin, line.end, "e-mail header");
      }
      at = line.next;
    }
    return at;
  }

  static bool is_said(string_view field) {
    const std::string name = lower(field);
    return std::find(kSaidFields.begin(), kSaidFields.end(), name) != kSaidFields.end();
  }

  // "Subject: Lunch" is read "Subject: Lunch"; the address after a name is not.
  void say_field(const Line& line, std::size_t colon) {
    const std::size_t address = line.text.find('<', colon);
    const bool named = address != string_view::npos && address > colon + 2;
    builder_.say(line.begin, named ? line.begin + address : line.end);
    if (named) builder_.skip(line.begin + address, line.end, "e-mail address");
    builder_.end_sentence();
  }

  void read_line(const Line& line) {
    if (!line.text.empty() && line.text[0] == '>')
      return builder_.skip(line.begin, line.end, "quoted text");
    const bool before_quote = line.next < source_.size() && source_[line.next] == '>';
    if (before_quote && introduces_quote(line.text))
      return builder_.skip(line.begin, line.end, "quoted text");
    builder_.say(line.begin, line.next);
    if (is_blank(line.text)) builder_.end_paragraph();
  }

  string_view source_;
  ScriptBuilder builder_;
};

}  // namespace

std::size_t header_colon(string_view line) {
  std::size_t at = 0;
  while (at < line.size() &&
         (std::isalnum(static_cast<unsigned char>(line[at])) != 0 || line[at] == '-')) {
    ++at;
  }
  return at > 1 && at + 1 < line.size() && line[at] == ':' && line[at + 1] == ' ' ? at : 0;
}

Result<Script> read_email(string_view source) {
  if (source.size() > limits::kMaxMarkupBytes)
    return make_error(ErrorCode::kLimitExceeded, "the e-mail has ", source.size(),
                      " bytes; at most ", limits::kMaxMarkupBytes, " are read at once");
  return EmailReader(source).read();
}

}  // namespace syrinx::text
