// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <set>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/convert_job.h"
#include "syrinx/apps/cli/convert_like.h"
#include "syrinx/apps/cli/convert_sound.h"
#include "syrinx/apps/cli/file_jobs.h"
#include "syrinx/apps/cli/output_folder.h"
#include "syrinx/apps/cli/page_file.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "  syrinx convert in.wav -o out.wav --pitch +4                four semitones up\n"
    "  syrinx convert in.wav -o out.wav --pitch 4 --formant 1.15  and a shorter vocal tract\n"
    "  syrinx convert in.wav -o out.wav --speed 0.9               slower, at the same pitch\n"
    "  syrinx convert song.flac -o out.flac --tool phase-vocoder --pitch -2   music, a street\n"
    "  syrinx convert in.wav -o out.wav --to female               male, child, senior\n"
    "  syrinx convert in.wav -o out/ --to male,child,senior       several, in a folder\n"
    "  syrinx convert in/ -o out/ --format wav --age 70           whole folders, or *.flac\n"
    "  syrinx convert in.wav -o out.wav --like ref.wav ref2.wav   like whom these hold\n"
    "  syrinx convert in.wav -o out.wav --like ref.wav --improve --page p.html   and how well\n"
    "  syrinx convert in.wav -o out.wav --like ref.wav --breath 0.3 --mode low   and breathier\n"
    "  syrinx convert in.wav -o out.wav --morph a.wav:0.7,b.wav:0.3   between two voices\n"
    "  syrinx convert in.wav -o out.wav --whisper 1               --breath, --rough, --tremor\n"
    "  syrinx say Hello -o - | syrinx convert - -o - --pitch -3 > low.wav\n"
    "  syrinx convert in.wav -o out.wav --pitch 4 --measure --json  and how good it is\n"
    "  syrinx convert in.wav -o out.wav --to male --improve         and what measures better\n"
    "  syrinx convert in.wav -o out/ --to male,child --page p.html  to look at and listen to\n"
    "  syrinx convert in.wav -o out.wav --style ref.wav --keep identity   in the manner of ref\n"
    "  syrinx convert in.wav -o out.wav --emotion neutral..happy:0.8      little by little\n"
    "\n"
    "--to and --age measure the pitch of the voice first, and take it to what is usual for the\n"
    "target; --pitch and --formant then come on top. With --like they do, too, and so do --tilt,\n"
    "--breath and the others of a voice's manner. Pitch is moved by grains of two periods of the\n"
    "voice, which keeps formants and lets consonants without pitch pass untouched.\n"
    "Modes differ in how far they look ahead: low < 25 ms, balanced < 50 ms, high < 100 ms. The\n"
    "output is in time with the input, and as long divided by the speed.";

struct ConvertRequest {
  std::vector<std::string> inputs;
  std::vector<std::string> targets;
  std::string mode = "high";
  std::string tool = "grains";
  std::string link = "linked";
  std::string keep;
  std::string page;
  std::size_t threads = 0;
  LikeWish like;                              // Whom to sound like,
  std::optional<voice::VoiceProfile> target;  // and that voice, once it is known.
  ConvertJob job;  // All but input and target; the output may be a folder.
};

Result<void> check_page(const ConvertRequest& request, std::size_t results) {
  if (request.page.empty()) return {};
  if (request.inputs.size() > 1 || results > conversion::kMostPageResults)
    return make_error(ErrorCode::kInvalidArgument, "a page is about one sound and up to ",
                      conversion::kMostPageResults, " results; ", request.inputs.size(),
                      " sounds and ", results, " results were asked for");
  if (request.page == "-" && request.job.output == "-")
    return make_error(ErrorCode::kInvalidArgument,
                      "--page - and -o - would both go to standard output; name a file for one");
  return check_not_input(request.page, request.inputs);
}

Result<void> check_keep(const ConvertRequest& request) {
  const VoiceWish& wish = request.job.wish;
  const bool has_target = !request.targets.empty() || wish.age;
  const bool of_something =
      has_target || request.like.given() || !wish.emotion.empty() || !request.job.style.empty();
  if (request.keep.empty()) return {};
  if (!of_something)
    return make_error(ErrorCode::kInvalidArgument,
                      "--keep says what a target, an emotion, a style or another voice leaves as "
                      "it is; give --to, --age, --emotion, --style or --like");
  if (request.keep == "identity" && (has_target || request.like.given()))
    return make_error(ErrorCode::kInvalidArgument,
                      "--to, --age, --like and --morph are there to change the identity; --keep "
                      "identity goes with --style and --emotion");
  if (!wish.emotion.empty() && emotions_change(wish.emotion))
    return make_error(ErrorCode::kInvalidArgument,
                      "--keep does not go with emotions that change over time");
  return {};
}

Result<void> check(const ConvertRequest& request) {
  if (request.inputs.empty() || request.job.output.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "give the sound to change and -o FILE (or -o FOLDER/); see --help");
  const std::size_t results =
      request.inputs.size() * std::max<std::size_t>(1, request.targets.size());
  if (results > 1 && !is_folder(request.job.output))
    return make_error(ErrorCode::kInvalidArgument, "this makes ", results,
                      " sounds; -o must then be a folder, as ", request.job.output, "/");
  if (!request.targets.empty() && request.job.wish.age)
    return make_error(ErrorCode::kInvalidArgument,
                      "--to and --age both name a target; give one of them");
  SYRINX_TRY(check_page(request, results));
  return check_keep(request);
}

Result<std::vector<ConvertJob>> jobs_of(const ConvertRequest& request) {
  SYRINX_TRY(check(request));
  const bool folder = is_folder(request.job.output);
  const std::vector<std::string> targets =
      request.targets.empty() ? std::vector<std::string>{""} : request.targets;
  std::vector<ConvertJob> jobs;
  std::set<std::string> names;
  for (const std::string& input : request.inputs) {
    for (const std::string& target : targets) {
      ConvertJob job = request.job;
      job.input = input;
      job.wish.target = target;
      if (folder)
        job.output = name_in_folder(request.job.output, input, request.job.format,
                                    targets.size() > 1 ? target : "");
      if (!names.insert(job.output).second) return same_output_error(job.output);
      jobs.push_back(std::move(job));
    }
  }
  if (folder) SYRINX_TRY(make_folder(request.job.output));
  return jobs;
}

Result<ConvertDone> change(const ConvertRequest& request, const ConvertJob& job,
                           const ShowProgress& show, const std::stop_token& stop) {
  if (!request.target) return convert_file(job, show, stop);
  if (job.measure || job.improve || job.keep_sounds)
    return convert_like_judged(job, request.like, *request.target, show, stop);
  return convert_like(job, request.like, *request.target, show, stop);
}

void tell(const Context& context, const ConvertJob& job, const ConvertDone& done) {
  tell_fitted_rate(context, job.output, done.written);
  if (done.clipped_samples > 0)
    note(context, job.output + ": " + std::to_string(done.clipped_samples) +
                      " samples were beyond full scale and are cut off; take --encoding float32, "
                      "or lower the input with syrinx fx --gain");
  if (done.repaired_samples > 0)
    note(context, job.input + ": " + std::to_string(done.repaired_samples) +
                      " samples were not numbers and are silent now");
  if (done.truncated)
    note(context, job.input + " ends before its header's promise; what is there was used");
}

// All results of the one source, side by side.
Result<void> write_conversion_page(const ConvertRequest& request,
                                   const std::vector<ConvertHeard>& heard,
                                   const std::vector<std::string>& names) {
  std::vector<conversion::PageResult> results;
  for (std::size_t i = 0; i < heard.size(); ++i) {
    const ConvertHeard& one = heard[i];
    results.push_back({names[i], one.result, one.speed, one.asked, one.measured, one.grades,
                       one.tries, one.notes});
  }
  SYRINX_ASSIGN(const std::string html,
                conversion::conversion_page(request.inputs.front(), heard.front().source, results));
  return write_page(request.page, html);
}

// As a column of a page is called.
std::string name_of(const ConvertJob& job) {
  if (!job.wish.target.empty()) return job.wish.target;
  return job.output == "-" ? "result" : job.output;
}

Result<void> run_convert(ConvertRequest& request, Context& context) {
  auto& transform = request.job.options.transform;
  SYRINX_ASSIGN(transform.mode, conversion::parse_mode(request.mode));
  SYRINX_ASSIGN(request.job.options.tool, conversion::parse_tool(request.tool));
  SYRINX_ASSIGN(transform.link, conversion::parse_channel_link(request.link));
  if (!request.keep.empty()) {
    SYRINX_ASSIGN(request.job.keep, conversion::parse_keep(request.keep));
    if (request.like.given()) request.like.options.keep_melody = true;
  }
  request.job.keep_sounds = !request.page.empty();
  SYRINX_ASSIGN(const auto jobs, jobs_of(request));
  if (context.json && (request.job.output == "-" || request.page == "-"))
    return make_error(ErrorCode::kInvalidArgument, "--json and ",
                      request.page == "-" ? "--page -" : "-o -",
                      " would both go to standard output; leave one out");
  if (request.like.given()) {
    SYRINX_ASSIGN(request.target, wished_voice(request.like, context.stop));
  }
  std::vector<std::optional<Result<ConvertDone>>> results(jobs.size());
  run_side_by_side(jobs.size(), request.threads, context,
                   [&](std::size_t i, const ShowProgress& show) {
                     results[i] = change(request, jobs[i], show, context.stop);
                   });
  nlohmann::json files = nlohmann::json::array();
  std::vector<ConvertHeard> heard;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    Result<ConvertDone>& done = *results[i];
    if (!done) {
      const Error error = jobs.size() == 1 ? done.error()
                                           : make_error(done.error().code, jobs[i].input, ": ",
                                                        done.error().message);
      context.exit_code = report_error(context, error);
      if (error.code == ErrorCode::kCancelled) break;
      continue;
    }
    tell(context, jobs[i], *done);
    if (request.like.given()) tell_likeness(context, done->report);
    files.push_back(done->report);
    if (!done->heard) continue;
    heard.push_back(std::move(*done->heard));
    names.push_back(name_of(jobs[i]));
  }
  if (!heard.empty()) SYRINX_TRY(write_conversion_page(request, heard, names));
  if (context.json && !files.empty()) print_json({{"files", files}});
  return {};
}

void add_voice_options(CLI::App& command, VoiceWish& wish, double& speed) {
  const auto add = [&](const char* name, auto& value, const char* help, const char* unit) {
    command.add_option(name, value, help)->type_name(unit)->group("Voice");
  };
  add("--pitch", wish.pitch_semitones, "Semitones up or down, -24 to 24", "SEMITONES");
  add("--formant", wish.formant_ratio, "Formants times this, 0.5 to 2: above 1 a smaller speaker",
      "RATIO");
  add("--speed", speed, "Faster or slower at the same pitch, 0.25 to 4", "RATIO");
  add("--age", wish.age, "As at this age, 4 to 95, of the sex that the pitch is nearer to",
      "YEARS");
  add("--f0", wish.f0,
      "How F0 is found for --to and --age: streaming, or swift by its network (SwiftF0)", "METHOD");
  add("--emotion", wish.emotion,
      "happy, angry, sad, fearful, calm or bored, as happy:0.6: pitch, melody, pace and colour; "
      "neutral..happy:0.8, or a file of lines as 12.5 happy:0.8, without pace",
      "EMOTION");
  add("--intonation", wish.intonation, "The melody's range times this: 0 is a monotone, to 3",
      "RATIO");
  add("--tilt", wish.tilt_db_per_octave, "dB per octave around 1 kHz, -12 (dark) to 12", "DB");
  add("--breath,--breathiness", wish.breathiness, "Breathiness, 0 to 1", "SHARE");
  add("--rough,--roughness", wish.roughness, "Roughness, 0 to 1", "SHARE");
  add("--aspiration", wish.aspiration,
      "Noise between the harmonics of a raised voice, 0 to 1 [0.35]: it is understood better, 0 is "
      "clearer",
      "SHARE");
  add("--whisper", wish.whisper, "Whisper in place of the voice, 0 to 1", "SHARE");
  add("--tremor", wish.tremor_semitones, "The pitch trembles by so much, 0 to 3", "SEMITONES");
  add("--tremor-rate", wish.tremor_hz, "So often in a second, 0.5 to 12 [5]", "HZ");
}

// How it is changed, and how the result is written.
void add_way_options(CLI::App& command, ConvertRequest& request) {
  command.add_option("--mode", request.mode, "How far to look ahead: low, balanced, high [high]")
      ->type_name("MODE");
  command
      .add_option("--tool", request.tool,
                  "grains (one voice) or phase-vocoder (anything: music, several voices) [grains]")
      ->type_name("TOOL");
  command
      .add_option("--channels", request.link,
                  "linked (one voice on all), independent (a talker on each), mid-side [linked]")
      ->type_name("LINK");
  add_format_options(command, request.job);
}

// What would not be done with another voice: another target, another pace. Without one, what says
// how far to go to it says nothing. Errors: kInvalidArgument.
Result<void> check_likeness(const CLI::App& command, const ConvertRequest& request) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() == 0) continue;
    const std::string name = option->get_name();
    const bool of_likeness = name == "--amount" || name == "--exemplars" || name == "--mixture" ||
                             name == "--network" || name == "--network-weights" ||
                             name == "--keep-melody";
    if (!request.like.given() && of_likeness)
      return make_error(ErrorCode::kInvalidArgument, name,
                        " says nothing without --like or --morph");
    const bool left_out = name == "--tool" || name == "--to" || name == "--age" || name == "--f0" ||
                          name == "--emotion" || name == "--style" || name == "--speed";
    if (request.like.given() && left_out)
      return make_error(ErrorCode::kInvalidArgument, name,
                        " does not go with --like and --morph; change the result once more");
  }
  return {};
}

}  // namespace

void add_convert_command(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("convert", "Change a voice: pitch, formants, speed, age, manner");
  auto request = std::make_shared<ConvertRequest>();
  command
      ->add_option("files", request->inputs,
                   "The voices to change, or folders of them; - for standard input")
      ->type_name("FILE");
  command
      ->add_option("-o,--output", request->job.output,
                   "Where to write: a file, a folder, or - for standard output")
      ->type_name("FILE");
  command
      ->add_option("--to", request->targets,
                   "Towards what is usual for: female, male, child, senior; several by commas")
      ->delimiter(',')
      ->type_name("TARGET")
      ->group("Voice");
  add_voice_options(*command, request->job.wish, request->job.options.speed);
  command
      ->add_option("--style", request->job.style,
                   "Speak as this sound does: its pitch, melody, pace and dynamics")
      ->type_name("FILE")
      ->group("Voice");
  command
      ->add_option("--keep", request->keep,
                   "What stays: prosody (pace, melody, dynamics) or identity (pitch's level, "
                   "formants)")
      ->type_name("WHAT");
  add_like_targets(*command, request->like);
  add_like_options(*command, request->like);
  add_way_options(*command, *request);
  command->add_flag("--measure", request->job.measure,
                    "Judge the result: pitch, formants, artifacts, predicted MOS (with --json)");
  command->add_flag("--improve", request->job.improve,
                    "Judge the result, try gentler and mended ones, keep what measures better");
  command
      ->add_option("--page", request->page,
                   "Write a page to look at and listen to: source and results; - for standard "
                   "output")
      ->type_name("FILE");
  add_threads_option(*command, request->threads);
  command->add_flag("-q,--quiet", context.quiet, "No progress, no notes, errors only");
  add_json_option(*command, context,
                  "{\"files\": [{settings, source_f0, latency_ms, quality, improved, style}]}");
  command->footer(kFooter);
  command->callback([request, command, &context] {
    run(context, [&]() -> Result<void> {
      SYRINX_TRY(check_likeness(*command, *request));
      take_references(request->like, &request->inputs);
      SYRINX_ASSIGN(request->inputs, with_folders_opened(request->inputs));
      return run_convert(*request, context);
    });
  });
}

}  // namespace syrinx::cli
