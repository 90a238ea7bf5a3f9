// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/acoustic/graph_ports.h"
#include "syrinx/stages/acoustic/piper/piper_config.h"
#include "syrinx/stages/acoustic/speech_model.h"
#include "syrinx/stages/acoustic/symbol_line.h"

// Piper's voices (VITS, Kim et al. 2021, exported to ONNX): X.onnx with X.onnx.json beside it, of
// one speaker or many. Pronunciations in IPA, best as espeak-ng has it (VoiceTraits::espeak_voice);
// or, for voices of the phoneme type "text", letters.
namespace syrinx::acoustic {

// A model whose settings were read; its network was not.
struct PiperModel {
  std::string name;  // "en_US-amy-medium".
  std::filesystem::path onnx;
  PiperConfig config;
};

// The model of an .onnx file. Its name is the file's, without ".onnx". Errors: kNotFound for a file
// that is not there, or without its settings; those of read_json_file() and read_piper_config().
Result<PiperModel> open_piper_model(const std::filesystem::path& onnx);

// The voices of a model: its name alone, or "name:speaker" for each of several speakers.
std::vector<VoiceInfo> piper_voices(const PiperModel& model);

// One speaker of a model, by the name in its settings or by number; "" for a model of one. The
// voice moves neither pitch nor, without noise (options.steady), anything from one call to the
// next. Times are the model's own where it gives durations, else estimated (VoiceTraits). Errors:
// kNotFound for a speaker that there is not, kInvalidArgument for none where there are several;
// kUnsupported for a graph that is no Piper voice, with the inputs that it has; those of
// OnnxSession::load().
Result<std::unique_ptr<SpeechModel>> load_piper_voice(const PiperModel& model,
                                                      std::string_view speaker,
                                                      const NetworkVoiceOptions& options);

// A sentence as Piper's phonemes, "həlˈoʊ, wˈɜːld.": what its ids are made of. Words without a
// pronunciation are left out; the others must be in IPA. Errors: those of symbol_line().
Result<std::string> piper_phonemes(const std::vector<SpokenToken>& tokens);

// The ids of [begin, end) of a line: ^ _ (symbol _)* $, where _ stands behind each of a symbol's
// ids. What the model does not know goes to `unsaid`, and how many ids each symbol got to `counts`.
struct PiperIds {
  std::vector<double> ids;
  std::vector<std::size_t> counts;
  std::vector<UnsaidSymbol> unsaid;
};
PiperIds piper_ids(const PiperConfig& config, const SymbolLine& line, LinePiece piece);

}  // namespace syrinx::acoustic
