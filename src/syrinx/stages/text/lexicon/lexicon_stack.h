// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/text/lexicon/lexicon.h"

namespace syrinx::text {

// Lexicons in the order in which they are asked.
using LexiconList = std::vector<std::shared_ptr<const Lexicon>>;

// A file to be read as a lexicon.
struct LexiconSource {
  std::filesystem::path path;
  LexiconFormat format = LexiconFormat::kDetect;
};

// An answer, and which lexicon gave it.
struct LexiconAnswer {
  LexiconReading reading;
  std::shared_ptr<const Lexicon> lexicon;

  // "names.tsv:12".
  std::string decided_by() const;
};

// The first answer of several lexicons, in any letter case.
std::optional<LexiconAnswer> find_in(const LexiconList& lexicons, std::string_view spelling,
                                     const LexiconQuery& query);

// Several lexicon files in order, the user's first, that follow their files while they are in use.
// Any thread may call; readers work on the snapshot that they took and are never stopped.
class LexiconStack {
 public:
  // Reads all. Errors: those of Lexicon::load(); kLimitExceeded beyond limits::kMaxLexicons.
  static Result<std::unique_ptr<LexiconStack>> open(std::vector<LexiconSource> sources);

  LexiconList snapshot() const;

  // Reads those files again whose size or time of change differs from when they were read, and
  // returns whether there were any. A file that is broken or gone leaves its lexicon as it was; the
  // first such error is returned, once, until the file changes again. The other files are read.
  Result<bool> reload_changed();

 private:
  struct Stamp {
    std::filesystem::file_time_type time{};
    std::uintmax_t size = 0;
    bool is_there = false;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  explicit LexiconStack(std::vector<LexiconSource> sources) : sources_(std::move(sources)) {}
  static Stamp stamp_of(const std::filesystem::path& path);
  void put(std::size_t index, Lexicon lexicon);

  const std::vector<LexiconSource> sources_;
  std::mutex reload_;          // Held by the one that reloads.
  std::vector<Stamp> stamps_;  // One per source; guarded by reload_.
  mutable std::mutex swap_;    // Held to copy or exchange pointers, never to read a file.
  LexiconList lexicons_;       // One per source; guarded by swap_.
};

}  // namespace syrinx::text
