// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/sound_report.h"

#include <algorithm>
#include <array>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/pitch/pyin.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/stages/measure/neural/neural_models.h"
#include "syrinx/stages/measure/neural/swift_f0.h"
#include "syrinx/stages/measure/report/groups.h"

namespace syrinx::measure {
namespace {

Result<void> check(AudioView audio, std::string_view role) {
  if (audio.empty())
    return make_error(ErrorCode::kInvalidArgument, "the ", role, " holds no sound");
  if (audio.channels() > limits::kMaxChannels)
    return make_error(ErrorCode::kInvalidArgument, "the ", role, " has ", audio.channels(),
                      " channels, at most ", limits::kMaxChannels, " can be measured");
  if (audio.sample_rate_hz() < limits::kMinSampleRateHz ||
      audio.sample_rate_hz() > limits::kMaxSampleRateHz)
    return make_error(ErrorCode::kInvalidArgument, "the ", role, " has a rate of ",
                      audio.sample_rate_hz(), " Hz, which must be ", limits::kMinSampleRateHz,
                      " to ", limits::kMaxSampleRateHz);
  return {};
}

AudioView first_channel(AudioView audio) {
  return AudioView(audio.channel(0), audio.sample_rate_hz());
}

bool needs_f0(const ReportGroups& groups) {
  return groups.speech || groups.spectrum || groups.voice;
}

void track_f0(AudioView mono, F0Method method, SoundReport& report) {
  auto track = find_f0(mono, method);
  if (track) {
    report.f0 = std::move(*track);
  } else {
    report.missing.push_back({"f0", track.error().message});
  }
}

using GroupFlag = std::pair<std::string_view, bool ReportGroups::*>;
constexpr std::array<GroupFlag, 8> kGroups = {{{"level", &ReportGroups::level},
                                               {"loudness", &ReportGroups::loudness},
                                               {"speech", &ReportGroups::speech},
                                               {"spectrum", &ReportGroups::spectrum},
                                               {"voice", &ReportGroups::voice},
                                               {"psychoacoustics", &ReportGroups::psychoacoustics},
                                               {"opinion", &ReportGroups::opinion},
                                               {"artifacts", &ReportGroups::artifacts}}};

Result<void> choose(std::string_view name, ReportGroups& groups) {
  if (name == "all") {
    groups = ReportGroups{};
    return {};
  }
  std::string known;
  for (const auto& [group, flag] : kGroups) {
    if (group == name) {
      groups.*flag = true;
      return {};
    }
    known += ' ';
    known += group;
  }
  return make_error(ErrorCode::kInvalidArgument, "there is no group of figures '", name,
                    "'; there are all", known);
}

// Everything but the distances to the reference, which only the artifacts look at; null for none.
SoundReport report_alone(AudioView audio, const AudioBuffer* reference,
                         const SoundReportOptions& options) {
  SoundReport report;
  report.sample_rate_hz = audio.sample_rate_hz();
  report.channels = audio.channels();
  report.frames = audio.frames();
  const AudioView mono = first_channel(audio);
  if (options.groups.level) report_level(audio, report);
  if (options.groups.loudness) report_loudness(audio, report);
  if (needs_f0(options.groups)) track_f0(mono, options.f0, report);
  if (options.groups.speech) report_speech(mono, report);
  if (options.groups.spectrum) report_spectrum(audio, report);
  if (options.groups.voice) report_voice(mono, report);
  if (options.groups.psychoacoustics) report_psychoacoustics(mono, options.calibration, report);
  if (options.groups.opinion) report_opinion(mono, options.echo, report);
  if (options.groups.artifacts) report_artifacts(audio, reference, report);
  report_quality(report);
  return report;
}

}  // namespace

dsp::F0Options report_f0_options(int sample_rate_hz) {
  dsp::F0Options options;
  options.max_hz = std::min(options.max_hz, sample_rate_hz / 4.0);
  return options;
}

Result<F0Method> parse_f0_method(std::string_view name) {
  if (name == "pyin") return F0Method::kPyin;
  if (name == "swift") return F0Method::kSwift;
  return make_error(ErrorCode::kInvalidArgument, "F0 is found by 'pyin' or 'swift', not by '", name,
                    "'");
}

Result<dsp::F0Track> find_f0(AudioView mono, F0Method method) {
  if (method == F0Method::kPyin)
    return dsp::pyin_f0(mono, report_f0_options(mono.sample_rate_hz()));
  SYRINX_ASSIGN(const auto path, find_model("swift_f0/model.onnx"));
  SYRINX_ASSIGN(const auto network, SwiftF0::load(path));
  return network.track(mono);
}

Result<ReportGroups> report_groups(std::string_view comma_separated) {
  ReportGroups groups;
  for (const auto& group : kGroups) groups.*(group.second) = false;
  while (true) {
    const auto comma = comma_separated.find(',');
    SYRINX_TRY(choose(comma_separated.substr(0, comma), groups));
    if (comma == std::string_view::npos) return groups;
    comma_separated.remove_prefix(comma + 1);
  }
}

Result<SoundReport> report_sound(AudioView audio, const SoundReportOptions& options) {
  SYRINX_TRY(check(audio, "sound"));
  return report_alone(audio, nullptr, options);
}

Result<SoundReport> report_sound(AudioView audio, AudioView reference,
                                 const SoundReportOptions& options) {
  SYRINX_TRY(check(audio, "sound"));
  SYRINX_TRY(check(reference, "reference"));
  SYRINX_ASSIGN(const AudioBuffer clean,
                dsp::resample(first_channel(reference), audio.sample_rate_hz()));
  SoundReport report = report_alone(audio, &clean, options);
  report_reference(first_channel(audio), clean, report);
  report_quality(report);
  return report;
}

}  // namespace syrinx::measure
