// SPDX-License-Identifier: Apache-2.0
#include "fuzz/weight_target.h"

#include <cstdint>
#include <cstring>

#include "syrinx/core/nn/weights/convert_weights.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/core/nn/weights/zip_archive.h"
#include "syrinx/stages/vocoder/model_kind.h"

namespace syrinx::fuzz {
namespace {

constexpr std::size_t kMaxElementsPerByte = 9;  // The limit, and room for a scalar or two.

std::uint64_t number_at(const ByteString& bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = width; i-- > 0;)
    value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
  return value;
}

void put_number(ByteString& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i, value >>= 8)
    bytes[at + i] = static_cast<std::byte>(value & 0xFF);
}

bool has_tag(const ByteString& bytes, std::size_t at, const char* tag) {
  return bytes.size() - at >= 4 && std::memcmp(bytes.data() + at, tag, 4) == 0;
}

std::string check_tensor(const nn::WeightFile& file, const nn::TensorInfo& info,
                         std::string& error) {
  const auto values = file.floats(info.name);
  const auto raw = file.raw(info.name);
  if (values.has_value() != raw.has_value()) return "floats() and raw() disagree";
  if (!values) {
    error = values.error().message;
    return error.empty() ? "an error without a sentence" : "";
  }
  if (values->size() != info.elements()) return "another number of values than the shape holds";
  if (raw->size() != info.bytes()) return "another number of bytes than the shape holds";
  if (file.find(info.name) == nullptr) return "a tensor that is listed and not found";
  return {};
}

}  // namespace

WeightOutcome read_as_weights(std::span<const std::byte> bytes) {
  WeightOutcome outcome;
  const auto file = nn::WeightFile::from_memory({bytes.begin(), bytes.end()}, "mutant");
  if (!file) {
    outcome.error = file.error().message;
    if (outcome.error.find("'mutant': ") != 0) outcome.broken = "an error that names no file";
    return outcome;
  }
  outcome.opened = true;
  std::size_t elements = 0;
  for (const nn::TensorInfo& info : file->tensors()) {
    outcome.broken = check_tensor(*file, info, outcome.error);
    if (!outcome.broken.empty()) return outcome;
    elements += outcome.error.empty() ? info.elements() : 0;
  }
  if (file->format() != "npz" && elements > kMaxElementsPerByte * bytes.size())
    outcome.broken = "more values than the limit allows";
  (void)file->check_integrity();
  const auto kind = vocoder::identify_model(*file, nullptr);
  if (!kind && kind.error().message.find("'mutant'") != 0)
    outcome.broken = "no answer to what model it is, and no file named";
  if (kind) (void)vocoder::check_tensors(*file, *kind);
  (void)nn::convert_weights(*file, nn::DType::kFloat16);
  return outcome;
}

void mend_zip_checksums(ByteString& bytes) {
  for (std::size_t at = 0; at + 46 <= bytes.size(); ++at) {
    if (!has_tag(bytes, at, "PK\x01\x02")) continue;
    const std::uint64_t packed = number_at(bytes, at + 20, 4),
                        header = number_at(bytes, at + 42, 4);
    if (number_at(bytes, at + 10, 2) != 0 || header + 30 > bytes.size()) continue;
    const std::uint64_t data =
        header + 30 + number_at(bytes, header + 26, 2) + number_at(bytes, header + 28, 2);
    if (data > bytes.size() || packed > bytes.size() - data) continue;
    put_number(bytes, at + 16, nn::crc32_of(std::span(bytes).subspan(data, packed)));
  }
}

}  // namespace syrinx::fuzz
