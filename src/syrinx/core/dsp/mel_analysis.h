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
#include "syrinx/core/dsp/mel_filterbank.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/mel.h"

// From sound to mel spectrograms, in the convention that a MelSpec states.
namespace syrinx::dsp {

// The conventions of the published models, each under its name, rate and number of bands.
MelSpec hifigan_22050_80();  // HiFi-GAN LJ_V1-3, WaveGlow, Tacotron 2: 0-8000 Hz.
MelSpec
hifigan_22050_80_nyquist();  // The same to half the rate (fmax: null), for loss or resynthesis.
MelSpec diffwave_22050_80();
MelSpec vocos_24000_100();
MelSpec bigvgan_24000_100();
MelSpec melgan_22050_80();            // descript-inc's MelGAN: log10, 0-11025 Hz.
MelSpec parallel_wavegan_22050_80();  // ParallelWaveGAN, ESPnet: log10, 80-7600 Hz, centred.

// Turns one channel, handed in in blocks of any size, into mel frames: the same values as
// analyse_mel() gives for the whole. One instance serves one stream, one thread.
class MelAnalyser {
 public:
  // Errors: as validate(spec).
  static Result<MelAnalyser> create(const MelSpec& spec);

  const MelSpec& spec() const noexcept { return spec_; }
  // Samples that must follow the first sample of a frame's hop before the frame comes out.
  std::size_t latency_samples() const noexcept { return spec_.fft_size - padding_; }

  // Hands on_frame(std::span<const float>) each frame that the block completes (spec().bands
  // values, valid during the call), in order. As real-time safe as on_frame is.
  template <class OnFrame>
  void process(std::span<const float> block, OnFrame&& on_frame) {
    while (!block.empty()) {
      block = block.subspan(take(block));
      emit(on_frame);
    }
  }
  // Ends the stream: mirrors its end as the spec pads it and hands out the frames that remain.
  // A stream without samples has no frames. Afterwards a new stream may begin.
  template <class OnFrame>
  void finish(OnFrame&& on_frame) {
    close();
    emit(on_frame);
    reset();
  }
  void reset() noexcept SYRINX_REALTIME;

 private:
  MelAnalyser(const MelSpec& spec, RealFft fft, MelFilterbank filters);

  template <class OnFrame>
  void emit(OnFrame& on_frame) {
    while (opened_ && end_ - frame_begin_ >= spec_.fft_size) {
      on_frame(analyse(std::span(stream_).subspan(frame_begin_, spec_.fft_size)));
      frame_begin_ += spec_.hop_samples;
    }
  }
  std::size_t take(std::span<const float> block) noexcept;
  void open() noexcept;
  void close() noexcept;
  void make_room() noexcept;
  std::span<const float> analyse(std::span<const float> frame) noexcept;

  MelSpec spec_;
  std::size_t padding_;  // Mirrored samples at each end.
  RealFft fft_;
  MelFilterbank filters_;
  std::vector<float> window_;
  std::vector<float> weighted_;
  std::vector<std::complex<float>> spectrum_;
  std::vector<float> magnitude_;
  std::vector<float> mel_;

  // The padded stream from some place on; valid up to end_. The next frame starts at frame_begin_.
  // Before first_sample_ lies the mirrored start, which waits for padding_ + 1 samples (or the
  // end).
  std::vector<float> stream_;
  std::size_t frame_begin_ = 0;
  std::size_t end_ = 0;
  std::size_t first_sample_ = 0;
  bool opened_ = false;
};

// The mel spectrogram of a whole mono signal. Errors: as validate(spec); kInvalidArgument for other
// than one channel, another rate than the spec's, or no samples.
Result<Mel> analyse_mel(AudioView mono, const MelSpec& spec);

}  // namespace syrinx::dsp
