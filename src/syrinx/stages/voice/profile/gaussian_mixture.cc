// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/gaussian_mixture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace syrinx::voice {
namespace {

constexpr std::size_t kLeastForAPart = 8;
constexpr double kLeastVariance = 0.05;  // Over that of all data.
constexpr double kTiny = 1e-9;

using Sums = std::array<double, kCepstra>;

double square_distance(const Cepstrum& a, const Cepstrum& b) noexcept {
  double sum = 0.0;
  for (std::size_t d = 1; d < kCepstra; ++d) {
    const double apart = double{a[d]} - double{b[d]};
    sum += apart * apart;
  }
  return sum;
}

// What a part saw: how much, and its sums.
struct Seen {
  double count = 0.0;
  Sums sum{};
  Sums squares{};

  void add(const Cepstrum& cepstrum, double share) noexcept {
    count += share;
    for (std::size_t d = 1; d < kCepstra; ++d) {
      const auto value = static_cast<double>(cepstrum[d]);
      sum[d] += share * value;
      squares[d] += share * value * value;
    }
  }
  double mean(std::size_t d) const noexcept { return sum[d] / std::max(count, kTiny); }
  double variance(std::size_t d) const noexcept {
    return squares[d] / std::max(count, kTiny) - mean(d) * mean(d);
  }
};

std::vector<Seen> seen_of(const GaussianMixture& mixture, std::span<const Cepstrum> data) {
  std::vector<Seen> seen(mixture.parts().size());
  std::vector<float> shares(seen.size());
  for (const Cepstrum& cepstrum : data) {
    mixture.shares(cepstrum, shares);
    for (std::size_t k = 0; k < seen.size(); ++k)
      seen[k].add(cepstrum, static_cast<double>(shares[k]));
  }
  return seen;
}

double mean_variance(std::span<const Cepstrum> data) {
  Seen all;
  for (const Cepstrum& cepstrum : data) all.add(cepstrum, 1.0);
  double sum = 0.0;
  for (std::size_t d = 1; d < kCepstra; ++d) sum += all.variance(d);
  return sum / static_cast<double>(kCepstra - 1);
}

}  // namespace

GaussianMixture GaussianMixture::fit(std::span<const Cepstrum> data, std::size_t parts,
                                     int rounds) {
  GaussianMixture mixture;
  parts = std::min(parts, data.size() / kLeastForAPart);
  if (parts == 0) return mixture;
  const double floor = std::max(kLeastVariance * mean_variance(data), kTiny);
  mixture.begin(data, parts);
  for (int round = 0; round < rounds; ++round) mixture.move(data, floor);
  return mixture;
}

// Each part begins at the cepstrum that is farthest from those before it, with the variance of all.
void GaussianMixture::begin(std::span<const Cepstrum> data, std::size_t parts) {
  const auto variance = static_cast<float>(std::max(mean_variance(data), kTiny));
  std::vector<double> distance(data.size(), std::numeric_limits<double>::max());
  std::size_t next = 0;
  for (std::size_t k = 0; k < parts; ++k) {
    Part part;
    part.weight = 1.0 / static_cast<double>(parts);
    part.mean = data[next];
    part.variance.fill(variance);
    parts_.push_back(part);
    for (std::size_t i = 0; i < data.size(); ++i)
      distance[i] = std::min(distance[i], square_distance(data[i], part.mean));
    next = static_cast<std::size_t>(
        std::distance(distance.begin(), std::max_element(distance.begin(), distance.end())));
  }
  finish();
}

void GaussianMixture::move(std::span<const Cepstrum> data, double floor) {
  const std::vector<Seen> seen = seen_of(*this, data);
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    Part& part = parts_[k];
    part.weight = std::max(seen[k].count / static_cast<double>(data.size()), kTiny);
    if (seen[k].count < 1.0) continue;  // Of less there is no variance.
    for (std::size_t d = 1; d < kCepstra; ++d) {
      part.mean[d] = static_cast<float>(seen[k].mean(d));
      part.variance[d] = static_cast<float>(std::max(seen[k].variance(d), floor));
    }
  }
  finish();
}

GaussianMixture GaussianMixture::adapted(std::span<const Cepstrum> data, double relevance) const {
  GaussianMixture out = *this;
  const std::vector<Seen> seen = seen_of(*this, data);
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    const double part = seen[k].count / (seen[k].count + relevance);
    for (std::size_t d = 1; d < kCepstra; ++d)
      out.parts_[k].mean[d] =
          static_cast<float>(part * seen[k].mean(d) + (1.0 - part) * double{parts_[k].mean[d]});
  }
  out.finish();
  return out;
}

// What the densities need beside the parts themselves.
void GaussianMixture::finish() {
  offsets_.assign(parts_.size(), 0.0f);
  precision_.assign(parts_.size(), {});
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    double offset = std::log(parts_[k].weight);
    for (std::size_t d = 1; d < kCepstra; ++d) {
      const auto variance = static_cast<double>(parts_[k].variance[d]);
      offset -= 0.5 * std::log(2.0 * std::numbers::pi * variance);
      precision_[k][d] = static_cast<float>(0.5 / variance);
    }
    offsets_[k] = static_cast<float>(offset);
  }
}

// Returns the logarithm of the density.
double GaussianMixture::log_shares(const Cepstrum& cepstrum, std::span<float> out) const noexcept {
  float most = -1e30f;
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    float log = offsets_[k];
    for (std::size_t d = 1; d < kCepstra; ++d) {
      const float apart = cepstrum[d] - parts_[k].mean[d];
      log -= precision_[k][d] * apart * apart;
    }
    out[k] = log;
    most = std::max(most, log);
  }
  float sum = 0.0f;
  for (float& value : out) {
    value = std::exp(value - most);
    sum += value;
  }
  for (float& value : out) value /= sum;
  return static_cast<double>(most) + std::log(static_cast<double>(sum));
}

void GaussianMixture::shares(const Cepstrum& cepstrum, std::span<float> out) const noexcept {
  static_cast<void>(log_shares(cepstrum, out));
}

double GaussianMixture::mean_log_likelihood(std::span<const Cepstrum> data) const {
  std::vector<float> shares(parts_.size());
  double sum = 0.0;
  for (const Cepstrum& cepstrum : data) sum += log_shares(cepstrum, shares);
  return sum / static_cast<double>(std::max<std::size_t>(data.size(), 1));
}

}  // namespace syrinx::voice
