// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/page/asset_response.h"

namespace syrinx::server {

void get_asset(Core&, const std::shared_ptr<Call>& call) {
  call->respond(page::asset_response(call->request()));
}

}  // namespace syrinx::server
