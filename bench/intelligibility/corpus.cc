// SPDX-License-Identifier: Apache-2.0
#include "intelligibility/corpus.h"

#include <fstream>
#include <utility>

namespace syrinx::bench {
namespace {

constexpr const char* kEnglishSpeakers[] = {"ljspeech", "kathleen", "matthes"};
constexpr const char* kKennedy =
    "And so, my fellow Americans, ask not what your country can do for you, ask what you can do "
    "for your country.";

Result<HumanSpeaker> load_speaker(const std::filesystem::path& folder) {
  SYRINX_ASSIGN(const auto lines, load_sentences(folder / "transcripts.tsv"));
  HumanSpeaker speaker{folder.filename().string(), {}};
  for (const auto& line : lines) {
    const auto tab = line.find('\t');
    Recording recording{folder / (line.substr(0, tab) + ".flac"),
                        tab == std::string::npos ? "" : line.substr(tab + 1)};
    if (recording.text.empty() || !std::filesystem::exists(recording.path)) {
      return make_error(ErrorCode::kCorruptData, "'", (folder / "transcripts.tsv").string(),
                        "' has a line without a text or recording: ", line);
    }
    speaker.recordings.push_back(std::move(recording));
  }
  return speaker;
}

}  // namespace

Result<std::vector<std::string>> load_sentences(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) return make_error(ErrorCode::kNotFound, "cannot open '", path.string(), "'");
  std::vector<std::string> sentences;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) sentences.push_back(line);
  }
  if (!sentences.empty()) return sentences;
  return make_error(ErrorCode::kCorruptData, "'", path.string(), "' has no sentences");
}

Result<std::vector<HumanSpeaker>> load_human_speakers(const std::filesystem::path& speech) {
  std::vector<HumanSpeaker> speakers;
  for (const char* name : kEnglishSpeakers) {
    if (!std::filesystem::exists(speech / name)) continue;
    SYRINX_ASSIGN(HumanSpeaker speaker, load_speaker(speech / name));
    speakers.push_back(std::move(speaker));
  }
  const auto kennedy = speech / "jfk.flac";
  if (std::filesystem::exists(kennedy)) speakers.push_back({"jfk", {{kennedy, kKennedy}}});
  return speakers;
}

}  // namespace syrinx::bench
