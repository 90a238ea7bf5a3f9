// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <vector>

#include "syrinx/stages/effects/builtin.h"
#include "syrinx/stages/effects/delay_line.h"
#include "syrinx/stages/effects/dynamics.h"
#include "syrinx/stages/effects/ramp.h"

namespace syrinx::effects {
namespace {

enum : std::size_t { kDecay, kDamping, kSize, kPredelay, kMix };
constexpr Parameter kParameters[] = {
    {"decay_s", "s", 0.1, 20.0, 1.5, Change::kSmooth, Scale::kLogarithmic},
    {"damping", "", 0.0, 1.0, 0.5},
    {"size", "", 0.2, 2.0, 1.0, Change::kOnPrepare},
    {"predelay_ms", "ms", 0.0, 250.0, 10.0, Change::kOnPrepare},
    {"mix", "", 0.0, 1.0, 0.25}};

constexpr std::size_t kLines = 16;
// In ms at size 1: 19 to 79, by roughly equal factors, no two in a simple ratio.
constexpr double kLineMs[kLines] = {19.07, 21.31, 23.03, 25.61, 27.79, 30.59, 33.37, 36.73,
                                    40.09, 44.03, 48.29, 53.01, 58.21, 63.97, 70.61, 78.89};
constexpr double kDiffuserMs[] = {4.77, 3.59, 12.73, 9.31};
constexpr double kDiffusion = 0.6;
// At full damping the highest frequencies die away so many times faster than the lowest.
constexpr double kMostDamping = 10.0;

using Lines = std::array<double, kLines>;

// The Walsh-Hadamard transform over 4: keeps the energy and spreads each line over all.
void mix_lines(Lines& x) noexcept {
  for (std::size_t half = 1; half < kLines; half *= 2)
    for (std::size_t i = 0; i < kLines; i += 2 * half)
      for (std::size_t k = i; k < i + half; ++k) {
        const double a = x[k];
        const double b = x[k + half];
        x[k] = a + b;
        x[k + half] = a - b;
      }
  for (double& v : x) v /= 4.0;
}
// Row of the Hadamard matrix: rows are orthogonal, so that up to sixteen channels differ.
double sign(std::size_t row, std::size_t line) noexcept {
  std::size_t bits = (row % kLines) & line;
  bool odd = false;
  for (; bits != 0; bits &= bits - 1) odd = !odd;
  return odd ? -1.0 : 1.0;
}

// A Schroeder all-pass of many channels.
class Diffuser {
 public:
  Diffuser(std::size_t channels, std::size_t frames) : line_(channels, frames) {}
  void advance() noexcept { line_.advance(); }
  double process(std::size_t channel, double x) noexcept {
    const double past = line_.get(channel, line_.longest());
    const double inner = x - kDiffusion * past;
    line_.put(channel, static_cast<float>(inner));
    return past + kDiffusion * inner;
  }
  void clear() noexcept { line_.clear(); }

 private:
  DelayLine line_;
};

// A feedback delay network (J.-M. Jot and A. Chaigne, "Digital delay networks for designing
// artificial reverberators", AES 90, 1991): sixteen delays in a lossless loop, each with a filter
// that takes off, per round, what the decay asks of its length, and more at high frequencies.
class Reverb final : public Effect {
 public:
  Reverb() : Effect(kParameters) {}
  std::string_view name() const noexcept override { return "reverb"; }

 private:
  struct Loss {  // y = (1 - pole) gain x + pole y'
    double gain = 0.0;
    double pole = 0.0;
    double past = 0.0;
    double next(double x) noexcept {
      past = (1.0 - pole) * gain * x + pole * past;
      return past;
    }
  };

  Result<void> on_prepare() override {
    const double rate = format().sample_rate_hz;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < kLines; ++i) {
      delays_[i] = std::max<std::size_t>(2, frames_of_ms(kLineMs[i] * now(kSize), rate));
      longest = std::max(longest, delays_[i]);
    }
    loop_ = DelayLine(kLines, longest);
    predelay_ = DelayLine(format().channels, frames_of_ms(now(kPredelay), rate));
    diffusers_.clear();
    for (const double ms : kDiffuserMs)
      diffusers_.emplace_back(format().channels, std::max<std::size_t>(1, frames_of_ms(ms, rate)));
    return {};
  }
  // Jot's absorption: the gain per round at 0 Hz and at half the rate give the pole.
  void on_change() noexcept override {
    const double rate = format().sample_rate_hz;
    const double fast = now(kDecay) / (1.0 + (kMostDamping - 1.0) * now(kDamping));
    double energy = 0.0;
    for (std::size_t i = 0; i < kLines; ++i) {
      const double seconds = static_cast<double>(delays_[i]) / rate;
      const double low = std::pow(10.0, -3.0 * seconds / now(kDecay));
      const double ratio = std::pow(10.0, -3.0 * seconds / fast) / low;
      losses_[i].gain = low;
      losses_[i].pole = (1.0 - ratio) / (1.0 + ratio);
      energy += low * low / kLines;
    }
    wet_.aim(now(kMix) * std::sqrt(1.0 - energy));  // An impulse keeps its energy, but for damping.
    dry_.aim(1.0 - now(kMix));
  }
  void on_process(MutableAudioView part) noexcept override {
    for (std::size_t i = 0; i < part.frames(); ++i) {
      advance();
      Lines loop;
      for (std::size_t k = 0; k < kLines; ++k)
        loop[k] = losses_[k].next(loop_.get(k, delays_[k] - 1));
      const Lines heard = loop;
      mix_lines(loop);
      const double wet = wet_.next();
      const double dry = dry_.next();
      for (std::size_t c = 0; c < part.channels(); ++c) {
        float& x = part.channel(c)[i];
        inject(loop, c, diffuse(c, x), part.channels());
        x = static_cast<float>(dry * x + wet * tap(heard, c));
      }
      loop_.advance();
      for (std::size_t k = 0; k < kLines; ++k) loop_.put(k, static_cast<float>(loop[k]));
    }
  }
  void advance() noexcept {
    predelay_.advance();
    for (Diffuser& diffuser : diffusers_) diffuser.advance();
  }
  double diffuse(std::size_t channel, float x) noexcept {
    predelay_.put(channel, x);
    double y = predelay_.get(channel, predelay_.longest());
    for (Diffuser& diffuser : diffusers_) y = diffuser.process(channel, y);
    return y;
  }
  static void inject(Lines& loop, std::size_t channel, double x, std::size_t channels) noexcept {
    const double level = x / std::sqrt(static_cast<double>(kLines * channels));
    for (std::size_t k = 0; k < kLines; ++k) loop[k] += sign(channel, k) * level;
  }
  static double tap(const Lines& heard, std::size_t channel) noexcept {
    double sum = 0.0;
    for (std::size_t k = 0; k < kLines; ++k) sum += sign(channel + 1, k) * heard[k];
    return sum;
  }
  void on_reset() noexcept override {
    loop_.clear();
    predelay_.clear();
    for (Diffuser& diffuser : diffusers_) diffuser.clear();
    for (Loss& loss : losses_) loss.past = 0.0;
    wet_.finish();
    dry_.finish();
  }

  std::array<std::size_t, kLines> delays_{};
  std::array<Loss, kLines> losses_;
  DelayLine loop_, predelay_;
  std::vector<Diffuser> diffusers_;
  Ramp wet_, dry_;
};

}  // namespace

std::unique_ptr<Effect> make_reverb() { return std::make_unique<Reverb>(); }

}  // namespace syrinx::effects
