// SPDX-License-Identifier: Apache-2.0
#include "artifacts/roc.h"

#include <algorithm>
#include <functional>

namespace syrinx::bench {
namespace {

using Scores = std::vector<double>;

Scores judge(const measure::ArtifactDetector& detector, const Specimen& specimen) {
  measure::ArtifactOptions options;
  if (!specimen.reference.empty()) options.reference = specimen.reference.view();
  return measure::artifact_scores(detector.kind, specimen.audio, options).value();
}

double largest(const Scores& scores) { return *std::max_element(scores.begin(), scores.end()); }

// Stretches over the threshold, at most 30 ms apart, count once, as in find_artifacts.
std::size_t alarms(const Scores& scores, double threshold) {
  std::size_t count = 0;
  std::size_t quiet = 100;
  for (const double score : scores) {
    const bool over = score > threshold;
    if (over && quiet > 3) ++count;
    quiet = over ? 0 : quiet + 1;
  }
  return count;
}

double alarms_per_minute(const std::vector<Scores>& clean, double threshold) {
  std::size_t count = 0;
  std::size_t hops = 0;
  for (const auto& scores : clean) {
    count += alarms(scores, threshold);
    hops += scores.size();
  }
  return static_cast<double>(count) / (static_cast<double>(hops) * measure::kArtifactHopS / 60.0);
}

double least_threshold(const std::vector<Scores>& clean) {
  Scores peaks;
  for (const auto& scores : clean) peaks.insert(peaks.end(), scores.begin(), scores.end());
  std::sort(peaks.begin(), peaks.end(), std::greater<>());
  double threshold = peaks.front();
  for (std::size_t i = 0; i < peaks.size(); i += 1 + i / 20) {
    if (alarms_per_minute(clean, peaks[i]) > 0.3) break;
    threshold = peaks[i];
  }
  return threshold;
}

}  // namespace

double area_under_curve(const std::vector<double>& clean, const std::vector<double>& defects) {
  double wins = 0.0;
  for (const double c : clean) {
    for (const double d : defects) wins += d > c ? 1.0 : d == c ? 0.5 : 0.0;
  }
  return wins / static_cast<double>(clean.size() * defects.size());
}

RocResult measure_roc(const measure::ArtifactDetector& detector,
                      const std::vector<AudioBuffer>& recordings, std::uint32_t seed) {
  RocResult result;
  const auto other_of = [&](std::size_t i) {
    return recordings[(i + 1) % recordings.size()].view();
  };
  const auto seed_of = [&](std::size_t i) { return seed + static_cast<std::uint32_t>(i) * 7919u; };
  std::vector<Scores> clean;
  std::vector<double> clean_peaks;
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    clean.push_back(
        judge(detector, clean_specimen(detector.kind, recordings[i], other_of(i), seed_of(i))));
    clean_peaks.push_back(largest(clean.back()));
  }
  std::vector<double> all;
  const auto grades = defect_grades(detector.kind);
  for (std::size_t level = 0; level < kDefectLevels; ++level) {
    std::vector<double> peaks;
    for (std::size_t i = 0; i < recordings.size(); ++i) {
      peaks.push_back(
          largest(judge(detector, defective_specimen(detector.kind, recordings[i], other_of(i),
                                                     grades.levels[level], seed_of(i)))));
    }
    const auto found = std::count_if(peaks.begin(), peaks.end(),
                                     [&](double peak) { return peak > detector.threshold; });
    result.detected[level] = static_cast<double>(found) / static_cast<double>(peaks.size());
    for (const double peak : peaks)
      result.mean_score[level] += peak / static_cast<double>(peaks.size());
    result.auc_at[level] = area_under_curve(clean_peaks, peaks);
    all.insert(all.end(), peaks.begin(), peaks.end());
  }
  result.auc = area_under_curve(clean_peaks, all);
  result.false_alarms_per_minute = alarms_per_minute(clean, detector.threshold);
  result.suggested_threshold = least_threshold(clean);
  return result;
}

}  // namespace syrinx::bench
