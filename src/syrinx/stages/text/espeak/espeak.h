// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

struct SyrinxPhonemiser;

namespace syrinx::text {

// A clause as espeak-ng says it.
struct EspeakClause {
  std::string ipa;   // Words apart by a space; words that are said as one ("of the") stand as one.
  std::string mark;  // What ended it: "," "." "?" "!" ":" ";", or "".
};

// espeak-ng's phonemes, which Piper's voices were trained on. It is under the GPL, so it is a
// plugin of its own (libsyrinx_espeak.so), found at run time; everything else works without it. Not
// real-time safe: espeak-ng is not thread-safe, so calls from all threads take turns.
class Espeak {
 public:
  // The plugin, found where plugin_places() says and started once. Success is remembered for the
  // life of the process; failure is not, so that a plugin that arrives later is found. Any thread.
  // Errors: kUnavailable, saying where it looked and what to install, or why the one that is there
  // does not start; kUnsupported for a file that is no such plugin or of another version.
  static Result<std::shared_ptr<const Espeak>> load();

  std::string version() const;  // Of the library behind it: "1.51".
  const std::filesystem::path& file() const noexcept { return file_; }

  // What is said for a text of one language or several, by the rules of espeak-ng's voice ("en-us",
  // "de"). Names of other languages that it puts between phonemes, "(fr)", are gone. Errors:
  // kNotFound for a voice that there is not; kInvalidArgument for a text with a NUL in it;
  // kLimitExceeded beyond limits::kMaxEspeakBytes; kInternal when espeak-ng gives up.
  Result<std::vector<EspeakClause>> phonemise(std::string_view voice, std::string_view text) const;

 private:
  Espeak(const SyrinxPhonemiser& table, std::filesystem::path file);
  static Result<std::shared_ptr<const Espeak>> start();

  const SyrinxPhonemiser& table_;  // Lives as long as the process.
  std::filesystem::path file_;
};

// IPA without the names of languages that espeak-ng puts between phonemes: "(en)", "(fr-be)".
std::string without_language_names(std::string_view ipa);

// The espeak-ng voice of a BCP 47 language: "en-us" for "en-US", "de" for "de-DE".
std::string espeak_voice_of(std::string_view language);

}  // namespace syrinx::text
