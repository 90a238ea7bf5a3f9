// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/espeak/espeak.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/plugins/plugin_file.h"
#include "syrinx/stages/text/espeak/phonemiser_abi.h"

namespace syrinx::text {
namespace {

constexpr const char* kFile = "libsyrinx_espeak.so";
constexpr const char* kAdvice =
    "build it with libespeak-ng-dev installed and it comes with the program, or set SYRINX_PLUGINS "
    "to the folder that has libsyrinx_espeak.so; it needs Debian's libespeak-ng1";
constexpr std::int32_t kNoSuchVoice = 1;

// espeak-ng keeps everything in globals. Never destroyed: other static objects may outlive it.
std::mutex& turn() {
  static std::mutex& mutex = *new std::mutex;
  return mutex;
}

void take_clause(void* context, const char* ipa, const char* mark) {
  static_cast<std::vector<EspeakClause>*>(context)->push_back({without_language_names(ipa), mark});
}

bool is_language_name(std::string_view name) {
  return name.size() >= 2 && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

}  // namespace

Espeak::Espeak(const SyrinxPhonemiser& table, std::filesystem::path file)
    : table_(table), file_(std::move(file)) {}

Result<std::shared_ptr<const Espeak>> Espeak::start() {
  SYRINX_ASSIGN(const io::PluginEntry entry,
                io::load_plugin(io::plugin_places(kFile), SYRINX_PHONEMISER_ENTRY, kAdvice));
  const SyrinxPhonemiser* table =
      reinterpret_cast<SyrinxPhonemiserEntry>(entry.function)(SYRINX_PHONEMISER_VERSION);
  if (table == nullptr || table->version < SYRINX_PHONEMISER_VERSION ||
      table->bytes < sizeof(SyrinxPhonemiser))
    return make_error(ErrorCode::kUnsupported, entry.file.string(),
                      " is a plugin for another version of Syrinx; build both from one release");
  std::array<char, 512> error{};
  if (table->start(error.data(), error.size()) != 0)
    return make_error(ErrorCode::kUnavailable, entry.file.string(), ": ", error.data());
  return std::shared_ptr<const Espeak>(new Espeak(*table, entry.file));
}

Result<std::shared_ptr<const Espeak>> Espeak::load() {
  static auto& loaded = *new std::shared_ptr<const Espeak>;
  const std::lock_guard lock(turn());
  if (loaded == nullptr) {
    SYRINX_ASSIGN(loaded, start());
  }
  return loaded;
}

std::string Espeak::version() const { return table_.library_version; }

Result<std::vector<EspeakClause>> Espeak::phonemise(std::string_view voice,
                                                    std::string_view text) const {
  if (text.size() > limits::kMaxEspeakBytes)
    return make_error(ErrorCode::kLimitExceeded, "espeak-ng was given ", text.size(),
                      " bytes at once; at most ", limits::kMaxEspeakBytes, " are handed over");
  if (text.find('\0') != std::string_view::npos || voice.find('\0') != std::string_view::npos)
    return make_error(ErrorCode::kInvalidArgument, "a text for espeak-ng has a NUL byte in it");
  std::vector<EspeakClause> clauses;
  std::array<char, 512> error{};
  const std::string voice_name(voice);
  const std::string whole(text);
  const std::lock_guard lock(turn());
  const std::int32_t failed = table_.phonemise(voice_name.c_str(), whole.c_str(), &take_clause,
                                               &clauses, error.data(), error.size());
  if (failed == kNoSuchVoice)
    return make_error(ErrorCode::kNotFound, "espeak-ng has no voice '", voice,
                      "'; `espeak-ng --voices` lists those that it has");
  if (failed != 0) return make_error(ErrorCode::kInternal, error.data());
  std::erase_if(clauses, [](const EspeakClause& c) { return c.ipa.empty() && c.mark.empty(); });
  return clauses;
}

std::string without_language_names(std::string_view ipa) {
  std::string out;
  for (std::size_t at = 0; at < ipa.size();) {
    const std::size_t close = ipa[at] == '(' ? ipa.find(')', at) : std::string_view::npos;
    if (close != std::string_view::npos && is_language_name(ipa.substr(at + 1, close - at - 1))) {
      at = close + 1;
    } else {
      out += ipa[at++];
    }
  }
  // A clause begins with a space where espeak-ng put a name before it.
  const std::size_t begin = std::min(out.find_first_not_of(' '), out.size());
  const std::size_t end = out.find_last_not_of(' ');
  return end == std::string::npos ? std::string() : out.substr(begin, end + 1 - begin);
}

std::string espeak_voice_of(std::string_view language) {
  std::string lower(language);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (lower == "en") return "en-us";
  const std::string base = lower.substr(0, lower.find('-'));
  return base == "en" ? lower : base;
}

}  // namespace syrinx::text
