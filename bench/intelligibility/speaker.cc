// SPDX-License-Identifier: Apache-2.0
#include "intelligibility/speaker.h"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>
#include <utility>

#include "intelligibility/child_process.h"
#include "syrinx/core/io/audio_reader.h"

namespace syrinx::bench {
namespace {

std::string replaced(std::string word, std::string_view what, const std::string& by) {
  const auto at = word.find(what);
  return at == std::string::npos ? word : word.replace(at, what.size(), by);
}

// A name for one WAV, gone with it.
class TemporaryWav {
 public:
  TemporaryWav()
      : path_(std::filesystem::temp_directory_path() /
              ("syrinx_intelligibility_" + std::to_string(::getpid()) + ".wav")) {}
  ~TemporaryWav() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryWav(const TemporaryWav&) = delete;
  TemporaryWav& operator=(const TemporaryWav&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

SpeakerCommand SpeakerCommand::of_syrinx(const std::string& program) {
  return {{program, "say", "-q", "--voice", "{voice}", "-o", "{out}", "--", "{text}"}};
}

Result<SpeakerCommand> SpeakerCommand::parse(const std::string& line) {
  SpeakerCommand command;
  std::istringstream words(line);
  for (std::string word; words >> word;) command.words.push_back(word);
  const bool complete = line.find("{text}") != std::string::npos &&
                        line.find("{out}") != std::string::npos && !command.words.empty();
  if (complete) return command;
  return make_error(ErrorCode::kInvalidArgument, "the speaker command '", line,
                    "' must say where {text} and {out} go, as in: "
                    "espeak -v {voice} -w {out} {text}");
}

Result<std::vector<std::string>> list_voices(const std::string& program) {
  SYRINX_ASSIGN(const std::string text, run_program({program, "voices", "--json"}));
  const auto json = nlohmann::json::parse(text, nullptr, false);
  std::vector<std::string> names;
  const bool has_list = json.is_object() && json.contains("voices") && json["voices"].is_array();
  for (const auto& voice : has_list ? json["voices"] : nlohmann::json::array()) {
    if (voice.is_object() && voice.contains("name") && voice["name"].is_string()) {
      names.push_back(voice["name"].get<std::string>());
    }
  }
  if (!names.empty()) return names;
  return make_error(ErrorCode::kCorruptData, "'", program,
                    " voices --json' did not print {\"voices\": [{\"name\": ...}]}");
}

Result<AudioBuffer> speak(const SpeakerCommand& command, const std::string& voice,
                          const std::string& text) {
  const TemporaryWav wav;
  std::vector<std::string> words;
  for (const auto& word : command.words) {
    // The text last, so that nothing in it is taken for a place to fill in.
    std::string filled = replaced(word, "{voice}", voice);
    filled = replaced(std::move(filled), "{out}", wav.path().string());
    words.push_back(replaced(std::move(filled), "{text}", text));
  }
  SYRINX_TRY(run_program(words));
  return io::read_audio(wav.path());
}

}  // namespace syrinx::bench
