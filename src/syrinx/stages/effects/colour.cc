// SPDX-License-Identifier: Apache-2.0
// Presence, warmth and exciter: filters, and bent waves at four times the rate.
#include <numbers>
#include <optional>

#include "syrinx/core/dsp/biquad.h"
#include "syrinx/stages/effects/builtin.h"
#include "syrinx/stages/effects/delay_line.h"
#include "syrinx/stages/effects/eq_band.h"
#include "syrinx/stages/effects/oversampler.h"
#include "syrinx/stages/effects/ramp.h"

namespace syrinx::effects {
namespace {

constexpr std::size_t kOversamplingLatency = 2 * FourfoldFilter::kLatency;

// A filter of one section over all channels, whose band may move.
class BandFilter {
 public:
  Result<void> prepare(std::size_t channels) {
    const dsp::Biquad pass;
    SYRINX_ASSIGN(filter_, dsp::BiquadCascade::create({&pass, 1}, channels));
    return {};
  }
  void set(const EqBand& band, int rate_hz) noexcept {
    filter_->set_section(0, design(band, rate_hz)[0]);
  }
  void process(MutableAudioView part) noexcept { filter_->process(part); }
  void process(std::span<float> samples, std::size_t channel) noexcept {
    filter_->process(samples, channel);
  }
  void reset() noexcept { filter_->reset(); }

 private:
  std::optional<dsp::BiquadCascade> filter_;
};

// One channel at four times its rate and back.
struct Bender {
  Upsampler up;
  Downsampler down;

  template <class Curve>
  float process(float x, const Curve& curve) noexcept {
    auto fine = up.push(x);
    for (float& point : fine) point = static_cast<float>(curve(static_cast<double>(point)));
    return down.push(fine);
  }
  void clear() noexcept {
    up.clear();
    down.clear();
  }
};

constexpr Parameter kPresenceParameters[] = {
    {"amount_db", "dB", -12.0, 12.0, 3.0},
    {"hz", "Hz", 1'500.0, 8'000.0, 3'500.0, Change::kSmooth, Scale::kLogarithmic}};
constexpr double kPresenceQ = 0.8;

class Presence final : public Effect {
 public:
  Presence() : Effect(kPresenceParameters) {}
  std::string_view name() const noexcept override { return "presence"; }

 private:
  Result<void> on_prepare() override { return bell_.prepare(format().channels); }
  void on_change() noexcept override {
    bell_.set({BandType::kPeak, now(1), now(0), kPresenceQ}, format().sample_rate_hz);
  }
  void on_process(MutableAudioView part) noexcept override { bell_.process(part); }
  void on_reset() noexcept override { bell_.reset(); }

  BandFilter bell_;
};

namespace warmth {
enum : std::size_t { kShelf, kHz, kDrive };
constexpr Parameter kParameters[] = {
    {"shelf_db", "dB", 0.0, 12.0, 2.0},
    {"hz", "Hz", 60.0, 600.0, 200.0, Change::kSmooth, Scale::kLogarithmic},
    {"drive", "", 0.0, 1.0, 0.3}};
constexpr double kMostBend = 3.0;  // The g of tanh(g x) / g at full drive.
}  // namespace warmth

// A low shelf, then tanh(g x) / g with g = 3 drive: soft sounds pass as they are, and a tone of
// peak A gets a third harmonic g^2 A^2 / 12 below it, as long as that is small.
class Warmth final : public Effect {
 public:
  Warmth() : Effect(warmth::kParameters) {}
  std::string_view name() const noexcept override { return "warmth"; }
  std::size_t latency_samples() const noexcept override { return kOversamplingLatency; }

 private:
  Result<void> on_prepare() override {
    benders_.assign(format().channels, {});
    return shelf_.prepare(format().channels);
  }
  void on_change() noexcept override {
    shelf_.set(
        {BandType::kLowShelf, now(warmth::kHz), now(warmth::kShelf), std::numbers::sqrt2 / 2.0},
        format().sample_rate_hz);
    bend_.aim(warmth::kMostBend * now(warmth::kDrive));
  }
  void on_process(MutableAudioView part) noexcept override {
    shelf_.process(part);
    const Ramp start = bend_;
    for (std::size_t c = 0; c < part.channels(); ++c) {
      bend_ = start;
      for (float& x : part.channel(c)) {
        const double g = bend_.next();
        x = benders_[c].process(x, [g](double v) { return g < 1e-3 ? v : std::tanh(g * v) / g; });
      }
    }
  }
  void on_reset() noexcept override {
    shelf_.reset();
    bend_.finish();
    for (Bender& bender : benders_) bender.clear();
  }

  BandFilter shelf_;
  std::vector<Bender> benders_;
  Ramp bend_;
};

namespace exciter {
enum : std::size_t { kHz, kDrive, kAmount };
constexpr Parameter kParameters[] = {
    {"hz", "Hz", 1'000.0, 10'000.0, 3'500.0, Change::kSmooth, Scale::kLogarithmic},
    {"drive_db", "dB", 0.0, 40.0, 18.0},
    {"amount", "", 0.0, 1.0, 0.2}};
constexpr double kBias = 0.4;  // Uneven halves, for even harmonics.
}  // namespace exciter

// The sound, and on top of it `amount` times its highs bent by tanh(drive highs + bias), without
// what the bending put below the highs.
class Exciter final : public Effect {
 public:
  Exciter() : Effect(exciter::kParameters) {}
  std::string_view name() const noexcept override { return "exciter"; }
  std::size_t latency_samples() const noexcept override { return kOversamplingLatency; }

 private:
  Result<void> on_prepare() override {
    benders_.assign(format().channels, {});
    sound_ = DelayLine(format().channels, kOversamplingLatency);
    high_ = AudioBuffer(format().channels, kPartFrames, format().sample_rate_hz);
    SYRINX_TRY(before_.prepare(format().channels));
    return after_.prepare(format().channels);
  }
  void on_change() noexcept override {
    const EqBand high{BandType::kHighPass12, now(exciter::kHz), 0.0, std::numbers::sqrt2 / 2.0};
    before_.set(high, format().sample_rate_hz);
    after_.set(high, format().sample_rate_hz);
    drive_.aim(from_db(now(exciter::kDrive)));
    amount_.aim(now(exciter::kAmount));
  }
  void on_process(MutableAudioView part) noexcept override {
    const MutableAudioView high = high_.view().slice(0, part.frames());
    for (std::size_t c = 0; c < part.channels(); ++c)
      std::copy(part.channel(c).begin(), part.channel(c).end(), high.channel(c).begin());
    before_.process(high);
    bend(high);
    after_.process(high);
    sound_.process(part);
    const Ramp start = amount_;
    for (std::size_t c = 0; c < part.channels(); ++c) {
      amount_ = start;
      for (std::size_t i = 0; i < part.frames(); ++i)
        part.channel(c)[i] =
            static_cast<float>(part.channel(c)[i] + amount_.next() * high.channel(c)[i]);
    }
  }
  void bend(MutableAudioView high) noexcept {
    const Ramp start = drive_;
    for (std::size_t c = 0; c < high.channels(); ++c) {
      drive_ = start;
      for (float& x : high.channel(c)) {
        const double g = drive_.next();
        x = benders_[c].process(
            x, [this, g](double v) { return (std::tanh(g * v + exciter::kBias) - rest_) / g; });
      }
    }
  }
  void on_reset() noexcept override {
    before_.reset();
    after_.reset();
    sound_.clear();
    drive_.finish();
    amount_.finish();
    for (Bender& bender : benders_) bender.clear();
  }

  BandFilter before_, after_;
  std::vector<Bender> benders_;
  DelayLine sound_;
  AudioBuffer high_;
  Ramp drive_{1.0}, amount_;
  double rest_ = std::tanh(exciter::kBias);
};

}  // namespace

std::unique_ptr<Effect> make_presence() { return std::make_unique<Presence>(); }
std::unique_ptr<Effect> make_warmth() { return std::make_unique<Warmth>(); }
std::unique_ptr<Effect> make_exciter() { return std::make_unique<Exciter>(); }

}  // namespace syrinx::effects
