// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <map>
#include <optional>
#include <set>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/file_jobs.h"
#include "syrinx/apps/cli/fx_chain_json.h"
#include "syrinx/apps/cli/fx_job.h"
#include "syrinx/apps/cli/fx_list.h"
#include "syrinx/apps/cli/fx_steps.h"
#include "syrinx/apps/cli/output_folder.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Effects act in the order in which they are written:\n"
    "  syrinx fx in.wav -o out.wav --highpass 80 --compress=-24,3 --limit\n"
    "  syrinx fx in.wav -o out.wav --eq peak:3000:+3:1,lowshelf:120:-2 --deess\n"
    "  syrinx fx in.wav -o out.wav --trim --normalise lufs:-16 --fade-out 0.5\n"
    "  syrinx fx in.wav -o out.wav --preset podcast --reverb=1.2,mix=0.15 --tail 2\n"
    "  syrinx fx *.flac -o out/ --format wav --preset broadcast\n"
    "  syrinx fx voice.wav -o left.wav --position 60,10 --sofa head.sofa\n"
    "  syrinx say Hello -o - | syrinx fx - -o - --preset telephone > call.wav\n"
    "  syrinx fx --preset telephone --print > chain.json     start a chain from a preset\n"
    "  syrinx fx --list                                      effects, parameters, presets\n"
    "\n"
    "A value after = names an effect's parameters, or gives the first ones in their order:\n"
    "--compress=threshold_db=-24,detector=rms,mix=0.5 --limit=-2. mix=0..1 lets dry sound through\n"
    "(delay and reverb have a mix of their own), bypass=true leaves an effect out.\n"
    "A chain is JSON: {\"effects\": [{\"effect\": \"gain\", \"parameters\": {\"gain_db\": 3}, "
    "\"mix\": 1,\n"
    "  \"automation\": {\"gain_db\": [{\"time_s\": 0, \"value\": -60}, {\"time_s\": 2, \"value\": "
    "0}]}}]}\n"
    "The output is in time with the input and as long, but for --trim and --tail.";

struct FxRequest {
  std::vector<std::string> inputs;
  FxJob job;  // All but the input; the output may be a folder.
  std::string sofa;
  std::size_t threads = 0;
  std::map<std::string, std::vector<std::string>> values;  // By option.
  std::vector<Given> given;                                // In their order.
  bool list = false;
  bool print = false;
};

Result<void> print_chain(const std::vector<FxStep>& steps) {
  if (steps.size() > 1 ||
      (steps.size() == 1 && !std::holds_alternative<effects::ChainSpec>(steps[0])))
    return make_error(ErrorCode::kInvalidArgument,
                      "--print writes effects as JSON, which has no word for the stereo, "
                      "ambisonics and whole-recording steps; leave those out");
  const effects::ChainSpec none;
  const auto& chain = steps.empty() ? none : std::get<effects::ChainSpec>(steps[0]);
  std::printf("%s\n", to_json(chain).c_str());
  return {};
}

// One job per input; in a folder each keeps its name, with the format's extension.
Result<std::vector<FxJob>> jobs_of(const FxRequest& request) {
  if (request.inputs.empty() || request.job.output.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "give the sound to change and -o FILE (or -o FOLDER/); see --help");
  const bool folder = is_folder(request.job.output);
  SYRINX_ASSIGN(const auto inputs, with_folders_opened(request.inputs));
  if (inputs.size() > 1 && !folder)
    return make_error(ErrorCode::kInvalidArgument, inputs.size(),
                      " sounds were given; -o must then be a folder, as ", request.job.output, "/");
  std::vector<FxJob> jobs;
  std::set<std::string> names;
  for (const std::string& input : inputs) {
    FxJob job = request.job;
    job.input = input;
    if (folder) job.output = name_in_folder(request.job.output, input, job.format);
    if (!names.insert(job.output).second) return same_output_error(job.output);
    jobs.push_back(std::move(job));
  }
  if (folder) SYRINX_TRY(make_folder(request.job.output));
  return jobs;
}

void tell(const Context& context, const FxJob& job, const FxDone& done) {
  tell_fitted_rate(context, job.output, done.written);
  if (done.clipped_samples > 0)
    note(context, job.output + ": " + std::to_string(done.clipped_samples) +
                      " samples were beyond full scale and are cut off; add --limit, lower --gain, "
                      "or take --encoding float32");
  if (done.repaired_samples > 0)
    note(context, job.input + ": " + std::to_string(done.repaired_samples) +
                      " samples were not numbers and are silent now");
  if (done.truncated)
    note(context, job.input + " ends before its header's promise; what is there was used");
}

Result<void> apply_to_files(const FxRequest& request, const std::vector<FxStep>& steps,
                            Context& context) {
  SYRINX_ASSIGN(const auto jobs, jobs_of(request));
  if (context.json && request.job.output == "-")
    return make_error(ErrorCode::kInvalidArgument,
                      "--json and -o - would both go to standard output; leave one out");
  std::vector<std::optional<Result<FxDone>>> results(jobs.size());
  run_side_by_side(jobs.size(), request.threads, context,
                   [&](std::size_t i, const ShowProgress& show) {
                     FxListener listener;
                     listener.progress = show;
                     results[i] = run_job(jobs[i], steps, listener, context.stop);
                   });
  nlohmann::json files = nlohmann::json::array();
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const Result<FxDone>& done = *results[i];
    if (!done) {
      const Error error = jobs.size() == 1 ? done.error()
                                           : make_error(done.error().code, jobs[i].input, ": ",
                                                        done.error().message);
      context.exit_code = report_error(context, error);
      if (error.code == ErrorCode::kCancelled) break;
      continue;
    }
    tell(context, jobs[i], *done);
    files.push_back(done->report);
  }
  if (context.json && !files.empty()) print_json({{"files", files}});
  return {};
}

Result<void> run_fx(const FxRequest& request, Context& context) {
  if (request.list) {
    if (context.json) {
      print_json(fx_list_json());
    } else {
      print_fx_list();
    }
    return {};
  }
  SYRINX_ASSIGN(const auto steps, read_steps(request.given, request.sofa));
  if (request.print) return print_chain(steps);
  if (steps.empty() && request.job.tail_s == 0.0)
    return make_error(ErrorCode::kInvalidArgument,
                      "no effect was given; as --compress, --preset podcast or -e NAME (--list "
                      "shows them all)");
  if (!(request.job.tail_s >= 0.0 && request.job.tail_s <= 600.0))
    return make_error(ErrorCode::kInvalidArgument, "--tail ", request.job.tail_s,
                      ": give 0 to 600 seconds");
  auto job = request;
  job.job.measure = context.json;
  return apply_to_files(job, steps, context);
}

// CLI11 knows the order of options, and for each its values: together, what was written when.
void collect(const CLI::App& command, FxRequest& request) {
  std::map<const CLI::Option*, std::size_t> seen;
  for (const CLI::Option* option : command.parse_order()) {
    const std::string name = option->get_lnames().empty() ? "" : option->get_lnames().front();
    const std::size_t index = seen[option]++;
    for (const ShortForm& form : short_forms()) {
      if (form.option != name) continue;
      const std::string value = option->results().at(index);
      const bool bare =
          form.takes == Takes::kNothing || (form.takes == Takes::kMaybe && value == "true");
      request.given.push_back({name, bare ? std::nullopt : std::optional(value)});
    }
  }
}

void add_short_forms(CLI::App& command, FxRequest& request) {
  for (const ShortForm& form : short_forms()) {
    std::string names = "--" + std::string(form.option);
    if (form.option == "effect") names = "-e," + names;
    if (form.option == "chain") names = "-c," + names;
    if (form.option == "preset") names = "-p," + names;
    auto& values = request.values[std::string(form.option)];
    CLI::Option* option = nullptr;
    if (form.takes == Takes::kValue) {
      option = command.add_option(names, values, std::string(form.help))
                   ->type_name(std::string(form.value))
                   ->expected(1)
                   ->allow_extra_args(false)
                   ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    } else {
      option = command.add_flag(names, values, std::string(form.help));
      if (form.takes == Takes::kNothing) option->disable_flag_override();
    }
    option->group(std::string(form.group));
  }
}

}  // namespace

void add_fx_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("fx", "Shape a sound: dynamics, equalising, space");
  auto request = std::make_shared<FxRequest>();
  command
      ->add_option("files", request->inputs,
                   "The sounds to change, or folders of them; - for standard input")
      ->type_name("FILE");
  command
      ->add_option("-o,--output", request->job.output,
                   "Where to write: a file, a folder, or - for standard output")
      ->type_name("FILE");
  add_short_forms(*command, *request);
  command
      ->add_option("--sofa", request->sofa,
                   "Recorded ears for --position and decode:binaural, in place of a sphere")
      ->type_name("FILE");
  command->add_option("--tail", request->job.tail_s, "Seconds more at the end, for reverberation")
      ->type_name("S");
  add_format_options(*command, request->job);
  command->add_flag("--list", request->list, "List effects with their parameters, and presets");
  command->add_flag("--print", request->print, "Print the chain as JSON instead of applying it");
  add_threads_option(*command, request->threads);
  command->add_flag("-q,--quiet", context.quiet, "No progress, no notes, errors only");
  add_json_option(*command, context, "{\"files\": [{before, after, steps, seconds}]}, or the list");
  command->footer(kFooter);
  command->callback([command, request, &context] {
    collect(*command, *request);
    run(context, [&] { return run_fx(*request, context); });
  });
}

}  // namespace syrinx::cli
