// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/check.h"
#include "syrinx/core/base/result.h"

namespace syrinx {

enum class MelScale { kSlaney, kHtk };  // Slaney 1998 (Auditory Toolbox); HTK book 3.4, eq. 5.13.
enum class MelNorm { kSlaneyArea, kNone };  // Triangles of unit area, or of unit height.
enum class MelLog {
  kNatural,
  kDecibelNormalised,  // (20 log10 - 20 + 100) / 100 clipped to [0, 1].
  kLog10
};
enum class MelPadding {
  kReflectSame,   // Reflect (fft - hop) / 2 at each end, no centring: frames * hop = samples
                  // (HiFi-GAN).
  kReflectCenter  // Reflect fft / 2 at each end: frame i is centred on sample i * hop (librosa,
                  // torchaudio).
};

// Everything that makes two mels comparable. Two mels of different specs are different things.
struct MelSpec {
  int sample_rate_hz = 22'050;
  std::size_t fft_size = 1'024;
  std::size_t hop_samples = 256;
  std::size_t window_samples = 1'024;  // Periodic Hann, centred in the FFT when shorter.
  std::size_t bands = 80;
  double min_hz = 0.0;
  double max_hz = 8'000.0;
  MelScale scale = MelScale::kSlaney;
  MelNorm norm = MelNorm::kSlaneyArea;
  double power = 1.0;            // Exponent of the magnitude before the filters: 1 or 2.
  double magnitude_floor = 0.0;  // Added to the squared magnitude before its root: HiFi-GAN's 1e-9.
  bool normalise_window = false;  // Divide the spectrum by the window's root energy.
  MelLog log = MelLog::kNatural;
  double clamp = 1e-5;  // Smallest value given to the logarithm.
  MelPadding padding = MelPadding::kReflectSame;

  friend bool operator==(const MelSpec&, const MelSpec&) = default;
};

// One line for messages: "22050 Hz, fft 1024, hop 256, 80 bands 0-8000 Hz slaney, ln".
std::string describe(const MelSpec& spec);
// kInvalidArgument with the offending field, unless every field is within what analysis can do.
Result<void> validate(const MelSpec& spec);

// What the spec's logarithm, clamped as it clamps, makes of an amplitude; and the amplitude that a
// value of such a mel means.
double mel_value(const MelSpec& spec, double amplitude) noexcept;
double mel_amplitude(const MelSpec& spec, double value) noexcept;

// Looks at a mel: frames rows of `bands` values, time-major ([frames][bands]).
class MelView {
 public:
  MelView(const float* data, std::size_t frames, const MelSpec& spec) noexcept
      : data_(data), frames_(frames), spec_(&spec) {}

  std::size_t frames() const noexcept { return frames_; }
  std::size_t bands() const noexcept { return spec_->bands; }
  const MelSpec& spec() const noexcept { return *spec_; }
  std::span<const float> frame(std::size_t index) const noexcept {
    SYRINX_CHECK(index < frames_, "mel frame index past the last frame");
    return {data_ + index * bands(), bands()};
  }

 private:
  const float* data_;
  std::size_t frames_;
  const MelSpec* spec_;
};

// Owns a mel spectrogram together with its spec, [frames][bands].
class Mel {
 public:
  Mel() = default;
  Mel(const MelSpec& spec, std::size_t frames) : spec_(spec), values_(frames * spec.bands) {}

  const MelSpec& spec() const noexcept { return spec_; }
  std::size_t bands() const noexcept { return spec_.bands; }
  std::size_t frames() const noexcept { return values_.size() / spec_.bands; }
  MelView view() const noexcept { return {values_.data(), frames(), spec_}; }
  std::span<float> frame(std::size_t index) noexcept {
    SYRINX_CHECK(index < frames(), "mel frame index past the last frame");
    return {values_.data() + index * bands(), bands()};
  }
  std::span<const float> frame(std::size_t index) const noexcept { return view().frame(index); }
  std::span<const float> values() const noexcept { return values_; }

 private:
  MelSpec spec_;
  std::vector<float> values_;
};

}  // namespace syrinx
