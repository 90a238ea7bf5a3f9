// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/drift_tracker.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syrinx::enhance {
namespace {

constexpr std::size_t kBlocksApart = 16;  // Of 8 ms: between two looks at the filter.
constexpr double kHighestShare = 0.35;    // Of Nyquist: above, phases of a large drift wrap.
constexpr double kLeastLikeness = 0.3;
constexpr double kOpenLoopMemory = 0.95;
constexpr double kLoopGain = 0.12;
constexpr int kLeastMeasures = 24;      // About 3 s before anything is believed.
constexpr double kEngagedFrom = 40e-6;  // 40 ppm.

}  // namespace

DriftTracker::DriftTracker(std::size_t bins, std::size_t partitions)
    : answer_(partitions, SplitSpectrum(bins)), cross_(bins) {}

void DriftTracker::keep(const EchoFilter& filter) noexcept {
  for (std::size_t p = 0; p < answer_.size(); ++p) {
    const SplitSpectrum& w = filter.weights(p);
    std::copy(w.re.begin(), w.re.end(), answer_[p].re.begin());
    std::copy(w.im.begin(), w.im.end(), answer_[p].im.begin());
  }
  have_answer_ = true;
}

double DriftTracker::moved_samples(const EchoFilter& filter, double& likeness) noexcept {
  const auto highest =
      static_cast<std::size_t>(kHighestShare * static_cast<double>(cross_.re.size()));
  double now = 0.0;
  double then = 0.0;
  std::fill(cross_.re.begin(), cross_.re.end(), 0.0F);
  std::fill(cross_.im.begin(), cross_.im.end(), 0.0F);
  for (std::size_t p = 0; p < answer_.size(); ++p) {
    const SplitSpectrum& a = filter.weights(p);
    const SplitSpectrum& b = answer_[p];
    for (std::size_t k = 1; k < highest; ++k) {
      cross_.re[k] += a.re[k] * b.re[k] + a.im[k] * b.im[k];
      cross_.im[k] += a.im[k] * b.re[k] - a.re[k] * b.im[k];
      now += double{a.re[k]} * double{a.re[k]} + double{a.im[k]} * double{a.im[k]};
      then += double{b.re[k]} * double{b.re[k]} + double{b.im[k]} * double{b.im[k]};
    }
  }
  double above = 0.0;
  double below = 0.0;
  double sum = 0.0;
  for (std::size_t k = 1; k < highest; ++k) {
    const double size = std::hypot(double{cross_.re[k]}, double{cross_.im[k]});
    const auto bin = static_cast<double>(k);
    above -= size * bin * std::atan2(double{cross_.im[k]}, double{cross_.re[k]});
    below += size * bin * bin;
    sum += size;
  }
  likeness = now > 0.0 && then > 0.0 ? sum / std::sqrt(now * then) : 0.0;
  const auto period = static_cast<double>(2 * (cross_.re.size() - 1));
  return below > 0.0 ? above / below * period / (2.0 * std::numbers::pi) : 0.0;
}

bool DriftTracker::observe(const EchoFilter& filter) noexcept {
  if (++blocks_ < kBlocksApart) return false;
  blocks_ = 0;
  if (!have_answer_) {
    keep(filter);
    return false;
  }
  double likeness = 0.0;
  const double moved = moved_samples(filter, likeness);
  keep(filter);
  if (likeness < kLeastLikeness) return false;
  const auto passed = static_cast<double>(kBlocksApart * (cross_.re.size() - 1));
  // An answer that comes later means that the far end must be read more slowly.
  const double seen = std::clamp(-moved / passed, -kMostDrift, kMostDrift);
  if (engaged_) {
    drift_ = std::clamp(drift_ + kLoopGain * seen, -kMostDrift, kMostDrift);
  } else {
    drift_ = kOpenLoopMemory * drift_ + (1.0 - kOpenLoopMemory) * seen;
    engaged_ = ++measured_ >= kLeastMeasures && std::abs(drift_) > kEngagedFrom;
  }
  return true;
}

void DriftTracker::reset() noexcept {
  forget_answer();
  engaged_ = false;
  measured_ = 0;
  drift_ = 0.0;
}

}  // namespace syrinx::enhance
