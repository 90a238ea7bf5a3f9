// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/measure_files.h"
#include "syrinx/apps/cli/measure_output.h"
#include "syrinx/apps/cli/page_file.h"
#include "syrinx/apps/cli/progress.h"
#include "syrinx/stages/measure/report/page/compare_page.h"
#include "syrinx/stages/measure/report/page/compare_table.h"

namespace syrinx::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx compare old.wav new.wav                     table, and the page old-vs-new.html\n"
    "  syrinx compare old.wav new.wav --ref clean.wav     with what is measured beside the clean "
    "one\n"
    "  syrinx compare a.wav b.wav c.wav -o page.html      more than two, a page of that name\n"
    "  syrinx compare old.wav new.wav --no-page --json    for machines, and no page\n"
    "\n"
    "The page plays the sounds in step and switches between them without a gap, at equal loudness\n"
    "if wished; shows the spectrograms and where they differ, aligned in time; and tests blind:\n"
    "ABX (can they be told apart?) or A/B (which is better?), with the probability under "
    "guessing.\n"
    "It is one file that needs nothing from anywhere.";

struct CompareRequest {
  std::vector<std::string> inputs;
  std::string reference;
  std::string output;
  std::string groups = "all";
  bool no_page = false;
  bool no_sound = false;
};

std::string file_name(const std::string& path) {
  return path == "-" ? "standard input" : fs::path(path).filename().string();
}

std::string default_output(const CompareRequest& request) {
  const auto stem = [](const std::string& path) {
    return path == "-" ? std::string("stdin") : fs::path(path).stem().string();
  };
  std::string name = stem(request.inputs.front());
  for (std::size_t i = 1; i < request.inputs.size(); ++i) name += "-vs-" + stem(request.inputs[i]);
  return name + ".html";
}

using measure::ComparedFigure;

std::string cell(double value, bool best) {
  char text[40];
  if (std::isfinite(value)) {
    std::snprintf(text, sizeof text, "%12.3f%s", value, best ? " *" : "  ");
  } else {
    std::snprintf(text, sizeof text, "%12s  ", "none");
  }
  return text;
}

void print_comparison(const std::vector<MeasuredFile>& files,
                      const std::vector<ComparedFigure>& figures) {
  std::printf("  %-15s %-24s ", "", "");
  for (std::size_t i = 0; i < files.size(); ++i) std::printf("%12c  ", static_cast<char>('A' + i));
  std::printf("\n");
  std::string group;
  for (const ComparedFigure& figure : figures) {
    std::printf("  %-15s %-24s ", figure.group == group ? "" : figure.group.c_str(),
                figure.name.c_str());
    group = figure.group;
    for (std::size_t i = 0; i < files.size(); ++i)
      std::printf("%s", cell(figure.values[i], figure.best[i]).c_str());
    std::printf(" %s\n", figure.unit.c_str());
  }
  for (std::size_t i = 0; i < files.size(); ++i)
    std::printf("  %c: %s\n", static_cast<char>('A' + i), files[i].path.c_str());
  std::printf("  * is better, where a figure has a better side\n");
}

nlohmann::json comparison_json(const std::vector<MeasuredFile>& files,
                               const std::vector<ComparedFigure>& figures) {
  nlohmann::json document = {{"files", nlohmann::json::array()},
                             {"figures", nlohmann::json::array()}};
  for (const MeasuredFile& file : files) document["files"].push_back(to_json(file));
  for (const ComparedFigure& figure : figures) {
    nlohmann::json values = nlohmann::json::array();
    for (const double value : figure.values)
      values.push_back(std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr));
    document["figures"].push_back({{"group", figure.group},
                                   {"name", figure.name},
                                   {"unit", figure.unit},
                                   {"values", values},
                                   {"best", figure.best}});
  }
  return document;
}

measure::ComparedSound compared(const MeasuredFile& file) {
  return {file_name(file.path), file.audio, file.report, file.notes};
}

Result<void> write_comparison(const CompareRequest& request, const std::vector<MeasuredFile>& files,
                              const std::optional<MeasuredFile>& reference,
                              const Context& context) {
  std::vector<measure::ComparedSound> sounds;
  for (const MeasuredFile& file : files) sounds.push_back(compared(file));
  std::optional<measure::ComparedSound> clean;
  if (reference) clean.emplace(compared(*reference));
  measure::PageOptions options;
  options.embed_sounds = !request.no_sound;
  SYRINX_ASSIGN(const std::string page, measure::compare_page(sounds, clean, options));
  SYRINX_TRY(write_page(request.output, page));
  if (request.output != "-") note(context, "the page is " + request.output);
  return {};
}

Result<void> check(const CompareRequest& request) {
  if (request.inputs.size() < 2 || request.inputs.size() > measure::kMostComparedSounds)
    return make_error(ErrorCode::kInvalidArgument, request.inputs.size(),
                      request.inputs.size() == 1 ? " file was" : " files were",
                      " given to compare, but it takes 2 to ", measure::kMostComparedSounds,
                      "; `syrinx measure` takes one, or many");
  std::vector<std::string> inputs = request.inputs;
  inputs.push_back(request.reference);
  return check_not_input(request.output, inputs);
}

Result<void> compare_all(CompareRequest request, Context& context) {
  if (request.output.empty() && !request.no_page) request.output = default_output(request);
  SYRINX_TRY(check(request));
  MeasureSetup setup;
  SYRINX_ASSIGN(setup.groups, measure::report_groups(request.groups));
  std::optional<MeasuredFile> reference;
  std::vector<MeasuredFile> files;
  {
    Progress progress(!context.quiet);
    progress.show(std::nullopt, "measuring");
    if (!request.reference.empty()) {
      SYRINX_ASSIGN(reference, measure_file(request.reference, setup, context.stop));
      setup.reference = reference->audio;
    }
    auto results = measure_files(
        request.inputs, setup, context.stop, [&](std::size_t done, const std::string& path) {
          progress.show(static_cast<double>(done) / static_cast<double>(request.inputs.size()),
                        path);
        });
    for (auto& result : results) {
      SYRINX_ASSIGN(auto file, std::move(result));
      files.push_back(std::move(file));
    }
  }
  std::vector<const measure::SoundReport*> reports;
  for (const MeasuredFile& file : files) reports.push_back(&file.report);
  const auto figures = measure::compare_figures(reports);
  if (request.output != "-") {  // A page on standard output stands alone there.
    if (context.json) {
      print_json(comparison_json(files, figures));
    } else {
      print_comparison(files, figures);
    }
  }
  if (request.no_page) return {};
  return write_comparison(request, files, reference, context);
}

}  // namespace

void add_compare_command(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("compare", "Set sounds side by side: figures, pictures, a blind test");
  auto request = std::make_shared<CompareRequest>();
  command->add_option("files", request->inputs, "Two audio files or more")
      ->required()
      ->type_name("FILE");
  command->add_option("--ref", request->reference, "A clean recording of the same")
      ->type_name("FILE");
  command
      ->add_option("-o,--output", request->output, "The page to write [A-vs-B.html]; - is stdout")
      ->type_name("FILE");
  command->add_flag("--no-page", request->no_page, "Print the table and write no page");
  command->add_flag("--no-sound", request->no_sound, "Leave the sounds out of the page");
  command->add_option("--groups", request->groups, "Which groups of figures, as level,loudness")
      ->capture_default_str()
      ->type_name("LIST");
  add_json_option(*command, context,
                  "{\"figures\": [{group, name, unit, values, best}], \"files\"}");
  command->footer(kFooter);
  command->callback(
      [request, &context] { run(context, [&] { return compare_all(*request, context); }); });
}

}  // namespace syrinx::cli
