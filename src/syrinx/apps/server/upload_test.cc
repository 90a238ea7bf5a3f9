// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "support/test_data.h"
#include "syrinx/apps/server/server.h"
#include "syrinx/apps/server/server_test_support.h"
#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/core/io/audio_writer.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

TEST(Server, ASoundThatIsSentIsMeasured) {
  const auto server = started();
  const auto wav = ask(server->port(), "POST", "/v1/audio/speech", speech_body("Hello.", "wav"));
  const auto answer =
      ask(server->port(), "POST", "/v1/audio/measure?groups=level,loudness", wav.body);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto report = json::parse(answer.body);
  EXPECT_EQ(report["sample_rate_hz"], 16'000);
  EXPECT_LT(report["loudness"]["integrated"]["value"].get<double>(), -5);
  EXPECT_EQ(ask(server->port(), "POST", "/v1/audio/measure", "this is no sound").status, 400);
  EXPECT_EQ(ask(server->port(), "POST", "/v1/audio/measure?groups=x", wav.body).status, 400);
}

double median_f0_hz(const std::string& wav) {
  auto reader = io::AudioReader::from_memory(std::as_bytes(std::span(wav))).value();
  auto hz = dsp::autocorrelation_f0(io::read_all(reader, {}).value().view()).value().hz;
  std::erase(hz, 0.0);
  std::sort(hz.begin(), hz.end());
  return hz.empty() ? 0 : hz[hz.size() / 2];
}

TEST(Server, AVoiceThatIsSentComesBackChanged) {
  const auto server = started();
  const std::uint16_t port = server->port();
  const auto wav =
      ask(port, "POST", "/v1/audio/speech",
          speech_body("The letter came this morning, and everybody read it twice.", "wav"));
  const auto higher = ask(port, "POST", "/v1/audio/convert?pitch=5", wav.body);
  ASSERT_EQ(higher.status, 200) << higher.body;
  EXPECT_EQ(higher.fields.at("content-type"), "audio/wav");
  const double before_hz = median_f0_hz(wav.body);
  EXPECT_NEAR(12 * std::log2(median_f0_hz(higher.body) / before_hz), 5, 0.5);
  const auto man = ask(port, "POST", "/v1/audio/convert?to=male", wav.body);
  EXPECT_NEAR(median_f0_hz(man.body), 120, 12);
  const auto mp3 = ask(port, "POST", "/v1/audio/convert?speed=2&response_format=mp3", wav.body);
  EXPECT_EQ(mp3.fields.at("content-type"), "audio/mpeg");
  for (const char* wrong : {"pitch=high", "pitch=99", "to=robot", "to=male&age=70", "speed=0",
                            "response_format=midi", "formant=nan"})
    EXPECT_EQ(ask(port, "POST", std::string("/v1/audio/convert?") + wrong, wav.body).status, 400)
        << wrong;
  EXPECT_EQ(ask(port, "POST", "/v1/audio/convert", "this is no sound").status, 400);
}

// Small as a file, large when it is decoded.
TEST(Server, ASoundOfTooManySamplesIsRefusedBeforeItFillsTheMemory) {
  const auto path = support::scratch_dir() / "silence.flac";
  io::AudioWriteOptions options;
  options.format = io::AudioFormat::kFlac;
  options.sample_rate_hz = 96'000;
  options.channels = 8;
  auto writer = io::AudioWriter::create(path, options).value();
  const AudioBuffer second(8, 96'000, 96'000);
  for (int i = 0; i < 90; ++i) ASSERT_TRUE(writer.write(second.view()));
  ASSERT_TRUE(writer.finish());
  std::ifstream file(path, std::ios::binary);
  const std::string flac{std::istreambuf_iterator<char>(file), {}};
  ASSERT_LT(flac.size(), 4'000'000U);
  const auto server = started();
  for (const char* what : {"measure", "convert"}) {
    const auto answer = ask(server->port(), "POST", std::string("/v1/audio/") + what, flac);
    EXPECT_EQ(answer.status, 413) << what;
    EXPECT_NE(answer.body.find("samples in its 8 channels"), std::string::npos) << answer.body;
  }
}

}  // namespace
}  // namespace syrinx::server
