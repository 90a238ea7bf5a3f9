// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/convert_job.h"

#include <unistd.h>

#include <chrono>
#include <cmath>
#include <vector>

#include "syrinx/apps/cli/convert_report.h"
#include "syrinx/apps/cli/convert_sound.h"
#include "syrinx/apps/cli/fx_job.h"
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

Result<io::AudioReader> open_input(const std::string& name) {
  if (name == "-") return io::AudioReader::from_fd(STDIN_FILENO, "standard input");
  return io::AudioReader::open(name);
}

Result<io::AudioWriter> open_output(const std::string& name, const io::AudioWriteOptions& options) {
  if (name == "-") return io::AudioWriter::to_fd(STDOUT_FILENO, "standard output", options);
  return io::AudioWriter::create(name, options);
}

bool changes_over_time(const ConvertJob& job) {
  return !job.wish.emotion.empty() && emotions_change(job.wish.emotion);
}

// Whether all of the input has to be in memory.
bool is_kept_whole(const ConvertJob& job) {
  if (job.improve || job.keep_sounds) return true;
  const bool heard_twice = job.measure || job.wish.needs_f0() || !job.style.empty();
  return job.input == "-" && (heard_twice || changes_over_time(job));
}

Result<void> check_length(const ConvertJob& job, double seconds) {
  if (!(job.improve || job.keep_sounds) || seconds <= conversion::kMostJudgedS) return {};
  return make_error(ErrorCode::kLimitExceeded, "the sound lasts ", seconds, " s; --improve and ",
                    "--page take up to ", conversion::kMostJudgedS, " s; cut it into parts");
}

// What a job reads: a file as often as it likes, or a pipe that was kept.
class Input {
 public:
  static Result<Input> open(const ConvertJob& job, const std::stop_token& stop) {
    SYRINX_ASSIGN(auto reader, open_input(job.input));
    Input input(job.input, std::move(reader));
    if (!is_kept_whole(job)) return input;
    const io::AudioFileInfo& info = input.reader_.info();
    SYRINX_TRY(
        check_length(job, static_cast<double>(info.frames.value_or(0)) / info.sample_rate_hz));
    SYRINX_ASSIGN(input.kept_, io::read_all(input.reader_, stop));
    SYRINX_TRY(check_length(job, input.kept_.duration_s()));
    input.is_kept_ = true;
    return input;
  }

  const io::AudioReader& reader() const noexcept { return reader_; }
  bool is_kept() const noexcept { return is_kept_; }
  AudioBuffer& kept() noexcept { return kept_; }

  // All of it, apart from the reader that the conversion draws from.
  Result<AudioBuffer> whole() const {
    if (is_kept_) return kept_;
    return io::read_audio(name_);
  }
  io::AudioReader& drawn_from() noexcept { return reader_; }
  // Of the source, in all.
  std::uint64_t frames_read() const noexcept { return is_kept_ ? kept_.frames() : frames_; }
  void count(std::size_t frames) noexcept { frames_ += frames; }

 private:
  Input(std::string name, io::AudioReader reader)
      : name_(std::move(name)), reader_(std::move(reader)) {}

  std::string name_;
  io::AudioReader reader_;
  bool is_kept_ = false;
  std::uint64_t frames_ = 0;  // Drawn from the reader.
  AudioBuffer kept_;
};

// Draws from a reader, or from what was kept of it, and tells how far it is.
class Reading final : public AudioSource {
 public:
  Reading(Input& input, const ShowProgress& progress, std::string name)
      : input_(input), progress_(progress), name_(std::move(name)) {}
  int sample_rate_hz() const noexcept override { return input_.reader().sample_rate_hz(); }
  std::size_t channels() const noexcept override { return input_.reader().channels(); }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    if (stop.stop_requested())
      return make_error(ErrorCode::kCancelled, "stopped; nothing is written");
    const auto all = static_cast<double>(
        input_.is_kept() ? input_.kept().frames() : input_.reader().info().frames.value_or(0));
    if (all > 0.0) progress_(static_cast<double>(frames_) / all, name_);
    bool more = false;
    if (input_.is_kept()) {
      more = next_kept(block);
    } else {
      SYRINX_ASSIGN(more, input_.drawn_from().next(block, stop));
    }
    if (more) frames_ += block.frames();
    if (more && !input_.is_kept()) input_.count(block.frames());
    return more;
  }

 private:
  bool next_kept(AudioBuffer& block) {
    const AudioBuffer& kept = input_.kept();
    const auto at = static_cast<std::size_t>(frames_);
    const std::size_t frames = std::min<std::size_t>(4'096, kept.frames() - at);
    block = AudioBuffer(kept.view().slice(at, frames));
    return frames > 0;
  }

  Input& input_;
  const ShowProgress& progress_;
  std::string name_;
  std::uint64_t frames_ = 0;
};

// The source once more, from its beginning, told to nobody.
Result<std::unique_ptr<AudioSource>> open_again(const ConvertJob& job, Input& input) {
  static const ShowProgress kNobody = [](double, const std::string&) {};
  if (input.is_kept())
    return std::unique_ptr<AudioSource>(std::make_unique<Reading>(input, kNobody, job.input));
  SYRINX_ASSIGN(auto reader, open_input(job.input));
  return std::unique_ptr<AudioSource>(std::make_unique<io::AudioReader>(std::move(reader)));
}

Result<conversion::F0Summary> source_f0(const ConvertJob& job, Input& input,
                                        const std::stop_token& stop) {
  SYRINX_ASSIGN(const auto again, open_again(job, input));
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
Result<double> source_seconds(const ConvertJob& job, Input& input, const std::stop_token& stop) {
  if (input.is_kept()) return input.kept().duration_s();
  const io::AudioFileInfo& info = input.reader().info();
  if (info.frames) return static_cast<double>(*info.frames) / info.sample_rate_hz;
  SYRINX_ASSIGN(const auto again, open_again(job, input));
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

Result<io::AudioWriteOptions> write_options(const ConvertJob& job, const io::AudioFileInfo& input) {
  io::AudioWriteOptions options;
  if (!job.format.empty()) {
    SYRINX_ASSIGN(options.format, io::parse_audio_format(job.format));
  } else if (job.output != "-") {
    SYRINX_ASSIGN(options.format, io::audio_format_for(job.output));
  }
  options.encoding = kept_encoding(input.encoding, options.format);
  if (!job.encoding.empty()) {
    SYRINX_ASSIGN(options.encoding, io::parse_sample_encoding(job.encoding));
  }
  options.sample_rate_hz = input.sample_rate_hz;
  options.channels = input.channels;
  options.dither = job.dither;
  return options;
}

std::uint64_t beyond_full_scale(AudioView block) {
  std::uint64_t count = 0;
  for (std::size_t c = 0; c < block.channels(); ++c)
    for (const float x : block.channel(c)) count += std::abs(x) > 1.0f ? 1 : 0;
  return count;
}

struct Written {
  std::uint64_t frames = 0;
  std::uint64_t clipped = 0;
  AudioBuffer kept;
};

Result<Written> pump(AudioSource& sound, io::AudioWriter& writer, bool keep,
                     const std::stop_token& stop) {
  const bool cuts = writer.options().encoding != io::SampleEncoding::kFloat32;
  Written written;
  AudioBuffer block;
  for (;;) {
    SYRINX_ASSIGN(const bool more, sound.next(block, stop));
    if (!more) break;
    if (cuts) written.clipped += beyond_full_scale(block);
    written.frames += block.frames();
    SYRINX_TRY(writer.write(block));
    if (!keep) continue;
    if (static_cast<double>(written.frames) > conversion::kMostJudgedS * block.sample_rate_hz()) {
      keep = false;
      written.kept = AudioBuffer();
    } else {
      written.kept.append(block);
    }
  }
  SYRINX_TRY(writer.finish());
  return written;
}

conversion::Asked asked_of(const ConvertPlan& plan) {
  return {asked_pitch_ratio(plan), plan.options.transform.settings.formant_ratio,
          plan.options.speed};
}

// How good the result is; why that is not known is no failure of the conversion.
Result<conversion::ConversionQuality> judged(const Input& input, const Written& written,
                                             const ConvertPlan& plan) {
  if (written.kept.empty())
    return make_error(ErrorCode::kInvalidArgument, "the sound is empty or too long to be judged");
  SYRINX_ASSIGN(const auto source, input.whole());
  return conversion::judge(source, written.kept, asked_of(plan));
}

// Tries other ways of making the sound. Pre: the input is kept.
Result<conversion::Improved> improved(const ConvertJob& job, Input& input, const ConvertPlan& plan,
                                      const ShowProgress& progress, const std::stop_token& stop) {
  const voice::VoiceSettings& settings = plan.options.transform.settings;
  double tries = 0.0;
  bool heard_source = false;
  conversion::Task task;
  task.make = [&](const conversion::Making& making) -> Result<AudioBuffer> {
    ConvertPlan now = plan;
    now.options.transform.settings = conversion::part_of(settings, making.amount);
    if (making.thorough) now.options.transform.mode = conversion::Mode::kHigh;
    SYRINX_ASSIGN(auto source, open_again(job, input));
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

Result<Written> write_buffer(AudioBuffer sound, io::AudioWriter& writer, bool keep_it) {
  Written written;
  if (writer.options().encoding != io::SampleEncoding::kFloat32)
    written.clipped = beyond_full_scale(sound);
  written.frames = sound.frames();
  if (!sound.empty()) SYRINX_TRY(writer.write(sound));
  SYRINX_TRY(writer.finish());
  if (keep_it) written.kept = std::move(sound);
  return written;
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

Result<Planned> plan_of(const ConvertJob& job, Input& input, const std::stop_token& stop) {
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
    SYRINX_ASSIGN(plan.seconds, source_seconds(job, input, stop));
  } else if (!job.wish.emotion.empty() && job.keep != conversion::Keep::kProsody) {
    SYRINX_ASSIGN(const auto felt, conversion::parse_felt(job.wish.emotion));
    plan.options.speed *= voice::change_towards(felt).speed;
  }
  if (job.style.empty()) return planned;
  const OpenSource open = [&] { return open_again(job, input); };
  SYRINX_ASSIGN(planned.style, take_style(job.style, job.keep, open, plan, stop));
  return planned;
}

// A sound that was made and written, and how good it is.
struct Made {
  Written written;
  std::optional<conversion::ConversionQuality> quality;
  conversion::ConversionGrades grades;
  std::string not_judged;  // Why there is no quality though it was asked for.
  std::vector<conversion::Try> tries;
  json improved = nullptr;
};

Result<Made> make_improved(const ConvertJob& job, Input& input, const ConvertPlan& plan,
                           const ShowProgress& progress, const std::stop_token& stop) {
  SYRINX_ASSIGN(const auto writing, write_options(job, input.reader().info()));
  SYRINX_ASSIGN(auto better, improved(job, input, plan, progress, stop));
  SYRINX_ASSIGN(io::AudioWriter writer, open_output(job.output, writing));
  Made made;
  made.improved = improved_json(better);
  made.quality = better.quality;
  made.grades = better.grades;
  made.tries = std::move(better.tries);
  SYRINX_ASSIGN(made.written, write_buffer(std::move(better.result), writer, job.keep_sounds));
  return made;
}

Result<Made> make_once(const ConvertJob& job, Input& input, const ConvertPlan& plan,
                       const ShowProgress& progress, const std::stop_token& stop) {
  auto reading = std::make_unique<Reading>(input, progress, job.input);
  SYRINX_ASSIGN(const auto sound, make_sound(std::move(reading), plan));
  SYRINX_ASSIGN(const auto writing, write_options(job, input.reader().info()));
  SYRINX_ASSIGN(io::AudioWriter writer, open_output(job.output, writing));
  Made made;
  const bool judge_it = job.measure || job.keep_sounds;
  SYRINX_ASSIGN(made.written, pump(*sound, writer, judge_it, stop));
  if (!judge_it) return made;
  auto quality = judged(input, made.written, plan);
  if (!quality) {
    made.not_judged = quality.error().message;
    return made;
  }
  made.quality = std::move(*quality);
  made.grades = conversion::grades_of(*made.quality);
  return made;
}

ConvertHeard heard_of(Input& input, Made& made, const ConvertPlan& plan) {
  ConvertHeard heard;
  heard.source = AudioBuffer(input.kept().view());
  heard.result = std::move(made.written.kept);
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
  SYRINX_ASSIGN(Input input, Input::open(job, stop));
  SYRINX_ASSIGN(const Planned planned, plan_of(job, input, stop));
  const conversion::ConversionOptions& options = planned.plan.options;
  const io::AudioFileInfo info = input.reader().info();
  const auto start = std::chrono::steady_clock::now();
  SYRINX_ASSIGN(Made made, job.improve ? make_improved(job, input, planned.plan, progress, stop)
                                       : make_once(job, input, planned.plan, progress, stop));
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  const std::uint64_t frames_in = input.frames_read();
  const double seconds = static_cast<double>(frames_in) / info.sample_rate_hz;
  ConvertDone done;
  done.clipped_samples = made.written.clipped;
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
                 {"frames_out", made.written.frames},
                 {"sample_rate_hz", info.sample_rate_hz},
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
