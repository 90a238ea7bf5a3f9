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
#include "syrinx/stages/voice/world/voice_analyser.h"

namespace syrinx::voice {

// Changes a voice's own sound while it streams, by its frames: a filter per frame in the spectrum
// (differential filtering: nothing is resynthesised; Kobayashi, Toda and Nakamura 2018) and, where
// F0 is to change, grains of two periods laid at the new distance (Moulines and Charpentier 1990)
// on places of the old waveform that are alike, found by correlation. Where nothing is to change
// the sound comes through as it was. As much goes out as comes in, latency_samples() later. One
// channel, one stream, one thread.
class VoiceShaper {
 public:
  // Errors: as VoiceAnalyser::create.
  static Result<VoiceShaper> create(int sample_rate_hz, const VoiceFrameOptions& options = {});

  const FrameShape& shape() const noexcept { return analyser_.shape(); }
  std::size_t latency_samples() const noexcept { return latency_; }

  // Calls map(const VoiceFrame&, std::span<float> gain), once per frame, in order: it fills `gain`
  // (bins, amplitudes, finite) and returns the ratio of the new F0 to the old (0.2 to 5; without
  // meaning in frames without pitch). Blocks of any size give the same sound. As real-time safe as
  // map is. Pre: both have the same length.
  template <class Map>
  void process(std::span<const float> in, std::span<float> out, Map&& map) {
    for (std::size_t i = 0; i < in.size(); ++i) {
      take(in[i]);
      analyser_.process(in.subspan(i, 1), [&](const VoiceFrame& frame) {
        const double ratio = map(frame, gain_of(frame.index));
        finish_frame(frame, ratio);
      });
      out[i] = give();
    }
  }
  // Forgets the past, as between two streams.
  void reset() noexcept SYRINX_REALTIME;

 private:
  // A place in the old sound, and the distance from the one before.
  struct Mark {
    std::int64_t at = 0;
    std::int64_t period = 0;
    bool voiced = false;
  };
  static constexpr std::size_t kMarks = 256;

  VoiceShaper(VoiceAnalyser analyser, dsp::RealFft fft);
  void take(float sample) noexcept SYRINX_REALTIME;
  float give() noexcept SYRINX_REALTIME;
  std::span<float> gain_of(std::uint64_t frame) noexcept SYRINX_REALTIME;
  void finish_frame(const VoiceFrame& frame, double ratio) noexcept SYRINX_REALTIME;
  std::uint64_t frame_at(double sample) const noexcept;
  float sample_at(std::int64_t at) const noexcept;
  const Mark& mark(std::uint64_t index) const noexcept { return marks_[index % kMarks]; }
  void add_marks(std::int64_t end) noexcept;
  std::int64_t loudest_near(std::int64_t from, std::int64_t to) const noexcept;
  std::int64_t most_alike(std::int64_t like, std::int64_t period) noexcept;
  void lay_grains() noexcept;
  double next_place(std::uint64_t before, double ratio) const noexcept;
  void lay_grain(const Mark& from, double at, double left, double right, double gain) noexcept;

  VoiceAnalyser analyser_;
  dsp::RealFft fft_;
  std::int64_t longest_;   // The longest period, in samples.
  std::int64_t unvoiced_;  // The distance of marks without pitch.
  std::size_t latency_;
  std::vector<float> in_;  // Rings, by sample.
  std::vector<float> out_;
  std::uint64_t samples_ = 0;
  std::size_t kept_frames_;
  std::vector<float> gains_;  // Rings, by frame.
  std::vector<float> f0_hz_;
  std::vector<float> ratio_;
  std::uint64_t frames_ = 0;
  std::vector<Mark> marks_;
  std::uint64_t mark_count_ = 0;
  std::uint64_t mark_now_ = 0;  // The last at or before the place of the next grain.
  double place_ = 0.0;          // Of the next grain,
  double left_ = 0.0;           // and its reach to the left.
  std::vector<float> pattern_;
  std::vector<float> field_;
  std::vector<float> time_;
  std::vector<std::complex<float>> spectrum_;
};

}  // namespace syrinx::voice
