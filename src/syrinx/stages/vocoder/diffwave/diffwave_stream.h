// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/stages/vocoder/diffusion/sampler.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_pass.h"
#include "syrinx/stages/vocoder/noise_source.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoder {

// A mel's frames as they come, and their rows at a sixteenth of the sample rate.
class MelUpsamplerStream {
 public:
  static constexpr std::size_t kMostFrames = 2;  // That take() is given at a time.

  // Keeps the rows of so many samples besides the newest. The upsampler must outlive it.
  MelUpsamplerStream(const MelUpsampler& upsampler, const MelSpec& spec, std::int64_t kept_samples);

  void reset() noexcept SYRINX_REALTIME;
  // Takes frames; those that are not finite become silence. `needed`: the first sample whose rows
  // are still wanted. Returns how many frames were not finite.
  std::size_t take(MelView mel, std::int64_t needed) noexcept SYRINX_REALTIME;
  // There are no more frames.
  void end(std::int64_t needed) noexcept SYRINX_REALTIME;
  // Samples whose rows can be made, all in all.
  std::int64_t samples() const noexcept;
  std::int64_t frames() const noexcept { return frames_; }
  MelUpsampler::Rows rows() const noexcept;
  std::size_t memory_bytes() const noexcept;

 private:
  void upsample(std::int64_t end, std::int64_t needed) noexcept;

  const MelUpsampler* upsampler_;
  MelSpec spec_;
  nn::SlidingRows mel_, rows_;  // A zero on each side of each row.
  std::int64_t frames_ = 0;
  std::int64_t begin_ = 0, end_ = 0;  // Of rows_.
};

// DiffWave as a stream: a chain of passes, one a step, each as far behind the one before as the
// network looks ahead. Every step's noise is a channel of the seed's, drawn sample by sample.
class DiffWaveStream final : public VocoderStream {
 public:
  struct Step {
    SamplingStep sampling;
    DiffWaveStep network;
  };
  // Allocates all that it will ever need. The network must outlive it.
  DiffWaveStream(const DiffWaveNetwork& network, const MelSpec& spec, std::vector<Step> steps,
                 std::uint64_t seed, std::size_t max_block_frames);

  std::size_t latency_samples() const noexcept override;
  std::size_t tail_samples() const noexcept override { return latency_samples(); }
  std::size_t max_block_frames() const noexcept override { return max_block_frames_; }
  void process(MelView mel, MutableAudioView out) noexcept SYRINX_REALTIME override;
  void finish(MutableAudioView out) noexcept SYRINX_REALTIME override;
  void reset() noexcept SYRINX_REALTIME override;
  std::size_t bad_frames() const noexcept override { return bad_frames_; }
  std::size_t memory_bytes() const noexcept override;

 private:
  // A step's pass, and its samples while the noise in them is not yet known.
  struct Link {
    DiffWavePass pass;
    nn::SlidingRows x;      // Rows of one float.
    SeededNoise fresh;      // What the step adds.
    std::int64_t time = 0;  // Samples that it took, and time past the utterance's end.
  };
  SeededNoise fresh_noise(std::size_t step) const noexcept;
  std::int64_t needed() const noexcept;
  void advance_to(std::int64_t time) noexcept;
  void advance(std::int64_t count) noexcept;
  void run_link(std::size_t index, std::int64_t count) noexcept;
  void finish_step(std::size_t index, nn::GatedStack::Range rows) noexcept;

  const DiffWaveNetwork* network_;
  MelSpec spec_;
  std::vector<Step> steps_;
  std::uint64_t seed_;
  std::size_t max_block_frames_;
  MelUpsamplerStream mel_;
  std::vector<Link> links_;
  SeededNoise first_noise_;
  DiffWaveScratch scratch_;
  std::vector<float> predicted_, fresh_;
  float* out_ = nullptr;
  std::size_t bad_frames_ = 0;
};

}  // namespace syrinx::vocoder
