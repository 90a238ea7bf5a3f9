// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

// What `syrinx fx --list` shows: effects with their parameters, presets, short forms.
namespace syrinx::cli {

void print_fx_list();
nlohmann::json fx_list_json();

}  // namespace syrinx::cli
