// SPDX-License-Identifier: Apache-2.0
#include "serve/report.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

namespace syrinx::bench {
namespace {

// What all clients that behave well had together.
struct Totals {
  std::size_t clients = 0;
  std::size_t answered = 0;
  std::size_t told_to_wait = 0;
  std::map<std::string, std::size_t> errors;
  std::vector<double> first_audio_s;  // Ascending.
  std::vector<double> shares;         // Seconds of sound of each.
  double audio_s = 0;
};

bool is_polite(Manner manner) { return manner == Manner::kPolite || manner == Manner::kListens; }

Totals totals_of(const LoadResult& result) {
  Totals totals;
  for (std::size_t i = 0; i < result.clients.size(); ++i) {
    if (!is_polite(result.manners[i])) continue;
    const ClientReport& client = result.clients[i];
    ++totals.clients;
    totals.answered += client.answered;
    totals.told_to_wait += client.told_to_wait;
    totals.audio_s += client.audio_s;
    totals.shares.push_back(client.audio_s);
    for (const auto& [kind, count] : client.errors) totals.errors[kind] += count;
    totals.first_audio_s.insert(totals.first_audio_s.end(), client.first_audio_s.begin(),
                                client.first_audio_s.end());
  }
  std::sort(totals.first_audio_s.begin(), totals.first_audio_s.end());
  return totals;
}

double quantile(const std::vector<double>& ascending, double share) {
  if (ascending.empty()) return 0;
  const double place = share * static_cast<double>(ascending.size() - 1);
  return ascending[static_cast<std::size_t>(std::lround(place))];
}

double most_after(const std::vector<MemorySample>& memory, double share) {
  double most = 0;
  for (std::size_t i = static_cast<std::size_t>(share * static_cast<double>(memory.size()));
       i < memory.size(); ++i)
    most = std::max(most, memory[i].mib);
  return most;
}

}  // namespace

double resident_mib(pid_t process) {
  std::ifstream statm("/proc/" + std::to_string(process) + "/statm");
  double all = 0;
  double pages = 0;
  if (!(statm >> all >> pages)) return 0;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1'048'576.0;
}

double jain_index(const std::vector<double>& shares) {
  double sum = 0;
  double squares = 0;
  for (const double share : shares) {
    sum += share;
    squares += share * share;
  }
  return squares > 0 ? sum * sum / (static_cast<double>(shares.size()) * squares) : 1.0;
}

void print_report(const LoadResult& result) {
  const Totals totals = totals_of(result);
  std::printf("clients that behave      %zu of %zu, for %.0f s\n", totals.clients,
              result.clients.size(), result.seconds);
  std::printf("answers                  %zu (%.1f a second), %.1f s of sound a second\n",
              totals.answered, static_cast<double>(totals.answered) / result.seconds,
              totals.audio_s / result.seconds);
  std::printf("told to come again       %zu (429)\n", totals.told_to_wait);
  std::size_t errors = 0;
  for (const auto& [kind, count] : totals.errors) {
    errors += count;
    std::printf("error                    %zu %s\n", count, kind.c_str());
  }
  std::printf("errors but 429           %zu\n", errors);
  std::printf("first audio              p50 %.0f ms, p95 %.0f ms, p99 %.0f ms\n",
              1'000 * quantile(totals.first_audio_s, 0.5),
              1'000 * quantile(totals.first_audio_s, 0.95),
              1'000 * quantile(totals.first_audio_s, 0.99));
  std::printf("fairness (Jain)          %.3f over seconds of sound, 1 is equal\n",
              jain_index(totals.shares));
  if (result.memory.empty()) return;
  std::printf(
      "memory                   %.0f MiB after a tenth, at most %.0f MiB in the second "
      "half, %.0f MiB at the end\n",
      result.memory[result.memory.size() / 10].mib, most_after(result.memory, 0.5),
      result.memory.back().mib);
}

std::string report_json(const LoadResult& result) {
  const Totals totals = totals_of(result);
  nlohmann::json memory = nlohmann::json::array();
  for (const MemorySample& sample : result.memory) memory.push_back({sample.at_s, sample.mib});
  return nlohmann::json{{"clients", totals.clients},
                        {"seconds", result.seconds},
                        {"answers", totals.answered},
                        {"told_to_wait", totals.told_to_wait},
                        {"errors", totals.errors},
                        {"first_audio_ms",
                         {{"p50", 1'000 * quantile(totals.first_audio_s, 0.5)},
                          {"p95", 1'000 * quantile(totals.first_audio_s, 0.95)},
                          {"p99", 1'000 * quantile(totals.first_audio_s, 0.99)}}},
                        {"audio_s_per_s", totals.audio_s / result.seconds},
                        {"jain", jain_index(totals.shares)},
                        {"memory_mib", memory}}
      .dump(2);
}

}  // namespace syrinx::bench
