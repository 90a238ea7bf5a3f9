// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/formant_paths.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "syrinx/stages/measure/pitch/formants.h"

namespace syrinx::measure::artifacts {
namespace {

struct Choice {
  FormantFrame hz{};
  double cost = 0.0;
  std::size_t from = 0;  // The choice of the frame before.
};

// What three resonances cost by themselves, in octaves.
double cost_of(const std::array<Formant, kPaths>& chosen) {
  constexpr FormantFrame kNeutralHz = {500.0, 1'500.0, 2'500.0};
  double cost = 0.0;
  for (std::size_t k = 0; k < kPaths; ++k) {
    cost += 0.3 * std::abs(std::log2(chosen[k].hz / kNeutralHz[k]));
    cost += 0.5 * std::min(2.0, chosen[k].bandwidth_hz / chosen[k].hz);
  }
  return cost;
}

std::vector<Choice> choices_of(const std::vector<Formant>& found) {
  std::vector<Choice> choices;
  for (std::size_t a = 0; a < found.size(); ++a) {
    for (std::size_t b = a + 1; b < found.size(); ++b) {
      for (std::size_t c = b + 1; c < found.size(); ++c)
        choices.push_back(
            {{found[a].hz, found[b].hz, found[c].hz}, cost_of({found[a], found[b], found[c]}), 0});
    }
  }
  if (choices.empty()) choices.push_back({});
  return choices;
}

double cost_between(const FormantFrame& a, const FormantFrame& b) {
  if (a[0] <= 0.0 || b[0] <= 0.0) return 0.0;
  double cost = 0.0;
  for (std::size_t k = 0; k < kPaths; ++k) cost += std::abs(std::log2(a[k] / b[k]));
  return cost;
}

std::vector<FormantFrame> cheapest_path(const FormantTrack& track) {
  std::vector<std::vector<Choice>> frames;
  for (const auto& found : track.frames) {
    auto choices = choices_of(found);
    for (Choice& choice : choices) {
      if (frames.empty()) break;
      double best = 1e300;
      for (std::size_t i = 0; i < frames.back().size(); ++i) {
        const Choice& former = frames.back()[i];
        const double cost = former.cost + cost_between(former.hz, choice.hz);
        if (cost >= best) continue;
        best = cost;
        choice.from = i;
      }
      choice.cost += best;
    }
    frames.push_back(std::move(choices));
  }
  std::vector<FormantFrame> path(frames.size());
  std::size_t at = 0;
  for (std::size_t t = frames.size(); t-- > 0;) {
    if (t + 1 == frames.size()) {
      const auto cheapest =
          std::min_element(frames[t].begin(), frames[t].end(),
                           [](const Choice& a, const Choice& b) { return a.cost < b.cost; });
      at = static_cast<std::size_t>(cheapest - frames[t].begin());
    }
    path[t] = frames[t][at].hz;
    at = frames[t][at].from;
  }
  return path;
}

// Without frames where there is nothing to track.
FormantTrack track_of(Signal signal, std::size_t hop, double window_s) {
  FormantOptions options;
  options.hop_s = static_cast<double>(hop) / kRateHz;
  options.window_s = window_s;
  auto track = track_formants(AudioView(signal, kRateHz), options);
  return track ? std::move(*track) : FormantTrack{0.0, options.hop_s, {}};
}

// The frame of the track nearest to the middle of hop `i`.
std::optional<std::size_t> frame_of(const FormantTrack& track, std::size_t i, std::size_t hop) {
  const double at_s = (static_cast<double>(i) + 0.5) * static_cast<double>(hop) / kRateHz;
  const double nearest = std::round((at_s - track.first_s) / track.hop_s);
  if (!(nearest >= 0.0 && nearest < static_cast<double>(track.frames.size()))) return std::nullopt;
  return static_cast<std::size_t>(nearest);
}

}  // namespace

std::vector<FormantFrame> formant_paths(Signal signal, std::size_t hop, double window_s) {
  std::vector<FormantFrame> frames((signal.size() + hop - 1) / hop);
  const auto track = track_of(signal, hop, window_s);
  const auto path = cheapest_path(track);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (const auto at = frame_of(track, i, hop)) frames[i] = path[*at];
  }
  return frames;
}

std::vector<FormantFrame> formants_near(const std::vector<FormantFrame>& paths, Signal signal,
                                        std::size_t hop, double window_s, double most_octaves) {
  std::vector<FormantFrame> frames(paths.size());
  const auto track = track_of(signal, hop, window_s);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto at = frame_of(track, i, hop);
    for (std::size_t k = 0; at && paths[i][0] > 0.0 && k < kPaths; ++k) {
      double least = most_octaves;
      for (const Formant& formant : track.frames[*at]) {
        const double away = std::abs(std::log2(formant.hz / paths[i][k]));
        if (away >= least) continue;
        least = away;
        frames[i][k] = formant.hz;
      }
    }
  }
  return frames;
}

}  // namespace syrinx::measure::artifacts
