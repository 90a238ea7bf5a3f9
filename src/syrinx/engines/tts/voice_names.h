// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/text.h"

// Names for voices beside their own: the user's, and those that clients of OpenAI's interface use.
namespace syrinx::tts {

// An entry of the user's voices.json: another name for a voice, or how one speaks unless told
// otherwise, or both.
struct NamedVoice {
  std::string name;
  std::string voice;  // What the name stands for; its own name for a voice's settings.
  Prosody prosody;
};

// {"voices": {"narrator": {"voice": "af_heart(2)+am_adam", "rate": 0.95, "volume_db": -2},
//             "slt": {"rate": 1.1}}}
// `name` stands for the file in messages. Errors: kCorruptData or kInvalidArgument naming the entry
// and what is wrong with it: an unknown member, a number out of range.
Result<std::vector<NamedVoice>> read_named_voices(const JsonValue& json, const std::string& name);

// $SYRINX_VOICES, else syrinx/voices.json under $XDG_CONFIG_HOME, else under ~/.config; empty
// without any of these.
std::filesystem::path named_voices_file();
// Those of that file; none without it. Errors: of reading it.
Result<std::vector<NamedVoice>> named_voices();

// One of OpenAI's voices and those that may stand for it, the best first; the last is built in.
struct FamousVoice {
  std::string_view name;
  std::vector<std::string_view> voices;
};
const std::vector<FamousVoice>& famous_voices();

}  // namespace syrinx::tts
