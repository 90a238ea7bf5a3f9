// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/text_reader.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <mutex>
#include <utility>

#include "syrinx/core/base/log.h"
#include "syrinx/engines/tts/sentence_source.h"
#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/ascii_fold.h"
#include "syrinx/stages/text/g2p/pronouncer.h"
#include "syrinx/stages/text/homograph/homographs.h"
#include "syrinx/stages/text/input/citations.h"
#include "syrinx/stages/text/normalise/normaliser.h"
#include "syrinx/stages/text/ssml/ssml.h"
#include "syrinx/stages/text/unicode/clean_text.h"

namespace syrinx::tts {
namespace {

using text::InputKind;

bool is_english(std::string_view language) { return language.substr(0, 2) == "en"; }

// The language as it is usually written: "en-us" and "en" are "en-US", "de" is "de-DE".
std::string usual_tag(std::string_view language) {
  std::string tag(language);
  for (std::size_t i = 0; i < tag.size(); ++i) {
    const auto letter = static_cast<unsigned char>(tag[i]);
    tag[i] =
        static_cast<char>(i > 2 && tag.size() == 5 ? std::toupper(letter) : std::tolower(letter));
  }
  if (tag == "en") return "en-US";
  return tag == "de" ? "de-DE" : tag;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<signed char>(c) >= 0; });
}

// The bytes of `text` that come from `source`.
SourceSpan bytes_from(const MappedText& text, SourceSpan source) {
  std::size_t begin = 0;
  while (begin < text.size() && text.source_of(begin, begin + 1).begin < source.begin) ++begin;
  std::size_t end = begin;
  while (end < text.size() && text.source_of(end, end + 1).begin < source.end) ++end;
  return {begin, end};
}

bool same_style(const text::SpeechStyle& a, const text::SpeechStyle& b) {
  return a.prosody.rate == b.prosody.rate && a.prosody.volume_db == b.prosody.volume_db &&
         a.prosody.pitch_semitones == b.prosody.pitch_semitones && a.pitch_range == b.pitch_range &&
         a.contour.size() == b.contour.size() && a.emphasis == b.emphasis && a.voice == b.voice &&
         a.language == b.language && a.emotion == b.emotion &&
         a.emotion_intensity == b.emotion_intensity;
}

bool overlap(SourceSpan a, SourceSpan b) { return a.begin < b.end && b.begin < a.end; }

// All tokens within the area become one word that is said as the markup has it.
void pronounce_area(std::vector<SpokenToken>& tokens, SourceSpan area, const Pronunciation& as) {
  const auto inside = [area](const SpokenToken& token) { return overlap(token.source, area); };
  const auto first = std::find_if(tokens.begin(), tokens.end(), inside);
  const auto last = std::find_if_not(first, tokens.end(), inside);
  if (first == last) return;
  SpokenToken& token = *first;
  for (auto more = first + 1; more != last; ++more) token.written += " " + more->written;
  token.source.end = std::prev(last)->source.end;
  token.token_class = TokenClass::kPlain;
  token.words = {{token.written, token.source, false, "", as, "markup"}};
  token.rule = "plain: pronunciation given by the markup";
  token.skipped.clear();
  tokens.erase(first + 1, last);
}

void tag_area(std::vector<SpokenToken>& tokens, const MarkedArea& area) {
  for (SpokenToken& token : tokens) {
    if (!overlap(token.source, area.source)) continue;
    for (SpokenWord& word : token.words) word.part_of_speech = area.part_of_speech;
  }
}

// The style of each token, where it changes.
std::vector<StyleRun> styles_of(const std::vector<SpokenToken>& tokens,
                                const std::vector<MarkedArea>& areas) {
  std::vector<StyleRun> runs;
  std::size_t area = 0;
  for (std::size_t i = 0; i < tokens.size() && !areas.empty(); ++i) {
    while (area + 1 < areas.size() && areas[area].source.end <= tokens[i].source.begin) ++area;
    const text::SpeechStyle& style = areas[area].style;
    if (runs.empty() || !same_style(runs.back().style, style)) runs.push_back({i, style});
  }
  if (runs.size() == 1 && same_style(runs[0].style, {})) runs.clear();
  return runs;
}

void place_events(std::vector<SentenceEvent>& events, const std::vector<SpokenToken>& tokens) {
  for (SentenceEvent& event : events) {
    const auto after = std::find_if(tokens.begin(), tokens.end(), [&](const SpokenToken& token) {
      return token.source.begin >= event.source.begin;
    });
    event.token = static_cast<std::size_t>(after - tokens.begin());
  }
}

// "***", "* * *" and "-----" part two sections; nobody reads them.
bool is_ornament(std::string_view text) {
  constexpr std::string_view kMarks = "*-_=~#+.";
  std::size_t marks = 0;
  char mark = '\0';
  for (const char c : text) {
    if (c == ' ' || c == '\n') continue;
    if (kMarks.find(c) == std::string_view::npos || (mark != '\0' && c != mark)) return false;
    mark = c;
    ++marks;
  }
  return marks >= 3;
}

SpokenToken ornament(const MappedText& text) {
  SpokenToken token;
  token.token_class = TokenClass::kPunctuation;
  token.source = text.source();
  token.written = text.text();
  token.rule = "ornament: a row of one mark";
  token.skipped = "ornament";
  return token;
}

}  // namespace

struct TextFrontEnd::Parts {
  TextOptions options;
  text::Normaliser normaliser;
  std::optional<text::Pronouncer> pronouncer;  // Of English.
  std::optional<text::AsciiFolder> folder;
  mutable std::mutex folding{};  // The folder serves one thread at a time.
  text::EnglishAccent accent = text::EnglishAccent::kAmerican;

  ReadSentence understand(RawSentence raw, bool cites, const text::LexiconList& lexicons) const;
  std::vector<SpokenToken> tokens_of(const MappedText& text, const std::vector<MarkedArea>& areas,
                                     std::vector<SkippedText>& skipped) const;
  void apply_markup(std::vector<SpokenToken>& tokens, const std::vector<MarkedArea>& areas) const;
  void pronounce(std::vector<SpokenToken>& tokens, const text::LexiconList& lexicons) const;
  void fold(std::vector<SpokenToken>& tokens) const;
};

// The text between two areas is read on its own only where the author said what the area is.
std::vector<SpokenToken> TextFrontEnd::Parts::tokens_of(const MappedText& text,
                                                        const std::vector<MarkedArea>& areas,
                                                        std::vector<SkippedText>& skipped) const {
  std::vector<SpokenToken> tokens;
  if (is_ornament(text.text())) return {ornament(text)};
  const auto add = [&tokens](std::vector<SpokenToken> more) {
    std::move(more.begin(), more.end(), std::back_inserter(tokens));
  };
  std::size_t at = 0;
  for (const MarkedArea& area : areas) {
    if (!area.say_as) continue;
    const SourceSpan bytes = bytes_from(text, area.source);
    if (bytes.begin < at || bytes.size() == 0) continue;
    add(normaliser.normalise(text.slice(at, bytes.begin)));
    const MappedText part = text.slice(bytes.begin, bytes.end);
    auto said = normaliser.say_as(part, *area.say_as);
    add(said ? std::move(said).value() : normaliser.normalise(part));
    at = bytes.end;
  }
  add(normaliser.normalise(at == 0 ? text : text.slice(at, text.size())));
  for (const SpokenToken& token : tokens) {
    if (!token.skipped.empty()) skipped.push_back({token.written, token.source, token.skipped});
  }
  return tokens;
}

void TextFrontEnd::Parts::apply_markup(std::vector<SpokenToken>& tokens,
                                       const std::vector<MarkedArea>& areas) const {
  const auto dialect =
      accent == text::EnglishAccent::kBritish ? text::Dialect::kGb : text::Dialect::kUs;
  for (const MarkedArea& area : areas) {
    if (!area.part_of_speech.empty()) tag_area(tokens, area);
    if (!area.pronunciation) continue;
    const auto wanted = text::convert(*area.pronunciation, options.phonemes, dialect);
    if (wanted) pronounce_area(tokens, area.source, wanted.value());
  }
}

// Letters of other alphabets become the nearest plain ones in words that no lexicon has.
void TextFrontEnd::Parts::fold(std::vector<SpokenToken>& tokens) const {
  if (!folder) return;
  const text::LexiconList lexicons =
      options.lexicons ? options.lexicons->snapshot() : text::LexiconList();
  for (SpokenToken& token : tokens) {
    for (SpokenWord& word : token.words) {
      if (is_ascii(word.text) || word.pronunciation) continue;
      if (text::find_in(lexicons, word.text, {word.part_of_speech, false})) continue;
      const std::lock_guard lock(folding);
      word.text = folder->fold(word.text, 0).text.text();
    }
  }
}

void TextFrontEnd::Parts::pronounce(std::vector<SpokenToken>& tokens,
                                    const text::LexiconList& lexicons) const {
  if (!pronouncer) return;
  text::Homographs::english().decide(tokens, accent);
  std::vector<std::string> written;
  for (const SpokenToken& token : tokens) {
    for (const SpokenWord& word : token.words) written.push_back(word.text);
  }
  fold(tokens);
  pronouncer->pronounce(tokens, lexicons);
  auto original = written.begin();
  for (SpokenToken& token : tokens) {
    for (SpokenWord& word : token.words) word.text = std::move(*original++);
  }
}

ReadSentence TextFrontEnd::Parts::understand(RawSentence raw, bool cites,
                                             const text::LexiconList& lexicons) const {
  ReadSentence read;
  read.ends_paragraph = raw.ends_paragraph;
  read.skipped = std::move(raw.skipped);
  read.events = std::move(raw.events);
  text::CleanText clean = text::clean_text(raw.text);
  if (cites) text::drop_citations(clean);
  for (const text::DroppedText& dropped : clean.dropped) {
    read.skipped.push_back({"", dropped.source, dropped.reason});
  }
  read.written = std::move(raw.text);
  read.tokens = tokens_of(clean.text, raw.areas, read.skipped);
  apply_markup(read.tokens, raw.areas);
  pronounce(read.tokens, lexicons);
  read.styles = styles_of(read.tokens, raw.areas);
  place_events(read.events, read.tokens);
  return read;
}

TextFrontEnd::TextFrontEnd(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TextFrontEnd::TextFrontEnd(TextFrontEnd&&) noexcept = default;
TextFrontEnd& TextFrontEnd::operator=(TextFrontEnd&&) noexcept = default;
TextFrontEnd::~TextFrontEnd() = default;

const TextOptions& TextFrontEnd::options() const noexcept { return parts_->options; }

Result<TextFrontEnd> TextFrontEnd::create(const TextOptions& wanted) {
  TextOptions options = wanted;
  options.language = usual_tag(wanted.language);
  SYRINX_ASSIGN(auto normaliser, text::Normaliser::create({options.language}));
  std::unique_ptr<Parts> parts(
      new Parts{options, std::move(normaliser), std::nullopt, std::nullopt});
  if (!is_english(options.language)) return TextFrontEnd(std::move(parts));
  text::PronouncerOptions said;
  said.language = options.language;
  said.set = options.phonemes;
  said.lexicons = options.lexicons;
  SYRINX_ASSIGN(auto pronouncer, text::Pronouncer::create(std::move(said)));
  SYRINX_ASSIGN(auto folder, text::AsciiFolder::create());
  parts->pronouncer.emplace(std::move(pronouncer));
  parts->folder.emplace(std::move(folder));
  if (options.language == "en-GB") parts->accent = text::EnglishAccent::kBritish;
  return TextFrontEnd(std::move(parts));
}

ReadSentence TextFrontEnd::read_line(std::string_view line, std::size_t source_begin) const {
  return parts_->understand(plain_sentence(MappedText(line, source_begin), true), false, {});
}

namespace {

// A lexicon that became unreadable leaves what was there; its error comes once.
void warn_of(const Result<bool>& reloaded) {
  if (!reloaded) log(LogLevel::kWarning, reloaded.error().message);
}

// Notes by number, as "[12]", stand in books and letters, not in scripts and chats.
bool cites(InputKind kind) { return kind != InputKind::kSsml && kind != InputKind::kChat; }

}  // namespace

ReadSentence TextFrontEnd::understand(RawSentence sentence, InputKind kind) const {
  return parts_->understand(std::move(sentence), cites(kind), {});
}

struct TextReader::State {
  const TextFrontEnd::Parts& front_end;
  SentenceSource source;
  text::LexiconList lexicons{};  // Those that the document names.
};

namespace {

// Loads what the document names, where that is allowed; the report says what was not.
text::LexiconList load_lexicons(text::Script& script, const std::filesystem::path& folder) {
  text::LexiconList lexicons;
  for (const std::string& uri : script.lexicons) {
    const std::filesystem::path name(uri);
    const bool inside = !name.is_absolute() && uri.find("..") == std::string::npos &&
                        uri.find("://") == std::string::npos;
    std::string why = "lexicons of a document are only read from its own folder";
    if (inside && !folder.empty()) {
      auto lexicon = text::Lexicon::load(folder / name);
      if (lexicon) {
        lexicons.push_back(std::make_shared<const text::Lexicon>(std::move(lexicon).value()));
        continue;
      }
      why = lexicon.error().message;
    }
    text::downgrade(script, "lexicon", "uri", text::Honoured::kIgnored, why);
  }
  return lexicons;
}

}  // namespace

TextReader::TextReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
TextReader::TextReader(TextReader&&) noexcept = default;
TextReader& TextReader::operator=(TextReader&&) noexcept = default;
TextReader::~TextReader() = default;

Result<TextReader> TextReader::open(const TextFrontEnd& front_end, std::unique_ptr<TextSource> text,
                                    const std::stop_token& stop) {
  const TextOptions& options = front_end.options();
  SYRINX_ASSIGN(auto source,
                SentenceSource::open(std::move(text), options.input, options.language, stop));
  std::unique_ptr<State> state(new State{*front_end.parts_, std::move(source)});
  state->lexicons = load_lexicons(state->source.script(), options.lexicon_folder);
  return TextReader(std::move(state));
}

Result<bool> TextReader::next(ReadSentence& sentence, const std::stop_token& stop) {
  if (const auto& lexicons = state_->front_end.options.lexicons)
    warn_of(lexicons->reload_changed());
  SYRINX_ASSIGN(auto raw, state_->source.next(stop));
  if (!raw) return false;
  sentence = state_->front_end.understand(std::move(*raw), cites(input()), state_->lexicons);
  return true;
}

InputKind TextReader::input() const noexcept { return state_->source.kind(); }

text::Script& TextReader::script() noexcept { return state_->source.script(); }

}  // namespace syrinx::tts
