// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ssml/attributes.h"

namespace syrinx::text {
namespace {

// What XML needs and no listener could hear.
bool is_housekeeping(std::string_view name) {
  return name == "xmlns" || name.starts_with("xmlns:") || name.starts_with("xsi:") ||
         name == "xml:id" || name == "xml:space" || name == "id";
}

}  // namespace

Attributes::Attributes(const XmlElement& element)
    : element_(element), taken_(element.attributes.size(), false) {}

const std::string* Attributes::take(std::string_view name) {
  for (std::size_t i = 0; i < taken_.size(); ++i) {
    if (element_.attributes[i].name != name) continue;
    taken_[i] = true;
    return &element_.attributes[i].value;
  }
  return nullptr;
}

void Attributes::take_all() { taken_.assign(taken_.size(), true); }

std::vector<const XmlAttribute*> Attributes::left() const {
  std::vector<const XmlAttribute*> left;
  for (std::size_t i = 0; i < taken_.size(); ++i) {
    const XmlAttribute& attribute = element_.attributes[i];
    if (!taken_[i] && !is_housekeeping(attribute.name)) left.push_back(&attribute);
  }
  return left;
}

}  // namespace syrinx::text
