// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/stft.h"

#include "syrinx/core/base/check.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/kernels.h"

namespace syrinx::dsp {
namespace {

// A sample whose squared windows add up to less than this part of the most is lost in rounding.
constexpr double kLeastWeight = 1e-4;

// The sums of squares of the windows that overlap at each of the hop_samples places in a hop.
std::vector<double> overlapped_squares(const std::vector<float>& window, std::size_t hop_samples) {
  std::vector<double> sums(hop_samples);
  for (std::size_t n = 0; n < window.size(); ++n) {
    sums[n % hop_samples] += static_cast<double>(window[n]) * static_cast<double>(window[n]);
  }
  return sums;
}

std::size_t frames_for(std::size_t samples, const StftSpec& spec) {
  // The last frame is the one that starts at the last sample or before.
  return samples == 0 ? 0 : (samples + spec.fft_size - spec.hop_samples - 1) / spec.hop_samples + 1;
}

}  // namespace

Result<void> validate(const StftSpec& spec) {
  if (spec.fft_size > limits::kMaxFftSize)
    return make_error(ErrorCode::kLimitExceeded, "stft: fft_size is ", spec.fft_size,
                      " but must be at most ", limits::kMaxFftSize);
  if (spec.fft_size < 2 || spec.fft_size % 2 != 0)
    return make_error(ErrorCode::kInvalidArgument, "stft: fft_size is ", spec.fft_size,
                      " but must be even and at least 2");
  if (spec.window_samples == 0 || spec.window_samples > spec.fft_size)
    return make_error(ErrorCode::kInvalidArgument, "stft: window_samples is ", spec.window_samples,
                      " but must be 1 to fft_size, ", spec.fft_size);
  if (spec.hop_samples == 0 || spec.hop_samples > spec.window_samples)
    return make_error(ErrorCode::kInvalidArgument, "stft: hop_samples is ", spec.hop_samples,
                      " but must be 1 to window_samples, ", spec.window_samples);
  return {};
}

std::vector<float> frame_window(const StftSpec& spec) {
  const auto window = make_window(spec.window, spec.window_samples);
  std::vector<float> framed(spec.fft_size, 0.0f);
  const std::size_t before = (spec.fft_size - spec.window_samples) / 2;
  std::copy(window.begin(), window.end(), framed.begin() + static_cast<std::ptrdiff_t>(before));
  return framed;
}

Result<Stft> Stft::create(const StftSpec& spec) {
  SYRINX_TRY(validate(spec));
  SYRINX_ASSIGN(auto fft, RealFft::create(spec.fft_size));
  return Stft(spec, std::move(fft));
}

Stft::Stft(const StftSpec& spec, RealFft fft)
    : spec_(spec),
      fft_(std::move(fft)),
      window_(frame_window(spec)),
      frame_(spec.fft_size),
      weighted_(spec.fft_size),
      spectrum_(fft_.bins()),
      filled_(spec.fft_size - spec.hop_samples) {}

void Stft::reset() noexcept {
  std::fill(frame_.begin(), frame_.end(), 0.0f);
  filled_ = spec_.fft_size - spec_.hop_samples;
}

std::size_t Stft::take(std::span<const float> block) noexcept {
  const std::size_t count = std::min(block.size(), spec_.fft_size - filled_);
  std::copy_n(block.data(), count, frame_.data() + filled_);
  filled_ += count;
  return count;
}

std::span<const std::complex<float>> Stft::complete_frame() noexcept {
  std::copy(frame_.begin(), frame_.end(), weighted_.begin());
  kernels().multiply(weighted_.data(), window_.data(), window_.size());
  fft_.forward(weighted_, spectrum_);
  filled_ = spec_.fft_size - spec_.hop_samples;
  std::copy(frame_.begin() + static_cast<std::ptrdiff_t>(spec_.hop_samples), frame_.end(),
            frame_.begin());
  return spectrum_;
}

Result<Istft> Istft::create(const StftSpec& spec) {
  SYRINX_TRY(validate(spec));
  const auto sums = overlapped_squares(frame_window(spec), spec.hop_samples);
  const auto [least, most] = std::minmax_element(sums.begin(), sums.end());
  if (*least < kLeastWeight * *most)
    return make_error(ErrorCode::kInvalidArgument, "stft: a window of ", spec.window_samples,
                      " samples every ", spec.hop_samples,
                      " leaves samples without weight; use a smaller hop");
  SYRINX_ASSIGN(auto fft, RealFft::create(spec.fft_size));
  return Istft(spec, std::move(fft));
}

Istft::Istft(const StftSpec& spec, RealFft fft)
    : spec_(spec),
      fft_(std::move(fft)),
      window_(frame_window(spec)),
      frame_(spec.fft_size),
      sums_(spec.fft_size) {
  const auto squares = overlapped_squares(window_, spec.hop_samples);
  for (std::size_t n = 0; n < window_.size(); ++n) {
    window_[n] =
        static_cast<float>(static_cast<double>(window_[n]) / squares[n % spec.hop_samples]);
  }
}

void Istft::reset() noexcept { std::fill(sums_.begin(), sums_.end(), 0.0f); }

void Istft::process(std::span<const std::complex<float>> spectrum, std::span<float> out) noexcept {
  SYRINX_CHECK(out.size() == spec_.hop_samples, "ISTFT output of another size than its hop");
  fft_.inverse(spectrum, frame_);
  kernels().multiply(frame_.data(), window_.data(), window_.size());
  kernels().mix(sums_.data(), frame_.data(), frame_.size(), 1.0f);
  const auto hop = static_cast<std::ptrdiff_t>(spec_.hop_samples);
  std::copy(sums_.begin(), sums_.begin() + hop, out.begin());
  std::copy(sums_.begin() + hop, sums_.end(), sums_.begin());
  std::fill(sums_.end() - hop, sums_.end(), 0.0f);
}

Result<StftFrames> stft(std::span<const float> signal, const StftSpec& spec) {
  SYRINX_ASSIGN(auto analysis, Stft::create(spec));
  StftFrames result{spec, signal.size(), analysis.bins(), {}};
  const std::size_t frames = frames_for(signal.size(), spec);
  result.values.reserve(frames * result.bins);
  const auto keep = [&](std::span<const std::complex<float>> frame) {
    result.values.insert(result.values.end(), frame.begin(), frame.end());
  };
  analysis.process(signal, keep);
  const std::vector<float> silence(frames * spec.hop_samples - signal.size());
  analysis.process(silence, keep);
  return result;
}

Result<std::vector<float>> istft(const StftFrames& frames) {
  SYRINX_ASSIGN(auto synthesis, Istft::create(frames.spec));
  if (frames.bins != synthesis.bins() || frames.frames() < frames_for(frames.samples, frames.spec))
    return make_error(ErrorCode::kInvalidArgument, "istft: ", frames.frames(), " frames of ",
                      frames.bins, " bins were given, but ", frames.samples, " samples need ",
                      frames_for(frames.samples, frames.spec), " frames of ", synthesis.bins());
  const std::size_t hop = frames.spec.hop_samples;
  std::vector<float> signal(frames.frames() * hop);
  for (std::size_t i = 0; i < frames.frames(); ++i) {
    synthesis.process(frames.frame(i), std::span(signal).subspan(i * hop, hop));
  }
  const auto late = static_cast<std::ptrdiff_t>(synthesis.latency_samples());
  signal.erase(
      signal.begin(),
      signal.begin() + std::min<std::ptrdiff_t>(late, static_cast<std::ptrdiff_t>(signal.size())));
  signal.resize(frames.samples);
  return signal;
}

}  // namespace syrinx::dsp
