// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>

// Ends the test as SKIPPED when PulseAudio or its tools are missing, or as FAILED when
// SYRINX_REQUIRE_DATA=1: `tools/setup test` installs them.
#define SYRINX_NEED_SOUND_SERVER()                                                               \
  if (std::system("command -v pulseaudio pactl parec >/dev/null 2>&1 && "                        \
                  "test -e \"$(ls /usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so 2>/dev/null" \
                  " | head -n 1)\"") != 0) {                                                     \
    const char* require_ = std::getenv("SYRINX_REQUIRE_DATA");                                   \
    const std::string missing_ =                                                                 \
        "pulseaudio, pulseaudio-utils or libasound2-plugins is missing; run tools/setup test";   \
    if (require_ != nullptr && std::string(require_) == "1") FAIL() << missing_;                 \
    GTEST_SKIP() << missing_;                                                                    \
  }                                                                                              \
  static_assert(true)
