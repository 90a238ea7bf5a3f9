// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/improve/improve.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "syrinx/core/flow/buffer_source.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/engines/conversion/improve/repairs.h"
#include "syrinx/stages/measure/artifacts/artifacts.h"

namespace syrinx::conversion {
namespace {

constexpr double kGentler = 0.85;
constexpr double kLeastAmount = 0.5;
constexpr std::size_t kMostTries = 32;
constexpr double kLeastMatch = 0.01;  // Of the distance between patterns of loudness.

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

Result<void> check(const ImproveOptions& options) {
  if (options.most_tries <= kMostTries && options.least_gain > 0.0 && options.price >= 0.0)
    return {};
  return make_error(ErrorCode::kInvalidArgument, "the loop was given ", options.most_tries,
                    " tries, a least gain of ", options.least_gain, " and a price of ",
                    options.price, "; give up to ", kMostTries,
                    " tries, a gain above 0 and a price of 0 or more");
}

// What is tried, in this order: what costs nothing of the change comes first.
struct Strategy {
  const char* name;
  Making (*next)(Making);  // The same making where there is nothing more to try.
};

constexpr Strategy kStrategies[] = {
    {"thorough",
     [](Making making) {
       making.thorough = true;
       return making;
     }},
    {"mend clicks",
     [](Making making) {
       making.mend_clicks = true;
       return making;
     }},
    {"smooth spectra",
     [](Making making) {
       making.smooth_spectra = true;
       return making;
     }},
    {"gentler",
     [](Making making) {
       if (making.amount * kGentler >= kLeastAmount) making.amount *= kGentler;
       return making;
     }},
};

// The detectors take up to two channels; of more, the first speaks for all.
Result<std::vector<measure::Artifact>> artifacts_of(AudioView audio) {
  if (audio.channels() <= 2) return measure::find_artifacts(audio);
  return measure::find_artifacts(AudioView(audio.channel(0), audio.sample_rate_hz()));
}

// What the measure that lost most has lost, by ImproveOptions::price, and its name.
std::pair<double, std::string_view> greatest_loss(const ConversionGrades& before,
                                                  const ConversionGrades& after) {
  std::pair<double, std::string_view> most{0.0, ""};
  for (std::size_t i = 0; i < kGrades; ++i) {
    const Grade& old = *all_of(before)[i];
    const Grade& now = *all_of(after)[i];
    if (!old.value || !now.value) continue;
    if (*now.met() && &old != &before.similarity) continue;
    const double scale = &old == &before.predicted_mos ? 1.0 / 3.0 : 1.0;
    const double loss =
        scale * (now.low_is_good ? *now.value - *old.value : *old.value - *now.value);
    if (loss > most.first) most = {loss, kGradeNames[i]};
  }
  return most;
}

class Loop {
 public:
  Loop(const Task& task, const ImproveOptions& options, const std::stop_token& stop)
      : task_(task), options_(options), stop_(stop) {}

  Result<Improved> run() {
    SYRINX_TRY(attempt("first", Making{}));
    while (best_.ended.empty()) {
      bool kept = false;
      for (const Strategy& strategy : kStrategies) {
        SYRINX_ASSIGN(const bool better, try_one(strategy));
        kept = kept || better;
        if (!best_.ended.empty()) break;
      }
      if (!kept && best_.ended.empty())
        best_.ended = best_.tries.size() == 1 ? "there was nothing to try"
                                              : "nothing more that was tried measured better";
    }
    const bool is_missing = shortfall(best_.grades) > 0.0;
    if (task_.match_loudness && is_missing && options_.most_tries > 0) SYRINX_TRY(match_loudness());
    return std::move(best_);
  }

 private:
  bool is_possible(const Making& making) const {
    if (making.thorough && !task_.may_be_thorough) return false;
    if (making.amount < 1.0 && !task_.may_be_gentler) return false;
    return std::none_of(best_.tries.begin(), best_.tries.end(),
                        [&](const Try& one) { return one.making == making; });
  }

  // Whether it was kept.
  Result<bool> try_one(const Strategy& strategy) {
    const Making making = strategy.next(best_.making);
    if (!is_possible(making)) return false;
    if (best_.tries.size() > options_.most_tries) {
      best_.ended = "all " + std::to_string(options_.most_tries) + " tries were made";
      return false;
    }
    return attempt(strategy.name, making);
  }

  Result<bool> attempt(const char* name, const Making& making) {
    if (stop_.stop_requested()) return make_error(ErrorCode::kCancelled, "the loop was stopped");
    Try one;
    one.name = name;
    one.making = making;
    SYRINX_ASSIGN(AudioBuffer made, make(making));
    if (!best_.tries.empty() && is_the_best(made)) {
      one.grades = best_.grades;
      one.shortfall = shortfall(best_.grades);
      one.reason = "it changed nothing";
      best_.tries.push_back(one);
      return false;
    }
    SYRINX_ASSIGN(ConversionQuality quality, judge(made, one));
    decide(one);
    if (one.kept) keep(one, std::move(made), std::move(quality));
    best_.tries.push_back(one);
    return one.kept;
  }

  // Grades the try by what was made.
  Result<ConversionQuality> judge(AudioView made, Try& one) const {
    SYRINX_ASSIGN(ConversionQuality quality, task_.judge(made));
    std::optional<double> similarity;
    if (task_.similarity) similarity = task_.similarity(made);
    one.grades = grades_of(quality, similarity);
    one.shortfall = shortfall(one.grades);
    return quality;
  }

  Result<void> match_loudness() {
    Try one;
    one.name = "match loudness";
    one.making = best_.making;
    one.grades = best_.grades;
    one.shortfall = shortfall(best_.grades);
    SYRINX_ASSIGN(const LoudnessMatch match, task_.match_loudness(best_.result));
    const std::string change = "the distance of loudness over the critical bands from " +
                               number(match.distance_before) + " to " +
                               number(match.distance_after);
    if (match.distance_before - match.distance_after < kLeastMatch) {
      one.reason = "it hardly lessened " + change;
      best_.tries.push_back(one);
      return {};
    }
    AudioBuffer made(best_.result.view());
    apply_loudness_match(made.view(), match);
    SYRINX_ASSIGN(ConversionQuality quality, judge(made, one));
    one.kept = one.shortfall <= shortfall(best_.grades);
    one.reason =
        (one.kept ? "it lessened " : "it cost too much of the grades, though it lessened ") +
        change;
    if (one.kept) {
      keep(one, std::move(made), std::move(quality));
      best_.loudness = match;
    }
    best_.tries.push_back(one);
    return {};
  }

  // Judging takes seconds; comparing does not.
  bool is_the_best(AudioView made) const {
    const AudioView best = best_.result;
    if (made.frames() != best.frames() || made.channels() != best.channels()) return false;
    for (std::size_t c = 0; c < made.channels(); ++c)
      if (!std::equal(made.channel(c).begin(), made.channel(c).end(), best.channel(c).begin()))
        return false;
    return true;
  }

  Result<AudioBuffer> make(const Making& making) {
    Making raw = making;
    raw.mend_clicks = raw.smooth_spectra = false;
    if (raw_.empty() || raw != raw_making_) {
      SYRINX_ASSIGN(raw_, task_.make(raw));
      raw_making_ = raw;
    }
    AudioBuffer made(raw_.view());
    if (making.mend_clicks) {
      SYRINX_ASSIGN(const auto found, artifacts_of(made));
      mend_clicks(made.view(), found);
    }
    if (!making.smooth_spectra) return made;
    SYRINX_ASSIGN(const auto found, artifacts_of(made));
    const auto smoothed = smooth_spectra(made.view(), found);
    if (!smoothed) return smoothed.error();
    return made;
  }

  void decide(Try& one) const {
    if (best_.tries.empty()) {
      one.kept = true;
      one.reason = "what was asked for";
      return;
    }
    const double before = shortfall(best_.grades);
    const std::string change = "from " + number(before) + " to " + number(one.shortfall);
    if (before - one.shortfall < options_.least_gain) {
      one.reason =
          "it did not lessen what is missing by " + number(options_.least_gain) + ": " + change;
      return;
    }
    const auto [loss, of] = greatest_loss(best_.grades, one.grades);
    if (before - one.shortfall < options_.price * loss) {
      one.reason = "it cost " + number(loss) + " of " + std::string(of) +
                   ", too much for what it brought: " + change;
      return;
    }
    one.kept = true;
    one.reason = "it lessened what is missing " + change;
  }

  void keep(const Try& one, AudioBuffer made, ConversionQuality quality) {
    if (best_.tries.empty()) best_.first = quality;
    best_.result = std::move(made);
    best_.making = one.making;
    best_.quality = std::move(quality);
    best_.quality.source_mos = best_.first.source_mos;
    best_.quality.source_artifact_share = best_.first.source_artifact_share;
    best_.grades = one.grades;
    if (one.shortfall == 0.0) best_.ended = "all targets that were measured are met";
  }

  const Task& task_;
  const ImproveOptions& options_;
  std::stop_token stop_;
  Improved best_;
  AudioBuffer raw_;  // The last that was made, before mending.
  Making raw_making_;
};

Result<AudioBuffer> convert(AudioView source, const ConversionOptions& options,
                            const std::stop_token& stop) {
  SYRINX_ASSIGN(const auto sound, make_conversion(std::make_unique<BufferSource>(source), options));
  return io::read_all(*sound, stop);
}

double ratio_part(double ratio, double amount) { return std::pow(ratio, amount); }

}  // namespace

voice::VoiceSettings part_of(const voice::VoiceSettings& settings, double amount) noexcept {
  voice::VoiceSettings part = settings;
  part.pitch_ratio = ratio_part(settings.pitch_ratio, amount);
  part.formant_ratio = ratio_part(settings.formant_ratio, amount);
  part.intonation = 1.0 + amount * (settings.intonation - 1.0);
  part.tilt_db_per_octave *= amount;
  part.breathiness *= amount;
  part.roughness *= amount;
  part.whisper *= amount;
  part.tremor_semitones *= amount;
  return part;
}

std::function<Result<LoudnessMatch>(AudioView)> loudness_matcher(
    AudioView source, const voice::VoiceSettings& settings) {
  if (settings.breathiness > 0.0 || settings.whisper > 0.0 || settings.roughness > 0.0) return {};
  const AskedSpectrum asked{settings.formant_ratio, settings.tilt_db_per_octave};
  return [source, asked](AudioView result) { return find_loudness_match(source, result, asked); };
}

Result<Improved> improve(const Task& task, const ImproveOptions& options,
                         const std::stop_token& stop) {
  SYRINX_TRY(check(options));
  return Loop(task, options, stop).run();
}

Result<Improved> improve_conversion(AudioView source, const ConversionOptions& asked,
                                    const ImproveOptions& options, const std::stop_token& stop) {
  const voice::VoiceSettings& settings = asked.transform.settings;
  const Asked wanted{settings.pitch_ratio, settings.formant_ratio, asked.speed};
  bool heard_source = false;
  Task task;
  task.make = [&](const Making& making) {
    ConversionOptions now = asked;
    now.transform.settings = part_of(settings, making.amount);
    if (making.thorough) now.transform.mode = Mode::kHigh;
    return convert(source, now, stop);
  };
  task.judge = [&](AudioView result) {
    return judge(source, result, wanted, !std::exchange(heard_source, true));
  };
  task.may_be_thorough = asked.speed == 1.0 && asked.transform.mode != Mode::kHigh;
  task.may_be_gentler = !(settings == voice::VoiceSettings{});
  task.match_loudness = loudness_matcher(source, settings);
  return improve(task, options, stop);
}

}  // namespace syrinx::conversion
