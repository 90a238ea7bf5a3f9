// SPDX-License-Identifier: Apache-2.0
#include "world/speaker_report.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/stages/voice/profile/neural_map.h"
#include "syrinx/stages/voice/profile/profile_distance.h"
#include "world/like_judge.h"

namespace syrinx::bench {
namespace {

// How alike pairs are, and whether they are of one talker.
using Pairs = std::vector<std::pair<double, bool>>;

double equal_error_rate(Pairs pairs) {
  std::sort(pairs.begin(), pairs.end());
  const auto same = static_cast<double>(
      std::count_if(pairs.begin(), pairs.end(), [](const auto& pair) { return pair.second; }));
  const double different = static_cast<double>(pairs.size()) - same;
  double refused = 0.0;      // Of one talker, below the threshold.
  double taken = different;  // Of two talkers, above it.
  for (const auto& pair : pairs) {
    (pair.second ? refused : taken) += pair.second ? 1.0 : -1.0;
    if (refused / same >= taken / different) break;
  }
  return 0.5 * (refused / same + taken / different);
}

struct Talker {
  std::string name;
  voice::VoiceProfile profile;
};

void row(const char* name, const std::vector<Talker>& talkers, const auto& alike) {
  Pairs pairs;
  double same = 0.0;
  double different = 0.0;
  for (std::size_t a = 0; a < talkers.size(); ++a) {
    for (std::size_t b = a + 1; b < talkers.size(); ++b) {
      const bool one = talkers[a].name == talkers[b].name;
      pairs.emplace_back(alike(talkers[a].profile, talkers[b].profile), one);
      (one ? same : different) += pairs.back().first;
    }
  }
  const auto ones = static_cast<double>(
      std::count_if(pairs.begin(), pairs.end(), [](const auto& pair) { return pair.second; }));
  std::printf("%-22s %7.1f %10.2f %10.2f %8zu\n", name, 100.0 * equal_error_rate(pairs),
              same / ones, different / (static_cast<double>(pairs.size()) - ones), pairs.size());
}

Result<void> report(const std::filesystem::path& data, const std::filesystem::path& weights) {
  auto model = voice::built_in_conversion_model();
  if (!weights.empty()) {
    SYRINX_ASSIGN(model, voice::load_conversion_model(weights));
  }
  std::vector<Talker> talkers;
  for (const char* name : {"ljspeech", "matthes", "kerstin"}) {
    for (const Utterance& one : read_talker(data / "speech" / name, 100)) {
      auto profile = voice::learn_profile(one.sound);
      if (profile) talkers.push_back({name, std::move(*profile)});
    }
  }
  if (talkers.empty())
    return make_error(ErrorCode::kNotFound, "there is no speech under ", data.string(), "/speech");
  std::printf("%zu sentences of three talkers, none of whom taught the network\n", talkers.size());
  std::printf("%-22s %7s %10s %10s %8s\n", "", "EER %", "same", "different", "pairs");
  row("profile statistics", talkers,
      [](const auto& a, const auto& b) { return voice::compare_profiles(a, b).similarity; });
  row("network's vectors", talkers,
      [&](const auto& a, const auto& b) { return voice::speaker_similarity(*model, a, b); });
  return {};
}

}  // namespace

int report_speakers(const std::filesystem::path& data, const std::filesystem::path& weights) {
  const auto done = report(data, weights);
  if (done) return 0;
  std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return 1;
}

}  // namespace syrinx::bench
