// SPDX-License-Identifier: Apache-2.0
#include "metrics_report/oracles_neural.h"

#include <limits>
#include <string>

#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/nn/onnx/onnx_runtime.h"
#include "syrinx/stages/measure/neural/aecmos.h"
#include "syrinx/stages/measure/neural/dnsmos.h"
#include "syrinx/stages/measure/neural/plcmos.h"

namespace syrinx::measure {
namespace {

constexpr const char* kPublished = "published scores, four digits";
constexpr const char* kRecipe = "published recipe in NumPy and onnxruntime-node 1.30";
// Our features come of float FFTs, theirs of double ones, and another processor's vector kernels
// add in another order; scores go from 1 to 5.
constexpr double kTolerance = 5e-4;
constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

const std::string kAec = "media/aec/";
const std::string kSent = "media/aec_other_outputs/";
const std::string kFarEnd = "9mkQhVtzTEy2hDk-6u2Sww_farend_singletalk";
const std::string kDouble = "DMTgmZwtgUilp4omPK7-OQ_doubletalk";

struct DnsmosCase {
  std::string file;
  double signal, background, overall, p808;
};
const DnsmosCase kDnsmos[] = {
    {"models/plcmos/example/clean.wav", 3.61270, 4.22588, 3.39937, 4.07576},
    {"models/plcmos/example/plc_poor.wav", 3.31414, 4.12791, 3.05654, 3.98439},
    {"models/gtcrn/example/mix.wav", 3.60563, 2.64408, 2.56924, 2.96085},
    {"models/gtcrn/example/enh_stream.wav", 3.39025, 3.99033, 3.08423, 3.88947},
    {kAec + kDouble + "_mic.wav", 3.58454, 2.81324, 2.64172, 3.26114}};

struct AecmosCase {
  AecmosModel kind;
  TalkScenario scenario;
  std::string loudspeaker, microphone, sent;
  double echo, degradation;
};
const AecmosCase kAecmos[] = {
    {AecmosModel::k16kHz, TalkScenario::kFarEndOnly, kAec + kFarEnd + "_lpb.wav",
     kAec + kFarEnd + "_mic.wav", kAec + kFarEnd + "_mic.wav", 1.92216, 5.00000},
    {AecmosModel::k16kHzAnyScenario, TalkScenario::kFarEndOnly, kAec + kFarEnd + "_lpb.wav",
     kAec + kFarEnd + "_mic.wav", kAec + kFarEnd + "_mic.wav", 1.69456, 4.99992},
    {AecmosModel::k16kHz, TalkScenario::kFarEndOnly, kAec + kFarEnd + "_lpb.wav",
     kAec + kFarEnd + "_mic.wav", kSent + kFarEnd + "_processed.wav", 4.14973, 4.99867},
    {AecmosModel::k16kHzAnyScenario, TalkScenario::kFarEndOnly, kAec + kFarEnd + "_lpb.wav",
     kAec + kFarEnd + "_mic.wav", kSent + kFarEnd + "_processed.wav", 4.08625, 5.00000},
    {AecmosModel::k16kHz, TalkScenario::kDoubleTalk, kAec + kDouble + "_lpb.wav",
     kAec + kDouble + "_mic.wav", kAec + kDouble + "_mic.wav", 3.69674, 4.17720},
    {AecmosModel::k16kHzAnyScenario, TalkScenario::kDoubleTalk, kAec + kDouble + "_lpb.wav",
     kAec + kDouble + "_mic.wav", kAec + kDouble + "_mic.wav", 3.10221, 4.11766},
    {AecmosModel::k16kHz, TalkScenario::kDoubleTalk, kAec + kDouble + "_lpb.wav",
     kAec + kDouble + "_mic.wav", kSent + kDouble + "_processed.wav", 4.54464, 4.14463},
    {AecmosModel::k16kHzAnyScenario, TalkScenario::kDoubleTalk, kAec + kDouble + "_lpb.wav",
     kAec + kDouble + "_mic.wav", kSent + kDouble + "_processed.wav", 4.40810, 4.18855},
    {AecmosModel::k48kHz, TalkScenario::kDoubleTalk, "speech/kathleen/arctic_a0001.flac",
     "speech/kathleen/arctic_a0002.flac", "speech/kathleen/arctic_a0003.flac", 3.42270, 4.35362}};

struct PlcmosCase {
  std::string model, file;
  double score;
  const char* source;
};
const PlcmosCase kPlcmos[] = {{"plcmos_v2", "clean.wav", 4.4978, kPublished},
                              {"plcmos_v2", "plc_good.wav", 4.1240, kPublished},
                              {"plcmos_v2", "plc_poor.wav", 2.7408, kPublished},
                              {"plcmos_v1_nonintrusive", "clean.wav", 4.83832, kRecipe},
                              {"plcmos_v1_nonintrusive", "plc_good.wav", 4.74119, kRecipe},
                              {"plcmos_v1_nonintrusive", "plc_poor.wav", 3.40153, kRecipe}};

std::filesystem::path aecmos_model(const std::filesystem::path& root, AecmosModel kind) {
  const char* name = kind == AecmosModel::k16kHz              ? "Run_1663915512_Stage_0.onnx"
                     : kind == AecmosModel::k16kHzAnyScenario ? "Run_1663829550_Stage_0.onnx"
                                                              : "Run_1668423760_Stage_0.onnx";
  return root / "models/aecmos" / name;
}

Result<DnsmosScores> run(const std::filesystem::path& root, const DnsmosCase& one) {
  SYRINX_ASSIGN(const auto dnsmos, Dnsmos::load({root / "models/dnsmos/sig_bak_ovr.onnx",
                                                 root / "models/dnsmos/model_v8.onnx"}));
  SYRINX_ASSIGN(const auto audio, io::read_audio(root / one.file));
  return dnsmos.score(audio);
}

Result<AecmosScores> run(const std::filesystem::path& root, const AecmosCase& one) {
  SYRINX_ASSIGN(const auto aecmos, Aecmos::load(aecmos_model(root, one.kind), one.kind));
  SYRINX_ASSIGN(const auto loudspeaker, io::read_audio(root / one.loudspeaker));
  SYRINX_ASSIGN(const auto microphone, io::read_audio(root / one.microphone));
  SYRINX_ASSIGN(const auto sent, io::read_audio(root / one.sent));
  return aecmos.score(loudspeaker, microphone, sent, one.scenario);
}

Result<double> run(const std::filesystem::path& root, const PlcmosCase& one) {
  SYRINX_ASSIGN(const auto plcmos, Plcmos::load(root / "models/plcmos" / (one.model + ".onnx")));
  SYRINX_ASSIGN(const auto audio, io::read_audio(root / "models/plcmos/example" / one.file));
  return plcmos.score(audio);
}

const char* name_of(AecmosModel kind) {
  switch (kind) {
    case AecmosModel::k16kHz:
      return "AECMOS 16 kHz";
    case AecmosModel::k16kHzAnyScenario:
      return "AECMOS 16 kHz, any scenario";
    case AecmosModel::k48kHz:
      break;
  }
  return "AECMOS 48 kHz";
}

}  // namespace

std::vector<OracleRow> neural_oracles(const std::filesystem::path& root) {
  std::vector<OracleRow> rows;
  if (!std::filesystem::exists(root / "models/dnsmos") || !nn::OnnxRuntime::load()) return rows;
  const auto add = [&rows](std::string measure, const std::string& input, double expected,
                           double ours, const char* source) {
    rows.push_back({std::move(measure), input, expected, ours, kTolerance, "MOS", source});
  };
  for (const PlcmosCase& one : kPlcmos)
    add(one.model, one.file, one.score, run(root, one).value_or(double{kNothing}), one.source);
  for (const DnsmosCase& one : kDnsmos) {
    const auto s = run(root, one).value_or({kNothing, kNothing, kNothing, kNothing, 0});
    add("DNSMOS SIG", one.file, one.signal, s.signal, kRecipe);
    add("DNSMOS BAK", one.file, one.background, s.background, kRecipe);
    add("DNSMOS OVRL", one.file, one.overall, s.overall, kRecipe);
    add("DNSMOS P.808", one.file, one.p808, s.p808.value_or(kNothing), kRecipe);
  }
  for (const AecmosCase& one : kAecmos) {
    const auto s = run(root, one).value_or({kNothing, kNothing});
    add(std::string(name_of(one.kind)) + ", echo", one.sent, one.echo, s.echo, kRecipe);
    add(std::string(name_of(one.kind)) + ", other", one.sent, one.degradation, s.degradation,
        kRecipe);
  }
  return rows;
}

}  // namespace syrinx::measure
