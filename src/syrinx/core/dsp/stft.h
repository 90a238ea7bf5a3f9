// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/window.h"

// The short-time Fourier transform and its inverse by weighted overlap-add (Griffin and Lim 1984):
// frames of `fft_size` samples, `hop_samples` apart, weighted by the same window on the way in and
// on the way out and divided by the sum of the overlapping windows' squares, so that unchanged
// frames give back the signal (error under -120 dB).
namespace syrinx::dsp {

struct StftSpec {
  std::size_t fft_size = 1'024;             // Even.
  std::size_t hop_samples = 256;            // 1 to window_samples.
  std::size_t window_samples = 1'024;       // 1 to fft_size; centred in the frame when shorter.
  WindowShape window = WindowShape::kHann;  // Periodic.
};

// kInvalidArgument or kLimitExceeded, with the offending field, unless Stft can use the spec.
Result<void> validate(const StftSpec& spec);

// The window of the spec, zeros around it where it is shorter than the frame: fft_size values.
std::vector<float> frame_window(const StftSpec& spec);

// Cuts one channel, handed in in blocks of any size, into frames. The stream counts as preceded by
// silence, so that every hop_samples samples one frame is ready: frame i shows the fft_size samples
// that end with sample (i + 1) hop_samples - 1. One instance serves one stream, one thread.
class Stft {
 public:
  // Errors: as validate().
  static Result<Stft> create(const StftSpec& spec);

  const StftSpec& spec() const noexcept { return spec_; }
  std::size_t bins() const noexcept { return fft_.bins(); }

  // Hands on_frame(std::span<const std::complex<float>>) each frame that the block completes, in
  // order; the span is valid during the call. As real-time safe as on_frame is.
  template <class OnFrame>
  void process(std::span<const float> block, OnFrame&& on_frame) {
    while (!block.empty()) {
      const std::size_t taken = take(block);
      block = block.subspan(taken);
      if (filled_ == spec_.fft_size) on_frame(complete_frame());
    }
  }
  // Forgets the past, as between two streams.
  void reset() noexcept SYRINX_REALTIME;

 private:
  Stft(const StftSpec& spec, RealFft fft);
  std::size_t take(std::span<const float> block) noexcept;
  std::span<const std::complex<float>> complete_frame() noexcept;

  StftSpec spec_;
  RealFft fft_;
  std::vector<float> window_;
  std::vector<float> frame_;     // The last fft_size samples, `filled_` of them known.
  std::vector<float> weighted_;  // frame_ times window_.
  std::vector<std::complex<float>> spectrum_;
  std::size_t filled_;
};

// Puts frames together again. Sample n of Stft's input is sample n + latency_samples() of Istft's
// output. One instance serves one stream, one thread.
class Istft {
 public:
  // Errors: as validate(), and kInvalidArgument for a window and hop that leave samples (almost)
  // without weight, which no overlap-add can bring back.
  static Result<Istft> create(const StftSpec& spec);

  const StftSpec& spec() const noexcept { return spec_; }
  std::size_t bins() const noexcept { return fft_.bins(); }
  std::size_t latency_samples() const noexcept { return spec_.fft_size - spec_.hop_samples; }

  // Adds the next frame and puts out the samples that no later frame will touch.
  // Pre: spectrum.size() == bins(), out.size() == spec().hop_samples.
  void process(std::span<const std::complex<float>> spectrum,
               std::span<float> out) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  Istft(const StftSpec& spec, RealFft fft);

  StftSpec spec_;
  RealFft fft_;
  std::vector<float> window_;  // Divided by the sum of squares where each sample stands.
  std::vector<float> frame_;
  std::vector<float> sums_;  // fft_size samples still being added to.
};

// All frames of a signal, [frames][bins].
struct StftFrames {
  StftSpec spec;
  std::size_t samples = 0;  // Of the signal that they show.
  std::size_t bins = 0;
  std::vector<std::complex<float>> values;

  std::size_t frames() const noexcept { return bins == 0 ? 0 : values.size() / bins; }
  std::span<std::complex<float>> frame(std::size_t index) noexcept {
    return std::span(values).subspan(index * bins, bins);
  }
  std::span<const std::complex<float>> frame(std::size_t index) const noexcept {
    return std::span(values).subspan(index * bins, bins);
  }
};

// Every frame in which a sample of the signal has weight. Frame i shows the samples from
// (i + 1) hop_samples - fft_size on; what lies outside the signal is silence. Errors: as
// validate().
Result<StftFrames> stft(std::span<const float> signal, const StftSpec& spec);

// The signal whose frames these are, `samples` long. Errors: as Istft::create, and kInvalidArgument
// for too few frames or another number of bins.
Result<std::vector<float>> istft(const StftFrames& frames);

}  // namespace syrinx::dsp
