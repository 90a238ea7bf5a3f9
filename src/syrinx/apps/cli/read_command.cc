// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/progress.h"
#include "syrinx/apps/cli/say_output.h"
#include "syrinx/apps/cli/text_input.h"
#include "syrinx/apps/cli/text_output.h"
#include "syrinx/engines/tts/assembly.h"
#include "syrinx/engines/tts/read_job.h"
#include "syrinx/engines/tts/voices.h"

namespace syrinx::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::steady_clock;

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx read book.epub                         writes book.m4b, with chapters\n"
    "  syrinx read book.md -o book.mp3 --voice rms\n"
    "  syrinx read play.txt --cast Alice=slt,Bob=rms   lines that begin with [Alice] are hers\n"
    "  syrinx read talk.txt -o talk.wav --captions talk.srt,talk.vtt,talk.json\n"
    "\n"
    "While it works, what is done is kept in OUTPUT.part. However it is ended, the same command\n"
    "goes on from there, and makes the same file as if nothing had happened.";

struct ReadRequest {
  TextChoice text;  // Its file is the book.
  tts::ReadOptions read;
  OutputChoice output;
  std::vector<std::string> cast;
  std::vector<std::string> captions;
  std::string loudness = "-18";
  std::string pace = "even";
  std::string title;
  std::string author;
};

double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

Result<std::vector<tts::CastMember>> parse_cast(const std::vector<std::string>& pairs) {
  std::vector<tts::CastMember> cast;
  for (const std::string& pair : pairs) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size())
      return make_error(ErrorCode::kInvalidArgument, "'", pair,
                        "' is no part of a cast; write NAME=VOICE, as Alice=slt");
    cast.push_back({pair.substr(0, equals), pair.substr(equals + 1)});
  }
  return cast;
}

Result<std::optional<double>> parse_loudness(const std::string& text) {
  if (text == "off") return std::optional<double>();
  double lufs = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), lufs);
  if (failed == std::errc() && end == text.data() + text.size() && std::isfinite(lufs))
    return std::optional<double>(lufs);
  return make_error(ErrorCode::kInvalidArgument, "--loudness is '", text,
                    "'; give LUFS, as -18, or off");
}

json chapters_json(const std::vector<tts::SpokenChapter>& chapters) {
  json list = json::array();
  for (const tts::SpokenChapter& chapter : chapters)
    list.push_back(
        {{"title", chapter.title}, {"begin_s", chapter.begin_s}, {"end_s", chapter.end_s}});
  return list;
}

// One run of `syrinx read`: speaks into the job's folder what is not there yet, then makes the
// file.
class Reading {
 public:
  Reading(ReadRequest& request, const Context& context)
      : request_(request), context_(context), started_(steady_clock::now()) {}

  Result<void> run() {
    SYRINX_TRY(prepare());
    SYRINX_ASSIGN(auto book, tts::Book::open(request_.text.file, book_));
    fill_tags(book);
    const fs::path folder = output_.string() + ".part";
    SYRINX_ASSIGN(auto job,
                  tts::ReadJob::open(std::move(book), folder, request_.read, context_.stop));
    const auto done = speak_and_write(job);
    if (!done && done.error().code == ErrorCode::kCancelled) return interrupted(job);
    SYRINX_TRY(done);
    SYRINX_TRY(job.folder().remove());
    tell(job);
    return {};
  }

 private:
  // Everything that can be wrong with the options is found before the first sentence.
  Result<void> prepare() {
    SYRINX_ASSIGN(const tts::TextOptions reading, text_options(request_.text));
    tts::ReadOptions& read = request_.read;
    read.speak.lexicons = reading.lexicons;
    SYRINX_ASSIGN(read.cast, parse_cast(request_.cast));
    read.even_pace = request_.pace == "even";
    SYRINX_ASSIGN(const std::string lexicons, lexicon_digest(request_.text));
    read.identity = {{"lexicons", lexicons}, {"program", "syrinx " SYRINX_VERSION}};
    book_.input = reading.input;
    for (const tts::CastMember& member : read.cast) book_.speakers.push_back(member.name);
    output_ = request_.output.path;
    if (output_.empty()) output_ = fs::path(request_.text.file).stem().string() + ".m4b";
    request_.output.path = output_.string();
    SYRINX_ASSIGN(assembly_.write, resolve_output(request_.output, kUsualRateHz));
    if (!request_.output.sample_rate_hz) assembly_.write.sample_rate_hz = 0;
    SYRINX_ASSIGN(assembly_.loudness_lufs, parse_loudness(request_.loudness));
    assembly_.output = output_;
    assembly_.captions.assign(request_.captions.begin(), request_.captions.end());
    SYRINX_TRY(tts::check_options(assembly_));
    return check_places();
  }

  // Nothing that is written may be what is read.
  Result<void> check_places() const {
    std::error_code ignored;
    std::vector<fs::path> written = assembly_.captions;
    written.push_back(output_);
    for (const fs::path& path : written) {
      if (fs::equivalent(path, request_.text.file, ignored))
        return make_error(ErrorCode::kInvalidArgument, "'", path.string(),
                          "' is the book itself; choose another name by -o");
    }
    if (output_ == "-")
      return make_error(ErrorCode::kInvalidArgument,
                        "a book goes into a file, not to standard output; `syrinx say -f` streams");
    return {};
  }

  void fill_tags(const tts::Book& book) {
    if (!io::supports_tags(assembly_.write.format)) return;
    io::AudioTags& tags = assembly_.write.tags;
    tags.title = !request_.title.empty() ? request_.title : book.title();
    if (tags.title.empty()) tags.title = fs::path(request_.text.file).stem().string();
    tags.author = !request_.author.empty() ? request_.author : book.author();
    tags.narrator = request_.read.speak.voice;
    tags.genre = "Audiobook";
    for (const auto& voice : tts::available_voices()) {
      if (voice.name == request_.read.speak.voice) tags.language = voice.language;
    }
  }

  Result<void> speak_and_write(tts::ReadJob& job) {
    SYRINX_TRY(speak(job));
    Progress progress(!context_.quiet);
    SYRINX_ASSIGN(
        report_,
        tts::assemble(
            job.folder(), job.book(), assembly_,
            [&](const char* doing, double share) { progress.show(share, doing); }, context_.stop));
    return {};
  }

  Result<void> speak(tts::ReadJob& job) {
    Progress progress(!context_.quiet);
    const double before = job.share();
    const auto frames_before = job.folder().frames();
    if (job.resumed_sentences() > 0)
      note(context_, "going on after sentence " + std::to_string(job.resumed_sentences()));
    const auto start = steady_clock::now();
    while (true) {
      SYRINX_ASSIGN(const bool more, job.step(context_.stop));
      speaking_s_ = seconds_since(start);
      spoken_s_ = static_cast<double>(job.folder().frames() - frames_before) /
                  job.folder().sample_rate_hz();
      if (!more) return {};
      const double rest = 1.0 - before;
      progress.show(rest > 0 ? (job.share() - before) / rest : 1.0, detail(job));
    }
  }

  std::string detail(tts::ReadJob& job) const {
    char text[120];
    const double made_s =
        static_cast<double>(job.folder().frames()) / job.folder().sample_rate_hz();
    std::snprintf(text, sizeof text, "%zu sentences, %.1f min, %.0f times real time",
                  job.folder().records(), made_s / 60,
                  speaking_s_ > 0 ? spoken_s_ / speaking_s_ : 0.0);
    return text;
  }

  Error interrupted(tts::ReadJob& job) const {
    const auto kept = job.folder().sync();
    if (!kept) return kept.error();
    return make_error(ErrorCode::kCancelled, "stopped after ", job.folder().records(),
                      " sentences, which are kept in '", job.folder().path().string(),
                      "'; run the same command again to go on");
  }

  void tell(const tts::ReadJob& job) const {
    const auto markup = job.markup();
    if (const std::string notes = markup_notes(markup); !notes.empty() && !context_.quiet)
      std::fprintf(stderr, "%s", notes.c_str());
    if (report_.skipped > 0)
      note(context_, std::to_string(report_.skipped) +
                         " pieces of the text were not said; `syrinx text` shows which and why");
    if (report_.chapters.size() > 1 && !io::supports_tags(assembly_.write.format))
      note(context_, std::string(io::to_string(assembly_.write.format)) +
                         " files carry no chapters; the JSON captions and --json list them");
    if (context_.json) return tell_json(job);
    if (!context_.quiet) tell_person();
  }

  void tell_person() const {
    const auto minutes = static_cast<long>(report_.duration_s / 60);
    std::fprintf(stderr,
                 "%s: %ld min %.0f s, %zu chapters, %zu sentences, %.1f LUFS, %d Hz mono %s; "
                 "made in %.1f s\n",
                 output_.c_str(), minutes, report_.duration_s - static_cast<double>(minutes) * 60,
                 report_.chapters.size(), report_.sentences, report_.loudness_lufs,
                 report_.sample_rate_hz, std::string(io::to_string(assembly_.write.format)).c_str(),
                 seconds_since(started_));
  }

  void tell_json(const tts::ReadJob& job) const {
    const auto finite = [](double value) { return std::isfinite(value) ? json(value) : json(); };
    print_json({{"file", output_.string()},
                {"format", io::to_string(assembly_.write.format)},
                {"sample_rate_hz", report_.sample_rate_hz},
                {"duration_s", report_.duration_s},
                {"chapters", chapters_json(report_.chapters)},
                {"chapters_in_file", io::supports_tags(assembly_.write.format)},
                {"sentences", report_.sentences},
                {"resumed_sentences", job.resumed_sentences()},
                {"words", report_.words},
                {"skipped_count", report_.skipped},
                {"loudness_lufs", finite(report_.loudness_lufs)},
                {"true_peak_dbtp", finite(report_.true_peak_dbtp)},
                {"voice_gain_db", report_.voice_gain_db},
                {"voice_pace", job.paces()},
                {"speaking_s", speaking_s_},
                {"real_time_factor", finite(spoken_s_ > 0 ? speaking_s_ / spoken_s_ : NAN)},
                {"total_s", seconds_since(started_)},
                {"captions", request_.captions},
                {"markup", markup_json(job.markup())}});
  }

  static constexpr int kUsualRateHz = 24'000;  // To check the format's options with.

  ReadRequest& request_;
  const Context& context_;
  steady_clock::time_point started_;
  fs::path output_;
  tts::BookOptions book_;
  tts::AssemblyOptions assembly_;
  tts::AssemblyReport report_;
  double speaking_s_ = 0;
  double spoken_s_ = 0;
};

void add_voice_options(CLI::App& command, ReadRequest& request) {
  tts::ReadOptions& read = request.read;
  command.add_option("-V,--voice", read.speak.voice, "Who reads (see `syrinx voices`)")
      ->type_name("NAME")
      ->capture_default_str();
  command.add_option("--cast", request.cast, "Who speaks the lines that begin with [NAME]")
      ->type_name("NAME=VOICE,...")
      ->delimiter(',');
  command.add_option("-r,--rate", read.speak.prosody.rate, "Tempo, 0.25 to 4; pitch stays")
      ->type_name("FACTOR");
  command
      .add_option("--pace", request.pace,
                  "even: all of a cast talk as fast as --voice does; own: each as it likes")
      ->type_name("KIND")
      ->check(CLI::IsMember({"even", "own"}))
      ->capture_default_str();
  command
      .add_option("-p,--pitch", read.speak.prosody.pitch_semitones,
                  "Pitch, -12 to 12; formants stay")
      ->type_name("SEMITONES");
  command.add_option("--sentence-pause", read.pauses.sentence, "Silence after a sentence")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  command.add_option("--paragraph-pause", read.pauses.paragraph, "Silence after a paragraph")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  command.add_option("--chapter-pause", read.pauses.chapter, "Silence before a chapter")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
}

void add_file_options(CLI::App& command, ReadRequest& request) {
  OutputChoice& output = request.output;
  command.add_option("-o,--output", output.path, "Where to write [the book's name, .m4b]")
      ->type_name("FILE");
  command.add_option("--format", output.format, "m4b m4a mp3 opus ogg flac aac wav aiff [by name]")
      ->type_name("FORMAT");
  command.add_option("--quality", output.quality, "Of lossy formats, 0 (small) to 1 (best)")
      ->type_name("0..1");
  command.add_option("--bitrate", output.bitrate_bps, "Of lossy formats, in bits per second")
      ->type_name("BPS");
  command.add_option("-s,--sample-rate", output.sample_rate_hz, "Resample to this rate")
      ->type_name("HZ");
  command.add_option("--loudness", request.loudness, "Bring it to this loudness, or off")
      ->type_name("LUFS")
      ->capture_default_str();
  command
      .add_option("--captions", request.captions,
                  "Also write the author's words with their times: .srt .vtt .json")
      ->type_name("FILE,...")
      ->delimiter(',');
  command.add_option("--title", request.title, "The file's title [the book's]")->type_name("TEXT");
  command.add_option("--author", request.author, "Who wrote it [the book's]")->type_name("TEXT");
}

void add_input_options(CLI::App& command, ReadRequest& request) {
  TextChoice& text = request.text;
  command.add_option("book", text.file, "The book: .epub, .txt, .md, .html or .ssml")
      ->type_name("FILE")
      ->required();
  command.add_option("--input", text.input, "What the text is written in: auto plain markdown ...")
      ->type_name("KIND")
      ->capture_default_str();
  command.add_option("--lexicon", text.lexicons, "A lexicon to ask first; several in order")
      ->type_name("FILE");
  command.add_flag("--no-user-lexicons", text.no_user_lexicons,
                   "Leave out what `syrinx lexicon` keeps");
  command.add_flag("--restart", request.read.restart,
                   "Throw away what an unfinished run has made, and begin anew");
}

}  // namespace

void add_read_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("read", "Read a book aloud into a file with chapters");
  auto request = std::make_shared<ReadRequest>();  // Shared: CLI11 copies the callback.
  add_input_options(*command, *request);
  add_voice_options(*command, *request);
  add_file_options(*command, *request);
  add_json_option(*command, context, "what was made: chapters, loudness, how fast");
  command->add_flag("-q,--quiet", context.quiet, "Print errors only");
  command->footer(kFooter);
  command->callback(
      [request, &context] { run(context, [&] { return Reading(*request, context).run(); }); });
}

}  // namespace syrinx::cli
