// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::acoustic {

// A Kokoro voice: a style of 256 numbers for each length of what is said, 510 in all.
struct KokoroPack {
  static constexpr std::size_t kRows = 510;
  static constexpr std::size_t kColumns = 256;

  std::vector<float> values;  // kRows times kColumns.

  // The style for so many symbols: row `symbols` - 1, the last for all that is longer.
  std::span<const float> style(std::size_t symbols) const noexcept;
};

// Where a voice lies: a file of one voice, or a tensor in a file of several.
struct KokoroVoiceFile {
  std::string name;  // "af_heart".
  std::filesystem::path file;
  std::string tensor;  // Empty: the only one.
};

// The voices of a file: .pt, .npy and .bin (raw, 522,240 bytes) have one, by the file's name; an
// .npz, as voices-v1.0.bin is, has several by theirs. Files of one voice are not opened. Errors:
// those of WeightFile::open(); kUnsupported for a file that is none of these.
Result<std::vector<KokoroVoiceFile>> kokoro_voices_in(const std::filesystem::path& file);

// Errors: kUnsupported for a shape that is not 510 x 1 x 256, telling version 0.19 apart;
// kCorruptData for a value that is not finite; those of reading the file.
Result<KokoroPack> read_kokoro_pack(const KokoroVoiceFile& voice);

// One voice in a mix, with its sign.
struct KokoroShare {
  std::string name;
  double weight = 1;
};

// "af_heart(2)+am_adam(1)", "af_heart-am_adam": names with weights, 1 unless given. Errors:
// kInvalidArgument saying where it stops being a mix; kLimitExceeded above limits::kMaxMixedVoices.
Result<std::vector<KokoroShare>> parse_kokoro_mix(std::string_view mix);

// The sum of the packs times their weights over the sum of the weights' sizes, so that a mix is as
// strong as a voice. Pre: as many packs as shares, at least one.
KokoroPack mix_kokoro_packs(std::span<const KokoroShare> shares, std::span<const KokoroPack> packs);

}  // namespace syrinx::acoustic
