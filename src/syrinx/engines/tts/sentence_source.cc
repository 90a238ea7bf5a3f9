// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/sentence_source.h"

#include <algorithm>
#include <utility>

#include "syrinx/engines/tts/voices.h"
#include "syrinx/stages/text/sentence_splitter.h"
#include "syrinx/stages/text/ssml/shorthand.h"
#include "syrinx/stages/text/ssml/ssml.h"

namespace syrinx::tts {
namespace {

using text::InputKind;
using text::Script;
using text::ScriptItem;
using text::ScriptItemKind;

// Line ends are white space like any other in these; nowhere else.
bool ignores_lines(InputKind kind) { return kind == InputKind::kSsml || kind == InputKind::kHtml; }

MappedText on_one_line(const MappedText& text) {
  MappedText line;
  std::size_t begin = 0;
  for (std::size_t at = text.text().find('\n'); at != std::string::npos;
       at = text.text().find('\n', begin)) {
    line.append(text.slice(begin, at));
    line.append(" ", text.source_of(at, at + 1));
    begin = at + 1;
  }
  line.append(text.slice(begin, text.size()));
  return line;
}

bool is_event(ScriptItemKind kind) {
  return kind == ScriptItemKind::kPause || kind == ScriptItemKind::kMark ||
         kind == ScriptItemKind::kAudio;
}

// Collects the items of one paragraph and cuts them into sentences.
class Paragraph {
 public:
  Paragraph(InputKind kind, std::string_view language) : kind_(kind), language_(language) {}

  void add(ScriptItem item) {
    if (item.kind == ScriptItemKind::kText) {
      text_.append(ignores_lines(kind_) ? on_one_line(item.text) : item.text);
      const SourceSpan source = item.source.size() > 0 ? item.source : item.text.source();
      areas_.push_back({source, std::move(item.style), std::move(item.say_as),
                        std::move(item.pronunciation), std::move(item.part_of_speech)});
    } else if (is_event(item.kind)) {
      events_.push_back({item.kind, 0, item.pause_s, std::move(item.name), item.source});
    } else if (item.kind == ScriptItemKind::kSkipped) {
      skipped_.push_back({"", item.source, std::move(item.name)});
    }
  }

  // Gives out what was collected and begins anew.
  void flush(bool ends_paragraph, std::deque<RawSentence>& out) {
    text::SentenceSplitter splitter(language_);
    splitter.push(text_.text());
    splitter.finish();
    const std::size_t before = out.size();
    while (const auto cut = splitter.next()) {
      const SourceSpan place = cut->piece.source;
      out.push_back(sentence(text_.slice(place.begin, place.end)));
      out.back().ends_paragraph = cut->ends_paragraph;
    }
    const bool none = out.size() == before;
    if (none && (!events_.empty() || !skipped_.empty())) out.emplace_back();
    if (!out.empty() && (out.size() > before)) {
      take_rest(out.back());
      out.back().ends_paragraph = ends_paragraph;
    }
    *this = Paragraph(kind_, language_);
  }

 private:
  RawSentence sentence(MappedText text) {
    RawSentence raw;
    const SourceSpan source = text.source();
    while (area_ < areas_.size() && areas_[area_].source.end <= source.begin) ++area_;
    for (std::size_t i = area_; i < areas_.size() && areas_[i].source.begin < source.end; ++i) {
      raw.areas.push_back(areas_[i]);
    }
    while (event_ < events_.size() && events_[event_].source.begin < source.end) {
      raw.events.push_back(std::move(events_[event_++]));
    }
    while (skip_ < skipped_.size() && skipped_[skip_].source.begin < source.end) {
      raw.skipped.push_back(std::move(skipped_[skip_++]));
    }
    raw.text = std::move(text);
    return raw;
  }

  void take_rest(RawSentence& last) {
    while (event_ < events_.size()) last.events.push_back(std::move(events_[event_++]));
    while (skip_ < skipped_.size()) last.skipped.push_back(std::move(skipped_[skip_++]));
  }

  InputKind kind_;
  std::string_view language_;
  MappedText text_;
  std::vector<MarkedArea> areas_;
  std::vector<SentenceEvent> events_;
  std::vector<SkippedText> skipped_;
  std::size_t area_ = 0;  // What stands before is of earlier sentences.
  std::size_t event_ = 0;
  std::size_t skip_ = 0;
};

// The marks of plain text inside the texts of a script, as "[pause:1s]" in Markdown.
void read_marks(Script& script) {
  std::vector<ScriptItem> items;
  for (ScriptItem& item : script.items) {
    if (item.kind != ScriptItemKind::kText || item.pronunciation ||
        item.text.text().find('[') == std::string::npos) {
      items.push_back(std::move(item));
      continue;
    }
    Script inner = text::parse_shorthand(item.text);
    for (ScriptItem& part : inner.items) {
      part.style = item.style;
      items.push_back(std::move(part));
    }
    std::move(inner.report.begin(), inner.report.end(), std::back_inserter(script.report));
  }
  script.items = std::move(items);
}

std::deque<RawSentence> sentences_of(const Script& script, InputKind kind,
                                     std::string_view language) {
  std::deque<RawSentence> sentences;
  Paragraph paragraph(kind, language);
  for (const ScriptItem& item : script.items) {
    if (item.kind == ScriptItemKind::kSentenceEnd || item.kind == ScriptItemKind::kParagraphEnd) {
      paragraph.flush(item.kind == ScriptItemKind::kParagraphEnd, sentences);
    } else {
      paragraph.add(item);
    }
  }
  paragraph.flush(true, sentences);
  return sentences;
}

bool speaks(const acoustic::VoiceInfo& voice, const std::vector<std::string>& languages) {
  return languages.empty() ||
         std::any_of(languages.begin(), languages.end(), [&voice](const std::string& language) {
           return voice.language.substr(0, 2) == language.substr(0, 2);
         });
}

// The first of the names that there is, else the variant-th voice of the gender and language.
std::optional<std::string> choose_voice(const text::VoiceRequest& request) {
  const auto voices = available_voices();
  for (const std::string& name : request.names) {
    for (const auto& voice : voices) {
      if (voice.name == name) return name;
    }
  }
  if (!request.names.empty() && request.gender.empty()) return std::nullopt;
  int left = request.variant.value_or(1);
  for (const auto& voice : voices) {
    const bool fits = request.gender.empty() || voice.gender == request.gender;
    if (fits && speaks(voice, request.languages) && --left == 0) return voice.name;
  }
  return std::nullopt;
}

Result<Script> read_script(std::string_view source, InputKind kind) {
  switch (kind) {
    case InputKind::kSsml:
      return text::parse_ssml(source, {choose_voice, std::nullopt, 0});
    case InputKind::kMarkdown:
      return text::read_markdown(source);
    case InputKind::kHtml:
      return text::read_html(source);
    case InputKind::kEmail:
      return text::read_email(source);
    case InputKind::kChat:
      return text::read_chat(source);
    case InputKind::kPlain:
      break;
  }
  return text::read_plain(source);
}

Result<void> read_all(TextSource& text, std::string& whole, const std::stop_token& stop) {
  std::string piece;
  while (true) {
    SYRINX_ASSIGN(const bool more, text.next(piece, stop));
    if (!more) return {};
    whole += piece;
  }
}

// What a skipped item of the script was written as.
void fill_skipped(std::deque<RawSentence>& sentences, std::string_view source) {
  for (RawSentence& sentence : sentences) {
    for (SkippedText& skipped : sentence.skipped) {
      skipped.text = std::string(source.substr(skipped.source.begin, skipped.source.size()));
    }
  }
}

}  // namespace

struct SentenceSource::Plain {
  std::unique_ptr<TextSource> text;
  text::SentenceSplitter splitter;
  bool ended = false;
};

SentenceSource::SentenceSource(InputKind kind) : kind_(kind) {}
SentenceSource::SentenceSource(SentenceSource&&) noexcept = default;
SentenceSource& SentenceSource::operator=(SentenceSource&&) noexcept = default;
SentenceSource::~SentenceSource() = default;

Result<SentenceSource> SentenceSource::open(std::unique_ptr<TextSource> text,
                                            std::optional<InputKind> kind,
                                            std::string_view language,
                                            const std::stop_token& stop) {
  std::string first;
  SYRINX_ASSIGN(const bool more, text->next(first, stop));
  SentenceSource source(kind ? *kind : text::detect_input(first));
  if (source.kind_ == InputKind::kPlain) {
    source.plain_.reset(new Plain{std::move(text), text::SentenceSplitter(language)});
    source.plain_->splitter.push(first);
    source.plain_->ended = !more;
    if (!more) source.plain_->splitter.finish();
    return source;
  }
  if (more) SYRINX_TRY(read_all(*text, first, stop));
  SYRINX_ASSIGN(source.script_, read_script(first, source.kind_));
  if (source.kind_ != InputKind::kSsml) read_marks(source.script_);
  source.sentences_ = sentences_of(source.script_, source.kind_, language);
  source.script_.items.clear();
  fill_skipped(source.sentences_, first);
  return source;
}

RawSentence plain_sentence(const MappedText& text, bool ends_paragraph) {
  RawSentence raw;
  raw.ends_paragraph = ends_paragraph;
  if (text.text().find('[') == std::string::npos) {
    raw.text = text;
    return raw;
  }
  for (ScriptItem& item : text::parse_shorthand(text).items) {
    if (item.kind == ScriptItemKind::kText) {
      raw.text.append(item.text);
      if (item.pronunciation)
        raw.areas.push_back(
            {item.text.source(), {}, std::nullopt, std::move(item.pronunciation), ""});
    } else if (is_event(item.kind)) {
      raw.events.push_back({item.kind, 0, item.pause_s, std::move(item.name), item.source});
    } else if (item.kind == ScriptItemKind::kSkipped) {
      raw.skipped.push_back({"", item.source, std::move(item.name)});
    }
  }
  return raw;
}

Result<std::optional<RawSentence>> SentenceSource::next(const std::stop_token& stop) {
  if (!plain_) {
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
    if (sentences_.empty()) return std::optional<RawSentence>();
    std::optional<RawSentence> sentence = std::move(sentences_.front());
    sentences_.pop_front();
    return sentence;
  }
  std::string piece;
  while (true) {
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
    if (const auto cut = plain_->splitter.next()) {
      const MappedText text(cut->piece.text, cut->piece.source.begin);
      return std::optional(plain_sentence(text, cut->ends_paragraph));
    }
    if (plain_->ended) return std::optional<RawSentence>();
    SYRINX_ASSIGN(const bool more, plain_->text->next(piece, stop));
    if (more) plain_->splitter.push(piece);
    if (!more) plain_->splitter.finish();
    plain_->ended = !more;
  }
}

}  // namespace syrinx::tts
