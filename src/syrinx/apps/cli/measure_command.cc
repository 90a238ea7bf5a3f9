// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/measure_files.h"
#include "syrinx/apps/cli/measure_output.h"
#include "syrinx/apps/cli/page_file.h"
#include "syrinx/apps/cli/progress.h"
#include "syrinx/stages/measure/report/page/files_page.h"
#include "syrinx/stages/measure/report/page/sound_page.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx measure take.wav                        every figure of one sound\n"
    "  syrinx measure take.wav --ref clean.wav        and how far it is from the clean one\n"
    "  syrinx measure take.wav --report take.html     a page: pictures, player, explanations\n"
    "  syrinx measure takes/                          a folder: how figures spread, what stands "
    "out\n"
    "  syrinx measure takes/ --report takes.html      the same as a page with a table to sort\n"
    "  syrinx measure *.flac --json                   for machines; what does not exist is null\n"
    "  syrinx measure takes/ --csv > takes.csv        for a spreadsheet\n"
    "  syrinx measure take.wav --groups level,loudness\n"
    "  syrinx measure sent.wav --far far.wav --mic mic.wav   an echo canceller's output (AECMOS)\n"
    "\n"
    "With --ref the two are aligned in time first; the first channels are compared. Models that\n"
    "predict opinions are used when they are found ($SYRINX_MODELS or\n"
    "~/.local/share/syrinx/models) and ONNX Runtime is there; what cannot be measured is named\n"
    "with the reason. A file stands out when a figure lies more than 3.5 spreads (scaled median\n"
    "absolute deviations) from the median of all. `syrinx compare` sets sounds side by side,\n"
    "`syrinx emodel` rates a connection.";

struct MeasureRequest {
  std::vector<std::string> inputs;
  std::string reference;
  std::string loudspeaker;
  std::string microphone;
  std::string scenario = "double-talk";
  std::string groups = "all";
  std::string f0 = "pyin";
  double full_scale_db_spl = measure::Calibration{}.full_scale_db_spl;
  std::string report_path;
  bool no_sound = false;
  bool csv = false;
  bool each = false;
};

Result<std::optional<AudioBuffer>> read_if_given(const std::string& path, const Context& context) {
  if (path.empty()) return std::optional<AudioBuffer>();
  SYRINX_ASSIGN(auto sound, read_sound(path, context.stop));
  for (const std::string& sentence : sound.notes) note(context, path + ": " + sentence);
  return std::optional<AudioBuffer>(std::move(sound.audio));
}

Result<measure::TalkScenario> scenario_of(const std::string& name) {
  if (name == "near-end") return measure::TalkScenario::kNearEndOnly;
  if (name == "far-end") return measure::TalkScenario::kFarEndOnly;
  if (name == "double-talk") return measure::TalkScenario::kDoubleTalk;
  return make_error(ErrorCode::kInvalidArgument, "--scenario is '", name,
                    "' but must be near-end, far-end or double-talk");
}

Result<MeasureSetup> set_up(const MeasureRequest& request, const Context& context) {
  if (request.loudspeaker.empty() != request.microphone.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "echo is judged by what the loudspeaker played and what the microphone "
                      "heard: give both --far and --mic");
  MeasureSetup setup;
  SYRINX_ASSIGN(setup.scenario, scenario_of(request.scenario));
  SYRINX_ASSIGN(setup.groups, measure::report_groups(request.groups));
  SYRINX_ASSIGN(setup.f0, measure::parse_f0_method(request.f0));
  SYRINX_ASSIGN(setup.reference, read_if_given(request.reference, context));
  SYRINX_ASSIGN(setup.loudspeaker, read_if_given(request.loudspeaker, context));
  SYRINX_ASSIGN(setup.microphone, read_if_given(request.microphone, context));
  setup.calibration.full_scale_db_spl = request.full_scale_db_spl;
  return setup;
}

std::string name_of(const std::string& path) {
  return path == "-" ? "standard input" : std::filesystem::path(path).filename().string();
}

Result<std::string> page_of_one(const MeasuredFile& file, const MeasureRequest& request) {
  const std::string reference = request.reference.empty() ? "" : name_of(request.reference);
  measure::PageOptions options;
  options.embed_sounds = !request.no_sound;
  return measure::sound_page({name_of(file.path), reference, file.audio, file.report, file.notes},
                             options);
}

// What all paths begin with, up to a slash: the page need not repeat it.
std::string common_folder(const std::vector<MeasuredFile>& files) {
  if (files.empty()) return {};
  std::string common = files.front().path;
  for (const MeasuredFile& file : files) {
    const auto differ =
        std::mismatch(common.begin(), common.end(), file.path.begin(), file.path.end());
    common.erase(differ.first, common.end());
  }
  return common.substr(0, common.rfind('/') + 1);
}

std::string page_of_many(const std::vector<MeasuredFile>& files,
                         const measure::CollectionSummary& summary,
                         const std::vector<std::string>& failures) {
  std::vector<measure::FilesPageRow> rows;
  const std::string folder = common_folder(files);
  for (const MeasuredFile& file : files)
    rows.push_back({file.path.substr(folder.size()), file.report, file.picture_uri, file.notes});
  return measure::files_page(rows, summary, failures);
}

struct Outcome {
  std::vector<MeasuredFile> files;
  std::vector<std::string> failures;
};

// Says what went wrong with each file that has no figures; the rest is worth its figures.
Outcome sort_out(std::vector<Result<MeasuredFile>> results, Context& context) {
  Outcome outcome;
  for (auto& result : results) {
    if (result) {
      outcome.files.push_back(std::move(*result));
    } else if (result.error().code != ErrorCode::kCancelled) {
      context.exit_code = report_error(context, result.error());
      outcome.failures.push_back(result.error().message);
    }
  }
  return outcome;
}

void print(const MeasureRequest& request, const std::vector<MeasuredFile>& files, bool many,
           const measure::CollectionSummary& summary, const Context& context) {
  if (context.json) {
    nlohmann::json document = {{"files", nlohmann::json::array()}};
    for (const MeasuredFile& file : files) document["files"].push_back(to_json(file));
    if (many) {
      document["summary"] = summary_json(files, summary);
      document["outliers"] = outliers_json(files, summary);
    }
    return print_json(document);
  }
  if (request.csv) return print_csv(files, summary);
  if (!many || request.each) {
    for (const MeasuredFile& file : files) print_table(file);
  }
  if (many && !files.empty()) print_summary(files, summary);
}

Result<void> write_report(const MeasureRequest& request, const Outcome& outcome, bool many,
                          const measure::CollectionSummary& summary, const Context& context) {
  std::string page;
  if (many) {
    page = page_of_many(outcome.files, summary, outcome.failures);
  } else {
    SYRINX_ASSIGN(page, page_of_one(outcome.files.front(), request));
  }
  SYRINX_TRY(write_page(request.report_path, page));
  if (request.report_path != "-") note(context, "the page is " + request.report_path);
  return {};
}

Result<void> measure_all(const MeasureRequest& request, Context& context) {
  SYRINX_ASSIGN(const auto paths, expand_inputs(request.inputs));
  SYRINX_TRY(check_not_input(request.report_path, paths));
  SYRINX_ASSIGN(auto setup, set_up(request, context));
  const bool many = paths.size() > 1;
  setup.keep_sounds = !many;
  setup.small_pictures = many && !request.report_path.empty();
  std::vector<Result<MeasuredFile>> results;
  {
    Progress progress(!context.quiet);
    results = measure_files(paths, setup, context.stop, [&](std::size_t done, const auto& path) {
      progress.show(static_cast<double>(done) / static_cast<double>(paths.size()), path);
    });
  }
  if (context.stop.stop_requested()) return make_error(ErrorCode::kCancelled, "interrupted");
  const Outcome outcome = sort_out(std::move(results), context);
  std::vector<std::vector<measure::Figure>> figures;
  for (const MeasuredFile& file : outcome.files) figures.push_back(file.report.figures);
  const auto summary = measure::summarise(figures);
  // A page on standard output stands alone there.
  if (request.report_path != "-") print(request, outcome.files, many, summary, context);
  if (request.report_path.empty() || outcome.files.empty()) return {};
  return write_report(request, outcome, many, summary, context);
}

void add_options(CLI::App& command, MeasureRequest& request) {
  command
      .add_option("files", request.inputs, "Audio files and folders of them; - is standard input")
      ->required()
      ->type_name("FILE");
  command.add_option("--ref", request.reference, "A clean recording of the same, to compare with")
      ->type_name("FILE");
  command.add_option("--report", request.report_path, "Write a page, as report.html; - is stdout")
      ->type_name("FILE");
  command.add_flag("--no-sound", request.no_sound, "Leave the sound out of the page");
  command.add_option("--groups", request.groups, "Which groups of figures, as level,loudness")
      ->capture_default_str()
      ->type_name("LIST");
  command
      .add_option("--f0", request.f0, "How F0 is found: pyin, or swift by its network (SwiftF0)")
      ->capture_default_str()
      ->type_name("METHOD");
  auto* far = command.add_option("--far", request.loudspeaker, "What the loudspeaker played");
  far->type_name("FILE");
  command.add_option("--mic", request.microphone, "What the microphone heard")->type_name("FILE");
  command
      .add_option("--scenario", request.scenario,
                  "Who talks, for --far: near-end, far-end, double-talk")
      ->capture_default_str();
  command
      .add_option("--full-scale", request.full_scale_db_spl,
                  "What a full-scale sine is in the room, dB SPL: for psychoacoustics")
      ->capture_default_str();
  command.add_flag("--csv", request.csv, "Print CSV: a row for each file");
  command.add_flag("--each", request.each, "Of many files, print the figures of each too");
}

}  // namespace

void add_measure_command(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("measure", "Measure sounds: levels, loudness, pitch, quality, artifacts");
  auto request = std::make_shared<MeasureRequest>();
  add_options(*command, *request);
  add_json_option(*command, context, "{\"files\": [{group: {name: {value, unit}}}]}");
  command->footer(kFooter);
  command->callback(
      [request, &context] { run(context, [&] { return measure_all(*request, context); }); });
}

}  // namespace syrinx::cli
