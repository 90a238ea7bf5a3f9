// SPDX-License-Identifier: Apache-2.0
#include "world/like_report.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/dsp/pitch/pyin.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/conversion/live/live_likeness.h"
#include "syrinx/stages/measure/artifacts/artifacts.h"
#include "syrinx/stages/measure/neural/dnsmos.h"
#include "syrinx/stages/measure/recognition/recogniser.h"
#include "syrinx/stages/measure/recognition/word_error_rate.h"
#include "syrinx/stages/measure/reference/mel_cepstrum.h"
#include "syrinx/stages/voice/profile/likeness.h"

namespace syrinx::bench {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kTerms = 13;

struct Utterance {
  std::string text;
  AudioBuffer sound;
};

// Judged by other means than those that convert: pYIN, and cepstra of a spectrogram.
struct Traits {
  double log_f0 = 0.0;
  std::array<double, kTerms> cepstrum{};
};

struct Judged {
  Traits traits;
  measure::WordErrors words;
  double dnsmos = 0.0;
  double artifact_share = 0.0;
};

std::vector<Utterance> read_talker(const fs::path& folder, std::size_t count) {
  std::ifstream lines(folder / "transcripts.tsv");
  std::vector<Utterance> all;
  for (std::string line; all.size() < count && std::getline(lines, line);) {
    const std::size_t tab = line.find('\t');
    auto sound = io::read_audio(folder / (line.substr(0, tab) + ".flac"));
    if (sound) all.push_back({line.substr(tab + 1), std::move(*sound)});
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

class Judge {
 public:
  explicit Judge(const fs::path& data) {
    if (auto loaded = measure::load_recogniser()) recogniser_ = std::move(*loaded);
    const fs::path models = data / "models" / "dnsmos";
    if (auto loaded = measure::Dnsmos::load({models / "sig_bak_ovr.onnx", {}}))
      dnsmos_ = std::move(*loaded);
  }

  Judged judge(const std::vector<Utterance>& utterances) {
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

 private:
  static double flagged(const std::vector<measure::Artifact>& artifacts, double duration_s) {
    std::vector<bool> bad(static_cast<std::size_t>(duration_s / measure::kArtifactHopS) + 1);
    for (const auto& artifact : artifacts)
      for (double s = artifact.begin_s; s < artifact.end_s; s += measure::kArtifactHopS)
        bad[std::min(static_cast<std::size_t>(s / measure::kArtifactHopS), bad.size() - 1)] = true;
    return measure::kArtifactHopS * static_cast<double>(std::count(bad.begin(), bad.end(), true));
  }

  std::unique_ptr<measure::Recogniser> recogniser_;
  std::optional<measure::Dnsmos> dnsmos_;
};

// Each utterance as a stream of its own whose voice is known, its delay taken off.
Result<AudioBuffer> live_like(AudioView source, const voice::VoiceProfile& target,
                              const voice::LikeOptions& like, conversion::Mode mode) {
  conversion::LiveLikenessOptions options{target, like, {}, source.sample_rate_hz()};
  SYRINX_ASSIGN(options.source, voice::learn_profile(source));
  SYRINX_ASSIGN(const auto likeness, conversion::LiveLikeness::create(std::move(options)));
  conversion::LiveChainOptions chain_options;
  chain_options.sample_rate_hz = source.sample_rate_hz();
  chain_options.best = mode == conversion::Mode::kLow    ? conversion::LiveLevel::kLow
                       : mode == conversion::Mode::kHigh ? conversion::LiveLevel::kHigh
                                                         : conversion::LiveLevel::kBalanced;
  chain_options.transforms = likeness->transforms();
  SYRINX_ASSIGN(const auto chain, conversion::LiveChain::create(chain_options));
  const std::size_t latency = chain->latency_samples();
  AudioBuffer sound(source);
  sound.append(AudioBuffer(1, latency, source.sample_rate_hz()));
  const std::size_t block = chain_options.max_block_frames;
  for (std::size_t at = 0; at < sound.frames(); at += block)
    chain->process(sound.view().slice(at, std::min(block, sound.frames() - at)));
  return AudioBuffer(sound.view().slice(latency, source.frames()));
}

Result<std::vector<Utterance>> convert(const std::vector<Utterance>& sources,
                                       const voice::VoiceProfile& target,
                                       const LikeReportOptions& options, const std::string& pair,
                                       double& real_time_factor) {
  voice::LikeOptions like;
  like.exemplars = options.exemplars;
  like.mixture = options.mixture;
  std::vector<Utterance> results;
  double sound_s = 0.0;
  const auto start = std::chrono::steady_clock::now();
  for (const Utterance& source : sources) {
    SYRINX_ASSIGN(AudioBuffer sound, options.live
                                         ? live_like(source.sound, target, like, *options.live)
                                         : voice::sound_like(source.sound, target, like));
    sound_s += sound.duration_s();
    results.push_back({source.text, std::move(sound)});
  }
  const auto spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - start);
  real_time_factor = spent.count() / sound_s;
  for (std::size_t i = 0; !options.output.empty() && i < results.size(); ++i)
    SYRINX_TRY(
        io::write_audio(options.output / (pair + std::to_string(i) + ".wav"), results[i].sound));
  return results;
}

Result<void> report_pair(const std::string& from, const std::string& to,
                         std::map<std::string, std::vector<Utterance>>& talkers,
                         const LikeReportOptions& options, Judge& judge) {
  const auto count = static_cast<std::ptrdiff_t>(options.utterances);
  const auto part = [&](const std::string& talker, std::ptrdiff_t first) {
    const auto& all = talkers[talker];
    const auto size = static_cast<std::ptrdiff_t>(all.size());
    return std::vector<Utterance>(all.begin() + std::min(first, size),
                                  all.begin() + std::min(first + count, size));
  };
  voice::ProfileLearner learner;
  for (const Utterance& utterance : part(to, 0)) SYRINX_TRY(learner.add(utterance.sound));
  SYRINX_ASSIGN(const auto target, learner.finish(to));
  const auto sources = part(from, 0);
  double factor = 0.0;
  SYRINX_ASSIGN(const auto results, convert(sources, target, options, from + "-" + to, factor));
  const Traits aim = traits_of(part(to, count));
  const Judged before = judge.judge(sources);
  const Judged after = judge.judge(results);
  const double f0_way = 1.0 - semitones(after.traits, aim) / semitones(before.traits, aim);
  const double cepstral_way =
      1.0 - cepstral_distance(after.traits, aim) / cepstral_distance(before.traits, aim);
  std::printf(
      "%-9s %-9s %5.1f>%4.1f %4.0f%% %5.2f>%5.2f %4.0f%% %5.1f>%5.1f %5.2f>%5.2f %5.1f>%5.1f "
      "%6.3f\n",
      from.c_str(), to.c_str(), semitones(before.traits, aim), semitones(after.traits, aim),
      100.0 * f0_way, cepstral_distance(before.traits, aim), cepstral_distance(after.traits, aim),
      100.0 * cepstral_way, 100.0 * before.words.rate(), 100.0 * after.words.rate(), before.dnsmos,
      after.dnsmos, 100.0 * before.artifact_share, 100.0 * after.artifact_share, factor);
  std::fflush(stdout);
  return {};
}

}  // namespace

int report_likeness(const LikeReportOptions& options) {
  std::map<std::string, std::vector<Utterance>> talkers;
  for (const char* talker : {"ljspeech", "kathleen", "matthes", "kerstin"})
    talkers[talker] = read_talker(options.data / "speech" / talker,
                                  static_cast<std::size_t>(2 * options.utterances));
  Judge judge(options.data);
  std::printf("%-9s %-9s %10s %5s %11s %5s %11s %11s %11s %6s\n", "source", "target", "semitones",
              "way", "cepstra dB", "way", "WER %", "DNSMOS", "artifacts %", "RTF");
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"ljspeech", "matthes"},
                                                        {"matthes", "ljspeech"},
                                                        {"ljspeech", "kathleen"},
                                                        {"kathleen", "ljspeech"},
                                                        {"kathleen", "matthes"},
                                                        {"matthes", "kerstin"}}) {
    const auto done = report_pair(from, to, talkers, options, judge);
    if (!done)
      std::fprintf(stderr, "%s to %s: %s\n", from.c_str(), to.c_str(),
                   done.error().message.c_str());
  }
  return 0;
}

}  // namespace syrinx::bench
