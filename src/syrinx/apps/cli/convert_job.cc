// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/convert_job.h"

#include <chrono>
#include <cmath>
#include <vector>

#include "syrinx/apps/cli/convert_input.h"
#include "syrinx/apps/cli/convert_report.h"
#include "syrinx/apps/cli/convert_sound.h"
#include "syrinx/core/flow/buffer_source.h"
#include "syrinx/core/flow/mono.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/engines/conversion/conversion_quality.h"
#include "syrinx/stages/measure/report/sound_report.h"
#include "syrinx/stages/voice/emotion.h"
#include "syrinx/stages/voice/voice_targets.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

bool changes_over_time(const ConvertJob& job) {
  return !job.wish.emotion.empty() && emotions_change(job.wish.emotion);
}

bool is_heard_twice(const ConvertJob& job) {
  return job.measure || job.wish.needs_f0() || !job.style.empty() || changes_over_time(job);
}

Result<conversion::F0Summary> source_f0(const ConvertJob& job, const ConvertInput& input,
                                        const std::stop_token& stop) {
  SYRINX_ASSIGN(const auto again, input.again());
  if (job.wish.f0 == "streaming") return conversion::summarise_f0(*again, stop);
  if (job.wish.f0 != "swift")
    return make_error(ErrorCode::kInvalidArgument, "--f0 is 'streaming' or 'swift', not '",
                      job.wish.f0, "'");
  SYRINX_ASSIGN(const AudioBuffer sound, io::read_all(*again, stop));
  if (sound.empty()) return conversion::F0Summary{};
  const std::vector<double> mean = mean_of_channels(sound);
  const std::vector<float> mono(mean.begin(), mean.end());
  SYRINX_ASSIGN(const auto track, measure::find_f0(AudioView(mono, sound.sample_rate_hz()),
                                                   measure::F0Method::kSwift));
  return conversion::summary_of(track);
}

// What its header says, or what is counted.
Result<double> source_seconds(const ConvertInput& input, const std::stop_token& stop) {
  const io::AudioFileInfo& info = input.info();
  if (info.frames) return static_cast<double>(*info.frames) / info.sample_rate_hz;
  SYRINX_ASSIGN(const auto again, input.again());
  std::uint64_t frames = 0;
  AudioBuffer block;
  for (;;) {
    SYRINX_ASSIGN(const bool more, again->next(block, stop));
    if (!more) return static_cast<double>(frames) / info.sample_rate_hz;
    frames += block.frames();
  }
}

// Leaves alone what is to be kept of what a target or an emotion changed.
void keep(conversion::Keep kept, voice::VoiceSettings& settings) {
  const voice::VoiceSettings same;
  if (kept == conversion::Keep::kProsody) {
    settings.intonation = same.intonation;
    settings.tremor_semitones = same.tremor_semitones;
  } else if (kept == conversion::Keep::kIdentity) {
    settings.pitch_ratio = same.pitch_ratio;
    settings.formant_ratio = same.formant_ratio;
  }
}

Result<voice::VoiceSettings> settings_for(const ConvertJob& job, double f0_hz) {
  const VoiceWish& wish = job.wish;
  voice::VoiceSettings settings;
  if (!wish.target.empty()) {
    SYRINX_ASSIGN(settings, voice::settings_to(wish.target, f0_hz));
  } else if (wish.age) {
    SYRINX_ASSIGN(settings, voice::settings_to_age(*wish.age, f0_hz));
  }
  if (!wish.emotion.empty() && !changes_over_time(job)) {
    SYRINX_ASSIGN(const auto felt, conversion::parse_felt(wish.emotion));
    settings = conversion::with_emotion(settings, felt);
  }
  keep(job.keep, settings);
  return with_own(wish, settings);
}

// Keeps what flows through it, unless that is too long to be judged.
class Keeper final : public AudioSource {
 public:
  Keeper(AudioSource& sound, bool keep) : sound_(sound), keeps_(keep) {}
  int sample_rate_hz() const noexcept override { return sound_.sample_rate_hz(); }
  std::size_t channels() const noexcept override { return sound_.channels(); }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    SYRINX_ASSIGN(const bool more, sound_.next(block, stop));
    if (!more || !keeps_) return more;
    kept_.append(block);
    keeps_ = kept_.duration_s() <= conversion::kMostJudgedS;
    if (!keeps_) kept_ = AudioBuffer();
    return more;
  }
  AudioBuffer& kept() noexcept { return kept_; }

 private:
  AudioSource& sound_;
  bool keeps_;
  AudioBuffer kept_;
};

conversion::Asked asked_of(const ConvertPlan& plan) {
  return {asked_pitch_ratio(plan), plan.options.transform.settings.formant_ratio,
          plan.options.speed};
}

// How good the result is; why that is not known is no failure of the conversion.
Result<conversion::ConversionQuality> judged(const ConvertInput& input, AudioView result,
                                             const ConvertPlan& plan) {
  if (result.empty())
    return make_error(ErrorCode::kInvalidArgument, "the sound is empty or too long to be judged");
  SYRINX_ASSIGN(const auto source, input.whole());
  return conversion::judge(source, result, asked_of(plan));
}

// Tries other ways of making the sound. Pre: the input is kept.
Result<conversion::Improved> improved(const ConvertJob& job, ConvertInput& input,
                                      const ConvertPlan& plan, const ShowProgress& progress,
                                      const std::stop_token& stop) {
  const voice::VoiceSettings& settings = plan.options.transform.settings;
  double tries = 0.0;
  bool heard_source = false;
  conversion::Task task;
  task.make = [&](const conversion::Making& making) -> Result<AudioBuffer> {
    ConvertPlan now = plan;
    now.options.transform.settings = conversion::part_of(settings, making.amount);
    if (making.thorough) now.options.transform.mode = conversion::Mode::kHigh;
    SYRINX_ASSIGN(auto source, input.again());
    SYRINX_ASSIGN(const auto sound, make_sound(std::move(source), now));
    return io::read_all(*sound, stop);
  };
  task.judge = [&](AudioView result) {
    tries += 1.0;
    progress(1.0 - std::pow(0.8, tries), job.input);
    return conversion::judge(input.kept(), result, asked_of(plan),
                             !std::exchange(heard_source, true));
  };
  task.may_be_thorough = plan.options.speed == 1.0 &&
                         plan.options.tool == conversion::Tool::kGrains &&
                         plan.options.transform.mode != conversion::Mode::kHigh;
  task.may_be_gentler = !(settings == voice::VoiceSettings{}) && !plan.emotions;
  if (!plan.emotions) task.match_loudness = conversion::loudness_matcher(input.kept(), settings);
  return conversion::improve(task, {}, stop);
}

// Nothing at other speeds and by other tools, for which there is no live transform.
json latency_json(const conversion::ConversionOptions& options, const io::AudioFileInfo& info) {
  if (options.speed != 1.0 || options.tool != conversion::Tool::kGrains) return nullptr;
  const auto transform =
      conversion::make_transform(options.transform, {info.sample_rate_hz, info.channels, 1});
  if (!transform) return nullptr;
  return 1e3 * static_cast<double>((*transform)->latency_samples()) / info.sample_rate_hz;
}

// What is to be made, and what was found out for it.
struct Planned {
  ConvertPlan plan;
  json f0 = nullptr;
  json style = nullptr;
};

Result<Planned> plan_of(const ConvertJob& job, const ConvertInput& input,
                        const std::stop_token& stop) {
  Planned planned;
  ConvertPlan& plan = planned.plan;
  plan.options = job.options;
  double median_hz = 0.0;
  if (job.wish.needs_f0()) {
    SYRINX_ASSIGN(const auto summary, source_f0(job, input, stop));
    planned.f0 = f0_json(summary);
    median_hz = summary.median_hz;
  }
  SYRINX_ASSIGN(plan.options.transform.settings, settings_for(job, median_hz));
  if (changes_over_time(job)) {
    SYRINX_ASSIGN(plan.emotions, read_emotions(job.wish.emotion));
    SYRINX_ASSIGN(plan.seconds, source_seconds(input, stop));
  } else if (!job.wish.emotion.empty() && job.keep != conversion::Keep::kProsody) {
    SYRINX_ASSIGN(const auto felt, conversion::parse_felt(job.wish.emotion));
    plan.options.speed *= voice::change_towards(felt).speed;
  }
  if (job.style.empty()) return planned;
  const OpenSource open = [&] { return input.again(); };
  SYRINX_ASSIGN(planned.style, take_style(job.style, job.keep, open, plan, stop));
  return planned;
}

// A sound that was made and written, and how good it is.
struct Made {
  io::AudioWriteOptions written;
  std::uint64_t frames = 0;
  std::uint64_t clipped = 0;
  AudioBuffer kept;
  std::optional<conversion::ConversionQuality> quality;
  conversion::ConversionGrades grades;
  std::string not_judged;  // Why there is no quality though it was asked for.
  std::vector<conversion::Try> tries;
  json improved = nullptr;
};

Result<Made> begin(const ConvertJob& job, const ConvertInput& input) {
  const io::AudioFileInfo& info = input.info();
  Made made;
  SYRINX_ASSIGN(made.written, write_options(job, info, info.sample_rate_hz, info.channels));
  return made;
}

Result<void> write(const ConvertJob& job, AudioSource& sound, Made& made,
                   const std::stop_token& stop) {
  SYRINX_ASSIGN(io::AudioWriter writer, open_output(job.output, made.written));
  SYRINX_ASSIGN(made.clipped, write_all(sound, writer, stop));
  made.frames = writer.frames_written();
  return {};
}

Result<Made> make_improved(const ConvertJob& job, ConvertInput& input, const ConvertPlan& plan,
                           const ShowProgress& progress, const std::stop_token& stop) {
  SYRINX_ASSIGN(Made made, begin(job, input));
  SYRINX_ASSIGN(auto better, improved(job, input, plan, progress, stop));
  made.improved = improved_json(better);
  made.quality = better.quality;
  made.grades = better.grades;
  made.tries = std::move(better.tries);
  made.kept = std::move(better.result);
  BufferSource sound(made.kept.view());
  SYRINX_TRY(write(job, sound, made, stop));
  return made;
}

Result<Made> make_once(const ConvertJob& job, ConvertInput& input, const ConvertPlan& plan,
                       const ShowProgress& progress, const std::stop_token& stop) {
  SYRINX_ASSIGN(const auto sound, make_sound(input.drawn(progress), plan));
  const bool judge_it = job.measure || job.keep_sounds;
  Keeper keeper(*sound, judge_it);
  SYRINX_ASSIGN(Made made, begin(job, input));
  SYRINX_TRY(write(job, keeper, made, stop));
  if (!judge_it) return made;
  made.kept = std::move(keeper.kept());
  auto quality = judged(input, made.kept, plan);
  if (!quality) {
    made.not_judged = quality.error().message;
    return made;
  }
  made.quality = std::move(*quality);
  made.grades = conversion::grades_of(*made.quality);
  return made;
}

ConvertHeard heard_of(ConvertInput& input, Made& made, const ConvertPlan& plan) {
  ConvertHeard heard;
  heard.source = AudioBuffer(input.kept().view());
  heard.result = std::move(made.kept);
  heard.speed = plan.options.speed;
  heard.grades = made.grades;
  heard.asked = asked_facts(plan.options.transform.settings, plan.options.speed);
  if (made.quality) heard.measured = measured_facts(*made.quality);
  if (made.quality) heard.notes = made.quality->missing;
  if (!made.not_judged.empty()) heard.notes.push_back(made.not_judged);
  heard.tries = std::move(made.tries);
  return heard;
}

}  // namespace

Result<voice::VoiceSettings> with_own(const VoiceWish& wish, voice::VoiceSettings settings) {
  if (wish.pitch_semitones)
    settings.pitch_ratio *= voice::ratio_of_semitones(*wish.pitch_semitones);
  if (wish.formant_ratio) settings.formant_ratio *= *wish.formant_ratio;
  settings.intonation = wish.intonation.value_or(settings.intonation);
  settings.tilt_db_per_octave = wish.tilt_db_per_octave.value_or(settings.tilt_db_per_octave);
  settings.breathiness = wish.breathiness.value_or(settings.breathiness);
  settings.roughness = wish.roughness.value_or(settings.roughness);
  settings.aspiration = wish.aspiration.value_or(settings.aspiration);
  settings.whisper = wish.whisper.value_or(settings.whisper);
  settings.tremor_semitones = wish.tremor_semitones.value_or(settings.tremor_semitones);
  settings.tremor_hz = wish.tremor_hz.value_or(settings.tremor_hz);
  SYRINX_TRY(voice::validate(settings));
  return settings;
}

Result<ConvertDone> convert_file(const ConvertJob& job, const ShowProgress& progress,
                                 const std::stop_token& stop) {
  SYRINX_ASSIGN(ConvertInput input, ConvertInput::open(job, is_heard_twice(job), stop));
  SYRINX_ASSIGN(const Planned planned, plan_of(job, input, stop));
  const conversion::ConversionOptions& options = planned.plan.options;
  const io::AudioFileInfo info = input.info();
  const auto start = std::chrono::steady_clock::now();
  SYRINX_ASSIGN(Made made, job.improve ? make_improved(job, input, planned.plan, progress, stop)
                                       : make_once(job, input, planned.plan, progress, stop));
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  const std::uint64_t frames_in = input.frames_read();
  const double seconds = static_cast<double>(frames_in) / info.sample_rate_hz;
  ConvertDone done;
  done.written = made.written;
  done.clipped_samples = made.clipped;
  done.repaired_samples = input.reader().non_finite_samples();
  done.truncated = input.reader().truncated();
  done.report = {{"input", job.input},
                 {"output", job.output},
                 {"target", job.wish.target.empty() ? json() : json(job.wish.target)},
                 {"age", job.wish.age ? json(*job.wish.age) : json()},
                 {"emotion", job.wish.emotion.empty() ? json() : json(job.wish.emotion)},
                 {"mode", conversion::to_string(options.transform.mode)},
                 {"tool", conversion::to_string(options.tool)},
                 {"channels", conversion::to_string(options.transform.link)},
                 {"latency_ms", latency_json(options, info)},
                 {"speed", options.speed},
                 {"settings", settings_json(options.transform.settings)},
                 {"source_f0", planned.f0},
                 {"frames_in", frames_in},
                 {"frames_out", made.frames},
                 {"sample_rate_hz", info.sample_rate_hz},
                 {"written", written_json(made.written)},
                 {"clipped_samples", done.clipped_samples},
                 {"bad_samples", done.repaired_samples},
                 {"seconds", elapsed.count()},
                 {"real_time_factor", seconds > 0.0 ? json(elapsed.count() / seconds) : json()}};
  if (made.quality) done.report["quality"] = quality_json(*made.quality, made.grades);
  if (!made.not_judged.empty()) done.report["quality"] = {{"missing", {made.not_judged}}};
  if (job.improve) done.report["improved"] = made.improved;
  if (!job.style.empty()) done.report["style"] = planned.style;
  if (job.keep_sounds) done.heard = heard_of(input, made, planned.plan);
  return done;
}

}  // namespace syrinx::cli
