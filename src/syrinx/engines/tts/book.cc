// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/book.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <deque>
#include <fstream>
#include <span>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/sha256.h"
#include "syrinx/engines/tts/book_marks.h"
#include "syrinx/engines/tts/text_source.h"
#include "syrinx/stages/text/epub/epub.h"

namespace syrinx::tts {
namespace {

using text::InputKind;

Result<std::string> read_file(const std::filesystem::path& path) {
  SYRINX_ASSIGN(auto file, FileText::open(path));
  std::string whole;
  std::string piece;
  while (true) {
    SYRINX_ASSIGN(const bool more, file->next(piece, {}));
    if (!more) return whole;
    whole += piece;
  }
}

std::string lower_extension(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return extension;
}

// By the name, which says more than a book's first lines.
std::optional<InputKind> kind_by_name(const std::filesystem::path& path) {
  const std::string extension = lower_extension(path);
  if (extension == ".md" || extension == ".markdown") return InputKind::kMarkdown;
  if (extension == ".html" || extension == ".htm" || extension == ".xhtml") return InputKind::kHtml;
  if (extension == ".ssml") return InputKind::kSsml;
  return std::nullopt;
}

Result<bool> is_archive(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 4> first{};
  file.read(first.data(), first.size());
  return text::Epub::may_be({first.data(), static_cast<std::size_t>(file.gcount())});
}

// A document and what its layout says.
struct Document {
  std::string text;
  std::vector<SourceSpan> headings;
  std::vector<ChapterMark> chapters;
  std::vector<SpeakerMark> speakers;
};

bool inside(SourceSpan inner, SourceSpan outer) {
  return inner.begin >= outer.begin && inner.begin < outer.end;
}

// The first byte of `text` that comes from the author's byte `from` or one behind it.
std::size_t byte_from(const MappedText& text, std::size_t from) {
  std::size_t byte = 0;
  while (byte < text.size() && text.source_of(byte, byte + 1).begin < from) ++byte;
  return byte;
}

bool is_blank(const MappedText& text) {
  return text.text().find_first_not_of(" \t\r\n") == std::string::npos;
}

template <class Item, class Place>
std::vector<Item> take_from(std::vector<Item>& items, std::size_t at, Place place) {
  const auto cut =
      std::find_if(items.begin(), items.end(), [&](const Item& item) { return place(item) >= at; });
  std::vector<Item> rest(std::make_move_iterator(cut), std::make_move_iterator(items.end()));
  items.erase(cut, items.end());
  return rest;
}

// What stands behind the mark; `raw` keeps what stands before it.
RawSentence cut_off(RawSentence& raw, SourceSpan mark) {
  RawSentence rest;
  rest.ends_paragraph = std::exchange(raw.ends_paragraph, false);
  std::size_t begin = byte_from(raw.text, mark.begin);
  const std::size_t end = byte_from(raw.text, mark.end);
  rest.text = raw.text.slice(end, raw.text.size());
  while (begin > 0 &&
         std::string_view(" \t\r\n").find(raw.text.text()[begin - 1]) != std::string_view::npos)
    --begin;  // The line's end.
  raw.text = raw.text.slice(0, begin);
  rest.areas = raw.areas;  // Those that lie elsewhere touch nothing.
  const auto place = [](const auto& item) { return item.source.begin; };
  rest.events = take_from(raw.events, mark.end, place);
  rest.skipped = take_from(raw.skipped, mark.end, place);
  return rest;
}

}  // namespace

struct Book::Impl {
  BookOptions options;
  InputKind kind = InputKind::kPlain;
  std::string title{};
  std::string author{};
  std::string digest{};
  std::vector<std::string> names{};  // Of the documents.
  std::uint64_t total_bytes = 0;
  std::optional<text::Epub> epub{};
  std::string text{};  // Of a book that is one text.

  std::size_t next_document = 0;
  Document document{};
  std::uint64_t bytes_before = 0;  // Of the documents before this one.
  std::uint64_t bytes_read = 0;
  std::optional<SentenceSource> source{};
  std::deque<BookSentence> waiting{};
  std::size_t chapter = 0;  // The next of document.chapters.
  std::size_t mark = 0;     // The next of document.speakers.
  std::string speaker{};
  bool begun = false;
  std::vector<text::ElementReport> markup{};

  Result<Document> load(std::size_t index);
  Result<bool> open_next(const std::stop_token& stop);
  void take(RawSentence raw);
  BookSentence placed(RawSentence raw);
  std::vector<ChapterMark> listed_chapters(std::size_t index) const;
};

// The chapters of the book's own table that begin in this document.
std::vector<ChapterMark> Book::Impl::listed_chapters(std::size_t index) const {
  std::vector<ChapterMark> marks;
  for (const text::EpubChapter& entry : epub->chapters()) {
    if (entry.document != index) continue;
    const auto element = entry.fragment.empty() ? std::optional<std::size_t>(0)
                                                : find_element(document.text, entry.fragment);
    const std::size_t begin = element.value_or(0);
    // Several entries for one place: the last, which is the innermost.
    if (!marks.empty() && marks.back().begin >= begin) marks.pop_back();
    marks.push_back({begin, {}, entry.title});
  }
  return marks;
}

Result<Document> Book::Impl::load(std::size_t index) {
  Document loaded;
  if (epub) {
    SYRINX_ASSIGN(loaded.text, epub->read(index));
  } else {
    loaded.text = std::move(text);
  }
  loaded.headings = find_headings(loaded.text, kind);
  loaded.chapters = find_chapters(loaded.text, kind, loaded.headings);
  SYRINX_ASSIGN(loaded.speakers, find_speakers(loaded.text, kind, options.speakers));
  return loaded;
}

Result<bool> Book::Impl::open_next(const std::stop_token& stop) {
  if (next_document == names.size()) return false;
  bytes_before += document.text.size();
  SYRINX_ASSIGN(document, load(next_document));
  if (epub && !epub->chapters().empty()) document.chapters = listed_chapters(next_document);
  ++next_document;
  chapter = mark = 0;
  SYRINX_ASSIGN(auto opened, SentenceSource::open(text_from_string(document.text), kind,
                                                  options.language, stop));
  source.emplace(std::move(opened));
  const auto& report = source->script().report;
  if (kind == InputKind::kSsml) markup.insert(markup.end(), report.begin(), report.end());
  return true;
}

// Says of a sentence where in the book it stands.
BookSentence Book::Impl::placed(RawSentence raw) {
  BookSentence sentence;
  const SourceSpan place = raw.text.source();
  sentence.document = next_document - 1;
  const bool written = !is_blank(raw.text);
  while (written && chapter < document.chapters.size() &&
         document.chapters[chapter].begin <= place.begin) {
    sentence.begins_chapter = true;
    sentence.chapter_title = document.chapters[chapter++].title;
    speaker.clear();
  }
  sentence.begins_chapter = sentence.begins_chapter || (written && !begun);
  begun = begun || written;
  const auto holds = [place](SourceSpan heading) { return inside(place, heading); };
  sentence.is_heading = std::any_of(document.headings.begin(), document.headings.end(), holds);
  sentence.names_chapter = chapter > 0 && inside(place, document.chapters[chapter - 1].heading);
  sentence.speaker = speaker;
  sentence.raw = std::move(raw);
  return sentence;
}

// Cuts a sentence where another speaker begins in it. The mark itself is not said.
void Book::Impl::take(RawSentence raw) {
  const std::size_t end = raw.text.source().end;
  while (mark < document.speakers.size() && document.speakers[mark].source.begin < end) {
    const SpeakerMark found = document.speakers[mark];
    RawSentence rest = cut_off(raw, found.source);
    if (!is_blank(raw.text)) waiting.push_back(placed(std::move(raw)));
    speaker = found.name;
    ++mark;
    raw = std::move(rest);
  }
  if (!is_blank(raw.text) || !raw.events.empty() || !raw.skipped.empty())
    waiting.push_back(placed(std::move(raw)));
}

namespace {

// A heading of Markdown or plain text that stands above the first chapter's own is the book's name.
std::string title_of(std::string_view text, InputKind kind) {
  if (kind != InputKind::kMarkdown && kind != InputKind::kPlain) return "";
  const auto headings = find_headings(text, kind);
  const auto chapters = find_chapters(text, kind, headings);
  if (headings.empty() || chapters.front().heading == headings.front()) return "";
  std::string_view title = text.substr(headings.front().begin, headings.front().size());
  const std::size_t begin = std::min(title.find_first_not_of("# \t"), title.size());
  title.remove_prefix(begin);
  while (!title.empty() && std::string_view("# \t").find(title.back()) != std::string_view::npos)
    title.remove_suffix(1);
  return std::string(title);
}

}  // namespace

Book::Book(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Book::Book(Book&&) noexcept = default;
Book& Book::operator=(Book&&) noexcept = default;
Book::~Book() = default;

Result<Book> Book::from_text(std::string text, const BookOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  const std::string_view beginning = std::string_view(text).substr(0, limits::kMaxDetectedBytes);
  impl->kind = options.input ? *options.input : text::detect_input(beginning);
  impl->digest = sha256_hex(std::as_bytes(std::span(text)));
  impl->names = {""};
  impl->title = title_of(text, impl->kind);
  impl->total_bytes = text.size();
  impl->text = std::move(text);
  return Book(std::move(impl));
}

Result<Book> Book::open(const std::filesystem::path& path, const BookOptions& options) {
  SYRINX_ASSIGN(const bool archive, is_archive(path));
  if (!archive) {
    SYRINX_ASSIGN(std::string text, read_file(path));
    BookOptions chosen = options;
    if (!chosen.input) chosen.input = kind_by_name(path);
    return from_text(std::move(text), chosen);
  }
  SYRINX_ASSIGN(auto epub, text::Epub::open(path));
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->kind = InputKind::kHtml;
  impl->title = epub.title();
  impl->author = epub.author();
  impl->digest = epub.digest();
  impl->names = epub.documents();
  impl->total_bytes = epub.total_bytes();
  impl->epub.emplace(std::move(epub));
  return Book(std::move(impl));
}

const std::string& Book::title() const noexcept { return impl_->title; }
const std::string& Book::author() const noexcept { return impl_->author; }
InputKind Book::kind() const noexcept { return impl_->kind; }
const std::string& Book::document_name(std::size_t document) const noexcept {
  return impl_->names[document];
}
const std::vector<std::string>& Book::document_names() const noexcept { return impl_->names; }
const std::string& Book::digest() const noexcept { return impl_->digest; }
const std::vector<text::ElementReport>& Book::markup() const noexcept { return impl_->markup; }
std::uint64_t Book::total_bytes() const noexcept { return impl_->total_bytes; }
std::uint64_t Book::read_bytes() const noexcept { return impl_->bytes_read; }

Result<bool> Book::next(BookSentence& sentence, const std::stop_token& stop) {
  Impl& self = *impl_;
  while (self.waiting.empty()) {
    if (self.source) {
      SYRINX_ASSIGN(auto raw, self.source->next(stop));
      if (raw) {
        self.take(std::move(*raw));
        continue;
      }
    }
    SYRINX_ASSIGN(const bool more, self.open_next(stop));
    if (!more) return false;
  }
  sentence = std::move(self.waiting.front());
  self.waiting.pop_front();
  self.bytes_read = std::max(self.bytes_read, self.bytes_before + sentence.raw.text.source().end);
  return true;
}

}  // namespace syrinx::tts
