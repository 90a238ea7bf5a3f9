// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/page_file.h"
#include "syrinx/apps/cli/progress.h"
#include "syrinx/apps/cli/validate_output.h"
#include "syrinx/engines/tts/voices.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx validate                                     every voice, twenty sentences\n"
    "  syrinx validate --voices slt,rms --json\n"
    "  syrinx validate --baseline voices.json --update     keep the figures\n"
    "  syrinx validate --baseline voices.json              exits with 7 when one got worse\n"
    "  syrinx validate --texts sentences.txt               a sentence a line, numbers in words\n"
    "\n"
    "WER is the word error rate of PocketSphinx (US English): the recogniser's own errors are in\n"
    "it, so it compares voices and times, and says little alone. DNSMOS needs ONNX Runtime and\n"
    "$SYRINX_MODELS/dnsmos/sig_bak_ovr.onnx. The tolerances stand in the baseline, yours to edit.";

constexpr int kExitWorse = 7;

struct ValidateRequest {
  std::vector<std::string> voices = {"all"};
  std::string texts;
  std::string baseline;
  std::string recogniser_model;
  bool update = false;
};

bool wants_every_voice(const ValidateRequest& request) {
  return request.voices.size() == 1 && request.voices.front() == "all";
}

// Each once, in the order that they were named.
std::vector<std::string> voices_of(const ValidateRequest& request) {
  std::vector<std::string> names;
  if (wants_every_voice(request)) {
    for (const auto& voice : tts::available_voices()) names.push_back(voice.name);
    return names;
  }
  for (const std::string& name : request.voices) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

// A wrong name is told before the first sentence is spoken.
Result<void> check_voices(const std::vector<std::string>& names) {
  tts::VoiceOptions options;
  options.allow_paths = true;
  for (const std::string& name : names) SYRINX_TRY(tts::load_voice(name, options));
  return {};
}

Result<std::optional<validation::Baseline>> baseline_before(const ValidateRequest& request) {
  std::optional<validation::Baseline> none;
  if (request.update && request.baseline.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "--update needs --baseline FILE, the file that it writes");
  if (request.baseline.empty()) return none;
  auto loaded = validation::load_baseline(request.baseline);
  if (loaded) return std::optional(std::move(*loaded));
  const bool is_new = request.update && loaded.error().code == ErrorCode::kNotFound;
  if (is_new) return none;
  return loaded.error();
}

validation::Baseline figures_now(const ValidationReport& report) {
  validation::Baseline now;
  now.program = SYRINX_VERSION;
  now.recogniser = report.recogniser;
  now.texts_name = report.texts.name;
  now.texts_sha256 = report.texts.sha256;
  now.sentences = report.texts.sentences.size();
  for (const auto& check : report.checks) now.voices[check.voice] = validation::figures_of(check);
  return now;
}

Result<void> check_all(const std::vector<std::string>& voices, validation::VoiceChecker& checker,
                       const Context& context, ValidationReport& report) {
  Progress progress(!context.quiet);
  const double all = static_cast<double>(voices.size() * report.texts.sentences.size());
  for (const std::string& voice : voices) {
    const std::size_t before = report.checks.size() * report.texts.sentences.size();
    SYRINX_ASSIGN(auto check,
                  checker.check(voice, report.texts, context.stop, [&](std::size_t done) {
                    progress.show(static_cast<double>(before + done) / all, voice);
                  }));
    report.checks.push_back(std::move(check));
  }
  return {};
}

// Writes the baseline, or holds the figures against it.
Result<void> use_baseline(const ValidateRequest& request,
                          const std::optional<validation::Baseline>& before,
                          ValidationReport& report) {
  report.baseline_path = request.baseline;
  const validation::Baseline now = figures_now(report);
  if (request.update) {
    const auto next = before ? validation::updated(*before, now) : now;
    SYRINX_TRY(write_whole(request.baseline, validation::baseline_text(next), "the baseline"));
    report.updated = true;
  } else if (before) {
    SYRINX_ASSIGN(report.comparison, validation::compare(*before, now, wants_every_voice(request)));
  }
  return {};
}

// What can be refused is refused before the long work.
Result<void> check_against(const std::optional<validation::Baseline>& before,
                           const ValidateRequest& request, const ValidationReport& report) {
  if (!before || request.update) return {};
  SYRINX_TRY(validation::compare(*before, figures_now(report), false));
  return {};
}

Result<void> validate(const ValidateRequest& request, Context& context) {
  ValidationReport report;
  report.texts = validation::built_in_texts();
  if (!request.texts.empty()) {
    SYRINX_ASSIGN(report.texts, validation::read_texts(request.texts, context.stop));
  }
  SYRINX_ASSIGN(const auto before, baseline_before(request));
  SYRINX_ASSIGN(auto checker, validation::VoiceChecker::create(request.recogniser_model));
  report.recogniser = checker.recogniser();
  report.without_dnsmos = checker.without_dnsmos();
  SYRINX_TRY(check_against(before, request, report));
  const auto voices = voices_of(request);
  SYRINX_TRY(check_voices(voices));
  if (!report.without_dnsmos.empty()) note(context, "no DNSMOS: " + report.without_dnsmos);
  SYRINX_TRY(check_all(voices, checker, context, report));
  SYRINX_TRY(use_baseline(request, before, report));
  if (context.json) print_json(to_json(report));
  if (!context.json) print_table(report);
  if (report.updated) note(context, "the baseline is " + request.baseline);
  if (report.comparison && report.comparison->regressed()) context.exit_code = kExitWorse;
  return {};
}

void add_options(CLI::App& command, ValidateRequest& request) {
  command.add_option("--voices", request.voices, "Which, as slt,rms; all are those of `voices`")
      ->delimiter(',')
      ->type_name("NAMES")
      ->capture_default_str();
  command.add_option("--texts", request.texts, "A sentence a line [twenty of our own]")
      ->type_name("FILE");
  command.add_option("--baseline", request.baseline, "Figures that must not get worse")
      ->type_name("FILE");
  command.add_flag("--update", request.update, "Write the baseline instead of comparing with it");
  command
      .add_option("--recogniser-model", request.recogniser_model,
                  "PocketSphinx's US English model [where Debian has it]")
      ->type_name("FOLDER");
}

}  // namespace

void add_validate_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand(
      "validate", "Speak sentences by every voice, and hold their quality against a baseline");
  auto request = std::make_shared<ValidateRequest>();
  add_options(*command, *request);
  add_json_option(*command, context, "figures of each voice and sentence, what got worse");
  command->add_flag("-q,--quiet", context.quiet, "No progress, no notes");
  command->footer(kFooter);
  command->callback(
      [request, &context] { run(context, [&] { return validate(*request, context); }); });
}

}  // namespace syrinx::cli
