// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/stages/vocoder/noise_source.h"
#include "syrinx/stages/vocoder/vocoder.h"
#include "syrinx/stages/vocoder/waveglow/waveglow_pass.h"

namespace syrinx::vocoder {

// WaveGlow as a stream: a chain of flows, each as far behind the one before as its network looks
// ahead. Every channel of noise is one of the seed's, drawn row by row.
class WaveGlowStream final : public VocoderStream {
 public:
  // Allocates all that it will ever need. The network must outlive it.
  WaveGlowStream(const WaveGlowNetwork& network, const MelSpec& spec, std::uint64_t seed,
                 float sigma, std::size_t max_block_frames);

  std::size_t latency_samples() const noexcept override;
  std::size_t tail_samples() const noexcept override { return latency_samples(); }
  std::size_t max_block_frames() const noexcept override { return max_block_frames_; }
  void process(MelView mel, MutableAudioView out) noexcept SYRINX_REALTIME override;
  void finish(MutableAudioView out) noexcept SYRINX_REALTIME override;
  void reset() noexcept SYRINX_REALTIME override;
  std::size_t bad_frames() const noexcept override { return bad_frames_; }
  std::size_t memory_bytes() const noexcept override;

 private:
  // A flow, its input's rows while they are not yet transformed, and the noise in front of them.
  struct Link {
    WaveGlowPass pass;
    nn::SlidingRows signal;  // Rows of a group of floats.
    std::vector<SeededNoise> noise;
    std::size_t first_channel = 0;  // Of the seed's.
    std::int64_t time = 0;          // Rows that it took, and time past the utterance's end.
  };
  std::size_t frames_at_a_time() const noexcept;
  void upsample(MelView mel) noexcept;
  void advance_to(std::int64_t time) noexcept;
  void advance(std::int64_t count) noexcept;
  void run_link(std::size_t index, std::int64_t count) noexcept;
  void hand_on(std::size_t index, nn::GatedStack::Range rows) noexcept;
  void add_noise(Link& link, nn::GatedStack::Range rows) noexcept;

  const WaveGlowNetwork* network_;
  MelSpec spec_;
  std::uint64_t seed_;
  float sigma_;
  std::size_t max_block_frames_;
  nn::RowWindow mel_;
  nn::ScratchBytes mel_scratch_;
  nn::SlidingRows side_;
  std::vector<float> phase_;  // The upsampled mel's rows of one phase.
  std::vector<Link> links_;
  WaveGlowScratch scratch_;
  std::vector<float> made_;  // A flow's rows.
  float* out_ = nullptr;
  std::size_t bad_frames_ = 0;
};

}  // namespace syrinx::vocoder
