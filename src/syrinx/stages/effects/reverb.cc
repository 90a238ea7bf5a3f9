// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>
#include <vector>

#include "syrinx/stages/effects/builtin.h"
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
constexpr float kDiffusion = 0.6f;
// At full damping the highest frequencies die away so many times faster than the lowest.
constexpr double kMostDamping = 10.0;

// A chunk of every line, so that all arithmetic but the damping runs along time.
constexpr std::size_t kChunk = 64;
using Chunk = std::array<float, kChunk>;
using Lines = std::array<Chunk, kLines>;

// The Walsh-Hadamard transform over 4: keeps the energy and spreads each line over all.
void mix_lines(Lines& x, std::size_t frames) noexcept {
  for (std::size_t half = 1; half < kLines; half *= 2) {
    for (std::size_t k = 0; k < kLines; ++k) {
      if ((k & half) != 0) continue;
      float* a = x[k].data();
      float* b = x[k + half].data();
      const float scale = half == 1 ? 0.25f : 1.0f;
      for (std::size_t i = 0; i < frames; ++i) {
        const float p = scale * a[i];
        const float q = scale * b[i];
        a[i] = p + q;
        b[i] = p - q;
      }
    }
  }
}
// Row of the Hadamard matrix: rows are orthogonal, so that up to sixteen channels differ.
float sign(std::size_t row, std::size_t line) noexcept {
  return std::popcount((row % kLines) & line) % 2 != 0 ? -1.0f : 1.0f;
}

// A delay of a fixed length by which chunks no longer than itself are read, then written.
class Ring {
 public:
  Ring() = default;
  explicit Ring(std::size_t frames) : samples_(frames) {}
  std::size_t frames() const noexcept { return samples_.size(); }
  // Pre: out.size() <= frames().
  void read(std::span<float> out) const noexcept {
    const std::size_t first = std::min(out.size(), samples_.size() - at_);
    std::copy_n(samples_.begin() + static_cast<std::ptrdiff_t>(at_), first, out.begin());
    std::copy_n(samples_.begin(), out.size() - first,
                out.begin() + static_cast<std::ptrdiff_t>(first));
  }
  // In place of what was read.
  void write(std::span<const float> in) noexcept {
    const std::size_t first = std::min(in.size(), samples_.size() - at_);
    std::copy_n(in.begin(), first, samples_.begin() + static_cast<std::ptrdiff_t>(at_));
    std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(first), in.size() - first,
                samples_.begin());
    at_ += in.size();
    if (at_ >= samples_.size()) at_ -= samples_.size();
  }
  void clear() noexcept { std::fill(samples_.begin(), samples_.end(), 0.0f); }

 private:
  std::vector<float> samples_;
  std::size_t at_ = 0;
};

// A Schroeder all-pass.
class Diffuser {
 public:
  explicit Diffuser(std::size_t frames) : ring_(frames) {}
  std::size_t frames() const noexcept { return ring_.frames(); }
  void process(std::span<float> x) noexcept {
    Chunk past;
    Chunk inner;
    ring_.read(std::span(past).first(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i) {
      inner[i] = x[i] - kDiffusion * past[i];
      x[i] = past[i] + kDiffusion * inner[i];
    }
    ring_.write(std::span(inner).first(x.size()));
  }
  void clear() noexcept { ring_.clear(); }

 private:
  Ring ring_;
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
    float gain = 0.0f;
    float pole = 0.0f;
    float past = 0.0f;
  };
  // Eight lines side by side: one alone would wait for itself from sample to sample.
  static void damp(Loss* losses, Chunk* lines, std::size_t frames) noexcept {
    constexpr std::size_t kTogether = 8;
    float in[kTogether];
    float pole[kTogether];
    float past[kTogether];
    for (std::size_t k = 0; k < kTogether; ++k) {
      pole[k] = losses[k].pole;
      in[k] = (1.0f - pole[k]) * losses[k].gain;
      past[k] = losses[k].past;
    }
    for (std::size_t i = 0; i < frames; ++i)
      for (std::size_t k = 0; k < kTogether; ++k)
        lines[k][i] = past[k] = in[k] * lines[k][i] + pole[k] * past[k];
    for (std::size_t k = 0; k < kTogether; ++k) losses[k].past = past[k];
  }
  // One channel on its way into the loop.
  struct Entrance {
    Ring predelay;
    std::vector<Diffuser> diffusers;

    void process(std::span<float> x) noexcept {
      if (predelay.frames() > 0) {
        Chunk past;
        predelay.read(std::span(past).first(x.size()));
        predelay.write(x);
        std::copy_n(past.begin(), x.size(), x.begin());
      }
      for (Diffuser& diffuser : diffusers) diffuser.process(x);
    }
  };

  Result<void> on_prepare() override {
    const double rate = format().sample_rate_hz;
    chunk_frames_ = kChunk;
    const auto ring = [&](double ms, std::size_t least) {
      Ring made(std::max(least, frames_of_ms(ms, rate)));
      if (made.frames() > 0) chunk_frames_ = std::min(chunk_frames_, made.frames());
      return made;
    };
    for (std::size_t i = 0; i < kLines; ++i) loop_[i] = ring(kLineMs[i] * now(kSize), 2);
    entrances_.assign(format().channels, {});
    for (Entrance& entrance : entrances_) {
      entrance.predelay = ring(now(kPredelay), 0);
      for (const double ms : kDiffuserMs) entrance.diffusers.emplace_back(ring(ms, 1).frames());
    }
    return {};
  }
  // Jot's absorption: the gain per round at 0 Hz and at half the rate give the pole.
  void on_change() noexcept override {
    const double rate = format().sample_rate_hz;
    const double fast = now(kDecay) / (1.0 + (kMostDamping - 1.0) * now(kDamping));
    double energy = 0.0;
    for (std::size_t i = 0; i < kLines; ++i) {
      const double seconds = static_cast<double>(loop_[i].frames()) / rate;
      const double low = std::pow(10.0, -3.0 * seconds / now(kDecay));
      const double ratio = std::pow(10.0, -3.0 * seconds / fast) / low;
      losses_[i].gain = static_cast<float>(low);
      losses_[i].pole = static_cast<float>((1.0 - ratio) / (1.0 + ratio));
      energy += low * low / kLines;
    }
    wet_.aim(now(kMix) * std::sqrt(1.0 - energy));  // An impulse keeps its energy, but for damping.
    dry_.aim(1.0 - now(kMix));
  }
  void on_process(MutableAudioView part) noexcept override {
    for (std::size_t at = 0; at < part.frames(); at += chunk_frames_)
      process_chunk(part.slice(at, std::min(chunk_frames_, part.frames() - at)));
  }
  void process_chunk(MutableAudioView part) noexcept {
    const std::size_t frames = part.frames();
    Lines heard;
    for (std::size_t k = 0; k < kLines; ++k) {
      loop_[k].read(std::span(heard[k]).first(frames));
    }
    damp(losses_.data(), heard.data(), frames);
    damp(losses_.data() + kLines / 2, heard.data() + kLines / 2, frames);
    Lines loop = heard;
    mix_lines(loop, frames);
    Chunk wet;
    Chunk dry;
    for (std::size_t i = 0; i < frames; ++i) {
      wet[i] = static_cast<float>(wet_.next());
      dry[i] = static_cast<float>(dry_.next());
    }
    for (std::size_t c = 0; c < part.channels(); ++c) {
      inject(loop, c, part.channel(c), part.channels());
      give_out(heard, c, wet, dry, part.channel(c));
    }
    for (std::size_t k = 0; k < kLines; ++k) loop_[k].write(std::span(loop[k]).first(frames));
  }
  void inject(Lines& loop, std::size_t channel, std::span<const float> given,
              std::size_t channels) noexcept {
    Chunk diffuse;
    std::copy(given.begin(), given.end(), diffuse.begin());
    entrances_[channel].process(std::span(diffuse).first(given.size()));
    const float share = 1.0f / std::sqrt(static_cast<float>(kLines * channels));
    for (std::size_t k = 0; k < kLines; ++k) {
      const float level = sign(channel, k) * share;
      for (std::size_t i = 0; i < given.size(); ++i) loop[k][i] += level * diffuse[i];
    }
  }
  static void give_out(const Lines& heard, std::size_t channel, const Chunk& wet, const Chunk& dry,
                       std::span<float> out) noexcept {
    Chunk sum{};
    for (std::size_t k = 0; k < kLines; ++k) {
      const float level = sign(channel + 1, k);
      for (std::size_t i = 0; i < out.size(); ++i) sum[i] += level * heard[k][i];
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = dry[i] * out[i] + wet[i] * sum[i];
  }
  void on_reset() noexcept override {
    for (Ring& line : loop_) line.clear();
    for (Entrance& entrance : entrances_) {
      entrance.predelay.clear();
      for (Diffuser& diffuser : entrance.diffusers) diffuser.clear();
    }
    for (Loss& loss : losses_) loss.past = 0.0f;
    wet_.finish();
    dry_.finish();
  }

  std::array<Ring, kLines> loop_;
  std::array<Loss, kLines> losses_;
  std::vector<Entrance> entrances_;
  std::size_t chunk_frames_ = 1;  // No longer than the shortest delay.
  Ramp wet_, dry_;
};

}  // namespace

std::unique_ptr<Effect> make_reverb() { return std::make_unique<Reverb>(); }

}  // namespace syrinx::effects
