// SPDX-License-Identifier: Apache-2.0
#include "metrics_report/oracles_reference.h"

#include <cstddef>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/reference/pesq.h"
#include "syrinx/stages/measure/reference/signal_ratio.h"
#include "syrinx/stages/measure/reference/stoi.h"
#include "syrinx/stages/measure/reference/visqol.h"

namespace syrinx::measure {
namespace {

using Json = nlohmann::json;

struct Pair {
  AudioBuffer reference;
  AudioBuffer degraded;
};

Result<Pair> read_pair(const std::filesystem::path& reference,
                       const std::filesystem::path& degraded) {
  SYRINX_ASSIGN(auto ref, io::read_audio(reference));
  SYRINX_ASSIGN(auto deg, io::read_audio(degraded));
  return Pair{std::move(ref), std::move(deg)};
}

template <class Measure>
double value_of(const Result<Pair>& pair, Measure measure) {
  if (!pair) return std::numeric_limits<double>::quiet_NaN();
  return measure(pair->reference, pair->degraded)
      .value_or(std::numeric_limits<double>::quiet_NaN());
}

// The same definitions on the same files: what is left is the rounding of float FFTs (STOI) and of
// the expected values' own arithmetic (ratios).
void add_golden_pair(const std::filesystem::path& root, const Json& expected,
                     std::vector<OracleRow>& rows) {
  const std::string number = std::to_string(expected.at("pair").get<int>());
  const auto folder = root / "golden/metrics";
  const auto pair = read_pair(folder / (number + "_ref.flac"), folder / (number + "_deg.flac"));
  const std::string input = "golden/metrics/" + number + ", " +
                            expected.at("kind").get<std::string>() + " " +
                            std::to_string(expected.at("snr_db").get<int>()) + " dB";
  rows.push_back({"STOI", input, expected.at("stoi"), value_of(pair, stoi), 1e-6, "", "pystoi"});
  rows.push_back({"extended STOI", input, expected.at("estoi"), value_of(pair, extended_stoi), 1e-6,
                  "", "pystoi"});
  rows.push_back({"SI-SDR", input, expected.at("si_sdr_db"), value_of(pair, si_sdr_db), 1e-3, "dB",
                  "Le Roux et al. 2019, in double"});
  rows.push_back({"SNR", input, expected.at("snr_measured_db"), value_of(pair, snr_db), 1e-6, "dB",
                  "definition, in double"});
}

// The reference code works in float, ours in double but for the FFTs; the filter that alignment
// listens through is our own.
void add_pesq(const std::filesystem::path& root, const Json& expected,
              std::vector<OracleRow>& rows) {
  const std::string degraded = expected.at("deg");
  const auto pair = read_pair(root / expected.at("ref").get<std::string>(), root / degraded);
  const auto score = [](PesqBand band) {
    return [band](AudioView ref, AudioView deg) -> Result<double> {
      SYRINX_ASSIGN(const auto found, pesq(ref, deg, band));
      return found.mos_lqo;
    };
  };
  rows.push_back({"PESQ narrow band", degraded, expected.at("nb"),
                  value_of(pair, score(PesqBand::kNarrow)), 1e-3, "MOS-LQO", "P.862 code"});
  rows.push_back({"PESQ wide band", degraded, expected.at("wb"),
                  value_of(pair, score(PesqBand::kWide)), 1e-3, "MOS-LQO", "P.862.2 code"});
}

// The same arithmetic in double; only the order of sums differs.
void add_visqol(const std::filesystem::path& root, const Json& expected,
                std::vector<OracleRow>& rows) {
  const auto add = [&](const char* measure, const Json& pair, auto score) {
    const std::string degraded = pair.at("deg");
    const auto signals = read_pair(root / pair.at("ref").get<std::string>(), root / degraded);
    const auto mos = [&score](AudioView ref, AudioView deg) -> Result<double> {
      SYRINX_ASSIGN(const auto found, score(ref, deg));
      return found.mos_lqo;
    };
    rows.push_back({measure, degraded, pair.at("mos_lqo"), value_of(signals, mos), 1e-4, "MOS-LQO",
                    "ViSQOL conformance 333"});
  };
  add("ViSQOL speech", expected.at("speech_exponential"), visqol_speech);
  const auto model = VisqolAudioModel::load(root / "models/visqol/libsvm_nu_svr_model.txt");
  if (!model) return;
  for (const Json& pair : expected.at("audio"))
    add("ViSQOL audio", pair,
        [&](AudioView ref, AudioView deg) { return visqol_audio(ref, deg, *model); });
}

}  // namespace

std::vector<OracleRow> reference_oracles(const std::filesystem::path& data_root) {
  std::vector<OracleRow> rows;
  std::ifstream file(data_root / "golden/metrics/expected.json");
  const Json expected = Json::parse(file, nullptr, false);
  if (expected.is_discarded()) return rows;
  for (const Json& pair : expected.at("pairs")) add_golden_pair(data_root, pair, rows);
  add_pesq(data_root, expected.at("pesq"), rows);
  add_visqol(data_root, expected.at("visqol"), rows);
  return rows;
}

}  // namespace syrinx::measure
