// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/level/distortion.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>
#include <optional>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/stages/measure/level/level_view.h"

namespace syrinx::measure {
namespace {

constexpr std::size_t kLeastFrames = 256;
constexpr std::size_t kMostFrames = std::size_t{1} << 20;
constexpr std::size_t kHarmonics = 20;
constexpr double kLowHz = 20.0;
constexpr double kHighHz = 20'000.0;
constexpr double kLeastPeriods = 20.0;

// Seven cosine terms, side lobes below -180 dB (Albrecht 2001, "A family of cosine-sum windows"),
// so that one line does not leak into the next.
std::vector<double> line_window(std::size_t size) {
  constexpr std::array<double, 7> kTerms = {0.27105140069342,  -0.43329793923448, 0.21812299954311,
                                            -0.06592544638803, 0.01081174209837,  -0.00077658482522,
                                            0.00001388721735};
  std::vector<double> window(size);
  const double step = 2.0 * std::numbers::pi / static_cast<double>(size);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t k = 0; k < kTerms.size(); ++k) {
      window[i] += kTerms[k] * std::cos(step * static_cast<double>(k * i % size));
    }
  }
  return window;
}

// A windowed stretch of sound, looked at one line at a time.
class LineView {
 public:
  LineView(std::span<const double> samples, double rate_hz)
      : samples_(samples), window_(line_window(samples.size())), rate_hz_(rate_hz) {
    for (const double w : window_) sum_ += w;
  }

  // Twice the windowed mean of x exp(-2 pi i f t): amplitude and phase of a sine at `hz`.
  std::complex<double> line(double hz) const {
    constexpr std::size_t kFresh = 512;  // Products of phases drift: begin anew that often.
    const double step = 2.0 * std::numbers::pi * hz / rate_hz_;
    const std::complex<double> turn = std::polar(1.0, -step);
    std::complex<double> sum = 0.0;
    std::complex<double> phase = 1.0;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      if (i % kFresh == 0)
        phase = std::polar(1.0, -std::fmod(step * static_cast<double>(i), kTurn));
      sum += samples_[i] * window_[i] * phase;
      phase *= turn;
    }
    return 2.0 * sum / sum_;
  }
  double window_at(std::size_t i) const { return window_[i]; }
  double rate_hz() const { return rate_hz_; }

 private:
  static constexpr double kTurn = 2.0 * std::numbers::pi;

  std::span<const double> samples_;
  std::vector<double> window_;
  double rate_hz_;
  double sum_ = 0.0;
};

Result<std::vector<double>> steady_part(AudioView audio) {
  SYRINX_TRY(check_measurable("distortion", audio));
  if (audio.frames() < kLeastFrames)
    return make_error(ErrorCode::kInvalidArgument, "distortion: ", audio.frames(),
                      " frames were given; a tone needs at least ", kLeastFrames);
  const auto samples =
      audio.channel(0).first(std::min(std::bit_floor(audio.frames()), kMostFrames));
  if (!std::all_of(samples.begin(), samples.end(), [](float v) { return std::isfinite(v); }))
    return make_error(ErrorCode::kInvalidArgument,
                      "distortion: a sample is not a number, so there is no steady tone");
  const auto [least, most] = std::minmax_element(samples.begin(), samples.end());
  if (*least == *most)
    return make_error(ErrorCode::kInvalidArgument,
                      "distortion: the sound never moves, so there is no tone in it");
  return std::vector<double>(samples.begin(), samples.end());
}

// The windowed power spectrum. Pre: a power of two of samples.
std::vector<double> power_spectrum(std::span<const double> samples, const LineView& view) {
  auto fft = dsp::RealFft::create(samples.size()).value();
  std::vector<float> time(samples.size());
  for (std::size_t i = 0; i < time.size(); ++i) {
    time[i] = static_cast<float>(samples[i] * view.window_at(i));
  }
  std::vector<std::complex<float>> spectrum(fft.bins());
  fft.forward(time, spectrum);
  std::vector<double> power(fft.bins());
  std::transform(spectrum.begin(), spectrum.end(), power.begin(),
                 [](std::complex<float> v) { return static_cast<double>(std::norm(v)); });
  return power;
}

double band_power(const std::vector<double>& power, double bin_hz) {
  const auto low = static_cast<std::size_t>(std::ceil(kLowHz / bin_hz));
  const auto high = static_cast<std::size_t>(kHighHz / bin_hz);
  double sum = 0.0;
  for (std::size_t k = low; k <= std::min(high, power.size() - 1); ++k) sum += power[k];
  return sum;
}

std::optional<double> coarse_tone_hz(const std::vector<double>& power, double bin_hz) {
  const auto first = static_cast<std::size_t>(kLeastPeriods);
  const auto strongest =
      std::max_element(power.begin() + static_cast<std::ptrdiff_t>(first), power.end() - 1);
  if (!(*strongest > 0.0)) return std::nullopt;
  return bin_hz * static_cast<double>(strongest - power.begin());
}

// Sharpens a frequency by the phase that the line turns between two halves of the sound.
double refined_hz(std::span<const double> samples, double rate_hz, double hz) {
  const std::size_t half = samples.size() / 2;
  const LineView early(samples.first(half), rate_hz);
  const LineView late(samples.subspan(half, half), rate_hz);
  const double half_s = static_cast<double>(half) / rate_hz;
  for (int round = 0; round < 4; ++round) {
    const double turns =
        std::arg(late.line(hz) * std::conj(early.line(hz))) / (2.0 * std::numbers::pi) -
        hz * half_s;
    hz += (turns - std::round(turns)) / half_s;
  }
  return hz;
}

// The sound without its tone and without its mean.
std::vector<double> without_tone(std::span<const double> samples, const LineView& view, double hz,
                                 std::complex<double> line) {
  const double mean = view.line(0.0).real() / 2.0;
  const double step = 2.0 * std::numbers::pi * hz / view.rate_hz();
  std::vector<double> rest(samples.size());
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const auto turn =
        std::polar(1.0, std::fmod(step * static_cast<double>(i), 2.0 * std::numbers::pi));
    rest[i] = samples[i] - mean - (line * turn).real();
  }
  return rest;
}

void add_harmonics(Distortion& found, std::span<const double> rest, double rate_hz) {
  const LineView view(rest, rate_hz);
  const double tone = std::pow(10.0, found.tone_dbfs / 20.0);
  double sum = 0.0;
  for (std::size_t k = 2; k <= kHarmonics; ++k) {
    const double hz = static_cast<double>(k) * found.tone_hz;
    if (hz > std::min(kHighHz, rate_hz / 2.0 - rate_hz / static_cast<double>(rest.size()))) break;
    const double power = std::norm(view.line(hz)) / (tone * tone);
    found.harmonics_db.push_back(power_db(power));
    sum += power;
  }
  found.thd_db = power_db(sum);
}

}  // namespace

double Distortion::thd_percent() const noexcept { return 100.0 * std::pow(10.0, thd_db / 20.0); }

double Distortion::thd_n_percent() const noexcept {
  return 100.0 * std::pow(10.0, thd_n_db / 20.0);
}

Result<Distortion> measure_distortion(AudioView audio) {
  SYRINX_ASSIGN(const auto samples, steady_part(audio));
  const double rate_hz = audio.sample_rate_hz();
  const double bin_hz = rate_hz / static_cast<double>(samples.size());
  const LineView view(samples, rate_hz);
  const auto power = power_spectrum(samples, view);
  const auto coarse_hz = coarse_tone_hz(power, bin_hz);
  if (!coarse_hz)
    return make_error(ErrorCode::kInvalidArgument,
                      "distortion: no tone of at least twenty periods was found");
  Distortion found;
  found.tone_hz = refined_hz(samples, rate_hz, *coarse_hz);
  const auto line = view.line(found.tone_hz);
  found.tone_dbfs = power_db(std::norm(line));
  const auto rest = without_tone(samples, view, found.tone_hz, line);
  add_harmonics(found, rest, rate_hz);
  found.thd_n_db =
      power_db(band_power(power_spectrum(rest, view), bin_hz) / band_power(power, bin_hz));
  return found;
}

}  // namespace syrinx::measure
