// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/neural/dnsmos.h"
#include "syrinx/stages/measure/neural/neural_models.h"
#include "syrinx/stages/measure/neural/plcmos.h"
#include "syrinx/stages/measure/report/group_sheet.h"
#include "syrinx/stages/measure/report/groups.h"

namespace syrinx::measure {
namespace {

constexpr const char* kP808 = "dnsmos/model_v8.onnx";

Result<DnsmosScores> dnsmos_scores(AudioView mono) {
  SYRINX_ASSIGN(const auto p835, find_model("dnsmos/sig_bak_ovr.onnx"));
  const auto p808 = find_model(kP808);
  SYRINX_ASSIGN(const auto dnsmos, Dnsmos::load({p835, p808 ? *p808 : std::filesystem::path()}));
  return dnsmos.score(mono);
}

void add_dnsmos(AudioView mono, GroupSheet& sheet) {
  const auto scores = dnsmos_scores(mono);
  if (!scores) return sheet.miss("dnsmos", scores.error());
  sheet.add("dnsmos_signal", scores->signal, "MOS");
  sheet.add("dnsmos_background", scores->background, "MOS");
  sheet.add("dnsmos_overall", scores->overall, "MOS");
  if (scores->p808) return sheet.add("dnsmos_p808", *scores->p808, "MOS");
  sheet.miss("dnsmos_p808", find_model(kP808).error());
}

Result<double> plcmos_score(AudioView mono) {
  SYRINX_ASSIGN(const auto model, find_model("plcmos/plcmos_v2.onnx"));
  SYRINX_ASSIGN(const auto plcmos, Plcmos::load(model));
  return plcmos.score(mono);
}

// By the model for the sound's rate.
Result<AecmosScores> aecmos_scores(const EchoScene& scene, AudioView sent) {
  constexpr int kWideRateHz = 32'000;
  const bool wide = sent.sample_rate_hz() >= kWideRateHz;
  SYRINX_ASSIGN(const auto model, find_model(wide ? "aecmos/Run_1668423760_Stage_0.onnx"
                                                  : "aecmos/Run_1663915512_Stage_0.onnx"));
  SYRINX_ASSIGN(const auto aecmos,
                Aecmos::load(model, wide ? AecmosModel::k48kHz : AecmosModel::k16kHz));
  return aecmos.score(scene.loudspeaker, scene.microphone, sent, scene.scenario);
}

void add_aecmos(const EchoScene& scene, AudioView sent, GroupSheet& sheet) {
  const auto scores = aecmos_scores(scene, sent);
  if (!scores) return sheet.miss("aecmos", scores.error());
  sheet.add("aecmos_echo", scores->echo, "MOS");
  sheet.add("aecmos_degradation", scores->degradation, "MOS");
}

}  // namespace

void report_opinion(AudioView mono, const std::optional<EchoScene>& echo, SoundReport& report) {
  GroupSheet sheet(report, "opinion");
  add_dnsmos(mono, sheet);
  sheet.add("plcmos", plcmos_score(mono), "MOS");
  if (echo) add_aecmos(*echo, mono, sheet);
}

}  // namespace syrinx::measure
