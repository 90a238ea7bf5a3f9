// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <optional>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/text_input.h"
#include "syrinx/apps/cli/text_output.h"
#include "syrinx/engines/tts/espeak_words.h"
#include "syrinx/engines/tts/text_reader.h"
#include "syrinx/stages/acoustic/piper/piper_voice.h"
#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/espeak/espeak.h"
#include "syrinx/stages/text/normalise/normaliser.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx text \"It cost $3.50.\"                    what is said, and how\n"
    "  syrinx text \"Dr. Lee lives on Lee Dr.\" --explain  why it is said so, piece by piece\n"
    "  syrinx text --spoken --lines lines.txt          one spoken line per line, for batch checks\n"
    "  syrinx text --phonemes kokoro --lines -         the same in phonemes, from a pipe\n"
    "  syrinx text -f page.html --json                 everything, for machines\n"
    "  syrinx text --ssml '<speak>Wait <break time=\"1s\"/> here.</speak>' --explain\n"
    "\n"
    "The input is told from the text (SSML, HTML, Markdown, an e-mail, a chat log, plain text) or\n"
    "chosen by --input. Inline in plain text: [pause:1.5s], [word](/ipa/). Lexicons: see\n"
    "`syrinx lexicon`.";

struct TextRequest {
  TextChoice text;
  std::string language = "en-US";
  std::string phonemes;
  std::string lines;
  bool spoken = false;
  bool explain = false;
};

class TextRun {
 public:
  TextRun(const TextRequest& request, const Context& context)
      : request_(request), context_(context) {}

  Result<void> run() {
    SYRINX_TRY(choose());
    SYRINX_ASSIGN(auto front_end, tts::TextFrontEnd::create(options_));
    options_.language = front_end.options().language;
    if (piper_) {
      SYRINX_ASSIGN(espeak_, text::Espeak::load());
    } else if (!request_.phonemes.empty() && options_.language.substr(0, 2) != "en")
      return make_error(ErrorCode::kUnsupported, "there are no pronunciations for '",
                        request_.language, "', only for English; --spoken works in each language");
    if (!request_.lines.empty()) return run_lines(front_end);
    return run_text(front_end);
  }

 private:
  Result<void> choose() {
    SYRINX_ASSIGN(options_, text_options(request_.text));
    options_.language = request_.language;
    options_.phonemes = PhonemeSet::kIpa;
    piper_ = request_.phonemes == "piper";
    if (!request_.phonemes.empty() && !piper_) {
      const auto set = text::phoneme_set_named(request_.phonemes);
      if (!set)
        return make_error(ErrorCode::kInvalidArgument, "there are no phonemes '", request_.phonemes,
                          "'; there are: ipa arpabet kokoro piper x-sampa");
      options_.phonemes = *set;
    }
    return {};
  }

  // One output line per input line, whatever the line holds.
  Result<void> run_lines(const tts::TextFrontEnd& front_end) {
    TextChoice choice;
    choice.file = request_.lines;
    SYRINX_ASSIGN(OpenText input, open_text(choice, "syrinx text"));
    std::string rest;
    std::string piece;
    std::size_t base = 0;
    for (bool more = true; more;) {
      SYRINX_ASSIGN(more, input.source->next(piece, context_.stop));
      if (more) rest += piece;
      std::size_t begin = 0;
      for (std::size_t end = rest.find('\n'); end != std::string::npos;
           end = rest.find('\n', begin)) {
        SYRINX_TRY(
            print_line(front_end, std::string_view(rest).substr(begin, end - begin), base + begin));
        begin = end + 1;
      }
      base += begin;
      rest.erase(0, begin);
    }
    return rest.empty() ? Result<void>() : print_line(front_end, rest, base);
  }

  // What Piper's voices are given instead of our own phonemes.
  Result<void> pronounce(tts::ReadSentence& read) const {
    if (!espeak_) return {};
    return tts::pronounce_by_espeak(*espeak_, text::espeak_voice_of(options_.language),
                                    read.tokens);
  }

  std::string line_of(const tts::ReadSentence& read) const {
    if (!piper_) return phoneme_line(read.tokens, options_.phonemes);
    auto line = acoustic::piper_phonemes(read.tokens);
    return line ? std::move(line).value() : std::string();
  }

  Result<void> print_line(const tts::TextFrontEnd& front_end, std::string_view line,
                          std::size_t base) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    tts::ReadSentence read = front_end.read_line(line, base);
    SYRINX_TRY(pronounce(read));
    if (context_.json) {
      std::printf("%s\n", sentence_json(read)
                              .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                              .c_str());
    } else if (!request_.phonemes.empty() && !request_.spoken) {
      std::printf("%s\n", line_of(read).c_str());
    } else {
      std::printf("%s\n", text::spoken_line(read.tokens).c_str());
    }
    return {};
  }

  Result<void> run_text(const tts::TextFrontEnd& front_end) {
    SYRINX_ASSIGN(OpenText input, open_text(request_.text, "syrinx text"));
    SYRINX_ASSIGN(auto reader,
                  tts::TextReader::open(front_end, std::move(input.source), context_.stop));
    nlohmann::json sentences = nlohmann::json::array();
    tts::ReadSentence read;
    while (true) {
      SYRINX_ASSIGN(const bool more, reader.next(read, context_.stop));
      if (!more) break;
      SYRINX_TRY(pronounce(read));
      if (context_.json) {
        sentences.push_back(sentence_json(read));
      } else {
        print(read);
      }
    }
    const auto& report = reader.script().report;
    if (context_.json) {
      print_json({{"input", name_of(reader.input())},
                  {"language", options_.language},
                  {"sentences", std::move(sentences)},
                  {"markup", markup_json(report)}});
    } else {
      std::fprintf(stderr, "%s", markup_notes(report).c_str());
    }
    return {};
  }

  void print(const tts::ReadSentence& read) const {
    if (request_.explain) {
      std::printf("%s\n", explanation(read).c_str());
      return;
    }
    if (read.tokens.empty()) return;
    const bool both = !request_.spoken && request_.phonemes.empty();
    if (both || request_.spoken) std::printf("%s\n", text::spoken_line(read.tokens).c_str());
    const std::string phonemes = line_of(read);
    if (both && !phonemes.empty()) std::printf("  %s\n", phonemes.c_str());
    if (!request_.phonemes.empty()) std::printf("%s\n", phonemes.c_str());
  }

  const TextRequest& request_;
  const Context& context_;
  tts::TextOptions options_;
  bool piper_ = false;
  std::shared_ptr<const text::Espeak> espeak_;
};

}  // namespace

void add_text_command(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("text", "Show what is said for a text, how it is pronounced, and why");
  auto request = std::make_shared<TextRequest>();
  add_text_options(*command, request->text);
  command->add_flag("-e,--explain", request->explain,
                    "A table: each piece, its class, what is said, phonemes, who decided");
  command->add_flag("--spoken", request->spoken, "Print the spoken words only");
  command
      ->add_option("--phonemes", request->phonemes,
                   "Print phonemes only: ipa arpabet kokoro x-sampa, or piper (by espeak-ng)")
      ->type_name("SET");
  command
      ->add_option("--lines", request->lines,
                   "Read a file (- for a pipe) line by line and print one line for each")
      ->type_name("FILE");
  command->add_option("-l,--language", request->language, "en-us, en-gb or de")
      ->type_name("TAG")
      ->capture_default_str();
  add_json_option(*command, context,
                  "every sentence, token, word and phoneme with its source bytes");
  command->footer(kFooter);
  command->callback(
      [request, &context] { run(context, [&] { return TextRun(*request, context).run(); }); });
}

}  // namespace syrinx::cli
