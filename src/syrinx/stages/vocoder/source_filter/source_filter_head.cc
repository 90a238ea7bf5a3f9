// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/source_filter/source_filter_head.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "syrinx/core/dsp/mel_filterbank.h"
#include "syrinx/core/dsp/window.h"

namespace syrinx::vocoder {
namespace {

constexpr float kMiddleF0Hz = 200, kLowestF0Hz = 60, kHighestF0Hz = 500;
constexpr float kMostLevel = 5;  // Of a filter, as a logarithm.

}  // namespace

std::vector<EnvelopeBin> envelope_bins(const MelSpec& mel) {
  const double low = dsp::hz_to_mel(mel.min_hz, mel.scale);
  const double high = dsp::hz_to_mel(mel.max_hz, mel.scale);
  const auto corners = static_cast<double>(mel.bands + 1);
  const auto centre = [&](std::size_t band) {
    const double place = static_cast<double>(band + 1) / corners;
    return dsp::mel_to_hz(low + (high - low) * place, mel.scale);
  };
  std::vector<EnvelopeBin> bins(mel.fft_size / 2 + 1);
  std::size_t band = 0;
  for (std::size_t k = 0; k < bins.size(); ++k) {
    const double hz =
        static_cast<double>(k) * mel.sample_rate_hz / static_cast<double>(mel.fft_size);
    while (band + 2 < mel.bands && centre(band + 1) < hz) ++band;
    const double part = (hz - centre(band)) / (centre(band + 1) - centre(band));
    bins[k] = {band, static_cast<float>(std::clamp(part, 0.0, 1.0))};
  }
  return bins;
}

Result<std::unique_ptr<FrameHead>> SourceFilterHead::create(const nn::RowMaths& maths,
                                                            const MelSpec& mel,
                                                            std::size_t heard_frames) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(mel.fft_size));
  return std::unique_ptr<FrameHead>(new SourceFilterHead(maths, mel, std::move(fft), heard_frames));
}

SourceFilterHead::SourceFilterHead(const nn::RowMaths& maths, const MelSpec& mel, dsp::RealFft fft,
                                   std::size_t heard_frames)
    : maths_(maths),
      mel_(mel),
      fft_(std::move(fft)),
      envelope_(envelope_bins(mel)),
      window_(dsp::make_window(dsp::WindowShape::kHann, mel.fft_size)),
      heard_capacity_(heard_frames + 1),
      train_(mel.sample_rate_hz) {
  const std::size_t bins = envelope_.size();
  heard_.resize(heard_capacity_ * mel.bands);
  for (Frame& frame : frames_) {
    frame.re.resize(bins);
    frame.im.resize(bins);
    frame.noise.resize(bins);
  }
  for (auto* rows : {&level_, &no_phase_, &unused_}) rows->resize(bins);
  // The front of the first window lies before the utterance.
  const std::size_t length = (mel.fft_size - mel.hop_samples) / 2 + kHeldFrames * mel.hop_samples;
  pulses_.resize(length);
  noise_.resize(length);
  windowed_.resize(mel.fft_size);
  voice_.resize(bins);
  hiss_.resize(bins);
}

// All that came before decides where a pulse lies.
std::int64_t SourceFilterHead::reset(std::int64_t) noexcept {
  heard_count_ = taken_ = excited_ = made_ = 0;
  ended_ = false;
  std::fill(pulses_.begin(), pulses_.end(), 0.0F);
  std::fill(noise_.begin(), noise_.end(), 0.0F);
  return 0;
}

void SourceFilterHead::hear(std::span<const float> mel) noexcept {
  const auto place = static_cast<std::ptrdiff_t>(heard_count_++ % heard_capacity_ * mel_.bands);
  std::copy(mel.begin(), mel.end(), heard_.begin() + place);
}

void SourceFilterHead::take(const float* row) noexcept {
  const std::size_t bins = envelope_.size();
  const float* const mel = heard_.data() + taken_ % heard_capacity_ * mel_.bands;
  Frame& made = frame(taken_);
  const float most = std::exp(kMostLevel);
  const auto level = [&](const float* correction) {
    for (std::size_t k = 0; k < bins; ++k) {
      const EnvelopeBin& bin = envelope_[k];
      level_[k] = correction[k] + (1 - bin.part) * mel[bin.band] + bin.part * mel[bin.band + 1];
    }
    return level_.data();
  };
  maths_.polar(made.re.data(), made.im.data(), level(row), row + bins, bins, most);
  maths_.polar(made.noise.data(), unused_.data(), level(row + 2 * bins), no_phase_.data(), bins,
               most);
  const float f0 = std::clamp(kMiddleF0Hz * std::exp(row[3 * bins]), kLowestF0Hz, kHighestF0Hz);
  made.f0_hz = row[3 * bins + 1] > 0 ? double{f0} : 0;
  if (taken_++ > 0) excite();
}

void SourceFilterHead::end() noexcept {
  ended_ = true;
  if (taken_ > 0) excite();
}

double SourceFilterHead::f0_at(std::size_t index) const noexcept {
  return index < taken_ ? frames_[index % frames_.size()].f0_hz : 0;
}

// One hop more of pulses and noise, or of nothing behind the end.
void SourceFilterHead::excite() noexcept {
  const std::size_t hop = mel_.hop_samples;
  const std::size_t place = (mel_.fft_size - hop) / 2 + (excited_ - made_) * hop;
  const std::span<float> pulses = std::span(pulses_).subspan(place, hop);
  const std::span<float> noise = std::span(noise_).subspan(place, hop);
  if (excited_ < taken_) {
    const double before = excited_ > 0 ? f0_at(excited_ - 1) : 0;
    train_.make(before, f0_at(excited_), f0_at(excited_ + 1), pulses);
    for (std::size_t i = 0; i < hop; ++i) noise[i] = noise_at(excited_ * hop + i);
  } else {
    std::fill(pulses.begin(), pulses.end(), 0.0F);
    std::fill(noise.begin(), noise.end(), 0.0F);
  }
  ++excited_;
}

bool SourceFilterHead::next(std::span<std::complex<float>> spectrum) noexcept {
  if (made_ == taken_) return false;
  if (!ended_ && excited_ < made_ + kHeldFrames) return false;
  while (excited_ < made_ + kHeldFrames) excite();
  const auto transform = [&](const std::vector<float>& signal, std::span<std::complex<float>> out) {
    for (std::size_t i = 0; i < windowed_.size(); ++i) windowed_[i] = signal[i] * window_[i];
    fft_.forward(windowed_, out);
  };
  transform(pulses_, voice_);
  transform(noise_, hiss_);
  const Frame& filters = frame(made_);
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    const float re = filters.re[k], im = filters.im[k];
    const std::complex<float> voice{voice_[k].real() * re - voice_[k].imag() * im,
                                    voice_[k].real() * im + voice_[k].imag() * re};
    spectrum[k] = voice + filters.noise[k] * hiss_[k];
  }
  for (auto* signal : {&pulses_, &noise_})
    std::copy(signal->begin() + static_cast<std::ptrdiff_t>(mel_.hop_samples), signal->end(),
              signal->begin());
  ++made_;
  return true;
}

std::size_t SourceFilterHead::memory_bytes() const noexcept {
  std::size_t floats = window_.size() + heard_.size() + level_.size() * 3 + pulses_.size() * 2 +
                       windowed_.size() + voice_.size() * 4;
  for (const Frame& frame : frames_) floats += frame.re.size() * 3;
  return sizeof *this + envelope_.size() * sizeof(EnvelopeBin) + floats * sizeof(float);
}

}  // namespace syrinx::vocoder
