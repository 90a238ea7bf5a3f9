// SPDX-License-Identifier: Apache-2.0
#include "world/parallel_report.h"

#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/engines/conversion/like/sound_like.h"
#include "syrinx/stages/measure/reference/spectral_distance.h"
#include "syrinx/stages/voice/profile/neural_map.h"
#include "world/like_judge.h"

namespace syrinx::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReferences = 5;  // Of the target, which teach its voice.

struct Way {
  const char* name;
  double exemplars, mixture, network;
};
constexpr Way kWays[] = {{"statistics", 0.0, 0.0, 0.0},  {"exemplars 0.3", 0.3, 0.0, 0.0},
                         {"mixture 0.5", 0.0, 0.5, 0.0}, {"network 0.8", 0.0, 0.0, 0.8},
                         {"network 1", 0.0, 0.0, 1.0},   {"network 0.8, ex. 0.3", 0.3, 0.0, 0.8}};

// What both read, and what the target alone reads or is left over.
struct Pair {
  std::vector<Utterance> source, target, references;
};

Pair pair_of(const std::vector<Utterance>& sources, const std::vector<Utterance>& targets) {
  std::map<std::string, const Utterance*> by_name;
  for (const Utterance& one : sources) by_name[one.name] = &one;
  Pair pair;
  for (const Utterance& one : targets)
    if (!by_name.contains(one.name) && pair.references.size() < kReferences)
      pair.references.push_back(one);
  for (const Utterance& one : targets) {
    if (!by_name.contains(one.name)) continue;
    if (pair.references.size() < kReferences) {
      pair.references.push_back(one);
      continue;
    }
    pair.source.push_back(*by_name[one.name]);
    pair.target.push_back(one);
  }
  return pair;
}

// Mean distortion of sentences from those that the target reads; c1 to c24 of 16 kHz.
double distortion(const std::vector<Utterance>& made, const std::vector<Utterance>& target) {
  double sum = 0.0;
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto a = dsp::resample(target[i].sound, 16'000).value();
    const auto b = dsp::resample(made[i].sound, 16'000).value();
    sum += measure::mel_cepstral_distortion_db(a, b, {24, true}).value();
  }
  return sum / static_cast<double>(made.size());
}

Result<voice::VoiceProfile> learn(const std::vector<Utterance>& utterances) {
  voice::ProfileLearner learner;
  for (const Utterance& one : utterances) SYRINX_TRY(learner.add(one.sound));
  return learner.finish("target");
}

class Direction {
 public:
  Direction(Pair pair, voice::VoiceProfile target, Judge* judge,
            std::shared_ptr<const voice::ConversionModel> model)
      : pair_(std::move(pair)),
        target_(std::move(target)),
        judge_(judge),
        model_(std::move(model)),
        aim_(traits_of(pair_.target)),
        from_(traits_of(pair_.source)) {}

  Result<void> row(const char* name, const std::vector<Utterance>& made, double seconds) {
    SYRINX_ASSIGN(const auto profile, learn(made));
    if (judge_ == nullptr) {
      std::printf("  %-22s %7.2f\n", name, distortion(made, pair_.target));
      std::fflush(stdout);
      return {};
    }
    const Judged judged = judge_->judge(made);
    double sound_s = 0.0;
    for (const Utterance& one : made) sound_s += one.sound.duration_s();
    std::printf(
        "  %-22s %7.2f %7.0f %7.0f %9.2f %7.1f %7.2f %9.1f %7.3f\n", name,
        distortion(made, pair_.target),
        100.0 * (1.0 - semitones(judged.traits, aim_) / semitones(from_, aim_)),
        100.0 * (1.0 - cepstral_distance(judged.traits, aim_) / cepstral_distance(from_, aim_)),
        voice::speaker_similarity(*voice::built_in_conversion_model(), profile, target_),
        100.0 * judged.words.rate(), judged.dnsmos, 100.0 * judged.artifact_share,
        seconds / sound_s);
    std::fflush(stdout);
    return {};
  }
  Result<void> run() {
    SYRINX_TRY(row("source as it is", pair_.source, 0.0));
    for (const Way& way : kWays) {
      voice::LikeOptions like;
      like.exemplars = way.exemplars;
      like.mixture = way.mixture;
      like.network = way.network;
      like.model = model_;
      std::vector<Utterance> made;
      const auto start = std::chrono::steady_clock::now();
      for (const Utterance& one : pair_.source) {
        SYRINX_ASSIGN(auto sound, conversion::sound_like(one.sound, target_, {.like = like}));
        made.push_back({one.name, one.text, std::move(sound)});
      }
      const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
      SYRINX_TRY(row(way.name, made, spent.count()));
    }
    return row("target as it is", pair_.target, 0.0);
  }

 private:
  Pair pair_;
  voice::VoiceProfile target_;
  Judge* judge_;  // None: distortions alone.
  std::shared_ptr<const voice::ConversionModel> model_;
  Traits aim_;
  Traits from_;
};

Result<void> report(const fs::path& data, bool distortions_alone, const fs::path& weights) {
  auto model = voice::built_in_conversion_model();
  if (!weights.empty()) {
    SYRINX_ASSIGN(model, voice::load_conversion_model(weights));
  }
  auto readers = read_talker(data / "speech" / "ljspeech", 100);
  for (auto& one : read_talker(data / "training" / "ljspeech", 100))
    readers.push_back(std::move(one));
  const auto others = read_talker(data / "speech" / "matthes", 100);
  Judge judge(data);
  for (const bool to_male : {true, false}) {
    Pair pair = to_male ? pair_of(readers, others) : pair_of(others, readers);
    SYRINX_ASSIGN(auto target, learn(pair.references));
    std::printf("\n%s: %zu sentences that both read, %zu others taught the voice\n",
                to_male ? "ljspeech to matthes" : "matthes to ljspeech", pair.source.size(),
                pair.references.size());
    std::printf("  %-22s %7s %7s %7s %9s %7s %7s %9s %7s\n", "", "MCD dB", "F0 way", "sp. way",
                "speakers", "WER %", "DNSMOS", "artif. %", "RTF");
    SYRINX_TRY(
        Direction(std::move(pair), std::move(target), distortions_alone ? nullptr : &judge, model)
            .run());
  }
  return {};
}

}  // namespace

int report_parallel(const std::filesystem::path& data, bool distortions_alone,
                    const std::filesystem::path& weights) {
  const auto done = report(data, distortions_alone, weights);
  if (done) return 0;
  std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return 1;
}

}  // namespace syrinx::bench
