// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/report/explain_call.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <optional>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/flow/mono.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/call/payload_adapters.h"
#include "syrinx/engines/call/report/call_record.h"
#include "syrinx/engines/call/report/call_timeline.h"
#include "syrinx/engines/call/report/codec_passage.h"
#include "syrinx/engines/call/scenario.h"
#include "syrinx/stages/measure/call/call_echo.h"
#include "syrinx/stages/measure/call/call_sound.h"
#include "syrinx/stages/measure/emodel/codec_impairments.h"

namespace syrinx::call {
namespace {

namespace fs = std::filesystem;
using measure::CallFacts;
using measure::CallStretch;

constexpr int kRateHz = 8'000;  // At which speech is compared: the narrow band of the E-model.
constexpr double kPesqS = 40.0;
constexpr double kTailS = 0.6;  // What the ear goes on hearing after the last packet, and more.
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostStretches = 5;
constexpr std::uint32_t kBlocksASecond = 100;

Result<AudioBuffer> mono_at_8_khz(const AudioBuffer& sound) {
  const std::vector<double> mean = mean_of_channels(sound);
  const std::vector<float> mono(mean.begin(), mean.end());
  return dsp::resample(AudioView(std::span<const float>(mono), sound.sample_rate_hz()), kRateHz);
}

// What somebody said in the call: their sound again and again, as the simulation has it.
Result<AudioBuffer> said_in_call(const fs::path& file, double duration_s) {
  SYRINX_ASSIGN(const AudioBuffer sound, io::read_audio(file));
  SYRINX_ASSIGN(const AudioBuffer once, mono_at_8_khz(sound));
  const auto frames = static_cast<std::size_t>(duration_s * kRateHz);
  AudioBuffer said(1, frames, kRateHz);
  if (once.empty()) return said;
  for (std::size_t i = 0; i < frames; ++i) said.channel(0)[i] = once.channel(0)[i % once.frames()];
  return said;
}

// All that there is of a call on disk.
struct CallFiles {
  fs::path folder;
  CallRecord record;
  std::optional<CallTimeline> timeline;
  std::optional<Scenario> scenario;
  std::map<std::string, AudioBuffer> said;   // By party, at 8 kHz.
  std::map<std::string, AudioBuffer> heard;  // As it is.
  double duration_s = 0.0;
  double spoken_s = 0.0;  // Until when packets were sent.
};

const Party* party_of(const CallFiles& files, const std::string& name) {
  if (!files.scenario) return nullptr;
  for (const Party& party : files.scenario->parties) {
    if (party.name == name) return &party;
  }
  return nullptr;
}

bool is_file(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored);
}

// The scenario as it was named then, else beside the report or its folder.
fs::path find_scenario(const CallFiles& files) {
  const fs::path named = files.record.scenario;
  if (named.empty()) return {};
  for (const fs::path& place :
       {named, files.folder / named.filename(), files.folder / ".." / named.filename()}) {
    if (is_file(place)) return place;
  }
  return {};
}

Result<void> read_scenario_of(CallFiles& files, std::vector<std::string>& notes) {
  const fs::path file = find_scenario(files);
  if (file.empty()) {
    notes.push_back("the scenario '" + files.record.scenario +
                    "' is not there: what each party said is unknown");
    return {};
  }
  SYRINX_ASSIGN(files.scenario, read_scenario(file));
  return {};
}

Result<void> read_heard(CallFiles& files, std::vector<std::string>& notes) {
  for (const EarRecord& ear : files.record.ears) {
    const fs::path file = files.folder / (ear.listener + ".wav");
    // A name is no path: nothing outside the folder is read.
    if (fs::path(ear.listener).filename() != ear.listener || !is_file(file)) {
      notes.push_back("what " + ear.listener + " heard is not there");
      continue;
    }
    SYRINX_ASSIGN(files.heard[ear.listener], io::read_audio(file));
    files.duration_s = std::max(files.duration_s, files.heard[ear.listener].duration_s());
  }
  return {};
}

Result<void> read_said(CallFiles& files, std::vector<std::string>& notes) {
  if (!files.scenario) return {};
  const double spoken_s = files.spoken_s > 0.0 ? files.spoken_s : files.duration_s - kTailS;
  for (const Party& party : files.scenario->parties) {
    // What was spoken for them lies beside the report.
    const fs::path sound =
        party.says.empty() ? party.sound : files.folder / (party.name + ".said.wav");
    if (!is_file(sound)) {
      notes.push_back("what " + party.name + " said is not there");
      continue;
    }
    SYRINX_ASSIGN(files.said[party.name], said_in_call(sound, std::max(0.0, spoken_s)));
  }
  return {};
}

Result<CallFiles> read_files(const fs::path& report, std::vector<std::string>& notes,
                             const std::stop_token& stop) {
  CallFiles files;
  files.folder = report.parent_path();
  SYRINX_ASSIGN(files.record, read_call_record(report));
  if (const fs::path file = files.folder / "timeline.ndjson"; is_file(file)) {
    SYRINX_ASSIGN(files.timeline, read_timeline(file, stop));
    for (const auto& [name, ear] : files.timeline->ears()) {
      files.duration_s = std::max(files.duration_s, static_cast<double>(ear.seconds.size()));
      if (!ear.sent_s.empty() && std::isfinite(ear.sent_s.back()))
        files.spoken_s = std::max(files.spoken_s, ear.sent_s.back());
    }
  } else {
    notes.push_back("timeline.ndjson is not beside the report: when things happened is unknown");
  }
  SYRINX_TRY(read_heard(files, notes));
  SYRINX_TRY(read_scenario_of(files, notes));
  SYRINX_TRY(read_said(files, notes));
  return files;
}

std::optional<double> percent(std::optional<double> part, const std::optional<double>& whole) {
  if (!part || !whole || *whole <= 0.0) return std::nullopt;
  return std::clamp(100.0 * *part / *whole, 0.0, 100.0);
}

std::optional<double> plus(const std::optional<double>& a, const std::optional<double>& b) {
  if (!a || !b) return std::nullopt;
  return *a + *b;
}

void add_counts(const EarRecord& ear, CallFacts& facts) {
  if (ear.packets_lost)
    facts.lost_percent =
        percent(*ear.packets_lost - ear.packets_recovered.value_or(0.0), ear.packets_sent);
  facts.late_percent = percent(plus(ear.packets_late, ear.packets_overflow), ear.packets_sent);
  facts.burst_ratio = ear.burst_ratio.value_or(1.0);
  facts.clock_skew_ppm = ear.clock_skew_ppm;
  facts.stretched_percent = percent(plus(ear.frames_removed, ear.frames_inserted), ear.frames_out);
}

// What G.113 states; nothing for the others.
std::optional<measure::CodecFacts> stated_codec(const std::string& codec) {
  const std::map<std::string, std::string> names = {
      {"PCMU", "g711-plc"}, {"PCMA", "g711-plc"}, {"G729", "g729a"}};
  const auto name = names.find(codec);
  if (name == names.end()) return std::nullopt;
  for (const auto& known : measure::narrow_band_codecs()) {
    if (known.name == name->second)
      return measure::CodecFacts{known.equipment_impairment, false, known.loss_robustness, true};
  }
  return std::nullopt;
}

// The codec alone by PESQ, and its impairment against that of G.711 on the same speech.
Result<void> measure_codec(const AudioBuffer& said, const Party& speaker, CallFacts& facts) {
  const AudioView speech =
      said.view().slice(0, std::min(said.frames(), static_cast<std::size_t>(kPesqS * kRateHz)));
  SYRINX_ASSIGN(const AudioBuffer coded,
                through_codec(speech, speaker.codec, speaker.encoder, speaker.packet_ms));
  facts.coded_mos = measure::pesq_of_beginning(speech, coded);
  facts.codec = stated_codec(facts.codec_name);
  if (facts.codec || !facts.coded_mos) return {};
  SYRINX_ASSIGN(const AudioBuffer anchor, through_codec(speech, "pcmu", {}, 20));
  const auto best = measure::pesq_of_beginning(speech, anchor);
  if (!best) return {};
  facts.codec = measure::CodecFacts{};
  facts.codec->was_measured = true;
  facts.codec->equipment_impairment = std::clamp(
      measure::rating_of_pesq(*best) - measure::rating_of_pesq(*facts.coded_mos), 0.0, 90.0);
  return {};
}

// Mouth to ear: the packet that must be full, the codec, the network, the buffer.
void add_delay(const EarRecord& ear, const Party* speaker, double packet_ms, CallFacts& facts) {
  const auto network_and_buffer = plus(ear.network_delay_ms, ear.buffer_delay_ms);
  if (speaker != nullptr) packet_ms = speaker->packet_ms;
  if (!network_and_buffer || packet_ms <= 0.0) return;
  double codec_ms = 0.0;
  if (const auto info = codec::codec_named(ear.codec)) codec_ms = info->algorithmic_delay_ms;
  facts.mouth_to_ear_ms = *network_and_buffer + packet_ms + codec_ms;
}

// Seconds in which `value` is at least `least` and half of the most there is, joined; those with
// the most first.
std::vector<CallStretch> worst_of(const std::vector<double>& values, double least) {
  double most = least;
  for (const double value : values) most = std::isfinite(value) ? std::max(most, value) : most;
  struct Sum {
    CallStretch stretch;
    double sum = 0.0;
  };
  std::vector<Sum> found;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] >= std::max(least, 0.5 * most))) continue;
    const auto at = static_cast<double>(i);
    if (found.empty() || found.back().stretch.end_s < at) found.push_back({{at, at}, 0.0});
    found.back().stretch.end_s = at + 1.0;
    found.back().sum += values[i];
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Sum& a, const Sum& b) { return a.sum > b.sum; });
  std::vector<CallStretch> stretches;
  for (std::size_t i = 0; i < std::min(found.size(), kMostStretches); ++i)
    stretches.push_back(found[i].stretch);
  return stretches;
}

// The packets that took longest are those that came too late: as many as were thrown away.
std::vector<double> late_each_second(const EarTimeline& ear, std::size_t late) {
  std::vector<TimelineArrival> slowest = ear.arrivals;
  std::stable_sort(slowest.begin(), slowest.end(),
                   [](const auto& a, const auto& b) { return a.network_ms > b.network_ms; });
  slowest.resize(std::min(slowest.size(), late));
  std::vector<double> counts(ear.seconds.size());
  for (const TimelineArrival& arrival : slowest)
    counts[std::min(counts.size() - 1, static_cast<std::size_t>(arrival.time_s))] += 1.0;
  return counts;
}

double share_of(double part, double whole) { return whole > 0.0 ? part / whole : kUnknown; }

void add_curves(const EarTimeline& timeline, std::size_t late, measure::CallCurves& curves) {
  const std::vector<double> late_counts = late_each_second(timeline, late);
  for (std::size_t i = 0; i < timeline.seconds.size(); ++i) {
    const TimelineSecond& s = timeline.seconds[i];
    curves.network_ms.push_back(share_of(s.network_ms, s.arrived));
    curves.buffer_ms.push_back(share_of(s.buffer_ms, s.blocks));
    curves.lost_percent.push_back(share_of(100.0 * s.lost, s.sent));
    curves.late_percent.push_back(share_of(100.0 * late_counts[i], s.sent));
    // What is made up after the last packet stands for nothing that was sent.
    const bool over = i + 1 == timeline.seconds.size() && s.blocks < kBlocksASecond;
    curves.concealed_percent.push_back(over ? kUnknown : share_of(100.0 * s.concealed, s.blocks));
  }
}

std::vector<double> whole_delay(const measure::CallCurves& curves, double constant_ms) {
  std::vector<double> sum;
  for (std::size_t i = 0; i < curves.network_ms.size(); ++i)
    sum.push_back(curves.network_ms[i] + curves.buffer_ms[i] + constant_ms);
  return sum;
}

// One ear, from the facts to the verdict.
class EarExplainer {
 public:
  EarExplainer(const CallFiles& files, const EarRecord& record)
      : files_(files),
        record_(record),
        speaker_(party_of(files, record.speaker)),
        timeline_(find_timeline()) {}

  Result<measure::CallEar> explain() {
    add_numbers();
    SYRINX_TRY(add_sound());
    SYRINX_ASSIGN(ear_.verdict, measure::attribute(ear_.facts));
    for (measure::CauseShare& cause : ear_.verdict.causes) add_times(cause);
    return std::move(ear_);
  }

 private:
  const EarTimeline* find_timeline() const {
    if (!files_.timeline) return nullptr;
    const auto found = files_.timeline->ears().find(record_.listener);
    return found == files_.timeline->ears().end() ? nullptr : &found->second;
  }

  void add_numbers() {
    CallFacts& facts = ear_.facts;
    facts.listener = record_.listener;
    facts.speaker = record_.speaker;
    facts.codec_name = record_.codec;
    facts.duration_s = files_.duration_s;
    facts.codec = stated_codec(record_.codec);
    add_counts(record_, facts);
    add_delay(record_, speaker_, timeline_ != nullptr ? timeline_->packet_ms() : 0.0, facts);
    const double late = record_.packets_late.value_or(0.0) + record_.packets_overflow.value_or(0.0);
    if (timeline_ != nullptr && !timeline_->seconds.empty())
      add_curves(*timeline_, static_cast<std::size_t>(late), ear_.curves);
  }

  Result<void> add_sound() {
    const auto found = files_.heard.find(record_.listener);
    if (found == files_.heard.end()) return {};
    ear_.heard = found->second;
    SYRINX_ASSIGN(const AudioBuffer heard, mono_at_8_khz(ear_.heard));
    ear_.facts.speech_dbov = measure::speech_dbov(heard);
    ear_.curves.level_dbov = measure::level_each_second(heard);
    if (const auto own = files_.said.find(record_.listener); own != files_.said.end()) {
      SYRINX_ASSIGN(echo_, measure::find_own_voice(own->second, heard));
      ear_.facts.echo = echo_.echo;
    }
    if (const auto said = files_.said.find(record_.speaker);
        said != files_.said.end() && speaker_ != nullptr) {
      SYRINX_TRY(measure_codec(said->second, *speaker_, ear_.facts));
      add_heard_mos(said->second, heard);
    }
    return {};
  }

  void add_heard_mos(const AudioBuffer& said, const AudioBuffer& heard) {
    if (!ear_.facts.mouth_to_ear_ms) return;
    const auto late = static_cast<std::size_t>(*ear_.facts.mouth_to_ear_ms * kRateHz / 1e3);
    if (late >= heard.frames()) return;
    // A fast clock's sound is over sooner.
    ear_.facts.heard_mos =
        measure::pesq_of_beginning(said, heard.view().slice(late, heard.frames() - late),
                                   ear_.facts.clock_skew_ppm.value_or(0.0));
  }

  void add_times(measure::CauseShare& cause) const {
    const measure::CallCurves& curves = ear_.curves;
    const std::vector<CallStretch> always = {{0.0, files_.duration_s}};
    switch (cause.cause) {
      case measure::CallCause::kLoss:
        cause.when = worst_of(curves.lost_percent, 0.1);
        break;
      case measure::CallCause::kLate:
        cause.when = worst_of(curves.late_percent, 0.1);
        break;
      case measure::CallCause::kDelay:
        if (ear_.facts.mouth_to_ear_ms) cause.when = worst_of(whole_delay(curves, 20.0), 150.0);
        break;
      case measure::CallCause::kEcho:
        cause.when = echo_.when;
        break;
      case measure::CallCause::kLevel:
        if (cause.rating_lost.value_or(0.0) > 1.0) cause.when = always;
        break;
      case measure::CallCause::kCodec:
      case measure::CallCause::kDrift:
      case measure::CallCause::kOther:
        break;
    }
  }

  const CallFiles& files_;
  const EarRecord& record_;
  const Party* speaker_;
  const EarTimeline* timeline_;
  measure::EchoSearch echo_;
  measure::CallEar ear_;
};

}  // namespace

Result<CallExplanation> explain_call(const fs::path& report, std::stop_token stop) {
  CallExplanation explanation;
  SYRINX_ASSIGN(const CallFiles files, read_files(report, explanation.notes, stop));
  for (const EarRecord& record : files.record.ears) {
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
    if (record.adaptations > 0)
      explanation.notes.push_back(
          record.speaker + " changed what they send " + std::to_string(record.adaptations) +
          " times; the codec's share is that of " + record.codec + " as it was sent first");
    SYRINX_ASSIGN(auto ear, EarExplainer(files, record).explain());
    explanation.ears.push_back(std::move(ear));
  }
  return explanation;
}

}  // namespace syrinx::call
