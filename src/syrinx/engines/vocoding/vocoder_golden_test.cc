// SPDX-License-Identifier: Apache-2.0
// The samples of the published implementation (PyTorch, float32) from the same weights and mels.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/npy.h"
#include "support/test_data.h"
#include "syrinx/engines/vocoding/load_vocoder.h"

namespace syrinx::vocoding {
namespace {

using vocoder::VocoderModel;
using vocoder::VocoderOptions;

struct Golden {
  const char* name;
  const char* weights;
  const char* variant;
};
constexpr Golden kGoldens[] = {
    {"hifigan_v1_narrow", "golden/vocoders/hifigan_v1_narrow/generator.pt", "custom"},
    {"hifigan_v2_legacy_format", "golden/vocoders/hifigan_v2_legacy_format/generator.pt", "V2"},
    {"hifigan_v3", "golden/vocoders/hifigan_v3/generator.pt", "V3"},
    {"hifigan_custom", "golden/vocoders/hifigan_custom/generator.pt", "custom"},
    {"hifigan_lj_v2_real", "models/hifigan_lj_v2/generator_v2", "V2"},
    {"bigvgan_narrow", "golden/vocoders/bigvgan_narrow/generator.pt", "custom"},
    {"vocos_small", "golden/vocoders/vocos_small/pytorch_model.bin", "custom"}};

// A mel stored band by band, [1][bands][frames].
Mel read_mel(const std::filesystem::path& path, const MelSpec& spec) {
  const auto array = support::read_npy(path).value();
  const std::size_t frames = array.values.size() / spec.bands;
  Mel mel(spec, frames);
  for (std::size_t t = 0; t < frames; ++t)
    for (std::size_t b = 0; b < spec.bands; ++b) mel.frame(t)[b] = array.values[b * frames + t];
  return mel;
}

std::vector<float> run(const VocoderModel& model, const Mel& mel) {
  auto stream = model.open_stream(mel.frames()).value();
  const std::size_t samples = mel.frames() * mel.spec().hop_samples;
  const std::size_t latency = stream->latency_samples();
  std::vector<float> out(samples + stream->tail_samples());
  const int rate = mel.spec().sample_rate_hz;
  stream->process(mel.view(), {std::span<float>(out).first(samples), rate});
  stream->finish({std::span<float>(out).subspan(samples), rate});
  out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(latency));
  return out;
}

struct Agreement {
  double snr_db;
  double worst;
};
Agreement compare(const std::vector<float>& expected, const std::vector<float>& given) {
  double signal = 0;
  double error = 0;
  double worst = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double e = double{expected[i]} - double{given[i]};
    signal += double{expected[i]} * double{expected[i]};
    error += e * e;
    worst = std::max(worst, std::abs(e));
  }
  return {10 * std::log10(signal / error), worst};
}

Result<std::unique_ptr<VocoderModel>> load(const Golden& golden, nn::Precision precision,
                                           const nn::RowKernels& kernels) {
  VocoderOptions options;
  options.precision = precision;
  options.kernels = &kernels;
  options.config = support::data_path("golden/vocoders") / golden.name / "config.json";
  return load_vocoder(support::data_path(golden.weights), options);
}

TEST(VocoderGolden, GivesTheReferencesSamplesAtEveryLevel) {
  SYRINX_NEED_DATA("golden/vocoders");
  for (const Golden& golden : kGoldens) {
    for (const nn::RowLevel level :
         {nn::RowLevel::kGeneric, nn::RowLevel::kAvx2, nn::RowLevel::kAvx512, nn::RowLevel::kAmx}) {
      const nn::RowKernels* kernels = nn::row_kernels_for(level);
      if (kernels == nullptr) continue;
      SCOPED_TRACE(std::string(golden.name) + " on " + nn::to_string(level));
      const auto model = load(golden, nn::Precision::kFloat32, *kernels);
      ASSERT_TRUE(model) << model.error().message;
      EXPECT_EQ((*model)->info().variant, golden.variant);
      const auto folder = support::data_path("golden/vocoders") / golden.name;
      const Mel mel = read_mel(folder / "mel.npy", (*model)->info().mel);
      const auto expected = support::read_npy(folder / "expected.npy").value().values;
      const auto given = run(**model, mel);
      ASSERT_EQ(given.size(), expected.size());
      const Agreement agreement = compare(expected, given);
      // Three passes of bfloat16 pairs count as float32 from 90 dB on.
      EXPECT_GE(agreement.snr_db, level == nn::RowLevel::kAmx ? 90 : 95);
      EXPECT_LE(agreement.worst, 1e-4);
      RecordProperty(std::string(golden.name) + "_" + nn::to_string(level),
                     std::to_string(agreement.snr_db));
    }
  }
}

TEST(VocoderGolden, Bfloat16StaysAboveFortyDecibels) {
  SYRINX_NEED_DATA("golden/vocoders");
  const nn::RowKernels* kernels = nn::row_kernels_for(nn::RowLevel::kAmx);
  if (kernels == nullptr) GTEST_SKIP() << "this processor multiplies no bfloat16 tiles";
  for (const Golden& golden : kGoldens) {
    const auto model = load(golden, nn::Precision::kBf16, *kernels);
    ASSERT_TRUE(model) << model.error().message;
    const auto folder = support::data_path("golden/vocoders") / golden.name;
    const Mel mel = read_mel(folder / "mel.npy", (*model)->info().mel);
    const auto expected = support::read_npy(folder / "expected.npy").value().values;
    const Agreement agreement = compare(expected, run(**model, mel));
    // The published weights; random ones, which amplify what trained ones do not, lose more.
    const bool trained = std::string_view(golden.name) == "hifigan_lj_v2_real";
    EXPECT_GE(agreement.snr_db, trained ? 40 : 35) << golden.name;
    RecordProperty(golden.name, std::to_string(agreement.snr_db));
  }
}

}  // namespace
}  // namespace syrinx::vocoding
