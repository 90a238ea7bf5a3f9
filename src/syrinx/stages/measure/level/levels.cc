// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/level/levels.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/measure/level/level_view.h"

namespace syrinx::measure {
namespace {

constexpr double kStretchS = 0.02;
constexpr double kSilenceDbfs = -60.0;

struct Sums {
  double peak = 0.0;
  double squares = 0.0;
  double dc_offset = 0.0;
  std::size_t bad_samples = 0;
};

Sums sums_of(AudioView audio) {
  Sums all;
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    double sum = 0.0;
    for (const float sample : audio.channel(c)) {
      const bool good = std::isfinite(sample);
      const double v = good ? static_cast<double>(sample) : 0.0;
      all.bad_samples += good ? 0 : 1;
      all.peak = std::max(all.peak, std::abs(v));
      all.squares += v * v;
      sum += v;
    }
    const double mean = sum / static_cast<double>(audio.frames());
    if (std::abs(mean) > std::abs(all.dc_offset)) all.dc_offset = mean;
  }
  return all;
}

double mean_square(AudioView audio) {
  return sums_of(audio).squares / static_cast<double>(audio.frames() * audio.channels());
}

std::vector<double> stretch_levels_db(AudioView audio) {
  const std::size_t wanted =
      std::max<std::size_t>(1, static_cast<std::size_t>(kStretchS * audio.sample_rate_hz()));
  const std::size_t stretch = std::min(wanted, audio.frames());
  std::vector<double> levels_db;
  for (std::size_t at = 0; at + stretch <= audio.frames(); at += stretch) {
    levels_db.push_back(power_db(mean_square(audio.slice(at, stretch))));
  }
  return levels_db;
}

void fill_from_stretches(Levels& levels, std::vector<double> levels_db) {
  const auto total = static_cast<double>(levels_db.size());
  std::sort(levels_db.begin(), levels_db.end());
  const auto sounding = std::lower_bound(levels_db.begin(), levels_db.end(), kSilenceDbfs);
  levels.silence_share = static_cast<double>(sounding - levels_db.begin()) / total;
  levels_db.erase(levels_db.begin(),
                  std::find_if(levels_db.begin(), levels_db.end(),
                               [](double level_db) { return std::isfinite(level_db); }));
  if (levels_db.empty()) {
    levels.noise_floor_dbfs = power_db(0.0);
    return;
  }
  levels.noise_floor_dbfs = percentile_of_sorted(levels_db, 0.10);
  levels.dynamic_range_db = percentile_of_sorted(levels_db, 0.95) - levels.noise_floor_dbfs;
}

// One channel's runs of at least options.least_samples, appended.
class RunFinder {
 public:
  RunFinder(const ClippingOptions& options, AudioView audio, Clipping& found)
      : options_(options), audio_(audio), found_(found) {}

  void search(std::size_t channel) {
    const auto samples = audio_.channel(channel);
    int side = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= samples.size(); ++i) {
      const int now = i < samples.size() ? side_of(samples[i]) : 0;
      if (now == side) continue;
      if (side != 0) end_run(channel, begin, i - begin);
      side = now;
      begin = i;
    }
  }

 private:
  int side_of(float sample) const {
    const double v = static_cast<double>(sample);
    return v >= options_.threshold ? 1 : v <= -options_.threshold ? -1 : 0;
  }

  void end_run(std::size_t channel, std::size_t frame, std::size_t samples) {
    if (samples < options_.least_samples) return;
    ++found_.clipped_runs;
    found_.clipped_samples += samples;
    if (found_.runs.size() == Clipping::kMostRuns) return;
    found_.runs.push_back(
        {channel, frame, samples, static_cast<double>(frame) / audio_.sample_rate_hz()});
  }

  const ClippingOptions& options_;
  AudioView audio_;
  Clipping& found_;
};

}  // namespace

Result<Levels> measure_levels(AudioView audio) {
  SYRINX_TRY(check_measurable("levels", audio));
  const Sums sums = sums_of(audio);
  Levels levels;
  levels.peak_dbfs = power_db(sums.peak * sums.peak);
  levels.rms_dbfs = power_db(sums.squares / static_cast<double>(audio.frames() * audio.channels()));
  levels.crest_db = sums.peak > 0.0 ? levels.peak_dbfs - levels.rms_dbfs : 0.0;
  levels.dc_offset = sums.dc_offset;
  levels.bad_samples = sums.bad_samples;
  fill_from_stretches(levels, stretch_levels_db(audio));
  return levels;
}

Result<Clipping> find_clipping(AudioView audio, const ClippingOptions& options) {
  SYRINX_TRY(check_measurable("clipping", audio));
  if (!(options.threshold > 0.0) || options.least_samples == 0)
    return make_error(ErrorCode::kInvalidArgument, "clipping: a threshold of ", options.threshold,
                      " and runs of ", options.least_samples,
                      " samples were given, but both must be above 0");
  Clipping found;
  RunFinder finder(options, audio, found);
  for (std::size_t c = 0; c < audio.channels(); ++c) finder.search(c);
  found.clipped_share = static_cast<double>(found.clipped_samples) /
                        static_cast<double>(audio.frames() * audio.channels());
  return found;
}

}  // namespace syrinx::measure
