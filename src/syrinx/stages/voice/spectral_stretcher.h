// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"

namespace syrinx::voice {

// One frame after another of a phase vocoder: spectra of a sound at places of one's choice become
// spectra one hop apart whose phases run on. A frame's phases advance by what they do in the source
// within one hop before it, so that nothing needs unwrapping; each bin keeps its phase beside the
// peak that it belongs to (identity phase locking, Laroche & Dolson 1999); an attack begins anew
// with the source's own phases, and waits until it stands in the middle of the frame (after Röbel
// 2003), so that it is neither smeared nor heard before its time. All channels are turned alike, by
// what their mean wants: what stands between them stays there. One thread.
class SpectralStretcher {
 public:
  // Frames of 60 ms or a little more, a hop is a quarter of one. Errors: those of
  // dsp::RealFft::create().
  static Result<SpectralStretcher> create(int sample_rate_hz);

  std::size_t frame_samples() const noexcept { return fft_.size(); }
  std::size_t hop_samples() const noexcept { return fft_.size() / 4; }

  // The envelope moves up by so much before the frame is put together: 1 leaves it.
  void set_envelope_ratio(double ratio) noexcept { envelope_ratio_ = ratio; }
  // Frames that lie a hop apart in the source, too, need no care for attacks.
  void set_stretches(bool stretches) noexcept { stretches_ = stretches; }
  // `now` and `before` are frame_samples() samples of the mean of all channels, from a place and
  // from a hop before it.
  void analyse(std::span<const float> now, std::span<const float> before) noexcept SYRINX_REALTIME;
  // Whether the frame that was analysed holds an attack's middle: best not stretched.
  bool attack() const noexcept { return attack_; }
  // A channel's samples from the same place, in place: windowed, to be added up a hop apart.
  void render(std::span<float> channel) noexcept SYRINX_REALTIME;
  // Forgets the past.
  void reset() noexcept SYRINX_REALTIME;

 private:
  using Complex = std::complex<float>;

  SpectralStretcher(int sample_rate_hz, dsp::RealFft fft);
  void transform(std::span<const float> samples, std::span<Complex> spectrum) noexcept;
  void find_attack(std::span<const float> now) noexcept;
  void turn_phases() noexcept;
  void turn_around(std::size_t peak, std::size_t begin, std::size_t end) noexcept;
  void shape() noexcept;
  void fill_logs() noexcept;
  void smooth_logs() noexcept;

  int sample_rate_hz_;
  dsp::RealFft fft_;
  double envelope_ratio_ = 1.0;
  bool stretches_ = true;
  std::vector<float> window_;  // Hann.
  std::vector<float> time_;
  std::vector<Complex> now_;
  std::vector<Complex> before_;
  std::vector<float> power_;
  std::vector<Complex> turns_;   // That take the source's phases to the result's.
  std::vector<Complex> phases_;  // The result's, of the frame before.
  std::vector<float> gains_;     // Of bins: the moved envelope over the source's; attacks waiting.
  std::vector<float> logs_;
  std::vector<float> envelope_;
  std::vector<Complex> cepstrum_;
  bool begun_ = false;
  bool attack_ = false;
  int waiting_ = 0;  // Frames for which an attack has waited.
  int rest_ = 0;     // Frames until the next attack is looked for.
};

}  // namespace syrinx::voice
