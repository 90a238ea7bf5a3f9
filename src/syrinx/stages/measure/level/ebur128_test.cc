// SPDX-License-Identifier: Apache-2.0
#include <ebur128.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/level/loudness_curve.h"
#include "syrinx/stages/measure/level/test_signals.h"
#include "syrinx/stages/measure/loudness.h"

// Beside libebur128, the meter that most programs use.
namespace syrinx::measure {
namespace {

struct Peer {
  double integrated_lufs = 0;
  double range_lu = 0;
  double true_peak = 0;
};

Peer peer_of(AudioView audio) {
  const auto channels = static_cast<unsigned>(audio.channels());
  const auto rate_hz = static_cast<unsigned long>(audio.sample_rate_hz());
  ebur128_state* state =
      ebur128_init(channels, rate_hz, EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
  std::vector<float> interleaved;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    for (std::size_t c = 0; c < audio.channels(); ++c) {
      interleaved.push_back(audio.channel(c)[i]);
    }
  }
  EXPECT_EQ(ebur128_add_frames_float(state, interleaved.data(), audio.frames()), 0);
  Peer peer;
  ebur128_loudness_global(state, &peer.integrated_lufs);
  ebur128_loudness_range(state, &peer.range_lu);
  ebur128_true_peak(state, 0, &peer.true_peak);
  ebur128_destroy(&state);
  return peer;
}

// Their short-term values are a second apart.
double range_by_seconds(AudioView audio) {
  const auto curve = measure_loudness_curve(audio).value();
  std::vector<double> lufs;
  for (std::size_t i = 29; i < curve.short_term_lufs.size(); i += 10) {
    lufs.push_back(curve.short_term_lufs[i]);
  }
  return loudness_range(lufs).range_lu;
}

// The same definitions: what differs is how the filters round. The range that we report looks ten
// times as often, so its percentiles fall a little elsewhere.
void expect_agreement(AudioView audio, double range_tolerance_lu) {
  const Peer peer = peer_of(audio);
  const auto ours = measure_loudness(audio).value();
  EXPECT_NEAR(ours.integrated_lufs, peer.integrated_lufs, 0.02);
  EXPECT_NEAR(range_by_seconds(audio), peer.range_lu, 0.02);
  EXPECT_NEAR(measure_loudness_range(audio).value().range_lu, peer.range_lu, range_tolerance_lu);
}

TEST(Ebur128, AgreesOnTones) {
  expect_agreement(sines({{20, -20}, {20, -30}}), 0.3);
  expect_agreement(sines({{20, -50}, {20, -35}, {20, -20}, {20, -35}, {20, -50}}), 0.3);
}

TEST(Ebur128, AgreesOnSpeech) {
  SYRINX_NEED_DATA("speech/ljspeech/LJ001-0001.flac");
  AudioBuffer audio;
  for (const char* number : {"01", "03", "05", "06", "07", "09"}) {
    const auto path =
        support::data_path(std::string("speech/ljspeech/LJ001-00") + number + ".flac");
    audio.append(io::read_audio(path).value());
  }
  expect_agreement(audio, 1.0);  // What EBU Tech 3342 allows.
}

}  // namespace
}  // namespace syrinx::measure
