// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "syrinx/apps/server/api/options.h"
#include "syrinx/core/io/settings/settings.h"

namespace syrinx::server {

// Everything about a server that can be set.
const std::vector<io::SettingSpec>& server_settings();

// The server that the settings describe. Errors: kInvalidArgument for settings that do not go
// together (half of TLS, a key with neither "key" nor "sha256"); those of the file of keys.
Result<ServerOptions> server_options(const io::Settings& settings);

}  // namespace syrinx::server
