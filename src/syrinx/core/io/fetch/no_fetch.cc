// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/fetch/fetch.h"

namespace syrinx::io {

Result<void> fetch(const std::string& url, const std::filesystem::path&, const FetchOptions&,
                   const std::stop_token&) {
  return make_error(ErrorCode::kUnavailable, "cannot download ", url,
                    ": this build has no libcurl; get the file by other means");
}

}  // namespace syrinx::io
