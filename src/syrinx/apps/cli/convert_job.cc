// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/convert_job.h"

#include <unistd.h>

#include <chrono>
#include <cmath>

#include "syrinx/apps/cli/fx_job.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/conversion/conversion_quality.h"
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

// What a job reads: a file as often as it likes, or a pipe that was kept.
class Input {
 public:
  static Result<Input> open(const ConvertJob& job, const std::stop_token& stop) {
    SYRINX_ASSIGN(auto reader, open_input(job.input));
    Input input(job.input, std::move(reader));
    if (job.input != "-" || !(job.measure || job.wish.needs_f0())) return input;
    SYRINX_ASSIGN(input.kept_, io::read_all(input.reader_, stop));
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

 private:
  Input(std::string name, io::AudioReader reader)
      : name_(std::move(name)), reader_(std::move(reader)) {}

  std::string name_;
  io::AudioReader reader_;
  bool is_kept_ = false;
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
    return more;
  }
  std::uint64_t frames() const noexcept { return frames_; }

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

Result<conversion::F0Summary> source_f0(const ConvertJob& job, Input& input,
                                        const std::stop_token& stop) {
  const ShowProgress nobody = [](double, const std::string&) {};
  if (input.is_kept()) {
    Reading again(input, nobody, job.input);
    return conversion::summarise_f0(again, stop);
  }
  SYRINX_ASSIGN(auto reader, open_input(job.input));
  return conversion::summarise_f0(reader, stop);
}

// On top of what a target makes of the voice.
Result<void> add_emotion(const std::string& emotion, voice::VoiceSettings& settings) {
  if (emotion.empty()) return {};
  SYRINX_ASSIGN(const auto felt, voice::parse_emotion(emotion));
  const voice::VoiceSettings change = voice::change_towards(felt).settings;
  settings.pitch_ratio *= change.pitch_ratio;
  settings.intonation *= change.intonation;
  settings.tilt_db_per_octave += change.tilt_db_per_octave;
  settings.breathiness = std::max(settings.breathiness, change.breathiness);
  return {};
}

Result<voice::VoiceSettings> settings_for(const VoiceWish& wish, double f0_hz) {
  voice::VoiceSettings settings;
  if (!wish.target.empty()) {
    SYRINX_ASSIGN(settings, voice::settings_to(wish.target, f0_hz));
  } else if (wish.age) {
    SYRINX_ASSIGN(settings, voice::settings_to_age(*wish.age, f0_hz));
  }
  SYRINX_TRY(add_emotion(wish.emotion, settings));
  // Pitch and formants on top of the target's; the rest in its place.
  if (wish.pitch_semitones)
    settings.pitch_ratio *= voice::ratio_of_semitones(*wish.pitch_semitones);
  if (wish.formant_ratio) settings.formant_ratio *= *wish.formant_ratio;
  settings.intonation = wish.intonation.value_or(settings.intonation);
  settings.tilt_db_per_octave = wish.tilt_db_per_octave.value_or(settings.tilt_db_per_octave);
  settings.breathiness = wish.breathiness.value_or(settings.breathiness);
  settings.roughness = wish.roughness.value_or(settings.roughness);
  settings.whisper = wish.whisper.value_or(settings.whisper);
  settings.tremor_semitones = wish.tremor_semitones.value_or(settings.tremor_semitones);
  settings.tremor_hz = wish.tremor_hz.value_or(settings.tremor_hz);
  SYRINX_TRY(voice::validate(settings));
  return settings;
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

json settings_json(const voice::VoiceSettings& settings) {
  return {{"pitch_ratio", settings.pitch_ratio},
          {"pitch_semitones", voice::semitones_of_ratio(settings.pitch_ratio)},
          {"formant_ratio", settings.formant_ratio},
          {"intonation", settings.intonation},
          {"tilt_db_per_octave", settings.tilt_db_per_octave},
          {"breathiness", settings.breathiness},
          {"roughness", settings.roughness},
          {"whisper", settings.whisper},
          {"tremor_semitones", settings.tremor_semitones},
          {"tremor_hz", settings.tremor_hz}};
}

json f0_json(const conversion::F0Summary& f0) {
  return {{"median_hz", f0.median_hz},
          {"low_hz", f0.low_hz},
          {"high_hz", f0.high_hz},
          {"voiced_share", f0.voiced_share}};
}

json value_or_null(const std::optional<double>& value) { return value ? json(*value) : json(); }

std::string_view verdict_name(measure::QualityVerdict verdict) {
  switch (verdict) {
    case measure::QualityVerdict::kGood:
      return "good";
    case measure::QualityVerdict::kWarning:
      return "warning";
    case measure::QualityVerdict::kFailure:
      return "failure";
    case measure::QualityVerdict::kUnknown:
      break;
  }
  return "unknown";
}

json quality_json(const conversion::ConversionQuality& quality) {
  using measure::QualityAspect;
  json formants = json::array();
  for (const auto& ratio : quality.formant_ratios) formants.push_back(value_or_null(ratio));
  return {{"duration_error", quality.duration_error},
          {"voiced_frames", quality.voiced_frames},
          {"f0_ratio", value_or_null(quality.f0_ratio)},
          {"f0_error_rms", value_or_null(quality.f0_error_rms)},
          {"f0_gross_share", value_or_null(quality.f0_gross_share)},
          {"formant_ratios", formants},
          {"artifact_share", value_or_null(quality.measured[QualityAspect::kArtifactShare])},
          {"source_artifact_share", value_or_null(quality.source_artifact_share)},
          {"predicted_mos", value_or_null(quality.measured[QualityAspect::kPredictedMos])},
          {"source_mos", value_or_null(quality.source_mos)},
          {"verdict", verdict_name(quality.verdict.verdict)},
          {"missing", quality.missing}};
}

// How good the result is, or why that is not known: no failure of the conversion.
json judged(const Input& input, const Written& written, const voice::VoiceSettings& settings,
            double speed) {
  if (written.kept.empty()) return {{"missing", {"the sound is empty or too long to be judged"}}};
  const auto source = input.whole();
  if (!source) return {{"missing", {source.error().message}}};
  const auto quality = conversion::judge(*source, written.kept,
                                         {settings.pitch_ratio, settings.formant_ratio, speed});
  if (!quality) return {{"missing", {quality.error().message}}};
  return quality_json(*quality);
}

// Nothing at other speeds, for which there is no live transform.
json latency_json(const conversion::ConversionOptions& options, const io::AudioFileInfo& info) {
  if (options.speed != 1.0) return nullptr;
  const auto transform =
      conversion::make_transform(options.transform, {info.sample_rate_hz, info.channels, 1});
  if (!transform) return nullptr;
  return 1e3 * static_cast<double>((*transform)->latency_samples()) / info.sample_rate_hz;
}

}  // namespace

Result<ConvertDone> convert_file(const ConvertJob& job, const ShowProgress& progress,
                                 const std::stop_token& stop) {
  SYRINX_ASSIGN(Input input, Input::open(job, stop));
  json f0 = nullptr;
  double median_hz = 0.0;
  if (job.wish.needs_f0()) {
    SYRINX_ASSIGN(const auto summary, source_f0(job, input, stop));
    f0 = f0_json(summary);
    median_hz = summary.median_hz;
  }
  conversion::ConversionOptions options = job.options;
  SYRINX_ASSIGN(options.transform.settings, settings_for(job.wish, median_hz));
  if (!job.wish.emotion.empty()) {
    SYRINX_ASSIGN(const auto felt, voice::parse_emotion(job.wish.emotion));
    options.speed *= voice::change_towards(felt).speed;
  }
  const io::AudioFileInfo info = input.reader().info();
  auto reading = std::make_unique<Reading>(input, progress, job.input);
  const Reading& read = *reading;
  const auto start = std::chrono::steady_clock::now();
  SYRINX_ASSIGN(const auto sound, conversion::make_conversion(std::move(reading), options));
  SYRINX_ASSIGN(const auto writing, write_options(job, info));
  SYRINX_ASSIGN(io::AudioWriter writer, open_output(job.output, writing));
  SYRINX_ASSIGN(const Written written, pump(*sound, writer, job.measure, stop));
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  const double seconds = static_cast<double>(read.frames()) / info.sample_rate_hz;
  ConvertDone done;
  done.clipped_samples = written.clipped;
  done.repaired_samples = input.reader().non_finite_samples();
  done.truncated = input.reader().truncated();
  done.report = {{"input", job.input},
                 {"output", job.output},
                 {"target", job.wish.target.empty() ? json() : json(job.wish.target)},
                 {"age", job.wish.age ? json(*job.wish.age) : json()},
                 {"emotion", job.wish.emotion.empty() ? json() : json(job.wish.emotion)},
                 {"mode", conversion::to_string(options.transform.mode)},
                 {"channels", conversion::to_string(options.transform.link)},
                 {"latency_ms", latency_json(options, info)},
                 {"speed", options.speed},
                 {"settings", settings_json(options.transform.settings)},
                 {"source_f0", f0},
                 {"frames_in", read.frames()},
                 {"frames_out", written.frames},
                 {"sample_rate_hz", info.sample_rate_hz},
                 {"clipped_samples", done.clipped_samples},
                 {"bad_samples", done.repaired_samples},
                 {"seconds", elapsed.count()},
                 {"real_time_factor", seconds > 0.0 ? json(elapsed.count() / seconds) : json()}};
  if (job.measure)
    done.report["quality"] = judged(input, written, options.transform.settings, options.speed);
  return done;
}

}  // namespace syrinx::cli
