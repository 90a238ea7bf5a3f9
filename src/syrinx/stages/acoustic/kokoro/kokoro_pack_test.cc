// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/kokoro/kokoro_pack.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "support/test_data.h"
#include "support/voice_graphs.h"
#include "syrinx/core/io/npy/npy_file.h"
#include "syrinx/core/nn/weights/tensor_bytes.h"

namespace syrinx::acoustic {
namespace {

constexpr const char* kHeart = "models/kokoro_voices/af_heart.pt";

TEST(KokoroPack, IsReadFromATorchFileAndFromItsRawBytesAlike) {
  SYRINX_NEED_DATA(kHeart);
  const auto voices = kokoro_voices_in(support::data_path(kHeart));
  ASSERT_TRUE(voices.has_value()) << voices.error().message;
  ASSERT_EQ(voices->size(), 1u);
  EXPECT_EQ(voices->front().name, "af_heart");
  const auto pack = read_kokoro_pack(voices->front());
  ASSERT_TRUE(pack.has_value()) << pack.error().message;
  ASSERT_EQ(pack->values.size(), 510u * 256u);
  const auto raw = support::scratch_dir() / "af_heart.bin";
  std::ofstream(raw, std::ios::binary)
      .write(reinterpret_cast<const char*>(pack->values.data()),
             static_cast<std::streamsize>(pack->values.size() * sizeof(float)));
  EXPECT_EQ(std::filesystem::file_size(raw), 522'240u);
  const auto voices_of_raw = kokoro_voices_in(raw);
  EXPECT_EQ(read_kokoro_pack(voices_of_raw->front())->values, pack->values);
}

TEST(KokoroPack, IsOneOfSeveralInAnNpzWhateverItIsCalled) {
  const auto file = support::scratch_dir() / "voices-v1.0.npz";
  const std::vector<std::size_t> shape = {510, 1, 256};
  const std::vector<float> one(510 * 256, 0.25f);
  const std::vector<float> two(510 * 256, 0.75f);
  const nn::TensorBytes arrays[] = {nn::make_tensor("af_one", shape, one),
                                    nn::make_tensor("am_two", shape, two)};
  ASSERT_TRUE(io::write_npz(file, arrays).has_value());
  const auto named_bin = support::scratch_dir() / "voices-v1.0.bin";
  std::filesystem::copy_file(file, named_bin);
  for (const auto& path : {file, named_bin}) {
    const auto voices = kokoro_voices_in(path);
    ASSERT_TRUE(voices.has_value()) << voices.error().message;
    ASSERT_EQ(voices->size(), 2u);
    EXPECT_EQ(voices.value()[1].name, "am_two");
    EXPECT_EQ(read_kokoro_pack(voices.value()[1])->style(7)[3], 0.75f);
  }
}

TEST(KokoroPack, GivesTheRowOfTheNumberOfSymbolsAndTheLastBeyond) {
  const auto file = support::scratch_dir() / "af_x.bin";
  support::write_kokoro_voice(file, 0);
  const KokoroPack pack = read_kokoro_pack({"af_x", file, ""}).value();
  const auto row_of = [&](std::size_t symbols) {
    return std::lround(pack.style(symbols)[0] * 1e6f);
  };
  EXPECT_EQ(row_of(1), 0);
  EXPECT_EQ(row_of(20), 19);
  EXPECT_EQ(row_of(510), 509);
  EXPECT_EQ(row_of(9'999), 509);
  EXPECT_EQ(row_of(0), 0);
  EXPECT_EQ(pack.style(3).size(), 256u);
}

TEST(KokoroPack, RefusesAnotherShapeVersionOrContent) {
  const auto folder = support::scratch_dir();
  std::ofstream(folder / "short.bin") << "x";
  EXPECT_FALSE(kokoro_voices_in(folder / "short.bin").has_value());
  const auto npy = [&](const char* name, const char* shape, std::size_t values) {
    std::string header =
        std::string("{'descr': '<f4', 'fortran_order': False, 'shape': ") + shape + ", }";
    header.resize(117, ' ');
    header += '\n';
    std::ofstream(folder / name, std::ios::binary)
        << "\x93NUMPY\x01" << '\0' << static_cast<char>(header.size()) << '\0' << header
        << std::string(values * sizeof(float), '\0');
    return read_kokoro_pack(kokoro_voices_in(folder / name).value().front());
  };
  EXPECT_TRUE(npy("good.npy", "(510, 1, 256)", 510 * 256).has_value());
  const auto older = npy("older.npy", "(511, 1, 256)", 511 * 256);
  EXPECT_EQ(older.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(older.error().message.find("0.19"), std::string::npos);
  const auto other = npy("other.npy", "(256, 510)", 510 * 256);
  EXPECT_NE(other.error().message.find("[256, 510]; a Kokoro voice has [510, 1, 256]"),
            std::string::npos)
      << other.error().message;
  support::write_kokoro_voice(folder / "nan.bin", std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(read_kokoro_pack({"nan", folder / "nan.bin", ""}).error().code,
            ErrorCode::kCorruptData);
}

TEST(KokoroMix, IsNamesWithWeightsAndSigns) {
  const auto shares = parse_kokoro_mix("af_heart(2)+am_adam(0.5)-bf_emma");
  ASSERT_TRUE(shares.has_value()) << shares.error().message;
  ASSERT_EQ(shares->size(), 3u);
  EXPECT_EQ(shares.value()[0].name, "af_heart");
  EXPECT_EQ(shares.value()[0].weight, 2);
  EXPECT_EQ(shares.value()[1].weight, 0.5);
  EXPECT_EQ(shares.value()[2].name, "bf_emma");
  EXPECT_EQ(shares.value()[2].weight, -1);
}

TEST(KokoroMix, RefusesWhatIsNoneAndSaysWhere) {
  for (const char* wrong : {"", "+a", "a+", "a++b", "a(b)", "a(", "a()", "a(0)", "a(-1)", "a(nan)",
                            "a(1e9)", "a b", "a/../b", "a(2)(3)"}) {
    const auto shares = parse_kokoro_mix(wrong);
    ASSERT_FALSE(shares.has_value()) << wrong;
    EXPECT_EQ(shares.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(shares.error().message.find("expected"), std::string::npos);
  }
  std::string many = "a";
  for (int i = 0; i < 16; ++i) many += "+a";
  EXPECT_EQ(parse_kokoro_mix(many).error().code, ErrorCode::kLimitExceeded);
}

TEST(KokoroMix, IsTheSumOverTheWeights) {
  const auto pack = [](float value) {
    return KokoroPack{std::vector<float>(KokoroPack::kRows * KokoroPack::kColumns, value)};
  };
  const auto mixed = [](const std::vector<KokoroShare>& shares,
                        const std::vector<KokoroPack>& packs) {
    return mix_kokoro_packs(shares, packs).values[1'000];
  };
  const std::vector<KokoroPack> packs = {pack(0.3f), pack(0.9f)};
  EXPECT_NEAR(mixed({{"a", 2}, {"b", 1}}, packs), (2 * 0.3 + 0.9) / 3, 1e-6);
  EXPECT_NEAR(mixed({{"a", 1}, {"b", -1}}, packs), (0.3 - 0.9) / 2, 1e-6);
  EXPECT_EQ(mixed({{"a", 7}}, {pack(0.3f)}), 0.3f) << "one voice is itself, whatever its weight";
}

}  // namespace
}  // namespace syrinx::acoustic
