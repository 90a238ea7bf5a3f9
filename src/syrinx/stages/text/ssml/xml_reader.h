// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/text.h"

namespace syrinx::text {

struct XmlAttribute {
  std::string name;   // With its prefix.
  std::string value;  // Entities decoded, line ends and tabs made spaces.
};

struct XmlElement {
  std::string name;  // With its prefix.
  std::vector<XmlAttribute> attributes;
  SourceSpan tag;  // Of the start tag.
};

// What the reader finds, in order. An error ends the reading and is its result.
struct XmlEvents {
  std::function<Result<void>(const XmlElement&)> start;
  // The end tag's span; of "<a/>", which has none, the empty span after it.
  std::function<Result<void>(SourceSpan tag)> end;
  // Characters and what they were written as: equal, or an entity, a line end of two bytes.
  std::function<Result<void>(std::string_view text, SourceSpan from)> text;
};

// Where a byte is, for a person: both from 1, columns in characters.
struct TextPosition {
  std::size_t line = 1;
  std::size_t column = 1;
};
TextPosition position_of(std::string_view source, std::size_t byte) noexcept;

// "line 3, column 14: " and the parts.
template <class... Parts>
Error error_at(std::string_view source, std::size_t byte, ErrorCode code, const Parts&... parts) {
  const TextPosition place = position_of(source, byte);
  return make_error(code, "line ", place.line, ", column ", place.column, ": ", parts...);
}

// Reads one document of XML 1.0 in UTF-8, whatever encoding it declares. Comments and processing
// instructions are passed over; CDATA is text. Errors as in ssml.h, from what is not well formed to
// a document type declaration; those of the events.
Result<void> read_xml(std::string_view source, const XmlEvents& events);

}  // namespace syrinx::text
