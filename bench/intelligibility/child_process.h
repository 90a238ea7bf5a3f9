// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::bench {

// Runs a program, without a shell, and returns what it wrote to stdout; its stderr is ours, or
// nobody's if it is hushed.
// Errors: kNotFound when there is no such program; kIo when it fails, with its exit status.
Result<std::string> run_program(const std::vector<std::string>& command, bool hushed = false);

}  // namespace syrinx::bench
