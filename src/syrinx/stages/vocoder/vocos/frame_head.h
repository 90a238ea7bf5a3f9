// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/nn/rows/row_maths.h"

namespace syrinx::vocoder {

// From the rows of Vocos' last layer to the spectra of the frames of sound: what one utterance
// remembers between them. One stream, one thread.
class FrameHead {
 public:
  virtual ~FrameHead() = default;

  // Rows that must come after a frame's own before its spectrum is known.
  virtual std::size_t held_frames() const noexcept = 0;
  // Forgets the utterance. The next one is to be heard from frame `first` on; gives the first row
  // that the head needs for that.
  virtual std::int64_t reset(std::int64_t first) noexcept SYRINX_REALTIME = 0;
  // The next frame of the mel, before its row.
  virtual void hear(std::span<const float> mel) noexcept SYRINX_REALTIME = 0;
  // The next row, from the first that reset() gave on.
  virtual void take(const float* row) noexcept SYRINX_REALTIME = 0;
  // No more rows come.
  virtual void end() noexcept SYRINX_REALTIME = 0;
  // Fills in the next frame's spectrum, and gives true, when it is known.
  virtual bool next(std::span<std::complex<float>> spectrum) noexcept SYRINX_REALTIME = 0;

  virtual std::size_t memory_bytes() const noexcept = 0;
};

// Vocos' own: a row is the logarithms of the magnitudes, then the phases.
class PolarHead final : public FrameHead {
 public:
  PolarHead(const nn::RowMaths& maths, std::size_t fft_size);

  std::size_t held_frames() const noexcept override { return 0; }
  std::int64_t reset(std::int64_t first) noexcept override;
  void hear(std::span<const float>) noexcept override {}
  void take(const float* row) noexcept override;
  void end() noexcept override {}
  bool next(std::span<std::complex<float>> spectrum) noexcept override;
  std::size_t memory_bytes() const noexcept override;

 private:
  const nn::RowMaths& maths_;
  std::vector<float> re_;
  std::vector<float> im_;
  bool is_known_ = false;
};

}  // namespace syrinx::vocoder
