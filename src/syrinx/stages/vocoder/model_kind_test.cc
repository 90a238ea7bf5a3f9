// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/model_kind.h"

#include <gtest/gtest.h>

#include "support/test_data.h"
#include "syrinx/core/base/json.h"
#include "syrinx/core/dsp/mel_analysis.h"

namespace syrinx::vocoder {
namespace {

using support::data_path;
using Shape = std::vector<std::size_t>;

struct Known {
  const char* path;
  ModelFamily family;
  const char* variant;
  const char* prefix;
  std::size_t bands;
};

const Known kModels[] = {
    {"golden/vocoders/hifigan_v1_narrow/generator.pt", ModelFamily::kHifiGan, "custom",
     "generator.", 80},
    {"golden/vocoders/hifigan_v2_legacy_format/generator.pt", ModelFamily::kHifiGan, "V2",
     "generator.", 80},
    {"golden/vocoders/hifigan_v3/generator.pt", ModelFamily::kHifiGan, "V3", "generator.", 80},
    {"golden/vocoders/hifigan_custom/generator.pt", ModelFamily::kHifiGan, "custom", "generator.",
     80},
    {"models/hifigan_lj_v2/generator_v2", ModelFamily::kHifiGan, "V2", "generator.", 80},
    {"golden/vocoders/bigvgan_narrow/generator.pt", ModelFamily::kBigVgan, "", "generator.", 100},
    {"golden/vocoders/vocos_small/pytorch_model.bin", ModelFamily::kVocos, "custom", "", 100},
    {"golden/vocoders/waveglow_narrow/waveglow_state.pt", ModelFamily::kWaveGlow, "custom",
     "state_dict.", 20},
    {"golden/vocoders/diffwave/weights.pt", ModelFamily::kDiffWave, "base", "model.", 80}};

TEST(ModelKind, EveryVocoderIsRecognisedFromItsTensorsAndComplete) {
  for (const Known& known : kModels) {
    SYRINX_NEED_DATA(known.path);
    const auto file = nn::WeightFile::open(data_path(known.path));
    ASSERT_TRUE(file) << file.error().message;
    for (const bool with_config : {false, true}) {
      const auto kind = with_config ? identify_model(*file) : identify_model(*file, nullptr);
      ASSERT_TRUE(kind) << kind.error().message;
      EXPECT_EQ(kind->family, known.family) << known.path;
      EXPECT_EQ(kind->variant, known.variant) << known.path;
      EXPECT_EQ(kind->prefix, known.prefix) << known.path;
      ASSERT_TRUE(kind->mel) << known.path;
      EXPECT_EQ(kind->mel->bands, known.bands) << known.path;
      EXPECT_EQ(kind->assumptions.empty(), with_config) << known.path;
      const auto checked = check_tensors(*file, *kind);
      EXPECT_TRUE(checked) << checked.error().message;
    }
  }
}

ModelKind identified(const char* path, const std::string& config) {
  const auto file = nn::WeightFile::open(data_path(path)).value();
  const auto json = parse_json(config).value();
  auto kind = identify_model(file, &json);
  EXPECT_TRUE(kind) << kind.error().message;
  return kind.value();
}

TEST(ModelKind, TheConfigTellsHowVocosPadsAndHowBigVganEnds) {
  const char* const vocos = "golden/vocoders/vocos_small/pytorch_model.bin";
  const char* const bigvgan = "golden/vocoders/bigvgan_narrow/generator.pt";
  SYRINX_NEED_DATA(vocos);
  SYRINX_NEED_DATA(bigvgan);
  EXPECT_FALSE(identified(vocos, "{}").vocos.same_padding);
  const ModelKind same = identified(vocos, R"({"padding":"same"})");
  EXPECT_TRUE(same.vocos.same_padding);
  EXPECT_TRUE(identified(vocos, config_json(same)).vocos.same_padding);
  const auto plain = identified(bigvgan, "{}").upsampler;
  EXPECT_TRUE(plain.snake_log_scale && plain.tanh_at_end);
  const ModelKind other =
      identified(bigvgan, R"({"snake_logscale":false,"use_tanh_at_final":false})");
  EXPECT_FALSE(other.upsampler.snake_log_scale || other.upsampler.tanh_at_end);
  const auto again = identified(bigvgan, config_json(other)).upsampler;
  EXPECT_FALSE(again.snake_log_scale || again.tanh_at_end);
  const auto file = nn::WeightFile::open(data_path(vocos)).value();
  const auto wrong = parse_json(R"({"padding":"reflect"})").value();
  EXPECT_EQ(identify_model(file, &wrong).error().code, ErrorCode::kCorruptData);
}

TEST(ModelKind, TheConfigMayStateTheConventionOfAnotherFamilysMels) {
  const char* const vocos = "golden/vocoders/vocos_small/pytorch_model.bin";
  SYRINX_NEED_DATA(vocos);
  EXPECT_EQ(config_json(identified(vocos, "{}")).find("convention"), std::string::npos);
  const ModelKind kind =
      identified(vocos, R"({"convention":"hifigan","sampling_rate":22050,"fmax":8000})");
  EXPECT_EQ(kind.mel->scale, MelScale::kSlaney);
  EXPECT_EQ(kind.mel->clamp, 1e-5);
  EXPECT_EQ(identified(vocos, config_json(kind)).mel, kind.mel);
  const auto file = nn::WeightFile::open(data_path(vocos)).value();
  const auto wrong = parse_json(R"({"convention":"mine"})").value();
  EXPECT_EQ(identify_model(file, &wrong).error().code, ErrorCode::kCorruptData);
}

TEST(ModelKind, WhatIsNoVocoderIsToldApart) {
  const std::pair<const char*, ModelFamily> all[] = {
      {"models/kokoro_voices/af_heart.pt", ModelFamily::kKokoroVoice},
      {"models/silero_vad/silero_vad_16k.safetensors", ModelFamily::kSileroVad},
      {"models/crepe/tiny.pth", ModelFamily::kUnknown},
      {"models/g2p_en/checkpoint20.npz", ModelFamily::kUnknown}};
  for (const auto& [path, family] : all) {
    SYRINX_NEED_DATA(path);
    const auto file = nn::WeightFile::open(data_path(path));
    ASSERT_TRUE(file) << file.error().message;
    const auto kind = identify_model(*file);
    ASSERT_TRUE(kind) << kind.error().message;
    EXPECT_EQ(kind->family, family) << path;
    EXPECT_EQ(check_tensors(*file, *kind).error().code, ErrorCode::kUnsupported);
  }
}

TEST(ModelKind, TheConfigOfACustomHifiganIsDerivedAndTheConfigFileHasTheLastWord) {
  SYRINX_NEED_DATA("golden/vocoders/hifigan_custom/generator.pt");
  const auto file = nn::WeightFile::open(data_path("golden/vocoders/hifigan_custom/generator.pt"));
  ASSERT_TRUE(file);
  const auto derived = identify_model(*file, nullptr);
  ASSERT_TRUE(derived);
  EXPECT_EQ(derived->upsampler.upsample_rates, (Shape{5, 5, 4, 2}));
  EXPECT_EQ(derived->upsampler.upsample_kernel_sizes, (Shape{11, 10, 8, 4}));
  EXPECT_EQ(derived->upsampler.resblock_kernel_sizes, (Shape{3, 5}));
  EXPECT_EQ(derived->upsampler.initial_channels, 96u);
  EXPECT_EQ(derived->mel->hop_samples, 200u);
  EXPECT_EQ(derived->upsampler.resblock_dilations, (std::vector<Shape>{{1, 3, 5}, {1, 3, 5}}));
  const auto stated = identify_model(*file);
  ASSERT_TRUE(stated) << stated.error().message;
  EXPECT_EQ(stated->upsampler.resblock_dilations, (std::vector<Shape>{{1, 2, 4}, {1, 3, 5}}));
}

TEST(ModelKind, TheMelContractIsThatOfThePublishedModel) {
  const std::pair<const char*, MelSpec> all[] = {
      {"models/hifigan_lj_v2/generator_v2", dsp::hifigan_22050_80()},
      {"golden/vocoders/bigvgan_narrow/generator.pt", dsp::bigvgan_24000_100()},
      {"golden/vocoders/vocos_small/pytorch_model.bin", dsp::vocos_24000_100()},
      {"golden/vocoders/diffwave/weights.pt", dsp::diffwave_22050_80()}};
  for (const auto& [path, spec] : all) {
    SYRINX_NEED_DATA(path);
    const auto file = nn::WeightFile::open(data_path(path));
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(identify_model(*file)->mel, spec) << path;
    EXPECT_EQ(identify_model(*file, nullptr)->mel, spec) << path;
  }
}

TEST(ModelKind, TheConfigThatIsWrittenSaysTheSameWhenItIsRead) {
  for (const Known& known : kModels) {
    SYRINX_NEED_DATA(known.path);
    const auto file = nn::WeightFile::open(data_path(known.path));
    ASSERT_TRUE(file) << file.error().message;
    const auto kind = identify_model(*file);
    ASSERT_TRUE(kind) << kind.error().message;
    const auto config = parse_json(config_json(*kind));
    ASSERT_TRUE(config) << config_json(*kind);
    const auto again = identify_model(*file, &*config);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->mel, kind->mel) << known.path;
    EXPECT_EQ(again->upsampler.upsample_rates, kind->upsampler.upsample_rates) << known.path;
    EXPECT_EQ(again->upsampler.resblock_dilations, kind->upsampler.resblock_dilations);
    EXPECT_EQ(again->diffwave.dilation_cycle, kind->diffwave.dilation_cycle);
    EXPECT_TRUE(again->assumptions.empty()) << again->assumptions[0];
  }
}

TEST(ModelKind, AConfigThatContradictsTheWeightsIsRefusedByKey) {
  SYRINX_NEED_DATA("golden/vocoders/hifigan_v3/generator.pt");
  const auto file = nn::WeightFile::open(data_path("golden/vocoders/hifigan_v3/generator.pt"));
  ASSERT_TRUE(file);
  const std::pair<const char*, const char*> all[] = {
      {R"({"num_mels": 100})", "num_mels is 100, but the weights have 80"},
      {R"({"upsample_rates": [8, 8, 2, 2]})", "upsample_rates is [8, 8, 2, 2]"},
      {R"({"upsample_rates": [8, 8, 0]})", "upsample_rates"},
      {R"({"upsample_kernel_sizes": [16, 16, 4]})", "upsample_kernel_sizes"},
      {R"({"resblock": "1"})", "resblock"},
      {R"({"resblock_dilation_sizes": [[1]]})", "resblock_dilation_sizes"},
      {R"({"hop_size": 300})", "hop_size is 300, but the weights have upsampling by 256"},
      {R"({"sampling_rate": 1})", "sample_rate_hz"}};
  for (const auto& [text, because] : all) {
    const auto config = parse_json(text);
    const auto kind = identify_model(*file, &*config);
    ASSERT_FALSE(kind) << text;
    EXPECT_NE(kind.error().message.find(because), std::string::npos) << kind.error().message;
  }
}

TEST(ModelKind, AMissingTensorAndAWrongShapeAreNamed) {
  const std::pair<const char*, const char*> all[] = {
      {"hifigan_missing_tensor.pt", "lacks the tensor 'generator.ups.1.bias' of shape [16]"},
      {"hifigan_wrong_shape.pt",
       "tensor 'generator.conv_post.weight_v' has shape [1, 4, 5], but the model needs [1, 4, 7]"}};
  for (const auto& [name, because] : all) {
    SYRINX_NEED_DATA(std::string("bad_models/") + name);
    const auto file = nn::WeightFile::open(data_path(std::string("bad_models/") + name));
    ASSERT_TRUE(file) << file.error().message;
    const auto checked = check_tensors(*file, *identify_model(*file));
    ASSERT_FALSE(checked) << name;
    EXPECT_NE(checked.error().message.find(because), std::string::npos) << checked.error().message;
  }
}

}  // namespace
}  // namespace syrinx::vocoder
