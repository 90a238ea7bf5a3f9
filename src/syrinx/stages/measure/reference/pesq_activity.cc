// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/pesq_activity.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace syrinx::measure {
namespace {

constexpr std::size_t kBurstSteps = 4;
constexpr std::size_t kPauseSteps = 50;
constexpr double kFloorBelowPeak = 1e-4;  // -40 dB.
constexpr double kCleanRatio = 1'000.0;   // 30 dB.

std::vector<double> step_powers(std::span<const float> signal, std::size_t step) {
  std::vector<double> powers(signal.size() / step);
  for (std::size_t i = 0; i < powers.size(); ++i) {
    double sum = 0.0;
    for (const float sample : signal.subspan(i * step, step))
      sum += static_cast<double>(sample) * static_cast<double>(sample);
    powers[i] = sum / static_cast<double>(step);
  }
  const double peak = powers.empty() ? 0.0 : *std::max_element(powers.begin(), powers.end());
  for (double& power : powers) power = std::max(power, peak > 0.0 ? kFloorBelowPeak * peak : 1.0);
  return powers;
}

// The mean of the powers on one side of the threshold, or `otherwise` if there is none.
double mean_where(std::span<const double> powers, double threshold, bool above, double otherwise) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const double power : powers)
    if ((power > threshold) == above) {
      sum += power;
      ++count;
    }
  return count > 0 ? sum / static_cast<double>(count) : otherwise;
}

double noise_threshold(std::span<const double> powers) {
  double threshold =
      std::accumulate(powers.begin(), powers.end(), 0.0) / static_cast<double>(powers.size());
  for (int round = 0; round < 12; ++round) {
    const double mean = mean_where(powers, threshold, false, 0.0);
    double variance = 0.0;
    std::size_t count = 0;
    for (const double power : powers)
      if (power <= threshold) {
        variance += (power - mean) * (power - mean);
        ++count;
      }
    const double deviation = count > 0 ? std::sqrt(variance / static_cast<double>(count)) : 0.0;
    threshold = 1.001 * (mean + 2.0 * deviation);
  }
  return threshold;
}

// Calls change(begin, end) for each run of `value`; a run may be changed as a whole.
template <class Change>
void for_each_run(const std::vector<bool>& mask, bool value, Change change) {
  for (std::size_t begin = 0; begin < mask.size();) {
    std::size_t end = begin;
    while (end < mask.size() && mask[end] == value) ++end;
    if (end > begin) change(begin, end);
    begin = std::max(end, begin + 1);
  }
}

void fill(std::vector<bool>& mask, std::size_t begin, std::size_t end, bool value) {
  std::fill(mask.begin() + static_cast<std::ptrdiff_t>(begin),
            mask.begin() + static_cast<std::ptrdiff_t>(end), value);
}

void drop_bursts(std::vector<bool>& speech, std::span<const double> powers, double threshold) {
  const double signal = mean_where(powers, threshold, true, 0.0);
  const double noise = mean_where(powers, threshold, false, 1.0);
  const bool clean = signal >= kCleanRatio * noise;
  for_each_run(speech, true, [&](std::size_t begin, std::size_t end) {
    const auto run = powers.subspan(begin, end - begin);
    const double mean =
        std::accumulate(run.begin(), run.end(), 0.0) / static_cast<double>(run.size());
    if (run.size() <= kBurstSteps || (clean && mean < 3.0 * threshold))
      fill(speech, begin, end, false);
  });
}

void bridge_pauses(std::vector<bool>& speech) {
  for_each_run(speech, false, [&](std::size_t begin, std::size_t end) {
    const bool inside = begin > 0 && end < speech.size();
    if (inside && end - begin <= kPauseSteps) fill(speech, begin, end, true);
  });
}

}  // namespace

PesqActivity pesq_activity(std::span<const float> signal, std::size_t step_samples) {
  const auto powers = step_powers(signal, step_samples);
  PesqActivity activity;
  activity.speech.assign(powers.size(), false);
  activity.envelope.assign(powers.size(), 0.0f);
  if (powers.empty()) return activity;
  const double threshold = noise_threshold(powers);
  for (std::size_t i = 0; i < powers.size(); ++i) activity.speech[i] = powers[i] > threshold;
  drop_bursts(activity.speech, powers, threshold);
  for (std::size_t i = 0; i < powers.size(); ++i)
    if (activity.speech[i] && powers[i] > threshold)
      activity.envelope[i] = static_cast<float>(std::log(powers[i] / threshold));
  bridge_pauses(activity.speech);
  if (std::none_of(activity.speech.begin(), activity.speech.end(), [](bool s) { return s; }))
    fill(activity.speech, 0, powers.size(), true);
  return activity;
}

}  // namespace syrinx::measure
