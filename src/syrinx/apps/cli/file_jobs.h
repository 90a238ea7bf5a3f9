// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/progress.h"

// Commands that do the same to many files.
namespace syrinx::cli {

// Adds --threads.
void add_threads_option(CLI::App& command, std::size_t& threads);

// Runs one(0) .. one(count - 1), up to `threads` at once (0: as many as there are processors). Each
// is told where to show its progress; a person sees that of all together.
void run_side_by_side(
    std::size_t count, std::size_t threads, const Context& context,
    const std::function<void(std::size_t index, const ShowProgress& progress)>& one);

}  // namespace syrinx::cli
