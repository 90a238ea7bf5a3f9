// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "syrinx/apps/cli/convert_input.h"
#include "syrinx/apps/cli/convert_like.h"
#include "syrinx/apps/cli/convert_report.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/flow/buffer_source.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/voice/profile/profile_distance.h"

namespace syrinx::cli {
namespace {

// A voice, whom it is to sound like, and what is asked of the result by that.
struct LikeTask {
  AudioBuffer source;
  voice::VoiceProfile own;
  voice::VoiceProfile target;
  conversion::LikeConversion options;

  conversion::Asked asked() const {
    const double amount = options.like.amount;
    return {options.settings.pitch_ratio * std::pow(target.f0_hz() / own.f0_hz(), amount),
            options.settings.formant_ratio * std::pow(voice::formant_ratio(own, target), amount),
            1.0};
  }
  Result<AudioBuffer> make(const conversion::Making& making, const std::stop_token& stop) const {
    conversion::LikeConversion now = options;
    now.like.amount *= making.amount;
    if (making.thorough) now.mode = conversion::Mode::kHigh;
    SYRINX_ASSIGN(
        const auto sound,
        conversion::sound_like(std::make_unique<BufferSource>(source.view()), own, target, now));
    return io::read_all(*sound, stop);
  }
  // Nothing where too little of the sound has a pitch.
  std::optional<double> similarity(AudioView result) const {
    const auto made = voice::learn_profile(result);
    if (!made) return std::nullopt;
    return voice::compare_profiles(*made, target).similarity;
  }
};

Result<LikeTask> task_of(const ConvertJob& job, const LikeWish& wish,
                         const voice::VoiceProfile& target, const ConvertInput& input) {
  LikeTask task;
  SYRINX_ASSIGN(task.options, like_conversion(job, wish));
  task.target = target;
  SYRINX_ASSIGN(task.source, input.whole());
  if (task.source.duration_s() > conversion::kMostJudgedS)
    return make_error(ErrorCode::kLimitExceeded, "the sound lasts ", task.source.duration_s(),
                      " s; up to ", conversion::kMostJudgedS,
                      " s are judged and improved: leave --measure, --improve and --page out");
  if (task.source.sample_rate_hz() < voice::kLeastLikeRateHz) {
    SYRINX_ASSIGN(task.source, dsp::resample(task.source, voice::kLeastLikeRateHz));
  }
  SYRINX_ASSIGN(task.own, voice::learn_profile(task.source, "the source"));
  return task;
}

// The result, how good it is, and what was tried for it.
struct LikeMade {
  AudioBuffer sound;
  conversion::ConversionQuality quality;
  conversion::ConversionGrades grades;
  std::vector<conversion::Try> tries;
  nlohmann::json improved = nullptr;
};

Result<LikeMade> make_once(const LikeTask& task, const std::stop_token& stop) {
  LikeMade made;
  SYRINX_ASSIGN(made.sound, task.make({}, stop));
  SYRINX_ASSIGN(made.quality, conversion::judge(task.source, made.sound, task.asked()));
  made.grades = conversion::grades_of(made.quality, task.similarity(made.sound));
  return made;
}

Result<LikeMade> make_better(const LikeTask& task, const std::string& name,
                             const ShowProgress& progress, const std::stop_token& stop) {
  double tries = 0.0;
  conversion::Task work;
  work.make = [&](const conversion::Making& making) { return task.make(making, stop); };
  work.judge = [&](AudioView result) {
    tries += 1.0;
    progress(1.0 - std::pow(0.8, tries), name);
    return conversion::judge(task.source, result, task.asked(), tries == 1.0);
  };
  work.similarity = [&](AudioView result) { return task.similarity(result); };
  work.may_be_thorough = task.options.mode != conversion::Mode::kHigh;
  work.may_be_gentler = task.options.like.amount > 0.0;
  SYRINX_ASSIGN(auto better, conversion::improve(work, {}, stop));
  LikeMade made;
  made.improved = improved_json(better);
  made.quality = std::move(better.quality);
  made.grades = better.grades;
  made.tries = std::move(better.tries);
  made.sound = std::move(better.result);
  return made;
}

ConvertHeard heard_of(LikeTask task, LikeMade made) {
  ConvertHeard heard;
  const conversion::Asked asked = task.asked();
  voice::VoiceSettings settings = task.options.settings;
  settings.pitch_ratio = asked.pitch_ratio;
  settings.formant_ratio = asked.formant_ratio;
  heard.asked = asked_facts(settings, 1.0);
  char amount[32];
  std::snprintf(amount, sizeof amount, " (%.2f of the way)", task.options.like.amount);
  heard.asked.insert(heard.asked.begin(), {"Voice", task.target.name + amount});
  heard.measured = measured_facts(made.quality);
  heard.notes = made.quality.missing;
  heard.grades = made.grades;
  heard.tries = std::move(made.tries);
  heard.source = std::move(task.source);
  heard.result = std::move(made.sound);
  return heard;
}

}  // namespace

Result<ConvertDone> convert_like_judged(const ConvertJob& job, const LikeWish& wish,
                                        const voice::VoiceProfile& target,
                                        const ShowProgress& progress, const std::stop_token& stop) {
  SYRINX_ASSIGN(ConvertInput input, ConvertInput::open(job, true, stop));
  SYRINX_ASSIGN(LikeTask task, task_of(job, wish, target, input));
  ConvertDone done;
  SYRINX_ASSIGN(done.written, write_options(job, input.info(), task.source.sample_rate_hz(),
                                            task.source.channels()));
  progress(0.1, job.input);
  SYRINX_ASSIGN(LikeMade made,
                job.improve ? make_better(task, job.input, progress, stop) : make_once(task, stop));
  SYRINX_ASSIGN(auto writer, open_output(job.output, done.written));
  BufferSource sound(made.sound.view());
  SYRINX_ASSIGN(done.clipped_samples, write_all(sound, writer, stop));
  done.repaired_samples = input.reader().non_finite_samples();
  done.truncated = input.reader().truncated();
  done.report = {{"input", job.input},
                 {"output", job.output},
                 {"frames", made.sound.frames()},
                 {"sample_rate_hz", made.sound.sample_rate_hz()},
                 {"written", written_json(done.written)},
                 {"mode", conversion::to_string(task.options.mode)},
                 {"settings", settings_json(task.options.settings)},
                 {"target", voice_json(task.target)},
                 {"before", voices_apart_json(task.own, task.target)},
                 {"quality", quality_json(made.quality, made.grades)}};
  const auto result = voice::learn_profile(made.sound, "the result");
  done.report["after"] = result ? voices_apart_json(*result, task.target) : nlohmann::json();
  if (job.improve) done.report["improved"] = made.improved;
  if (job.keep_sounds) done.heard = heard_of(std::move(task), std::move(made));
  return done;
}

}  // namespace syrinx::cli
