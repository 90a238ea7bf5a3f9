// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/media_enhance_steps.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "syrinx/stages/measure/loudness.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

json number_or_null(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? json(*value) : json(nullptr);
}

// What comes out lags behind by `late` frames: `sound` begins with its first, and is as long as it
// was.
void pull_forward(AudioBuffer& sound, std::size_t late, std::size_t frames) {
  for (std::size_t c = 0; c < sound.channels(); ++c) {
    const auto row = sound.channel(c);
    std::copy(row.begin() + static_cast<std::ptrdiff_t>(late), row.end(), row.begin());
  }
  sound.resize(frames);
}

std::string text_of(const std::optional<double>& lufs) {
  if (!lufs) return "unknown";
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f LUFS", *lufs);
  return text;
}

}  // namespace

Result<void> suppress_noise(enhance::DenoiseKind kind, AudioBuffer& sound) {
  SYRINX_ASSIGN(const auto suppressor, enhance::make_suppressor(kind));
  if (suppressor == nullptr) return {};
  enhance::DenoiseFormat format;
  format.sample_rate_hz = sound.sample_rate_hz();
  format.channels = sound.channels();
  SYRINX_TRY(suppressor->prepare(format));
  const std::size_t frames = sound.frames();
  const std::size_t late = suppressor->latency_samples();
  sound.resize(frames + late);
  for (std::size_t at = 0; at < sound.frames(); at += format.max_block_frames)
    suppressor->process(
        sound.view().slice(at, std::min(format.max_block_frames, sound.frames() - at)));
  pull_forward(sound, late, frames);
  return {};
}

Result<Levelled> level_speech(const enhance::GainOptions& options, AudioBuffer& sound) {
  SYRINX_ASSIGN(auto gain,
                enhance::SpeechGain::create(sound.sample_rate_hz(), sound.channels(), options));
  Levelled levelled;
  const std::size_t frames = sound.frames();
  const std::size_t late = gain.latency_samples();
  const auto second = static_cast<std::size_t>(sound.sample_rate_hz());
  sound.resize(frames + late);
  for (std::size_t at = 0; at < sound.frames(); at += second) {
    gain.process(sound.view().slice(at, std::min(second, sound.frames() - at)));
    levelled.gains_db.push_back(gain.statistics().gain_db);
  }
  pull_forward(sound, late, frames);
  levelled.statistics = gain.statistics();
  SYRINX_ASSIGN(const auto loudness, measure::measure_loudness(sound));
  levelled.output_lufs = loudness.integrated_lufs;
  return levelled;
}

json to_json(const Levelled& levelled, const enhance::GainOptions& options) {
  const enhance::GainStatistics& s = levelled.statistics;
  const double frames = std::max(1.0, static_cast<double>(s.frames));
  return {{"target_lufs", options.target_lufs},
          {"output_lufs", number_or_null(levelled.output_lufs)},
          {"speech_lufs", number_or_null(s.speech_lufs)},
          {"noise_lufs", number_or_null(s.noise_lufs)},
          {"last_db", s.gain_db},
          {"least_db", s.least_gain_db},
          {"most_db", s.most_gain_db},
          {"each_second_db", levelled.gains_db},
          {"low_band_db", s.low_db},
          {"high_band_db", s.high_db},
          {"speech_share", static_cast<double>(s.speech_frames) / frames},
          {"limited_share", static_cast<double>(s.limited_frames) / frames},
          {"most_limited_db", s.most_limited_db},
          {"bad_samples", s.bad_samples}};
}

void print(const Levelled& levelled) {
  const enhance::GainStatistics& s = levelled.statistics;
  std::printf(
      "  gain       %+.1f dB at the end (%+.1f to %+.1f), peaks limited by %.1f dB at most\n",
      s.gain_db, s.least_gain_db, s.most_gain_db, s.most_limited_db);
  if (s.low_db != 0.0 || s.high_db != 0.0)
    std::printf("  balance    %+.1f dB below 300 Hz, %+.1f dB above 2,500 Hz\n", s.low_db,
                s.high_db);
  std::printf("  speech     was %s, is %s; background was %s\n", text_of(s.speech_lufs).c_str(),
              text_of(levelled.output_lufs).c_str(), text_of(s.noise_lufs).c_str());
}

}  // namespace syrinx::cli
