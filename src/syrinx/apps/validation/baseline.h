// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/apps/validation/voice_check.h"
#include "syrinx/core/base/json.h"
#include "syrinx/core/base/result.h"

namespace syrinx::validation {

// The figures of one voice that are compared from one time to the next.
struct Figures {
  double word_error_rate = 0.0;          // Errors per word.
  std::optional<double> dnsmos_overall;  // MOS, 1 to 5. None: not measured.
  double artifact_share = 0.0;           // Of the duration.
  double words_per_minute = 0.0;
};

Figures figures_of(const VoiceCheck& check);

// How far each figure may go before it counts as changed, in its own unit.
struct Tolerances {
  double word_error_rate = 0.03;
  double dnsmos_overall = 0.1;
  double artifact_share = 0.02;
  double words_per_minute = 8.0;
};

// What was measured once, and must not get worse.
struct Baseline {
  std::string program;  // Its version; told, not compared.
  std::string recogniser;
  std::string texts_name;
  std::string texts_sha256;
  std::size_t sentences = 0;
  Tolerances tolerances;
  std::map<std::string, Figures> voices;
};

// `name` stands for the document in messages. Errors: kCorruptData naming the member that is
// missing or out of range; kLimitExceeded (kMaxSpeakers voices).
Result<Baseline> read_baseline(const JsonValue& json, const std::string& name);
// Errors: also those of io::read_json_file(); kNotFound says how a baseline is made.
Result<Baseline> load_baseline(const std::filesystem::path& path);
// The document that read_baseline() reads, its figures rounded to 10^-6.
std::string baseline_text(const Baseline& baseline);

// One figure of one voice, then and now.
struct Change {
  std::string voice;
  std::string figure;  // As the document calls it: "word_error_rate".
  double before = 0.0;
  double now = 0.0;
  double tolerance = 0.0;
};
// "slt: word_error_rate was 0.05 and is 0.12, which is further than the tolerance of 0.03".
std::string sentence_of(const Change& change);

struct Comparison {
  std::vector<Change> worse;                // A pace that changed at all is worse.
  std::vector<Change> better;               // By more than the tolerance.
  std::vector<std::string> missing_voices;  // Of the baseline, where every voice was wanted.
  std::vector<std::string> not_compared;    // Sentences.

  bool regressed() const noexcept { return !worse.empty() || !missing_voices.empty(); }
};

// `every_voice`: voices of the baseline that are not in `now` are missing. Tolerances are those of
// `before`. Errors: kInvalidArgument when texts or recogniser are others, as nothing compares then.
Result<Comparison> compare(const Baseline& before, const Baseline& now, bool every_voice);

// What a new baseline is: `now`, with the tolerances of `before` and, if texts and recogniser are
// the same, its other voices too.
Baseline updated(const Baseline& before, Baseline now);

}  // namespace syrinx::validation
