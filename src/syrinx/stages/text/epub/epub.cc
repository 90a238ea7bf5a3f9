// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/epub/epub.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <map>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/sha256.h"
#include "syrinx/core/nn/weights/mapped_file.h"
#include "syrinx/core/nn/weights/zip_archive.h"
#include "syrinx/stages/text/epub/package.h"

namespace syrinx::text {
namespace {

constexpr std::string_view kContainer = "META-INF/container.xml";
constexpr std::string_view kEncryption = "META-INF/encryption.xml";

// The first tag of that name at or after `from`, in any letter case.
std::size_t find_tag(std::string_view source, std::string_view tag, std::size_t from) {
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  const auto begin = source.begin() + static_cast<std::ptrdiff_t>(std::min(from, source.size()));
  const auto found = std::search(begin, source.end(), tag.begin(), tag.end(), same);
  return found == source.end() ? std::string_view::npos
                               : static_cast<std::size_t>(found - source.begin());
}

// Puts spaces in place of the head.
void blank_head(std::string& page) {
  const std::size_t begin = find_tag(page, "<head", 0);
  if (begin == std::string::npos) return;
  const std::size_t end = find_tag(page, "</head>", begin);
  if (end == std::string::npos) return;
  std::fill(page.begin() + static_cast<std::ptrdiff_t>(begin),
            page.begin() + static_cast<std::ptrdiff_t>(end + 7), ' ');
}

}  // namespace

struct Epub::Impl {
  nn::MappedFile file;
  nn::ZipArchive archive;
  EpubPackage package{};
  std::vector<EpubChapter> chapters{};
  std::string digest{};
  std::size_t total_bytes = 0;

  Result<std::string> text_of(std::string_view name, std::uint64_t max_bytes) const {
    const std::size_t index = archive.find(name);
    if (index == archive.entries().size())
      return make_error(ErrorCode::kCorruptData, "the EPUB names the file '", name,
                        "', which is not in it");
    SYRINX_ASSIGN(const auto bytes, archive.contents(archive.entries()[index], max_bytes));
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }

  Result<void> read_package_file() {
    SYRINX_ASSIGN(const std::string container, text_of(kContainer, limits::kMaxEpubXmlBytes));
    SYRINX_ASSIGN(const std::string path, read_container(container));
    SYRINX_ASSIGN(const std::string xml, text_of(path, limits::kMaxEpubXmlBytes));
    SYRINX_ASSIGN(package, text::read_package(xml, path));
    if (package.documents.empty())
      return make_error(ErrorCode::kUnsupported,
                        "the EPUB has no XHTML in its reading order (its <spine>)");
    return {};
  }

  // Fonts may be locked; the text may not.
  Result<void> check_locks(const std::string& name) const {
    if (archive.find(kEncryption) == archive.entries().size()) return {};
    SYRINX_ASSIGN(const std::string locks, text_of(kEncryption, limits::kMaxEpubXmlBytes));
    for (const std::string& document : package.documents) {
      if (locks.find(document) == std::string::npos) continue;
      return make_error(ErrorCode::kUnsupported, "'", name,
                        "' is locked (its text is encrypted); only its seller's program opens it");
    }
    return {};
  }

  // Adds up what the documents say they are; that they are no more is checked as each is read.
  Result<void> count_bytes() {
    std::uint64_t bytes = 0;
    for (const std::string& name : package.documents) {
      const std::size_t index = archive.find(name);
      if (index == archive.entries().size())
        return make_error(ErrorCode::kCorruptData, "the EPUB's reading order has the file '", name,
                          "', which is not in it");
      bytes += archive.entries()[index].bytes;
      if (bytes > limits::kMaxEpubTextBytes)
        return make_error(ErrorCode::kLimitExceeded, "the EPUB's documents have more than ",
                          limits::kMaxEpubTextBytes, " bytes together; split the book");
    }
    total_bytes = static_cast<std::size_t>(bytes);
    return {};
  }

  // The table of contents is a help, not the book: where it cannot be read, headings serve.
  void read_table() {
    const std::string& path = package.navigation.empty() ? package.ncx : package.navigation;
    if (path.empty()) return;
    const auto xml = text_of(path, limits::kMaxEpubXmlBytes);
    if (!xml) return;
    const auto entries =
        package.navigation.empty() ? read_ncx(*xml, path) : read_navigation(*xml, path);
    if (!entries) return;
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < package.documents.size(); ++i)
      places.emplace(package.documents[i], i);
    for (const TocEntry& entry : *entries) {
      const auto place = places.find(entry.path);
      if (place != places.end()) chapters.push_back({entry.title, place->second, entry.fragment});
    }
    std::stable_sort(
        chapters.begin(), chapters.end(),
        [](const EpubChapter& a, const EpubChapter& b) { return a.document < b.document; });
  }
};

Epub::Epub(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Epub::Epub(Epub&&) noexcept = default;
Epub& Epub::operator=(Epub&&) noexcept = default;
Epub::~Epub() = default;

bool Epub::may_be(std::string_view first_bytes) noexcept {
  return first_bytes.substr(0, 4) == "PK\x03\x04";
}

Result<Epub> Epub::open(const std::filesystem::path& path) {
  SYRINX_ASSIGN(auto file, nn::MappedFile::open(path));
  SYRINX_ASSIGN(auto epub, from_memory(file.bytes(), path.string()));
  epub.impl_->file = std::move(file);
  return epub;
}

Result<Epub> Epub::from_memory(std::span<const std::byte> bytes, const std::string& name) {
  auto archive = nn::ZipArchive::open(bytes);
  if (!archive)
    return make_error(archive.error().code, "'", name,
                      "' is no EPUB that can be read: ", archive.error().message);
  std::unique_ptr<Impl> impl(new Impl{nn::MappedFile(), std::move(archive).value()});
  if (impl->archive.find(kContainer) == impl->archive.entries().size())
    return make_error(ErrorCode::kUnsupported, "'", name,
                      "' is a zip archive but no EPUB: it has no ", kContainer);
  impl->digest = sha256_hex(bytes);
  SYRINX_TRY(impl->read_package_file());
  SYRINX_TRY(impl->check_locks(name));
  SYRINX_TRY(impl->count_bytes());
  impl->read_table();
  return Epub(std::move(impl));
}

const std::string& Epub::title() const noexcept { return impl_->package.title; }
const std::string& Epub::author() const noexcept { return impl_->package.author; }
const std::string& Epub::language() const noexcept { return impl_->package.language; }
const std::vector<std::string>& Epub::documents() const noexcept {
  return impl_->package.documents;
}
const std::vector<EpubChapter>& Epub::chapters() const noexcept { return impl_->chapters; }
const std::string& Epub::digest() const noexcept { return impl_->digest; }
std::size_t Epub::total_bytes() const noexcept { return impl_->total_bytes; }

Result<std::string> Epub::read(std::size_t document) const {
  SYRINX_ASSIGN(std::string page,
                impl_->text_of(impl_->package.documents[document], limits::kMaxMarkupBytes));
  blank_head(page);
  return page;
}

}  // namespace syrinx::text
