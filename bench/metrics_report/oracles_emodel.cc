// SPDX-License-Identifier: Apache-2.0
#include "metrics_report/oracles_emodel.h"

#include <string>

#include "syrinx/stages/measure/emodel/emodel.h"
#include "syrinx/stages/measure/emodel/opinion.h"
#include "syrinx/stages/measure/emodel/wideband_emodel.h"

namespace syrinx::measure {
namespace {

// 0.01 MOS, and what the two printed digits round off.
constexpr double kCodecTolerance = 0.0105;

EModelInput delayed(double ms) {
  EModelInput input;
  input.one_way_delay_ms = ms;
  input.round_trip_delay_ms = 2.0 * ms;
  input.absolute_delay_ms = ms;
  return input;
}

double mos_of(const EModelInput& input) { return rate(input).value().mos; }

struct CodecCase {
  const char* name;
  double ie, bpl;
  double mos[5];  // At 0, 1, 2, 3 and 5 % loss, 100 ms.
};
constexpr CodecCase kCodecs[] = {{"G.711 PLC", 0.0, 25.1, {4.36, 4.26, 4.16, 4.05, 3.82}},
                                 {"G.711 no PLC", 0.0, 4.3, {4.36, 3.73, 3.13, 2.67, 2.05}},
                                 {"G.729A", 11.0, 19.0, {4.02, 3.85, 3.68, 3.52, 3.22}}};
constexpr int kLosses[] = {0, 1, 2, 3, 5};

void add_codecs(std::vector<OracleRow>& rows) {
  for (const CodecCase& codec : kCodecs) {
    for (std::size_t i = 0; i < 5; ++i) {
      EModelInput input = delayed(100.0);
      input.equipment_impairment = codec.ie;
      input.loss_robustness = codec.bpl;
      input.packet_loss_percent = kLosses[i];
      rows.push_back({"E-model", std::string(codec.name) + " " + std::to_string(kLosses[i]) + " %",
                      codec.mos[i], mos_of(input), kCodecTolerance, "MOS",
                      "known scores at 100 ms"});
    }
  }
}

void add_delays(std::vector<OracleRow>& rows) {
  constexpr double kKnown[][2] = {{150.0, 4.33}, {300.0, 3.71}, {400.0, 3.05}};
  for (const auto& [ms, mos] : kKnown) {
    const std::string input = std::to_string(static_cast<int>(ms)) + " ms";
    if (ms <= 300.0)
      rows.push_back({"E-model", input, mos, mos_of(delayed(ms)), 0.01, "MOS", "known scores"});
    rows.push_back({"E-model, fitted delay", input, mos,
                    mos_of_rating(93.2 - fitted_delay_impairment(ms)), 0.005, "MOS",
                    "Cole and Rosenbluth 2001"});
  }
}

void add_opinions(std::vector<OracleRow>& rows) {
  // The table prints 4.03 where the formula beside it gives 4.024.
  constexpr double kTable[][2] = {
      {90.0, 4.34}, {80.0, 4.03}, {70.0, 3.60}, {60.0, 3.10}, {50.0, 2.58}};
  for (const auto& [rating, mos] : kTable)
    rows.push_back({"MOS of R", "R " + std::to_string(static_cast<int>(rating)), mos,
                    mos_of_rating(rating), 0.0065, "MOS", "G.107 Table B.1"});
}

}  // namespace

std::vector<OracleRow> emodel_oracles(const std::filesystem::path&) {
  std::vector<OracleRow> rows;
  rows.push_back({"E-model", "defaults", 93.2, rate(EModelInput{}).value().rating, 0.05, "R",
                  "G.107 clause 7.7"});
  rows.push_back({"wideband E-model", "defaults", 129.0, rate(WidebandEModelInput{}).value().rating,
                  1e-9, "R", "G.107.1"});
  add_codecs(rows);
  add_delays(rows);
  add_opinions(rows);
  return rows;
}

}  // namespace syrinx::measure
