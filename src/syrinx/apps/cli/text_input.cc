// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/text_input.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <utility>

#include "syrinx/core/base/sha256.h"
#include "syrinx/engines/tts/text_source.h"
#include "syrinx/stages/text/lexicon/user_lexicon.h"

namespace syrinx::cli {
namespace {

std::string input_names() {
  std::string names = "auto";
  for (const text::InputKind kind : text::kInputKinds) names += " " + std::string(name_of(kind));
  return names;
}

std::vector<text::LexiconSource> lexicon_sources(const TextChoice& choice) {
  std::vector<text::LexiconSource> sources;
  for (const std::string& file : choice.lexicons) sources.push_back({file});
  if (!choice.no_user_lexicons) {
    // Without a home folder there are no lexicons of the user's.
    if (auto own = text::user_lexicons(); own)
      std::move(own.value().begin(), own.value().end(), std::back_inserter(sources));
  }
  return sources;
}

}  // namespace

void add_text_options(CLI::App& command, TextChoice& choice) {
  command.add_option("text", choice.words, "What to say; joined by spaces")->type_name("TEXT");
  command.add_option("-f,--file", choice.file, "Read the text from a file, or - for a pipe")
      ->type_name("FILE");
  command.add_option("--input", choice.input, "What the text is written in: " + input_names())
      ->type_name("KIND")
      ->capture_default_str();
  command.add_flag_callback(
      "--ssml", [&choice] { choice.input = "ssml"; }, "The text is SSML: --input ssml");
  command
      .add_option("--lexicon", choice.lexicons,
                  "A lexicon (PLS, CMUdict, misaki JSON, TSV) to ask first; several in order")
      ->type_name("FILE");
  command.add_flag("--no-user-lexicons", choice.no_user_lexicons,
                   "Leave out what `syrinx lexicon` keeps");
}

Result<OpenText> open_text(const TextChoice& choice, const std::string& command) {
  std::string text;
  for (const std::string& word : choice.words) text += (text.empty() ? "" : " ") + word;
  const bool from_stdin = choice.file == "-" || (choice.words.empty() && choice.file.empty());
  if (!choice.words.empty() && !choice.file.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "text was given both as an argument and by -f; give one of them");
  if (!choice.words.empty()) {
    const std::size_t size = text.size();
    return OpenText{tts::text_from_string(std::move(text)), size};
  }
  if (!from_stdin) {
    SYRINX_ASSIGN(auto file, tts::FileText::open(choice.file));
    const auto size = file->size_bytes();
    return OpenText{std::move(file), size};
  }
  if (isatty(STDIN_FILENO) != 0 && choice.file != "-")
    return make_error(ErrorCode::kInvalidArgument,
                      "nothing to read: give the text as an argument, a file by -f, or a pipe; `",
                      command, " --help` shows examples");
  auto input = tts::FileText::from_fd(STDIN_FILENO, "standard input");
  const auto size = input->size_bytes();
  return OpenText{std::move(input), size};
}

Result<std::string> lexicon_digest(const TextChoice& choice) {
  Sha256 digest;
  for (const text::LexiconSource& source : lexicon_sources(choice)) {
    std::ifstream file(source.path, std::ios::binary);
    if (!file)
      return make_error(ErrorCode::kNotFound, "cannot read the lexicon '", source.path.string(),
                        "'");
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    digest.update(std::as_bytes(std::span(bytes)));
  }
  return digest.hex();
}

Result<tts::TextOptions> text_options(const TextChoice& choice) {
  tts::TextOptions options;
  if (choice.input != "auto") {
    options.input = text::input_kind(choice.input);
    if (!options.input)
      return make_error(ErrorCode::kInvalidArgument, "there is no input '", choice.input,
                        "'; there are: ", input_names());
  }
  std::vector<text::LexiconSource> sources = lexicon_sources(choice);
  if (!sources.empty()) {
    SYRINX_ASSIGN(auto stack, text::LexiconStack::open(std::move(sources)));
    options.lexicons = std::move(stack);
  }
  if (!choice.file.empty() && choice.file != "-")
    options.lexicon_folder = std::filesystem::absolute(choice.file).parent_path();
  return options;
}

}  // namespace syrinx::cli
