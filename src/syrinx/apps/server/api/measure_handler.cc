// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "syrinx/apps/json/report_json.h"
#include "syrinx/apps/server/api/errors.h"
#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/api/one_step.h"
#include "syrinx/apps/server/api/upload.h"
#include "syrinx/apps/server/speech/captions.h"

namespace syrinx::server {
namespace {

Result<nlohmann::json> measure_upload(const std::string& body, const std::string& groups,
                                      const std::stop_token& gone) {
  measure::SoundReportOptions options;
  SYRINX_ASSIGN(options.groups, measure::report_groups(groups));
  SYRINX_ASSIGN(const auto audio, read_upload(body, gone));
  SYRINX_ASSIGN(const auto report, measure::report_sound(audio, options));
  return json::report_json(report);
}

}  // namespace

void post_measure(Core& core, const std::shared_ptr<Call>& call) {
  const std::string groups = call->request().parameter("groups").value_or("all");
  answer_later(core, call, [call, groups](const std::stop_token& gone) {
    const auto document = measure_upload(call->request().body, groups, gone);
    if (!document) return error_response(document.error());
    http::Response response;
    response.body = json_line(*document);
    return response;
  });
}

}  // namespace syrinx::server
