// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/mutator.h"
#include "fuzz/server_target.h"

namespace syrinx::fuzz {
namespace {

constexpr std::string_view kSeeds[] = {
    R"({"model":"tts-1","input":"Hello, world. It cost $5.","voice":{"id":"alloy"},"speed":1.5,)"
    R"("response_format":"wav","stream_format":"sse","input_type":"ssml","sample_rate_hz":22050})",
    R"({"input":"Hi.","emotion":"sad:0.4","timestamp_granularities":["word","viseme"]})",
    R"json({"input":"Hi.","voice":"af_heart(2)+am_adam(1)","volume_db":-3})json",
    R"({"requests":[{"custom_id":"a","method":"POST","url":"/v1/audio/speech/captioned",)"
    R"("body":{"input":"One.","priority":"batch"}},{"input":"Two."}],"metadata":{"a":"b"}})",
    "{\"custom_id\":\"a\",\"body\":{\"input\":\"One.\"}}\n{\"body\":{\"input\":\"Two.\"}}\n",
    R"({"input":"A long text.","response_format":"m4b","title":"T","loudness_lufs":-20.5})",
    R"({"type":"start","voice":"rms","response_format":"mp3"})",
    R"({"type":"text","text":"Hel"})",
    R"({"type":"stop","played_s":1.25})",
    "{\"type\":\"synthesize\",\"version\":\"1.5.4\",\"data_length\":17}\n"
    "{\"text\":\"Hi you.\"}{\"type\":\"x\",\"payload_length\":3}\nabc{\"type\":\"ping\"}\n",
    "/v1/audio/measure?groups=level%2Cloudness&x=%41+b#y",
    "/a/%2e%2e/b/../c",
    R"({"server":{"port":8080,"host":"127.0.0.1"},"limits":{"requests":64,"wait_s":0.5}})",
    R"({"keys":[{"name":"a","key":"0123456789","scopes":["speech","*"],"weight":2},)"
    R"({"name":"b","requests_per_minute":60,"sha256":)"
    R"("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}]})",
};

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(ServerMutation, EverySeedHoldsWhatMustHold) {
  for (const std::string_view seed : kSeeds) EXPECT_EQ(read_as_client(seed), "") << seed;
}

// SYRINX_FUZZ_RUNS=1000000 for the long run; SYRINX_FUZZ_FIRST to begin elsewhere.
TEST(ServerMutation, EveryMutantIsReadOrRefused) {
  std::vector<ByteString> seeds;
  for (const std::string_view seed : kSeeds) {
    const auto bytes = std::as_bytes(std::span(seed));
    seeds.emplace_back(bytes.begin(), bytes.end());
  }
  const std::uint64_t first = number_from_environment("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number_from_environment("SYRINX_FUZZ_RUNS", 20'000);
  for (std::uint64_t run = first; run < first + runs; ++run) {
    const ByteString mutant = mutate(seeds, run);
    const std::string_view bytes(reinterpret_cast<const char*>(mutant.data()), mutant.size());
    ASSERT_EQ(read_as_client(bytes), "") << "again with SYRINX_FUZZ_FIRST=" << run;
  }
}

}  // namespace
}  // namespace syrinx::fuzz
