// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace syrinx::support {

// What is wrong with a page that is to stand alone, as sentences; nothing where all is well: every
// tag that opens closes in order, attributes have quotes, no id comes twice, nothing but data URIs
// and places in the page itself is referred to, each picture has an alternative and decodes, each
// sound decodes.
std::vector<std::string> page_faults(const std::string& html);

// The bytes behind each data URI of that kind ("image/png"), in order.
std::vector<std::vector<std::uint8_t>> page_data(const std::string& html, std::string_view kind);

}  // namespace syrinx::support
