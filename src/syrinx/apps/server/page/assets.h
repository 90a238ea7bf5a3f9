// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

// The files of web/, inside the program: nothing else has to be installed for the page.
namespace syrinx::server::page {

struct Asset {
  std::string_view path;  // "/say.js"; "/" is index.html. A zero follows it.
  std::string_view content_type;
  std::string_view bytes;
  std::string etag;  // In quotes; another one when the bytes change.
};

// All of them. Any thread; the first call hashes them.
std::span<const Asset> assets();
// The one at exactly that path, or nullptr.
const Asset* find_asset(std::string_view path);

}  // namespace syrinx::server::page
