// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/neural/dnsmos.h"
#include "syrinx/stages/measure/neural/neural_models.h"
#include "syrinx/stages/measure/report/group_sheet.h"
#include "syrinx/stages/measure/report/groups.h"

namespace syrinx::measure {
namespace {

Result<DnsmosScores> dnsmos_scores(AudioView mono) {
  SYRINX_ASSIGN(const auto p835, find_model("dnsmos/sig_bak_ovr.onnx"));
  const auto p808 = find_model("dnsmos/model_v8.onnx");
  SYRINX_ASSIGN(const auto dnsmos, Dnsmos::load({p835, p808 ? *p808 : std::filesystem::path()}));
  return dnsmos.score(mono);
}

}  // namespace

void report_opinion(AudioView mono, SoundReport& report) {
  GroupSheet sheet(report, "opinion");
  const auto scores = dnsmos_scores(mono);
  if (!scores) return sheet.miss("dnsmos", scores.error());
  sheet.add("dnsmos_signal", scores->signal, "MOS");
  sheet.add("dnsmos_background", scores->background, "MOS");
  sheet.add("dnsmos_overall", scores->overall, "MOS");
  if (scores->p808) return sheet.add("dnsmos_p808", *scores->p808, "MOS");
  sheet.miss("dnsmos_p808", find_model("dnsmos/model_v8.onnx").error());
}

}  // namespace syrinx::measure
