// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/pitch/formants.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "syrinx/core/dsp/pitch/pitch_frames.h"
#include "syrinx/core/dsp/resonances.h"
#include "syrinx/core/flow/mono.h"
#include "syrinx/stages/measure/level/level_view.h"

namespace syrinx::measure {
namespace {

constexpr double kEdgeHz = 50.0;  // Nearer to 0 or the ceiling, a root is no formant.

Result<void> check(AudioView audio, const FormantOptions& o) {
  SYRINX_TRY(check_measurable("formants", audio));
  if (!(o.ceiling_hz >= 1'000.0 && o.ceiling_hz <= 12'000.0) || o.most_formants < 1 ||
      o.most_formants > 8 || !(o.hop_s >= 0.001 && o.hop_s <= 1.0) ||
      !(o.window_s >= 0.01 && o.window_s <= 0.2) || !(o.emphasis_from_hz >= 0.0))
    return make_error(
        ErrorCode::kInvalidArgument, "formants: ", o.most_formants, " formants below ",
        o.ceiling_hz, " Hz, a hop of ", o.hop_s, " s and a window of ", o.window_s,
        " s were asked for; give 1 to 8 below 1000 to 12000 Hz, 0.001 to 1 s, 0.01 to "
        "0.2 s");
  return {};
}

// A Hann-windowed sinc of many zeros to each side, read off a table.
class SincTable {
 public:
  static constexpr std::size_t kZeros = 200;

  SincTable() : values_(kZeros * kSteps + 2) {
    values_[0] = 1.0;
    for (std::size_t i = 1; i < kZeros * kSteps; ++i) {
      const double away = std::numbers::pi * static_cast<double>(i) / kSteps;
      values_[i] = std::sin(away) / away * (0.5 + 0.5 * std::cos(away / kZeros));
    }
  }
  // Pre: zeros is at most kZeros.
  double at(double zeros) const noexcept {
    const double place = std::abs(zeros) * kSteps;
    const auto below = static_cast<std::size_t>(place);
    const double part = place - static_cast<double>(below);
    return values_[below] + part * (values_[below + 1] - values_[below]);
  }

 private:
  static constexpr std::size_t kSteps = 1'024;  // Per zero: lines between err by 1e-6.
  std::vector<double> values_;
};

// Cuts at the ceiling itself. A resampler made for listening cuts some 10 % below, and the
// prediction then spends its poles on that slope and draws every formant downwards.
dsp::PitchSound at_twice_ceiling(AudioView audio, double ceiling_hz) {
  static const SincTable kSinc;
  const auto mono = mean_of_channels(audio);
  const double step = audio.sample_rate_hz() / (2.0 * ceiling_hz);  // Given samples per new one.
  const double cut = std::min(1.0, 1.0 / step);
  const double reach = SincTable::kZeros / cut;
  dsp::PitchSound sound{{}, static_cast<int>(std::lround(2.0 * ceiling_hz))};
  const auto count = static_cast<std::size_t>(static_cast<double>(mono.size()) / step);
  for (std::size_t n = 0; n < count; ++n) {
    const double at = static_cast<double>(n) * step;
    const auto first = static_cast<std::size_t>(std::max(std::ceil(at - reach), 0.0));
    const auto last = std::min(mono.size() - 1, static_cast<std::size_t>(at + reach));
    double sum = 0.0;
    for (std::size_t i = first; i <= last; ++i) {
      sum += mono[i] * kSinc.at(cut * (at - static_cast<double>(i)));
    }
    sound.samples.push_back(static_cast<float>(cut * sum));
  }
  return sound;
}

void emphasise(dsp::PitchSound& sound, double from_hz) {
  const double keep = std::exp(-2.0 * std::numbers::pi * from_hz / sound.sample_rate_hz);
  for (std::size_t i = sound.samples.size(); i-- > 1;) {
    sound.samples[i] -= static_cast<float>(keep * static_cast<double>(sound.samples[i - 1]));
  }
}

// exp(-12 (2t)^2) over the window, lowered to be 0 at its ends.
std::vector<double> gaussian_window(std::size_t samples) {
  const double middle = 0.5 * static_cast<double>(samples + 1);
  const double edge = std::exp(-12.0);
  std::vector<double> window(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const double away = (static_cast<double>(i + 1) - middle) / static_cast<double>(samples + 1);
    window[i] = (std::exp(-48.0 * away * away) - edge) / (1.0 - edge);
  }
  return window;
}

std::vector<Formant> formants_of(const std::vector<double>& prediction, double rate_hz,
                                 std::size_t most) {
  std::vector<Formant> found;
  for (const auto& one : dsp::resonances_of(prediction, rate_hz)) {
    if (one.hz < kEdgeHz || one.hz > rate_hz / 2.0 - kEdgeHz) continue;
    found.push_back({one.hz, one.bandwidth_hz});
  }
  if (found.size() > most) found.resize(most);
  return found;
}

}  // namespace

std::vector<double> burg_prediction(std::span<const double> x, std::size_t order) {
  std::vector<double> a(order);
  if (x.size() <= order) return a;
  std::vector<double> forward(x.begin(), x.end());
  std::vector<double> backward(x.begin(), x.end());
  for (std::size_t m = 0; m < order; ++m) {
    double product = 0.0;
    double power = 0.0;
    for (std::size_t i = m + 1; i < x.size(); ++i) {
      product += forward[i] * backward[i - 1];
      power += forward[i] * forward[i] + backward[i - 1] * backward[i - 1];
    }
    if (!(power > 0.0)) return a;
    const double reflection = 2.0 * product / power;
    const std::vector<double> former(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(m));
    for (std::size_t i = 0; i < m; ++i) a[i] = former[i] - reflection * former[m - 1 - i];
    a[m] = reflection;
    for (std::size_t i = x.size() - 1; i > m; --i) {
      const double ahead = forward[i];
      forward[i] = ahead - reflection * backward[i - 1];
      backward[i] = backward[i - 1] - reflection * ahead;
    }
  }
  return a;
}

double FormantTrack::median_hz(std::size_t index, const std::vector<bool>& use) const {
  std::vector<double> values;
  for (std::size_t t = 0; t < frames.size(); ++t) {
    const bool used = use.empty() || (t < use.size() && use[t]);
    if (used && frames[t].size() > index) values.push_back(frames[t][index].hz);
  }
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  return percentile_of_sorted(values, 0.5);
}

Result<FormantTrack> track_formants(AudioView audio, const FormantOptions& options) {
  SYRINX_TRY(check(audio, options));
  dsp::PitchSound sound = at_twice_ceiling(audio, std::round(options.ceiling_hz));
  emphasise(sound, options.emphasis_from_hz);
  const auto plan = dsp::plan_frames(audio.duration_s(), options.window_s, options.hop_s);
  const auto window =
      gaussian_window(static_cast<std::size_t>(options.window_s * sound.sample_rate_hz));
  FormantTrack track{plan.first_s, plan.hop_s, {}};
  std::vector<float> samples(window.size());
  std::vector<double> frame(window.size());
  for (std::size_t t = 0; t < plan.frames; ++t) {
    sound.copy_around(plan.time_s(t), samples);
    for (std::size_t i = 0; i < frame.size(); ++i) {
      frame[i] = static_cast<double>(samples[i]) * window[i];
    }
    track.frames.push_back(formants_of(burg_prediction(frame, 2 * options.most_formants),
                                       sound.sample_rate_hz, options.most_formants));
  }
  return track;
}

}  // namespace syrinx::measure
