// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace syrinx::cli {

// How much of a work is done, 0 to 1, and at what it is.
using ShowProgress = std::function<void(double share, const std::string& what)>;

// A line on standard error that shows how far long work is, how fast, and how long it will take.
// Draws only on a terminal, at most ten times a second, and not in the first half second.
class Progress {
 public:
  explicit Progress(bool enabled);
  // Takes the line away.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `share` is 0 to 1, or nothing when the end is not known; `detail` says it in words.
  void show(std::optional<double> share, const std::string& detail);

 private:
  using Instant = std::chrono::steady_clock::time_point;

  bool enabled_;
  bool drawn_ = false;
  Instant started_;
  Instant last_drawn_;
};

// The bar as text, for a terminal of `columns`: "[=====>    ]  52 %  detail, 3 s left".
std::string progress_line(std::optional<double> share, const std::string& detail, double elapsed_s,
                          std::size_t columns);

}  // namespace syrinx::cli
