// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"

// What the E-model knows of codecs.
namespace syrinx::cli {

struct EModelCodec {
  std::string_view name;
  std::string_view says;
  double impairment;                 // Ie
  std::optional<double> robustness;  // Bpl, where the Recommendation has one.
};

// The planning values of ITU-T G.113 (11/2007), Appendix I, narrow band.
std::span<const EModelCodec> emodel_codecs() noexcept;

// Errors: kNotFound, naming those that there are.
Result<EModelCodec> find_emodel_codec(std::string_view name);

// "g711, g711-plc, ...".
std::string emodel_codec_names();

}  // namespace syrinx::cli
