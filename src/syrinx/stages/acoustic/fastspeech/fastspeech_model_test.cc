// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/fastspeech/fastspeech_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/two_stage.h"
#include "syrinx/core/base/limits.h"

// Held against training/voice/model.py, which PyTorch ran in double on the same float16 weights:
// see tests/golden/make_voice_golden.py.
namespace syrinx::acoustic {
namespace {

namespace fs = std::filesystem;
using support::golden_voice;

const nn::WeightFile& golden() {
  static const nn::WeightFile opened =
      nn::WeightFile::open(golden_voice() / "golden.safetensors").value();
  return opened;
}

FastSpeechConfig golden_config() {
  return FastSpeechModel::read_config(golden_voice() / "voice.json").value();
}

Result<FastSpeechModel> load(const fs::path& weights, const FastSpeechOptions& options = {}) {
  return FastSpeechModel::load(golden_config(), weights, options);
}

FastSpeechModel golden_model(const FastSpeechOptions& options = {}) {
  return load(golden_voice() / "acoustic.safetensors", options).value();
}

double snr_db(const std::vector<float>& expected, std::span<const float> given) {
  double signal = 0, error = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double e = expected[i];
    signal += e * e;
    error += (e - given[i]) * (e - given[i]);
  }
  return 10 * std::log10(signal / std::max(error, 1e-300));
}

// The F0 of each frame, which tells the durations of the symbols, too.
std::vector<double> expanded_f0(const std::string& name) {
  const auto frames = golden().floats(name + ".frames").value();
  const auto f0 = golden().floats(name + ".f0_hz").value();
  std::vector<double> all;
  for (std::size_t i = 0; i < frames.size(); ++i)
    all.insert(all.end(), static_cast<std::size_t>(frames[i]), f0[i]);
  return all;
}

void expect_golden(const FastSpeechModel& model, const std::string& name, const Prosody& prosody,
                   double least_db) {
  const auto spoken = model.speak({support::golden_tokens(), prosody});
  ASSERT_TRUE(spoken.has_value()) << spoken.error().message;
  const auto mel = golden().floats(name + ".mel").value();
  ASSERT_EQ(spoken->mel.values().size(), mel.size()) << "durations differ";
  EXPECT_GE(snr_db(mel, spoken->mel.values()), least_db) << name;
  const auto f0 = expanded_f0(name);
  ASSERT_EQ(spoken->f0_hz.size(), f0.size());
  for (std::size_t i = 0; i < f0.size(); ++i)
    EXPECT_NEAR(spoken->f0_hz[i] / f0[i], 1.0, 1e-3) << "frame " << i;
}

TEST(FastSpeech, MakesWhatPyTorchMakesAtEveryLevelOfInstructions) {
  for (const nn::RowLevel level :
       {nn::RowLevel::kGeneric, nn::RowLevel::kAvx2, nn::RowLevel::kAvx512, nn::RowLevel::kAmx}) {
    const nn::RowKernels* kernels = nn::row_kernels_for(level);
    if (kernels == nullptr) continue;
    SCOPED_TRACE(nn::to_string(level));
    // Float32 keeps some 130 dB, pairs of bfloat16 (AMX) 105.
    const double least_db = kernels->conv_bf16_pair == nullptr ? 115 : 90;
    const FastSpeechModel model = golden_model({nn::Precision::kFloat32, kernels});
    expect_golden(model, "plain", {}, least_db);
    expect_golden(model, "moved", {1.25, 4.0, 0}, least_db);
  }
}

TEST(FastSpeech, MovesF0BySemitones) {
  const FastSpeechModel model = golden_model();
  const auto plain = model.speak({support::golden_tokens(), {}}).value();
  for (const double semitones : {-12.0, -1.0, 4.0, 12.0}) {
    const auto moved = model.speak({support::golden_tokens(), {1, semitones, 0}}).value();
    ASSERT_EQ(moved.f0_hz.size(), plain.f0_hz.size()) << "pitch leaves the durations";
    for (std::size_t i = 0; i < plain.f0_hz.size(); ++i)
      EXPECT_NEAR(12 * std::log2(moved.f0_hz[i] / plain.f0_hz[i]), semitones, 1e-3);
    EXPECT_NE(std::vector<float>(moved.mel.values().begin(), moved.mel.values().end()),
              std::vector<float>(plain.mel.values().begin(), plain.mel.values().end()));
  }
}

TEST(FastSpeech, IsTwiceAsFastAtTwiceTheRate) {
  const FastSpeechModel model = golden_model();
  const auto frames = [&model](double rate) {
    return static_cast<double>(
        model.speak({support::golden_tokens(), {rate, 0, 0}}).value().mel.frames());
  };
  EXPECT_NEAR(frames(0.5), 2 * frames(1), 2);
  EXPECT_NEAR(frames(2), frames(1) / 2, 6) << "a phoneme lasts a frame at least";
}

TEST(FastSpeech, GivesTimesThatEndWithTheMelAndTheSameEachTime) {
  const FastSpeechModel model = golden_model();
  const auto spoken = model.speak({support::golden_tokens(), {}}).value();
  ASSERT_EQ(spoken.words.size(), 4u);
  EXPECT_NEAR(spoken.phonemes.back().end_s, static_cast<double>(spoken.mel.frames()) * 256 / 22'050,
              1e-9);
  const auto frames = golden().floats("plain.frames").value();
  double hello_s = 0;
  for (std::size_t i = 1; i < 5; ++i) hello_s += frames[i] * 256 / 22'050;
  EXPECT_NEAR(spoken.words[0].begin_s, frames[0] * 256 / 22'050, 1e-6);
  EXPECT_NEAR(spoken.words[0].end_s - spoken.words[0].begin_s, hello_s, 1e-6);
  const auto again = model.speak({support::golden_tokens(), {}}).value();
  EXPECT_TRUE(std::equal(spoken.mel.values().begin(), spoken.mel.values().end(),
                         again.mel.values().begin(), again.mel.values().end()));
}

TEST(FastSpeech, SaysALongSentenceInStretches) {
  const FastSpeechModel model = golden_model();
  std::vector<SpokenToken> tokens;
  for (std::size_t i = 0; i < 200; ++i) {
    tokens.push_back(support::arpabet_word("hello", "HH AH0 L OW1", 7 * i));
    if (i % 20 == 19) tokens.push_back(support::mark(",", 7 * i + 5));
  }
  const auto spoken = model.speak({tokens, {}});
  ASSERT_TRUE(spoken.has_value()) << spoken.error().message;
  ASSERT_EQ(spoken->words.size(), 200u);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(spoken->words[i].source.begin, 7 * i);
    EXPECT_GE(spoken->words[i].end_s - spoken->words[i].begin_s, 4 * 256 / 22'050.0 - 1e-9)
        << "a word that is skipped";
  }
  EXPECT_NEAR(spoken->phonemes.back().end_s,
              static_cast<double>(spoken->mel.frames()) * 256 / 22'050, 1e-9);
}

TEST(FastSpeech, MakesNothingOfNothing) {
  const auto spoken = golden_model().speak({{support::mark("...", 0)}, {}});
  ASSERT_TRUE(spoken.has_value());
  EXPECT_EQ(spoken->mel.frames(), 0u);
}

TEST(FastSpeech, RefusesProsodyOutOfRangeAndHearsAStop) {
  const FastSpeechModel model = golden_model();
  for (const Prosody& prosody : {Prosody{0.2, 0, 0}, Prosody{1, 13, 0},
                                 Prosody{std::numeric_limits<double>::quiet_NaN(), 0, 0}})
    EXPECT_EQ(model.speak({support::golden_tokens(), prosody}).error().code,
              ErrorCode::kInvalidArgument);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(model.speak({support::golden_tokens(), {}}, stop.get_token()).error().code,
            ErrorCode::kCancelled);
}

TEST(FastSpeech, RefusesWeightsThatAreNotItsByName) {
  const fs::path file = support::scratch_dir() / "acoustic.safetensors";
  const auto refusal = [&file](const support::ChangeTensors& change) {
    support::write_changed_acoustic(file, change);
    const auto model = load(file);
    return model ? Error{ErrorCode::kInternal, ""} : model.error();
  };
  const auto has = [](const Error& error, ErrorCode code, const std::string& name) {
    return error.code == code && error.message.find(name) != std::string::npos &&
           error.message.find("acoustic.safetensors") != std::string::npos;
  };
  EXPECT_EQ(refusal([](auto&) {}).message, "") << "float32 is as good";
  for (const char* name :
       {"embedding.weight", "encoder.blocks.1.attention.near_keys", "duration.norm2.bias",
        "energy_embedding.weight", "decoder.norm.weight", "mel.bias"}) {
    const auto missing = refusal([name](auto& tensors) {
      std::erase_if(tensors, [name](const auto& tensor) { return tensor.info.name == name; });
    });
    EXPECT_TRUE(has(missing, ErrorCode::kNotFound, name)) << missing.message;
    const auto shape = refusal([name](auto& tensors) {
      nn::TensorBytes& tensor = support::tensor_named(tensors, name);
      tensor = nn::make_tensor(name, {3}, std::vector<float>(3));
    });
    EXPECT_TRUE(has(shape, ErrorCode::kCorruptData, name)) << shape.message;
    const auto not_finite = refusal([name](auto& tensors) {
      nn::TensorBytes& tensor = support::tensor_named(tensors, name);
      std::vector<float> values(tensor.info.elements(), 0.0F);
      values.back() = std::numeric_limits<float>::quiet_NaN();
      tensor = nn::make_tensor(name, tensor.info.shape, values);
    });
    EXPECT_TRUE(has(not_finite, ErrorCode::kCorruptData, name)) << not_finite.message;
  }
}

TEST(FastSpeech, RefusesDurationsBeyondMeasure) {
  const fs::path file = support::scratch_dir() / "acoustic.safetensors";
  for (const float bias : {12.0F, 90.0F, 1e30F}) {
    support::write_changed_acoustic(file, [bias](auto& tensors) {
      support::tensor_named(tensors, "duration.out.bias") =
          nn::make_tensor("duration.out.bias", {1}, std::vector<float>{bias});
    });
    const auto spoken = load(file).value().speak({support::golden_tokens(), {}});
    ASSERT_FALSE(spoken.has_value());
    EXPECT_EQ(spoken.error().code, ErrorCode::kLimitExceeded) << spoken.error().message;
  }
}

TEST(FastSpeech, RefusesAMelThatIsNoNumber) {
  const fs::path file = support::scratch_dir() / "acoustic.safetensors";
  support::write_changed_acoustic(file, [](auto& tensors) {
    nn::TensorBytes& tensor = support::tensor_named(tensors, "mel.weight");
    tensor = nn::make_tensor("mel.weight", tensor.info.shape,
                             std::vector<float>(tensor.info.elements(), 3e38F));
  });
  const auto spoken = load(file).value().speak({support::golden_tokens(), {}});
  ASSERT_FALSE(spoken.has_value());
  EXPECT_EQ(spoken.error().code, ErrorCode::kInternal) << spoken.error().message;
}

TEST(FastSpeechFrames, RoundTheWholeOnceAndGiveEachPhonemeAFrame) {
  const auto log = [](float frames) { return std::log1p(frames); };
  const std::vector<float> thirds(9, log(1.0F / 3));
  EXPECT_EQ(frames_of(thirds, std::vector<bool>(9, false), 1).value(),
            (std::vector<std::size_t>{0, 1, 0, 0, 1, 0, 0, 1, 0}));
  const std::vector<float> some{log(3), log(0), log(2.6F), -2.0F, log(10)};
  EXPECT_EQ(frames_of(some, {true, true, true, false, true}, 1).value(),
            (std::vector<std::size_t>{3, 1, 2, 0, 10}))
      << "what the second is given is taken from the third";
  EXPECT_EQ(frames_of(some, {true, true, true, false, true}, 0.5).value(),
            (std::vector<std::size_t>{6, 1, 4, 0, 20}));
  const std::vector<float> broken{log(3), std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ(frames_of(broken, {true, true}, 1).error().code, ErrorCode::kInternal);
}

}  // namespace
}  // namespace syrinx::acoustic
