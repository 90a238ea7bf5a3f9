// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/lexicon/user_lexicon.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/lexicon/lexicon_lines.h"
#include "syrinx/stages/text/lexicon/spelling.h"
#include "syrinx/stages/text/lexicon/tsv_line.h"
#include "syrinx/stages/text/lexicon/written_pronunciation.h"

namespace syrinx::text {
namespace {

namespace fs = std::filesystem;

Result<std::string> contents_of(const fs::path& file) {
  if (!fs::exists(file)) return std::string();
  std::ifstream stream(file, std::ios::binary);
  std::string contents(std::istreambuf_iterator<char>(stream), {});
  if (!stream) return make_error(ErrorCode::kIo, "cannot read ", file);
  if (contents.size() > limits::kMaxLexiconFileBytes) {
    return make_error(ErrorCode::kLimitExceeded, file, " is longer than ",
                      limits::kMaxLexiconFileBytes, " bytes");
  }
  return contents;
}

// Writes beside the file and renames: whoever reads sees the old file or the new one.
Result<void> replace_contents(const fs::path& file, const std::string& contents) {
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  const fs::path beside = file.string() + ".new-" + std::to_string(::getpid());
  std::ofstream stream(beside, std::ios::binary | std::ios::trunc);
  stream << contents;
  stream.close();
  if (stream) fs::rename(beside, file, error);
  if (stream && !error) return {};
  std::error_code ignored;
  fs::remove(beside, ignored);
  return make_error(ErrorCode::kIo, "cannot write ", file,
                    "; see whether the folder is there and yours");
}

UserEntry entry_of(const TsvLine& line, std::size_t number) {
  return {std::string(line.word), std::string(line.pronunciation), std::string(line.alphabet),
          line.part_of_speech, number};
}

bool is_same(const UserEntry& entry, std::string_view word, std::string_view part_of_speech) {
  return lexicon_spelling(entry.word) == lexicon_spelling(word) &&
         entry.part_of_speech == tag_spelling(part_of_speech);
}

std::string line_of(const UserEntry& entry) {
  std::string line = entry.word + "\t" + entry.pronunciation;
  if (!entry.alphabet.empty() || !entry.part_of_speech.empty()) line += "\t" + entry.alphabet;
  if (!entry.part_of_speech.empty()) line += "\t" + entry.part_of_speech;
  return line + "\n";
}

// Copies the file line by line; `change` returns a line to put instead, "" to leave it out, or
// nothing to keep it.
std::string changed(std::string_view contents,
                    const std::function<std::optional<std::string>(const UserEntry&)>& change) {
  std::string result;
  LexiconLines lines(contents);
  while (lines.next()) {
    const auto line = parse_tsv_line(lines.line());
    const auto instead = line ? change(entry_of(*line, lines.number())) : std::nullopt;
    if (instead) {
      result += *instead;
    } else {
      result.append(lines.line()).append("\n");
    }
  }
  return result;
}

Result<void> check(const UserEntry& entry) {
  const auto has_break = [](std::string_view text) {
    return text.find_first_of("\t\r\n") != std::string_view::npos;
  };
  if (trimmed(entry.word).empty() || entry.word.front() == '#' ||
      entry.word.size() > limits::kMaxLexiconWordBytes || has_break(entry.word)) {
    return make_error(
        ErrorCode::kInvalidArgument, "'", entry.word,
        "' is no word: it may not be empty, begin with '#', hold a tab or a line's end, "
        "or be longer than 255 bytes");
  }
  if (has_break(entry.pronunciation) || has_break(entry.part_of_speech) ||
      entry.part_of_speech.size() > limits::kMaxLexiconTagBytes) {
    return make_error(ErrorCode::kInvalidArgument, "the entry of '", entry.word,
                      "' holds a tab or a line's end, or too long a part of speech");
  }
  if (entry.alphabet == "alias") return {};
  const auto said = parse_written_pronunciation(entry.pronunciation, entry.alphabet);
  return said ? Result<void>() : said.error();
}

}  // namespace

Result<fs::path> user_lexicon_folder() {
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/') {
    return fs::path(data) / "syrinx" / "lexicons";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    return fs::path(home) / ".local" / "share" / "syrinx" / "lexicons";
  }
  return make_error(ErrorCode::kNotFound, "no folder for lexicons: set XDG_DATA_HOME or HOME");
}

Result<fs::path> user_lexicon_file() {
  SYRINX_ASSIGN(const fs::path folder, user_lexicon_folder());
  return folder / "user.tsv";
}

Result<std::vector<LexiconSource>> user_lexicons() {
  SYRINX_ASSIGN(const fs::path folder, user_lexicon_folder());
  std::vector<LexiconSource> found;
  std::error_code error;
  for (const auto& file : fs::directory_iterator(folder, error)) {
    const std::string name = file.path().filename().string();
    const bool is_passing = name.front() == '.' || name.find(".new-") != std::string::npos;
    if (file.is_regular_file(error) && !is_passing) found.push_back({file.path(), {}});
  }
  std::sort(found.begin(), found.end(), [](const LexiconSource& a, const LexiconSource& b) {
    const bool a_first = a.path.filename() == "user.tsv", b_first = b.path.filename() == "user.tsv";
    return a_first != b_first ? a_first : a.path < b.path;
  });
  return found;
}

Result<std::vector<UserEntry>> list_user_entries(const fs::path& file) {
  SYRINX_ASSIGN(const std::string contents, contents_of(file));
  std::vector<UserEntry> entries;
  LexiconLines lines(contents);
  while (lines.next()) {
    if (const auto line = parse_tsv_line(lines.line())) {
      entries.push_back(entry_of(*line, lines.number()));
    }
  }
  return entries;
}

Result<bool> put_user_entry(const fs::path& file, const UserEntry& entry) {
  SYRINX_TRY(check(entry));
  SYRINX_ASSIGN(const std::string contents, contents_of(file));
  bool is_replaced = false;
  std::string made = changed(contents, [&](const UserEntry& old) -> std::optional<std::string> {
    if (!is_same(old, entry.word, entry.part_of_speech)) return std::nullopt;
    return std::exchange(is_replaced, true) ? std::string() : line_of(entry);
  });
  if (!is_replaced) made += line_of(entry);
  SYRINX_TRY(replace_contents(file, made));
  return is_replaced;
}

Result<std::size_t> remove_user_entry(const fs::path& file, std::string_view word,
                                      std::string_view part_of_speech) {
  SYRINX_ASSIGN(const std::string contents, contents_of(file));
  std::size_t removed = 0;
  const std::string made =
      changed(contents, [&](const UserEntry& old) -> std::optional<std::string> {
        const std::string_view tag =
            part_of_speech.empty() ? std::string_view(old.part_of_speech) : part_of_speech;
        if (!is_same(old, word, tag)) return std::nullopt;
        ++removed;
        return std::string();
      });
  if (removed > 0) SYRINX_TRY(replace_contents(file, made));
  return removed;
}

Result<LexiconImport> import_lexicon(const fs::path& source, LexiconFormat format,
                                     const fs::path& folder) {
  SYRINX_ASSIGN(const Lexicon lexicon, Lexicon::load(source, format));
  SYRINX_ASSIGN(const std::string contents, contents_of(source));
  const fs::path file = folder / source.filename();
  SYRINX_TRY(replace_contents(file, contents));
  return LexiconImport{file, lexicon.format(), lexicon.words()};
}

}  // namespace syrinx::text
