// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <span>
#include <vector>

#include "support/realtime_guard.h"
#include "syrinx/stages/vocoder/vocoder.h"

// What the tests of every family's stream do.
namespace syrinx::vocoder::testing {

// Normal numbers of mean 0, always the same.
inline Mel noise_mel(const MelSpec& spec, std::size_t frames, float spread = 1) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, spread);
  Mel mel(spec, frames);
  for (std::size_t i = 0; i < frames; ++i)
    for (float& value : mel.frame(i)) value = normal(random);
  return mel;
}

// The whole utterance, `step` frames a call, without the leading silence. Every call must be safe
// in real time.
inline std::vector<float> streamed(VocoderStream& stream, const Mel& mel, std::size_t step) {
  const std::size_t hop = mel.spec().hop_samples;
  std::vector<float> samples(mel.frames() * hop + stream.tail_samples());
  const int rate = mel.spec().sample_rate_hz;
  for (std::size_t i = 0; i < mel.frames(); i += step) {
    const std::size_t frames = std::min(step, mel.frames() - i);
    const MelView part(mel.values().data() + i * mel.bands(), frames, mel.spec());
    const MutableAudioView out(std::span<float>(samples).subspan(i * hop, frames * hop), rate);
    EXPECT_REALTIME_SAFE(stream.process(part, out));
  }
  const MutableAudioView rest(std::span<float>(samples).subspan(mel.frames() * hop), rate);
  EXPECT_REALTIME_SAFE(stream.finish(rest));
  samples.erase(samples.begin(),
                samples.begin() + static_cast<std::ptrdiff_t>(stream.latency_samples()));
  return samples;
}

// The utterance's last frames make the same samples with its end as before it.
inline void expect_finishes_with_its_last_frames(VocoderStream& stream, const Mel& mel) {
  const auto whole = streamed(stream, mel, mel.frames());
  const std::size_t hop = mel.spec().hop_samples;
  const int rate = mel.spec().sample_rate_hz;
  const auto cut = [&](std::size_t first, std::size_t end) {
    return MelView(mel.values().data() + first * mel.bands(), end - first, mel.spec());
  };
  for (const std::size_t last : {std::size_t{0}, std::size_t{1}, mel.frames() / 2, mel.frames()}) {
    std::vector<float> samples(mel.frames() * hop + stream.tail_samples());
    const std::size_t before = mel.frames() - last;
    const std::span<float> all(samples);
    stream.process(cut(0, before), {all.first(before * hop), rate});
    EXPECT_REALTIME_SAFE(
        stream.finish_with(cut(before, mel.frames()), {all.subspan(before * hop), rate}));
    EXPECT_TRUE(std::equal(whole.begin(), whole.end(), samples.end() - std::ssize(whole)))
        << last << " frames with the end";
  }
}

// However much of its beginning a stream skips, the rest is the same, in steps of every size.
inline void expect_skips(VocoderStream& stream, const Mel& mel) {
  const auto whole = streamed(stream, mel, mel.frames());
  for (const std::size_t skipped : {1UL, 77UL, whole.size() / 2, whole.size() - 1})
    for (const std::size_t step : {1UL, 3UL, 17UL, mel.frames()}) {
      EXPECT_REALTIME_SAFE(stream.skip(skipped));
      const auto rest = streamed(stream, mel, step);
      ASSERT_EQ(rest.size(), whole.size());
      EXPECT_TRUE(std::equal(rest.begin() + static_cast<std::ptrdiff_t>(skipped), rest.end(),
                             whole.begin() + static_cast<std::ptrdiff_t>(skipped)))
          << skipped << " samples skipped, in steps of " << step;
      EXPECT_TRUE(std::all_of(rest.begin(), rest.end(), [](float v) { return std::isfinite(v); }));
    }
  EXPECT_EQ(streamed(stream, mel, 7), whole) << "a stream that skipped before";
}

// Of samples that must be as many.
inline double stream_snr_db(const std::vector<double>& expected, const std::vector<float>& given) {
  EXPECT_EQ(expected.size(), given.size());
  double signal = 0;
  double error = 0;
  for (std::size_t i = 0; i < std::min(expected.size(), given.size()); ++i) {
    signal += expected[i] * expected[i];
    error += (expected[i] - double{given[i]}) * (expected[i] - double{given[i]});
  }
  return 10 * std::log10(signal / error);
}

}  // namespace syrinx::vocoder::testing
