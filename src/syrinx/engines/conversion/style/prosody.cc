// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/style/prosody.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "syrinx/core/dsp/biquad.h"
#include "syrinx/core/dsp/pitch/streaming_f0.h"

namespace syrinx::conversion {
namespace {

constexpr double kSplitHz = 1'000.0;
constexpr float kSilenceDb = -120.0f;
constexpr double kPauseBelowDb = 25.0;
constexpr float kNucleusDipDb = 2.0f;
constexpr std::size_t kMostFrames = 24 * 3'600 * 100;
constexpr std::size_t kLevelReach = 2;  // Levels are over 50 ms.

float to_db(double power) {
  return power > 1e-12 ? static_cast<float>(10.0 * std::log10(power)) : kSilenceDb;
}

// Levels of the frames of a stream, below and above 1 kHz.
class LevelMeter {
 public:
  static Result<LevelMeter> create(int sample_rate_hz) {
    dsp::BiquadDesign design;
    design.sample_rate_hz = sample_rate_hz;
    design.hz = std::min(kSplitHz, 0.3 * sample_rate_hz);
    SYRINX_ASSIGN(const auto low, dsp::low_pass(design));
    SYRINX_ASSIGN(const auto high, dsp::high_pass(design));
    SYRINX_ASSIGN(auto low_band, dsp::BiquadCascade::create(std::array{low}, 1));
    SYRINX_ASSIGN(auto high_band, dsp::BiquadCascade::create(std::array{high}, 1));
    return LevelMeter(sample_rate_hz, std::move(low_band), std::move(high_band));
  }

  void process(std::span<const float> mono, std::vector<ProsodyFrame>& frames) {
    low_.assign(mono.begin(), mono.end());
    high_.assign(mono.begin(), mono.end());
    low_band_.process(std::span(low_), 0);
    high_band_.process(std::span(high_), 0);
    for (std::size_t i = 0; i < mono.size(); ++i) {
      all_power_ += square(mono[i]);
      low_power_ += square(low_[i]);
      high_power_ += square(high_[i]);
      if (++samples_ == next_) finish_frame(frames);
    }
  }

 private:
  LevelMeter(int rate_hz, dsp::BiquadCascade low, dsp::BiquadCascade high)
      : rate_hz_(rate_hz), low_band_(std::move(low)), high_band_(std::move(high)) {
    next_ = frame_end(1);
  }
  static double square(float x) { return static_cast<double>(x) * static_cast<double>(x); }
  std::uint64_t frame_end(std::uint64_t frame) const {
    return static_cast<std::uint64_t>(
        std::llround(static_cast<double>(frame) * kProsodyHopS * rate_hz_));
  }
  void finish_frame(std::vector<ProsodyFrame>& frames) {
    const auto count = static_cast<double>(next_ - last_);
    ProsodyFrame frame;
    frame.level_db = to_db(all_power_ / count);
    frame.tilt_db = to_db(high_power_ / count) - to_db(low_power_ / count);
    frames.push_back(frame);
    all_power_ = low_power_ = high_power_ = 0.0;
    last_ = next_;
    next_ = frame_end(frames.size() + 1);
  }

  int rate_hz_;
  dsp::BiquadCascade low_band_;
  dsp::BiquadCascade high_band_;
  std::vector<float> low_;
  std::vector<float> high_;
  double all_power_ = 0.0;
  double low_power_ = 0.0;
  double high_power_ = 0.0;
  std::uint64_t samples_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t next_ = 0;
};

void mix(const AudioBuffer& block, std::vector<float>& mono) {
  mono.assign(block.frames(), 0.0f);
  const float share = 1.0f / static_cast<float>(block.channels());
  for (std::size_t c = 0; c < block.channels(); ++c)
    for (std::size_t i = 0; i < mono.size(); ++i) {
      const float sample = block.channel(c)[i];
      mono[i] += std::isfinite(sample) ? share * sample : 0.0f;
    }
}

double percentile(std::vector<float>& values, double share) {
  if (values.empty()) return 0.0;
  const auto rank = std::lround(share * static_cast<double>(values.size() - 1));
  const auto nth = values.begin() + rank;
  std::nth_element(values.begin(), nth, values.end());
  return static_cast<double>(*nth);
}

// Power means over 50 ms, in dB.
std::vector<float> smooth_levels(std::span<const ProsodyFrame> frames) {
  std::vector<float> levels(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::size_t first = i > kLevelReach ? i - kLevelReach : 0;
    const std::size_t last = std::min(frames.size(), i + kLevelReach + 1);
    double power = 0.0;
    for (std::size_t k = first; k < last; ++k)
      power += std::pow(10.0, 0.1 * static_cast<double>(frames[k].level_db));
    levels[i] = to_db(power / static_cast<double>(last - first));
  }
  return levels;
}

// Peaks that are voiced, loud enough and set apart by dips.
std::size_t count_nuclei(std::span<const ProsodyFrame> frames, std::span<const float> levels,
                         float least_db) {
  std::size_t nuclei = 0;
  bool risen = true;        // A dip was passed since the last nucleus.
  float peak = kSilenceDb;  // Since then,
  std::size_t at = 0;
  float dip = 0.0f;  // or the lowest since the nucleus.
  const auto close = [&] {
    const bool voiced = frames[at].f0_hz > 0.0f;
    if (voiced && peak >= least_db) ++nuclei;
  };
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (risen) {
      if (levels[i] > peak) peak = levels[i], at = i;
      if (levels[i] > peak - kNucleusDipDb) continue;
      close();
      risen = false;
      dip = levels[i];
    } else {
      dip = std::min(dip, levels[i]);
      if (levels[i] < dip + kNucleusDipDb) continue;
      risen = true;
      peak = levels[i], at = i;
    }
  }
  if (risen && !levels.empty()) close();
  return nuclei;
}

// --- a long sound ---

constexpr std::size_t kStretchFrames = 1'000;
constexpr std::size_t kStretchHop = 500;
constexpr double kLeastStretchVoicedS = 2.0;
constexpr std::size_t kLeastStretches = 5;
constexpr double kLeastDeviations = 4.0;

struct Trait {
  std::string_view what;
  std::string_view unit;
  double (*value)(const Prosody&);
  double least;      // That can be heard, in the unit,
  bool is_relative;  // or as a share of the usual.
};

constexpr std::array kTraits = {
    Trait{"f0_median", "semitones above 1 Hz",
          [](const Prosody& p) { return 12.0 * std::log2(p.f0_median_hz); }, 2.0, false},
    Trait{"f0_range", "semitones", [](const Prosody& p) { return p.f0_range_semitones; }, 3.0,
          false},
    Trait{"pace", "syllables per second", [](const Prosody& p) { return p.syllables_per_s; }, 0.25,
          true},
    Trait{"level", "dB", [](const Prosody& p) { return p.level_db; }, 4.0, false},
    Trait{"dynamics", "dB", [](const Prosody& p) { return p.dynamics_db; }, 4.0, false},
    Trait{"tilt", "dB", [](const Prosody& p) { return p.tilt_db; }, 3.0, false},
};

struct StretchValue {
  double begin_s = 0.0;
  Prosody prosody;
};

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void add_deviations(const std::vector<StretchValue>& stretches, const Trait& trait,
                    double stretch_s, std::vector<StyleDeviation>& found) {
  std::vector<double> values;
  for (const auto& one : stretches) values.push_back(trait.value(one.prosody));
  const double usual = median_of(values);
  std::vector<double> away;
  for (const double value : values) away.push_back(std::abs(value - usual));
  const double deviation = std::max(1.4826 * median_of(away), 1e-6);
  const double least = trait.is_relative ? trait.least * std::abs(usual) : trait.least;
  StyleDeviation* last = nullptr;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double off = (values[i] - usual) / deviation;
    if (std::abs(off) < kLeastDeviations || std::abs(values[i] - usual) < least) {
      last = nullptr;
      continue;
    }
    const double begin_s = stretches[i].begin_s;
    const bool goes_on = last != nullptr && begin_s <= last->end_s && off * last->deviations > 0.0;
    if (!goes_on) {
      found.push_back(
          {begin_s, begin_s + stretch_s, trait.what, values[i], usual, off, trait.unit});
      last = &found.back();
      continue;
    }
    last->end_s = begin_s + stretch_s;
    if (std::abs(off) > std::abs(last->deviations)) last->value = values[i], last->deviations = off;
  }
}

}  // namespace

Result<std::vector<ProsodyFrame>> hear_prosody(AudioSource& source, const std::stop_token& stop) {
  dsp::F0Options options;
  options.max_hz = std::min(600.0, 0.25 * source.sample_rate_hz());
  options.hop_s = kProsodyHopS;
  SYRINX_ASSIGN(auto tracker, dsp::StreamingF0::create(source.sample_rate_hz(), options));
  SYRINX_ASSIGN(auto meter, LevelMeter::create(source.sample_rate_hz()));
  std::vector<ProsodyFrame> frames;
  std::vector<float> pitch;  // By frame.
  std::vector<float> mono;
  AudioBuffer block;
  for (;;) {
    SYRINX_ASSIGN(const bool more, source.next(block, stop));
    if (!more) break;
    mix(block, mono);
    meter.process(mono, frames);
    tracker.process(mono, [&](const dsp::F0Frame& frame) {
      const auto at = static_cast<std::size_t>(std::max(0.0, frame.time_s / kProsodyHopS));
      if (pitch.size() <= at) pitch.resize(at + 1);
      pitch[at] = static_cast<float>(frame.hz);
    });
    if (frames.size() > kMostFrames)
      return make_error(ErrorCode::kLimitExceeded,
                        "the sound lasts more than a day; cut it into parts");
  }
  for (std::size_t i = 0; i < std::min(frames.size(), pitch.size()); ++i)
    frames[i].f0_hz = pitch[i];
  return frames;
}

Prosody summarise(std::span<const ProsodyFrame> frames) {
  Prosody prosody;
  prosody.seconds = kProsodyHopS * static_cast<double>(frames.size());
  const auto levels = smooth_levels(frames);
  std::vector<float> f0, loud, tilt;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (!(frames[i].f0_hz > 0.0f)) continue;
    f0.push_back(frames[i].f0_hz);
    loud.push_back(levels[i]);
    tilt.push_back(frames[i].tilt_db);
  }
  prosody.voiced_s = kProsodyHopS * static_cast<double>(f0.size());
  if (f0.empty()) return prosody;
  const double high_db = percentile(loud, 0.9);
  prosody.f0_median_hz = percentile(f0, 0.5);
  prosody.f0_range_semitones = 12.0 * std::log2(percentile(f0, 0.9) / percentile(f0, 0.1));
  prosody.level_db = percentile(loud, 0.5);
  prosody.dynamics_db = high_db - percentile(loud, 0.1);
  prosody.tilt_db = percentile(tilt, 0.5);
  const auto least = static_cast<float>(high_db - kPauseBelowDb);
  const auto nuclei = static_cast<double>(count_nuclei(frames, levels, least));
  prosody.syllables_per_s = nuclei / prosody.seconds;
  const auto pauses =
      std::count_if(levels.begin(), levels.end(), [&](float level) { return level < least; });
  prosody.pause_share = static_cast<double>(pauses) / static_cast<double>(levels.size());
  return prosody;
}

StyleConsistency style_consistency(std::span<const ProsodyFrame> frames) {
  StyleConsistency consistency;
  consistency.stretch_s = kProsodyHopS * kStretchFrames;
  std::vector<StretchValue> stretches;
  for (std::size_t at = 0; at + kStretchFrames <= frames.size(); at += kStretchHop) {
    const Prosody prosody = summarise(frames.subspan(at, kStretchFrames));
    if (prosody.voiced_s >= kLeastStretchVoicedS)
      stretches.push_back({kProsodyHopS * static_cast<double>(at), prosody});
  }
  consistency.stretches = stretches.size();
  if (stretches.size() < kLeastStretches) return consistency;
  for (const Trait& trait : kTraits)
    add_deviations(stretches, trait, consistency.stretch_s, consistency.deviations);
  std::stable_sort(
      consistency.deviations.begin(), consistency.deviations.end(),
      [](const StyleDeviation& a, const StyleDeviation& b) { return a.begin_s < b.begin_s; });
  return consistency;
}

}  // namespace syrinx::conversion
