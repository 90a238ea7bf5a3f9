// SPDX-License-Identifier: Apache-2.0
// syrinx_media_report [SPEECH.wav]: what calls must hold, our figure beside the bar. Exit code 1 if
// one is not reached.
#include <cmath>
#include <cstdio>
#include <utility>

#include "media/report_rows.h"
#include "metrics_report/oracles_emodel.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"

namespace {

constexpr int kRateHz = 16'000;

// Where no recording is given: voiced sound of a changing pitch, in syllables.
std::vector<float> made_speech() {
  std::vector<float> out(20 * kRateHz);
  double phase = 0.0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = static_cast<double>(i) / kRateHz;
    phase += (130.0 + 30.0 * std::sin(2.1 * t)) / kRateHz;
    double sum = 0.0;
    for (int k = 1; k <= 12; ++k) sum += std::sin(6.283185307179586 * k * phase) / k;
    out[i] = static_cast<float>(0.2 * (0.55 + 0.45 * std::sin(23.2 * t)) * sum);
  }
  return out;
}

// All that the Recommendations print, and known scores of codecs at losses and delays.
syrinx::bench::MediaRow emodel_row() {
  std::size_t within = 0;
  const auto known = syrinx::measure::emodel_oracles({});
  for (const auto& row : known) within += std::abs(row.ours - row.expected) <= row.tolerance;
  return {"E-model: of the known figures, within what they are printed to",
          std::to_string(within) + " of " + std::to_string(known.size()), "all",
          within == known.size()};
}

std::vector<float> read_speech(const char* path) {
  const auto sound = syrinx::io::read_audio(path);
  if (!sound) {
    std::fprintf(stderr, "syrinx_media_report: %s\n", sound.error().message.c_str());
    return {};
  }
  const auto resampled = syrinx::dsp::resample(*sound, kRateHz);
  if (!resampled || resampled->empty()) return {};
  const auto first = resampled->channel(0);
  return {first.begin(), first.end()};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<float> speech = argc > 1 ? read_speech(argv[1]) : made_speech();
  if (speech.empty()) return 2;
  bool all = true;
  std::printf("%-78s %-22s %s\n", "test", "Syrinx", "bar");
  auto rows = syrinx::bench::packet_rows(speech, kRateHz);
  for (auto& row : syrinx::bench::barge_in_rows(speech, kRateHz)) rows.push_back(std::move(row));
  for (auto& row : syrinx::bench::room_rows()) rows.push_back(std::move(row));
  rows.push_back(emodel_row());
  for (const auto& row : rows) {
    all = all && row.passes;
    std::printf("%-78s %-22s %s%s\n", row.test.c_str(), row.figure.c_str(), row.bar.c_str(),
                row.passes ? "" : "   NOT REACHED");
  }
  return all ? 0 : 1;
}
