// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "syrinx/core/flow/stream.h"
#include "syrinx/stages/voice/grain_reader.h"
#include "syrinx/stages/voice/sample_ring.h"
#include "syrinx/stages/voice/spectral_stretcher.h"

namespace syrinx::voice {

struct PhaseVocoderOptions {
  double speed = 1.0;          // Seconds of source for each second of result: 0.25 to 4.
  double pitch_ratio = 1.0;    // 0.25 to 4.
  double formant_ratio = 1.0;  // Of the envelope, 0.5 to 2: 1 keeps it whatever the pitch does.
};

// A source at another pitch and pace, by a phase vocoder: the sound's spectra stretched in time
// (SpectralStretcher), then read faster or slower. Where GrainSource follows one voice's pitch
// periods, this one asks nothing of the sound: several voices at once, music, a street. In time
// with the source; in all, as many frames as the source has, divided by the speed and rounded.
// Memory does not grow with length.
class PhaseVocoder final : public AudioSource {
 public:
  // Errors: kInvalidArgument for options, a rate or channels out of range.
  static Result<std::unique_ptr<PhaseVocoder>> create(std::unique_ptr<AudioSource> inner,
                                                      const PhaseVocoderOptions& options);

  int sample_rate_hz() const noexcept override { return inner_->sample_rate_hz(); }
  std::size_t channels() const noexcept override { return inner_->channels(); }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override;

 private:
  PhaseVocoder(std::unique_ptr<AudioSource> inner, const PhaseVocoderOptions& options,
               SpectralStretcher stretcher);
  Result<void> read_until(std::int64_t frames, const std::stop_token& stop);
  Result<void> stretch_until(std::int64_t samples, const std::stop_token& stop);
  Result<void> add_frame(const std::stop_token& stop);
  std::int64_t frames_in_all() const noexcept;

  std::unique_ptr<AudioSource> inner_;
  PhaseVocoderOptions options_;
  SpectralStretcher stretcher_;
  GrainReader reader_;
  double stretch_;                     // Of the source, before it is read at another pace.
  std::vector<SampleRing> source_;     // Of each channel; the last is their mean.
  std::vector<SumRing> sums_;          // The stretched sound in the making,
  std::vector<SampleRing> stretched_;  // and what of it is done.
  std::vector<float> now_;
  std::vector<float> before_;
  std::vector<float> part_;
  AudioBuffer read_;                 // From `inner_`,
  std::size_t read_offset_ = 0;      // and what of it was taken.
  std::int64_t fed_ = 0;             // Frames of the source, with silence past its end.
  std::optional<std::int64_t> end_;  // Of the source, once known.
  std::int64_t frames_ = -1;         // Of the stretcher: the number of the next.
  double place_ = 0.0;               // The next one's middle in the source.
  double ahead_ = 0.0;               // By how much attacks have it lie before its time.
  std::int64_t given_ = 0;
};

}  // namespace syrinx::voice
