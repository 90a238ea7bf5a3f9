// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/need_onnx.h"
#include "support/npy.h"
#include "support/test_data.h"
#include "syrinx/core/nn/onnx/onnx_session.h"

// Models of others against outputs that were recorded with ONNX Runtime 1.30 on one CPU thread.
// Within 1e-4 of the largest output (or of 1, if that is larger): another processor may choose
// other vector kernels, whose sums come in another order, and nothing else may differ.
namespace syrinx::nn {
namespace {

struct GoldenModel {
  const char* folder;
  const char* model;
};

std::ostream& operator<<(std::ostream& out, const GoldenModel& golden) {
  return out << golden.folder;
}

constexpr GoldenModel kModels[] = {
    {"gtcrn", "gtcrn/gtcrn_simple.onnx"},
    {"dtln_1", "dtln/model_1.onnx"},
    {"dtln_2", "dtln/model_2.onnx"},
    {"dnsmos_p808", "dnsmos/model_v8.onnx"},
    {"dnsmos_sig_bak_ovr", "dnsmos/sig_bak_ovr.onnx"},
    {"aecmos_16k", "aecmos/Run_1663829550_Stage_0.onnx"},
    {"plcmos_v2", "plcmos/plcmos_v2.onnx"},
    {"swift_f0", "swift_f0/model.onnx"},
    {"piper_small", "piper_small/en_US-small-test.onnx"},
    {"piper_small_slow", "piper_small/en_US-small-test.onnx"},
};

// The recorded tensor of an input ("in_") or output ("out_").
std::filesystem::path recorded(const std::string& folder, const char* prefix, std::string name) {
  std::replace(name.begin(), name.end(), ':', '_');
  return support::data_path("golden/onnx/" + folder) / (prefix + name + ".npy");
}

OnnxShape shape_of(const std::vector<std::size_t>& extents) {
  OnnxShape shape;
  for (const std::size_t extent : extents) shape.push_back(static_cast<std::int64_t>(extent));
  return shape;
}

OnnxTensor read_input(const GoldenModel& golden, const OnnxPort& port) {
  const auto path = recorded(golden.folder, "in_", port.name);
  if (port.type == OnnxType::kInt64) {
    auto array = support::read_npy_int64(path).value();
    return OnnxTensor(shape_of(array.shape), std::move(array.values));
  }
  auto array = support::read_npy(path).value();
  return OnnxTensor(shape_of(array.shape), std::move(array.values));
}

std::vector<OnnxTensor> run_on_recorded_inputs(const OnnxSession& session,
                                               const GoldenModel& golden) {
  std::vector<OnnxTensor> tensors;
  for (const OnnxPort& port : session.inputs()) tensors.push_back(read_input(golden, port));
  std::vector<NamedTensor> inputs;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    inputs.push_back({session.inputs()[i].name, tensors[i]});
  auto outputs = session.run(inputs);
  EXPECT_TRUE(outputs.has_value()) << outputs.error().message;
  return std::move(outputs).value();
}

double largest_error(std::span<const float> ours, std::span<const float> expected) {
  double scale = 1.0;
  double error = 0.0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    scale = std::max(scale, std::abs(static_cast<double>(expected[i])));
    error = std::max(error, std::abs(static_cast<double>(ours[i]) - expected[i]));
  }
  return error / scale;
}

class OnnxGolden : public testing::TestWithParam<GoldenModel> {};

TEST_P(OnnxGolden, MatchesWhatWasRecorded) {
  SYRINX_NEED_ONNX();
  const GoldenModel& golden = GetParam();
  const std::string model = std::string("models/") + golden.model;
  SYRINX_NEED_DATA(model);
  SYRINX_NEED_DATA(std::string("golden/onnx/") + golden.folder);
  const auto session = OnnxSession::load(support::data_path(model));
  ASSERT_TRUE(session.has_value()) << session.error().message;
  const auto outputs = run_on_recorded_inputs(*session, golden);
  ASSERT_EQ(outputs.size(), session->outputs().size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::string& name = session->outputs()[i].name;
    const auto expected = support::read_npy(recorded(golden.folder, "out_", name));
    ASSERT_TRUE(expected.has_value()) << expected.error().message;
    EXPECT_EQ(outputs[i].shape(), shape_of(expected->shape)) << name;
    ASSERT_EQ(outputs[i].size(), expected->values.size()) << name;
    EXPECT_LE(largest_error(outputs[i].values<float>(), expected->values), 1e-4) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Models, OnnxGolden, testing::ValuesIn(kModels),
                         [](const auto& test) { return std::string(test.param.folder); });

}  // namespace
}  // namespace syrinx::nn
