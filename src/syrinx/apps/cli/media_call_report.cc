// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/media_call_report.h"

#include <cstdio>
#include <fstream>
#include <optional>
#include <string_view>

#include "syrinx/apps/cli/page_file.h"
#include "syrinx/engines/call/report/explain_call.h"
#include "syrinx/stages/measure/call/call_page.h"

namespace syrinx::cli {
namespace {

using measure::CallEar;
using measure::CauseShare;
using nlohmann::json;

json or_null(const std::optional<double>& value) { return value ? json(*value) : json(nullptr); }

json cause_json(const CauseShare& cause) {
  json when = json::array();
  for (const auto& stretch : cause.when)
    when.push_back({{"begin_s", stretch.begin_s}, {"end_s", stretch.end_s}});
  return {{"cause", std::string(measure::to_string(cause.cause))},
          {"mos_lost", or_null(cause.mos_lost)},
          {"rating_lost", or_null(cause.rating_lost)},
          {"evidence", cause.evidence},
          {"when", std::move(when)}};
}

json ear_json(const CallEar& ear) {
  json causes = json::array();
  for (const CauseShare& cause : ear.verdict.causes) causes.push_back(cause_json(cause));
  return {
      {"listener", ear.facts.listener},
      {"speaker", ear.facts.speaker},
      {"codec", ear.facts.codec_name},
      {"duration_s", ear.facts.duration_s},
      {"mos", ear.verdict.mos},
      {"best_mos", ear.verdict.best_mos},
      {"mos_lost", ear.verdict.mos_lost()},
      {"rating", ear.verdict.rating},
      {"mouth_to_ear_ms", or_null(ear.facts.mouth_to_ear_ms)},
      {"speech_dbov", or_null(ear.facts.speech_dbov)},
      {"pesq", {{"codec", or_null(ear.facts.coded_mos)}, {"heard", or_null(ear.facts.heard_mos)}}},
      {"causes", std::move(causes)}};
}

void print_cause(const CauseShare& cause) {
  const std::string name(measure::to_string(cause.cause));
  if (!cause.mos_lost) {
    std::printf("  %-6s unknown  %s\n", name.c_str(), cause.evidence.c_str());
    return;
  }
  std::printf("  %-6s  %5.2f   %s", name.c_str(), -*cause.mos_lost + 0.0, cause.evidence.c_str());
  if (!cause.when.empty() && cause.when.front().begin_s > 0.0)
    std::printf("; worst from %.0f to %.0f s", cause.when.front().begin_s,
                cause.when.front().end_s);
  std::printf("\n");
}

void print_ear(const CallEar& ear) {
  std::printf("%s heard %s (%s): MOS %.2f, %.2f lost\n", ear.facts.listener.c_str(),
              ear.facts.speaker.c_str(), ear.facts.codec_name.c_str(), ear.verdict.mos,
              ear.verdict.mos_lost());
  for (const CauseShare& cause : ear.verdict.causes) print_cause(cause);
}

}  // namespace

bool is_call_report(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  char first = 0;
  while (in.get(first) && std::string_view(" \t\r\n").find(first) != std::string_view::npos)
    continue;
  return in && first == '{';
}

Result<void> report_call(const std::string& file, const CallReportOutput& output,
                         const Context& context) {
  const std::string inputs[] = {file};
  if (!output.page.empty()) SYRINX_TRY(check_not_input(output.page, inputs));
  SYRINX_ASSIGN(const auto explained, call::explain_call(file, context.stop));
  for (const std::string& sentence : explained.notes) note(context, sentence);
  if (!output.page.empty()) {
    SYRINX_ASSIGN(const std::string html, measure::call_page("Why the call sounded as it did",
                                                             explained.ears, {!output.no_sound}));
    SYRINX_TRY(write_page(output.page, html));
  }
  if (context.json) {
    json document = {{"file", file}, {"ears", json::array()}, {"notes", explained.notes}};
    for (const CallEar& ear : explained.ears) document["ears"].push_back(ear_json(ear));
    print_json(document);
  } else if (output.page != "-") {
    for (const CallEar& ear : explained.ears) print_ear(ear);
  }
  return {};
}

}  // namespace syrinx::cli
