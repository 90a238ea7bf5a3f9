// SPDX-License-Identifier: Apache-2.0
// Families of models through the calls that a program makes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>

#include "support/test_data.h"
#include "syrinx/engines/vocoding/load_vocoder.h"
#include "syrinx/engines/vocoding/vocode.h"

namespace syrinx::vocoding {
namespace {

Mel random_mel(const MelSpec& spec, std::size_t frames) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(-3, 1);
  Mel mel(spec, frames);
  for (std::size_t i = 0; i < frames; ++i)
    for (float& value : mel.frame(i)) value = normal(random);
  return mel;
}

struct Family {
  const char* weights;
  const char* name;
  std::size_t missing_hops;  // By which the sound is shorter than the mel.
};
constexpr Family kFamilies[] = {{"golden/vocoders/vocos_small/pytorch_model.bin", "Vocos", 1},
                                {"golden/vocoders/bigvgan_narrow/generator.pt", "BigVGAN", 0}};

TEST(VocodeFamilies, GiveTheSameSamplesOnOneThreadAndOnSeveral) {
  for (const Family& family : kFamilies) {
    SYRINX_NEED_DATA(family.weights);
    SCOPED_TRACE(family.name);
    const auto model = load_vocoder(support::data_path(family.weights));
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ((*model)->info().family, family.name);
    const Mel mel = random_mel((*model)->info().mel, 600);
    const auto alone = vocode(**model, mel.view());
    ASSERT_TRUE(alone) << alone.error().message;
    ThreadPool pool(3);
    VocodeOptions options;
    options.pool = &pool;
    options.block_frames = 33;
    const auto together = vocode(**model, mel.view(), options);
    ASSERT_TRUE(together) << together.error().message;
    const auto a = alone->channel(0);
    const auto b = together->channel(0);
    ASSERT_EQ(a.size(), (600U - family.missing_hops) * (*model)->info().mel.hop_samples);
    ASSERT_EQ(a.size(), b.size());
    EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin()));
    EXPECT_GT(*std::max_element(a.begin(), a.end()), 0.01F);
  }
}

// A Vocos of 2 bands, 4 channels and one layer as safetensors, all weights 0.5, but for one tensor.
struct Odd {
  const char* name;
  bool missing;
  float value;
};
std::filesystem::path write_small_vocos(const Odd& odd) {
  const std::pair<const char*, std::vector<std::size_t>> tensors[] = {
      {"backbone.embed.weight", {4, 2, 7}},
      {"backbone.embed.bias", {4}},
      {"backbone.norm.weight", {4}},
      {"backbone.norm.bias", {4}},
      {"backbone.convnext.0.gamma", {4}},
      {"backbone.convnext.0.dwconv.weight", {4, 1, 7}},
      {"backbone.convnext.0.dwconv.bias", {4}},
      {"backbone.convnext.0.norm.weight", {4}},
      {"backbone.convnext.0.norm.bias", {4}},
      {"backbone.convnext.0.pwconv1.weight", {8, 4}},
      {"backbone.convnext.0.pwconv1.bias", {8}},
      {"backbone.convnext.0.pwconv2.weight", {4, 8}},
      {"backbone.convnext.0.pwconv2.bias", {4}},
      {"backbone.final_layer_norm.weight", {4}},
      {"backbone.final_layer_norm.bias", {4}},
      {"head.out.weight", {18, 4}},
      {"head.out.bias", {18}}};
  std::ostringstream header;
  std::vector<float> values;
  for (const auto& [name, shape] : tensors) {
    const bool is_odd = std::string_view(name) == odd.name;
    if (is_odd && odd.missing) continue;
    std::size_t n = 1;
    header << (values.empty() ? '{' : ',') << '"' << name << R"(":{"dtype":"F32","shape":[)";
    for (std::size_t i = 0; i < shape.size(); ++i) {
      header << (i == 0 ? "" : ",") << shape[i];
      n *= shape[i];
    }
    header << R"(],"data_offsets":[)" << values.size() * sizeof(float) << ','
           << (values.size() + n) * sizeof(float) << "]}";
    values.resize(values.size() + n, 0.5F);
    if (is_odd) values.back() = odd.value;
  }
  header << '}';
  const std::string text = header.str();
  const std::uint64_t length = text.size();
  char length_bytes[sizeof length];
  std::memcpy(length_bytes, &length, sizeof length);
  const auto path = support::scratch_dir() / "vocos.safetensors";
  std::ofstream out(path, std::ios::binary);
  out.write(length_bytes, sizeof length_bytes);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.write(reinterpret_cast<const char*>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(float)));
  return path;
}

TEST(VocodeFamilies, RefuseWeightsThatAreMissingOrNotFiniteByName) {
  const auto fine = load_vocoder(write_small_vocos({"head.out.bias", false, 0.5F}));
  ASSERT_TRUE(fine) << fine.error().message;
  EXPECT_EQ((*fine)->info().mel.hop_samples, 4U);  // Without a config: a quarter of the FFT.
  const auto missing = load_vocoder(write_small_vocos({"head.out.bias", true, 0}));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.find("head.out.bias"), std::string::npos)
      << missing.error().message;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto broken =
      load_vocoder(write_small_vocos({"backbone.convnext.0.pwconv2.weight", false, nan}));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::kCorruptData);
  EXPECT_NE(broken.error().message.find("convnext.0.pwconv2.weight"), std::string::npos)
      << broken.error().message;
}

}  // namespace
}  // namespace syrinx::vocoding
