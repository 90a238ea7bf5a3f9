// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/emodel_codecs.h"

#include <array>

namespace syrinx::cli {
namespace {

constexpr auto kCodecs = std::to_array<EModelCodec>({
    {"g711", "G.711, lost packets become silence", 0, 4.3},
    {"g711-plc", "G.711 with packet loss concealment (Appendix I)", 0, 25.1},
    {"g723-6.3", "G.723.1 at 6.3 kbit/s with VAD", 15, 16.1},
    {"g723-5.3", "G.723.1 at 5.3 kbit/s", 19, {}},
    {"g726-40", "G.726 at 40 kbit/s", 2, {}},
    {"g726-32", "G.726 at 32 kbit/s", 7, {}},
    {"g726-24", "G.726 at 24 kbit/s", 25, {}},
    {"g726-16", "G.726 at 16 kbit/s", 50, {}},
    {"g728-16", "G.728 at 16 kbit/s", 7, {}},
    {"g728-12.8", "G.728 at 12.8 kbit/s", 20, {}},
    {"g729", "G.729 at 8 kbit/s", 10, {}},
    {"g729a", "G.729A at 8 kbit/s with VAD", 11, 19.0},
    {"gsm-efr", "GSM enhanced full rate, 12.2 kbit/s", 5, 10.0},
    {"gsm-fr", "GSM full rate, 13 kbit/s", 20, {}},
    {"gsm-hr", "GSM half rate, 5.6 kbit/s", 23, {}},
});

}  // namespace

std::span<const EModelCodec> emodel_codecs() noexcept { return kCodecs; }

Result<EModelCodec> find_emodel_codec(std::string_view name) {
  for (const EModelCodec& codec : kCodecs) {
    if (codec.name == name) return codec;
  }
  return make_error(ErrorCode::kNotFound, "the E-model has no codec '", name, "'; it has ",
                    emodel_codec_names(), ". Of another, give --ie and --bpl");
}

std::string emodel_codec_names() {
  std::string names;
  for (const EModelCodec& codec : kCodecs)
    names += (names.empty() ? "" : ", ") + std::string(codec.name);
  return names;
}

}  // namespace syrinx::cli
