// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/utterance_sound.h"

#include <algorithm>
#include <cmath>

namespace syrinx::tts {
namespace {

constexpr double kJoinS = 0.03;  // The breath that a join keeps.

bool is_silence(const TimedPhoneme& timed) { return timed.phoneme.symbol == "pau"; }

}  // namespace

std::uint64_t apply_volume(MutableAudioView audio, double volume_db) {
  if (volume_db == 0.0) return 0;
  const auto gain = static_cast<float>(std::pow(10.0, volume_db / 20.0));
  std::uint64_t clipped = 0;
  for (float& sample : audio.channel(0)) {
    sample *= gain;
    if (std::abs(sample) > 1.0f) ++clipped;
    sample = std::clamp(sample, -1.0f, 1.0f);
  }
  return clipped;
}

double silence_before(const acoustic::Utterance& spoken) {
  if (spoken.phonemes.empty() || !is_silence(spoken.phonemes.front())) return 0;
  return std::max(0.0, spoken.phonemes.front().end_s - kJoinS);
}

double silence_after(const acoustic::Utterance& spoken) {
  if (spoken.phonemes.empty() || !is_silence(spoken.phonemes.back())) return 0;
  return std::max(0.0, spoken.phonemes.back().end_s - spoken.phonemes.back().begin_s - kJoinS);
}

Kept kept_of(std::size_t frames, double rate, double before_s, double after_s) {
  const std::size_t begin = std::min(frames, static_cast<std::size_t>(before_s * rate));
  return {begin, frames - std::min(frames - begin, static_cast<std::size_t>(after_s * rate))};
}

void move_times(acoustic::Utterance& spoken, Kept kept, double rate) {
  const auto [begin, end] = kept;
  const double length_s = static_cast<double>(end - begin) / rate;
  const double shift_s = static_cast<double>(begin) / rate;
  const auto move = [&](double at_s) { return std::clamp(at_s - shift_s, 0.0, length_s); };
  for (TimedWord& word : spoken.words)
    word.begin_s = move(word.begin_s), word.end_s = move(word.end_s);
  for (TimedPhoneme& timed : spoken.phonemes) {
    timed.begin_s = move(timed.begin_s);
    timed.end_s = move(timed.end_s);
  }
}

void trim(acoustic::Utterance& spoken, double before_s, double after_s) {
  const auto rate = static_cast<double>(spoken.audio.sample_rate_hz());
  const Kept kept = kept_of(spoken.audio.frames(), rate, before_s, after_s);
  spoken.audio = AudioBuffer(spoken.audio.view().slice(kept.begin, kept.end - kept.begin));
  move_times(spoken, kept, rate);
}

Result<bool> take_sound(SoundToCome& sound, AudioBuffer& block, const std::stop_token& stop) {
  while (sound.left > 0) {
    SYRINX_ASSIGN(const bool more, sound.source->next(block, stop));
    if (!more) return make_error(ErrorCode::kInternal, "the voice made less sound than it said");
    const std::size_t skipped = std::min(sound.skip, block.frames());
    const std::size_t taken = std::min(sound.left, block.frames() - skipped);
    sound.skip -= skipped;
    sound.left -= taken;
    if (taken == 0) continue;
    if (taken < block.frames()) block = AudioBuffer(block.view().slice(skipped, taken));
    if (sound.left == 0) sound.source.reset();
    return true;
  }
  block.clear();
  return false;
}

double quiet_edge_s(const AudioBuffer& audio, int step) {
  constexpr float kQuiet = 0.003f;
  const auto samples = audio.channel(0);
  float peak = 0.0f;
  for (const float sample : samples) peak = std::max(peak, std::abs(sample));
  const std::size_t count = samples.size();
  std::size_t quiet = 0;
  while (quiet < count && std::abs(samples[step > 0 ? quiet : count - 1 - quiet]) <= kQuiet * peak)
    ++quiet;
  if (quiet == count) return 0;
  return std::max(0.0, static_cast<double>(quiet) / audio.sample_rate_hz() - kJoinS);
}

void fade_edges(AudioBuffer& audio) {
  const auto samples = audio.channel(0);
  const std::size_t length =
      std::min(static_cast<std::size_t>(audio.sample_rate_hz()) / 200, samples.size() / 2);
  for (std::size_t i = 0; i < length; ++i) {
    const float gain = static_cast<float>(i) / static_cast<float>(length);
    samples[i] *= gain;
    samples[samples.size() - 1 - i] *= gain;
  }
}

}  // namespace syrinx::tts
