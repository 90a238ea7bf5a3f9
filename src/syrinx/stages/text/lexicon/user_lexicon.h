// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/text/lexicon/lexicon.h"
#include "syrinx/stages/text/lexicon/lexicon_stack.h"

// The user's own words: one TSV file that people may also edit by hand, and the lexicons that were
// imported beside it.
namespace syrinx::text {

struct UserEntry {
  std::string word;
  std::string pronunciation;   // As parse_written_pronunciation() takes it.
  std::string alphabet;        // "ipa", "arpabet", "kokoro", "x-sampa", "respelling", or "".
  std::string part_of_speech;  // A Penn tag, VERB, NOUN, ADJ, ADV, or "" for any.
  std::size_t line = 0;        // Of the file, from 1; set by list_user_entries().
};

// $XDG_DATA_HOME/syrinx/lexicons, else ~/.local/share/syrinx/lexicons. Error: kNotFound without
// either variable.
Result<std::filesystem::path> user_lexicon_folder();
// user.tsv in it, which need not exist.
Result<std::filesystem::path> user_lexicon_file();
// What is in the folder, in the order in which it is asked: user.tsv, then the imported by name.
// None where there is no folder.
Result<std::vector<LexiconSource>> user_lexicons();

// The file's entries in order; none when there is no file. Errors: as Lexicon::load().
Result<std::vector<UserEntry>> list_user_entries(const std::filesystem::path& file);

// Adds the entry, or puts it in the place of the one with the same word and part of speech. Other
// lines, comments too, stay as they are. Returns whether one was replaced. The file is written
// whole beside itself and then renamed: a reader sees the old or the new, and so does a crash.
// Errors: kInvalidArgument (not a pronunciation, a tab or line end in the word), kIo.
Result<bool> put_user_entry(const std::filesystem::path& file, const UserEntry& entry);

// Removes the entries of `word` with this part of speech ("" removes all of the word's). Returns
// how many there were. Errors: kIo.
Result<std::size_t> remove_user_entry(const std::filesystem::path& file, std::string_view word,
                                      std::string_view part_of_speech = "");

struct LexiconImport {
  std::filesystem::path file;  // Where it lies now.
  LexiconFormat format = LexiconFormat::kTsv;
  std::size_t words = 0;
};

// Reads `source` whole, so that what is broken is refused, and copies it into `folder` under its
// own name, in the place of one of that name. Errors: as Lexicon::load(); kIo.
Result<LexiconImport> import_lexicon(const std::filesystem::path& source, LexiconFormat format,
                                     const std::filesystem::path& folder);

}  // namespace syrinx::text
