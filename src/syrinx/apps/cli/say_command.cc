// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdio>
#include <optional>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/progress.h"
#include "syrinx/apps/cli/say_output.h"
#include "syrinx/apps/cli/text_input.h"
#include "syrinx/apps/cli/text_output.h"
#include "syrinx/apps/cli/timings.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/engines/tts/speech_stream.h"
#include "syrinx/stages/text/script/emotion.h"

namespace syrinx::cli {
namespace {

using std::chrono::steady_clock;

constexpr const char* kDefaultFile = "say.wav";

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx say \"Hello, world.\"                    writes say.wav\n"
    "  syrinx say -o hello.opus --voice rms \"Hi.\"    the file name chooses the format\n"
    "  syrinx say -f book.txt -o book.mp3            a whole book, sentence by sentence\n"
    "  fortune | syrinx say --play                   from a pipe to the loudspeaker\n"
    "  syrinx say \"Hi.\" -o - | ffplay -              a WAV stream on standard output\n"
    "  syrinx say --rate 1.5 --pitch -3 \"Faster and lower.\"\n"
    "  syrinx say --emotion happy:0.6 \"You came!\"\n"
    "  syrinx say --voice 'af_heart(2)+am_adam' \"Hi.\"  a mix of two voices of a Kokoro model\n"
    "  syrinx say --voice ./en_US-amy.onnx \"Hi.\"      a Piper voice by its file\n"
    "  syrinx say --timings words.ndjson \"When does each word sound?\"\n"
    "\n"
    "A file appears under its name only when it is complete. Text is UTF-8, English.";

struct SayRequest {
  TextChoice text;
  tts::SpeakOptions speak;
  OutputChoice output;
  std::string timings;
};

// What there is to tell at the end.
struct SayReport {
  std::uint64_t frames = 0;
  std::size_t sentences = 0;
  std::size_t words = 0;
  double synthesis_s = 0;
  double first_audio_s = 0;
  double total_s = 0;
  std::vector<tts::SkippedText> skipped;
  std::uint64_t skipped_count = 0;
};

double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

std::string progress_detail(double audio_s, double elapsed_s) {
  char text[96];
  std::snprintf(text, sizeof text, "%.0f s of speech, %.0f times real time", audio_s,
                elapsed_s > 0 ? audio_s / elapsed_s : 0.0);
  return text;
}

// One run of `syrinx say`: pulls sentences through the resampler into every output.
class Saying {
 public:
  Saying(const SayRequest& request, const Context& context)
      : request_(request), context_(context), started_(steady_clock::now()) {}

  Result<void> run() {
    SYRINX_ASSIGN(OpenText text, open_text(request_.text, "syrinx say"));
    SYRINX_ASSIGN(const tts::TextOptions reading, text_options(request_.text));
    tts::SpeakOptions speak = request_.speak;
    speak.voice_options.allow_paths = true;  // The user's own command.
    speak.input = reading.input;
    speak.lexicons = reading.lexicons;
    speak.lexicon_folder = reading.lexicon_folder;
    SYRINX_ASSIGN(auto stream,
                  tts::SpeechStream::create(std::move(text.source), speak, context_.stop));
    SYRINX_ASSIGN(options_, resolve_output(request_.output, stream.sample_rate_hz()));
    SYRINX_ASSIGN(sinks_, open_outputs(request_.output, options_));
    if (!request_.timings.empty()) {
      SYRINX_ASSIGN(auto timings, TimingsFile::create(request_.timings));
      timings_.emplace(std::move(timings));
    }
    SYRINX_TRY(pump(stream, text.size_bytes));
    for (auto& sink : sinks_) SYRINX_TRY(sink->finish());
    if (timings_) SYRINX_TRY(timings_->finish());
    report_.total_s = seconds_since(started_);
    tell(stream);
    return {};
  }

 private:
  Result<void> pump(tts::SpeechStream& stream, std::optional<std::size_t> size_bytes) {
    Progress progress(!context_.quiet);
    auto tap = std::make_unique<SpeechTap>(
        stream, [this](const tts::SpokenSentence& sentence) { return heard(sentence); });
    SYRINX_ASSIGN(const auto sound,
                  dsp::ResamplingSource::create(std::move(tap), options_.sample_rate_hz));
    AudioBuffer block;
    while (true) {
      const auto before = steady_clock::now();
      SYRINX_ASSIGN(const bool more, sound->next(block, context_.stop));
      report_.synthesis_s += seconds_since(before);
      if (!more) return {};
      for (auto& sink : sinks_) SYRINX_TRY(sink->write(block));
      if (report_.frames == 0) report_.first_audio_s = seconds_since(started_);
      report_.frames += block.frames();
      std::optional<double> share;
      if (size_bytes && *size_bytes > 0)
        share = static_cast<double>(stream.spoken_bytes()) / static_cast<double>(*size_bytes);
      progress.show(share, progress_detail(audio_s(), seconds_since(started_)));
    }
  }

  Result<void> heard(const tts::SpokenSentence& sentence) {
    ++report_.sentences;
    report_.words += sentence.words.size();
    report_.skipped_count += sentence.skipped.size();
    for (const auto& skipped : sentence.skipped) {
      if (report_.skipped.size() < 8) report_.skipped.push_back(skipped);
    }
    if (timings_) return timings_->write(sentence);
    return {};
  }

  double audio_s() const { return static_cast<double>(report_.frames) / options_.sample_rate_hz; }

  void tell(const tts::SpeechStream& stream) const {
    if (report_.skipped_count > 0) note(context_, skipped_sentence());
    if (const std::string notes = markup_notes(stream.markup()); !notes.empty() && !context_.quiet)
      std::fprintf(stderr, "%s", notes.c_str());
    if (stream.clipped_samples() > 0)
      note(context_, std::to_string(stream.clipped_samples()) +
                         " samples were louder than full scale and were clipped; lower --volume");
    if (context_.json) return tell_json(stream);
    if (!context_.quiet) tell_person(stream);
  }

  std::string skipped_sentence() const {
    std::string sentence = std::to_string(report_.skipped_count) + " pieces were not said:";
    for (const auto& skipped : report_.skipped) {
      sentence += " " + skipped.text.substr(0, 40) + (skipped.text.empty() ? "" : " ") + "(byte " +
                  std::to_string(skipped.source.begin) + ", " + skipped.reason + ")";
    }
    return sentence;
  }

  void tell_person(const tts::SpeechStream& stream) const {
    const std::string& path = request_.output.path;
    const std::string where = path.empty() ? "played" : path == "-" ? "standard output" : path;
    std::fprintf(stderr,
                 "%s: %.2f s, %d Hz mono %s, voice %s; made in %.3f s (real-time factor %.4f), "
                 "first sound after %.0f ms\n",
                 where.c_str(), audio_s(), options_.sample_rate_hz,
                 std::string(io::to_string(options_.format)).c_str(), stream.voice().name.c_str(),
                 report_.synthesis_s, report_.synthesis_s / audio_s(),
                 report_.first_audio_s * 1000.0);
  }

  void tell_json(const tts::SpeechStream& stream) const {
    nlohmann::json skipped = nlohmann::json::array();
    for (const auto& item : report_.skipped) {
      skipped.push_back({{"text", item.text},
                         {"source", {item.source.begin, item.source.end}},
                         {"reason", item.reason}});
    }
    print_json({{"file", request_.output.path},
                {"format", io::to_string(options_.format)},
                {"voice", stream.voice().name},
                {"sample_rate_hz", options_.sample_rate_hz},
                {"duration_s", audio_s()},
                {"sentences", report_.sentences},
                {"words", report_.words},
                {"synthesis_s", report_.synthesis_s},
                {"real_time_factor", report_.synthesis_s / audio_s()},
                {"first_audio_s", report_.first_audio_s},
                {"total_s", report_.total_s},
                {"clipped_samples", stream.clipped_samples()},
                {"input", name_of(stream.input())},
                {"skipped_count", report_.skipped_count},
                {"skipped", skipped},
                {"markup", markup_json(stream.markup())}});
  }

  const SayRequest& request_;
  const Context& context_;
  steady_clock::time_point started_;
  io::AudioWriteOptions options_;
  std::vector<std::unique_ptr<AudioSink>> sinks_;
  std::optional<TimingsFile> timings_;
  SayReport report_;
};

Result<void> check_standard_output(const SayRequest& request, const Context& context) {
  const int users =
      (request.output.path == "-") + (request.timings == "-") + (context.json ? 1 : 0);
  if (users > 1)
    return make_error(ErrorCode::kInvalidArgument,
                      "only one of -o -, --timings - and --json can use standard output");
  return {};
}

Result<void> say(SayRequest& request, const Context& context) {
  if (request.output.path.empty() && !request.output.play) request.output.path = kDefaultFile;
  SYRINX_TRY(check_standard_output(request, context));
  return Saying(request, context).run();
}

void add_speech_options(CLI::App& command, SayRequest& request) {
  Prosody& prosody = request.speak.prosody;
  add_text_options(command, request.text);
  command
      .add_option("-V,--voice", request.speak.voice,
                  "Who says it: a name of `syrinx voices`, a mix as a(2)+b, a model's path")
      ->type_name("NAME")
      ->capture_default_str();
  command
      .add_option("--seed", request.speak.voice_options.seed,
                  "The same sound each time, where a network's noise would make it differ")
      ->type_name("NUMBER");
  command
      .add_option("--threads", request.speak.voice_options.threads,
                  "For a voice that is a network [1]")
      ->type_name("COUNT");
  command.add_option("-r,--rate", prosody.rate, "Tempo, 0.25 to 4; pitch stays")
      ->type_name("FACTOR");
  command.add_option("-p,--pitch", prosody.pitch_semitones, "Pitch, -12 to 12; formants stay")
      ->type_name("SEMITONES");
  command
      .add_option("--emotion", request.speak.emotion,
                  "As happy or sad:0.4, heard in rate, pitch and volume: " + text::emotion_list())
      ->type_name("NAME[:0..1]");
  command.add_option("--volume", prosody.volume_db, "Gain, -60 to 24")->type_name("DB");
  command
      .add_option("--paragraph-pause", request.speak.paragraph_pause_s,
                  "Silence between paragraphs, 0 to 10")
      ->type_name("SECONDS")
      ->capture_default_str();
}

void add_output_options(CLI::App& command, SayRequest& request) {
  OutputChoice& output = request.output;
  command.add_option("-o,--output", output.path, "Where to write; - is standard output [say.wav]")
      ->type_name("FILE");
  command
      .add_option("--format", output.format,
                  "wav flac ogg opus mp3 aac m4a m4b aiff raw [by the file name; wav for -]")
      ->type_name("FORMAT");
  command.add_option("--encoding", output.encoding, "int16 int24 int32 float32 [int16]")
      ->type_name("ENCODING");
  command.add_option("--quality", output.quality, "Of lossy formats, 0 (small) to 1 (best)")
      ->type_name("0..1");
  command.add_option("--bitrate", output.bitrate_bps, "Of mp3, aac and opus, in bits per second")
      ->type_name("BPS");
  command.add_option("-s,--sample-rate", output.sample_rate_hz, "Resample to this rate")
      ->type_name("HZ");
  command.add_flag("--dither", output.dither, "Add triangular dither before rounding to integers");
  command.add_flag("--play", output.play, "Play it; with -o as well as writing it");
  command.add_option("--device", output.device, "Where to play (see `syrinx doctor`)")
      ->type_name("NAME");
  command
      .add_option("--timings", request.timings,
                  "Write when each word, character, phoneme and viseme sounds, one JSON object per "
                  "sentence")
      ->type_name("FILE");
}

}  // namespace

void add_say_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("say", "Speak text into a file, a pipe or a loudspeaker");
  auto request = std::make_shared<SayRequest>();  // Shared: CLI11 copies the callback.
  add_speech_options(*command, *request);
  add_output_options(*command, *request);
  add_json_option(*command, context, "what was made, how long it is and how fast it was made");
  command->add_flag("-q,--quiet", context.quiet, "Print errors only");
  command->footer(kFooter);
  command->callback([request, &context] { run(context, [&] { return say(*request, context); }); });
}

}  // namespace syrinx::cli
