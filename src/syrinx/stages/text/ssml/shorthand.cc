// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ssml/shorthand.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/ssml/style_values.h"

namespace syrinx::text {
namespace {

constexpr std::string_view kPause = "[pause:";

// The pronunciation in IPA, or else in Kokoro's alphabet, which people also write between slashes.
std::optional<Pronunciation> read_pronunciation(std::string_view symbols, std::string& why_not) {
  for (const PhonemeSet set : {PhonemeSet::kIpa, PhonemeSet::kKokoro}) {
    Pronunciation pronunciation{set, std::string(symbols)};
    const auto phonemes = parse_phonemes(pronunciation);
    if (phonemes && !phonemes->empty()) return pronunciation;
    if (set == PhonemeSet::kIpa) why_not = phonemes ? "no phonemes" : phonemes.error().message;
  }
  return std::nullopt;
}

class ShorthandReader {
 public:
  explicit ShorthandReader(const MappedText& text) : mapped_(text), text_(text.text()) {}

  Script read() {
    while (at_ < text_.size()) {
      if (escaped() || pause() || pronounced()) continue;
      const std::size_t next = std::min(text_.find_first_of("[\\", at_ + 1), text_.size());
      take(next - at_);
    }
    end_text();
    return std::move(script_);
  }

 private:
  // "\[" and "\]": the bracket, which came from both bytes.
  bool escaped() {
    const std::string_view two = text_.substr(at_, 2);
    if (two != "\\[" && two != "\\]") return false;
    plain_.append(two.substr(1), mapped_.source_of(at_, at_ + 2));
    at_ += 2;
    return true;
  }

  bool pause() {
    const std::string_view rest = text_.substr(at_, limits::kMaxShorthandBytes);
    if (!begins_pause(rest)) return false;
    const std::size_t close = rest.find_first_of("[]\n", 1);
    const bool closed = close != std::string_view::npos && rest[close] == ']';
    const auto seconds =
        closed ? read_time_s(rest.substr(kPause.size(), close - kPause.size())) : std::nullopt;
    if (!seconds) {
      report(rest.substr(0, closed ? close + 1 : kPause.size()), Honoured::kIgnored,
             "not a pause; expected [pause:1.5s] or [pause:300ms]. It is said as it is written");
      take(kPause.size());
      return true;
    }
    const bool too_long = *seconds > limits::kMaxPauseS;
    report(rest.substr(0, close + 1), too_long ? Honoured::kApproximated : Honoured::kHonoured,
           too_long ? "cut to 60 s" : "");
    ScriptItem item;
    item.kind = ScriptItemKind::kPause;
    item.pause_s = std::min(*seconds, limits::kMaxPauseS);
    add(std::move(item), close + 1);
    return true;
  }

  static bool begins_pause(std::string_view rest) {
    if (rest.size() < kPause.size()) return false;
    return std::equal(kPause.begin(), kPause.end(), rest.begin(), [](char a, char b) {
      return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
    });
  }

  // "[word](/ipa/)": the word, and its mark beside it.
  bool pronounced() {
    const std::string_view rest = text_.substr(at_, limits::kMaxShorthandBytes);
    if (rest.empty() || rest.front() != '[') return false;
    const std::size_t middle = rest.find("](/");
    const std::size_t inner = rest.find_first_of("[]\n", 1);
    if (middle == std::string_view::npos || inner != middle || middle == 1) return false;
    const std::size_t end = rest.find("/)", middle + 3);
    const std::string_view symbols =
        end == std::string_view::npos ? "" : rest.substr(middle + 3, end - middle - 3);
    if (end == std::string_view::npos || symbols.find('\n') != std::string_view::npos) {
      report(rest.substr(0, middle + 3), Honoured::kIgnored,
             "not a pronunciation; expected [word](/ipa/). It is said as it is written");
      return false;
    }
    add_pronounced(rest.substr(0, end + 2), middle, symbols);
    return true;
  }

  void add_pronounced(std::string_view mark, std::size_t middle, std::string_view symbols) {
    std::string why_not;
    auto pronunciation = read_pronunciation(symbols, why_not);
    const SourceSpan whole = mapped_.source_of(at_, at_ + mark.size());
    report(mark, pronunciation ? Honoured::kHonoured : Honoured::kIgnored,
           pronunciation ? "" : why_not + ". The word is said by the rules");
    if (pronunciation) {
      end_text();
      ScriptItem item;
      item.text = part(at_ + 1, at_ + middle);
      item.pronunciation = std::move(pronunciation);
      item.source = whole;
      script_.items.push_back(std::move(item));
      at_ += mark.size();
      return;
    }
    const std::size_t end = at_ + mark.size();
    plain_.append("", mapped_.source_of(at_, at_ + 1));  // The bracket is the word's.
    at_ += 1;
    take(middle - 1);
    ScriptItem skipped;
    skipped.kind = ScriptItemKind::kSkipped;
    skipped.name = "unreadable pronunciation";
    add(std::move(skipped), end - at_);
  }

  MappedText part(std::size_t begin, std::size_t end) const {
    MappedText made;
    for (std::size_t i = begin; i < end; ++i) {
      made.append(text_.substr(i, 1), mapped_.source_of(i, i + 1));
    }
    return made;
  }

  // The next bytes are text.
  void take(std::size_t bytes) {
    for (const std::size_t end = at_ + bytes; at_ < end; ++at_) {
      plain_.append(text_.substr(at_, 1), mapped_.source_of(at_, at_ + 1));
    }
  }

  // The next bytes are an item that says nothing.
  void add(ScriptItem item, std::size_t bytes) {
    end_text();
    item.source = mapped_.source_of(at_, at_ + bytes);
    script_.items.push_back(std::move(item));
    at_ += bytes;
  }

  void end_text() {
    if (plain_.empty()) return;
    ScriptItem item;
    item.text = std::exchange(plain_, {});
    item.source = item.text.source();
    script_.items.push_back(std::move(item));
  }

  void report(std::string_view mark, Honoured honoured, std::string_view note) {
    script_.report.push_back({std::string(mark), mapped_.source_of(at_, at_ + mark.size()),
                              honoured, std::string(note)});
  }

  const MappedText& mapped_;
  std::string_view text_;
  std::size_t at_ = 0;
  MappedText plain_;
  Script script_;
};

}  // namespace

Script parse_shorthand(const MappedText& text) { return ShorthandReader(text).read(); }

Script parse_shorthand(std::string_view source, std::size_t source_begin) {
  return parse_shorthand(MappedText(source, source_begin));
}

}  // namespace syrinx::text
