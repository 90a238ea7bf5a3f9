// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/progress.h"
#include "syrinx/core/io/store/catalogue.h"
#include "syrinx/core/io/store/pull.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx models list                               the catalogue, and what is installed\n"
    "  syrinx models search piper de\n"
    "  syrinx models pull en_US-lessac-medium           shows the licence, asks, resumes\n"
    "  syrinx models pull kokoro-v1.0 --yes --from /media/usb --offline\n"
    "  syrinx models add my-voice voice.onnx voice.onnx.json --language en-US\n"
    "  syrinx models verify                             hash every file again\n"
    "  syrinx models where my-voice\n"
    "\n"
    "Models lie in $SYRINX_MODELS, else in syrinx/models under $XDG_DATA_HOME or ~/.local/share,\n"
    "each wholly or not at all. A pull that was broken off goes on where it stopped.";

struct ModelsRequest {
  std::vector<std::string> words;
  std::string name;
  std::vector<std::string> files;
  io::ModelEntry entry;
  std::string catalogue;
  io::PullOptions pull;
  bool yes = false;
  bool installed = false;
};

std::string megabytes(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
  return text;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

Result<std::vector<io::ModelEntry>> catalogue_of(const ModelsRequest& request) {
  if (request.catalogue.empty()) return io::built_in_catalogue();
  return io::load_catalogue(request.catalogue);
}

nlohmann::json entry_json(const io::ModelEntry& entry) {
  auto document = nlohmann::json::parse(io::write_model_entry(entry));
  document["bytes"] = entry.bytes();
  return document;
}

void print_entry(const io::ModelEntry& entry, bool installed) {
  std::printf("%c %-22s %-7s %9s  %-12s %s\n", installed ? '*' : ' ', entry.name.c_str(),
              entry.kind.c_str(), megabytes(entry.bytes()).c_str(), joined(entry.languages).c_str(),
              entry.description.c_str());
}

// The entries with whether each is installed; those installed alone when `only` says so.
Result<void> print_entries(const std::vector<io::ModelEntry>& entries, bool only,
                           const Context& context) {
  SYRINX_ASSIGN(const auto store, io::ModelStore::user());
  std::vector<Error> broken;
  SYRINX_ASSIGN(auto installed, store.list(&broken));
  nlohmann::json list = nlohmann::json::array();
  const auto show = [&](const io::ModelEntry& entry, bool there) {
    if (!context.json) return print_entry(entry, there);
    list.push_back(entry_json(entry));
    list.back()["installed"] = there;
  };
  const auto is_there = [&](const io::ModelEntry& entry) {
    for (const auto& model : installed) {
      if (model.entry.name == entry.name) return true;
    }
    return false;
  };
  for (const auto& model : installed) {
    if (only) show(model.entry, true);
  }
  for (const auto& entry : entries) {
    if (!only) show(entry, is_there(entry));
  }
  if (context.json) print_json({{"folder", store.folder().string()}, {"models", list}});
  for (const Error& error : broken) note(context, error.message);
  if (!context.json)
    note(context,
         only ? std::to_string(installed.size()) + " installed in " + store.folder().string()
              : "* is installed, in " + store.folder().string());
  return {};
}

Result<void> list_models(const ModelsRequest& request, const Context& context) {
  SYRINX_ASSIGN(auto entries, catalogue_of(request));
  SYRINX_ASSIGN(const auto store, io::ModelStore::user());
  SYRINX_ASSIGN(const auto installed, store.list());
  for (const auto& model : installed) {
    if (!io::find_entry(entries, model.entry.name)) entries.push_back(model.entry);
  }
  return print_entries(entries, request.installed, context);
}

Result<void> search_models(const ModelsRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto entries, catalogue_of(request));
  const auto found = io::search_catalogue(entries, request.words);
  if (found.empty())
    return make_error(ErrorCode::kNotFound,
                      "the catalogue has nothing that matches every word of '",
                      joined(request.words), "'; `syrinx models list` shows it all");
  return print_entries(found, false, context);
}

// The licence is shown always, and asked about where somebody can answer.
Result<void> agree(const io::ModelEntry& entry, const ModelsRequest& request,
                   const Context& context) {
  std::fprintf(stderr, "%s: %s\nlicence: %s%s%s\n", entry.name.c_str(), entry.description.c_str(),
               entry.licence.c_str(), entry.licence_url.empty() ? "" : "\n         ",
               entry.licence_url.c_str());
  if (!entry.needs.empty()) std::fprintf(stderr, "needs: %s\n", joined(entry.needs).c_str());
  if (request.yes) return {};
  if (::isatty(STDIN_FILENO) == 0 || context.quiet)
    return make_error(ErrorCode::kInvalidArgument, "nobody is here to agree to the licence of '",
                      entry.name, "'; say --yes if you do");
  std::fprintf(stderr, "download %s under this licence? [y/N] ", megabytes(entry.bytes()).c_str());
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return {};
  return make_error(ErrorCode::kCancelled, "nothing was downloaded");
}

nlohmann::json installed_json(const io::InstalledModel& model) {
  auto document = entry_json(model.entry);
  document["folder"] = model.folder.string();
  return document;
}

Result<void> pull_models(const ModelsRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto entries, catalogue_of(request));
  SYRINX_ASSIGN(const auto store, io::ModelStore::user());
  nlohmann::json done = nlohmann::json::array();
  for (const std::string& name : request.words) {
    SYRINX_ASSIGN(const auto entry, io::find_entry(entries, name));
    SYRINX_TRY(agree(entry, request, context));
    Progress progress(!context.quiet);
    io::PullOptions options = request.pull;
    options.progress = [&](std::uint64_t got, std::uint64_t all, const std::string& file) {
      progress.show(static_cast<double>(got) / static_cast<double>(all),
                    file + ", " + megabytes(got) + " of " + megabytes(all));
    };
    options.note = [&](const std::string& sentence) { note(context, sentence); };
    SYRINX_ASSIGN(const auto model, io::pull(store, entry, options, context.stop));
    done.push_back(installed_json(model));
    note(context, "'" + name + "' is installed in " + model.folder.string());
  }
  if (context.json) print_json({{"models", done}});
  return {};
}

// By the files' endings.
std::string kind_of(const std::vector<std::string>& files) {
  bool onnx = false;
  bool piper = false;
  bool voices = false;
  for (const std::string& file : files) {
    const std::filesystem::path path(file);
    const std::string ending = path.extension().string();
    onnx |= ending == ".onnx";
    piper |= ending == ".json" && path.stem().extension() == ".onnx";
    voices |= ending == ".bin" || ending == ".npz" || ending == ".pt";
  }
  return !onnx ? "" : piper ? "piper" : voices ? "kokoro" : "";
}

Result<void> add_model(const ModelsRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto store, io::ModelStore::user());
  io::ModelEntry entry = request.entry;
  if (entry.kind.empty()) entry.kind = kind_of(request.files);
  if (entry.kind.empty())
    return make_error(
        ErrorCode::kInvalidArgument,
        "these files do not tell what reads them: give "
        "an .onnx with its .onnx.json (piper) or with voices (kokoro), or say --kind");
  if (entry.licence.empty()) entry.licence = "not stated; added by hand";
  Progress progress(!context.quiet);
  const std::vector<std::filesystem::path> files(request.files.begin(), request.files.end());
  SYRINX_ASSIGN(const auto model, store.add(
                                      entry, files,
                                      [&](std::uint64_t done, std::uint64_t all) {
                                        progress.show(
                                            static_cast<double>(done) / static_cast<double>(all),
                                            "copying");
                                      },
                                      context.stop));
  if (context.json) print_json(installed_json(model));
  note(context,
       "'" + entry.name + "' (" + entry.kind + ") is installed in " + model.folder.string());
  return {};
}

Result<void> remove_models(const ModelsRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto store, io::ModelStore::user());
  for (const std::string& name : request.words) {
    SYRINX_TRY(store.remove(name));
    note(context, "removed '" + name + "'");
  }
  if (context.json) print_json({{"removed", request.words}});
  return {};
}

const char* name_of(io::FileCheck::State state) {
  switch (state) {
    case io::FileCheck::State::kGood:
      return "good";
    case io::FileCheck::State::kMissing:
      return "missing";
    case io::FileCheck::State::kWrongSize:
      return "wrong size";
    case io::FileCheck::State::kWrongDigest:
      return "wrong SHA-256";
  }
  return "";
}

Result<void> verify_models(const ModelsRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto store, io::ModelStore::user());
  std::vector<std::string> names = request.words;
  SYRINX_ASSIGN(const auto installed, store.list());
  for (const auto& model : installed) {
    if (request.words.empty()) names.push_back(model.entry.name);
  }
  nlohmann::json list = nlohmann::json::array();
  std::size_t bad = 0;
  for (const std::string& name : names) {
    Progress progress(!context.quiet);
    const auto show = [&](std::uint64_t done, std::uint64_t all) {
      progress.show(static_cast<double>(done) / static_cast<double>(all), name);
    };
    SYRINX_ASSIGN(const auto checks, store.verify(name, show, context.stop));
    for (const auto& check : checks) {
      bad += check.state == io::FileCheck::State::kGood ? 0 : 1;
      list.push_back({{"model", name}, {"file", check.file}, {"state", name_of(check.state)}});
      if (!context.json)
        std::printf("%-22s %-36s %s\n", name.c_str(), check.file.c_str(), name_of(check.state));
    }
  }
  if (context.json) print_json({{"files", list}, {"bad", bad}});
  if (bad == 0) return {};
  return make_error(ErrorCode::kCorruptData, bad, " of ", list.size(),
                    " files are not what they were; remove the model and pull it again");
}

Result<void> where_models(const ModelsRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto store, io::ModelStore::user());
  if (request.name.empty()) {
    if (context.json) print_json({{"folder", store.folder().string()}});
    if (!context.json) std::printf("%s\n", store.folder().c_str());
    return {};
  }
  SYRINX_ASSIGN(const auto model, store.find(request.name));
  if (context.json) print_json(installed_json(model));
  if (!context.json) std::printf("%s\n", model.folder.c_str());
  return {};
}

void add_catalogue_option(CLI::App& command, ModelsRequest& request) {
  command
      .add_option("--catalogue", request.catalogue, "A catalogue file instead of the built-in one")
      ->type_name("FILE")
      ->envname("SYRINX_CATALOGUE");
}

void add_pull_options(CLI::App& pull, ModelsRequest& request) {
  pull.add_option("names", request.words, "Models of the catalogue")->required();
  pull.add_flag("-y,--yes", request.yes, "Agree to the licence, which is shown");
  pull.add_option("--from", request.pull.mirrors,
                  "Look here first: a folder or an address (several: in this order)")
      ->type_name("PLACE");
  pull.add_flag("--offline", request.pull.only_mirrors, "Only --from, never the network's own");
  pull.add_option("--tries", request.pull.tries, "Of each address whose connection breaks")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  add_catalogue_option(pull, request);
}

void add_add_options(CLI::App& add, ModelsRequest& request) {
  add.add_option("name", request.entry.name, "What you will call it")->required();
  add.add_option("files", request.files, "Its files, which are copied")->required();
  add.add_option("--kind", request.entry.kind, "What reads it: piper kokoro [by the files]")
      ->type_name("KIND");
  add.add_option("--language", request.entry.languages, "BCP 47, as en-US")->type_name("TAG");
  add.add_option("--licence", request.entry.licence, "An SPDX identifier, or words")
      ->type_name("TEXT");
  add.add_option("--description", request.entry.description, "One line")->type_name("TEXT");
}

}  // namespace

void add_models_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("models", "Models: find, pull, add, check, remove");
  command->require_subcommand(1);
  command->footer(kFooter);
  auto request = std::make_shared<ModelsRequest>();
  const auto sub = [&](const char* name, const char* says, auto body) {
    return add_part(*command, context, name, says, request, body);
  };
  CLI::App* list = sub("list", "The catalogue and what is installed", list_models);
  list->add_flag("--installed", request->installed, "Only what is installed");
  add_catalogue_option(*list, *request);
  CLI::App* search = sub("search", "Models that match every word", search_models);
  search->add_option("words", request->words, "Of a name, kind, language or description")
      ->required();
  add_catalogue_option(*search, *request);
  add_pull_options(*sub("pull", "Download and install", pull_models), *request);
  add_add_options(*sub("add", "Install files that you have", add_model), *request);
  sub("remove", "Take models away", remove_models)
      ->add_option("names", request->words, "Installed models")
      ->required();
  sub("verify", "Hash every file again", verify_models)
      ->add_option("names", request->words, "Installed models [all]");
  sub("where", "The folder of all models or of one", where_models)
      ->add_option("name", request->name, "An installed model");
}

}  // namespace syrinx::cli
