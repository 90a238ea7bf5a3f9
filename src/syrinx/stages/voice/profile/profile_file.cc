// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/profile_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "syrinx/core/io/safetensors/safetensors_file.h"

namespace syrinx::voice {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormat = "syrinx voice profile";
constexpr std::string_view kVersion = "1";

nn::TensorBytes cepstrum_tensor(const char* name, const Cepstrum& values) {
  return nn::make_tensor(name, {kCepstra}, values);
}

Result<Cepstrum> read_cepstrum(const nn::WeightFile& file, const char* name) {
  const std::array<std::size_t, 1> shape = {kCepstra};
  SYRINX_ASSIGN(const auto values, file.floats(name, shape));
  Cepstrum cepstrum{};
  std::copy(values.begin(), values.end(), cepstrum.begin());
  return cepstrum;
}

Result<CepstrumStatistics> read_statistics(const nn::WeightFile& file, const std::string& kind) {
  CepstrumStatistics statistics;
  SYRINX_ASSIGN(statistics.mean, read_cepstrum(file, (kind + ".mean").c_str()));
  SYRINX_ASSIGN(statistics.deviation, read_cepstrum(file, (kind + ".deviation").c_str()));
  for (std::size_t d = 0; d < kCepstra; ++d) {
    if (std::abs(statistics.mean[d]) < 1e3f && statistics.deviation[d] > 0.0f &&
        statistics.deviation[d] < 1e3f)
      continue;
    return make_error(ErrorCode::kCorruptData, "'", file.name(), "' says that the ", kind,
                      " cepstra have the mean ", statistics.mean[d], " and the deviation ",
                      statistics.deviation[d], ", which no voice has; learn it anew");
  }
  return statistics;
}

Result<void> read_pitch(const nn::WeightFile& file, VoiceProfile& profile) {
  const std::array<std::size_t, 1> shape = {3};
  SYRINX_ASSIGN(const auto pitch, file.floats("pitch", shape));
  profile.log_f0_mean = static_cast<double>(pitch[0]);
  profile.log_f0_deviation = static_cast<double>(pitch[1]);
  profile.speech_s = static_cast<double>(pitch[2]);
  const bool voice =
      pitch[0] > 3.0f && pitch[0] < 7.5f && pitch[1] > 0.0f && pitch[1] < 2.0f && pitch[2] >= 0.0f;
  if (voice) return {};
  return make_error(ErrorCode::kCorruptData, "'", file.name(), "' gives a voice the mean log F0 ",
                    pitch[0], " and the deviation ", pitch[1], " over ", pitch[2],
                    " s, which no voice has; learn it anew");
}

Result<void> read_exemplars(const nn::WeightFile& file, VoiceProfile& profile) {
  const nn::TensorInfo* info = file.find("exemplars");
  if (info == nullptr) return {};  // A morphed voice has none.
  if (info->shape.size() != 2 || info->shape[1] != kCepstra)
    return make_error(ErrorCode::kCorruptData, "'", file.name(), "' has exemplars of the shape ",
                      nn::describe_shape(info->shape), "; expected [frames, ", kCepstra, "]");
  if (info->shape[0] > kMaxExemplars)
    return make_error(ErrorCode::kLimitExceeded, "'", file.name(), "' has ", info->shape[0],
                      " exemplars; at most ", kMaxExemplars, " are read");
  SYRINX_ASSIGN(const auto values, file.floats("exemplars", info->shape));
  profile.exemplars.resize(info->shape[0]);
  for (std::size_t i = 0; i < profile.exemplars.size(); ++i)
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(i * kCepstra), kCepstra,
                profile.exemplars[i].begin());
  const auto wild = [](const Cepstrum& cepstrum) {
    return std::any_of(cepstrum.begin(), cepstrum.end(),
                       [](float value) { return std::abs(value) > 1e3f; });
  };
  if (std::any_of(profile.exemplars.begin(), profile.exemplars.end(), wild))
    return make_error(ErrorCode::kCorruptData, "'", file.name(),
                      "' has an exemplar that no voice has; learn it anew");
  return {};
}

// Files written before formants were learnt have none.
Result<void> read_formants(const nn::WeightFile& file, VoiceProfile& profile) {
  if (file.find("formants") == nullptr) return {};
  const std::array<std::size_t, 1> shape = {kFormants};
  SYRINX_ASSIGN(const auto values, file.floats("formants", shape));
  for (std::size_t i = 0; i < kFormants; ++i) {
    profile.formants_hz[i] = static_cast<double>(values[i]);
    const bool known = values[i] > 50.0f && values[i] < 8'000.0f;
    if (known || (values[i] == 0.0f && values[0] == 0.0f)) continue;
    return make_error(ErrorCode::kCorruptData, "'", file.name(), "' gives a voice a formant at ",
                      values[i], " Hz, which no voice has; learn it anew");
  }
  return {};
}

std::string text_of(const nn::WeightFile& file, const char* key) {
  const auto found = file.metadata().find(key);
  return found == file.metadata().end() ? std::string() : found->second;
}

}  // namespace

Result<void> write_profile(const fs::path& path, const VoiceProfile& profile) {
  if (profile.consent.size() > kMaxConsentBytes)
    return make_error(ErrorCode::kInvalidArgument, "the consent has ", profile.consent.size(),
                      " bytes; at most ", kMaxConsentBytes, " are kept");
  const std::array<float, 3> pitch = {static_cast<float>(profile.log_f0_mean),
                                      static_cast<float>(profile.log_f0_deviation),
                                      static_cast<float>(profile.speech_s)};
  std::vector<nn::TensorBytes> tensors;
  tensors.push_back(nn::make_tensor("pitch", {pitch.size()}, pitch));
  tensors.push_back(cepstrum_tensor("voiced.mean", profile.voiced.mean));
  tensors.push_back(cepstrum_tensor("voiced.deviation", profile.voiced.deviation));
  tensors.push_back(cepstrum_tensor("unvoiced.mean", profile.unvoiced.mean));
  tensors.push_back(cepstrum_tensor("unvoiced.deviation", profile.unvoiced.deviation));
  std::array<float, kFormants> formants{};
  for (std::size_t i = 0; i < kFormants; ++i)
    formants[i] = static_cast<float>(profile.formants_hz[i]);
  tensors.push_back(nn::make_tensor("formants", {kFormants}, formants));
  std::vector<float> exemplars;
  for (const Cepstrum& cepstrum : profile.exemplars)
    exemplars.insert(exemplars.end(), cepstrum.begin(), cepstrum.end());
  if (!exemplars.empty())
    tensors.push_back(
        nn::make_tensor("exemplars", {profile.exemplars.size(), kCepstra}, exemplars));
  return io::write_safetensors(path, tensors,
                               {{"format", std::string(kFormat)},
                                {"version", std::string(kVersion)},
                                {"name", profile.name},
                                {"consent", profile.consent}});
}

Result<VoiceProfile> read_profile(const nn::WeightFile& file) {
  if (text_of(file, "format") != kFormat)
    return make_error(ErrorCode::kUnsupported, "'", file.name(),
                      "' is no voice profile; `syrinx voices learn` makes one");
  if (text_of(file, "version") != kVersion)
    return make_error(ErrorCode::kUnsupported, "'", file.name(),
                      "' is a voice profile of version '", text_of(file, "version"),
                      "'; this program reads version ", kVersion);
  VoiceProfile profile;
  profile.name = text_of(file, "name");
  profile.consent = text_of(file, "consent");
  SYRINX_TRY(read_pitch(file, profile));
  SYRINX_TRY(read_formants(file, profile));
  SYRINX_ASSIGN(profile.voiced, read_statistics(file, "voiced"));
  SYRINX_ASSIGN(profile.unvoiced, read_statistics(file, "unvoiced"));
  SYRINX_TRY(read_exemplars(file, profile));
  SYRINX_TRY(file.check_unchanged());
  return profile;
}

Result<VoiceProfile> read_profile(const fs::path& path) {
  SYRINX_ASSIGN(const auto file, nn::WeightFile::open(path));
  return read_profile(file);
}

Result<fs::path> user_profile_folder() {
  const auto set = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (const std::string own = set("SYRINX_PROFILES"); !own.empty()) return fs::path(own);
  if (const std::string data = set("XDG_DATA_HOME"); !data.empty())
    return fs::path(data) / "syrinx" / "profiles";
  if (const std::string home = set("HOME"); !home.empty())
    return fs::path(home) / ".local" / "share" / "syrinx" / "profiles";
  return make_error(ErrorCode::kNotFound,
                    "there is no place for learnt voices: set SYRINX_PROFILES or HOME");
}

Result<fs::path> user_profile_path(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  if (name.empty() || name.size() > 64 || name.front() == '.' || !plain)
    return make_error(ErrorCode::kInvalidArgument, "'", name,
                      "' is no name for a voice: use up to ",
                      "64 letters, digits, '-', '_' and '.', not beginning with '.'");
  SYRINX_ASSIGN(const fs::path folder, user_profile_folder());
  return folder / (std::string(name) + std::string(kProfileEnding));
}

Result<std::vector<std::string>> user_profile_names() {
  SYRINX_ASSIGN(const fs::path folder, user_profile_folder());
  std::vector<std::string> names;
  std::error_code failed;
  if (!fs::exists(folder, failed)) return names;
  fs::directory_iterator entries(folder, failed);
  for (; !failed && entries != fs::directory_iterator(); entries.increment(failed)) {
    const std::string file = entries->path().filename().string();
    if (file.size() <= kProfileEnding.size() || file.front() == '.') continue;
    const std::size_t stem = file.size() - kProfileEnding.size();
    if (file.compare(stem, std::string::npos, kProfileEnding) == 0)
      names.push_back(file.substr(0, stem));
  }
  if (failed)
    return make_error(ErrorCode::kIo, "cannot list '", folder.string(), "': ", failed.message());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace syrinx::voice
