// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

// The XML files of an EPUB, each by itself. Paths are within the archive, from its root.
namespace syrinx::text {

// META-INF/container.xml: where the package is. Errors: kCorruptData.
Result<std::string> read_container(std::string_view xml);

struct EpubPackage {
  std::string title;
  std::string author;  // Several are joined by commas.
  std::string language;
  std::vector<std::string> documents;  // XHTML of the linear spine, in order.
  std::string navigation;              // EPUB 3's table of contents, or "".
  std::string ncx;                     // EPUB 2's, or "".
};
// `path` is the package's own. Errors: kCorruptData; kLimitExceeded.
Result<EpubPackage> read_package(std::string_view xml, const std::string& path);

struct TocEntry {
  std::string title;
  std::string path;
  std::string fragment;
};
// The entries of <nav epub:type="toc">. Errors: as above.
Result<std::vector<TocEntry>> read_navigation(std::string_view xml, const std::string& path);
// The <navPoint>s of an NCX.
Result<std::vector<TocEntry>> read_ncx(std::string_view xml, const std::string& path);

}  // namespace syrinx::text
