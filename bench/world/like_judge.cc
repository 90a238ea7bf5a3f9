// SPDX-License-Identifier: Apache-2.0
#include "world/like_judge.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "syrinx/core/dsp/pitch/pyin.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/artifacts/artifacts.h"
#include "syrinx/stages/measure/reference/mel_cepstrum.h"

namespace syrinx::bench {
namespace {

double flagged(const std::vector<measure::Artifact>& artifacts, double duration_s) {
  std::vector<bool> bad(static_cast<std::size_t>(duration_s / measure::kArtifactHopS) + 1);
  for (const auto& artifact : artifacts)
    for (double s = artifact.begin_s; s < artifact.end_s; s += measure::kArtifactHopS)
      bad[std::min(static_cast<std::size_t>(s / measure::kArtifactHopS), bad.size() - 1)] = true;
  return measure::kArtifactHopS * static_cast<double>(std::count(bad.begin(), bad.end(), true));
}

}  // namespace

std::vector<Utterance> read_talker(const std::filesystem::path& folder, std::size_t count) {
  std::ifstream lines(folder / "transcripts.tsv");
  std::vector<Utterance> all;
  for (std::string line; all.size() < count && std::getline(lines, line);) {
    const std::size_t tab = line.find('\t');
    auto sound = io::read_audio(folder / (line.substr(0, tab) + ".flac"));
    if (sound) all.push_back({line.substr(0, tab), line.substr(tab + 1), std::move(*sound)});
  }
  return all;
}

Traits traits_of(const std::vector<Utterance>& utterances) {
  Traits traits;
  double voiced = 0.0;
  double frames = 0.0;
  for (const Utterance& utterance : utterances) {
    const auto track = dsp::pyin_f0(utterance.sound).value();
    for (const double hz : track.hz) {
      if (hz <= 0.0) continue;
      traits.log_f0 += std::log(hz);
      voiced += 1.0;
    }
    const auto cepstra = measure::MelCepstrum::analyse(utterance.sound, kTerms).value();
    for (std::size_t k = 0; k < cepstra.frames(); ++k) {
      const double second = 0.0125 + 0.01 * static_cast<double>(k);
      const auto near =
          static_cast<std::ptrdiff_t>(std::lround((second - track.first_s) / track.hop_s));
      if (near < 0 || near >= static_cast<std::ptrdiff_t>(track.frames())) continue;
      if (track.hz[static_cast<std::size_t>(near)] <= 0.0) continue;
      for (std::size_t d = 0; d < kTerms; ++d) traits.cepstrum[d] += cepstra.frame(k)[d];
      frames += 1.0;
    }
  }
  traits.log_f0 /= std::max(1.0, voiced);
  for (double& value : traits.cepstrum) value /= std::max(1.0, frames);
  return traits;
}

double cepstral_distance(const Traits& a, const Traits& b) {
  double sum = 0.0;
  for (std::size_t d = 0; d < kTerms; ++d)
    sum += (a.cepstrum[d] - b.cepstrum[d]) * (a.cepstrum[d] - b.cepstrum[d]);
  return 10.0 / std::log(10.0) * std::sqrt(2.0 * sum);
}

double semitones(const Traits& a, const Traits& b) {
  return 12.0 / std::log(2.0) * std::abs(a.log_f0 - b.log_f0);
}

Judge::Judge(const std::filesystem::path& data) {
  if (auto loaded = measure::load_recogniser()) recogniser_ = std::move(*loaded);
  const std::filesystem::path models = data / "models" / "dnsmos";
  if (auto loaded = measure::Dnsmos::load({models / "sig_bak_ovr.onnx", {}}))
    dnsmos_ = std::move(*loaded);
}

Judged Judge::judge(const std::vector<Utterance>& utterances) {
  Judged judged;
  judged.traits = traits_of(utterances);
  double flagged_s = 0.0;
  double all_s = 0.0;
  for (const Utterance& utterance : utterances) {
    const auto reference = measure::words_of(utterance.text);
    if (recogniser_) {
      const auto heard = measure::recognise_any(*recogniser_, utterance.sound).value();
      judged.words += measure::compare_words(reference, measure::words_of(heard));
    }
    if (dnsmos_) judged.dnsmos += dnsmos_->score(utterance.sound).value().overall;
    flagged_s +=
        flagged(measure::find_artifacts(utterance.sound).value(), utterance.sound.duration_s());
    all_s += utterance.sound.duration_s();
  }
  judged.dnsmos /= static_cast<double>(utterances.size());
  judged.artifact_share = flagged_s / all_s;
  return judged;
}

}  // namespace syrinx::bench
