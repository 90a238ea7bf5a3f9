// SPDX-License-Identifier: Apache-2.0
// Files of models that make an utterance as a whole: told by their tensors, run, and refused by the
// name of the tensor that is wrong.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "support/test_data.h"
#include "syrinx/core/io/safetensors/safetensors_file.h"
#include "syrinx/engines/vocoding/load_vocoder.h"
#include "syrinx/engines/vocoding/vocode.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_network.h"
#include "syrinx/stages/vocoder/random_weights_test_support.h"
#include "syrinx/stages/vocoder/unet/unet_network.h"
#include "syrinx/stages/vocoder/waveglow/waveglow_network.h"

namespace syrinx::vocoding {
namespace {

using vocoder::WeightSource;

constexpr nn::Precision kPrecision = nn::Precision::kFloat32;

// Random weights that remember what was asked for.
struct Recorded {
  vocoder::testing::RandomWeights random;
  std::vector<nn::TensorBytes> tensors;

  WeightSource source() {
    const WeightSource plain = random.source(0.5);
    return {[this, plain](const std::string& name, std::span<const std::size_t> shape) {
              auto values = plain.weight(name, shape);
              if (name.find("convinv") != std::string::npos)
                for (std::size_t i = 0; i < shape[0]; ++i) (*values)[i * shape[0] + i] += 2;
              tensors.push_back(
                  nn::make_tensor(name + ".weight", {shape.begin(), shape.end()}, *values));
              return values;
            },
            [this, plain](const std::string& name, std::size_t length) {
              auto values = plain.bias(name, length);
              tensors.push_back(nn::make_tensor(name + ".bias", {length}, *values));
              return values;
            }};
  }
};

struct Family {
  const char* name;
  const char* tensor;  // One of many.
  std::vector<nn::TensorBytes> tensors;
};

std::vector<Family> families() {
  const nn::RowKernels& kernels = nn::row_kernels();
  Recorded diffwave, waveglow, unet;
  EXPECT_TRUE(
      vocoder::DiffWaveNetwork::build({7, 4, 8, 10}, diffwave.source(), kernels, kPrecision));
  EXPECT_TRUE(vocoder::WaveGlowNetwork::build({7, 3, 8, 2, 2, 3, 8, 3, false}, waveglow.source(),
                                              kernels, kPrecision));
  EXPECT_TRUE(vocoder::UnetNetwork::build({7, 16, {8, 16, 32, 32}, {4, 8, 8}}, unet.source(),
                                          kernels, kPrecision));
  return {{"DiffWave", "residual_layers.2.dilated_conv.weight", diffwave.tensors},
          {"WaveGlow", "WN.1.in_layers.2.weight", waveglow.tensors},
          {"U-Net diffusion", "unet.up.1.block.conv1.weight", unet.tensors}};
}

std::filesystem::path write(const std::vector<nn::TensorBytes>& tensors) {
  auto path = support::scratch_dir() / "model.safetensors";
  EXPECT_TRUE(io::write_safetensors(path, tensors, {}));
  return path;
}

TEST(DiffusionFiles, AreToldByTheirTensorsAndRunFromTheFrontDoor) {
  for (const Family& family : families()) {
    const auto model = load_vocoder(write(family.tensors));
    ASSERT_TRUE(model) << family.name << ": " << model.error().message;
    EXPECT_EQ((*model)->info().family, family.name);
    const MelSpec& spec = (*model)->info().mel;
    EXPECT_EQ(spec.bands, 7U);
    ThreadPool pool(2);
    VocodeOptions options;
    options.pool = &pool;
    const auto audio = vocode(**model, vocoder::testing::random_mel(spec, 9).view(), options);
    ASSERT_TRUE(audio) << audio.error().message;
    EXPECT_EQ(audio->frames(), 9 * spec.hop_samples);
    double power = 0;
    for (const float v : audio->channel(0)) power += double{v} * double{v};
    EXPECT_TRUE(std::isfinite(power) && power > 0) << family.name;
  }
}

void expect_refused(const std::vector<nn::TensorBytes>& tensors, const char* tensor,
                    ErrorCode code) {
  const auto model = load_vocoder(write(tensors));
  ASSERT_FALSE(model) << tensor;
  EXPECT_EQ(model.error().code, code) << model.error().message;
  const std::string_view module(tensor, std::string_view(tensor).rfind('.'));
  EXPECT_NE(model.error().message.find(module), std::string::npos) << model.error().message;
}

TEST(DiffusionFiles, AreNotTakenForSmallerModelsWhenALayerIsMissing) {
  const char* const counted[] = {"residual_layers.1.dilated_conv.weight", "WN.0.in_layers.1.weight",
                                 "unet.down.1.pool.weight"};
  const auto all = families();
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto missing = all[i].tensors;
    ASSERT_EQ(std::erase_if(missing, [&](const auto& t) { return t.info.name == counted[i]; }), 1U);
    expect_refused(missing, counted[i], ErrorCode::kNotFound);
  }
}

TEST(DiffusionFiles, AreRefusedByTheNameOfTheTensorThatIsWrong) {
  for (const Family& family : families()) {
    const auto is_it = [&](const nn::TensorBytes& t) { return t.info.name == family.tensor; };
    auto missing = family.tensors;
    ASSERT_EQ(std::erase_if(missing, is_it), 1U);
    auto twisted = family.tensors;
    auto broken = family.tensors;
    for (std::size_t i = 0; i < broken.size(); ++i) {
      if (!is_it(broken[i])) continue;
      std::swap(twisted[i].info.shape[0], twisted[i].info.shape[2]);
      const float nan = std::numeric_limits<float>::quiet_NaN();
      std::memcpy(broken[i].bytes.data() + 8, &nan, sizeof nan);
    }
    expect_refused(missing, family.tensor, ErrorCode::kNotFound);
    expect_refused(twisted, family.tensor, ErrorCode::kCorruptData);
    expect_refused(broken, family.tensor, ErrorCode::kCorruptData);
  }
}

}  // namespace
}  // namespace syrinx::vocoding
