// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/text_input.h"
#include "syrinx/apps/cli/text_output.h"
#include "syrinx/engines/tts/text_reader.h"
#include "syrinx/stages/text/lexicon/user_lexicon.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx lexicon add Nguyen \"W IH1 N\"              ARPABET\n"
    "  syrinx lexicon add Siobhan /ʃɪˈvɔːn/              IPA\n"
    "  syrinx lexicon add Kakuro kah-KOO-roh             respelling, stress in capitals\n"
    "  syrinx lexicon add lead \"L EH1 D\" --pos NN        only where it is a noun\n"
    "  syrinx lexicon test Siobhan Nguyen                how words are said, and who decides\n"
    "  syrinx lexicon import us_gold.json                PLS, CMUdict, misaki's JSON or TSV\n"
    "  syrinx lexicon list\n"
    "\n"
    "Lexicons are asked in this order: those of --lexicon, your own words, those imported,\n"
    "what the library knows. They lie in $XDG_DATA_HOME/syrinx/lexicons and are read again\n"
    "when they change.";

struct LexiconRequest {
  text::UserEntry entry;
  std::string word;
  std::string file;
  std::string format = "detect";
  TextChoice text;
  std::string language = "en-US";
};

Result<void> add_entry(const LexiconRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto file, text::user_lexicon_file());
  SYRINX_ASSIGN(const bool replaced, text::put_user_entry(file, request.entry));
  if (context.json) {
    print_json({{"file", file.string()}, {"word", request.entry.word}, {"replaced", replaced}});
  } else {
    note(context,
         (replaced ? "replaced '" : "added '") + request.entry.word + "' in " + file.string());
  }
  return {};
}

Result<void> remove_entry(const LexiconRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto file, text::user_lexicon_file());
  SYRINX_ASSIGN(const std::size_t removed,
                text::remove_user_entry(file, request.word, request.entry.part_of_speech));
  if (removed == 0)
    return make_error(ErrorCode::kNotFound, "'", request.word, "' is not in ", file.string(),
                      "; `syrinx lexicon list` shows what is");
  if (context.json) print_json({{"file", file.string()}, {"removed", removed}});
  note(context, "removed " + std::to_string(removed) + " from " + file.string());
  return {};
}

Result<void> list_entries(const Context& context) {
  SYRINX_ASSIGN(const auto file, text::user_lexicon_file());
  SYRINX_ASSIGN(const auto entries, text::list_user_entries(file));
  SYRINX_ASSIGN(const auto sources, text::user_lexicons());
  nlohmann::json words = nlohmann::json::array();
  nlohmann::json files = nlohmann::json::array();
  for (const auto& entry : entries) {
    words.push_back({{"word", entry.word},
                     {"pronunciation", entry.pronunciation},
                     {"alphabet", entry.alphabet},
                     {"part_of_speech", entry.part_of_speech},
                     {"line", entry.line}});
    if (!context.json)
      std::printf("%s\t%s\t%s\t%s\n", entry.word.c_str(), entry.pronunciation.c_str(),
                  entry.alphabet.c_str(), entry.part_of_speech.c_str());
  }
  for (const auto& source : sources) files.push_back(source.path.string());
  if (context.json) {
    print_json({{"file", file.string()}, {"words", words}, {"lexicons", files}});
  } else {
    for (const auto& source : sources) std::fprintf(stderr, "asked: %s\n", source.path.c_str());
    if (sources.empty()) note(context, "no lexicon yet; `syrinx lexicon add --help` shows how");
  }
  return {};
}

Result<void> import_file(const LexiconRequest& request, const Context& context) {
  const auto format = text::lexicon_format_of(request.format);
  if (!format)
    return make_error(ErrorCode::kInvalidArgument, "there is no lexicon format '", request.format,
                      "'; there are detect, pls, cmudict, misaki and tsv");
  SYRINX_ASSIGN(const auto folder, text::user_lexicon_folder());
  SYRINX_ASSIGN(const auto done, text::import_lexicon(request.file, *format, folder));
  if (context.json) {
    print_json({{"file", done.file.string()},
                {"format", text::name_of(done.format)},
                {"words", done.words}});
  } else {
    note(context, std::to_string(done.words) + " words of " + request.file + " (" +
                      std::string(text::name_of(done.format)) + ") are now in " +
                      done.file.string());
  }
  return {};
}

// Says each word by itself, as a sentence of one word.
Result<void> test_words(const LexiconRequest& request, const Context& context) {
  SYRINX_ASSIGN(tts::TextOptions options, text_options(request.text));
  options.language = request.language;
  options.phonemes = PhonemeSet::kIpa;
  SYRINX_ASSIGN(const auto front_end, tts::TextFrontEnd::create(options));
  nlohmann::json list = nlohmann::json::array();
  for (const std::string& word : request.text.words) {
    const tts::ReadSentence read = front_end.read_line(word);
    if (context.json) list.push_back(sentence_json(read));
    if (!context.json) std::printf("%s", explanation(read).c_str());
  }
  if (context.json) print_json({{"words", list}});
  return {};
}

}  // namespace

void add_lexicon_command(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("lexicon", "How words are said: your own, and whole lexicons");
  command->require_subcommand(1);
  command->footer(kFooter);
  auto request = std::make_shared<LexiconRequest>();
  const auto sub = [&](const char* name, const char* says, auto body) {
    return add_part(*command, context, name, says, request, body);
  };
  CLI::App* add = sub("add", "Add a word or replace it", add_entry);
  add->add_option("word", request->entry.word, "As it is written")->required();
  add->add_option("pronunciation", request->entry.pronunciation,
                  "/IPA/, ARPABET or a respelling (see the examples)")
      ->required();
  add->add_option("--alphabet", request->entry.alphabet,
                  "ipa arpabet kokoro x-sampa respelling [by its look]")
      ->type_name("NAME");
  add->add_option("--pos", request->entry.part_of_speech,
                  "Only as this part of speech (NN, VB ...)")
      ->type_name("TAG");
  CLI::App* remove = sub("remove", "Take a word out", remove_entry);
  remove->add_option("word", request->word, "As it is written")->required();
  remove->add_option("--pos", request->entry.part_of_speech, "Only this part of speech")
      ->type_name("TAG");
  sub("list", "What is in your own lexicon, and which others are asked",
      [](const LexiconRequest&, const Context& asked) { return list_entries(asked); });
  CLI::App* import = sub("import", "Check a lexicon file and keep a copy", import_file);
  import->add_option("file", request->file, "PLS, CMUdict, misaki JSON or TSV")->required();
  import->add_option("--format", request->format, "detect pls cmudict misaki tsv")
      ->type_name("NAME")
      ->capture_default_str();
  CLI::App* test = sub("test", "How words are said and who decides", test_words);
  test->add_option("words", request->text.words, "Words")->required();
  test->add_option("--lexicon", request->text.lexicons, "A lexicon to ask first")
      ->type_name("FILE");
  test->add_option("-l,--language", request->language, "en-US or en-GB")->type_name("TAG");
}

}  // namespace syrinx::cli
