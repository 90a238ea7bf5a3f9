// SPDX-License-Identifier: Apache-2.0
#include "echo/recordings.h"

#include <algorithm>

#include "syrinx/core/io/audio_reader.h"
#include "syrinx/core/io/audio_writer.h"
#include "syrinx/stages/measure/neural/aecmos.h"

namespace syrinx::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModel = "models/aecmos/Run_1663915512_Stage_0.onnx";
constexpr const char* kLoudspeaker = "_lpb.wav";

std::vector<std::string> list_recordings(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    const std::size_t end = file.rfind(kLoudspeaker);
    if (end != std::string::npos) names.push_back(file.substr(0, end));
  }
  std::sort(names.begin(), names.end());
  return names;
}

measure::TalkScenario scenario_of(const std::string& name) {
  if (name.find("farend_singletalk") != std::string::npos)
    return measure::TalkScenario::kFarEndOnly;
  return measure::TalkScenario::kDoubleTalk;
}

AudioBuffer send(const Contestant& contestant, const AudioBuffer& microphone,
                 const AudioBuffer& loudspeaker) {
  const int rate_hz = microphone.sample_rate_hz();
  const auto canceller = contestant.make(rate_hz);
  const std::size_t frames = std::min(microphone.frames(), loudspeaker.frames());
  AudioBuffer sent(1, frames, rate_hz);
  const auto frame = static_cast<std::size_t>(rate_hz / 100);
  for (std::size_t at = 0; at + frame <= frames; at += frame)
    canceller->process(microphone.channel(0).subspan(at, frame),
                       loudspeaker.channel(0).subspan(at, frame),
                       sent.channel(0).subspan(at, frame));
  const std::size_t late = canceller->latency_samples();  // AECMOS wants it in time.
  std::copy(sent.channel(0).begin() + static_cast<std::ptrdiff_t>(late), sent.channel(0).end(),
            sent.channel(0).begin());
  return sent;
}

Result<void> keep(const AudioBuffer& sent, const fs::path& folder, const std::string& name) {
  fs::create_directories(folder);
  io::AudioWriteOptions options;
  options.sample_rate_hz = sent.sample_rate_hz();
  SYRINX_ASSIGN(auto writer, io::AudioWriter::create(folder / (name + ".wav"), options));
  SYRINX_TRY(writer.write(sent));
  return writer.finish();
}

}  // namespace

Result<std::vector<Opinion>> judge_recordings(const Contestant& contestant, const fs::path& data,
                                              const fs::path& out) {
  SYRINX_ASSIGN(const auto model,
                measure::Aecmos::load(data / kModel, measure::AecmosModel::k16kHz));
  std::vector<Opinion> opinions;
  const fs::path folder = data / "media" / "aec";
  for (const std::string& name : list_recordings(folder)) {
    SYRINX_ASSIGN(const AudioBuffer microphone, io::read_audio(folder / (name + "_mic.wav")));
    SYRINX_ASSIGN(const AudioBuffer loudspeaker, io::read_audio(folder / (name + kLoudspeaker)));
    const AudioBuffer sent =
        contestant.make ? send(contestant, microphone, loudspeaker) : microphone;
    if (!out.empty()) SYRINX_TRY(keep(sent, out / contestant.name, name));
    SYRINX_ASSIGN(const auto scores, model.score(loudspeaker, microphone, sent, scenario_of(name)));
    opinions.push_back({name, scores.echo, scores.degradation});
  }
  return opinions;
}

}  // namespace syrinx::bench
