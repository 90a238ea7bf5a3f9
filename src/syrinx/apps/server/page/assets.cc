// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/page/assets.h"

#include <algorithm>

namespace syrinx::server::page {

const Asset* find_asset(std::string_view path) {
  const auto all = assets();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [path](const Asset& asset) { return asset.path == path; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace syrinx::server::page
