// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/fx_chain_json.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/effects/catalogue.h"
#include "syrinx/stages/effects/chain.h"
#include "syrinx/stages/effects/effect.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx fx in.wav -o out.wav --preset podcast\n"
    "  syrinx fx in.wav -o out.wav -e compressor:threshold_db=-24,ratio=3 -e limiter\n"
    "  syrinx fx in.wav -o out.wav --chain chain.json\n"
    "  syrinx fx --preset telephone --print > chain.json     start a chain from a preset\n"
    "  syrinx fx --list                                      effects, parameters, presets\n"
    "\n"
    "A chain is JSON: {\"effects\": [{\"effect\": \"limiter\", \"parameters\": {...}}, ...]}.";

struct FxRequest {
  std::string input;
  std::string output;
  std::string encoding;
  std::string chain_file;
  std::string preset;
  std::vector<std::string> effects;  // "name" or "name:parameter=value,parameter=value".
  bool list = false;
  bool print = false;
};

Result<double> parse_number(const std::string& text, const std::string& where) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed == std::errc() && end == text.data() + text.size()) return value;
  return make_error(ErrorCode::kInvalidArgument, where, ": '", text, "' is not a number");
}

// Names and values are checked with the whole chain, by effects::validate.
Result<effects::EffectSpec> parse_effect(const std::string& text) {
  effects::EffectSpec spec;
  const std::size_t colon = text.find(':');
  spec.effect = text.substr(0, colon);
  if (colon == std::string::npos) return spec;
  std::istringstream assignments(text.substr(colon + 1));
  for (std::string assignment; std::getline(assignments, assignment, ',');) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos)
      return make_error(ErrorCode::kInvalidArgument, "-e ", text, ": '", assignment,
                        "' should be parameter=value");
    const std::string name = assignment.substr(0, equals);
    SYRINX_ASSIGN(spec.parameters[name], parse_number(assignment.substr(equals + 1), "-e " + text));
  }
  return spec;
}

Result<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return make_error(ErrorCode::kNotFound, "cannot open the chain ", path);
  std::string text(limits::kMaxChainJsonBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

Result<effects::ChainSpec> wanted_chain(const FxRequest& request) {
  const int ways = !request.chain_file.empty() + !request.preset.empty() + !request.effects.empty();
  if (ways != 1)
    return make_error(ErrorCode::kInvalidArgument,
                      "give the effects one way: --chain FILE, --preset NAME or -e EFFECT");
  if (!request.preset.empty()) return effects::preset(request.preset);
  if (!request.chain_file.empty()) {
    SYRINX_ASSIGN(const std::string text, read_text(request.chain_file));
    return parse_chain_json(text);
  }
  effects::ChainSpec chain;
  for (const std::string& text : request.effects) {
    SYRINX_ASSIGN(auto effect, parse_effect(text));
    chain.effects.push_back(std::move(effect));
  }
  SYRINX_TRY(effects::validate(chain));
  return chain;
}

void print_catalogue() {
  for (const auto& entry : effects::catalogue()) {
    std::printf("%-16s %s\n", std::string(entry.name).c_str(), std::string(entry.summary).c_str());
    for (const effects::Parameter& parameter : entry.make()->parameters()) {
      std::printf("    %-22s %g to %g %s, at first %g\n", std::string(parameter.id).c_str(),
                  parameter.min, parameter.max, std::string(parameter.unit).c_str(),
                  parameter.initial);
    }
  }
  std::printf("\nPresets\n");
  for (const auto& preset : effects::presets()) {
    std::printf("%-16s %s\n", std::string(preset.name).c_str(),
                std::string(preset.summary).c_str());
  }
}

Result<void> apply_to_file(const FxRequest& request, const effects::ChainSpec& chain) {
  if (request.input.empty() || request.output.empty())
    return make_error(ErrorCode::kInvalidArgument, "give the file to change and -o FILE");
  SYRINX_ASSIGN(const AudioBuffer audio, io::read_audio(request.input));
  SYRINX_ASSIGN(const AudioBuffer changed, effects::apply(chain, audio));
  io::AudioWriteOptions options;
  SYRINX_ASSIGN(options.format, io::audio_format_for(request.output));
  if (!request.encoding.empty()) {
    SYRINX_ASSIGN(options.encoding, io::parse_sample_encoding(request.encoding));
  }
  return io::write_audio(request.output, changed, options);
}

Result<void> run_fx(const FxRequest& request) {
  if (request.list) {
    print_catalogue();
    return {};
  }
  SYRINX_ASSIGN(const effects::ChainSpec chain, wanted_chain(request));
  if (!request.print) return apply_to_file(request, chain);
  std::printf("%s\n", to_json(chain).c_str());
  return {};
}

}  // namespace

void add_fx_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("fx", "Shape a sound: dynamics, equalising, space");
  auto request = std::make_shared<FxRequest>();
  command->add_option("file", request->input, "The sound to change")->type_name("FILE");
  command->add_option("-o,--output", request->output, "Where to write")->type_name("FILE");
  command->add_option("-c,--chain", request->chain_file, "Effects as JSON")->type_name("FILE");
  command->add_option("-p,--preset", request->preset, "A ready-made chain")->type_name("PRESET");
  command
      ->add_option("-e,--effect", request->effects,
                   "An effect, NAME or NAME:PARAMETER=VALUE,...; several in their order")
      ->type_name("EFFECT");
  command->add_option("--encoding", request->encoding, "int16 int24 int32 float32 [int16]")
      ->type_name("ENCODING");
  command->add_flag("--list", request->list, "List effects with their parameters, and presets");
  command->add_flag("--print", request->print, "Print the chain as JSON instead of applying it");
  command->footer(kFooter);
  command->callback([request, &context] { run(context, [&] { return run_fx(*request); }); });
}

}  // namespace syrinx::cli
