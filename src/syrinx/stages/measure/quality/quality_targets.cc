// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/quality/quality_targets.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace syrinx::measure {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct Range {
  double least;
  double most;
  double better;  // 1 where more is better, -1 where less is.
};
constexpr std::array<Range, kQualityAspects> kRanges = {
    {{-1.0, 1.0, 1.0}, {0.0, 1.0, 1.0}, {1.0, 5.0, 1.0}, {0.0, 1.0, -1.0}}};

// What is published of an aspect.
struct Known {
  double latest = kNone;
  double trend = kNone;
  double measured = 0.0;
};
using Snapshot = std::array<Known, kQualityAspects>;

// Hands snapshots from one thread to many. The writer goes round a ring of slots, so that a reader
// repeats its copy only if it was overtaken by a whole round meanwhile: no one waits for another.
// Each value is released and acquired, so that a reader of a newer one sees the slot's number gone.
class Board {
 public:
  void publish(const Snapshot& snapshot) noexcept {
    const std::uint64_t next = newest_.load(std::memory_order_relaxed) + 1;
    Slot& slot = slots_[next % kSlots];
    slot.number.store(kBeingWritten, std::memory_order_relaxed);
    for (std::size_t i = 0; i < kQualityAspects; ++i) {
      slot.values[3 * i].store(snapshot[i].latest, std::memory_order_release);
      slot.values[3 * i + 1].store(snapshot[i].trend, std::memory_order_release);
      slot.values[3 * i + 2].store(snapshot[i].measured, std::memory_order_release);
    }
    slot.number.store(next, std::memory_order_release);
    newest_.store(next, std::memory_order_release);
  }

  Snapshot read() const noexcept {
    for (;;) {
      const std::uint64_t newest = newest_.load(std::memory_order_acquire);
      const Slot& slot = slots_[newest % kSlots];
      if (slot.number.load(std::memory_order_acquire) != newest) continue;
      Snapshot snapshot;
      for (std::size_t i = 0; i < kQualityAspects; ++i) {
        snapshot[i].latest = slot.values[3 * i].load(std::memory_order_acquire);
        snapshot[i].trend = slot.values[3 * i + 1].load(std::memory_order_acquire);
        snapshot[i].measured = slot.values[3 * i + 2].load(std::memory_order_acquire);
      }
      if (slot.number.load(std::memory_order_relaxed) == newest) return snapshot;
    }
  }

 private:
  static constexpr std::size_t kSlots = 8;
  static constexpr std::uint64_t kBeingWritten = ~std::uint64_t{0};
  static_assert(std::atomic<double>::is_always_lock_free);
  struct Slot {
    std::atomic<std::uint64_t> number{0};
    std::array<std::atomic<double>, 3 * kQualityAspects> values{};
  };

  std::array<Slot, kSlots> slots_;
  std::atomic<std::uint64_t> newest_{0};
};

double median(std::vector<double>& values) noexcept {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

Result<void> check(const QualityOptions& options) {
  if (options.history < kLeastQualityHistory || options.history > kMostQualityHistory)
    return make_error(ErrorCode::kInvalidArgument, "quality targets: a history of ",
                      options.history, " measurements was asked for; give ", kLeastQualityHistory,
                      " to ", kMostQualityHistory);
  for (std::size_t i = 0; i < kQualityAspects; ++i) {
    const auto [warn, fail] = options.thresholds[i];
    const bool finite = std::isfinite(warn) && std::isfinite(fail);
    if (!finite || kRanges[i].better * (warn - fail) < 0.0)
      return make_error(ErrorCode::kInvalidArgument,
                        "quality targets: ", name_of(static_cast<QualityAspect>(i)), " warns at ",
                        warn, " and fails at ", fail, "; give finite values, failure the worse");
  }
  return {};
}

QualityVerdict verdict_of(const AspectState& aspect, const QualityThreshold& threshold,
                          const Range& range, std::size_t history) noexcept {
  if (!aspect.latest) return QualityVerdict::kUnknown;
  if (range.better * (*aspect.latest - threshold.fail) < 0.0) return QualityVerdict::kFailure;
  const bool near = aspect.measurements_to_failure &&
                    *aspect.measurements_to_failure <= static_cast<double>(history);
  const bool low = range.better * (*aspect.latest - threshold.warn) < 0.0;
  return near || low ? QualityVerdict::kWarning : QualityVerdict::kGood;
}

AspectState state_of(const Known& known, const QualityThreshold& threshold, const Range& range,
                     std::size_t history) noexcept {
  AspectState aspect;
  aspect.measured = static_cast<std::size_t>(known.measured);
  if (!std::isnan(known.latest)) aspect.latest = known.latest;
  if (!std::isnan(known.trend)) aspect.trend = known.trend;
  if (aspect.latest && aspect.trend && range.better * *aspect.trend < 0.0) {
    const double margin = range.better * (*aspect.latest - threshold.fail);
    aspect.measurements_to_failure = std::max(0.0, margin / std::abs(*aspect.trend));
  }
  aspect.verdict = verdict_of(aspect, threshold, range, history);
  return aspect;
}

}  // namespace

// The last values of each aspect, NaN where one was not measured, and room for their slopes.
struct QualityTargets::Core {
  explicit Core(const QualityOptions& given) : options(given) {
    for (auto& values : history) values.assign(options.history, kNone);
    slopes.reserve(options.history * (options.history - 1) / 2);
  }

  // `ago` 0 is the newest. Pre: ago < options.history.
  double value(std::size_t aspect, std::size_t ago) const noexcept {
    return history[aspect][(added + options.history - 1 - ago) % options.history];
  }

  Known known(std::size_t aspect) noexcept {
    Known found;
    slopes.clear();
    for (std::size_t late = 0; late < options.history; ++late) {
      const double newer = value(aspect, late);
      if (std::isnan(newer)) continue;
      found.measured += 1.0;
      for (std::size_t early = late + 1; early < options.history; ++early) {
        const double older = value(aspect, early);
        if (!std::isnan(older))
          slopes.push_back((newer - older) / static_cast<double>(early - late));
      }
    }
    found.latest = latest[aspect];
    if (found.measured >= static_cast<double>(kLeastQualityHistory)) found.trend = median(slopes);
    return found;
  }

  void publish() noexcept {
    Snapshot snapshot;
    for (std::size_t i = 0; i < kQualityAspects; ++i) snapshot[i] = known(i);
    board.publish(snapshot);
  }

  QualityOptions options;
  std::array<std::vector<double>, kQualityAspects> history;  // Rings.
  std::array<double, kQualityAspects> latest = {kNone, kNone, kNone, kNone};
  std::vector<double> slopes;
  std::size_t added = 0;
  Board board;
};

Result<QualityTargets> QualityTargets::create(const QualityOptions& options) {
  SYRINX_TRY(check(options));
  auto core = std::make_unique<Core>(options);
  core->publish();
  return QualityTargets(std::move(core));
}

QualityTargets::QualityTargets(std::unique_ptr<Core> core) noexcept : core_(std::move(core)) {}
QualityTargets::QualityTargets(QualityTargets&&) noexcept = default;
QualityTargets& QualityTargets::operator=(QualityTargets&&) noexcept = default;
QualityTargets::~QualityTargets() = default;

bool QualityTargets::add(const QualityMeasurement& measurement) noexcept {
  bool taken = true;
  for (std::size_t i = 0; i < kQualityAspects; ++i) {
    const double value = measurement.values[i].value_or(kNone);
    const bool fits = value >= kRanges[i].least && value <= kRanges[i].most;
    taken = taken && (fits || !measurement.values[i]);
    core_->history[i][core_->added % core_->options.history] = fits ? value : kNone;
    if (fits) core_->latest[i] = value;
  }
  ++core_->added;
  core_->publish();
  return taken;
}

void QualityTargets::reset() noexcept {
  for (auto& values : core_->history) std::fill(values.begin(), values.end(), kNone);
  core_->latest.fill(kNone);
  core_->publish();
}

QualityState QualityTargets::state() const noexcept {
  const Snapshot snapshot = core_->board.read();
  QualityState state;
  for (std::size_t i = 0; i < kQualityAspects; ++i) {
    state.aspects[i] =
        state_of(snapshot[i], core_->options.thresholds[i], kRanges[i], core_->options.history);
    state.verdict = std::max(state.verdict, state.aspects[i].verdict);
  }
  return state;
}

const QualityOptions& QualityTargets::options() const noexcept { return core_->options; }

}  // namespace syrinx::measure
