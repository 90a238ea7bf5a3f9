// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/epub/package.h"

#include <cctype>
#include <map>
#include <optional>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/epub/xml_walk.h"

namespace syrinx::text {
namespace {

using Attributes = XmlVisitor::Attributes;

std::string attribute(const Attributes& attributes, const char* name) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? std::string() : found->second;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char letter = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// "%20" is a space (RFC 3986, 2.1).
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    plain +=
        escape ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return plain;
}

// Where `reference` leads from the file `base`; ".." never leaves the archive.
std::string resolved(const std::string& base, std::string_view reference) {
  const std::size_t slash = base.rfind('/');
  std::string whole = slash == std::string::npos ? "" : base.substr(0, slash + 1);
  whole += unescaped(reference);
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= whole.size();) {
    const std::size_t end = std::min(whole.find('/', begin), whole.size());
    const std::string part = whole.substr(begin, end - begin);
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (part != ".." && part != "." && !part.empty()) parts.push_back(part);
    begin = end + 1;
  }
  std::string path;
  for (const std::string& part : parts) path += (path.empty() ? "" : "/") + part;
  return path;
}

// On one line, without white space around it.
std::string tidy(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!space) line += c;
    if (space && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  if (line.size() <= limits::kMaxTagBytes) return line;
  std::size_t end = limits::kMaxTagBytes;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
  return line.substr(0, end);
}

TocEntry entry_of(const std::string& base, const std::string& reference) {
  const std::size_t hash = reference.find('#');
  TocEntry entry;
  entry.path = resolved(base, reference.substr(0, hash));
  if (hash != std::string::npos) entry.fragment = unescaped(reference.substr(hash + 1));
  return entry;
}

Result<void> check_count(const std::vector<TocEntry>& entries, const std::string& path) {
  if (entries.size() <= limits::kMaxEpubChapters) return {};
  return make_error(ErrorCode::kLimitExceeded, "'", path, "' in the EPUB lists ", entries.size(),
                    " chapters; at most ", limits::kMaxEpubChapters, " are read");
}

struct Item {
  std::string path;
  std::string type;
};

// What a package's elements say, gathered before it is put together.
struct Gathered {
  EpubPackage package;
  std::map<std::string, Item> items;  // By id.
  std::vector<std::string> spine;     // Ids.
  std::string ncx_id;

  void start(const std::string& name, const Attributes& attributes, const std::string& path) {
    if (name == "item") {
      const std::string id = attribute(attributes, "id");
      Item item{resolved(path, attribute(attributes, "href")), attribute(attributes, "media-type")};
      const std::string properties = " " + attribute(attributes, "properties") + " ";
      if (properties.find(" nav ") != std::string::npos) package.navigation = item.path;
      if (item.type == "application/x-dtbncx+xml" && package.ncx.empty()) package.ncx = item.path;
      items.emplace(id, std::move(item));
    }
    if (name == "spine") ncx_id = attribute(attributes, "toc");
    if (name == "itemref" && attribute(attributes, "linear") != "no")
      spine.push_back(attribute(attributes, "idref"));
  }
};

bool is_page(const Item& item) {
  return item.type == "application/xhtml+xml" || item.type == "text/html" ||
         item.type == "text/x-oeb1-document";
}

}  // namespace

Result<std::string> read_container(std::string_view xml) {
  std::string path;
  XmlVisitor visitor;
  visitor.start = [&](const std::string& name, const Attributes& attributes) {
    if (name == "rootfile" && path.empty()) path = resolved("", attribute(attributes, "full-path"));
  };
  visitor.end = [](const std::string&) {};
  visitor.text = [](std::string_view) {};
  SYRINX_TRY(walk_xml(xml, "META-INF/container.xml", visitor));
  if (!path.empty()) return path;
  return make_error(ErrorCode::kCorruptData,
                    "'META-INF/container.xml' in the EPUB names no package (no <rootfile>)");
}

Result<EpubPackage> read_package(std::string_view xml, const std::string& path) {
  Gathered gathered;
  EpubPackage& package = gathered.package;
  std::string characters;
  XmlVisitor visitor;
  visitor.start = [&](const std::string& name, const Attributes& attributes) {
    characters.clear();
    gathered.start(name, attributes, path);
  };
  visitor.end = [&](const std::string& name) {
    const std::string text = tidy(characters);
    if (name == "title" && package.title.empty()) package.title = text;
    if (name == "creator" && !text.empty())
      package.author += (package.author.empty() ? "" : ", ") + text;
    if (name == "language" && package.language.empty()) package.language = text;
    characters.clear();
  };
  visitor.text = [&](std::string_view text) { characters += text; };
  SYRINX_TRY(walk_xml(xml, path, visitor));
  for (const std::string& id : gathered.spine) {
    const auto item = gathered.items.find(id);
    if (item != gathered.items.end() && is_page(item->second))
      package.documents.push_back(item->second.path);
  }
  if (package.documents.size() > limits::kMaxEpubDocuments)
    return make_error(ErrorCode::kLimitExceeded, "the EPUB has ", package.documents.size(),
                      " documents; at most ", limits::kMaxEpubDocuments, " are read");
  const auto ncx = gathered.items.find(gathered.ncx_id);
  if (ncx != gathered.items.end()) package.ncx = ncx->second.path;
  package.author = tidy(package.author);
  return package;
}

Result<std::vector<TocEntry>> read_navigation(std::string_view xml, const std::string& path) {
  std::vector<TocEntry> entries;
  int in_toc = 0;  // <nav> elements open, the first of which is the table.
  std::optional<TocEntry> open;
  XmlVisitor visitor;
  visitor.start = [&](const std::string& name, const Attributes& attributes) {
    const std::string type = " " + attribute(attributes, "type") + " ";
    if (name == "nav" && (in_toc > 0 || type.find(" toc ") != std::string::npos)) ++in_toc;
    if (name == "a" && in_toc > 0) open = entry_of(path, attribute(attributes, "href"));
  };
  visitor.end = [&](const std::string& name) {
    if (name == "nav" && in_toc > 0) --in_toc;
    if (name != "a" || !open) return;
    open->title = tidy(open->title);
    entries.push_back(*std::move(open));
    open.reset();
  };
  visitor.text = [&](std::string_view text) {
    if (open) open->title += text;
  };
  SYRINX_TRY(walk_xml(xml, path, visitor));
  SYRINX_TRY(check_count(entries, path));
  return entries;
}

Result<std::vector<TocEntry>> read_ncx(std::string_view xml, const std::string& path) {
  std::vector<TocEntry> entries;
  std::string label;
  bool in_point = false;
  bool in_text = false;
  XmlVisitor visitor;
  visitor.start = [&](const std::string& name, const Attributes& attributes) {
    if (name == "navPoint") in_point = true, label.clear();
    if (name == "text") in_text = in_point;
    if (name != "content" || !in_point) return;
    entries.push_back(entry_of(path, attribute(attributes, "src")));
    entries.back().title = tidy(label);
  };
  visitor.end = [&](const std::string& name) {
    if (name == "text") in_text = false;
    if (name == "navMap") in_point = false;
  };
  visitor.text = [&](std::string_view text) {
    if (in_text) label += text;
  };
  SYRINX_TRY(walk_xml(xml, path, visitor));
  SYRINX_TRY(check_count(entries, path));
  return entries;
}

}  // namespace syrinx::text
