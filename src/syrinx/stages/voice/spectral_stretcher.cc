// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/spectral_stretcher.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace syrinx::voice {
namespace {

constexpr double kFrameS = 0.06;
constexpr double kLifterS = 0.0018;  // Detail of spectra that is no envelope lies beyond it.
constexpr int kEnvelopeRounds = 6;   // Of the true envelope (Imai & Abe 1979).
constexpr double kNearHz = 150.0;    // From a bin between harmonics to the nearest of them.
constexpr float kFilled = 0.03F;     // Of that one's power.
constexpr float kLeastPower = 1e-20F;
constexpr float kMostLog = 4.6F;       // 40 dB: of an envelope's correction.
constexpr float kRise = 4.0F;          // Of a bin's power within a hop, to be part of an attack.
constexpr float kAttackShare = 0.45F;  // Of the frame's power that is in such bins.
constexpr int kMostWaiting = 4;        // Frames: the attack has crossed the frame by then.
constexpr int kRestFrames = 4;
constexpr double kCentreShare = 0.08;  // Of a frame: so near its middle is in the middle.

// The next product of small primes that is four hops.
std::size_t frame_size(int sample_rate_hz) {
  for (auto size = static_cast<std::size_t>(kFrameS * sample_rate_hz) / 16 * 16;; size += 16) {
    std::size_t rest = std::max<std::size_t>(size, 16);
    for (const std::size_t prime : {2U, 3U, 5U})
      while (rest % prime == 0) rest /= prime;
    if (rest == 1) return std::max<std::size_t>(size, 16);
  }
}

std::complex<float> unit(std::complex<float> z) {
  const float length = std::abs(z);
  return length > 1e-20F ? z / length : std::complex<float>(1.0F, 0.0F);
}

}  // namespace

Result<SpectralStretcher> SpectralStretcher::create(int sample_rate_hz) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(frame_size(sample_rate_hz)));
  return SpectralStretcher(sample_rate_hz, std::move(fft));
}

SpectralStretcher::SpectralStretcher(int sample_rate_hz, dsp::RealFft fft)
    : sample_rate_hz_(sample_rate_hz), fft_(std::move(fft)) {
  const std::size_t size = fft_.size();
  const std::size_t bins = fft_.bins();
  for (std::size_t i = 0; i < size; ++i)
    window_.push_back(
        static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(i) /
                                                static_cast<double>(size))));
  time_.resize(size);
  for (std::vector<Complex>* spectrum : {&now_, &before_, &turns_, &phases_, &cepstrum_})
    spectrum->resize(bins);
  for (std::vector<float>* row : {&power_, &gains_, &logs_, &envelope_}) row->resize(bins);
  reset();
}

void SpectralStretcher::reset() noexcept {
  std::fill(turns_.begin(), turns_.end(), Complex(1.0F, 0.0F));
  std::fill(phases_.begin(), phases_.end(), Complex(1.0F, 0.0F));
  begun_ = attack_ = false;
  waiting_ = rest_ = 0;
}

void SpectralStretcher::transform(std::span<const float> samples,
                                  std::span<Complex> spectrum) noexcept {
  for (std::size_t i = 0; i < time_.size(); ++i) time_[i] = window_[i] * samples[i];
  fft_.forward(time_, spectrum);
}

void SpectralStretcher::analyse(std::span<const float> now,
                                std::span<const float> before) noexcept {
  transform(before, before_);
  transform(now, now_);
  for (std::size_t k = 0; k < now_.size(); ++k) power_[k] = std::norm(now_[k]);
  std::fill(gains_.begin(), gains_.end(), 1.0F);
  find_attack(now);
  if (attack_ || !begun_) {
    std::fill(turns_.begin(), turns_.end(), Complex(1.0F, 0.0F));
  } else {
    turn_phases();
  }
  for (std::size_t k = 0; k < now_.size(); ++k) phases_[k] = unit(now_[k] * turns_[k]);
  begun_ = true;
  if (envelope_ratio_ != 1.0) shape();
}

// An attack is the power of many bins that rises within a hop. It waits, its bins as strong as
// before it, until the middle of the frame's power is the middle of the frame.
void SpectralStretcher::find_attack(std::span<const float> now) noexcept {
  attack_ = false;
  if (!stretches_) return;
  if (rest_ > 0) {
    --rest_;
    return;
  }
  float risen = 0.0F;
  float all = kLeastPower;
  for (std::size_t k = 0; k < power_.size(); ++k) {
    all += power_[k];
    if (power_[k] > kRise * std::norm(before_[k])) risen += power_[k];
  }
  if (waiting_ == 0 && risen < kAttackShare * all) return;
  double weight = 1e-30;
  double place = 0.0;
  const auto size = static_cast<double>(now.size());
  for (std::size_t i = 0; i < now.size(); ++i) {
    const double p = std::pow(static_cast<double>(window_[i]) * static_cast<double>(now[i]), 2.0);
    weight += p;
    place += p * (static_cast<double>(i) / size - 0.5);
  }
  if (place / weight < kCentreShare || ++waiting_ > kMostWaiting) {
    attack_ = true;
    waiting_ = 0;
    rest_ = kRestFrames;
    return;
  }
  for (std::size_t k = 0; k < power_.size(); ++k) {
    const float earlier = std::norm(before_[k]);
    if (power_[k] > kRise * earlier) gains_[k] = std::sqrt(earlier / power_[k]);
  }
}

// Peaks are bins above their two neighbours on either side; each bin belongs to the peak that lies
// on its side of the valley.
void SpectralStretcher::turn_phases() noexcept {
  const std::size_t bins = power_.size();
  const auto is_peak = [&](std::size_t k) {
    const float p = power_[k];
    return (k < 1 || p > power_[k - 1]) && (k < 2 || p > power_[k - 2]) &&
           (k + 1 >= bins || p >= power_[k + 1]) && (k + 2 >= bins || p >= power_[k + 2]);
  };
  std::size_t begin = 0;
  std::size_t peak = bins;
  for (std::size_t k = 0; k < bins; ++k) {
    if (!is_peak(k)) continue;
    if (peak < bins) {
      const auto valley = std::min_element(power_.begin() + static_cast<std::ptrdiff_t>(peak),
                                           power_.begin() + static_cast<std::ptrdiff_t>(k));
      const auto end = static_cast<std::size_t>(valley - power_.begin()) + 1;
      turn_around(peak, begin, end);
      begin = end;
    }
    peak = k;
  }
  turn_around(std::min(peak, bins - 1), begin, bins);
}

// Turns bins [begin, end) as their peak turns.
void SpectralStretcher::turn_around(std::size_t peak, std::size_t begin, std::size_t end) noexcept {
  const Complex advance = unit(now_[peak] * std::conj(before_[peak]));
  const Complex turn = unit(phases_[peak] * advance * std::conj(now_[peak]));
  std::fill(turns_.begin() + static_cast<std::ptrdiff_t>(begin),
            turns_.begin() + static_cast<std::ptrdiff_t>(end), turn);
}

// Gains that move the spectrum's envelope.
void SpectralStretcher::shape() noexcept {
  const std::size_t bins = power_.size();
  fill_logs();
  for (int round = 0; round < kEnvelopeRounds; ++round) {
    smooth_logs();
    if (round + 1 == kEnvelopeRounds) break;
    for (std::size_t k = 0; k < bins; ++k) logs_[k] = std::max(logs_[k], envelope_[k]);
  }
  for (std::size_t k = 0; k < bins; ++k) {
    const double from =
        std::min(static_cast<double>(k) / envelope_ratio_, static_cast<double>(bins - 1));
    const auto low = static_cast<std::size_t>(from);
    const std::size_t high = std::min(low + 1, bins - 1);
    const auto part = static_cast<float>(from - static_cast<double>(low));
    const float there = envelope_[low] + part * (envelope_[high] - envelope_[low]);
    gains_[k] *= std::exp(std::clamp(there - envelope_[k], -kMostLog, kMostLog));
  }
}

// Logarithms of the spectrum, what is deep between harmonics filled up to near them: the envelope
// would take long to climb out of it.
void SpectralStretcher::fill_logs() noexcept {
  const std::size_t bins = power_.size();
  const auto reach =
      static_cast<std::size_t>(kNearHz * static_cast<double>(fft_.size()) / sample_rate_hz_);
  for (std::size_t k = 0; k < bins; ++k) {
    const std::size_t begin = k > reach ? k - reach : 0;
    const std::size_t end = std::min(k + reach + 1, bins);
    const float highest = *std::max_element(power_.begin() + static_cast<std::ptrdiff_t>(begin),
                                            power_.begin() + static_cast<std::ptrdiff_t>(end));
    logs_[k] = 0.5F * std::log(std::max({power_[k], kFilled * highest, kLeastPower}));
  }
}

// The envelope of the logarithms: their cepstrum up to the lifter.
void SpectralStretcher::smooth_logs() noexcept {
  for (std::size_t k = 0; k < logs_.size(); ++k) cepstrum_[k] = {logs_[k], 0.0F};
  fft_.inverse(cepstrum_, time_);
  const auto kept = static_cast<std::size_t>(kLifterS * sample_rate_hz_);
  const std::size_t size = time_.size();
  for (std::size_t i = kept + 1; i + kept < size; ++i) time_[i] = 0.0F;
  fft_.forward(time_, cepstrum_);
  for (std::size_t k = 0; k < envelope_.size(); ++k) envelope_[k] = cepstrum_[k].real();
}

void SpectralStretcher::render(std::span<float> channel) noexcept {
  transform(channel, before_);
  for (std::size_t k = 0; k < before_.size(); ++k) before_[k] *= turns_[k] * gains_[k];
  fft_.inverse(before_, channel);
  constexpr float kSquares = 1.5F;  // Of four Hann windows a quarter apart.
  for (std::size_t i = 0; i < channel.size(); ++i) channel[i] *= window_[i] / kSquares;
}

}  // namespace syrinx::voice
