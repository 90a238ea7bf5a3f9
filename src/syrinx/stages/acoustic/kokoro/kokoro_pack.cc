// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/kokoro/kokoro_pack.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/nn/weights/weight_file.h"

namespace syrinx::acoustic {
namespace {

constexpr std::uintmax_t kRawBytes = KokoroPack::kRows * KokoroPack::kColumns * sizeof(float);

bool is_raw(const std::filesystem::path& file) {
  std::error_code failed;
  return file.extension() == ".bin" && std::filesystem::file_size(file, failed) == kRawBytes &&
         !failed;
}

Result<std::vector<float>> read_raw(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<char> bytes(kRawBytes);
  if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
    return make_error(ErrorCode::kIo, "cannot read the voice ", file.string());
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), bytes.size());  // Little-endian, as all our machines.
  if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }))
    return make_error(ErrorCode::kCorruptData, "the voice ", file.string(),
                      " has a value that is not a number");
  return values;
}

Result<void> check_shape(const nn::TensorInfo& tensor, const std::filesystem::path& file) {
  const auto& shape = tensor.shape;
  const bool fits = tensor.elements() == KokoroPack::kRows * KokoroPack::kColumns &&
                    !shape.empty() && shape.front() == KokoroPack::kRows &&
                    shape.back() == KokoroPack::kColumns;
  if (fits) return {};
  if (!shape.empty() && shape.front() == 511)
    return make_error(ErrorCode::kUnsupported, "the voice ", file.string(),
                      " is one of Kokoro version 0.19 (511 rows); version 1.0 has 510. Take the "
                      "voices of the same release as the model");
  return make_error(ErrorCode::kUnsupported, "the voice ", file.string(), " has the shape ",
                    nn::describe_shape(shape), "; a Kokoro voice has [510, 1, 256]");
}

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

std::span<const float> KokoroPack::style(std::size_t symbols) const noexcept {
  const std::size_t row = std::min(symbols == 0 ? 0 : symbols - 1, kRows - 1);
  return std::span(values).subspan(row * kColumns, kColumns);
}

Result<std::vector<KokoroVoiceFile>> kokoro_voices_in(const std::filesystem::path& file) {
  const std::string name = file.stem().string();
  if (is_raw(file) || file.extension() == ".pt" || file.extension() == ".npy")
    return std::vector<KokoroVoiceFile>{{name, file, ""}};
  SYRINX_ASSIGN(const auto weights, nn::WeightFile::open(file));
  if (weights.format() != "npz")
    return make_error(ErrorCode::kUnsupported, file.string(), " is a file of the kind ",
                      weights.format(),
                      "; Kokoro's voices are .pt, .npy, .npz, or .bin of 522240 bytes or as .npz");
  std::vector<KokoroVoiceFile> voices;
  for (const nn::TensorInfo& tensor : weights.tensors())
    voices.push_back({tensor.name, file, tensor.name});
  return voices;
}

Result<KokoroPack> read_kokoro_pack(const KokoroVoiceFile& voice) {
  KokoroPack pack;
  if (is_raw(voice.file)) {
    SYRINX_ASSIGN(pack.values, read_raw(voice.file));
    return pack;
  }
  SYRINX_ASSIGN(const auto weights, nn::WeightFile::open(voice.file));
  const auto& tensors = weights.tensors();
  if (voice.tensor.empty() && tensors.size() != 1)
    return make_error(ErrorCode::kUnsupported, voice.file.string(), " has ", tensors.size(),
                      " tensors; a Kokoro voice is a file of one, or an .npz of several voices");
  const nn::TensorInfo* tensor = voice.tensor.empty() ? &tensors[0] : weights.find(voice.tensor);
  if (tensor == nullptr)
    return make_error(ErrorCode::kNotFound, voice.file.string(), " has no voice '", voice.tensor,
                      "'");
  SYRINX_TRY(check_shape(*tensor, voice.file));
  SYRINX_ASSIGN(pack.values, weights.floats(tensor->name, tensor->shape));
  return pack;
}

Result<std::vector<KokoroShare>> parse_kokoro_mix(std::string_view mix) {
  std::vector<KokoroShare> shares;
  const auto wrong = [mix](std::size_t at, const char* expected) {
    return make_error(ErrorCode::kInvalidArgument, "the mix of voices '", mix, "' is not one at '",
                      mix.substr(at, 12), "': expected ", expected,
                      ", as in af_heart(2)+am_adam(1) or af_heart-am_adam");
  };
  double sign = 1;
  for (std::size_t at = 0;;) {
    std::size_t end = at;
    while (end < mix.size() && is_name(mix[end])) ++end;
    if (end == at) return wrong(at, "the name of a voice");
    KokoroShare share{std::string(mix.substr(at, end - at)), sign};
    at = end;
    if (at < mix.size() && mix[at] == '(') {
      const std::size_t close = std::min(mix.find(')', at), mix.size());
      double weight = 0;
      const auto [stop, failed] = std::from_chars(mix.data() + at + 1, mix.data() + close, weight);
      if (failed != std::errc() || stop != mix.data() + close || close == mix.size() ||
          !(weight > 0 && weight <= 1'000))
        return wrong(at, "a weight above 0 and at most 1000 in brackets");
      share.weight *= weight;
      at = close + 1;
    }
    shares.push_back(std::move(share));
    if (at == mix.size()) return shares;
    if (mix[at] != '+' && mix[at] != '-') return wrong(at, "+, - or the end");
    if (shares.size() == limits::kMaxMixedVoices)
      return make_error(ErrorCode::kLimitExceeded, "a mix of more than ", limits::kMaxMixedVoices,
                        " voices");
    sign = mix[at] == '-' ? -1 : 1;
    ++at;
  }
}

KokoroPack mix_kokoro_packs(std::span<const KokoroShare> shares,
                            std::span<const KokoroPack> packs) {
  SYRINX_CHECK(!shares.empty() && shares.size() == packs.size(), "a mix needs a pack a share");
  double sizes = 0;
  for (const KokoroShare& share : shares) sizes += std::abs(share.weight);
  KokoroPack mixed;
  mixed.values.resize(KokoroPack::kRows * KokoroPack::kColumns);
  for (std::size_t i = 0; i < mixed.values.size(); ++i) {
    double sum = 0;
    for (std::size_t v = 0; v < shares.size(); ++v) sum += shares[v].weight * packs[v].values[i];
    mixed.values[i] = static_cast<float>(sum / sizes);
  }
  return mixed;
}

}  // namespace syrinx::acoustic
