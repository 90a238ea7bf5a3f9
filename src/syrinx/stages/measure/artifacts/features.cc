// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/window.h"

namespace syrinx::measure::artifacts {
namespace {

constexpr std::size_t kMostOrder = 16;
constexpr std::size_t kShortestPeriod = 40;  // 400 Hz
constexpr std::size_t kLongestPeriod = 266;  // 60 Hz
constexpr std::size_t kPeriodWindow = 480;

double sample_at(Signal signal, std::ptrdiff_t i) {
  return i >= 0 && i < std::ssize(signal) ? static_cast<double>(signal[static_cast<std::size_t>(i)])
                                          : 0.0;
}

// Levinson and Durbin. `a` becomes the inverse filter, a[0] = 1.
void levinson(const std::array<double, kMostOrder + 1>& r, std::size_t order,
              std::array<double, kMostOrder + 1>& a) {
  a.fill(0.0);
  a[0] = 1.0;
  double error = r[0] * (1.0 + 1e-6) + 1e-9;
  for (std::size_t i = 1; i <= order; ++i) {
    double sum = 0.0;
    for (std::size_t j = 0; j < i; ++j) sum += a[j] * r[i - j];
    const double k = -sum / error;
    auto next = a;
    for (std::size_t j = 1; j <= i; ++j) next[j] = a[j] + k * a[i - j];
    a = next;
    error *= 1.0 - k * k;
  }
}

// The error of predicting `signal` by coefficients learnt from `lesson`.
std::vector<float> prediction_error(Signal signal, Signal lesson, std::size_t order) {
  constexpr std::size_t kStep = 320;
  constexpr std::size_t kWindow = 2 * kStep;
  const auto window = dsp::make_window(dsp::WindowShape::kHann, kWindow);
  std::vector<float> residual(signal.size());
  std::array<double, kWindow> weighted{};
  std::array<double, kMostOrder + 1> r{};
  std::array<double, kMostOrder + 1> a{};
  for (std::size_t start = 0; start < signal.size(); start += kStep) {
    for (std::size_t i = 0; i < kWindow; ++i) {
      const auto at =
          static_cast<std::ptrdiff_t>(start + i) - static_cast<std::ptrdiff_t>(kStep / 2);
      weighted[i] = static_cast<double>(window[i]) * sample_at(lesson, at);
    }
    for (std::size_t lag = 0; lag <= order; ++lag) {
      r[lag] = 0.0;
      for (std::size_t i = lag; i < kWindow; ++i) r[lag] += weighted[i] * weighted[i - lag];
    }
    levinson(r, order, a);
    for (std::size_t i = start; i < std::min(start + kStep, signal.size()); ++i) {
      double sum = 0.0;
      for (std::size_t j = 0; j <= order; ++j)
        sum += a[j] *
               sample_at(signal, static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(j));
      residual[i] = static_cast<float>(sum);
    }
  }
  return residual;
}

double similarity(Signal signal, std::size_t start, std::size_t lag) {
  double product = 0.0;
  double power = 1e-9;
  for (std::size_t i = start; i < start + kPeriodWindow; ++i) {
    const auto x = static_cast<double>(signal[i]);
    const auto y = static_cast<double>(signal[i + lag]);
    product += x * y;
    power += x * x + y * y;
  }
  return 2.0 * product / power;
}

Periodicity periodicity_at(Signal signal, std::size_t start) {
  std::array<double, kLongestPeriod + 2> nsdf{};
  double best = 0.0;
  for (std::size_t lag = kShortestPeriod - 1; lag <= kLongestPeriod + 1; ++lag) {
    nsdf[lag] = similarity(signal, start, lag);
    best = std::max(best, nsdf[lag]);
  }
  for (std::size_t lag = kShortestPeriod; lag <= kLongestPeriod; ++lag) {
    if (nsdf[lag] < 0.9 * best || nsdf[lag] < nsdf[lag - 1] || nsdf[lag] < nsdf[lag + 1]) continue;
    return {static_cast<double>(lag), nsdf[lag], similarity(signal, start, lag / 2)};
  }
  return {};
}

}  // namespace

std::vector<double> levels_db(Signal signal, std::size_t hop) {
  std::vector<double> levels;
  for (std::size_t start = 0; start < signal.size(); start += hop) {
    const auto part = signal.subspan(start, std::min(hop, signal.size() - start));
    double power = 0.0;
    for (const float x : part) power += static_cast<double>(x) * static_cast<double>(x);
    levels.push_back(10.0 * std::log10(power / static_cast<double>(part.size()) + 1e-10));
  }
  return levels;
}

double quantile(std::vector<double> values, double share) {
  const double rank = share * static_cast<double>(values.size() - 1);
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(std::lround(rank));
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

std::vector<float> lpc_residual(Signal signal, std::size_t order) {
  constexpr std::size_t kAside = 3;
  const auto first = prediction_error(signal, signal, order);
  std::vector<float> smoothed(signal.begin(), signal.end());
  for (std::size_t start = 0; start < signal.size(); start += kHop) {
    std::size_t worst = start;
    for (std::size_t i = start; i < std::min(start + kHop, signal.size()); ++i) {
      if (std::abs(first[i]) > std::abs(first[worst])) worst = i;
    }
    if (worst < kAside || worst + kAside >= signal.size()) continue;
    const float from = signal[worst - kAside];
    const float to = signal[worst + kAside];
    for (std::size_t i = 1; i < 2 * kAside; ++i)
      smoothed[worst - kAside + i] = from + (to - from) * static_cast<float>(i) / (2 * kAside);
  }
  return prediction_error(signal, smoothed, order);
}

Scores isolated_peaks_db(Signal signal, std::size_t guard, std::size_t reach) {
  constexpr double kFloor = 1e-3;  // What is softer is not heard as a click.
  Scores scores(hops_of(signal));
  const auto size = signal.size();
  for (std::size_t hop = 0; hop < scores.size(); ++hop) {
    std::size_t peak = hop * kHop;
    for (std::size_t i = peak; i < std::min(size, (hop + 1) * kHop); ++i) {
      if (std::abs(signal[i]) > std::abs(signal[peak])) peak = i;
    }
    float other = 0.0f;
    for (std::size_t i = peak > reach ? peak - reach : 0; i < std::min(size, peak + reach); ++i) {
      const std::size_t away = i > peak ? i - peak : peak - i;
      if (away > guard) other = std::max(other, std::abs(signal[i]));
    }
    scores[hop] = 20.0 * std::log10((static_cast<double>(std::abs(signal[peak])) + 1e-9) /
                                    std::max(kFloor, static_cast<double>(other)));
  }
  return scores;
}

std::vector<Periodicity> periodicities(Signal signal) {
  std::vector<Periodicity> result(hops_of(signal));
  constexpr std::size_t kNeeded = kPeriodWindow + kLongestPeriod + 2;
  for (std::size_t hop = 0; hop < result.size() && hop * kHop + kNeeded <= signal.size(); ++hop) {
    result[hop] = periodicity_at(signal, hop * kHop);
  }
  return result;
}

std::vector<std::vector<float>> spectra_db(Signal signal, std::size_t size, std::size_t hop) {
  auto fft = dsp::RealFft::create(size).value();  // A size of ours: it cannot fail.
  const auto window = dsp::make_window(dsp::WindowShape::kHann, size);
  std::vector<float> time(size);
  std::vector<std::complex<float>> bins(fft.bins());
  std::vector<std::vector<float>> spectra;
  for (std::size_t start = 0; start + size <= signal.size(); start += hop) {
    for (std::size_t i = 0; i < size; ++i) time[i] = signal[start + i] * window[i];
    fft.forward(time, bins);
    auto& spectrum = spectra.emplace_back(bins.size());
    for (std::size_t k = 0; k < bins.size(); ++k) {
      spectrum[k] = 10.0f * std::log10(std::norm(bins[k]) + 1e-9f);
    }
  }
  return spectra;
}

}  // namespace syrinx::measure::artifacts
