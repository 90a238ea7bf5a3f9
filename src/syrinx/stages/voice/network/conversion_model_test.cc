// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/network/conversion_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/realtime_guard.h"
#include "support/test_data.h"

namespace syrinx::voice {
namespace {

ModelFrame frame_at(int k) {
  ModelFrame frame;
  frame.level = std::sin(0.05f * static_cast<float>(k));
  for (std::size_t d = 0; d < kModelCepstra; ++d)
    frame.cepstrum[d] = std::cos(0.1f * static_cast<float>(k) + static_cast<float>(d));
  frame.voiced = k % 50 < 35;
  frame.melody = 0.5f * std::sin(0.02f * static_cast<float>(k));
  frame.log_f0_wanted = 5.0f;
  return frame;
}

std::vector<ModelCepstrum> examples() {
  std::vector<ModelCepstrum> frames(40);
  for (std::size_t k = 0; k < frames.size(); ++k)
    for (std::size_t d = 0; d < kModelCepstra; ++d)
      frames[k][d] = std::sin(static_cast<float>(3 * k + d));
  return frames;
}

SpeakerVector some_speaker() {
  return built_in_conversion_model()->speaker(examples(), ModelStatistics{});
}

std::vector<ModelCepstrum> run(ModelStream& stream, int frames) {
  std::vector<ModelCepstrum> made;
  for (int k = 0; k < frames; ++k) made.push_back(stream.step(frame_at(k)));
  return made;
}

TEST(ConversionModel, ASpeakersVectorHasTheLengthOneAndAsksForNoOrder) {
  auto frames = examples();
  const auto model = built_in_conversion_model();
  const SpeakerVector vector = model->speaker(frames, {});
  double squares = 0.0;
  for (const float x : vector) squares += static_cast<double>(x) * static_cast<double>(x);
  EXPECT_NEAR(squares, 1.0, 1e-5);
  std::reverse(frames.begin(), frames.end());
  const SpeakerVector reversed = model->speaker(frames, {});
  for (std::size_t i = 0; i < kSpeakerSize; ++i) EXPECT_NEAR(reversed[i], vector[i], 1e-5f);
  for (ModelCepstrum& frame : frames) frame[3] += 4.0f;
  const SpeakerVector other = model->speaker(frames, {});
  EXPECT_NE(other, vector);
}

TEST(ConversionModel, WhatIsToComeChangesNothing) {
  const auto model = built_in_conversion_model();
  const auto whole = run(*model->stream(some_speaker()), 200);
  const auto part = run(*model->stream(some_speaker()), 120);
  for (std::size_t k = 0; k < part.size(); ++k) ASSERT_EQ(part[k], whole[k]) << k;
}

TEST(ConversionModel, ItHearsWhatWentBefore) {
  const auto model = built_in_conversion_model();
  const auto late = model->stream(some_speaker());
  const ModelCepstrum alone = late->step(frame_at(100));
  const auto whole = run(*model->stream(some_speaker()), 101);
  EXPECT_NE(alone, whole.back());
}

TEST(ConversionModel, ResetForgetsThePast) {
  const auto stream = built_in_conversion_model()->stream(some_speaker());
  const auto first = run(*stream, 80);
  EXPECT_NE(stream->content(), Content{});
  stream->reset();
  EXPECT_EQ(stream->content(), Content{});
  EXPECT_EQ(run(*stream, 80), first);
}

TEST(ConversionModel, ContentStaysWithinItsRange) {
  const auto stream = built_in_conversion_model()->stream(some_speaker());
  ModelFrame wild = frame_at(3);
  wild.cepstrum.fill(1e6f);
  wild.level = -1e6f;
  const ModelCepstrum made = stream->step(wild);
  for (const float x : stream->content()) EXPECT_LE(std::abs(x), 1.0f);
  for (const float x : made) EXPECT_TRUE(std::isfinite(x));
}

TEST(ConversionModel, TheSpeakerAndThePitchMatter) {
  const auto model = built_in_conversion_model();
  const auto here = run(*model->stream(some_speaker()), 60);
  auto frames = examples();
  for (ModelCepstrum& frame : frames)
    for (float& x : frame) x = 2.0f * x + 1.0f;
  EXPECT_NE(run(*model->stream(model->speaker(frames, {})), 60), here);
  const auto stream = model->stream(some_speaker());
  std::vector<ModelCepstrum> higher;
  for (int k = 0; k < 60; ++k) {
    ModelFrame frame = frame_at(k);
    frame.log_f0_wanted += 0.7f;
    higher.push_back(stream->step(frame));
  }
  EXPECT_NE(higher, here);
}

TEST(ConversionModel, StepsAllocateNothing) {
  const auto stream = built_in_conversion_model()->stream(some_speaker());
  const ModelFrame frame = frame_at(1);
  EXPECT_REALTIME_SAFE({
    for (int k = 0; k < 100; ++k) stream->step(frame);
    stream->reset();
  });
}

TEST(ConversionModel, FilesThatAreNoSuchNetworkAreRefused) {
  const auto missing = load_conversion_model("/nowhere/weights.safetensors");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  const auto path = support::scratch_dir() / "other.safetensors";
  const std::string head = R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  std::ofstream out(path, std::ios::binary);
  const std::uint64_t size = head.size();
  out.write(reinterpret_cast<const char*>(&size), sizeof size);
  out << head << std::string(4, '\0');
  out.close();
  const auto other = load_conversion_model(path);
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().message.find("content.first.weight"), std::string::npos)
      << other.error().message;
}

}  // namespace
}  // namespace syrinx::voice
