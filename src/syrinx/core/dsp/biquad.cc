// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/biquad.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "syrinx/core/base/check.h"
#include "syrinx/core/base/limits.h"

namespace syrinx::dsp {
namespace {

constexpr double kMaxGainDb = 120.0;

// The cookbook's intermediate values.
struct Terms {
  double cosine;
  double alpha;
  double a;  // Square root of the linear gain.
};

Result<Terms> terms_of(const BiquadDesign& d) {
  if (!(d.sample_rate_hz > 0.0) || !std::isfinite(d.sample_rate_hz))
    return make_error(ErrorCode::kInvalidArgument, "filter: the sample rate is ", d.sample_rate_hz,
                      " Hz but must be above 0");
  if (!(d.hz > 0.0 && d.hz < d.sample_rate_hz / 2.0))
    return make_error(ErrorCode::kInvalidArgument, "filter: the frequency is ", d.hz,
                      " Hz but must lie between 0 and half the rate, ", d.sample_rate_hz / 2.0);
  if (!(d.q > 0.0) || !std::isfinite(d.q))
    return make_error(ErrorCode::kInvalidArgument, "filter: q is ", d.q, " but must be above 0");
  if (!(std::abs(d.gain_db) <= kMaxGainDb))
    return make_error(ErrorCode::kInvalidArgument, "filter: the gain is ", d.gain_db,
                      " dB but must lie within +-", kMaxGainDb);
  const double w = 2.0 * std::numbers::pi * d.hz / d.sample_rate_hz;
  return Terms{std::cos(w), std::sin(w) / (2.0 * d.q), std::pow(10.0, d.gain_db / 40.0)};
}

Biquad normalised(double b0, double b1, double b2, double a0, double a1, double a2) {
  return {b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}

// Both shelves; they mirror each other in the sign of the cosine and of the odd coefficients.
Biquad shelf(const Terms& t, double sign) {
  const double c = sign * t.cosine;
  const double root = 2.0 * std::sqrt(t.a) * t.alpha;
  const double up = t.a + 1.0;
  const double down = t.a - 1.0;
  return normalised(t.a * (up - down * c + root), sign * 2.0 * t.a * (down - up * c),
                    t.a * (up - down * c - root), up + down * c + root,
                    sign * -2.0 * (down + up * c), up + down * c - root);
}

}  // namespace

std::complex<double> response(const Biquad& f, double hz, double sample_rate_hz) noexcept {
  const std::complex<double> z1 =
      std::polar(1.0, -2.0 * std::numbers::pi * hz / sample_rate_hz);  // z^-1
  const std::complex<double> z2 = z1 * z1;
  return (f.b0 + f.b1 * z1 + f.b2 * z2) / (1.0 + f.a1 * z1 + f.a2 * z2);
}

std::complex<double> response(std::span<const Biquad> cascade, double hz,
                              double sample_rate_hz) noexcept {
  std::complex<double> product = 1.0;
  for (const Biquad& section : cascade) product *= response(section, hz, sample_rate_hz);
  return product;
}

bool is_stable(const Biquad& f) noexcept {
  // The stability triangle; false for NaN too.
  const bool finite = std::isfinite(f.b0) && std::isfinite(f.b1) && std::isfinite(f.b2);
  return finite && std::abs(f.a2) < 1.0 && std::abs(f.a1) < 1.0 + f.a2;
}

Result<Biquad> low_pass(const BiquadDesign& design) {
  SYRINX_ASSIGN(const Terms t, terms_of(design));
  const double b1 = 1.0 - t.cosine;
  return normalised(b1 / 2.0, b1, b1 / 2.0, 1.0 + t.alpha, -2.0 * t.cosine, 1.0 - t.alpha);
}

Result<Biquad> high_pass(const BiquadDesign& design) {
  SYRINX_ASSIGN(const Terms t, terms_of(design));
  const double b1 = -(1.0 + t.cosine);
  return normalised(-b1 / 2.0, b1, -b1 / 2.0, 1.0 + t.alpha, -2.0 * t.cosine, 1.0 - t.alpha);
}

Result<Biquad> band_pass(const BiquadDesign& design) {
  SYRINX_ASSIGN(const Terms t, terms_of(design));
  return normalised(t.alpha, 0.0, -t.alpha, 1.0 + t.alpha, -2.0 * t.cosine, 1.0 - t.alpha);
}

Result<Biquad> notch(const BiquadDesign& design) {
  SYRINX_ASSIGN(const Terms t, terms_of(design));
  const double b1 = -2.0 * t.cosine;
  return normalised(1.0, b1, 1.0, 1.0 + t.alpha, b1, 1.0 - t.alpha);
}

Result<Biquad> all_pass(const BiquadDesign& design) {
  SYRINX_ASSIGN(const Terms t, terms_of(design));
  const double b1 = -2.0 * t.cosine;
  return normalised(1.0 - t.alpha, b1, 1.0 + t.alpha, 1.0 + t.alpha, b1, 1.0 - t.alpha);
}

Result<Biquad> peak(const BiquadDesign& design) {
  SYRINX_ASSIGN(const Terms t, terms_of(design));
  const double b1 = -2.0 * t.cosine;
  return normalised(1.0 + t.alpha * t.a, b1, 1.0 - t.alpha * t.a, 1.0 + t.alpha / t.a, b1,
                    1.0 - t.alpha / t.a);
}

Result<Biquad> low_shelf(const BiquadDesign& design) {
  SYRINX_ASSIGN(const Terms t, terms_of(design));
  return shelf(t, 1.0);
}

Result<Biquad> high_shelf(const BiquadDesign& design) {
  SYRINX_ASSIGN(const Terms t, terms_of(design));
  return shelf(t, -1.0);
}

Result<BiquadCascade> BiquadCascade::create(std::span<const Biquad> sections,
                                            std::size_t channels) {
  if (channels == 0 || channels > limits::kMaxChannels)
    return make_error(ErrorCode::kInvalidArgument, "filter: ", channels,
                      " channels were asked for; give 1 to ", limits::kMaxChannels);
  if (!std::all_of(sections.begin(), sections.end(), is_stable))
    return make_error(ErrorCode::kInvalidArgument,
                      "filter: a section has poles outside the unit circle and would ring forever");
  return BiquadCascade(sections, channels);
}

BiquadCascade::BiquadCascade(std::span<const Biquad> sections, std::size_t channels)
    : channels_(channels),
      sections_(sections.begin(), sections.end()),
      states_(channels * sections.size()) {}

void BiquadCascade::process(MutableAudioView audio) noexcept {
  SYRINX_CHECK(audio.channels() == channels_, "filter given another number of channels");
  for (std::size_t c = 0; c < channels_; ++c) process(audio.channel(c), c);
}

void BiquadCascade::process(std::span<float> samples, std::size_t channel) noexcept {
  SYRINX_CHECK(channel < channels_, "channel index past the last channel");
  State* states = states_.data() + channel * sections_.size();
  std::array<double, 256> x;
  while (!samples.empty()) {
    const std::size_t frames = std::min(samples.size(), x.size());
    std::copy_n(samples.begin(), frames, x.begin());
    run_all(std::span(x).first(frames), states);
    std::transform(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(frames), samples.begin(),
                   [](double v) { return static_cast<float>(v); });
    samples = samples.subspan(frames);
  }
}

// Passes over sections that change nothing; takes the others four at a time, so that one works on a
// sample while the next still works on the one before.
void BiquadCascade::run_all(std::span<double> x, State* states) const noexcept {
  std::array<std::size_t, 4> which{};
  std::size_t held = 0;
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    const bool idle = states[i].s1 == 0.0 && states[i].s2 == 0.0;
    if (idle && sections_[i] == Biquad{}) continue;
    which[held++] = i;
    if (held < which.size()) continue;
    run<4>(x, which.data(), states);
    held = 0;
  }
  if (held == 3) run<3>(x, which.data(), states);
  if (held == 2) run<2>(x, which.data(), states);
  if (held == 1) run<1>(x, which.data(), states);
}

template <std::size_t kCount>
void BiquadCascade::run(std::span<double> x, const std::size_t* which,
                        State* states) const noexcept {
  // With y = b0 x + s1 put in, the states wait for a product and a sum only, not for y.
  double b0[kCount], a1[kCount], a2[kCount], c1[kCount], c2[kCount];
  State s[kCount];
  for (std::size_t i = 0; i < kCount; ++i) {
    const Biquad& f = sections_[which[i]];
    b0[i] = f.b0;
    a1[i] = f.a1;
    a2[i] = f.a2;
    c1[i] = f.b1 - f.a1 * f.b0;
    c2[i] = f.b2 - f.a2 * f.b0;
    s[i] = states[which[i]];
  }
  for (double& sample : x) {
    double in = sample;
    for (std::size_t i = 0; i < kCount; ++i) {
      const double out = b0[i] * in + s[i].s1;
      const double s1 = s[i].s1;
      s[i].s1 = (c1[i] * in + s[i].s2) - a1[i] * s1;
      s[i].s2 = c2[i] * in - a2[i] * s1;
      in = out;
    }
    sample = in;
  }
  for (std::size_t i = 0; i < kCount; ++i) states[which[i]] = s[i];
}

void BiquadCascade::set_section(std::size_t index, const Biquad& section) noexcept {
  SYRINX_CHECK(index < sections_.size() && is_stable(section), "no such section, or unstable");
  sections_[index] = section;
}

void BiquadCascade::reset_section(std::size_t index) noexcept {
  SYRINX_CHECK(index < sections_.size(), "no such section");
  for (std::size_t c = 0; c < channels_; ++c) states_[c * sections_.size() + index] = State{};
}

void BiquadCascade::reset() noexcept { std::fill(states_.begin(), states_.end(), State{}); }

}  // namespace syrinx::dsp
