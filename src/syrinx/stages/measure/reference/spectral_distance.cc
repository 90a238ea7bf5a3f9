// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/spectral_distance.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/dsp/window.h"
#include "syrinx/stages/measure/reference/mel_cepstrum.h"
#include "syrinx/stages/measure/reference/pair_check.h"

namespace syrinx::measure {
namespace {

constexpr double kFloorDb = -100.0;

// The power spectra of a signal's frames in dB of a full-scale sine.
class LogSpectra {
 public:
  static Result<LogSpectra> create(int sample_rate_hz) {
    const auto samples = static_cast<std::size_t>(std::lround(0.016 * sample_rate_hz)) * 2;
    SYRINX_ASSIGN(auto fft, dsp::RealFft::create(samples));
    return LogSpectra(std::move(fft));
  }

  std::size_t hop() const noexcept { return fft_.size() / 2; }
  // What is past the end counts as silence.
  const std::vector<double>& analyse(std::span<const float> signal, std::size_t begin) {
    const auto there = std::min(fft_.size(), signal.size() - begin);
    std::fill(time_.begin(), time_.end(), 0.0f);
    for (std::size_t n = 0; n < there; ++n) time_[n] = signal[begin + n] * window_[n];
    fft_.forward(time_, spectrum_);
    // A sine of amplitude 1 in the middle of a bin has a magnitude of a quarter of the frame.
    const double full_scale = static_cast<double>(fft_.size()) / 4.0;
    for (std::size_t k = 0; k < db_.size(); ++k) {
      const double magnitude = static_cast<double>(std::abs(spectrum_[k])) / full_scale;
      db_[k] = std::max(kFloorDb, 20.0 * std::log10(std::max(magnitude, 1e-30)));
    }
    return db_;
  }

 private:
  explicit LogSpectra(dsp::RealFft fft)
      : fft_(std::move(fft)),
        window_(dsp::make_window(dsp::WindowShape::kHann, fft_.size())),
        time_(fft_.size()),
        spectrum_(fft_.bins()),
        db_(fft_.bins()) {}

  dsp::RealFft fft_;
  std::vector<float> window_;
  std::vector<float> time_;
  std::vector<std::complex<float>> spectrum_;
  std::vector<double> db_;
};

bool at_floor(const std::vector<double>& db) {
  return std::all_of(db.begin(), db.end(), [](double value) { return value <= kFloorDb; });
}

double rms_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

Result<double> lsd_of_channel(std::span<const float> reference, std::span<const float> degraded,
                              int sample_rate_hz) {
  SYRINX_ASSIGN(auto ref_spectra, LogSpectra::create(sample_rate_hz));
  SYRINX_ASSIGN(auto deg_spectra, LogSpectra::create(sample_rate_hz));
  double sum = 0.0;
  std::size_t frames = 0;
  for (std::size_t begin = 0; begin < reference.size(); begin += ref_spectra.hop()) {
    const auto& ref = ref_spectra.analyse(reference, begin);
    const auto& deg = deg_spectra.analyse(degraded, begin);
    if (at_floor(ref) && at_floor(deg)) continue;
    sum += rms_difference(ref, deg);
    ++frames;
  }
  return frames == 0 ? 0.0 : sum / static_cast<double>(frames);
}

double distortion_db(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return 10.0 / std::numbers::ln10 * std::sqrt(2.0 * sum);
}

double mean_distortion(const MelCepstrum& reference, const MelCepstrum& degraded) {
  const std::size_t frames = std::min(reference.frames(), degraded.frames());
  double sum = 0.0;
  for (std::size_t i = 0; i < frames; ++i)
    sum += distortion_db(reference.frame(i), degraded.frame(i));
  return sum / static_cast<double>(frames);
}

// The best way to a pair of frames: its summed distortion and its number of pairs.
struct Path {
  double sum = 0.0;
  double pairs = 0.0;
};

const Path& least(const Path& a, const Path& b) { return b.sum < a.sum ? b : a; }

Result<double> warped_distortion(const MelCepstrum& reference, const MelCepstrum& degraded) {
  if (reference.frames() > kMaxWarpCells / degraded.frames())
    return make_error(ErrorCode::kLimitExceeded, "mel-cepstral distortion: warping ",
                      reference.frames(), " frames onto ", degraded.frames(),
                      " is more than the limit of ", kMaxWarpCells,
                      " pairs; cut the signals or measure without warping");
  std::vector<Path> last(degraded.frames());
  std::vector<Path> now(degraded.frames());
  for (std::size_t i = 0; i < reference.frames(); ++i) {
    for (std::size_t j = 0; j < degraded.frames(); ++j) {
      Path best;
      if (i > 0 && j > 0)
        best = least(last[j - 1], least(last[j], now[j - 1]));
      else if (i > 0)
        best = last[j];
      else if (j > 0)
        best = now[j - 1];
      best.sum += distortion_db(reference.frame(i), degraded.frame(j));
      best.pairs += 1.0;
      now[j] = best;
    }
    std::swap(last, now);
  }
  return last.back().sum / last.back().pairs;
}

Result<double> mcd_of_channel(AudioView reference, AudioView degraded,
                              const CepstralDistanceOptions& options) {
  SYRINX_ASSIGN(const auto ref, MelCepstrum::analyse(reference, options.coefficients));
  SYRINX_ASSIGN(const auto deg, MelCepstrum::analyse(degraded, options.coefficients));
  if (options.warp) return warped_distortion(ref, deg);
  return mean_distortion(ref, deg);
}

}  // namespace

Result<double> log_spectral_distance_db(AudioView reference, AudioView degraded) {
  SYRINX_TRY(check_pair(reference, degraded, "log-spectral distance"));
  return mean_over_channels(reference, degraded, [&](auto ref, auto deg) {
    return lsd_of_channel(ref, deg, reference.sample_rate_hz());
  });
}

Result<double> mel_cepstral_distortion_db(AudioView reference, AudioView degraded,
                                          const CepstralDistanceOptions& options) {
  constexpr std::string_view kName = "mel-cepstral distortion";
  if (options.warp)
    SYRINX_TRY(check_comparable(reference, degraded, kName));
  else
    SYRINX_TRY(check_pair(reference, degraded, kName));
  return mean_over_channels(reference, degraded, [&](auto ref, auto deg) {
    return mcd_of_channel(AudioView(ref, reference.sample_rate_hz()),
                          AudioView(deg, degraded.sample_rate_hz()), options);
  });
}

}  // namespace syrinx::measure
