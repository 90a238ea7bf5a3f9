// SPDX-License-Identifier: Apache-2.0
// The phonemes of espeak-ng, as a plugin. This file is Apache-2.0; what is built of it links
// libespeak-ng and is therefore under the GNU General Public License, version 3 or later.
#include <espeak-ng/speak_lib.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "syrinx/stages/text/espeak/phonemiser_abi.h"

namespace {

constexpr std::int32_t kNoSuchVoice = 1;
constexpr std::int32_t kFailed = 2;

std::int32_t fail(char* error, std::size_t bytes, const char* sentence) {
  std::snprintf(error, bytes, "%s", sentence);
  return kFailed;
}

std::int32_t start(char* error, std::size_t bytes) {
  if (espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, nullptr, espeakINITIALIZE_DONT_EXIT) > 0)
    return 0;
  return fail(error, bytes,
              "espeak-ng found no voice data; install espeak-ng-data, or set ESPEAK_DATA_PATH to "
              "the folder that holds espeak-ng-data");
}

// A mark that ends a clause, and the ASCII mark that it counts as (espeak-ng's clause types).
struct ClauseMark {
  std::string_view written;
  const char* counts_as;
};
constexpr std::array<ClauseMark, 22> kMarks = {{
    {",", ","},  {".", "."},  {"?", "?"},  {"!", "!"},  {":", ":"},  {";", ";"},
    {"—", ";"},  {"–", ";"},  {"…", ";"},  {"、", ","}, {"，", ","}, {"。", "."},
    {"？", "?"}, {"！", "!"}, {"：", ":"}, {"；", ";"}, {"،", ","},  {"؛", ";"},
    {"؟", "?"},  {"।", "."},  {"՞", "?"},  {"։", "."},
}};

std::size_t last_character(std::string_view text) {
  std::size_t at = text.size();
  while (at > 0 && (static_cast<unsigned char>(text[--at]) & 0xC0U) == 0x80U) continue;
  return at;
}

bool closes(std::string_view character) {
  constexpr std::array<std::string_view, 13> kClosing = {" ", "\n", "\t", "\r", "\"", "'", ")",
                                                         "]", "}",  "”",  "’",  "»",  "›"};
  for (const std::string_view one : kClosing) {
    if (one == character) return true;
  }
  return false;
}

// espeak-ng tells where it stopped reading, one character into the next clause, but not which mark
// made it stop: that is the last one before, but for spaces, quotes and brackets.
const char* mark_before(std::string_view read, bool to_the_end) {
  if (!to_the_end) read = read.substr(0, last_character(read));
  while (!read.empty()) {
    const std::size_t at = last_character(read);
    const std::string_view character = read.substr(at);
    for (const ClauseMark& mark : kMarks) {
      if (mark.written == character) return mark.counts_as;
    }
    if (!closes(character)) break;
    read = read.substr(0, at);
  }
  return "";
}

// Whether the voice is for that language; its list holds, for each, a byte and a name.
bool speaks(const espeak_VOICE& voice, std::string_view language) {
  const char* at = voice.languages;
  while (at != nullptr && *at != 0) {
    const std::string_view name(at + 1);
    if (name == language) return true;
    at += name.size() + 2;
  }
  return false;
}

// By the voice's own name ("en-us"), or by the language that it is for ("en-gb").
bool choose(const char* voice) {
  if (espeak_SetVoiceByName(voice) == EE_OK) return true;
  espeak_VOICE wanted{};
  wanted.languages = voice;
  if (espeak_SetVoiceByProperties(&wanted) != EE_OK) return false;
  const espeak_VOICE* chosen = espeak_GetCurrentVoice();
  return chosen != nullptr && speaks(*chosen, voice);
}

std::int32_t phonemise(const char* voice, const char* text, SyrinxClauseSink sink, void* context,
                       char* error, std::size_t bytes) {
  if (!choose(voice)) return kNoSuchVoice;
  const void* at = text;
  while (at != nullptr) {
    const char* begin = static_cast<const char*>(at);
    const char* ipa = espeak_TextToPhonemes(&at, espeakCHARS_UTF8, espeakINITIALIZE_PHONEME_IPA);
    if (ipa == nullptr) return fail(error, bytes, "espeak-ng gave no phonemes");
    const auto* end = static_cast<const char*>(at);
    const std::size_t read =
        end == nullptr ? std::strlen(begin) : static_cast<std::size_t>(end - begin);
    sink(context, ipa, mark_before({begin, read}, end == nullptr));
  }
  return 0;
}

// "1.51", without what espeak-ng's version says besides.
const char* library_version() {
  static const std::string version = [] {
    const char* data = nullptr;
    const std::string_view whole = espeak_Info(&data);
    return std::string(whole.substr(0, whole.find(' ')));
  }();
  return version.c_str();
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const SyrinxPhonemiser* syrinx_phonemiser(
    std::uint32_t host_version) {
  static const SyrinxPhonemiser table = {SYRINX_PHONEMISER_VERSION,
                                         sizeof(SyrinxPhonemiser),
                                         "espeak-ng",
                                         library_version(),
                                         &start,
                                         &phonemise};
  return host_version >= 1 ? &table : nullptr;
}
