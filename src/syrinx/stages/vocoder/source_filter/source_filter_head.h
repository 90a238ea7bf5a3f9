// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/core/nn/rows/row_maths.h"
#include "syrinx/stages/vocoder/source_filter/excitation.h"
#include "syrinx/stages/vocoder/vocos/frame_head.h"

namespace syrinx::vocoder {

// For each bin of a spectrum, the bands of a mel that its envelope lies between.
struct EnvelopeBin {
  std::size_t band = 0;  // The lower one.
  float part = 0;        // 0 there, 1 at the next band.
};
std::vector<EnvelopeBin> envelope_bins(const MelSpec& mel);

// The head of a source-filter vocoder (after Liu et al. 2020, "Neural Homomorphic Vocoder"): the
// spectrum of pulses times one filter plus that of noise times another. A row holds, of fft / 2 + 1
// bins each, the logarithms of the pulses' filter, its phases, and the logarithms of the noise's
// filter; then the logarithm of F0 / 200 Hz, and what is positive where there is voice. Both
// filters are corrections of the mel's envelope. A frame is known when the F0 of all that its
// window sees is.
class SourceFilterHead final : public FrameHead {
 public:
  // `heard_frames`: how many frames may be heard before their rows. Pre: the FFT has four hops.
  // Errors: those of dsp::RealFft::create.
  static Result<std::unique_ptr<FrameHead>> create(const nn::RowMaths& maths, const MelSpec& mel,
                                                   std::size_t heard_frames);

  // A window ends within the second hop after its frame's; F0 moves towards the frame behind that.
  static constexpr std::size_t kHeldFrames = 3;
  std::size_t held_frames() const noexcept override { return kHeldFrames; }
  std::int64_t reset(std::int64_t first) noexcept override;
  void hear(std::span<const float> mel) noexcept override;
  void take(const float* row) noexcept override;
  void end() noexcept override;
  bool next(std::span<std::complex<float>> spectrum) noexcept override;
  std::size_t memory_bytes() const noexcept override;

 private:
  struct Frame {
    double f0_hz = 0;           // 0 where there is no voice.
    std::vector<float> re, im;  // The pulses' filter.
    std::vector<float> noise;   // The noise's.
  };

  SourceFilterHead(const nn::RowMaths& maths, const MelSpec& mel, dsp::RealFft fft,
                   std::size_t heard_frames);
  double f0_at(std::size_t frame) const noexcept;  // 0 before the first and after the last.
  void excite() noexcept;
  Frame& frame(std::size_t index) noexcept { return frames_[index % frames_.size()]; }

  const nn::RowMaths& maths_;
  MelSpec mel_;
  dsp::RealFft fft_;
  std::vector<EnvelopeBin> envelope_;
  std::vector<float> window_;
  std::vector<float> heard_;  // Frames of the mel, in a ring.
  std::size_t heard_capacity_;
  std::array<Frame, kHeldFrames + 2>
      frames_;  // Rows taken: those that wait, and the one before them.
  std::vector<float> level_, no_phase_, unused_;
  std::vector<float> pulses_, noise_;  // From the next frame's window on.
  std::vector<float> windowed_;
  std::vector<std::complex<float>> voice_, hiss_;

  PulseTrain train_;
  std::size_t heard_count_ = 0, taken_ = 0, excited_ = 0, made_ = 0;  // Frames since the beginning.
  bool ended_ = false;
};

}  // namespace syrinx::vocoder
