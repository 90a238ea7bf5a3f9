// SPDX-License-Identifier: Apache-2.0
#include "conversion/changers.h"

#include <cmath>
#include <cstdio>

#include "intelligibility/child_process.h"
#include "syrinx/core/flow/buffer_source.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/conversion/conversion_stream.h"
#include "syrinx/stages/voice/world/voice_analyser.h"
#include "syrinx/stages/voice/world/voice_synthesiser.h"

namespace syrinx::bench {
namespace {

constexpr const char* kPhaseVocoder = "phase-vocoder";
constexpr const char* kWithoutAspiration = "no-aspiration";

Result<AudioBuffer> change_ourselves(const std::string& mode, const Job& job, AudioView audio) {
  conversion::ConversionOptions options;
  if (mode == kPhaseVocoder) {
    options.tool = conversion::Tool::kPhaseVocoder;
  } else if (mode == kWithoutAspiration) {
    options.transform.mode = conversion::Mode::kHigh;
    options.transform.settings.aspiration = 0.0;
  } else {
    SYRINX_ASSIGN(options.transform.mode, conversion::parse_mode(mode));
  }
  options.transform.settings.pitch_ratio = voice::ratio_of_semitones(job.semitones);
  options.transform.settings.formant_ratio = job.formant_ratio;
  options.speed = job.speed;
  SYRINX_ASSIGN(const auto source,
                conversion::make_conversion(std::make_unique<BufferSource>(audio), options));
  return io::read_all(*source);
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", value);
  return text;
}

std::vector<std::string> command_of(const std::string& peer, const Job& job, const std::string& in,
                                    const std::string& out) {
  if (peer == "rubberband") {
    std::vector<std::string> words = {"rubberband", "-q", "--fine"};
    if (job.semitones != 0.0) words.insert(words.end(), {"-F", "-p", number(job.semitones)});
    if (job.speed != 1.0) words.insert(words.end(), {"-T", number(job.speed)});
    words.insert(words.end(), {in, out});
    return words;
  }
  if (peer == "soundtouch") {
    std::vector<std::string> words = {"soundstretch", in, out, "-speech"};
    if (job.semitones != 0.0) words.push_back("-pitch=" + number(job.semitones));
    if (job.speed != 1.0) words.push_back("-tempo=" + number(100.0 * (job.speed - 1.0)));
    return words;
  }
  std::vector<std::string> words = {"sox", "-V1", in, out};
  if (job.semitones != 0.0) words.insert(words.end(), {"pitch", number(100.0 * job.semitones)});
  if (job.speed != 1.0) words.insert(words.end(), {"tempo", "-s", number(job.speed)});
  return words;
}

}  // namespace

std::string Job::name() const {
  char text[64];
  if (speed != 1.0) {
    std::snprintf(text, sizeof text, "speed %.2f", speed);
  } else if (formant_ratio != 1.0) {
    std::snprintf(text, sizeof text, "formants x%.2f", formant_ratio);
  } else {
    std::snprintf(text, sizeof text, "pitch %+.0f", semitones);
  }
  return text;
}

Result<AudioBuffer> resynthesise(double semitones, AudioView audio, double most_f0_hz) {
  voice::VoiceFrameOptions options;
  options.max_f0_hz = most_f0_hz;
  SYRINX_ASSIGN(auto frames, voice::analyse_voice(audio, options));
  const auto ratio = static_cast<float>(voice::ratio_of_semitones(semitones));
  for (float& hz : frames.f0_hz) hz *= ratio;
  return voice::synthesise_voice(frames);
}

std::vector<Changer> all_changers() {
  return {{"high", true},        {"balanced", true},
          {"low", true},         {kWithoutAspiration, true},
          {kPhaseVocoder, true}, {"rubberband", false},
          {"soundtouch", false}, {"sox", false},
          {"resynthesis", false}};
}

bool can_do(const Changer& changer, const Job& job) {
  if (changer.name == kWithoutAspiration) return job.semitones > 0.0;
  if (job.speed != 1.0 && changer.ours)  // All modes are alike.
    return changer.name == "high" || changer.name == kPhaseVocoder;
  if (changer.name == "resynthesis") return job.speed == 1.0 && job.formant_ratio == 1.0;
  return changer.ours || job.formant_ratio == 1.0;
}

Result<AudioBuffer> change(const Changer& changer, const Job& job, AudioView audio,
                           const std::filesystem::path& folder) {
  if (changer.ours) return change_ourselves(changer.name, job, audio);
  if (changer.name == "resynthesis") return resynthesise(job.semitones, audio);
  const std::string in = folder / "peer_in.wav";
  const std::string out = folder / "peer_out.wav";
  SYRINX_TRY(io::write_audio(in, audio));
  SYRINX_ASSIGN(const auto said, run_program(command_of(changer.name, job, in, out), true));
  return io::read_audio(out);
}

}  // namespace syrinx::bench
