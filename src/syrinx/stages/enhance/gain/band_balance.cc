// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/gain/band_balance.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <utility>
#include <vector>

namespace syrinx::enhance {
namespace {

constexpr double kHopS = 0.01;
// Half of a shelf's gain is there: so far from the band that all of it is at the band's edge, where
// speech has most of the band's power.
constexpr double kLowShelfHz = 1.6 * kLowBandHz;
constexpr double kHighShelfHz = kHighBandHz / 1.6;
constexpr double kDbPerS = 3.0;
constexpr double kUsualDb = 4.0;             // By which voices differ.
constexpr double kLeastRatio = 4.0;          // Of speech over background, to be raised: 6 dB.
constexpr std::uint64_t kFirstHops = 150;    // Of speech before anything is corrected.
constexpr std::uint64_t kMemoryHops = 1000;  // Of speech that the means are over.

struct ThirdOctave {
  double hz;
  double level_db;
};

// Byrne et al. 1994, table II: men and women of twelve languages together.
constexpr std::array<ThirdOctave, 20> kSpeech = {
    {{100, 54.4},   {125, 57.7},   {160, 56.8},   {200, 60.2},   {250, 60.3},
     {315, 59.0},   {400, 62.1},   {500, 62.1},   {630, 60.5},   {800, 56.8},
     {1'000, 53.7}, {1'250, 53.0}, {1'600, 52.0}, {2'000, 48.7}, {2'500, 48.1},
     {3'150, 46.8}, {4'000, 45.6}, {5'000, 44.5}, {6'300, 44.3}, {8'000, 43.7}}};

using Sections = std::vector<dsp::Biquad>;

Result<std::array<Sections, 3>> band_filters(double rate_hz) {
  SYRINX_ASSIGN(const auto below, dsp::low_pass({rate_hz, kLowBandHz}));
  SYRINX_ASSIGN(const auto above, dsp::high_pass({rate_hz, kLowBandHz}));
  SYRINX_ASSIGN(const auto dull, dsp::low_pass({rate_hz, kHighBandHz}));
  SYRINX_ASSIGN(const auto bright, dsp::high_pass({rate_hz, kHighBandHz}));
  return std::array<Sections, 3>{{{below, below}, {above, above, dull, dull}, {bright, bright}}};
}

// Of people's speech as it passes the filter.
double usual_power(const Sections& filter, double rate_hz) {
  double sum = 0.0;
  for (const ThirdOctave& third : kSpeech) {
    if (third.hz >= 0.47 * rate_hz) break;
    sum +=
        std::norm(dsp::response(filter, third.hz, rate_hz)) * std::pow(10.0, third.level_db / 10.0);
  }
  return sum;
}

double db_of(double ratio) { return 10.0 * std::log10(ratio); }

// A mean over all values, later over about the last kMemoryHops.
void follow(double& mean, double value, std::uint64_t count) {
  mean += (value - mean) / static_cast<double>(std::min(count, kMemoryHops));
}

}  // namespace

Result<BandBalance> BandBalance::create(int sample_rate_hz, std::size_t channels, double most_db) {
  const auto rate_hz = static_cast<double>(sample_rate_hz);
  SYRINX_ASSIGN(const auto filters, band_filters(rate_hz));
  SYRINX_ASSIGN(auto low, dsp::BiquadCascade::create(filters[0], 1));
  SYRINX_ASSIGN(auto middle, dsp::BiquadCascade::create(filters[1], 1));
  SYRINX_ASSIGN(auto high, dsp::BiquadCascade::create(filters[2], 1));
  const std::array<dsp::Biquad, 2> flat = {};
  SYRINX_ASSIGN(auto shelves, dsp::BiquadCascade::create(flat, channels));
  BandBalance made(sample_rate_hz, most_db,
                   {Band{std::move(low)}, Band{std::move(middle)}, Band{std::move(high)}},
                   std::move(shelves));
  const double middle_power = usual_power(filters[1], rate_hz);
  made.sides_[0] = {0, db_of(usual_power(filters[0], rate_hz) / middle_power), 0.0};
  made.sides_[1] = {2, db_of(usual_power(filters[2], rate_hz) / middle_power), 0.0};
  return made;
}

BandBalance::BandBalance(int sample_rate_hz, double most_db, std::array<Band, kBands> bands,
                         dsp::BiquadCascade shelves) noexcept
    : sample_rate_hz_(sample_rate_hz),
      most_db_(most_db),
      bands_(std::move(bands)),
      shelves_(std::move(shelves)) {}

void BandBalance::process(std::span<float> frame) noexcept {
  if (most_db_ <= 0.0) return;
  float mean = 0.0F;
  for (const float x : frame) mean += x;
  mean /= static_cast<float>(frame.size());
  for (Band& band : bands_) {
    float x = mean;
    band.filter.process(std::span<float>(&x, 1), 0);
    band.sum += double{x} * double{x};
  }
  ++samples_;
  for (std::size_t c = 0; c < frame.size(); ++c) shelves_.process(frame.subspan(c, 1), c);
}

void BandBalance::finish_hop(bool speech) noexcept {
  if (most_db_ <= 0.0 || samples_ == 0) return;
  const std::uint64_t count = ++(speech ? speech_hops_ : noise_hops_);
  for (Band& band : bands_) {
    follow(speech ? band.speech : band.noise, band.sum / static_cast<double>(samples_), count);
    band.sum = 0.0;
  }
  samples_ = 0;
  if (!speech || speech_hops_ < kFirstHops) return;
  for (std::size_t side = 0; side < sides_.size(); ++side) move(side);
}

double BandBalance::wanted_db(const Side& side) const noexcept {
  const Band& band = bands_[side.band];
  const double own = band.speech - band.noise;
  const double middle = bands_[1].speech - bands_[1].noise;
  if (!(middle > 0.0)) return 0.0;
  const bool heard = band.speech > kLeastRatio * band.noise;
  const double off_db = own > 0.0 ? db_of(own / middle) - side.usual_db : -200.0;
  const double beyond =
      off_db > 0.0 ? std::max(0.0, off_db - kUsualDb) : std::min(0.0, off_db + kUsualDb);
  return std::clamp(-beyond, -most_db_, heard ? most_db_ : 0.0);
}

void BandBalance::move(std::size_t index) noexcept {
  Side& side = sides_[index];
  const double step = kDbPerS * kHopS;
  const double moved = std::clamp(wanted_db(side) - side.gain_db, -step, step);
  if (moved == 0.0) return;
  side.gain_db += moved;
  const dsp::BiquadDesign design{static_cast<double>(sample_rate_hz_),
                                 index == 0 ? kLowShelfHz : kHighShelfHz, 0.70710678118654752,
                                 side.gain_db};
  if (const auto shelf = index == 0 ? dsp::low_shelf(design) : dsp::high_shelf(design))
    shelves_.set_section(index, *shelf);
}

void BandBalance::reset() noexcept {
  for (Band& band : bands_) {
    band.filter.reset();
    band.sum = band.speech = band.noise = 0.0;
  }
  for (std::size_t side = 0; side < sides_.size(); ++side) {
    sides_[side].gain_db = 0.0;
    shelves_.set_section(side, {});
  }
  shelves_.reset();
  samples_ = speech_hops_ = noise_hops_ = 0;
}

}  // namespace syrinx::enhance
