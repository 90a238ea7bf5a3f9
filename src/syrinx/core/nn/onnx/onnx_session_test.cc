// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/onnx/onnx_session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stop_token>
#include <thread>

#include "support/need_onnx.h"
#include "support/test_data.h"

namespace syrinx::nn {
namespace {

constexpr const char* kModel = "models/swift_f0/model.onnx";

Result<OnnxSession> load_model() { return OnnxSession::load(support::data_path(kModel)); }

OnnxTensor tone(std::int64_t samples) {
  std::vector<float> values(static_cast<std::size_t>(samples));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i / 40 % 2 == 0 ? 0.25f : -0.25f;
  return OnnxTensor({1, samples}, std::move(values));
}

std::filesystem::path write_file(const std::string& bytes) {
  const auto path = support::scratch_dir() / "made.onnx";
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

TEST(OnnxRuntime, TellsItsVersionAndWhereItCameFrom) {
  SYRINX_NEED_ONNX();
  const auto runtime = OnnxRuntime::load();
  ASSERT_TRUE(runtime.has_value());
  EXPECT_EQ((*runtime)->version().substr(0, 2), "1.");
  EXPECT_TRUE(std::filesystem::exists((*runtime)->library())) << (*runtime)->library();
  EXPECT_EQ(OnnxRuntime::load().value(), *runtime) << "loaded twice";
}

// In a process of its own each, started anew, as success is remembered.
void exit_by_load_with(const char* library, ErrorCode expected, const char* words) {
  setenv("SYRINX_ONNXRUNTIME", library, 1);
  const auto runtime = OnnxRuntime::load();
  const bool right = !runtime.has_value() && runtime.error().code == expected &&
                     runtime.error().message.find(words) != std::string::npos;
  const bool alone = OnnxRuntime::candidates().size() == 1;
  std::_Exit(right && alone ? 0 : 1);
}

TEST(OnnxRuntimeDeathTest, SaysWhereItLookedAndWhatToDoWhenTheLibraryIsMissing) {
  EXPECT_EXIT(exit_by_load_with("/nowhere/libonnxruntime.so", ErrorCode::kUnavailable,
                                "looked for /nowhere/libonnxruntime.so): run tools/fetch"),
              testing::ExitedWithCode(0), "");
}

TEST(OnnxRuntimeDeathTest, SaysWhyALibraryThatIsThereCannotBeLoaded) {
  const auto path = write_file("not a library");
  EXPECT_EXIT(exit_by_load_with(path.c_str(), ErrorCode::kUnavailable, "cannot be loaded: "),
              testing::ExitedWithCode(0), "");
}

TEST(OnnxRuntimeDeathTest, RefusesALibraryThatIsSomethingElse) {
  EXPECT_EXIT(exit_by_load_with("libm.so.6", ErrorCode::kUnsupported, "lacks OrtGetApiBase"),
              testing::ExitedWithCode(0), "");
}

TEST(OnnxSession, DescribesTheModelsInputsAndOutputs) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kModel);
  const auto session = load_model();
  ASSERT_TRUE(session.has_value()) << session.error().message;
  ASSERT_EQ(session->inputs().size(), 1u);
  EXPECT_EQ(session->inputs()[0].name, "input_audio");
  EXPECT_EQ(session->inputs()[0].type, OnnxType::kFloat32);
  EXPECT_EQ(session->inputs()[0].shape.size(), 2u);
  EXPECT_EQ(session->inputs()[0].shape[1], -1) << "a dynamic extent";
  EXPECT_EQ(session->outputs().size(), 2u);
}

TEST(OnnxSession, IsSharedByLoadsOfTheSameFileAndOptions) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kModel);
  const auto first = load_model();
  const auto again = load_model();
  const auto other = OnnxSession::load(support::data_path(kModel), {.threads = 2});
  ASSERT_TRUE(first.has_value() && again.has_value() && other.has_value());
  EXPECT_EQ(&first->inputs(), &again->inputs());
  EXPECT_NE(&first->inputs(), &other->inputs());
  OnnxSession::clear_cache();
  EXPECT_NE(&load_model()->inputs(), &first->inputs());
  EXPECT_EQ(first->inputs()[0].name, "input_audio") << "held sessions live on";
}

TEST(OnnxSession, RefusesMissingUnknownAndRepeatedInputsByName) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kModel);
  const auto session = load_model();
  ASSERT_TRUE(session.has_value());
  const OnnxTensor audio = tone(4'096);
  const auto missing = session->run({});
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(missing.error().message.find("'input_audio'"), std::string::npos);
  const NamedTensor unknown[] = {{"input_audio", audio}, {"h0", audio}};
  EXPECT_NE(session->run(unknown).error().message.find("no input 'h0'"), std::string::npos);
  const NamedTensor twice[] = {{"input_audio", audio}, {"input_audio", audio}};
  EXPECT_NE(session->run(twice).error().message.find("given twice"), std::string::npos);
}

TEST(OnnxSession, RefusesAnotherTypeOrShapeAndNamesBoth) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kModel);
  const auto session = load_model();
  ASSERT_TRUE(session.has_value());
  const OnnxTensor integers({1, 4}, std::vector<std::int64_t>{1, 2, 3, 4});
  const OnnxTensor cube({1, 2, 2}, std::vector<float>{1, 2, 3, 4});
  for (const auto& [tensor, text] : {std::pair(&integers, "int64 [1, 4]"), {&cube, "[1, 2, 2]"}}) {
    const NamedTensor inputs[] = {{"input_audio", *tensor}};
    const auto ran = session->run(inputs);
    ASSERT_FALSE(ran.has_value());
    EXPECT_EQ(ran.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(ran.error().message.find(text), std::string::npos) << ran.error().message;
    EXPECT_NE(ran.error().message.find("float32 ["), std::string::npos) << ran.error().message;
  }
}

TEST(OnnxSession, RunsOnSeveralThreadsAtOnceWithTheSameResult) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kModel);
  const auto session = load_model();
  ASSERT_TRUE(session.has_value());
  const OnnxTensor audio = tone(16'000);
  const NamedTensor inputs[] = {{"input_audio", audio}};
  std::vector<OnnxTensor> results(4);
  std::vector<std::thread> threads;
  for (OnnxTensor& result : results)
    threads.emplace_back([&] { result = session->run(inputs).value()[0]; });
  for (std::thread& thread : threads) thread.join();
  ASSERT_GT(results[0].size(), 0u);
  for (const OnnxTensor& result : results)
    EXPECT_TRUE(std::ranges::equal(result.bytes(), results[0].bytes()));
}

TEST(OnnxSession, MakesOnlyTheOutputsThatAreNamedInTheirOrder) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kModel);
  const auto session = load_model();
  ASSERT_TRUE(session.has_value());
  const OnnxTensor audio = tone(4'096);
  const NamedTensor inputs[] = {{"input_audio", audio}};
  const auto all = session->run(inputs);
  ASSERT_TRUE(all.has_value());
  const std::string second[] = {session->outputs()[1].name};
  const auto one = session->run(inputs, second, {});
  ASSERT_TRUE(one.has_value()) << one.error().message;
  ASSERT_EQ(one->size(), 1u);
  EXPECT_TRUE(std::ranges::equal(one.value()[0].bytes(), all.value()[1].bytes()));
  const std::string unknown[] = {"loudness"};
  const auto refused = session->run(inputs, unknown, {});
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(refused.error().message.find("no output 'loudness'"), std::string::npos);
}

TEST(OnnxSession, EndsARunThatIsStoppedAndRunsAgain) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kModel);
  const auto session = load_model();
  ASSERT_TRUE(session.has_value());
  const OnnxTensor audio = tone(16'000 * 300);  // Minutes, so that it is not over before the stop.
  const NamedTensor inputs[] = {{"input_audio", audio}};
  const std::string outputs[] = {session->outputs()[0].name};
  std::stop_source stop;
  std::thread stopper([&stop] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop.request_stop();
  });
  const auto stopped = session->run(inputs, outputs, stop.get_token());
  stopper.join();
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(session->run(inputs, outputs, stop.get_token()).error().code, ErrorCode::kCancelled)
      << "stopped before it began";
  const OnnxTensor little = tone(4'096);
  const NamedTensor again[] = {{"input_audio", little}};
  EXPECT_TRUE(session->run(again, outputs, {}).has_value());
}

TEST(OnnxSession, RefusesFilesThatAreNoModels) {
  SYRINX_NEED_ONNX();
  EXPECT_EQ(OnnxSession::load("/nowhere/model.onnx").error().code, ErrorCode::kNotFound);
  for (const std::string& bytes :
       {std::string(), std::string("RIFF____WAVE"), std::string(64, 'x')}) {
    const auto session = OnnxSession::load(write_file(bytes));
    ASSERT_FALSE(session.has_value()) << bytes;
    EXPECT_EQ(session.error().code, ErrorCode::kCorruptData) << session.error().message;
  }
  EXPECT_EQ(OnnxSession::load(support::scratch_dir()).error().code, ErrorCode::kIo);
  EXPECT_EQ(OnnxSession::load(write_file("x"), {.threads = 0}).error().code,
            ErrorCode::kInvalidArgument);
}

TEST(OnnxSession, RefusesAModelThatWasCutShortAnywhere) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA(kModel);
  std::ifstream file(support::data_path(kModel), std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(file)), {});
  for (const double share : {0.01, 0.25, 0.5, 0.75, 0.99}) {
    const auto bytes = static_cast<std::size_t>(share * static_cast<double>(whole.size()));
    const auto session = OnnxSession::load(write_file(whole.substr(0, bytes)));
    ASSERT_FALSE(session.has_value()) << share;
    EXPECT_EQ(session.error().code, ErrorCode::kCorruptData) << session.error().message;
  }
}

TEST(OnnxSession, RefusesAFileAboveTheLimitBeforeReadingIt) {
  const auto path = write_file("x");
  std::filesystem::resize_file(path, std::uintmax_t{3} << 30);  // Sparse: no disk is used.
  EXPECT_EQ(OnnxSession::load(path).error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace syrinx::nn
