// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/levels.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "syrinx/stages/effects/ramp.h"

namespace syrinx::effects {
namespace {

constexpr double kMostGainDb = 120.0;

Result<std::size_t> fade_frames(AudioView audio, double duration_s) {
  if (!(duration_s >= 0.0) || !std::isfinite(duration_s))
    return make_error(ErrorCode::kInvalidArgument, "a fade of ", duration_s,
                      " s was asked for; give 0 or more");
  const double frames = std::round(duration_s * audio.sample_rate_hz());
  return static_cast<std::size_t>(std::min(frames, static_cast<double>(audio.frames())));
}

void clean(MutableAudioView audio) {
  for (std::size_t c = 0; c < audio.channels(); ++c)
    for (float& x : audio.channel(c)) x = std::isfinite(x) ? x : 0.0f;
}

// Applies the gain from one level to another, in dB.
Result<double> raise(MutableAudioView audio, double from_level_db, double to_level_db) {
  SYRINX_ASSIGN(const double gain, normalising_gain_db(from_level_db, to_level_db));
  if (gain == 0.0) return gain;
  const double factor = from_db(gain);
  for (std::size_t c = 0; c < audio.channels(); ++c)
    for (float& x : audio.channel(c)) x = static_cast<float>(x * factor);
  return gain;
}

}  // namespace

double fade_gain(FadeShape shape, double progress) noexcept {
  if (shape == FadeShape::kLinear) return progress;
  if (shape == FadeShape::kEqualPower) return std::sin(progress * std::numbers::pi / 2.0);
  return 0.5 - 0.5 * std::cos(progress * std::numbers::pi);
}

Result<void> fade_in(MutableAudioView audio, double duration_s, FadeShape shape) {
  SYRINX_ASSIGN(const std::size_t frames, fade_frames(audio, duration_s));
  for (std::size_t c = 0; c < audio.channels(); ++c)
    for (std::size_t i = 0; i < frames; ++i)
      audio.channel(c)[i] *= static_cast<float>(
          fade_gain(shape, static_cast<double>(i) / static_cast<double>(frames)));
  return {};
}

Result<void> fade_out(MutableAudioView audio, double duration_s, FadeShape shape) {
  SYRINX_ASSIGN(const std::size_t frames, fade_frames(audio, duration_s));
  for (std::size_t c = 0; c < audio.channels(); ++c)
    for (std::size_t i = 0; i < frames; ++i)
      audio.channel(c)[audio.frames() - 1 - i] *= static_cast<float>(
          fade_gain(shape, static_cast<double>(i) / static_cast<double>(frames)));
  return {};
}

Result<double> normalise_peak(MutableAudioView audio, double target_dbfs) {
  if (!(target_dbfs <= 0.0))
    return make_error(ErrorCode::kInvalidArgument, "normalise: a peak of ", target_dbfs,
                      " dBFS was asked for; give 0 or less");
  clean(audio);
  float peak = 0.0f;
  for (std::size_t c = 0; c < audio.channels(); ++c)
    for (const float x : audio.channel(c)) peak = std::max(peak, std::abs(x));
  return raise(audio, to_db(peak), target_dbfs);
}

Result<double> normalise_rms(MutableAudioView audio, double target_dbfs) {
  clean(audio);
  double sum = 0.0;
  for (std::size_t c = 0; c < audio.channels(); ++c)
    for (const float x : audio.channel(c)) sum += static_cast<double>(x) * x;
  const double samples = static_cast<double>(audio.channels() * audio.frames());
  return raise(audio, to_db(samples > 0 ? std::sqrt(sum / samples) : 0.0), target_dbfs);
}

Result<double> normalise_loudness(MutableAudioView audio, double measured_lufs,
                                  double target_lufs) {
  clean(audio);
  return raise(audio, measured_lufs, target_lufs);
}

Result<double> normalising_gain_db(double measured_db, double target_db) {
  if (std::isinf(measured_db) && measured_db < 0) return 0.0;  // Silence.
  const double gain = target_db - measured_db;
  if (std::abs(gain) <= kMostGainDb) return gain;
  return make_error(ErrorCode::kInvalidArgument, "normalise: from ", measured_db, " to ", target_db,
                    " dB takes a gain beyond +-", kMostGainDb, " dB");
}

Result<SoundFinder> SoundFinder::create(const TrimOptions& o, int sample_rate_hz,
                                        std::size_t channels) {
  if (!(o.window_ms > 0.0) || !(o.keep_ms >= 0.0) || !std::isfinite(o.window_ms) ||
      !std::isfinite(o.keep_ms) || std::isnan(o.threshold_dbfs))
    return make_error(ErrorCode::kInvalidArgument, "trim: a window of ", o.window_ms,
                      " ms and margins of ", o.keep_ms, " ms were given; give positive numbers");
  const double per_ms = sample_rate_hz / 1000.0;
  const auto frames = [per_ms](double ms) {
    return static_cast<std::size_t>(std::min(ms * per_ms, 1e15));
  };
  return SoundFinder(std::max<std::size_t>(1, frames(o.window_ms)), frames(o.keep_ms),
                     from_db(2.0 * o.threshold_dbfs), channels);
}

SoundFinder::SoundFinder(std::size_t window, std::size_t keep, double threshold,
                         std::size_t channels)
    : window_(window), keep_(keep), threshold_(threshold), sums_(channels) {}

void SoundFinder::push(AudioView audio) {
  for (std::size_t at = 0; at < audio.frames();) {
    const std::size_t part = std::min(window_ - filled_, audio.frames() - at);
    for (std::size_t c = 0; c < audio.channels(); ++c)
      for (const float x : audio.channel(c).subspan(at, part))
        if (std::isfinite(x)) sums_[c] += static_cast<double>(x) * x;
    at += part;
    filled_ += part;
    frames_ += part;
    if (filled_ < window_) continue;
    finish_window(sound_);
    std::fill(sums_.begin(), sums_.end(), 0.0);
    filled_ = 0;
  }
}

// Takes the window into the sound if its loudest channel is loud enough.
void SoundFinder::finish_window(FrameRange& sound) const {
  if (filled_ == 0) return;
  const double loudest = *std::max_element(sums_.begin(), sums_.end());
  if (loudest / static_cast<double>(filled_) <= threshold_) return;
  if (sound.end == 0) sound.begin = frames_ - filled_;
  sound.end = frames_;
}

FrameRange SoundFinder::range() const {
  FrameRange sound = sound_;
  finish_window(sound);
  if (sound.end == 0) return {};
  return {sound.begin > keep_ ? sound.begin - keep_ : 0,
          keep_ < frames_ - sound.end ? sound.end + keep_ : frames_};
}

Result<FrameRange> find_sound(AudioView audio, const TrimOptions& options) {
  SYRINX_ASSIGN(auto finder, SoundFinder::create(options, audio.sample_rate_hz(),
                                                 std::max<std::size_t>(1, audio.channels())));
  finder.push(audio);
  return finder.range();
}

Result<AudioBuffer> trim_silence(AudioView audio, const TrimOptions& options) {
  SYRINX_ASSIGN(const FrameRange keep, find_sound(audio, options));
  return AudioBuffer(audio.slice(keep.begin, keep.frames()));
}

}  // namespace syrinx::effects
