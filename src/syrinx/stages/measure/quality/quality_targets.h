// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"

// How good a running voice is and where it is heading: what an engine or a server steers by and
// shows. The numbers come from outside; what was not measured stays unknown.
namespace syrinx::measure {

enum class QualityAspect {
  kTargetSimilarity,    // To the voice aimed at: cosine of speaker embeddings, -1 to 1.
  kSourcePreservation,  // Of what was said and how, 0 to 1.
  kPredictedMos,        // What listeners would say, 1 to 5.
  kArtifactShare        // Of time with an artifact in it, 0 to 1: the only one better when low.
};
inline constexpr std::size_t kQualityAspects = 4;

std::string_view name_of(QualityAspect aspect) noexcept;  // As "predicted MOS".

// One measurement; what was not measured is absent.
struct QualityMeasurement {
  std::array<std::optional<double>, kQualityAspects> values;

  std::optional<double>& operator[](QualityAspect aspect) noexcept {
    return values[static_cast<std::size_t>(aspect)];
  }
  const std::optional<double>& operator[](QualityAspect aspect) const noexcept {
    return values[static_cast<std::size_t>(aspect)];
  }
};

// Where a warning begins and where failure does, the value itself still being good enough.
struct QualityThreshold {
  double warn = 0.0;
  double fail = 0.0;
};

struct QualityOptions {
  // By aspect. The first is about what open voice converters reach on public tests, the MOS is
  // "fair", the rest are our choices: set what your users ask for.
  std::array<QualityThreshold, kQualityAspects> thresholds = {
      {{0.75, 0.60}, {0.75, 0.60}, {3.0, 2.5}, {0.02, 0.10}}};
  std::size_t history = 32;  // Measurements that the trend is taken over.
};
inline constexpr std::size_t kLeastQualityHistory = 5;  // Fewer values have no trend.
inline constexpr std::size_t kMostQualityHistory = 256;

enum class QualityVerdict { kUnknown, kGood, kWarning, kFailure };

struct AspectState {
  std::optional<double> latest;  // The newest that was measured; absent before the first.
  std::size_t measured = 0;      // Values in the history.
  // Change per measurement: the median slope between all pairs (Theil 1950, Sen 1968), which a
  // third of the values being outliers does not move far. Absent below kLeastQualityHistory.
  std::optional<double> trend;
  // At that trend, after how many measurements it fails; absent where it does not worsen.
  std::optional<double> measurements_to_failure;
  // Failure and warning by the latest value; a warning too where failure is nearer than the history
  // is long.
  QualityVerdict verdict = QualityVerdict::kUnknown;
};

struct QualityState {
  std::array<AspectState, kQualityAspects> aspects;
  QualityVerdict verdict = QualityVerdict::kUnknown;  // The worst of those that are known.

  const AspectState& operator[](QualityAspect aspect) const noexcept {
    return aspects[static_cast<std::size_t>(aspect)];
  }
};

// The state in a sentence, the worst first; aspects that are unknown are named as such.
std::string describe(const QualityState& state);

// Keeps the last measurements and what follows of them. One thread adds; any number of others,
// audio threads among them, read without ever waiting for it.
class QualityTargets {
 public:
  // Errors: kInvalidArgument for a history outside kLeastQualityHistory to kMostQualityHistory, or
  // a threshold that is not finite or whose failure is on the better side of its warning.
  static Result<QualityTargets> create(const QualityOptions& options = {});
  QualityTargets(QualityTargets&&) noexcept;
  QualityTargets& operator=(QualityTargets&&) noexcept;
  ~QualityTargets();

  // Takes what lies within its aspect's range; false if a value did not, which counts as not
  // measured. Neither allocates nor locks, but works history^2 / 2 steps: for a worker's thread.
  bool add(const QualityMeasurement& measurement) noexcept;
  // Forgets all measurements. The adding thread.
  void reset() noexcept;

  // After the last add() that was complete. Any thread.
  QualityState state() const noexcept SYRINX_REALTIME;
  const QualityOptions& options() const noexcept;

 private:
  struct Core;
  explicit QualityTargets(std::unique_ptr<Core> core) noexcept;

  std::unique_ptr<Core> core_;
};

}  // namespace syrinx::measure
