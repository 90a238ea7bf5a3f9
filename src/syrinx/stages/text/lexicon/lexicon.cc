// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/lexicon/lexicon.h"

#include <array>
#include <fstream>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/lexicon/lexicon_entry.h"
#include "syrinx/stages/text/lexicon/lexicon_record.h"
#include "syrinx/stages/text/lexicon/spelling.h"

namespace syrinx::text {
namespace {

constexpr std::array<std::pair<std::string_view, LexiconFormat>, 5> kFormats = {{
    {"detect", LexiconFormat::kDetect},
    {"pls", LexiconFormat::kPls},
    {"cmudict", LexiconFormat::kCmudict},
    {"misaki", LexiconFormat::kMisaki},
    {"tsv", LexiconFormat::kTsv},
}};

LexiconReading reading_of(const LexiconEntry& entry) {
  LexiconReading reading;
  reading.pronunciation.set = entry.set;
  if (entry.kind == EntryKind::kPhonemes) reading.pronunciation.symbols = entry.symbols;
  if (entry.kind == EntryKind::kAlias) reading.alias = entry.symbols;
  reading.is_spelt = entry.kind == EntryKind::kLetters;
  reading.part_of_speech = entry.part_of_speech;
  reading.line = entry.line;
  return reading;
}

// How well an entry answers: 0 is not at all.
int fit(const LexiconEntry& entry, const LexiconQuery& query) {
  if (entry.part_of_speech == "None") return query.ends_phrase ? 5 : 0;
  if (entry.part_of_speech.empty()) return 2;
  if (query.part_of_speech.empty()) return 1;
  if (entry.part_of_speech == query.part_of_speech) return 4;
  return entry.part_of_speech == family_of(query.part_of_speech) ? 3 : 0;
}

std::string_view without_mark(std::string_view contents) {
  return contents.substr(0, 3) == "\xEF\xBB\xBF" ? contents.substr(3) : contents;
}

// By the first line that is no comment.
LexiconFormat detect(std::string_view contents) {
  while (!contents.empty()) {
    const std::string_view line = contents.substr(0, contents.find('\n'));
    contents.remove_prefix(std::min(contents.size(), line.size() + 1));
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) continue;
    if (line[begin] == '<') return LexiconFormat::kPls;
    if (line[begin] == '{') return LexiconFormat::kMisaki;
    if (line[begin] == '#' || line.substr(begin, 3) == ";;;") continue;
    return line.find('\t') != std::string_view::npos ? LexiconFormat::kTsv
                                                     : LexiconFormat::kCmudict;
  }
  return LexiconFormat::kTsv;
}

Result<void> read(std::string_view contents, LexiconFormat format, LexiconBuilder& builder) {
  switch (format) {
    case LexiconFormat::kPls:
      return read_pls(contents, builder);
    case LexiconFormat::kCmudict:
      return read_cmudict(contents, builder);
    case LexiconFormat::kMisaki:
      return read_misaki(contents, builder);
    case LexiconFormat::kDetect:
    case LexiconFormat::kTsv:
      break;
  }
  return read_tsv(contents, builder);
}

Result<std::string> contents_of(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) {
    return make_error(ErrorCode::kNotFound, "no lexicon at ", path, ": ", error.message());
  }
  if (size > limits::kMaxLexiconFileBytes) {
    return make_error(ErrorCode::kLimitExceeded, path, " has ", size,
                      " bytes; a lexicon has at most ", limits::kMaxLexiconFileBytes);
  }
  std::string contents(static_cast<std::size_t>(size), '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file.read(contents.data(), static_cast<std::streamsize>(size))) {
    return make_error(ErrorCode::kIo, "cannot read the lexicon ", path);
  }
  return contents;
}

}  // namespace

std::string_view name_of(LexiconFormat format) noexcept {
  for (const auto& [name, one] : kFormats) {
    if (one == format) return name;
  }
  return "detect";
}

std::optional<LexiconFormat> lexicon_format_of(std::string_view name) noexcept {
  for (const auto& [known, format] : kFormats) {
    if (known == name) return format;
  }
  return std::nullopt;
}

std::string_view family_of(std::string_view part_of_speech) noexcept {
  const std::string_view two = part_of_speech.substr(0, 2);
  if (two == "VB") return "VERB";
  if (two == "NN") return "NOUN";
  if (two == "RB" || part_of_speech.substr(0, 3) == "ADV") return "ADV";
  if (two == "JJ" || part_of_speech.substr(0, 3) == "ADJ") return "ADJ";
  return part_of_speech;
}

Result<Lexicon> Lexicon::load(const std::filesystem::path& path, LexiconFormat format) {
  SYRINX_ASSIGN(const std::string contents, contents_of(path));
  auto lexicon = parse(contents, path.filename().string(), format);
  if (!lexicon) {
    return make_error(lexicon.error().code, path.string(), ", ", lexicon.error().message);
  }
  return lexicon;
}

Result<Lexicon> Lexicon::parse(std::string_view contents, std::string_view name,
                               LexiconFormat format) {
  if (contents.size() > limits::kMaxLexiconFileBytes) {
    return make_error(ErrorCode::kLimitExceeded, "a lexicon has at most ",
                      limits::kMaxLexiconFileBytes, " bytes, not ", contents.size());
  }
  contents = without_mark(contents);
  if (format == LexiconFormat::kDetect) format = detect(contents);
  LexiconBuilder builder(name, format);
  SYRINX_TRY(read(contents, format, builder));
  return std::move(builder).finish();
}

std::size_t Lexicon::bytes() const noexcept {
  return blob_.capacity() + slots_.capacity() * sizeof(slots_[0]);
}

template <class Each>
void Lexicon::for_readings(std::string_view spelling, Each each) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash_of_spelling(spelling) & mask; slots_[slot] != 0;
       slot = (slot + 1) & mask) {
    const LexiconEntry entry = record_at(blob_, slots_[slot] - 1);
    if (entry.spelling == spelling) each(entry);
  }
}

std::optional<LexiconReading> Lexicon::find(std::string_view spelling,
                                            const LexiconQuery& query) const {
  LexiconEntry best;
  int best_fit = 0;
  for_readings(spelling, [&](const LexiconEntry& entry) {
    const int here = fit(entry, query);
    if (here > best_fit) {
      best = entry;
      best_fit = here;
    }
  });
  if (best_fit == 0) return std::nullopt;
  return reading_of(best);
}

std::optional<LexiconReading> Lexicon::find_any_case(std::string_view spelling,
                                                     const LexiconQuery& query) const {
  if (auto exact = find(spelling, query)) return exact;
  const std::string lower = lower_spelling(spelling);
  if (lower != spelling) {
    if (auto found = find(lower, query)) return found;
  }
  const std::string capital = capital_spelling(lower);
  if (capital == spelling || capital == lower) return std::nullopt;
  return find(capital, query);
}

bool Lexicon::contains(std::string_view spelling) const {
  bool is_there = false;
  for_readings(spelling, [&](const LexiconEntry&) { is_there = true; });
  return is_there;
}

std::vector<LexiconReading> Lexicon::readings(std::string_view spelling) const {
  std::vector<LexiconReading> all;
  for_readings(spelling, [&](const LexiconEntry& entry) { all.push_back(reading_of(entry)); });
  return all;
}

}  // namespace syrinx::text
