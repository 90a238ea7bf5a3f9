// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/validation/baseline.h"

#include <cmath>
#include <utility>

namespace syrinx::validation {
namespace {

enum class Better { kLower, kHigher, kNeither };

struct ComparedFigure {
  const char* name;
  std::optional<double> (*of)(const Figures&);
  double Tolerances::*tolerance;
  Better better;
};

constexpr ComparedFigure kFigures[] = {
    {"word_error_rate", [](const Figures& f) { return std::optional(f.word_error_rate); },
     &Tolerances::word_error_rate, Better::kLower},
    {"dnsmos_overall", [](const Figures& f) { return f.dnsmos_overall; },
     &Tolerances::dnsmos_overall, Better::kHigher},
    {"artifact_share", [](const Figures& f) { return std::optional(f.artifact_share); },
     &Tolerances::artifact_share, Better::kLower},
    {"words_per_minute", [](const Figures& f) { return std::optional(f.words_per_minute); },
     &Tolerances::words_per_minute, Better::kNeither},
};

// What rounding in a document may make of a difference.
constexpr double kRounding = 2e-6;

void compare_figure(const ComparedFigure& figure, const Change& change, Comparison& comparison) {
  const double rise = change.now - change.before;
  if (std::abs(rise) <= change.tolerance + kRounding) return;
  const bool improved = figure.better == (rise > 0 ? Better::kHigher : Better::kLower);
  (improved ? comparison.better : comparison.worse).push_back(change);
}

void compare_voice(const std::string& voice, const Figures& before, const Figures& now,
                   const Tolerances& tolerances, Comparison& comparison) {
  for (const ComparedFigure& figure : kFigures) {
    const auto then = figure.of(before);
    const auto today = figure.of(now);
    if (then && today) {
      compare_figure(figure, {voice, figure.name, *then, *today, tolerances.*figure.tolerance},
                     comparison);
    } else if (then || today) {
      comparison.not_compared.push_back(voice + ": " + figure.name + " was measured only " +
                                        (then ? "for the baseline" : "now"));
    }
  }
}

bool are_comparable(const Baseline& before, const Baseline& now) {
  return before.texts_sha256 == now.texts_sha256 && before.recogniser == now.recogniser;
}

Result<void> check_comparable(const Baseline& before, const Baseline& now) {
  if (before.texts_sha256 != now.texts_sha256)
    return make_error(ErrorCode::kInvalidArgument, "the baseline is of other sentences (",
                      before.texts_name, ", ", before.sentences, " sentences) than these (",
                      now.texts_name, ", ", now.sentences,
                      "): give the same --texts, or write a new baseline with --update");
  if (before.recogniser != now.recogniser)
    return make_error(ErrorCode::kInvalidArgument, "the baseline was heard by ", before.recogniser,
                      ", not by ", now.recogniser, ": write a new baseline with --update");
  return {};
}

}  // namespace

Figures figures_of(const VoiceCheck& check) {
  Figures figures;
  figures.word_error_rate = check.words().rate();
  if (const auto scores = check.dnsmos()) figures.dnsmos_overall = scores->overall;
  figures.artifact_share = check.artifact_share();
  figures.words_per_minute = check.words_per_minute();
  return figures;
}

std::string sentence_of(const Change& change) {
  return make_error(ErrorCode::kInternal, change.voice, ": ", change.figure, " was ", change.before,
                    " and is ", change.now, ", which is further than the tolerance of ",
                    change.tolerance)
      .message;
}

Result<Comparison> compare(const Baseline& before, const Baseline& now, bool every_voice) {
  SYRINX_TRY(check_comparable(before, now));
  Comparison comparison;
  for (const auto& [voice, figures] : now.voices) {
    const auto then = before.voices.find(voice);
    if (then == before.voices.end()) {
      comparison.not_compared.push_back(voice + ": the baseline does not have this voice");
    } else {
      compare_voice(voice, then->second, figures, before.tolerances, comparison);
    }
  }
  for (const auto& [voice, figures] : before.voices) {
    if (every_voice && now.voices.count(voice) == 0) comparison.missing_voices.push_back(voice);
  }
  return comparison;
}

Baseline updated(const Baseline& before, Baseline now) {
  now.tolerances = before.tolerances;
  if (are_comparable(before, now)) now.voices.insert(before.voices.begin(), before.voices.end());
  return now;
}

}  // namespace syrinx::validation
