// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/weight_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include "support/test_data.h"
#include "syrinx/core/base/sha256.h"
#include "syrinx/core/nn/weights/folded_weight.h"
#include "syrinx/core/nn/weights/weights_test_support.h"

namespace syrinx::nn {
namespace {

using support::data_path;
using testing::bytes_of_values;
using testing::ByteString;
using testing::make_deflated_part;
using testing::make_safetensors;
using testing::make_torch_legacy;
using testing::make_torch_zip;
using testing::make_zip;
using testing::make_zip_part;
using testing::PickleText;
using testing::TorchData;

Result<WeightFile> read(const ByteString& bytes) { return WeightFile::from_memory(bytes, "x"); }

// The error of bytes that must be refused; empty (and a failed test) when they are not.
std::string refusal(const ByteString& bytes) {
  const auto file = read(bytes);
  EXPECT_FALSE(file);
  return file ? "" : file.error().message;
}

void expect_refused(const ByteString& bytes, const std::string& because) {
  const std::string message = refusal(bytes);
  EXPECT_NE(message.find(because), std::string::npos) << message;
}

// All names and bytes in the order of the names: what an independent reader (Python's pickle and
// zipfile with inert classes) was asked for the same file.
std::string digest_of(const WeightFile& file) {
  std::vector<std::string> names;
  for (const TensorInfo& info : file.tensors()) names.push_back(info.name);
  std::sort(names.begin(), names.end());
  Sha256 sum;
  for (const std::string& name : names) {
    const auto bytes = file.raw(name);
    EXPECT_TRUE(bytes) << bytes.error().message;
    sum.update(std::as_bytes(std::span(name)));
    if (bytes) sum.update(*bytes);
  }
  return sum.hex();
}

struct Known {
  const char* path;
  const char* format;
  std::size_t tensors;
  std::size_t parameters;
  const char* digest;
};

TEST(WeightFile, EveryTensorOfEveryFormatIsWhatAnIndependentReaderFinds) {
  const Known all[] = {
      {"golden/vocoders/hifigan_v1_narrow/generator.pt", "torch zip", 234, 251'298,
       "191a824c14c5a2f3ab27b17b1ff898820fbd277b63b8dab4f18d55aaa97bd2fd"},
      {"golden/vocoders/hifigan_v2_legacy_format/generator.pt", "torch legacy", 234, 928'514,
       "3bc5f77239e04b3ea430ce810082cb0d8c985ece78fa75fc56b6ed7cefd0c78b"},
      {"golden/vocoders/hifigan_v3/generator.pt", "torch zip", 69, 1'464'322,
       "be1a82b1b1ce1a78904103ddccfa8099289b6c72b63ae9beb6c926e8d9d904f4"},
      {"golden/vocoders/bigvgan_narrow/generator.pt", "torch zip", 526, 264'178,
       "7881da054b9bd15ad9f930d8bfd5525c0921c68692be6c52009aac41b912fc41"},
      {"golden/vocoders/diffwave/weights.pt", "torch zip", 254, 2'619'971,
       "c3f90e71b5ebd55071a8dd32b565e8a6cbba853e5fbd6828d6c724cbb7a1dce6"},
      {"golden/vocoders/waveglow_narrow/waveglow_state.pt", "torch zip", 134, 1'260'408,
       "b8242870d679084a7d526037c8e563bb036e8d1a167d02c24ddbad41b70563f8"},
      {"golden/vocoders/vocos_small/pytorch_model.bin", "torch zip", 45, 624'514,
       "72553135a3f14ad79040112f419d42485223269e925f34ae13f64bd5b9f35a05"},
      {"models/hifigan_lj_v2/generator_v2", "torch legacy", 234, 928'514,
       "ed27a67743705c103d060f4b4be8054ca0dbc3a3c64a8c3862758f1b184e08c2"},
      {"models/crepe/tiny.pth", "torch zip", 44, 487'102,
       "173bfb7ee7fd8e658449bf822b3b6b747441b294ff76fe89947681b87a431b29"},
      {"models/kokoro_voices/af_heart.pt", "torch zip", 1, 130'560,
       "21095f0c8ca5bd82540418c6336bb199c548246914749ad91be20da22ca8e50b"},
      {"models/silero_vad/silero_vad_16k.safetensors", "safetensors", 15, 309'633,
       "8b632a8688e7ff1b81968ae8cae9c2d2c8f59285bdbe05cbf695f963acb55f3b"},
      {"models/g2p_en/checkpoint20.npz", "npz", 12, 834'890,
       "e55f6a689c375f643beadcf9269c1e31f03cfcde04c3d586cb6527aaebc21cb7"}};
  for (const Known& known : all) {
    SYRINX_NEED_DATA(known.path);
    const auto file = WeightFile::open(data_path(known.path));
    ASSERT_TRUE(file) << file.error().message;
    std::size_t parameters = 0;
    for (const TensorInfo& info : file->tensors()) parameters += info.elements();
    EXPECT_EQ(file->format(), known.format) << known.path;
    EXPECT_EQ(file->tensors().size(), known.tensors) << known.path;
    EXPECT_EQ(parameters, known.parameters) << known.path;
    EXPECT_EQ(digest_of(*file), known.digest) << known.path;
  }
}

TEST(WeightFile, HostileFilesAreRefusedWithASentence) {
  const std::pair<const char*, const char*> all[] = {
      {"deep_json.safetensors", "nested deeper than 64"},
      {"duplicate_key.safetensors", "'a' stands twice"},
      {"empty.safetensors", "is empty"},
      {"executes_code.pt", "posix.system"},
      {"header_length_huge.safetensors", "claims 1152921504606846976 bytes"},
      {"header_not_json.safetensors", "not JSON at byte"},
      {"not_a_dict.pt", "without tensors"},
      {"not_a_tensor.pt", "'generator.conv_pre.weight' is 12345, not a tensor"},
      {"offsets_overlap.safetensors", "'b' overlaps"},
      {"offsets_past_end.safetensors", "ends at byte 4000 of 16"},
      {"offsets_reversed.safetensors", "not a begin and an end"},
      {"path_escape.pt", "points outside the archive"},
      {"random.pt", "begins with the bytes 15 5c a3 ba"},
      {"recursive_memo.pt", "directory at its end is missing"},
      {"shape_mismatch.safetensors", "needs 12 bytes"},
      {"shape_overflow.safetensors", "holds over 4294967296 values"},
      {"short.safetensors", "too few for the header"},
      {"truncated.pt", "cut short"},
      {"unknown_dtype.safetensors", "unknown dtype 'Q9'"},
      {"zip_bomb.pt", "209715200 bytes"}};
  for (const auto& [name, because] : all) {
    SYRINX_NEED_DATA(std::string("bad_models/") + name);
    const auto file = WeightFile::open(data_path(std::string("bad_models/") + name));
    ASSERT_FALSE(file) << name;
    EXPECT_NE(file.error().message.find(because), std::string::npos) << file.error().message;
    EXPECT_NE(file.error().message.find(name), std::string::npos) << file.error().message;
  }
  EXPECT_FALSE(std::filesystem::exists("/tmp/syrinx_pickle_was_executed"));
}

TEST(WeightFile, AMissingFileAFolderAndADeviceAreRefused) {
  EXPECT_EQ(WeightFile::open("/nowhere/x.pt").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(WeightFile::open("/tmp").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(WeightFile::open("/dev/zero").error().code, ErrorCode::kInvalidArgument);
}

const std::vector<float> kValues{1, 2, 3, 4, 5, 6};

TorchData six() { return {"0", bytes_of_values(kValues), 6}; }

TEST(WeightFile, AFileThatIsWrittenToWhileItIsOpenIsRefused) {
  namespace fs = std::filesystem;
  const fs::path path = support::scratch_dir() / "weights.safetensors";
  const std::vector<float> values{1, 2, 3, 4};
  const ByteString bytes = make_safetensors(
      R"({"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})", bytes_of_values(values));
  const auto write = [&](std::size_t count) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(count));
  };
  const auto refused = [](const Result<void>& result) {
    return !result && result.error().code == ErrorCode::kCorruptData &&
           result.error().message.find("was changed while it was being read") != std::string::npos;
  };
  write(bytes.size());
  const auto shorter = WeightFile::open(path).value();
  EXPECT_TRUE(shorter.check_unchanged());
  EXPECT_EQ(shorter.floats("w").value(), values);
  fs::resize_file(path, bytes.size() - 1);  // Touching what is gone would end the program.
  EXPECT_TRUE(refused(shorter.check_unchanged()));
  EXPECT_EQ(shorter.floats("w").error().code, ErrorCode::kCorruptData);

  write(bytes.size());
  const auto rewritten = WeightFile::open(path).value();
  fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(1));
  EXPECT_TRUE(refused(rewritten.check_unchanged()));

  write(bytes.size());
  const auto replaced = WeightFile::open(path).value();
  write(0);  // The old contents are gone from under the mapping,
  EXPECT_TRUE(refused(replaced.check_unchanged()));
  write(bytes.size());
  const auto renamed = WeightFile::open(path).value();
  fs::rename(path, path.string() + ".old");  // but not where another file takes the name.
  write(bytes.size());
  EXPECT_TRUE(renamed.check_unchanged());
  EXPECT_EQ(renamed.floats("w").value(), values);
}

TEST(WeightFile, FloatsAreViewedInPlaceWhereTheyLieStraight) {
  const std::vector<float> values{1, 2, 3, 4};
  std::string header = R"({"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},)"
                       R"("h":{"dtype":"F16","shape":[2],"data_offsets":[16,20]}})";
  header.resize((header.size() + 3) / 4 * 4, ' ');
  const std::string data = bytes_of_values(values) + std::string(4, '\0');
  const auto file = read(make_safetensors(header, data));
  ASSERT_TRUE(file) << file.error().message;
  const auto view = file->view("w");
  ASSERT_TRUE(view);
  EXPECT_TRUE(std::equal(view->begin(), view->end(), values.begin(), values.end()));
  const std::span<const std::byte> whole = file->file_bytes();
  const auto* const at = reinterpret_cast<const std::byte*>(view->data());
  EXPECT_TRUE(at > whole.data() && at < whole.data() + whole.size());
  EXPECT_FALSE(file->view("h"));
  EXPECT_FALSE(file->view("other"));
  const auto shifted = read(make_safetensors(header + " ", data));
  ASSERT_TRUE(shifted) << shifted.error().message;
  EXPECT_FALSE(shifted->view("w"));
  EXPECT_EQ(shifted->floats("w").value(), values);
}

TEST(WeightFile, StridesOffsetsAndSharedStoragesAreHonoured) {
  PickleText pickle;
  pickle.op("}(").text("a").tensor("0", 6, {2, 3}, {3, 1});
  pickle.text("t").tensor("0", 6, {3, 2}, {1, 3}).text("tail").tensor("0", 6, {2}, {2}, 3);
  pickle.text("wide").tensor("0", 6, {2, 3}, {0, 1}, 1).text("one").tensor("0", 6, {}, {}, 5);
  pickle.text("none").tensor("0", 6, {0, 4}, {4, 1}).text("step").integer(7).op("u");
  for (const auto& bytes :
       {make_torch_zip(pickle.stop(), {six()}), make_torch_legacy(pickle.stop(), {six()})}) {
    const auto file = read(bytes);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(*file->floats("a"), kValues);
    EXPECT_EQ(*file->floats("t"), (std::vector<float>{1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(*file->floats("tail"), (std::vector<float>{4, 6}));
    EXPECT_EQ(*file->floats("wide"), (std::vector<float>{2, 3, 4, 2, 3, 4}));
    EXPECT_EQ(*file->floats("one"), (std::vector<float>{6}));
    EXPECT_TRUE(file->floats("none")->empty());
    EXPECT_EQ(file->metadata().at("step"), "7");
    EXPECT_EQ(file->find("t")->shape, (std::vector<std::size_t>{3, 2}));
  }
}

TEST(WeightFile, APickledModuleIsReadAsItsStateDict) {
  // What torch.save(model) writes: objects by NEWOBJ and BUILD, none of whose code is there.
  PickleText pickle;
  const auto module = [&pickle](const char* package, const char* name) -> PickleText& {
    return pickle.name(package, name).op(")\x81}(").text("training").op("\x88");
  };
  pickle.op("}").text("model");
  module("glow", "WaveGlow").text("_modules").op("}").text("upsample");
  module("torch.nn.modules.conv", "ConvTranspose1d").text("_parameters").op("}");
  pickle.text("weight").name("torch.nn.parameter", "Parameter").op("(");
  pickle.tensor("0", 6, {6}, {1}).op("\x88tRs").text("_buffers").op("}").text("seen");
  pickle.tensor("0", 6, {1}, {1}).op("sub").op("s").op("ubs");
  const auto file = read(make_torch_zip(pickle.stop(), {six()}));
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->tensors().size(), 2u);
  EXPECT_EQ(*file->floats("model.upsample.weight"), kValues);
  EXPECT_NE(file->find("model.upsample.seen"), nullptr);
}

TEST(WeightFile, APickleThatAsksForMoreThanItHasIsRefused) {
  const auto one = [](const PickleText& pickle) { return make_torch_zip(pickle.stop(), {six()}); };
  expect_refused(one(PickleText().tensor("0", 6, {7}, {1})), "reaches past its storage");
  expect_refused(one(PickleText().tensor("0", 6, {2}, {1}, 5)), "reaches past its storage");
  expect_refused(one(PickleText().tensor("0", 6, {2}, {-1}, 5)), "not counts that agree");
  expect_refused(one(PickleText().tensor("0", 6, {2, 2}, {1})), "not counts that agree");
  expect_refused(one(PickleText().tensor("0", 7, {2}, {1})), "has 24 bytes, but states 28");
  expect_refused(one(PickleText().tensor("1", 6, {2}, {1})), "storage 'a/data/1' is missing");
  expect_refused(one(PickleText().tensor("0", 6, {1 << 20, 1 << 10}, {0, 0})), "expand to");
  expect_refused(one(PickleText().tensor("0", 6, {1 << 20, 1 << 20}, {0, 0})), "holds over");
  expect_refused(one(PickleText().name("os", "system")), "'os.system'");
  expect_refused(one(PickleText().name("torch.nn.modules.os", "system")), "names");
  expect_refused(one(PickleText().op("R")), "empty stack");
  expect_refused(one(PickleText().op("h\x05")), "nothing is remembered");
  expect_refused(one(PickleText().op("i")), "opcode 105");
  PickleText itself;
  itself.op("}q").op(std::string_view("\0", 1)).text("a").op("h").op(std::string_view("\0", 1));
  expect_refused(one(itself.op("s")), "nested deeper than 64");
}

TEST(WeightFile, AFewBytesCannotAskForMuchWork) {
  PickleText doubling;  // Each dict holds the one before it twice: 2^60 paths to the innermost.
  doubling.op("}")
      .text("t")
      .tensor("0", 6, {1}, {1})
      .op("sq\x01"
          "0");
  for (int level = 0; level < 60; ++level)
    doubling.op("}(").text("a").op("h\x01").text("b").op(
        "h\x01uq\x01"
        "0");
  expect_refused(make_torch_zip(doubling.op("h\x01").stop(), {six()}), "more than 65536 tensors");
}

TEST(WeightFile, SafetensorsMayLieUnalignedButNotOverlapOrLeaveHoles) {
  const std::string values = bytes_of_values(kValues);
  const auto file = read(make_safetensors(
      R"({"__metadata__":{"k":"v"},"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
      R"("a":{"dtype":"F32","shape":[2,3],"data_offsets":[1,25]}})",
      "\x07" + values));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(*file->floats("a"), kValues);
  EXPECT_EQ(*file->floats("b"), (std::vector<float>{7}));
  EXPECT_EQ(file->metadata().at("k"), "v");
  expect_refused(
      make_safetensors(R"({"a":{"dtype":"F32","shape":[5],"data_offsets":[4,24]}})", values),
      "belong to none");
  expect_refused(
      make_safetensors(R"({"a":{"dtype":"F32","shape":[5],"data_offsets":[0,20]}})", values),
      "belong to none");
  expect_refused(
      make_safetensors(R"({"a":{"dtype":"F32","shape":[-6],"data_offsets":[0,24]}})", values),
      "no count");
  expect_refused(make_safetensors("{}", ""), "no tensors");
}

std::string npy(const std::string& descr, const char* order, const char* shape,
                const std::string& data) {
  std::string dict =
      "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  return "\x93NUMPY\x01" + std::string(1, '\0') + testing::little_endian(dict.size(), 2) + dict +
         data;
}

TEST(WeightFile, NumpyArraysOfEitherOrderAreRead) {
  const std::string values = bytes_of_values(kValues);
  auto file = read(testing::bytes_of_text(npy("<f4", "False", "(2, 3)", values)));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(*file->floats("tensor"), kValues);
  file = read(testing::bytes_of_text(npy("<f4", "True", "(2, 3)", values)));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(*file->floats("tensor"), (std::vector<float>{1, 3, 5, 2, 4, 6}));
  file = read(testing::bytes_of_text(npy(">i2", "False", "(2,)", std::string("\0\1\1\0", 4))));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(*file->floats("tensor"), (std::vector<float>{1, 256}));
  expect_refused(testing::bytes_of_text(npy("|O", "False", "(2, 3)", values)), "type '|O'");
  expect_refused(testing::bytes_of_text(npy("<c8", "False", "(3,)", values)), "type '<c8'");
  expect_refused(testing::bytes_of_text(npy("<f4", "False", "(2, 4)", values)), "needs 32 bytes");
  expect_refused(testing::bytes_of_text(npy("<f4", "False", "(2, 3", values)), "shape");
}

TEST(WeightFile, DeflatedEntriesOfNpzAreInflatedAndCheckedWhenAskedFor) {
  const std::string array = npy("<f4", "False", "(6,)", bytes_of_values(kValues));
  auto part = make_deflated_part("w.npy", array);
  auto file = read(make_zip({part, make_zip_part("v.npy", array)}));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(*file->floats("w"), kValues);
  EXPECT_EQ(*file->floats("v"), kValues);
  part.crc32 ^= 1;
  file = read(make_zip({part}));
  ASSERT_TRUE(file) << file.error().message;
  const auto broken = file->floats("w");
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().message.find("checksum"), std::string::npos) << broken.error().message;
}

TEST(WeightFile, IntegrityHoldsStoredEntriesAgainstTheirChecksum) {
  PickleText pickle;
  const auto good = make_torch_zip(pickle.tensor("0", 6, {6}, {1}).stop(), {six()});
  EXPECT_TRUE(read(good)->check_integrity());
  ByteString flipped = good;
  const std::string text(reinterpret_cast<const char*>(good.data()), good.size());
  flipped[text.find(bytes_of_values(kValues))] ^= std::byte{1};
  const auto checked = read(flipped)->check_integrity();
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("'a/data/0'"), std::string::npos);
}

TEST(WeightFile, AZipBombIsRefusedBeforeItIsInflated) {
  const std::string zeros(64 << 20, '\0');
  const auto file =
      read(make_zip({make_deflated_part("w.npy", npy("|u1", "False", "(67108864,)", zeros))}));
  ASSERT_TRUE(file) << file.error().message;
  const auto values = file->floats("w");
  ASSERT_FALSE(values);
  EXPECT_EQ(values.error().code, ErrorCode::kLimitExceeded);
}

TEST(WeightFile, ZipEntriesThatOverlapOrLieAreRefused) {
  const std::string array = npy("<f4", "False", "(6,)", bytes_of_values(kValues));
  auto long_part = make_zip_part("w.npy", array);
  ByteString bytes = make_zip({long_part, make_zip_part("v.npy", array)});
  // The first entry's sizes in the directory, made to reach into the second.
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t directory = text.find("PK\x01\x02");
  for (const std::size_t at : {directory + 20, directory + 24})
    bytes[at] = static_cast<std::byte>(array.size() + 20);
  expect_refused(bytes, "overlap");
  expect_refused(make_zip({long_part, long_part}), "stands twice");
  long_part.method = 12;
  expect_refused(make_zip({long_part}), "method 12");
}

TEST(WeightFile, AskingForAnotherShapeOrWhatIsNotFiniteNamesTheTensor) {
  PickleText pickle;
  pickle.op("}(").text("w").tensor("0", 6, {2, 3}, {3, 1}).text("n").integer(5).op("u");
  auto storage = six();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(storage.bytes.data() + 16, &nan, 4);
  const auto file = read(make_torch_zip(pickle.stop(), {storage}));
  ASSERT_TRUE(file) << file.error().message;
  const std::vector<std::size_t> right{2, 3}, wrong{3, 2};
  EXPECT_EQ(file->floats("w", wrong).error().message,
            "'x': tensor 'w' has shape [2, 3], but the model needs [3, 2]");
  EXPECT_EQ(file->floats("w", right).error().message,
            "'x': tensor 'w' holds NaN at element 4; weights must be finite");
  EXPECT_EQ(file->floats("v", right).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(file->floats("n", right).error().message, "'x': 'n' should be a tensor, but is 5");
}

}  // namespace
}  // namespace syrinx::nn
