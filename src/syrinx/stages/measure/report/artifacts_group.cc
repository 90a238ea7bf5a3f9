// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/artifacts.h"
#include "syrinx/stages/measure/report/group_sheet.h"
#include "syrinx/stages/measure/report/groups.h"

namespace syrinx::measure {

void report_artifacts(AudioView audio, SoundReport& report) {
  GroupSheet sheet(report, "artifacts");
  auto found = find_artifacts(audio);
  if (!found) return sheet.miss("artifacts", found.error());
  sheet.add("found", static_cast<double>(found->size()), "");
  report.artifacts = std::move(*found);
}

}  // namespace syrinx::measure
