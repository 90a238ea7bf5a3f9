// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "intelligibility/corpus.h"
#include "intelligibility/report.h"
#include "intelligibility/speaker.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/stages/measure/recognition/recogniser.h"

// How well a recogniser understands each voice of a speech program, and people beside them: the
// word error rate on sentences that each of them says.
namespace syrinx::bench {
namespace {

struct Options {
  std::string say;
  std::string speaker_command;
  std::vector<std::string> voices;
  std::filesystem::path data;
  std::filesystem::path sentences;
  std::filesystem::path model;
  std::filesystem::path json;
  std::size_t limit = 0;  // Sentences per speaker; 0 is all.
  bool without_humans = false;
};

// "slt 3/20", over itself, where somebody watches.
class Progress {
 public:
  void show(const std::string& name, std::size_t done, std::size_t of) {
    if (watched_) std::cerr << "\r\x1B[K" << name << ' ' << done << '/' << of << std::flush;
  }
  ~Progress() {
    if (watched_) std::cerr << "\r\x1B[K" << std::flush;
  }

 private:
  bool watched_ = ::isatty(STDERR_FILENO) == 1;
};

struct Utterance {
  std::string text;
  std::function<Result<AudioBuffer>()> sound;
};

class Bench {
 public:
  Bench(Options options, std::unique_ptr<measure::Recogniser> recogniser)
      : options_(std::move(options)), recogniser_(std::move(recogniser)) {}

  Result<void> hear_voices() {
    const bool own = options_.speaker_command.empty();
    SpeakerCommand command = SpeakerCommand::of_syrinx(options_.say);
    if (!own) {
      SYRINX_ASSIGN(command, SpeakerCommand::parse(options_.speaker_command));
    }
    if (own && options_.voices.empty()) {
      SYRINX_ASSIGN(options_.voices, list_voices(options_.say));
    }
    SYRINX_ASSIGN(const auto sentences, load_sentences(options_.sentences));
    for (const auto& voice : options_.voices) {
      std::vector<Utterance> utterances;
      for (const auto& text : sentences) {
        utterances.push_back(
            {text, [&command, &voice, &text] { return speak(command, voice, text); }});
      }
      SYRINX_TRY(hear(voice, false, utterances));
    }
    return {};
  }

  Result<void> hear_humans() {
    SYRINX_ASSIGN(const auto speakers, load_human_speakers(options_.data / "speech"));
    for (const auto& speaker : speakers) {
      std::vector<Utterance> utterances;
      for (const auto& recording : speaker.recordings) {
        utterances.push_back(
            {recording.text, [&recording] { return io::read_audio(recording.path); }});
      }
      SYRINX_TRY(hear(speaker.name, true, utterances));
    }
    return {};
  }

  const std::vector<SpeakerScore>& scores() const { return scores_; }

 private:
  Result<void> hear(const std::string& name, bool is_human,
                    const std::vector<Utterance>& utterances) {
    SpeakerScore score{name, is_human, {}};
    const std::size_t most = options_.limit == 0 ? utterances.size() : options_.limit;
    for (const auto& utterance : utterances) {
      if (score.hearings.size() == most) break;
      progress_.show(name, score.hearings.size() + 1, std::min(most, utterances.size()));
      SYRINX_ASSIGN(const AudioBuffer sound, utterance.sound());
      SYRINX_ASSIGN(std::string heard, measure::recognise_any(*recogniser_, sound));
      const auto errors =
          measure::compare_words(measure::words_of(utterance.text), measure::words_of(heard));
      score.hearings.push_back({utterance.text, std::move(heard), errors});
    }
    scores_.push_back(std::move(score));
    return {};
  }

  Options options_;
  std::unique_ptr<measure::Recogniser> recogniser_;
  Progress progress_;
  std::vector<SpeakerScore> scores_;
};

Result<std::vector<SpeakerScore>> run(const Options& options) {
  SYRINX_ASSIGN(auto recogniser, measure::load_recogniser(options.model));
  Bench bench(options, std::move(recogniser));
  SYRINX_TRY(bench.hear_voices());
  if (!options.without_humans) SYRINX_TRY(bench.hear_humans());
  return bench.scores();
}

Result<void> write_json(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text << '\n';
  file.close();
  if (file) return {};
  return make_error(ErrorCode::kIo, "cannot write '", path.string(), "'");
}

int report_error(const Error& error) {
  std::cerr << "syrinx_intelligibility: " << error.message << '\n';
  return 1;
}

void add_options(CLI::App& app, Options& options) {
  auto* say = app.add_option("--say", options.say, "The syrinx program, whose voices are heard");
  auto* command = app.add_option("--speaker-command", options.speaker_command,
                                 "Another program, as \"espeak -v {voice} -w {out} {text}\"");
  say->excludes(command);
  auto* voices = app.add_option("--voices", options.voices, "Only these voices")->delimiter(',');
  command->needs(voices);
  app.add_option("--data", options.data, "Folder with text/harvard.txt and speech/")->required();
  app.add_option("--sentences", options.sentences, "A sentence a line [DATA/text/harvard.txt]");
  app.add_option("--model", options.model,
                 "Folder of the recogniser's model [where Debian has it]");
  app.add_option("--json", options.json, "Write everything, each sentence too, to this file");
  app.add_option("--limit", options.limit, "At most so many sentences of each speaker");
  app.add_flag("--without-humans", options.without_humans, "Only the voices");
}

}  // namespace
}  // namespace syrinx::bench

int main(int argc, char** argv) {
  using namespace syrinx;         // NOLINT: this file is the program.
  using namespace syrinx::bench;  // NOLINT
  CLI::App app("How well a recogniser understands each voice, and people beside them.");
  Options options;
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  if (options.say.empty() && options.speaker_command.empty()) {
    return report_error({ErrorCode::kInvalidArgument, "name a program with --say"});
  }
  if (options.sentences.empty()) options.sentences = options.data / "text" / "harvard.txt";
  const auto scores = run(options);
  if (!scores) return report_error(scores.error());
  print_table(std::cout, *scores);
  if (options.json.empty()) return 0;
  const auto written = write_json(options.json, to_json(*scores));
  return written ? 0 : report_error(written.error());
}
