// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/mel_analysis.h"

#include <cmath>

#include "syrinx/core/dsp/kernels.h"
#include "syrinx/core/dsp/stft.h"

namespace syrinx::dsp {
namespace {

std::size_t padding_of(const MelSpec& spec) {
  return spec.padding == MelPadding::kReflectCenter ? spec.fft_size / 2
                                                    : (spec.fft_size - spec.hop_samples) / 2;
}

// The window of the spec, divided by its root energy where the spec asks for that.
std::vector<float> window_of(const MelSpec& spec) {
  auto window = frame_window({spec.fft_size, spec.hop_samples, spec.window_samples});
  if (spec.normalise_window) {
    const double energy = kernels().sum_of_squares(window.data(), window.size());
    kernels().gain(window.data(), window.size(), static_cast<float>(1.0 / std::sqrt(energy)));
  }
  return window;
}

float logarithm(float value, const MelSpec& spec) {
  const float clamped = std::max(value, static_cast<float>(spec.clamp));
  if (spec.log == MelLog::kNatural) return std::log(clamped);
  if (spec.log == MelLog::kLog10) return std::log10(clamped);
  const float db = 20.0f * std::log10(clamped) - 20.0f;
  return std::clamp((db + 100.0f) / 100.0f, 0.0f, 1.0f);
}

// Where index `i` past the ends of `count` samples lies after mirroring at the first and the last
// sample, as often as it takes.
std::size_t mirrored(std::size_t i, std::size_t count) {
  const std::size_t period = count > 1 ? 2 * (count - 1) : 1;
  const std::size_t place = i % period;
  return place < count ? place : period - place;
}

}  // namespace

MelSpec hifigan_22050_80() {
  MelSpec spec;
  spec.magnitude_floor = 1e-9;
  return spec;
}

MelSpec hifigan_22050_80_nyquist() {
  MelSpec spec = hifigan_22050_80();
  spec.max_hz = 11'025.0;
  return spec;
}

MelSpec diffwave_22050_80() {
  MelSpec spec;
  spec.min_hz = 20.0;
  spec.max_hz = 11'025.0;
  spec.scale = MelScale::kHtk;
  spec.norm = MelNorm::kNone;
  spec.normalise_window = true;
  spec.log = MelLog::kDecibelNormalised;
  spec.padding = MelPadding::kReflectCenter;
  return spec;
}

MelSpec vocos_24000_100() {
  MelSpec spec;
  spec.sample_rate_hz = 24'000;
  spec.bands = 100;
  spec.max_hz = 12'000.0;
  spec.scale = MelScale::kHtk;
  spec.norm = MelNorm::kNone;
  spec.clamp = 1e-7;
  spec.padding = MelPadding::kReflectCenter;
  return spec;
}

MelSpec bigvgan_24000_100() {
  MelSpec spec = hifigan_22050_80();
  spec.sample_rate_hz = 24'000;
  spec.bands = 100;
  spec.max_hz = 12'000.0;
  return spec;
}

MelSpec melgan_22050_80() {
  MelSpec spec;
  spec.max_hz = 11'025.0;
  spec.log = MelLog::kLog10;
  return spec;
}

MelSpec parallel_wavegan_22050_80() {
  MelSpec spec;
  spec.min_hz = 80.0;
  spec.max_hz = 7'600.0;
  spec.log = MelLog::kLog10;
  spec.clamp = 1e-10;
  spec.padding = MelPadding::kReflectCenter;
  return spec;
}

Result<MelAnalyser> MelAnalyser::create(const MelSpec& spec) {
  SYRINX_ASSIGN(auto filters, MelFilterbank::create(spec));
  SYRINX_ASSIGN(auto fft, RealFft::create(spec.fft_size));
  return MelAnalyser(spec, std::move(fft), std::move(filters));
}

MelAnalyser::MelAnalyser(const MelSpec& spec, RealFft fft, MelFilterbank filters)
    : spec_(spec),
      padding_(padding_of(spec)),
      fft_(std::move(fft)),
      filters_(std::move(filters)),
      window_(window_of(spec)),
      weighted_(spec.fft_size),
      spectrum_(fft_.bins()),
      magnitude_(fft_.bins()),
      mel_(spec.bands),
      // What one frame needs, what the mirrored end needs behind it, and room to work in.
      stream_(3 * spec.fft_size + 2 * padding_) {
  reset();
}

void MelAnalyser::reset() noexcept {
  opened_ = false;
  frame_begin_ = 0;
  end_ = padding_;
  first_sample_ = padding_;
}

std::size_t MelAnalyser::take(std::span<const float> block) noexcept {
  make_room();
  // close() mirrors padding_ samples more.
  const std::size_t count = std::min(block.size(), stream_.size() - padding_ - end_);
  std::copy_n(block.data(), count, stream_.data() + end_);
  end_ += count;
  if (!opened_ && end_ - padding_ > padding_) open();
  return count;
}

void MelAnalyser::open() noexcept {
  const std::size_t known = end_ - padding_;
  for (std::size_t i = 1; i <= padding_; ++i) {
    stream_[padding_ - i] = stream_[padding_ + mirrored(i, known)];
  }
  opened_ = true;
}

void MelAnalyser::close() noexcept {
  if (!opened_) {
    if (end_ == padding_) return;  // No samples, no frames.
    open();
  }
  make_room();
  // Either every sample since the start is still known, or at least the last padding_ + 1 are.
  const std::size_t known = end_ - first_sample_;
  for (std::size_t i = 1; i <= padding_; ++i) {
    stream_[end_ - 1 + i] = stream_[first_sample_ + mirrored(known - 1 + i, known)];
  }
  end_ += padding_;
}

// Drops what neither the next frame nor the mirrored end needs, once that is worth a copy.
void MelAnalyser::make_room() noexcept {
  if (!opened_ || stream_.size() - padding_ - end_ > spec_.hop_samples) return;
  const std::size_t drop = std::min(frame_begin_, end_ - padding_ - 1);
  std::copy(stream_.begin() + static_cast<std::ptrdiff_t>(drop),
            stream_.begin() + static_cast<std::ptrdiff_t>(end_), stream_.begin());
  frame_begin_ -= drop;
  end_ -= drop;
  first_sample_ -= std::min(first_sample_, drop);
}

std::span<const float> MelAnalyser::analyse(std::span<const float> frame) noexcept {
  std::copy(frame.begin(), frame.end(), weighted_.begin());
  kernels().multiply(weighted_.data(), window_.data(), window_.size());
  fft_.forward(weighted_, spectrum_);
  const auto floor = static_cast<float>(spec_.magnitude_floor);
  const bool squared = spec_.power == 2.0;
  for (std::size_t k = 0; k < magnitude_.size(); ++k) {
    const float power = spectrum_[k].real() * spectrum_[k].real() +
                        spectrum_[k].imag() * spectrum_[k].imag() + floor;
    magnitude_[k] = squared ? power : std::sqrt(power);
  }
  filters_.apply(magnitude_, mel_);
  for (float& value : mel_) value = logarithm(value, spec_);
  return mel_;
}

Result<Mel> analyse_mel(AudioView mono, const MelSpec& spec) {
  SYRINX_ASSIGN(auto analyser, MelAnalyser::create(spec));
  if (mono.channels() != 1)
    return make_error(ErrorCode::kInvalidArgument, "mel analysis was given ", mono.channels(),
                      " channels but takes one; mix them down first");
  if (mono.sample_rate_hz() != spec.sample_rate_hz)
    return wrong_rate_error("mel analysis", mono.sample_rate_hz(), spec.sample_rate_hz);
  if (mono.frames() == 0)
    return make_error(ErrorCode::kInvalidArgument, "mel analysis was given no samples");
  const std::size_t padded = mono.frames() + 2 * padding_of(spec);
  const std::size_t frames =
      padded < spec.fft_size ? 0 : (padded - spec.fft_size) / spec.hop_samples + 1;
  Mel mel(spec, frames);
  std::size_t next = 0;
  const auto keep = [&](std::span<const float> frame) {
    std::copy(frame.begin(), frame.end(), mel.frame(next++).begin());
  };
  analyser.process(mono.channel(0), keep);
  analyser.finish(keep);
  return mel;
}

}  // namespace syrinx::dsp
