// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace syrinx::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kBarColumns = 24;

std::size_t terminal_columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::string bar(double share) {
  const auto filled = static_cast<std::size_t>(share * kBarColumns);
  std::string text(kBarColumns, ' ');
  std::fill_n(text.begin(), filled, '=');
  if (filled < kBarColumns) text[filled] = '>';
  return "[" + text + "]";
}

std::string time_left(double share, double elapsed_s) {
  if (share < 0.01) return "";
  const auto left_s = static_cast<long>(elapsed_s * (1.0 - share) / share + 0.5);
  if (left_s < 60) return ", " + std::to_string(left_s) + " s left";
  return ", " + std::to_string(left_s / 60) + " min " + std::to_string(left_s % 60) + " s left";
}

}  // namespace

std::string progress_line(std::optional<double> share, const std::string& detail, double elapsed_s,
                          std::size_t columns) {
  std::string line = detail;
  if (share) {
    const double known = std::clamp(*share, 0.0, 1.0);
    char percent[16];
    std::snprintf(percent, sizeof percent, " %3d %%  ", static_cast<int>(known * 100));
    line = bar(known) + percent + detail + time_left(known, elapsed_s);
  }
  return line.substr(0, columns > 1 ? columns - 1 : 1);
}

Progress::Progress(bool enabled)
    : enabled_(enabled && isatty(STDERR_FILENO) != 0), started_(steady_clock::now()) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void Progress::show(std::optional<double> share, const std::string& detail) {
  using namespace std::chrono_literals;
  const auto now = steady_clock::now();
  if (!enabled_ || now - started_ < 500ms || (drawn_ && now - last_drawn_ < 100ms)) return;
  const double elapsed_s = std::chrono::duration<double>(now - started_).count();
  const std::string line = progress_line(share, detail, elapsed_s, terminal_columns());
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  drawn_ = true;
  last_drawn_ = now;
}

}  // namespace syrinx::cli
