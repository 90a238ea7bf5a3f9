// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "syrinx/core/base/result.h"

namespace syrinx::cli {

// Writes a page to `path` by way of a name beside it, so that `path` is a whole page or what it was
// before; "-" is standard output. Errors: kIo, saying why.
Result<void> write_page(const std::string& path, const std::string& html);

// The same for any text; `what` is "the page", in messages. Errors: as write_page().
Result<void> write_whole(const std::string& path, const std::string& text, const std::string& what);

// Refuses a `path` that is one of the `inputs`, lest they be overwritten: kInvalidArgument.
Result<void> check_not_input(const std::string& path, std::span<const std::string> inputs);

}  // namespace syrinx::cli
