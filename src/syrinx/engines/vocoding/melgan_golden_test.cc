// SPDX-License-Identifier: Apache-2.0
// MelGANs of the three published codes, as PyTorch saved them: its samples (float32) from the same
// weights and mels, and what is said of files that are wrong. tests/data/melgan/make_goldens.py
// made them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "support/npy.h"
#include "support/test_data.h"
#include "syrinx/core/io/npy/npy_file.h"
#include "syrinx/core/io/safetensors/safetensors_file.h"
#include "syrinx/core/nn/weights/convert_weights.h"
#include "syrinx/engines/vocoding/load_vocoder.h"
#include "syrinx/engines/vocoding/vocode.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/random_weights_test_support.h"

namespace syrinx::vocoding {
namespace {

namespace fs = std::filesystem;
using support::own_data_path;
using vocoder::VocoderOptions;

struct Golden {
  const char* folder;
  const char* family;
  std::vector<std::size_t> rates;
  std::size_t hop_samples;
};
const Golden kGoldens[] = {{"melgan/descript", "MelGAN", {4, 3}, 12},
                           {"melgan/seungwonpark", "MelGAN", {4, 2, 2}, 16},
                           {"melgan/multi_band", "multi-band MelGAN", {3, 2}, 24},
                           {"melgan/causal", "MelGAN", {4, 2}, 8}};

fs::path weights_of(const Golden& golden) { return own_data_path(golden.folder) / "generator.pt"; }

Mel mel_of(const Golden& golden, const MelSpec& spec) {
  const auto array = support::read_npy(own_data_path(golden.folder) / "mel.npy").value();
  const std::size_t frames = array.values.size() / spec.bands;
  Mel mel(spec, frames);
  for (std::size_t t = 0; t < frames; ++t)
    for (std::size_t b = 0; b < spec.bands; ++b) mel.frame(t)[b] = array.values[b * frames + t];
  return mel;
}

// Tolerance: PyTorch's own float32 rounding; three passes of bfloat16 pairs count as float32 from
// 90 dB on.
TEST(MelganGolden, GivesPyTorchsSamplesAtEveryLevel) {
  for (const Golden& golden : kGoldens)
    for (const nn::RowLevel level :
         {nn::RowLevel::kGeneric, nn::RowLevel::kAvx2, nn::RowLevel::kAvx512, nn::RowLevel::kAmx}) {
      VocoderOptions options;
      options.kernels = nn::row_kernels_for(level);
      if (options.kernels == nullptr) continue;
      SCOPED_TRACE(std::string(golden.folder) + " on " + nn::to_string(level));
      const auto model = load_vocoder(weights_of(golden), options);
      ASSERT_TRUE(model) << model.error().message;
      const auto& info = (*model)->info();
      EXPECT_EQ(info.family, golden.family);
      EXPECT_EQ(info.mel.hop_samples, golden.hop_samples);
      const auto made = vocode(**model, mel_of(golden, info.mel).view());
      ASSERT_TRUE(made) << made.error().message;
      const auto expected =
          support::read_npy(own_data_path(golden.folder) / "expected.npy").value().values;
      ASSERT_EQ(made->frames(), expected.size());
      const double snr = vocoder::testing::snr_db(expected, made->channel(0));
      EXPECT_GE(snr, level == nn::RowLevel::kAmx ? 90 : 110);
      RecordProperty(std::string(golden.folder).substr(7) + "_" + nn::to_string(level),
                     std::to_string(snr));
      for (std::size_t i = 0; i < expected.size(); ++i)
        ASSERT_NEAR(expected[i], made->channel(0)[i], 1e-4);
    }
}

TEST(MelganGolden, SeveralThreadsMakeTheSameSamplesAsOne) {
  for (const Golden& golden : kGoldens) {
    SCOPED_TRACE(golden.folder);
    const auto model = load_vocoder(weights_of(golden));
    ASSERT_TRUE(model) << model.error().message;
    const Mel mel = vocoder::testing::random_mel((*model)->info().mel, 900, -2, 1);
    const auto alone = vocode(**model, mel.view());
    ASSERT_TRUE(alone) << alone.error().message;
    ThreadPool pool(3);
    VocodeOptions options;
    options.pool = &pool;
    options.block_frames = 33;
    const auto together = vocode(**model, mel.view(), options);
    ASSERT_TRUE(together) << together.error().message;
    const auto a = alone->channel(0), b = together->channel(0);
    ASSERT_EQ(a.size(), 900 * golden.hop_samples);
    ASSERT_EQ(a.size(), b.size());
    EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin()));
  }
}

TEST(MelganFiles, TellWhatTheyAre) {
  for (const Golden& golden : kGoldens) {
    SCOPED_TRACE(golden.folder);
    const auto file = nn::WeightFile::open(weights_of(golden));
    ASSERT_TRUE(file) << file.error().message;
    const auto kind = vocoder::identify_model(*file);
    ASSERT_TRUE(kind) << kind.error().message;
    EXPECT_EQ(vocoder::to_string(kind->family), golden.family);
    EXPECT_EQ(kind->variant, "custom");
    EXPECT_EQ(kind->upsampler.upsample_rates, golden.rates);
    EXPECT_EQ(kind->upsampler.mel_bands, 6U);
    EXPECT_EQ(kind->melgan.causal, std::string_view(golden.folder) == "melgan/causal");
    EXPECT_TRUE(vocoder::check_tensors(*file, *kind));
    // What is written of it is read back.
    const auto config = parse_json(vocoder::config_json(*kind));
    ASSERT_TRUE(config);
    const auto again = vocoder::identify_model(*file, &*config);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->mel, kind->mel);
    EXPECT_EQ(again->melgan.mean, kind->melgan.mean);
    EXPECT_EQ(again->melgan.scale, kind->melgan.scale);
    EXPECT_EQ(again->melgan.normalised, kind->melgan.normalised);
  }
  const auto mel = [](int i) { return load_vocoder(weights_of(kGoldens[i])).value()->info(); };
  EXPECT_EQ(mel(0).mel.log, MelLog::kLog10);
  EXPECT_EQ(mel(0).mel.max_hz, 11'025.0);
  EXPECT_EQ(mel(1).mel.log, MelLog::kNatural);
  EXPECT_EQ(mel(2).mel.min_hz, 80.0);
  EXPECT_FALSE(mel(2).normalised_mel);
  EXPECT_TRUE(mel(3).normalised_mel);  // No statistics lie beside it.
}

TEST(MelganFiles, StatisticsOfAnotherFormAreRefused) {
  const auto folder = support::scratch_dir();
  fs::copy_file(weights_of(kGoldens[2]), folder / "generator.pt");
  ASSERT_TRUE(load_vocoder(folder / "generator.pt").value()->info().normalised_mel);
  const auto refused = [&](std::vector<std::size_t> shape, const std::vector<float>& values) {
    EXPECT_TRUE(io::write_npy<float>(folder / "stats.npy", shape, values));
    const auto model = load_vocoder(folder / "generator.pt");
    EXPECT_FALSE(model);
    return model ? "" : model.error().message;
  };
  EXPECT_NE(refused({2, 5}, std::vector<float>(10, 1)).find("shape [2, 6]"), std::string::npos);
  std::vector<float> zero(12, 1.0F);
  zero[9] = 0;
  EXPECT_NE(refused({2, 6}, zero).find("deviations above zero"), std::string::npos);
  EXPECT_TRUE(io::write_npy<float>(folder / "stats.npy", std::vector<std::size_t>{2, 6},
                                   std::vector<float>(12, 1)));
  EXPECT_FALSE(load_vocoder(folder / "generator.pt").value()->info().normalised_mel);
}

// The tensors of a golden file with weight norm folded, one of them changed.
template <class Change>
fs::path changed(const Golden& golden, const std::string& name, Change change) {
  const auto file = nn::WeightFile::open(weights_of(golden)).value();
  auto tensors = nn::convert_weights(file, nn::DType::kFloat32).value().tensors;
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [&](const auto& tensor) { return tensor.info.name == name; });
  EXPECT_NE(found, tensors.end()) << name;
  if (found != tensors.end()) change(tensors, found);
  const auto path = support::scratch_dir() / "model.safetensors";
  EXPECT_TRUE(io::write_safetensors(path, tensors, {}));
  return path;
}

TEST(MelganFiles, WeightsThatAreMissingMisshapenOrNotFiniteAreNamed) {
  const std::pair<const Golden*, std::vector<const char*>> all[] = {
      {&kGoldens[0], {"model.3.weight", "model.5.block.2.weight", "model.14.bias"}},
      {&kGoldens[1],
       {"model_g.generator.3.weight", "model_g.generator.4.shortcuts.1.weight",
        "model_g.generator.13.weight"}},
      {&kGoldens[2],
       {"model.generator.melgan.3.weight", "model.generator.melgan.6.stack.4.weight",
        "model.generator.melgan.14.weight"}},
      {&kGoldens[3],
       {"model.generator.melgan.2.deconv.weight", "model.generator.melgan.4.stack.1.conv.weight",
        "model.generator.melgan.10.conv.bias"}}};
  const auto refused = [](const fs::path& path, const std::string& name, ErrorCode code) {
    const auto model = load_vocoder(path);
    ASSERT_FALSE(model) << name;
    EXPECT_EQ(model.error().code, code) << model.error().message;
    const std::string module = name.substr(0, name.rfind('.'));
    EXPECT_NE(model.error().message.find(module), std::string::npos) << model.error().message;
  };
  for (const auto& [golden, names] : all)
    for (const char* const name : names) {
      SCOPED_TRACE(name);
      refused(changed(*golden, name, [](auto& tensors, auto at) { tensors.erase(at); }), name,
              ErrorCode::kNotFound);
      const auto nan = [](auto&, auto at) {
        const float value = std::numeric_limits<float>::quiet_NaN();
        std::memcpy(at->bytes.data() + at->bytes.size() - sizeof value, &value, sizeof value);
      };
      refused(changed(*golden, name, nan), name, ErrorCode::kCorruptData);
      const auto longer = [](auto&, auto at) {
        at->info.shape[0] += 1;
        at->bytes.resize(at->bytes.size() / (at->info.shape[0] - 1) * at->info.shape[0]);
      };
      // The last convolution's outputs are its sub-bands: more of them are another model.
      if (std::string_view(name).find("14.") == std::string_view::npos &&
          std::string_view(name).find("13.") == std::string_view::npos)
        refused(changed(*golden, name, longer), name, ErrorCode::kCorruptData);
    }
}

}  // namespace
}  // namespace syrinx::vocoding
