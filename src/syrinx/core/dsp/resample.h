// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/stream.h"

// Another sample rate for the same sound, by soxr: linear phase, and aligned, so that a sound at
// second t stays at second t.
namespace syrinx::dsp {

enum class ResampleQuality {
  kQuick,     // 16 bits of precision, steep to 68 % of Nyquist: previews.
  kHigh,      // 20 bits, flat to 91 %: -120 dB of aliasing.
  kVeryHigh,  // 28 bits, flat to 91 %: -168 dB in double, -140 dB and better in float.
};

// Converts one stream, in blocks of any size; the blocks' sizes do not change the result. One
// instance serves one stream, one thread.
class Resampler {
 public:
  // Errors: kInvalidArgument for rates or channels outside limits.h; kInternal if soxr refuses.
  static Result<Resampler> create(int in_hz, int out_hz, std::size_t channels,
                                  ResampleQuality quality = ResampleQuality::kVeryHigh);

  Resampler(Resampler&&) noexcept;
  Resampler& operator=(Resampler&&) noexcept;
  ~Resampler();

  int in_hz() const noexcept;
  int out_hz() const noexcept;
  std::size_t channels() const noexcept;
  // The most output frames by which the output lags behind the input in streaming, until flush().
  std::size_t latency_frames() const noexcept;
  // The most output frames that `in_frames` more input frames can bring, with those under way.
  std::size_t most_output_frames(std::size_t in_frames) const noexcept;

  struct Progress {
    std::size_t consumed = 0;  // Input frames taken.
    std::size_t produced = 0;  // Output frames written.
  };
  // Takes as much of `in`, and writes as much of `out`, as fits; call again with the rest until
  // neither moves. Never fails: if soxr ever did, `out` would get silence of the right length and
  // failed() would say so. soxr's queues grow in the first second of a stream; with blocks no
  // larger than those it has seen, it allocates nothing afterwards.
  // Pre: both have channels() channels and the rates of create().
  Progress process(AudioView in, MutableAudioView out) noexcept SYRINX_REALTIME;
  // Ends the stream: writes what is still under way and returns the frames written; 0 once all is
  // out. In all, the output has input frames * out_hz / in_hz frames, rounded. May allocate.
  std::size_t flush(MutableAudioView out) noexcept;
  // Forgets the past, as between two streams. Allocates.
  Result<void> reset();
  bool failed() const noexcept;

 private:
  struct State;
  explicit Resampler(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

// The whole signal at another rate; a copy when the rate is the same already. The result has
// frames * out_hz / in_hz frames, rounded. Errors: as Resampler::create, and kLimitExceeded where
// the result would hold more than limits::kMaxBufferSamples samples.
Result<AudioBuffer> resample(AudioView audio, int out_hz,
                             ResampleQuality quality = ResampleQuality::kVeryHigh);

// A source at another rate than the one it wraps.
class ResamplingSource final : public AudioSource {
 public:
  // Errors: as Resampler::create.
  static Result<std::unique_ptr<AudioSource>> create(
      std::unique_ptr<AudioSource> inner, int out_hz,
      ResampleQuality quality = ResampleQuality::kVeryHigh);

  int sample_rate_hz() const noexcept override { return resampler_.out_hz(); }
  std::size_t channels() const noexcept override { return resampler_.channels(); }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override;

 private:
  ResamplingSource(std::unique_ptr<AudioSource> inner, Resampler resampler);
  std::size_t convert(AudioBuffer& block);
  std::size_t drain(AudioBuffer& block);

  std::unique_ptr<AudioSource> inner_;
  Resampler resampler_;
  AudioBuffer given_;
  bool ended_ = false;
};

// "0.1.3": soxr's own word.
std::string resampler_library_version();

}  // namespace syrinx::dsp
