// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/audio_target.h"
#include "fuzz/mutator.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"

#if defined(__SANITIZE_ADDRESS__)
#define SYRINX_TEST_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SYRINX_TEST_HAS_ASAN 1
#endif
#endif

#if defined(SYRINX_TEST_HAS_ASAN)
// An allocation beyond any that a small file can deserve ends the program.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "max_allocation_size_mb=64"; }
#endif

namespace syrinx::fuzz {
namespace {

using io::AudioFormat;
using io::SampleEncoding;

constexpr double kMaxSecondsEach = 5.0;  // Thousands of times the usual; a busy machine gets there.
constexpr long kMaxGrowthKib = 128 << 10;

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

ByteString read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

void write_file(const std::filesystem::path& path, const ByteString& bytes) {
  std::ofstream file(path, std::ios::binary);
  for (const std::byte byte : bytes) file.put(static_cast<char>(byte));
}

AudioBuffer make_sound(std::size_t channels, int sample_rate_hz) {
  AudioBuffer audio(channels, 3'000, sample_rate_hz);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < audio.frames(); ++i) {
      const double phase = 0.05 * static_cast<double>(i * (c + 1));
      audio.channel(c)[i] = static_cast<float>(0.4 * std::sin(phase) + 0.1 * std::sin(7.3 * phase));
    }
  }
  return audio;
}

// A small file of our own writer, of each kind.
std::vector<ByteString> own_seeds() {
  struct Kind {
    AudioFormat format;
    SampleEncoding encoding;
    std::size_t channels;
    int sample_rate_hz;
  };
  const Kind kinds[] = {{AudioFormat::kWav, SampleEncoding::kInt16, 1, 16'000},
                        {AudioFormat::kWav, SampleEncoding::kInt24, 2, 48'000},
                        {AudioFormat::kWav, SampleEncoding::kFloat32, 2, 44'100},
                        {AudioFormat::kAiff, SampleEncoding::kInt16, 2, 22'050},
                        {AudioFormat::kAiff, SampleEncoding::kFloat32, 1, 16'000},
                        {AudioFormat::kFlac, SampleEncoding::kInt16, 2, 16'000},
                        {AudioFormat::kFlac, SampleEncoding::kInt24, 1, 48'000},
                        {AudioFormat::kOggVorbis, SampleEncoding::kLossy, 1, 16'000},
                        {AudioFormat::kOggVorbis, SampleEncoding::kLossy, 2, 44'100},
                        {AudioFormat::kOpus, SampleEncoding::kLossy, 1, 24'000},
                        {AudioFormat::kOpus, SampleEncoding::kLossy, 6, 48'000},
                        {AudioFormat::kMp3, SampleEncoding::kLossy, 1, 16'000},
                        {AudioFormat::kMp3, SampleEncoding::kLossy, 2, 44'100}};
  std::vector<ByteString> seeds;
  const auto path = support::scratch_dir() / "seed";
  for (const auto& kind : kinds) {
    const auto written = io::write_audio(path, make_sound(kind.channels, kind.sample_rate_hz),
                                         {.format = kind.format, .encoding = kind.encoding});
    EXPECT_TRUE(written) << written.error().message;
    seeds.push_back(read_file(path));
  }
  return seeds;
}

void add_hostile_seeds(std::vector<ByteString>& seeds) {
  const auto folder = support::data_path("bad_audio");
  if (!std::filesystem::exists(folder)) return;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());  // The same runs on every machine.
  for (const auto& path : paths) seeds.push_back(read_file(path));
}

long peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

struct Tally {
  std::uint64_t opened = 0;
  std::uint64_t refused = 0;
  std::uint64_t failed_later = 0;
  double slowest_s = 0.0;
  std::uint64_t slowest_run = 0;
};

// Keeps an input that broke a promise, for whoever looks into it.
void report(std::uint64_t run, const ByteString& bytes, const std::string& what) {
  const auto path =
      std::filesystem::temp_directory_path() / ("audio_mutant_" + std::to_string(run));
  write_file(path, bytes);
  ADD_FAILURE() << "run " << run << " (kept as " << path << "): " << what
                << "; again with SYRINX_FUZZ_FIRST=" << run << " SYRINX_FUZZ_RUNS=1";
}

void try_one(const std::vector<ByteString>& seeds, std::uint64_t run, Tally& tally) {
  const ByteString bytes = mutate(seeds, run);
  const auto start = std::chrono::steady_clock::now();
  const AudioOutcome outcome = read_as_audio(bytes);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!outcome.broken.empty()) report(run, bytes, outcome.broken);
  if (seconds > kMaxSecondsEach) report(run, bytes, "took " + std::to_string(seconds) + " s");
  tally.opened += outcome.opened ? 1 : 0;
  tally.refused += outcome.opened ? 0 : 1;
  tally.failed_later += outcome.opened && !outcome.error.empty() ? 1 : 0;
  if (seconds > tally.slowest_s) {
    tally.slowest_s = seconds;
    tally.slowest_run = run;
  }
}

// SYRINX_FUZZ_RUNS=100000 for the long run; SYRINX_FUZZ_FIRST to begin elsewhere;
// SYRINX_FUZZ_TRACE=1 to see each run's number before it starts.
TEST(AudioMutation, EveryMutantIsReadOrRefusedQuicklyAndInLittleMemory) {
  auto seeds = own_seeds();
  for (const auto& seed : seeds) {
    const auto outcome = read_as_audio(seed);
    EXPECT_TRUE(outcome.opened && outcome.error.empty()) << outcome.error;
  }
  const auto sound_seeds = seeds;  // Weigh as much as the hostile ones, most of which are refused.
  seeds.insert(seeds.end(), sound_seeds.begin(), sound_seeds.end());
  seeds.insert(seeds.end(), sound_seeds.begin(), sound_seeds.end());
  add_hostile_seeds(seeds);
  const std::uint64_t first = number_from_environment("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number_from_environment("SYRINX_FUZZ_RUNS", 2'000);
  const bool trace = number_from_environment("SYRINX_FUZZ_TRACE", 0) != 0;
  const long before_kib = peak_kib();
  Tally tally;
  for (std::uint64_t run = first; run < first + runs; ++run) {
    if (trace) std::cerr << "run " << run << std::endl;
    try_one(seeds, run, tally);
  }
#if !defined(SYRINX_TEST_HAS_ASAN)  // It keeps freed memory; its limit is on each allocation.
  EXPECT_LT(peak_kib() - before_kib, kMaxGrowthKib);
#endif
  std::cout << runs << " mutants of " << seeds.size() << " seeds: " << tally.opened << " opened, "
            << tally.failed_later << " of these failed later, " << tally.refused
            << " refused; slowest " << tally.slowest_s << " s (run " << tally.slowest_run
            << "); peak memory grew by " << (peak_kib() - before_kib) / 1'024 << " MiB\n";
  if (runs >= 2'000) {
    EXPECT_GT(tally.opened, runs / 10) << "mutants that are all refused test little";
    EXPECT_GT(tally.refused, runs / 10) << "mutants that all open test little";
  }
}

TEST(AudioMutation, TheSameRunMakesTheSameMutant) {
  const std::vector<ByteString> seeds{ByteString(500, std::byte{1}), ByteString(90, std::byte{2})};
  EXPECT_EQ(mutate(seeds, 7), mutate(seeds, 7));
  EXPECT_NE(mutate(seeds, 7), mutate(seeds, 8));
}

TEST(AudioMutation, MendingLeavesTheChecksumsOfAGoodOggFileAlone) {
  const auto path = support::scratch_dir() / "a.opus";
  ASSERT_TRUE(io::write_audio(path, make_sound(1, 16'000)));
  const ByteString good = read_file(path);
  ByteString broken = good;
  for (std::size_t i = 22; i < 26; ++i) broken[i] = std::byte{0x55};
  EXPECT_FALSE(read_as_audio(broken).opened);
  mend_ogg_checksums(broken);
  EXPECT_EQ(broken, good);
}

}  // namespace
}  // namespace syrinx::fuzz
