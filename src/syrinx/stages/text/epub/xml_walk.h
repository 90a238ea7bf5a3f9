// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"

namespace syrinx::text {

// What a walk meets, in order; names without their prefixes.
struct XmlVisitor {
  using Attributes = std::map<std::string, std::string>;
  std::function<void(const std::string& name, const Attributes& attributes)> start;
  std::function<void(const std::string& name)> end;
  std::function<void(std::string_view characters)> text;
};

// Reads XML 1.0 in the encoding that it declares. A document type declaration is passed over: what
// it names outside the document is never read. `file` is for messages. Errors: kCorruptData, with
// the line; kLimitExceeded.
Result<void> walk_xml(std::string_view source, std::string_view file, const XmlVisitor& visitor);

}  // namespace syrinx::text
