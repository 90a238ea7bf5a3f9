// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/voice/profile/voice_profile.h"

namespace syrinx::voice {

inline constexpr std::string_view kProfileEnding = ".voice.safetensors";
inline constexpr std::size_t kMaxConsentBytes = 4'096;

// A profile as a safetensors file of version 1. The file gets its name when it is complete.
// Errors: kInvalidArgument (consent longer than kMaxConsentBytes); as io::write_safetensors.
Result<void> write_profile(const std::filesystem::path& path, const VoiceProfile& profile);

// Errors: as nn::WeightFile::open; kUnsupported for another version or no profile; kCorruptData for
// statistics that are not those of a voice; kLimitExceeded for more than kMaxExemplars.
Result<VoiceProfile> read_profile(const std::filesystem::path& path);
Result<VoiceProfile> read_profile(const nn::WeightFile& file);

// Where learnt voices lie: $SYRINX_PROFILES if set, else syrinx/profiles under $XDG_DATA_HOME, else
// under ~/.local/share. Error: kNotFound without any of these.
Result<std::filesystem::path> user_profile_folder();
// The file of a learnt voice. Errors: kInvalidArgument for a name with other than letters, digits,
// '-', '_' and '.', one that begins with '.', or one of more than 64 bytes.
Result<std::filesystem::path> user_profile_path(std::string_view name);
// The names of the user's learnt voices, sorted. No folder is no voices. Error: kIo.
Result<std::vector<std::string>> user_profile_names();

}  // namespace syrinx::voice
