// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "syrinx/apps/cli/command.h"

// `syrinx media report report.json`: why a simulated call sounded as it did.
namespace syrinx::cli {

struct CallReportOutput {
  std::string page;  // A file, "-" for standard output, or empty for none.
  bool no_sound = false;
};

// Whether the file begins as JSON does, which no capture does.
bool is_call_report(const std::string& file);

// Errors: those of call::explain_call() and of writing the page.
Result<void> report_call(const std::string& file, const CallReportOutput& output,
                         const Context& context);

}  // namespace syrinx::cli
