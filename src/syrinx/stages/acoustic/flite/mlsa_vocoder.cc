// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/flite/mlsa_vocoder.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "syrinx/core/base/check.h"

namespace syrinx::acoustic::flite {
namespace {

constexpr std::size_t kStages = 5;  // Of the Pade approximation of exp.
// Stages are worked on side by side, two in a vector register; one more fills the last.
constexpr std::size_t kLanes = 6;
using Lanes = std::array<double, kLanes>;
typedef double Row __attribute__((vector_size(16)));
constexpr std::size_t kRows = kLanes / 2;
using Rows = std::array<Row, kRows>;

// Modified Pade coefficients (Imai, Sumita and Furuichi 1983), those of stages 1 to 5.
constexpr std::array<double, kStages> kPade{0.4999391, 0.1107098, 0.01369984, 0.0009564853,
                                            0.00003041721};

// 1 or -1, as likely: BSD's additive generator of 31 words (x^31 + x^3 + 1) from the seed 1, which
// is what rand() is on Linux, with a state of its own.
class NoiseSigns {
 public:
  NoiseSigns() {
    std::int64_t word = 1;
    for (std::uint32_t& state : state_) {
      state = static_cast<std::uint32_t>(word);
      word = 16'807 * word % 2'147'483'647;
    }
    for (int i = 0; i < 310; ++i) (void)next();
  }
  double next() {
    state_[front_] += state_[back_];
    const bool high = (state_[front_] & 0x8000'0000U) != 0;
    front_ = (front_ + 1) % kWords;
    back_ = (back_ + 1) % kWords;
    return high ? 1.0 : -1.0;
  }

 private:
  static constexpr std::size_t kWords = 31;
  std::array<std::uint32_t, kWords> state_;
  std::size_t front_ = 3;
  std::size_t back_ = 0;
};

// The energy of the impulse response of two filters at once, by their coefficients.
class FilterEnergy {
 public:
  using Pair = std::array<double, 2>;

  FilterEnergy(std::size_t order, double warping) : warping_(warping), cepstrum_(order + 1) {}

  Pair of(std::span<const double> first, std::span<const double> second) {
    to_cepstrum(first, 0);
    to_cepstrum(second, 1);
    unwarp();
    return energy();
  }

 private:
  static constexpr std::size_t kTaps = 64;

  // Filter coefficients to a mel-cepstrum.
  void to_cepstrum(std::span<const double> filter, std::size_t which) {
    const std::size_t order = filter.size() - 1;
    cepstrum_[order][which] = filter[order];
    for (std::size_t k = order; k-- > 0;)
      cepstrum_[k][which] = filter[k] + warping_ * filter[k + 1];
  }

  // The mel-cepstrum on a straight frequency scale (Oppenheim and Johnson 1972).
  void unwarp() {
    const double a = -warping_;
    const double rest = 1 - a * a;
    straight_ = {};
    for (std::size_t k = cepstrum_.size(); k-- > 0;) {
      Pair before = straight_[0];
      for (std::size_t w = 0; w < 2; ++w) straight_[0][w] = cepstrum_[k][w] + a * straight_[0][w];
      Pair now = straight_[1];
      for (std::size_t w = 0; w < 2; ++w) straight_[1][w] = rest * before[w] + a * now[w];
      Pair last = straight_[1];
      before = now;
      for (std::size_t j = 2; j < kTaps; ++j) {
        now = straight_[j];
        for (std::size_t w = 0; w < 2; ++w) last[w] = before[w] + a * (now[w] - last[w]);
        straight_[j] = last;
        before = now;
      }
    }
  }

  // Of the minimum-phase response of that cepstrum.
  Pair energy() {
    std::array<Pair, kTaps> weighted;
    for (std::size_t k = 0; k < kTaps; ++k) {
      for (std::size_t w = 0; w < 2; ++w) weighted[k][w] = static_cast<double>(k) * straight_[k][w];
    }
    std::array<Pair, kTaps> response;
    response[0] = {std::exp(straight_[0][0]), std::exp(straight_[0][1])};
    for (std::size_t n = 1; n < kTaps; ++n) {
      Pair sum{};
      for (std::size_t k = 1; k <= n; ++k) {
        for (std::size_t w = 0; w < 2; ++w) sum[w] += weighted[k][w] * response[n - k][w];
      }
      for (std::size_t w = 0; w < 2; ++w) response[n][w] = sum[w] / static_cast<double>(n);
    }
    Pair energy{};
    for (const Pair& tap : response) {
      for (std::size_t w = 0; w < 2; ++w) energy[w] += tap[w] * tap[w];
    }
    return energy;
  }

  const double warping_;
  std::vector<Pair> cepstrum_;
  std::array<Pair, kTaps> straight_;
};

// A cepstrum as the filter's coefficients, its formants sharpened and its energy kept.
class FrameFilter {
 public:
  // Their product is taken as floats have it, as Flite does.
  FrameFilter(std::size_t order, float warping, float postfilter)
      : warping_(static_cast<double>(warping)),
        postfilter_(static_cast<double>(postfilter)),
        second_share_(static_cast<double>(postfilter * warping)),
        energy_(order, warping_) {}

  // `cepstrum` has a coefficient less than `filter`; the last is 0.
  void make(std::span<const float> cepstrum, std::vector<double>& filter) {
    filter.back() = 0;
    for (std::size_t k = cepstrum.size(); k-- > 0;)
      filter[k] = static_cast<double>(cepstrum[k]) - warping_ * filter[k + 1];
    if (postfilter_ > 0) sharpen(static_cast<double>(cepstrum[2]), filter);
  }

 private:
  void sharpen(double second, std::vector<double>& filter) {
    plain_ = filter;
    filter[1] -= second_share_ * second;
    for (std::size_t k = 2; k < filter.size(); ++k) filter[k] *= 1.0 + postfilter_;
    const auto [before, after] = energy_.of(plain_, filter);
    filter[0] += std::log(before / after) / 2.0;
  }

  const double warping_;
  const double postfilter_;
  const double second_share_;
  FilterEnergy energy_;
  std::vector<double> plain_;
};

// Pulses at the pitch and noise, each shaped as a frame's strengths have it.
class Excitation {
 public:
  explicit Excitation(const MlsaSettings& settings)
      : settings_(settings),
        taps_(settings.bands.front().size()),
        pulse_shape_(taps_),
        noise_shape_(taps_),
        pulses_(taps_ + settings.hop_samples),
        noise_(taps_ + settings.hop_samples),
        shaped_pulses_(settings.hop_samples),
        shaped_noise_(settings.hop_samples) {}

  void begin(double f0_hz) { interval_ = since_pulse_ = interval_of(f0_hz); }

  // A hop of it, from the frame before to this one.
  void make(double f0_hz, std::span<const float> strengths, std::span<double> out) {
    draw(interval_of(f0_hz));
    shape(strengths);
    filter(pulse_shape_, pulses_, shaped_pulses_);
    filter(noise_shape_, noise_, shaped_noise_);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = shaped_pulses_[i] + shaped_noise_[i];
  }

 private:
  double interval_of(double f0_hz) const {
    return f0_hz != 0 ? settings_.sample_rate_hz / f0_hz : 0;
  }

  void draw(double next_interval) {
    const auto hop = static_cast<std::ptrdiff_t>(settings_.hop_samples);
    for (auto* signal : {&pulses_, &noise_})
      std::copy(signal->begin() + hop, signal->end(), signal->begin());
    double step = 0;
    if (interval_ != 0 && next_interval != 0) {
      step = (next_interval - interval_) / static_cast<double>(hop);
    } else {
      since_pulse_ = next_interval;
      interval_ = 0;
    }
    for (std::size_t i = taps_; i < pulses_.size(); ++i) {
      pulses_[i] = interval_ == 0 ? 0 : next_pulse();
      noise_[i] = signs_.next();
      interval_ += step;
    }
    interval_ = next_interval;
  }

  double next_pulse() {
    since_pulse_ += 1;
    if (since_pulse_ < interval_) return 0;
    since_pulse_ -= interval_;
    return std::sqrt(interval_);
  }

  void shape(std::span<const float> strengths) {
    std::fill(pulse_shape_.begin(), pulse_shape_.end(), 0.0);
    std::fill(noise_shape_.begin(), noise_shape_.end(), 0.0);
    for (std::size_t band = 0; band < settings_.bands.size(); ++band) {
      const auto pulses = static_cast<double>(strengths[band]);
      const auto noise = static_cast<double>(1.0F - strengths[band]);
      for (std::size_t k = 0; k < taps_; ++k) {
        pulse_shape_[k] += pulses * settings_.bands[band][k];
        noise_shape_[k] += noise * settings_.bands[band][k];
      }
    }
  }

  // From the last tap to the first, a hop of samples at a time. As in Flite, whose filter moves its
  // past on too early, every tap but the first looks one sample further back than it should.
  void filter(const std::vector<double>& taps, const std::vector<double>& in,
              std::vector<double>& out) const {
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t k = taps_; k-- > 0;) {
      const double* from = in.data() + taps_ - (k > 0 ? k + 1 : 0);
      for (std::size_t i = 0; i < out.size(); ++i) out[i] += taps[k] * from[i];
    }
  }

  const MlsaSettings& settings_;
  const std::size_t taps_;
  NoiseSigns signs_;
  double interval_ = 0;  // Samples between pulses; 0 without a voice.
  double since_pulse_ = 0;
  std::vector<double> pulse_shape_;
  std::vector<double> noise_shape_;
  std::vector<double> pulses_;  // As many of the past as there are taps, then a hop.
  std::vector<double> noise_;
  std::vector<double> shaped_pulses_;
  std::vector<double> shaped_noise_;
};

// exp of the cepstrum's transfer function: one cascade for its first coefficient, one for the
// others, each of kStages stages that take what the stage before gave a sample ago.
class MlsaFilter {
 public:
  MlsaFilter(std::size_t order, double warping)
      : warping_(warping), rest_(1 - warping * warping), delays_(order + 1) {}

  double next(double x, const std::vector<double>& filter) {
    return others(first(x, filter[1]), filter);
  }

 private:
  double first(double x, double coefficient) {
    Lanes given;
    for (std::size_t s = 0; s < kLanes; ++s) {
      first_delay_[s] = rest_ * first_given_[s] + warping_ * first_delay_[s];
      given[s] = first_delay_[s] * coefficient;
    }
    return sum(x, given, first_given_);
  }

  double others(double x, const std::vector<double>& filter) {
    Rows before = delays_[1];
    Rows last;
    for (std::size_t r = 0; r < kRows; ++r) {
      const Row given{others_given_[2 * r], others_given_[2 * r + 1]};
      last[r] = rest_ * given + warping_ * before[r];
    }
    delays_[1] = last;
    Rows sums{};
    for (std::size_t k = 2; k < delays_.size(); ++k) {
      const Rows now = delays_[k];
      for (std::size_t r = 0; r < kRows; ++r) {
        last[r] = before[r] + warping_ * (now[r] - last[r]);
        sums[r] += last[r] * filter[k];
      }
      delays_[k] = last;
      before = now;
    }
    Lanes given;
    for (std::size_t s = 0; s < kLanes; ++s) given[s] = sums[s / 2][s % 2];
    return sum(x, given, others_given_);
  }

  // The approximation of what the stages gave; each stage's goes to the next, x with the feedback
  // to the first.
  static double sum(double x, const Lanes& given, Lanes& next) {
    double out = 0;
    for (std::size_t s = kStages; s-- > 0;) {
      const double v = given[s] * kPade[s];
      x += s % 2 == 0 ? v : -v;
      out += v;
      next[s + 1] = given[s];
    }
    next[0] = x;
    return out + x;
  }

  const double warping_;
  const double rest_;
  std::vector<Rows> delays_;  // From 1 on.
  Lanes first_delay_{};
  Lanes first_given_{};  // What each stage takes next; the last is of no stage.
  Lanes others_given_{};
};

std::int16_t to_sample(double x) {
  return static_cast<std::int16_t>(std::clamp(std::isfinite(x) ? x : 0.0, -32'768.0, 32'767.0));
}

class MlsaVocoder {
 public:
  MlsaVocoder(const MlsaSettings& settings, const MlsaFrames& frames)
      : settings_(settings),
        frames_(frames),
        excitation_(settings),
        frame_filter_(frames.order, settings.warping, settings.postfilter),
        filter_(frames.order, static_cast<double>(settings.warping)),
        gain_(static_cast<double>(settings.gain)),
        now_(frames.order + 1),
        next_(frames.order + 1),
        step_(frames.order + 1),
        excited_(settings.hop_samples) {}

  std::vector<std::int16_t> run() {
    std::vector<std::int16_t> sound;
    if (frames_.f0_hz.empty()) return sound;
    sound.reserve((frames_.f0_hz.size() - 1) * settings_.hop_samples);
    excitation_.begin(static_cast<double>(frames_.f0_hz[0]));
    frame_filter_.make(cepstrum(0), now_);
    for (std::size_t frame = 1; frame < frames_.f0_hz.size(); ++frame) say(frame, sound);
    return sound;
  }

 private:
  std::span<const float> cepstrum(std::size_t frame) const {
    return std::span(frames_.cepstra).subspan(frame * frames_.order, frames_.order);
  }

  // The hop from the frame before to this one, coefficients gliding.
  void say(std::size_t frame, std::vector<std::int16_t>& sound) {
    const std::size_t bands = settings_.bands.size();
    frame_filter_.make(cepstrum(frame), next_);
    for (std::size_t k = 0; k < now_.size(); ++k)
      step_[k] = (next_[k] - now_[k]) / static_cast<double>(settings_.hop_samples);
    excitation_.make(static_cast<double>(frames_.f0_hz[frame]),
                     std::span(frames_.strengths).subspan(frame * bands, bands), excited_);
    for (const double excited : excited_) {
      sound.push_back(to_sample(filter_.next(excited * (std::exp(now_[0]) * gain_), now_)));
      for (std::size_t k = 0; k < now_.size(); ++k) now_[k] += step_[k];
    }
    now_ = next_;
  }

  const MlsaSettings& settings_;
  const MlsaFrames& frames_;
  Excitation excitation_;
  FrameFilter frame_filter_;
  MlsaFilter filter_;
  const double gain_;
  std::vector<double> now_;
  std::vector<double> next_;
  std::vector<double> step_;
  std::vector<double> excited_;
};

}  // namespace

std::vector<std::int16_t> mlsa_sound(const MlsaSettings& settings, const MlsaFrames& frames) {
  const std::size_t count = frames.f0_hz.size();
  SYRINX_CHECK(frames.order >= 3 && frames.cepstra.size() == count * frames.order,
               "each frame has a cepstrum");
  SYRINX_CHECK(!settings.bands.empty() && settings.hop_samples > 0, "there are bands and samples");
  SYRINX_CHECK(frames.strengths.size() == count * settings.bands.size(),
               "each frame has a strength for each band");
  return MlsaVocoder(settings, frames).run();
}

}  // namespace syrinx::acoustic::flite
