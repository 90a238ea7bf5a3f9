// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/timings.h"

#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "syrinx/engines/tts/timestamps.h"

namespace syrinx::cli {
namespace {

double milliseconds_exact(double seconds) { return std::round(seconds * 1000.0) / 1000.0; }

nlohmann::json span_json(const SourceSpan& span) { return {span.begin, span.end}; }

}  // namespace

nlohmann::json timings_json(const tts::SpokenSentence& sentence) {
  nlohmann::json document = {{"text", sentence.piece.text},
                             {"source", span_json(sentence.piece.source)},
                             {"begin_s", milliseconds_exact(sentence.begin_s)},
                             {"end_s", milliseconds_exact(sentence.end_s)},
                             {"words", nlohmann::json::array()},
                             {"phonemes", nlohmann::json::array()}};
  for (const TimedWord& word : sentence.words) {
    document["words"].push_back({{"text", word.text},
                                 {"source", span_json(word.source)},
                                 {"begin_s", milliseconds_exact(word.begin_s)},
                                 {"end_s", milliseconds_exact(word.end_s)}});
  }
  for (const TimedPhoneme& timed : sentence.phonemes) {
    document["phonemes"].push_back({{"symbol", timed.phoneme.symbol},
                                    {"stress", timed.phoneme.stress},
                                    {"source", span_json(timed.phoneme.source)},
                                    {"begin_s", milliseconds_exact(timed.begin_s)},
                                    {"end_s", milliseconds_exact(timed.end_s)}});
  }
  document["characters"] = nlohmann::json::array();
  for (const tts::TimedCharacter& character : tts::time_characters(sentence)) {
    document["characters"].push_back({{"text", character.text},
                                      {"source", span_json(character.source)},
                                      {"begin_s", milliseconds_exact(character.begin_s)},
                                      {"end_s", milliseconds_exact(character.end_s)}});
  }
  document["visemes"] = nlohmann::json::array();
  for (const tts::TimedViseme& viseme : tts::time_visemes(sentence)) {
    document["visemes"].push_back({{"id", viseme.id},
                                   {"source", span_json(viseme.source)},
                                   {"begin_s", milliseconds_exact(viseme.begin_s)},
                                   {"end_s", milliseconds_exact(viseme.end_s)}});
  }
  if (!sentence.marks.empty()) document["marks"] = nlohmann::json::array();
  for (const tts::TimedMark& mark : sentence.marks) {
    document["marks"].push_back({{"name", mark.name},
                                 {"source", span_json(mark.source)},
                                 {"at_s", milliseconds_exact(mark.at_s)}});
  }
  return document;
}

TimingsFile::TimingsFile(std::FILE* file, std::filesystem::path final_path,
                         std::filesystem::path part_path)
    : file_(file), final_path_(std::move(final_path)), part_path_(std::move(part_path)) {}

TimingsFile::TimingsFile(TimingsFile&& other) noexcept
    : file_(std::exchange(other.file_, nullptr)),
      final_path_(std::move(other.final_path_)),
      part_path_(std::move(other.part_path_)) {}

TimingsFile::~TimingsFile() {
  if (file_ == nullptr || part_path_.empty()) return;
  std::fclose(file_);
  std::error_code ignored;
  std::filesystem::remove(part_path_, ignored);
}

Result<TimingsFile> TimingsFile::create(const std::string& path) {
  if (path == "-") return TimingsFile(stdout, "standard output", {});
  const std::string part = path + "." + std::to_string(getpid()) + ".part";
  std::FILE* file = std::fopen(part.c_str(), "wx");
  if (file == nullptr)
    return make_error(ErrorCode::kIo, "cannot write the timings ", path, ": ",
                      std::strerror(errno));
  return TimingsFile(file, path, part);
}

Error TimingsFile::io_error(const char* doing) const {
  return make_error(ErrorCode::kIo, "cannot ", doing, " the timings ", final_path_.string(), ": ",
                    std::strerror(errno));
}

Result<void> TimingsFile::write(const tts::SpokenSentence& sentence) {
  const std::string line =
      timings_json(sentence).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  if (std::fwrite(line.data(), 1, line.size(), file_) != line.size()) return io_error("write");
  return {};
}

Result<void> TimingsFile::finish() {
  std::FILE* file = std::exchange(file_, nullptr);
  if (part_path_.empty()) {
    if (std::fflush(file) != 0) return io_error("write");
    return {};
  }
  if (std::fclose(file) != 0) return io_error("write");
  std::error_code failed;
  std::filesystem::rename(part_path_, final_path_, failed);
  if (failed) return io_error("name");
  return {};
}

}  // namespace syrinx::cli
