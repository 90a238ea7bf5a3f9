// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syrinx/stages/text/ssml/xml_reader.h"

namespace syrinx::text {

// An element's attributes, and which of them someone has asked for.
class Attributes {
 public:
  explicit Attributes(const XmlElement& element);

  // The value, or nullptr; it counts as asked for.
  const std::string* take(std::string_view name);
  // As if every attribute had been asked for.
  void take_all();
  // Those that nobody asked for and that ask for something: not namespaces, schemas and xml:id.
  std::vector<const XmlAttribute*> left() const;

 private:
  const XmlElement& element_;
  std::vector<bool> taken_;
};

}  // namespace syrinx::text
