// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/voice_synthesiser.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syrinx::voice {
namespace {

constexpr double kNoiseStepS = 0.002;  // How often noise without pitch takes a new envelope.

// The hash lowbias32 (C. Wellons).
std::uint32_t hashed(std::uint32_t x) noexcept {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return x;
}

// Noise of variance 1 that the place alone decides: the sum of eight uniform numbers.
float noise_at(std::uint64_t place) noexcept {
  const auto seed = static_cast<std::uint32_t>(place * 2);
  double sum = 0.0;
  for (std::uint32_t half = 0; half < 2; ++half) {
    const std::uint32_t bits = hashed(seed + half + 0x5eedu);
    for (int i = 0; i < 4; ++i) sum += static_cast<double>((bits >> (8 * i)) & 0xffu) - 127.5;
  }
  return static_cast<float>(sum / std::sqrt(8.0 * (65'536.0 - 1.0) / 12.0));
}

std::size_t longest_step(const FrameShape& shape) {
  return static_cast<std::size_t>(shape.sample_rate_hz / shape.min_f0_hz) + 1;
}

}  // namespace

Result<VoiceSynthesiser> VoiceSynthesiser::create(const FrameShape& shape) {
  VoiceFrames none;
  none.shape = shape;
  SYRINX_TRY(check_frames("voice synthesis", none));
  SYRINX_ASSIGN(auto filter, MinimumPhase::create(shape.fft_size));
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(shape.fft_size));
  return VoiceSynthesiser(shape, std::move(filter), std::move(fft));
}

VoiceSynthesiser::VoiceSynthesiser(const FrameShape& shape, MinimumPhase filter, dsp::RealFft fft)
    : shape_(shape),
      filter_(std::move(filter)),
      fft_(std::move(fft)),
      early_(shape.fft_size / 16),
      latency_(shape.hop_samples + longest_step(shape) + early_),
      former_power_(shape.bins()),
      former_aperiodicity_(shape.bands()),
      power_(shape.bins()),
      aperiodicity_(shape.bands()),
      share_(shape.bins()),
      response_(shape.bins()),
      noise_spectrum_(shape.bins()),
      time_(shape.fft_size),
      ring_(2 * shape.fft_size + latency_ + shape.hop_samples) {}

void VoiceSynthesiser::reset() noexcept {
  std::fill(ring_.begin(), ring_.end(), 0.0f);
  started_ = false;
  hops_ = 0;
  phase_ = 0.0;
  last_pulse_ = 0;
}

void VoiceSynthesiser::process(const VoiceFrame& frame, std::span<float> out) noexcept {
  if (started_) step_hop(frame);
  std::copy(frame.power.begin(), frame.power.end(), former_power_.begin());
  std::copy(frame.aperiodicity.begin(), frame.aperiodicity.end(), former_aperiodicity_.begin());
  former_f0_hz_ = frame.f0_hz;
  started_ = true;
  // Sample s of the stream lies at ring place s + latency.
  for (std::size_t i = 0; i < out.size(); ++i) {
    float& sample = ring_[(hops_ * shape_.hop_samples + i) % ring_.size()];
    out[i] = sample;
    sample = 0.0f;
  }
  ++hops_;
}

// The hop before this frame: what lies between the former frame's centre and its own.
void VoiceSynthesiser::step_hop(const VoiceFrame& frame) noexcept {
  const std::uint64_t begin = (hops_ - 1) * shape_.hop_samples;
  const std::size_t longest = longest_step(shape_);
  const auto noise_step = static_cast<std::size_t>(kNoiseStepS * shape_.sample_rate_hz);
  for (std::size_t i = 0; i < shape_.hop_samples; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(shape_.hop_samples);
    const double before = former_f0_hz_;
    const double after = frame.f0_hz;
    const bool both = before > 0.0 && after > 0.0;
    const double f0 = both ? before + share * (after - before) : (share < 0.5 ? before : after);
    const std::uint64_t now = begin + i;
    if (f0 <= 0.0) {
      phase_ = 1.0;  // The first pulse comes with the voice.
      if (now - last_pulse_ < noise_step) continue;
      render_pulse(frame, -1.0, 0.0, share);
      last_pulse_ = now;
      continue;
    }
    phase_ += f0 / shape_.sample_rate_hz;
    if (phase_ >= 1.0) {
      phase_ = std::fmod(phase_, 1.0);
      const double late = phase_ * shape_.sample_rate_hz / f0;
      const double place = static_cast<double>(now - last_pulse_) - std::min(late, 1.0);
      render_pulse(frame, std::max(0.0, place), f0, share);
      last_pulse_ = now;
    } else if (now - last_pulse_ >= longest) {
      render_pulse(frame, -1.0, f0, share);
      last_pulse_ = now;
    }
  }
}

// Noise from the last pulse on, and, unless `at` is below 0, a pulse `at` samples after it.
void VoiceSynthesiser::render_pulse(const VoiceFrame& frame, double at, double f0_hz,
                                    double share) noexcept {
  const std::uint64_t begin = (hops_ - 1) * shape_.hop_samples;
  const auto now = begin + static_cast<std::uint64_t>(
                               std::llround(share * static_cast<double>(shape_.hop_samples)));
  blend(frame, share);
  filter_.respond(power_, response_);
  fill_noise(last_pulse_, static_cast<std::size_t>(now - last_pulse_));
  fft_.forward(time_, noise_spectrum_);
  mix_spectra(at, f0_hz);
  fft_.inverse(response_, time_);
  add(last_pulse_);
}

void VoiceSynthesiser::blend(const VoiceFrame& frame, double share) noexcept {
  const auto weight = static_cast<float>(share);
  for (std::size_t k = 0; k < power_.size(); ++k)
    power_[k] = former_power_[k] + weight * (frame.power[k] - former_power_[k]);
  for (std::size_t b = 0; b < aperiodicity_.size(); ++b)
    aperiodicity_[b] =
        former_aperiodicity_[b] + weight * (frame.aperiodicity[b] - former_aperiodicity_[b]);
  // Between the middles of the bands, a straight line.
  const auto edges = aperiodicity_edges_hz();
  const std::size_t bands = aperiodicity_.size();
  const auto middle = [&](std::size_t b) {
    const double top = b + 1 < bands ? edges[b + 1] : 0.5 * shape_.sample_rate_hz;
    return 0.5 * (edges[b] + top);
  };
  std::size_t b = 0;
  for (std::size_t k = 0; k < share_.size(); ++k) {
    const double hz = static_cast<double>(k) * shape_.bin_hz();
    while (b + 2 < bands && hz > middle(b + 1)) ++b;
    const std::size_t upper = std::min(b + 1, bands - 1);
    const double width = middle(upper) - middle(b);
    const double part = width > 0.0 ? std::clamp((hz - middle(b)) / width, 0.0, 1.0) : 0.0;
    share_[k] =
        aperiodicity_[b] + static_cast<float>(part) * (aperiodicity_[upper] - aperiodicity_[b]);
  }
}

void VoiceSynthesiser::fill_noise(std::uint64_t from, std::size_t samples) noexcept {
  const std::size_t count = std::min(samples, time_.size() / 2);
  for (std::size_t i = 0; i < count; ++i) time_[i] = noise_at(from + i);
  std::fill(time_.begin() + static_cast<std::ptrdiff_t>(count), time_.end(), 0.0f);
}

// The filter's response to the pulse, which has nothing below F0, and to the noise.
void VoiceSynthesiser::mix_spectra(double delay, double f0_hz) noexcept {
  if (delay < 0.0) {
    for (std::size_t k = 0; k < response_.size(); ++k) {
      const float noise = f0_hz > 0.0 ? std::sqrt(share_[k]) : 1.0f;
      response_[k] *= noise * noise_spectrum_[k];
    }
    return;
  }
  const double strength = std::sqrt(shape_.sample_rate_hz / f0_hz);
  const std::complex<double> turn =
      std::polar(1.0, -2.0 * std::numbers::pi * delay / static_cast<double>(shape_.fft_size));
  std::complex<double> angle = 1.0;
  for (std::size_t k = 0; k < response_.size(); ++k) {
    const double noise = static_cast<double>(share_[k]);
    const double rise =
        std::clamp(2.0 * static_cast<double>(k) * shape_.bin_hz() / f0_hz - 0.5, 0.0, 1.0);
    const std::complex<double> pulse = strength * std::sqrt(1.0 - noise) * rise * angle;
    const std::complex<double> hiss = std::sqrt(noise) * std::complex<double>(noise_spectrum_[k]);
    response_[k] *= std::complex<float>(pulse + hiss);
    angle *= turn;
  }
}

// What the filter's response has before its pulse stands at the end of the transform.
void VoiceSynthesiser::add(std::uint64_t from) noexcept {
  const std::size_t size = time_.size();
  const std::uint64_t place = from + latency_ - early_;
  for (std::size_t i = 0; i < size; ++i)
    ring_[(place + i) % ring_.size()] += time_[(i + size - early_) % size];
}

Result<AudioBuffer> synthesise_voice(const VoiceFrames& frames) {
  SYRINX_TRY(check_frames("voice synthesis", frames));
  SYRINX_ASSIGN(auto synthesiser, VoiceSynthesiser::create(frames.shape));
  const std::size_t hop = frames.shape.hop_samples;
  AudioBuffer sound(1, frames.samples, frames.shape.sample_rate_hz);
  std::vector<float> block(hop);
  const std::size_t latency = synthesiser.latency_samples();
  for (std::size_t k = 0; frames.frames() > 0 && k * hop < frames.samples + latency; ++k) {
    synthesiser.process(frames.frame(std::min(k, frames.frames() - 1)), block);
    for (std::size_t i = 0; i < hop; ++i) {
      const std::size_t at = k * hop + i;
      if (at >= latency && at - latency < frames.samples) sound.channel(0)[at - latency] = block[i];
    }
  }
  return sound;
}

}  // namespace syrinx::voice
