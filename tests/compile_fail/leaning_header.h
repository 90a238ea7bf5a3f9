// SPDX-License-Identifier: Apache-2.0
#pragma once

// Planted: names std::string and does not include it.
inline std::string leaning() { return "on luck"; }
