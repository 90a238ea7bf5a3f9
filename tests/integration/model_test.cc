// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <tuple>

#include "integration/program.h"
#include "support/test_data.h"

// `syrinx model` as a user meets it.
namespace syrinx {
namespace {

using nlohmann::json;
using support::data_path;
using support::Finished;
using support::run_syrinx;

constexpr const char* kRealV2 = "models/hifigan_lj_v2/generator_v2";

TEST(ModelCommand, InfoTellsArchitectureTensorsMelAndChecksum) {
  SYRINX_NEED_DATA(kRealV2);
  const Finished info = run_syrinx({"model", "info", data_path(kRealV2), "--json"});
  ASSERT_EQ(info.exit_code, 0) << info.err;
  const json file = json::parse(info.out)["files"][0];
  EXPECT_EQ(file["format"], "torch legacy");
  EXPECT_EQ(file["parameters"], 928'514);
  EXPECT_EQ(file["tensors"].size(), 234u);
  EXPECT_EQ(file["sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(file["architecture"]["family"], "HiFi-GAN");
  EXPECT_EQ(file["architecture"]["variant"], "V2");
  EXPECT_EQ(file["architecture"]["mel"]["hop_samples"], 256);
  EXPECT_EQ(file["architecture"]["config"]["upsample_rates"], json({8, 8, 2, 2}));
  EXPECT_EQ(file["licence"].get<std::string>().rfind("unknown", 0), 0u);
  const json memory = file["memory"];
  // Every weight in two to five bytes, as this processor multiplies it.
  EXPECT_GT(memory["weight_bytes"].get<double>(), 2 * 928'514.0);
  EXPECT_LT(memory["weight_bytes"].get<double>(), 5.5 * 928'514.0);
  EXPECT_LT(memory["stream_bytes"].get<double>(), 8.0 * (1 << 20));
  EXPECT_GE(memory["peak_bytes"].get<double>(),
            memory["weight_bytes"].get<double>() + memory["stream_bytes"].get<double>());
  const Finished text = run_syrinx({"model", "info", data_path(kRealV2)});
  EXPECT_NE(text.out.find("a stream of 256 frames"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("HiFi-GAN V2"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("generator.conv_pre.weight_v"), std::string::npos);
}

TEST(ModelCommand, VerifyPassesSoundModelsAndNamesTheTensorOfBrokenOnes) {
  SYRINX_NEED_DATA(kRealV2);
  const Finished sound = run_syrinx({"model", "verify", data_path(kRealV2)});
  EXPECT_EQ(sound.exit_code, 0) << sound.err;
  EXPECT_NE(sound.out.find("HiFi-GAN V2, sound"), std::string::npos) << sound.out;
  const std::tuple<const char*, int, const char*> all[] = {
      {"hifigan_nan_weight.pt", 4, "generator.resblocks.3.convs1.0.weight_v"},
      {"hifigan_zero_norm.pt", 4, "generator.conv_pre.weight_v"},
      {"hifigan_wrong_shape.pt", 4, "generator.conv_post.weight_v"},
      {"hifigan_missing_tensor.pt", 4, "generator.ups.1.bias"},
      {"truncated.pt", 4, "cut short"},
      {"executes_code.pt", 5, "posix.system"},
      {"zip_bomb.pt", 4, "209715200 bytes"}};
  for (const auto& [name, code, because] : all) {
    SYRINX_NEED_DATA(std::string("bad_models/") + name);
    const auto path = data_path(std::string("bad_models/") + name);
    const Finished broken = run_syrinx({"model", "verify", path});
    EXPECT_EQ(broken.exit_code, code) << name;
    EXPECT_NE(broken.err.find(because), std::string::npos) << name << ": " << broken.err;
  }
  EXPECT_FALSE(std::filesystem::exists("/tmp/syrinx_pickle_was_executed"));
}

TEST(ModelCommand, ConvertWritesASafetensorsFileThatSaysWhatItIs) {
  SYRINX_NEED_DATA(kRealV2);
  const auto folder = support::scratch_dir();
  for (const auto& [dtype, most] :
       {std::pair("fp32", 1e-7), std::pair("fp16", 5e-4), std::pair("bf16", 4e-3)}) {
    const std::string out = folder / (std::string(dtype) + ".safetensors");
    const Finished done =
        run_syrinx({"model", "convert", data_path(kRealV2), "-o", out, "--dtype", dtype, "--json"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const json report = json::parse(done.out);
    EXPECT_EQ(report["weights_folded"], 78);
    EXPECT_LE(report["max_error_relative"].get<double>(), most);
    const json made = json::parse(run_syrinx({"model", "info", out, "--json"}).out)["files"][0];
    EXPECT_EQ(made["format"], "safetensors");
    EXPECT_EQ(made["tensors"].size(), 156u);
    EXPECT_EQ(made["architecture"]["variant"], "V2");
    EXPECT_TRUE(made["architecture"]["assumptions"].empty());
    EXPECT_EQ(made["metadata"]["converted_from"], "torch legacy");
    EXPECT_EQ(run_syrinx({"model", "verify", out}).exit_code, 0);
  }
}

TEST(ModelCommand, ConvertOfABrokenModelLeavesNoFile) {
  SYRINX_NEED_DATA("bad_models/hifigan_nan_weight.pt");
  const std::string out = support::scratch_dir() / "out.safetensors";
  const Finished done =
      run_syrinx({"model", "convert", data_path("bad_models/hifigan_nan_weight.pt"), "-o", out});
  EXPECT_EQ(done.exit_code, 4);
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST(ModelCommand, WrongUseIsSaid) {
  EXPECT_EQ(run_syrinx({"model"}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"model", "sing", "x"}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"model", "convert", "x.pt"}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"model", "convert", "x.pt", "-o", "y", "--dtype", "int4"}).exit_code, 2);
  EXPECT_EQ(run_syrinx({"model", "info", "/nowhere.pt"}).exit_code, 3);
}

}  // namespace
}  // namespace syrinx
