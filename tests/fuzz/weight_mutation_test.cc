// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "fuzz/mutator.h"
#include "fuzz/weight_target.h"
#include "syrinx/core/nn/weights/tensor_bytes.h"
#include "syrinx/core/nn/weights/weights_test_support.h"

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

using nn::testing::bytes_of_values;
using nn::testing::make_deflated_part;
using nn::testing::make_safetensors;
using nn::testing::make_torch_legacy;
using nn::testing::make_torch_zip;
using nn::testing::make_zip;
using nn::testing::make_zip_part;
using nn::testing::PickleText;

constexpr double kMaxSecondsEach = 5.0;  // Thousands of times the usual; a busy machine gets there.
constexpr long kMaxGrowthKib = 128 << 10;

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

const std::vector<float> kValues{1, 2, 3, 4, 5, 6};

// A state dict with what checkpoints have: nesting, sharing, strides, numbers, a whole module.
std::string pickle() {
  PickleText text;
  text.op("}(").text("generator").name("collections", "OrderedDict").op(")R(");
  text.text("conv_pre.weight_g").tensor("0", 6, {2, 1, 1}, {1, 1, 1});
  text.text("conv_pre.weight_v").tensor("0", 6, {2, 3, 1}, {3, 1, 1});
  text.text("t").tensor("0", 6, {3, 2}, {1, 3}).text("wide").tensor("0", 6, {4, 2}, {0, 1}, 2);
  text.op("u").text("steps").integer(7).text("module").name("glow", "WaveGlow").op(")\x81}");
  text.text("_parameters").op("}").text("w").tensor("1", 3, {3}, {1}, 0, "LongStorage").op("ss");
  return text.op("b").text("list").op("](").integer(1).op("\x88Ne").op("u").stop();
}

std::vector<nn::testing::TorchData> storages() {
  return {{"0", bytes_of_values(kValues), 6},
          {"1", bytes_of_values(std::vector<std::int64_t>{1, 2, 3}), 3}};
}

std::string npy(const char* descr, const char* order, const std::string& data) {
  const std::string dict = std::string("{'descr': '") + descr + "', 'fortran_order': " + order +
                           ", 'shape': (2, 3), }\n";
  return "\x93NUMPY\x01" + std::string(1, '\0') + nn::testing::little_endian(dict.size(), 2) +
         dict + data;
}

ByteString safetensors() {
  return make_safetensors(
      R"({"__metadata__":{"k":"v"},"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
      R"("conv_pre.weight":{"dtype":"F32","shape":[2,3,1],"data_offsets":[1,25]},)"
      R"("h":{"dtype":"BF16","shape":[],"data_offsets":[25,27]}})",
      "\x07" + bytes_of_values(kValues) + "ab");
}

// What a MelGAN is told by: the places of its modules.
ByteString melgan() {
  std::string header = "{";
  std::string data;
  const auto add = [&](const char* name, const char* shape, std::size_t count) {
    header += (header.size() > 1 ? ",\"" : "\"") + std::string(name) +
              R"(":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":[)" +
              std::to_string(data.size()) + "," + std::to_string(data.size() + 4 * count) + "]}";
    data += bytes_of_values(std::vector<float>(count, 0.5F));
  };
  add("melgan.1.weight", "[2,3,7]", 42);
  add("melgan.3.weight", "[2,1,4]", 8);
  add("melgan.4.stack.2.weight", "[1,1,3]", 3);
  add("melgan.4.stack.4.weight", "[1,1,1]", 1);
  add("melgan.4.skip_layer.weight", "[1,1,1]", 1);
  add("melgan.7.weight", "[4,1,7]", 28);
  add("mean", "[3]", 3);
  add("scale", "[3]", 3);
  return make_safetensors(header + "}", data);
}

// Small files of each format.
std::vector<ByteString> seeds_of(const std::string& format) {
  const std::string floats = bytes_of_values(kValues);
  if (format == "safetensors") return {safetensors(), melgan()};
  if (format == "torch zip") return {make_torch_zip(pickle(), storages())};
  if (format == "torch legacy") return {make_torch_legacy(pickle(), storages())};
  const std::string array = npy("<f4", "False", floats), mirrored = npy(">f4", "True", floats);
  if (format == "npy")
    return {nn::testing::bytes_of_text(array), nn::testing::bytes_of_text(mirrored)};
  return {make_zip({make_zip_part("a.npy", array), make_deflated_part("b.npy", mirrored)})};
}

// A seed with one or two bytes changed: what passes the first checks and reaches the later ones.
ByteString touch(const std::vector<ByteString>& seeds, std::uint64_t run) {
  std::mt19937_64 random(run);
  ByteString bytes = seeds[random() % seeds.size()];
  for (std::uint64_t changes = 1 + random() % 2; changes > 0; --changes) {
    std::byte& byte = bytes[random() % bytes.size()];
    const auto old = std::to_integer<std::uint64_t>(byte);
    byte = static_cast<std::byte>((random() % 2 == 0 ? random() : old + random() % 5 - 2) & 0xFF);
  }
  return bytes;
}

long peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// Keeps an input that broke a promise, for whoever looks into it.
void report(std::uint64_t run, const ByteString& bytes, const std::string& what) {
  const auto path =
      std::filesystem::temp_directory_path() / ("weight_mutant_" + std::to_string(run));
  std::ofstream file(path, std::ios::binary);
  for (const std::byte byte : bytes) file.put(static_cast<char>(byte));
  ADD_FAILURE() << "run " << run << " (kept as " << path << "): " << what
                << "; again with SYRINX_FUZZ_FIRST=" << run << " SYRINX_FUZZ_RUNS=1";
}

class WeightMutation : public testing::TestWithParam<const char*> {};

// SYRINX_FUZZ_RUNS=100000 for the long run; SYRINX_FUZZ_FIRST to begin elsewhere.
TEST_P(WeightMutation, EveryMutantIsReadOrRefusedQuicklyAndInLittleMemory) {
  const auto seeds = seeds_of(GetParam());
  for (const auto& seed : seeds) {
    const auto outcome = read_as_weights(seed);
    EXPECT_TRUE(outcome.opened && outcome.error.empty()) << outcome.error << outcome.broken;
  }
  const std::uint64_t first = number_from_environment("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number_from_environment("SYRINX_FUZZ_RUNS", 4'000);
  [[maybe_unused]] const long before_kib = peak_kib();
  std::uint64_t opened = 0;
  for (std::uint64_t run = first; run < first + runs; ++run) {
    ByteString bytes = run % 2 == 0 ? mutate(seeds, run) : touch(seeds, run);
    if (run % 8 != 0) mend_zip_checksums(bytes);
    const auto start = std::chrono::steady_clock::now();
    const WeightOutcome outcome = read_as_weights(bytes);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!outcome.broken.empty()) report(run, bytes, outcome.broken);
    if (seconds > kMaxSecondsEach) report(run, bytes, "took " + std::to_string(seconds) + " s");
    opened += outcome.opened ? 1 : 0;
  }
#if !defined(SYRINX_TEST_HAS_ASAN)  // It keeps freed memory; its limit is on each allocation.
  EXPECT_LT(peak_kib() - before_kib, kMaxGrowthKib);
#endif
  std::cout << runs << " mutants of " << GetParam() << ": " << opened << " opened\n";
  if (runs >= 2'000) {
    EXPECT_GT(opened, runs / 20) << "mutants that are all refused test little";
    EXPECT_LT(opened, runs * 9 / 10) << "mutants that all open test little";
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, WeightMutation,
                         testing::Values("safetensors", "torch zip", "torch legacy", "npy", "npz"),
                         [](const auto& format) {
                           std::string name = format.param;
                           for (char& c : name) c = c == ' ' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace syrinx::fuzz
