// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "syrinx/core/dsp/aligned.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/nn/rows/row_window.h"
#include "syrinx/stages/vocoder/vocoder.h"
#include "syrinx/stages/vocoder/vocos/frame_head.h"
#include "syrinx/stages/vocoder/vocos/vocos_network.h"

namespace syrinx::vocoder {

// One utterance through Vocos' layers and a head. Every layer keeps the six rows that its next ones
// still need; what lies outside the utterance is zeros. Its frames of sound overlap as they come.
class VocosStream final : public VocoderStream {
 public:
  // Errors: those of dsp::RealFft::create.
  static Result<std::unique_ptr<VocosStream>> create(const VocosNetwork& network,
                                                     std::unique_ptr<FrameHead> head,
                                                     const MelSpec& mel,
                                                     std::size_t max_block_frames);
  // With Vocos' own head.
  static Result<std::unique_ptr<VocosStream>> create(const VocosNetwork& network,
                                                     const MelSpec& mel,
                                                     std::size_t max_block_frames);
  // Frames that a head may hear before their rows come.
  static std::size_t heard_frames(const VocosNetwork& network, std::size_t max_block_frames);

  std::size_t latency_samples() const noexcept override { return latency_; }
  std::size_t tail_samples() const noexcept override;
  std::size_t max_block_frames() const noexcept override { return max_block_frames_; }
  void process(MelView mel, MutableAudioView out) noexcept override;
  void finish(MutableAudioView out) noexcept override;
  void finish_with(MelView mel, MutableAudioView out) noexcept override;
  void reset() noexcept override;
  void skip(std::size_t samples) noexcept override;
  std::size_t bad_frames() const noexcept override { return bad_frames_; }
  std::size_t memory_bytes() const noexcept override;

 private:
  VocosStream(const VocosNetwork& network, std::unique_ptr<FrameHead> head, const MelSpec& mel,
              dsp::RealFft fft, std::size_t max_block_frames);

  // Each layer begins with the first row that the samples from `sample` on depend on.
  void start_at(std::size_t sample) noexcept;
  void begin_output(std::span<float> out) noexcept;
  void end_utterance(std::span<float> out) noexcept;
  // Frames a stretch at a time, with `last` the utterance's end.
  void take(MelView mel, bool last) noexcept;
  void run(bool last) noexcept;
  std::size_t run_layer(std::size_t index, std::int64_t total, bool last) noexcept;
  void embed(std::int64_t begin, std::size_t rows, const nn::ConvTail& tail) noexcept;
  const std::byte* packed(const float* rows, std::size_t count) noexcept;
  std::size_t packed_bytes(std::size_t channels) const noexcept;
  void run_head(const float* rows, std::size_t count) noexcept;
  void add_frames() noexcept;
  void add_frame() noexcept;
  void deliver(std::size_t samples) noexcept;

  const VocosNetwork& network_;
  std::unique_ptr<FrameHead> head_;
  dsp::RealFft fft_;
  std::size_t max_block_frames_;
  std::size_t latency_;
  std::size_t silence_ = 0;  // Samples that the utterance begins with: the latency, those skipped.
  std::size_t stretch_frames_;  // What goes through the layers at once.
  nn::RowWindow mel_;
  std::vector<nn::RowWindow> inputs_;  // Of each layer.
  std::vector<std::int64_t> done_;     // Rows that each layer has made.
  nn::ScratchBytes mel_scratch_;
  nn::ScratchBytes packed_mel_;
  nn::ScratchBytes input_scratch_[2];  // The layers' in turns.
  nn::ScratchBytes packed_scratch_;    // Rows in the format that is multiplied,
  nn::ScratchBytes hidden_;            // and what a layer's first product makes of them.
  dsp::AlignedFloats normed_;
  dsp::AlignedFloats spectra_;
  dsp::AlignedFloats last_;  // What the last layer makes.
  std::vector<std::complex<float>> spectrum_;
  std::vector<float> frame_;
  std::vector<float> overlapped_;      // From the next sample on, as the sum of frames so far,
  std::vector<float> overlap_weight_;  // and the sum of the squares of their windows.
  std::size_t to_trim_ = 0;            // Samples still to be cut off the front.
  std::size_t bad_frames_ = 0;

  float* out_ = nullptr;  // Where the samples of the running call go.
};

}  // namespace syrinx::vocoder
