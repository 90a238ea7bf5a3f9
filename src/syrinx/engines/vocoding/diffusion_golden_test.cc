// SPDX-License-Identifier: Apache-2.0
// Models that start from noise, against the samples of the published implementations (PyTorch,
// float32) from the same weights, mels and noise.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/npy.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/dsp/stft.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/vocoding/load_vocoder.h"
#include "syrinx/engines/vocoding/vocode.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_model.h"

namespace syrinx::vocoding {
namespace {

using vocoder::DiffWaveModel;
using vocoder::VocoderModel;
using vocoder::VocoderOptions;

std::filesystem::path golden(const std::string& name) {
  return support::data_path("golden/vocoders") / name;
}
std::vector<float> values(const std::string& name) {
  return support::read_npy(golden(name)).value().values;
}

// A mel stored band by band, [bands][frames].
Mel read_mel(const std::string& name, const MelSpec& spec) {
  const auto stored = values(name);
  const std::size_t frames = stored.size() / spec.bands;
  Mel mel(spec, frames);
  for (std::size_t t = 0; t < frames; ++t)
    for (std::size_t b = 0; b < spec.bands; ++b) mel.frame(t)[b] = stored[b * frames + t];
  return mel;
}

struct Agreement {
  double snr_db;
  double worst;  // Of full scale, or of the largest value if that is larger.
};
Agreement compare(std::span<const float> expected, std::span<const float> given) {
  double signal = 0, error = 0, worst = 0, peak = 1;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double e = double{expected[i]} - double{given[i]};
    signal += double{expected[i]} * double{expected[i]};
    error += e * e;
    worst = std::max(worst, std::abs(e));
    peak = std::max(peak, std::abs(double{expected[i]}));
  }
  return {10 * std::log10(signal / error), worst / peak};
}

std::unique_ptr<VocoderModel> load(const char* weights, const nn::RowKernels& kernels,
                                   nn::Precision precision = nn::Precision::kFloat32) {
  VocoderOptions options;
  options.kernels = &kernels;
  options.precision = precision;
  auto model = load_vocoder(golden(weights), options);
  EXPECT_TRUE(model) << model.error().message;
  return model ? std::move(*model) : nullptr;
}

constexpr nn::RowLevel kLevels[] = {nn::RowLevel::kGeneric, nn::RowLevel::kAvx2,
                                    nn::RowLevel::kAvx512, nn::RowLevel::kAmx};

TEST(DiffWaveGolden, FindsTheReferencesNoiseAtEveryLevel) {
  SYRINX_NEED_DATA("golden/vocoders/diffwave");
  for (const nn::RowLevel level : kLevels) {
    const nn::RowKernels* kernels = nn::row_kernels_for(level);
    if (kernels == nullptr) continue;
    const auto model = load("diffwave/weights.pt", *kernels);
    ASSERT_NE(model, nullptr);
    EXPECT_EQ(model->info().variant, "base");
    const Mel mel = read_mel("diffwave/mel.npy", model->info().mel);
    const auto x = values("diffwave/x_T.npy");
    for (const auto& [step, name] : {std::pair{3.7, "eps_t3.7"}, {12.0, "eps_t12"}}) {
      const auto noise =
          dynamic_cast<const DiffWaveModel&>(*model).predict(mel.view(), x, step).value();
      const auto expected = values(std::string("diffwave/") + name + ".npy");
      const Agreement agreement = compare(expected, noise);
      EXPECT_GE(agreement.snr_db, level == nn::RowLevel::kAmx ? 90 : 95)
          << name << " on " << nn::to_string(level);
      EXPECT_LE(agreement.worst, 1e-4);
      RecordProperty(std::string(name) + "_" + nn::to_string(level),
                     std::to_string(agreement.snr_db));
    }
  }
}

// The noise in the order in which it is drawn: the beginning, then the steps from the last on.
vocoder::GivenNoise reference_noise() {
  auto noise = values("diffwave/x_T.npy");
  const auto steps = values("diffwave/noise_steps.npy");
  const std::size_t samples = noise.size();
  for (std::size_t n = 5; n > 0; --n)
    noise.insert(noise.end(), steps.begin() + static_cast<std::ptrdiff_t>(n * samples),
                 steps.begin() + static_cast<std::ptrdiff_t>((n + 1) * samples));
  return vocoder::GivenNoise::create(std::move(noise)).value();
}

// How near a model's samples, made of this noise, are to the reference's.
Agreement sampled(const VocoderModel& model, const std::string& folder, const char* expected_name,
                  vocoder::GivenNoise noise) {
  const Mel mel = read_mel(folder + "mel.npy", model.info().mel);
  const auto expected = values(folder + expected_name);
  ThreadPool pool(2);
  VocodeOptions options;
  options.pool = &pool;
  options.whole.noise = &noise;
  const auto audio = vocode(model, mel.view(), options);
  EXPECT_TRUE(audio) << audio.error().message;
  if (!audio || audio->frames() != expected.size()) return {0, 1};
  return compare(expected, audio->channel(0));
}

// WaveGlow's in the order in which it is drawn.
vocoder::GivenNoise glow_noise() {
  auto drawn = values("waveglow_narrow/z_0.npy");
  const auto early = values("waveglow_narrow/z_1.npy");
  drawn.insert(drawn.end(), early.begin(), early.end());
  return vocoder::GivenNoise::create(std::move(drawn)).value();
}

struct NoisyGolden {
  const char* folder;
  const char* weights;
  const char* expected;
  vocoder::GivenNoise (*noise)();
};
constexpr NoisyGolden kDiffWave{"diffwave/", "diffwave/weights.pt", "expected_fast6.npy",
                                reference_noise};
constexpr NoisyGolden kWaveGlow{"waveglow_narrow/", "waveglow_narrow/waveglow_state.pt",
                                "expected.npy", glow_noise};

void check_samples_at_every_level(const NoisyGolden& golden) {
  for (const nn::RowLevel level : kLevels) {
    const nn::RowKernels* kernels = nn::row_kernels_for(level);
    if (kernels == nullptr) continue;
    const auto model = load(golden.weights, *kernels);
    ASSERT_NE(model, nullptr);
    const Agreement agreement = sampled(*model, golden.folder, golden.expected, golden.noise());
    EXPECT_GE(agreement.snr_db, level == nn::RowLevel::kAmx ? 90 : 95) << nn::to_string(level);
    EXPECT_LE(agreement.worst, 1e-4);
    ::testing::Test::RecordProperty(nn::to_string(level), std::to_string(agreement.snr_db));
  }
}

TEST(DiffWaveGolden, GivesTheReferencesSamplesInSixSteps) {
  SYRINX_NEED_DATA("golden/vocoders/diffwave");
  check_samples_at_every_level(kDiffWave);
}

TEST(WaveGlowGolden, GivesTheReferencesSamplesAtEveryLevel) {
  SYRINX_NEED_DATA("golden/vocoders/waveglow_narrow");
  check_samples_at_every_level(kWaveGlow);
}

// Measured: 51 dB and 70 dB.
TEST(NoisyGolden, KeepsFortyDecibelsInBfloat16) {
  SYRINX_NEED_DATA("golden/vocoders/diffwave");
  const nn::RowKernels* kernels = nn::row_kernels_for(nn::RowLevel::kAmx);
  if (kernels == nullptr) GTEST_SKIP() << "this processor multiplies no bfloat16 tiles";
  for (const NoisyGolden& golden : {kDiffWave, kWaveGlow}) {
    const auto model = load(golden.weights, *kernels, nn::Precision::kBf16);
    ASSERT_NE(model, nullptr);
    const Agreement agreement = sampled(*model, golden.folder, golden.expected, golden.noise());
    EXPECT_GE(agreement.snr_db, 40) << golden.folder;
    EXPECT_LE(agreement.snr_db, 85) << "not bfloat16";
  }
}

// Mean over frames of the RMS over bins up to 8 kHz of the difference in level.
double spectral_distance_db(std::span<const float> a, std::span<const float> b) {
  const auto first = dsp::stft(a, {}).value(), second = dsp::stft(b, {}).value();
  constexpr std::size_t kBins = 372;
  double distance = 0;
  for (std::size_t i = 0; i < first.frames(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < kBins; ++k) {
      const double d = 20 * std::log10((std::abs(first.frame(i)[k]) + 1e-3) /
                                       (std::abs(second.frame(i)[k]) + 1e-3));
      sum += d * d;
    }
    distance += std::sqrt(sum / kBins);
  }
  return distance / static_cast<double>(first.frames());
}

// Measured for this sentence: 0.8 dB between mels, and 5.4 dB between spectra, most of which is
// what 80 bands do not say of 513 bins.
TEST(GriffinLim, CopiesSpeechNearlyAsLoudInEveryBand) {
  SYRINX_NEED_DATA("speech/ljspeech");
  const auto speech = io::read_audio(support::data_path("speech/ljspeech/LJ001-0002.flac")).value();
  const auto model = load_vocoder(kGriffinLim).value();
  const auto mel = dsp::analyse_mel(speech.view(), model->info().mel).value();
  const auto copy = vocode(*model, mel.view());
  ASSERT_TRUE(copy) << copy.error().message;
  const auto again = dsp::analyse_mel(copy->view(), model->info().mel).value();
  double sum = 0;
  for (std::size_t i = 0; i < mel.values().size(); ++i)
    sum += std::abs(double{mel.values()[i]} - double{again.values()[i]});
  const double mel_db = sum / static_cast<double>(mel.values().size()) * 20 / std::log(10.0);
  const std::size_t samples = std::min(speech.frames(), copy->frames());
  const double lsd_db =
      spectral_distance_db(speech.channel(0).first(samples), copy->channel(0).first(samples));
  EXPECT_LT(mel_db, 1.5);
  EXPECT_LT(lsd_db, 6.5);
  RecordProperty("mel_db", std::to_string(mel_db));
  RecordProperty("lsd_db", std::to_string(lsd_db));
}

}  // namespace
}  // namespace syrinx::vocoding
