// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/captions.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include "syrinx/core/base/json.h"

namespace syrinx::tts {
namespace {

namespace fs = std::filesystem;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// White space, line ends too, as one space each; none around it.
std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

// In two where it is too long for one line: at the space nearest to the middle.
std::string on_two_lines(std::string text) {
  if (characters(text) <= kCaptionLineCharacters) return text;
  const auto middle = text.size() / 2;
  std::size_t best = std::string::npos;
  for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1)) {
    const auto distance = [middle](std::size_t place) {
      return place > middle ? place - middle : middle - place;
    };
    if (best == std::string::npos || distance(at) < distance(best)) best = at;
  }
  if (best != std::string::npos) text[best] = '\n';
  return text;
}

// "01:02:03.456".
std::string clock(double seconds, char point) {
  const long long ms = std::llround(seconds * 1000.0);
  char text[48];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld%c%03lld", ms / 3'600'000, ms / 60'000 % 60,
                ms / 1000 % 60, point, ms % 1000);
  return text;
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '&') safe += "&amp;";
    if (c == '<') safe += "&lt;";
    if (c == '>') safe += "&gt;";
    if (c != '&' && c != '<' && c != '>') safe += c;
  }
  return safe;
}

fs::path part_of(const fs::path& path) {
  return path.parent_path() / ("." + path.filename().string() + ".part");
}

Error refused(const char* verb, const fs::path& path) {
  return make_error(ErrorCode::kIo, "cannot ", verb, " the captions '", path.string(),
                    "': ", std::strerror(errno));
}

std::string json_words(const SpokenRecord& record, double begin_s) {
  std::string list;
  for (const RecordedWord& word : record.words) {
    const auto text = record.text.substr(word.begin, word.end - word.begin);
    list += (list.empty() ? "{\"text\": " : ", {\"text\": ") + json_quoted(text) +
            ", \"source\": [" + std::to_string(word.source.begin) + ", " +
            std::to_string(word.source.end) +
            "], \"begin_s\": " + seconds_text(begin_s + word.begin_s) +
            ", \"end_s\": " + seconds_text(begin_s + word.end_s) + "}";
  }
  return "[" + list + "]";
}

}  // namespace

Result<CaptionFormat> caption_format_for(const fs::path& path) {
  std::string extension = path.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (extension == ".srt") return CaptionFormat::kSrt;
  if (extension == ".vtt") return CaptionFormat::kVtt;
  if (extension == ".json") return CaptionFormat::kJson;
  return make_error(ErrorCode::kInvalidArgument, "the name '", path.string(),
                    "' does not say which captions to write; end it in .srt, .vtt or .json");
}

std::vector<CaptionCue> cues_of(const SpokenRecord& record, double begin_s) {
  std::vector<CaptionCue> cues;
  const auto& words = record.words;
  for (std::size_t first = 0; first < words.size();) {
    const std::size_t from = first == 0 ? 0 : words[first].begin;
    std::size_t next = first + 1;
    while (next < words.size()) {
      const std::size_t to = next + 1 < words.size() ? words[next].end : record.text.size();
      const std::string text = on_one_line(std::string_view(record.text).substr(from, to - from));
      const bool fits = characters(text) <= 2 * kCaptionLineCharacters &&
                        words[next].end_s - words[first].begin_s <= kMaxCueS;
      if (!fits) break;
      ++next;
    }
    const std::size_t to = next < words.size() ? words[next].begin : record.text.size();
    const auto written = std::string_view(record.text).substr(from, std::max(to, from) - from);
    cues.push_back({begin_s + words[first].begin_s, begin_s + words[next - 1].end_s,
                    on_two_lines(on_one_line(written))});
    first = next;
  }
  return cues;
}

CaptionWriter::CaptionWriter(std::FILE* file, fs::path path, CaptionFormat format,
                             std::vector<std::string> documents)
    : file_(file), path_(std::move(path)), format_(format), documents_(std::move(documents)) {}

CaptionWriter::CaptionWriter(CaptionWriter&& other) noexcept
    : file_(std::exchange(other.file_, nullptr)),
      path_(std::move(other.path_)),
      format_(other.format_),
      documents_(std::move(other.documents_)),
      cues_(other.cues_),
      sentences_(other.sentences_) {}

CaptionWriter::~CaptionWriter() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  std::error_code ignored;
  fs::remove(part_of(path_), ignored);
}

Result<CaptionWriter> CaptionWriter::create(const fs::path& path, CaptionFormat format,
                                            const std::vector<std::string>& documents) {
  std::FILE* file = std::fopen(part_of(path).c_str(), "wb");
  if (file == nullptr) return refused("write", path);
  CaptionWriter writer(file, path, format, documents);
  if (format == CaptionFormat::kVtt) SYRINX_TRY(writer.put("WEBVTT\n\n"));
  if (format == CaptionFormat::kJson) SYRINX_TRY(writer.put("{\"sentences\": ["));
  return writer;
}

Result<void> CaptionWriter::put(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_) == text.size()) return {};
  return refused("write", path_);
}

Result<void> CaptionWriter::put_cues(const SpokenRecord& record, double begin_s) {
  const bool vtt = format_ == CaptionFormat::kVtt;
  for (const CaptionCue& cue : cues_of(record, begin_s)) {
    std::string text = vtt ? escaped(cue.text) : cue.text;
    if (vtt && !record.speaker.empty()) text = "<v " + escaped(record.speaker) + ">" + text;
    const char point = vtt ? '.' : ',';
    SYRINX_TRY(put(std::to_string(++cues_) + "\n" + clock(cue.begin_s, point) + " --> " +
                   clock(cue.end_s, point) + "\n" + text + "\n\n"));
  }
  return {};
}

Result<void> CaptionWriter::put_json(const SpokenRecord& record, double begin_s, double end_s) {
  std::string line = sentences_++ == 0 ? "\n" : ",\n";
  line += "  {\"text\": " + json_quoted(record.text);
  if (documents_.size() > 1 || !documents_.front().empty())
    line += ", \"document\": " + json_quoted(documents_[record.document]);
  line += ", \"source\": [" + std::to_string(record.source.begin) + ", " +
          std::to_string(record.source.end) + "], \"voice\": " + json_quoted(record.voice);
  if (!record.speaker.empty()) line += ", \"speaker\": " + json_quoted(record.speaker);
  line += ", \"begin_s\": " + seconds_text(begin_s) + ", \"end_s\": " + seconds_text(end_s) +
          ", \"words\": " + json_words(record, begin_s) + "}";
  return put(line);
}

Result<void> CaptionWriter::write(const SpokenRecord& record, double begin_s, double end_s) {
  if (record.words.empty()) return {};
  if (format_ == CaptionFormat::kJson) return put_json(record, begin_s, end_s);
  return put_cues(record, begin_s);
}

Result<void> CaptionWriter::finish(const std::vector<SpokenChapter>& chapters) {
  if (format_ == CaptionFormat::kJson) {
    SYRINX_TRY(put("\n], \"chapters\": ["));
    const char* before = "\n";
    for (const SpokenChapter& chapter : chapters) {
      SYRINX_TRY(put(std::exchange(before, ",\n") +
                     ("  {\"title\": " + json_quoted(chapter.title)) +
                     ", \"begin_s\": " + seconds_text(chapter.begin_s) +
                     ", \"end_s\": " + seconds_text(chapter.end_s) + "}"));
    }
    SYRINX_TRY(put("\n]}\n"));
  }
  std::FILE* file = std::exchange(file_, nullptr);
  const bool stored = std::fflush(file) == 0 && ::fsync(::fileno(file)) == 0;
  const bool closed = std::fclose(file) == 0;
  if (stored && closed && std::rename(part_of(path_).c_str(), path_.c_str()) == 0) return {};
  const Error error = refused("write", path_);
  std::remove(part_of(path_).c_str());
  return error;
}

}  // namespace syrinx::tts
