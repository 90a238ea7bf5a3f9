// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/pesq_delays.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <map>
#include <optional>
#include <utility>

#include "syrinx/core/dsp/biquad.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/window.h"
#include "syrinx/stages/measure/reference/cross_correlation.h"
#include "syrinx/stages/measure/reference/pesq_activity.h"

namespace syrinx::measure {
namespace {

constexpr std::size_t kLeastUtteranceSteps = 50;    // 200 ms.
constexpr std::size_t kSearchSteps = 75;            // Looked at around an utterance: 300 ms.
constexpr std::size_t kLeastSplittableSteps = 200;  // 800 ms.
constexpr std::size_t kMostUtterances = 50;
constexpr std::size_t kMostBreaks = 40;

struct Range {
  std::size_t begin;
  std::size_t end;
  std::size_t size() const noexcept { return end - begin; }
};

// The band in which speech is aligned.
Result<std::vector<float>> alignment_signal(std::span<const float> signal, int sample_rate_hz) {
  const double rate = sample_rate_hz;
  SYRINX_ASSIGN(const auto low, dsp::high_pass({.sample_rate_hz = rate, .hz = 300.0}));
  SYRINX_ASSIGN(const auto high, dsp::low_pass({.sample_rate_hz = rate, .hz = 3'400.0}));
  const std::array<dsp::Biquad, 3> sections{low, low, high};
  SYRINX_ASSIGN(auto filter, dsp::BiquadCascade::create(sections, 1));
  std::vector<float> out(signal.begin(), signal.end());
  filter.process(out, 0);
  return out;
}

// What a delay is worth: in which share of the frames it, or one very near, fits best.
struct DelayVote {
  std::ptrdiff_t delay = 0;
  double confidence = 0.0;
};

// Aligns frames of both signals that lie `coarse` samples apart, and lets each vote for the delay
// between -align_samples / 2 and align_samples / 2 beyond that at which it correlates best.
class FineAligner {
 public:
  static Result<FineAligner> create(std::span<const float> reference,
                                    std::span<const float> degraded, std::size_t frame_samples) {
    SYRINX_ASSIGN(auto fft, dsp::RealFft::create(frame_samples));
    return FineAligner(reference, degraded, std::move(fft));
  }

  // The vote of the frames within `range` of the reference, laid out from its begin or, backwards,
  // from its end.
  DelayVote vote(Range range, std::ptrdiff_t coarse, bool backwards) {
    std::vector<double> histogram(size(), 0.0);
    double total = 0.0;
    for (std::size_t at = 0; at + size() <= range.size(); at += size() / 4) {
      const auto begin = backwards ? range.end - size() - at : range.begin + at;
      const auto deg = static_cast<std::ptrdiff_t>(begin) + coarse;
      if (deg < 0 || deg + std::ssize(window_) > std::ssize(degraded_)) continue;
      total += cast(peaks_at(begin, coarse), histogram);
    }
    const auto best = std::max_element(histogram.begin(), histogram.end());
    auto offset = best - histogram.begin();
    if (offset >= std::ssize(histogram) / 2) offset -= std::ssize(histogram);
    if (total <= 0.0) return {coarse, 0.0};
    return {coarse + offset, *best / total};
  }

 private:
  // Where the correlation of two frames is within 1 % of its peak, and what the frame's vote
  // weighs.
  struct Peaks {
    std::vector<std::size_t> lags;
    double weight = 0.0;
  };

  FineAligner(std::span<const float> reference, std::span<const float> degraded, dsp::RealFft fft)
      : reference_(reference),
        degraded_(degraded),
        fft_(std::move(fft)),
        window_(dsp::make_window(dsp::WindowShape::kHann, fft_.size())),
        time_(fft_.size()),
        ref_spectrum_(fft_.bins()),
        deg_spectrum_(fft_.bins()) {}

  std::size_t size() const noexcept { return window_.size(); }

  void transform(std::span<const float> frame, std::vector<std::complex<float>>& spectrum) {
    for (std::size_t n = 0; n < size(); ++n) time_[n] = frame[n] * window_[n];
    fft_.forward(time_, spectrum);
  }

  // The same frames are asked for again and again while an utterance is split in different places.
  const Peaks& peaks_at(std::size_t begin, std::ptrdiff_t coarse) {
    const auto [found, is_new] = known_.try_emplace({begin, coarse});
    if (is_new) found->second = correlate(begin, coarse);
    return found->second;
  }

  Peaks correlate(std::size_t begin, std::ptrdiff_t coarse) {
    transform(reference_.subspan(begin, size()), ref_spectrum_);
    const auto deg = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(begin) + coarse);
    transform(degraded_.subspan(deg, size()), deg_spectrum_);
    for (std::size_t k = 0; k < ref_spectrum_.size(); ++k)
      ref_spectrum_[k] = std::conj(ref_spectrum_[k]) * deg_spectrum_[k];
    fft_.inverse(ref_spectrum_, time_);
    float strongest = 0.0f;
    for (const float value : time_) strongest = std::max(strongest, std::abs(value));
    Peaks peaks;
    if (strongest <= 0.0f) return peaks;
    const float enough = 0.99f * strongest;
    peaks.weight = std::pow(static_cast<double>(enough), 0.125);
    for (std::size_t lag = 0; lag < size(); ++lag)
      if (std::abs(time_[lag]) > enough) peaks.lags.push_back(lag);
    return peaks;
  }

  // Adds a triangle of 1 ms on either side of each peak. Returns the weight cast.
  double cast(const Peaks& peaks, std::vector<double>& histogram) const {
    const auto reach = static_cast<std::ptrdiff_t>(size() / 64);
    for (const std::size_t lag : peaks.lags)
      for (std::ptrdiff_t k = 1 - reach; k < reach; ++k) {
        const double share = 1.0 - static_cast<double>(std::abs(k)) / static_cast<double>(reach);
        const auto at = static_cast<std::ptrdiff_t>(lag + size()) + k;
        histogram[static_cast<std::size_t>(at) % size()] += peaks.weight * share;
      }
    return peaks.weight * static_cast<double>(peaks.lags.size());
  }

  std::span<const float> reference_;
  std::span<const float> degraded_;
  dsp::RealFft fft_;
  std::vector<float> window_;
  std::vector<float> time_;
  std::vector<std::complex<float>> ref_spectrum_;
  std::vector<std::complex<float>> deg_spectrum_;
  std::map<std::pair<std::size_t, std::ptrdiff_t>, Peaks> known_;
};

struct Utterance {
  Range steps;                // Of the reference.
  std::ptrdiff_t coarse = 0;  // In samples, from the envelopes.
  DelayVote vote;
};

// All that finding delays works on.
class DelayFinder {
 public:
  DelayFinder(const PesqParameters& parameters, PesqActivity reference, PesqActivity degraded,
              FineAligner& aligner)
      : step_(parameters.step_samples),
        reference_(std::move(reference)),
        degraded_(std::move(degraded)),
        aligner_(aligner) {}

  Result<std::vector<Utterance>> find() {
    const auto steps = reference_.envelope.size();
    SYRINX_ASSIGN(const auto whole, coarse_delay({0, steps}, 0));
    auto utterances = list_utterances();
    for (Utterance& utterance : utterances) {
      const Range around{utterance.steps.begin - std::min(utterance.steps.begin, kSearchSteps),
                         std::min(utterance.steps.end + kSearchSteps, steps)};
      SYRINX_ASSIGN(utterance.coarse, coarse_delay(around, whole));
      utterance.vote = aligner_.vote(samples_of(around), utterance.coarse, false);
    }
    join_to_cover(utterances);
    return split_all(std::move(utterances));
  }

 private:
  Range samples_of(Range steps) const { return {steps.begin * step_, steps.end * step_}; }

  // By the envelopes, near `around` samples: the steps of the reference against as many of the
  // degraded signal.
  Result<std::ptrdiff_t> coarse_delay(Range steps, std::ptrdiff_t around) const {
    const bool all = steps.begin == 0 && steps.end == reference_.envelope.size() && around == 0;
    const auto shift = around / static_cast<std::ptrdiff_t>(step_);
    auto begin = static_cast<std::ptrdiff_t>(steps.begin);
    if (begin + shift < 0) begin = -shift;
    const auto deg_size = std::ssize(degraded_.envelope);
    const auto end = static_cast<std::ptrdiff_t>(steps.end);
    const auto deg_end = all ? deg_size : std::min(deg_size, end + shift);
    if (end - begin < 2 || deg_end - begin - shift < 2) return around;
    const auto ref =
        std::span(reference_.envelope)
            .subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    const auto deg = std::span(degraded_.envelope)
                         .subspan(static_cast<std::size_t>(begin + shift),
                                  static_cast<std::size_t>(deg_end - begin - shift));
    SYRINX_ASSIGN(const auto peak, strongest_lag(ref, deg, ref.size() - 1, deg.size() - 1));
    return peak.lag * static_cast<std::ptrdiff_t>(step_) + around;
  }

  std::vector<Utterance> list_utterances() const {
    std::vector<Utterance> found;
    const auto& speech = reference_.speech;
    for (std::size_t begin = 0; begin < speech.size();) {
      std::size_t end = begin;
      while (end < speech.size() && speech[end]) ++end;
      if (end - begin >= kLeastUtteranceSteps && found.size() < kMostUtterances)
        found.push_back({{begin, end}, 0, {}});
      begin = std::max(end, begin + 1);
    }
    if (found.empty()) found.push_back({{0, speech.size()}, 0, {}});
    return found;
  }

  // Utterances meet in the middle of the pause between them, and reach to both ends.
  void join_to_cover(std::vector<Utterance>& utterances) const {
    for (std::size_t u = 1; u < utterances.size(); ++u) {
      const auto middle = (utterances[u - 1].steps.end + utterances[u].steps.begin) / 2;
      utterances[u - 1].steps.end = middle;
      utterances[u].steps.begin = middle;
    }
    utterances.front().steps.begin = 0;
    utterances.back().steps.end = reference_.speech.size();
  }

  // Splits utterances in two, again and again, while both halves align better than the whole.
  Result<std::vector<Utterance>> split_all(std::vector<Utterance> todo) {
    std::vector<Utterance> done;
    std::reverse(todo.begin(), todo.end());
    while (!todo.empty()) {
      const Utterance utterance = todo.back();
      todo.pop_back();
      const bool room = done.size() + todo.size() + 2 <= kMostUtterances;
      SYRINX_ASSIGN(const auto halves, room ? split(utterance) : no_split());
      if (!halves) {
        done.push_back(utterance);
        continue;
      }
      todo.push_back(halves->second);
      todo.push_back(halves->first);
    }
    return done;
  }

  using Halves = std::optional<std::pair<Utterance, Utterance>>;
  static Result<Halves> no_split() { return Halves{}; }

  Range speech_in(Range steps) const {
    while (steps.begin < steps.end && !reference_.speech[steps.begin]) ++steps.begin;
    while (steps.end > steps.begin && !reference_.speech[steps.end - 1]) --steps.end;
    return steps;
  }

  Result<Halves> split(const Utterance& whole) {
    const Range speech = speech_in(whole.steps);
    if (speech.size() < kLeastSplittableSteps) return no_split();
    const std::size_t pad = std::max<std::size_t>(75, speech.size() / 10);
    const std::size_t unit = 4;  // A quarter of an alignment frame.
    const std::size_t stride =
        unit * std::max<std::size_t>(
                   1, (speech.size() * 4 / 5 + kMostBreaks * unit - 1) / (kMostBreaks * unit));
    Halves best;
    double best_sum = 0.0;
    for (std::size_t at = speech.begin + pad; at + pad <= speech.end; at += stride) {
      SYRINX_ASSIGN(const auto halves, split_at(whole, at));
      const auto& [first, second] = halves;
      const double sum = first.vote.confidence + second.vote.confidence;
      const auto jump = std::abs(second.vote.delay - first.vote.delay);
      const bool both_better = first.vote.confidence > whole.vote.confidence &&
                               second.vote.confidence > whole.vote.confidence;
      if (!both_better || sum <= best_sum || jump < static_cast<std::ptrdiff_t>(step_)) continue;
      best = halves;
      best_sum = sum;
    }
    return best;
  }

  Result<std::pair<Utterance, Utterance>> split_at(const Utterance& whole, std::size_t at) {
    Utterance first{{whole.steps.begin, at}, 0, {}};
    Utterance second{{at, whole.steps.end}, 0, {}};
    SYRINX_ASSIGN(first.coarse, coarse_delay(first.steps, whole.coarse));
    SYRINX_ASSIGN(second.coarse, coarse_delay(second.steps, whole.coarse));
    first.vote = aligner_.vote(samples_of(first.steps), first.coarse, false);
    if (first.vote.confidence > whole.vote.confidence)
      second.vote = aligner_.vote(samples_of(second.steps), second.coarse, true);
    return std::pair{first, second};
  }

  std::size_t step_;
  PesqActivity reference_;
  PesqActivity degraded_;
  FineAligner& aligner_;
};

}  // namespace

Result<std::vector<PesqDelay>> find_pesq_delays(std::span<const float> reference,
                                                std::span<const float> degraded,
                                                const PesqParameters& parameters) {
  SYRINX_ASSIGN(const auto ref, alignment_signal(reference, parameters.sample_rate_hz));
  SYRINX_ASSIGN(const auto deg, alignment_signal(degraded, parameters.sample_rate_hz));
  SYRINX_ASSIGN(auto aligner, FineAligner::create(ref, deg, parameters.align_samples));
  DelayFinder finder(parameters, pesq_activity(ref, parameters.step_samples),
                     pesq_activity(deg, parameters.step_samples), aligner);
  SYRINX_ASSIGN(const auto utterances, finder.find());
  std::vector<PesqDelay> delays;
  for (const Utterance& u : utterances)
    delays.push_back({u.steps.begin * parameters.step_samples, u.vote.delay, u.vote.confidence});
  return delays;
}

std::ptrdiff_t pesq_delay_at(std::span<const PesqDelay> delays, std::size_t sample) noexcept {
  std::ptrdiff_t delay = delays.front().delay;
  for (const PesqDelay& part : delays)
    if (part.begin <= sample) delay = part.delay;
  return delay;
}

}  // namespace syrinx::measure
