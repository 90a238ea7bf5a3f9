// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/vad/speech_detector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>

#include "support/need_onnx.h"
#include "support/npy.h"
#include "support/test_data.h"
#include "support/wav.h"
#include "syrinx/core/dsp/resample.h"

namespace syrinx::enhance {
namespace {

std::unique_ptr<SpeechDetector> silero(int rate_hz, const VoiceActivityOptions& options = {}) {
  auto made =
      make_speech_detector(DetectorKind::kSilero, rate_hz, options, support::data_path("models"));
  EXPECT_TRUE(made) << made.error().message;
  return made ? std::move(*made) : nullptr;
}

AudioBuffer example() {
  return support::read_wav16(support::data_path("models/silero_vad/example/test.wav")).value();
}

// The probabilities of the authors' own runtime; float sums in another order differ a little.
TEST(SpeechDetector, SileroSaysWhatItsAuthorsRuntimeSays) {
  SYRINX_NEED_DATA("golden/onnx/silero_vad/probabilities_16k_512.npy");
  SYRINX_NEED_DATA("models/silero_vad/silero_vad.onnx");
  SYRINX_NEED_ONNX();
  const auto wanted =
      support::read_npy(support::data_path("golden/onnx/silero_vad/probabilities_16k_512.npy"))
          .value();
  const AudioBuffer sound = example();
  const auto detector = silero(16'000);
  ASSERT_TRUE(detector);
  ASSERT_EQ(detector->hop_frames(), 512u);
  ASSERT_GE(sound.frames(), wanted.values.size() * 512);
  for (std::size_t i = 0; i < wanted.values.size(); ++i)
    ASSERT_NEAR(detector->process(sound.view().slice(i * 512, 512)), wanted.values[i], 2e-4) << i;
  EXPECT_EQ(detector->failed_hops(), 0u);
}

TEST(SpeechDetector, SileroHearsTheSameAtEightKilohertz) {
  SYRINX_NEED_DATA("models/silero_vad/silero_vad.onnx");
  SYRINX_NEED_ONNX();
  const AudioBuffer sound = example();
  const AudioBuffer narrow = dsp::resample(sound, 8'000).value();
  const auto wide_ear = silero(16'000);
  const auto narrow_ear = silero(8'000);
  ASSERT_TRUE(wide_ear && narrow_ear);
  EXPECT_EQ(narrow_ear->hop_frames(), 256u);
  std::size_t same = 0;
  const std::size_t hops = std::min(sound.frames() / 512, narrow.frames() / 256);
  for (std::size_t i = 0; i < hops; ++i) {
    wide_ear->process(sound.view().slice(i * 512, 512));
    narrow_ear->process(narrow.view().slice(i * 256, 256));
    same += wide_ear->speech() == narrow_ear->speech() ? 1 : 0;
  }
  EXPECT_GT(static_cast<double>(same), 0.85 * static_cast<double>(hops));
}

TEST(SpeechDetector, BothFindTheSpeechOfARecordingAndNoneInSilence) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  SYRINX_NEED_DATA("models/silero_vad/silero_vad.onnx");
  SYRINX_NEED_ONNX();
  const AudioBuffer speech =
      support::read_wav16(support::data_path("media/plc/54_clean.wav")).value();
  AudioBuffer audio(1, 0, 16'000);
  audio.append(AudioBuffer(1, 32'000, 16'000));
  audio.append(speech);
  audio.append(AudioBuffer(1, 32'000, 16'000));
  for (const DetectorKind kind : {DetectorKind::kSpectral, DetectorKind::kSilero}) {
    const auto detector =
        make_speech_detector(kind, 16'000, {}, support::data_path("models")).value();
    const auto segments = find_speech(audio, *detector);
    ASSERT_FALSE(segments.empty()) << to_string(kind);
    double spoken_s = 0.0;
    for (const SpeechSegment& segment : segments) spoken_s += segment.end_s - segment.begin_s;
    EXPECT_GT(spoken_s, 0.5 * speech.duration_s()) << to_string(kind);
    EXPECT_GT(segments.front().begin_s, 1.9) << to_string(kind);
    EXPECT_LT(segments.back().end_s, 2.0 + speech.duration_s() + 0.5) << to_string(kind);
  }
}

TEST(SpeechDetector, SileroResetsToANewOneAndTakesWhatIsNotFiniteForSilence) {
  SYRINX_NEED_DATA("models/silero_vad/silero_vad.onnx");
  SYRINX_NEED_ONNX();
  const AudioBuffer sound = example();
  const auto used = silero(16'000);
  const auto fresh = silero(16'000);
  ASSERT_TRUE(used && fresh);
  for (std::size_t i = 0; i < 40; ++i) used->process(sound.view().slice(i * 512, 512));
  used->reset();
  AudioBuffer bad(1, 512, 16'000);
  bad.channel(0)[7] = std::numeric_limits<float>::quiet_NaN();
  const AudioBuffer silence(1, 512, 16'000);
  EXPECT_EQ(used->process(bad), fresh->process(silence));
  EXPECT_FALSE(used->speech());
}

TEST(SpeechDetector, KindsHaveNamesAndOthersAreRefused) {
  for (const DetectorKind kind : {DetectorKind::kSpectral, DetectorKind::kSilero})
    EXPECT_EQ(parse_detector_kind(to_string(kind)).value(), kind);
  EXPECT_EQ(parse_detector_kind("webrtc").error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(make_speech_detector(DetectorKind::kSpectral, 48'000).value()->realtime_safe());
}

TEST(SpeechDetector, SaysWhatIsMissingOrDoesNotFit) {
  const auto missing =
      make_speech_detector(DetectorKind::kSilero, 16'000, {}, support::scratch_dir());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.find("silero_vad.onnx"), std::string::npos);
  SYRINX_NEED_DATA("models/silero_vad/silero_vad.onnx");
  SYRINX_NEED_DATA("models/gtcrn/gtcrn_simple.onnx");
  SYRINX_NEED_ONNX();
  const auto rate =
      make_speech_detector(DetectorKind::kSilero, 48'000, {}, support::data_path("models"));
  ASSERT_FALSE(rate);
  EXPECT_EQ(rate.error().code, ErrorCode::kInvalidArgument);
  const auto folder = support::scratch_dir();
  std::filesystem::create_directories(folder / "silero_vad");
  std::filesystem::copy_file(support::data_path("models/gtcrn/gtcrn_simple.onnx"),
                             folder / "silero_vad/silero_vad.onnx");
  const auto other = make_speech_detector(DetectorKind::kSilero, 16'000, {}, folder);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace syrinx::enhance
