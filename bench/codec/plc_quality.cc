// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "codec/codec_bench.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/enhance/plc/packet_loss_concealer.h"
#include "syrinx/stages/measure/neural/plcmos.h"

namespace syrinx::bench {
namespace {

constexpr std::size_t kBlock = 320;  // 20 ms at 16 kHz.

std::vector<bool> losses(std::size_t blocks, double share, double burst) {
  std::mt19937 random(5);
  const auto chance = [&] { return static_cast<double>(random()) / 4294967296.0; };
  std::vector<bool> lost(blocks);
  bool bad = false;
  for (std::size_t i = 0; i < blocks; ++i)
    lost[i] = bad = chance() < (bad ? 1.0 - 1.0 / burst : share / (1.0 - share) / burst);
  return lost;
}

// With its losses as silence, or concealed.
Result<AudioBuffer> damaged(const AudioBuffer& clean, double share, double burst, bool conceal) {
  SYRINX_ASSIGN(auto concealer, enhance::PacketLossConcealer::create(clean.sample_rate_hz()));
  AudioBuffer heard = clean;
  const auto lost = losses(clean.frames() / kBlock, share, burst);
  for (std::size_t i = 0; i < lost.size(); ++i) {
    const auto out = heard.view().slice(i * kBlock, kBlock);
    if (!lost[i]) {
      if (conceal) concealer.receive(out);
    } else if (conceal) {
      concealer.conceal(out);
    } else {
      std::ranges::fill(out.channel(0), 0.0F);
    }
  }
  return heard;
}

}  // namespace

Result<void> print_plc_quality(const std::filesystem::path& data) {
  SYRINX_ASSIGN(const auto judge, measure::Plcmos::load(data / "models/plcmos/plcmos_v2.onnx"));
  std::printf("\nPLCMOS (1 to 5), mean of three talkers    silence   concealed   nothing lost\n");
  for (const double share : {0.03, 0.05, 0.10, 0.20}) {
    for (const double burst : {1.0, 3.0}) {
      double silent = 0.0;
      double concealed = 0.0;
      double whole = 0.0;
      for (const char* name : {"54", "2307", "4607"}) {
        SYRINX_ASSIGN(const auto clean,
                      io::read_audio(data / "media/plc" / (std::string(name) + "_clean.wav")));
        SYRINX_ASSIGN(const auto without, damaged(clean, share, burst, false));
        SYRINX_ASSIGN(const auto with, damaged(clean, share, burst, true));
        SYRINX_ASSIGN(const double a, judge.score(without));
        SYRINX_ASSIGN(const double b, judge.score(with));
        SYRINX_ASSIGN(const double c, judge.score(clean));
        silent += a / 3, concealed += b / 3, whole += c / 3;
      }
      std::printf("  %4.0f %% lost, %.0f in a row on the mean %11.2f %11.2f %14.2f\n", 100 * share,
                  burst, silent, concealed, whole);
    }
  }
  return {};
}

}  // namespace syrinx::bench
