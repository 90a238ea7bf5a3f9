// SPDX-License-Identifier: Apache-2.0
#include "world/like_report.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/conversion/like/sound_like.h"
#include "syrinx/engines/conversion/live/live_likeness.h"
#include "world/like_judge.h"

namespace syrinx::bench {
namespace {

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
  like.network = options.network;
  std::vector<Utterance> results;
  double sound_s = 0.0;
  const auto start = std::chrono::steady_clock::now();
  for (const Utterance& source : sources) {
    SYRINX_ASSIGN(AudioBuffer sound,
                  options.live ? live_like(source.sound, target, like, *options.live)
                               : conversion::sound_like(source.sound, target, {.like = like}));
    sound_s += sound.duration_s();
    results.push_back({source.name, source.text, std::move(sound)});
  }
  const auto spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - start);
  real_time_factor = spent.count() / sound_s;
  for (std::size_t i = 0; !options.output.empty() && i < results.size(); ++i)
    SYRINX_TRY(
        io::write_audio(options.output / (pair + std::to_string(i) + ".wav"), results[i].sound));
  return results;
}

constexpr double kLeastWay = 0.6;        // From the source to the target, in F0 and spectrum.
constexpr double kMostWordsLost = 0.03;  // Beside the source's errors.

// Of all pairs.
struct Total {
  measure::WordErrors before;
  measure::WordErrors after;
  double least_f0_way = 1.0;
  double least_cepstral_way = 1.0;
};

void report_total(const Total& total) {
  const auto verdict = [](bool reached) { return reached ? "reached" : "MISSED"; };
  const double bar = total.before.rate() + kMostWordsLost;
  std::printf("all pairs: words %.1f>%.1f %% of %zu, at most %.1f: %s; ",
              100.0 * total.before.rate(), 100.0 * total.after.rate(),
              static_cast<std::size_t>(total.after.words), 100.0 * bar,
              verdict(total.after.rate() <= bar));
  const double least = std::min(total.least_f0_way, total.least_cepstral_way);
  std::printf("the shortest way %.0f %% in F0, %.0f %% in spectrum, at least %.0f: %s\n",
              100.0 * total.least_f0_way, 100.0 * total.least_cepstral_way, 100.0 * kLeastWay,
              verdict(least >= kLeastWay));
}

Result<void> report_pair(const std::string& from, const std::string& to,
                         std::map<std::string, std::vector<Utterance>>& talkers,
                         const LikeReportOptions& options, Judge& judge, Total& total) {
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
  total.before += before.words;
  total.after += after.words;
  total.least_f0_way = std::min(total.least_f0_way, f0_way);
  total.least_cepstral_way = std::min(total.least_cepstral_way, cepstral_way);
  return {};
}

}  // namespace

int report_likeness(const LikeReportOptions& options) {
  std::map<std::string, std::vector<Utterance>> talkers;
  for (const char* talker : {"ljspeech", "kathleen", "matthes", "kerstin"})
    talkers[talker] = read_talker(options.data / "speech" / talker,
                                  2 * static_cast<std::size_t>(options.utterances));
  Judge judge(options.data);
  Total total;
  std::printf("%-9s %-9s %10s %5s %11s %5s %11s %11s %11s %6s\n", "source", "target", "semitones",
              "way", "cepstra dB", "way", "WER %", "DNSMOS", "artifacts %", "RTF");
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"ljspeech", "matthes"},
                                                        {"matthes", "ljspeech"},
                                                        {"ljspeech", "kathleen"},
                                                        {"kathleen", "ljspeech"},
                                                        {"kathleen", "matthes"},
                                                        {"matthes", "kerstin"}}) {
    const auto done = report_pair(from, to, talkers, options, judge, total);
    if (!done)
      std::fprintf(stderr, "%s to %s: %s\n", from.c_str(), to.c_str(),
                   done.error().message.c_str());
  }
  report_total(total);
  return 0;
}

}  // namespace syrinx::bench
