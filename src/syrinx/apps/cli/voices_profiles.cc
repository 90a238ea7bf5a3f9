// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/voices_profiles.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

#include "syrinx/apps/cli/convert_like.h"
#include "syrinx/apps/cli/progress.h"
#include "syrinx/stages/voice/profile/profile_file.h"

namespace syrinx::cli {
namespace {

struct ProfileRequest {
  std::string name;
  std::string other;
  std::vector<std::string> files;
  std::string consent;
  bool replace = false;
  std::string input;
  std::string output;
  LikeWish wish;
};

// A voice belongs to somebody: what they agreed to is kept with it.
Result<std::string> consent_of(const ProfileRequest& request, const Context& context) {
  if (!request.consent.empty()) return request.consent;
  if (::isatty(STDIN_FILENO) == 0 || context.quiet)
    return make_error(ErrorCode::kInvalidArgument, "nobody is here to say what the speaker of '",
                      request.name, "' agreed to; say it with --consent TEXT");
  std::fprintf(stderr,
               "A voice belongs to its speaker. Who is it, and how did they agree to its use?\n> ");
  std::string answer;
  std::getline(std::cin, answer);
  if (!answer.empty()) return answer;
  return make_error(ErrorCode::kCancelled, "without consent nothing was learnt");
}

void print_voice(const voice::VoiceProfile& profile) {
  std::printf("%-16s F0 %.0f Hz, tilt %.1f dB/octave, from %.1f s of voiced speech; consent: %s\n",
              profile.name.c_str(), profile.f0_hz(), profile.tilt_db_per_octave(), profile.speech_s,
              profile.consent.c_str());
}

Result<void> learn(const ProfileRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto path, voice::user_profile_path(request.name));
  if (std::filesystem::exists(path) && !request.replace)
    return make_error(ErrorCode::kInvalidArgument, "the voice '", request.name,
                      "' is learnt already; take another name, or --replace");
  SYRINX_ASSIGN(const std::string consent, consent_of(request, context));
  SYRINX_ASSIGN(auto profile, learn_files(request.files, request.name, context.stop));
  profile.consent = consent;
  std::error_code failed;
  std::filesystem::create_directories(path.parent_path(), failed);
  if (failed)
    return make_error(ErrorCode::kIo, "cannot make the folder ", path.parent_path().string(), ": ",
                      failed.message());
  SYRINX_TRY(voice::write_profile(path, profile));
  auto document = voice_json(profile);
  document["file"] = path.string();
  if (context.json) print_json(document);
  if (!context.json) print_voice(profile);
  note(context, "kept in " + path.string());
  return {};
}

Result<void> compare(const ProfileRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto a, voice_of(request.name));
  SYRINX_ASSIGN(const auto b, voice_of(request.other));
  const auto apart = voices_apart_json(a, b);
  if (context.json) {
    print_json({{"a", voice_json(a)}, {"b", voice_json(b)}, {"apart", apart}});
    return {};
  }
  print_voice(a);
  print_voice(b);
  std::printf("pitch        %+.1f semitones, its spread times %.2f\n",
              apart["f0_semitones"].get<double>(), apart["f0_spread_ratio"].get<double>());
  std::printf("spectrum     %.1f dB apart where voiced, %.1f dB elsewhere\n",
              apart["mcd_db"].get<double>(), apart["unvoiced_mcd_db"].get<double>());
  std::printf("formants     times %.2f\n", apart["formant_ratio"].get<double>());
  std::printf("tilt         %+.1f dB/octave\n", apart["tilt_db_per_octave"].get<double>());
  std::printf("similarity   %.2f of 1, by the statistics of pitch and spectrum alone\n",
              apart["similarity"].get<double>());
  if (apart["speaker_similarity"].is_number())
    std::printf("speakers     %.2f of 1, by the vectors of the conversion network\n",
                apart["speaker_similarity"].get<double>());
  return {};
}

Result<void> make_like(const ProfileRequest& request, const Context& context) {
  ConvertJob job;
  job.input = request.input;
  job.output = request.output;
  job.options.transform.mode = conversion::Mode::kHigh;
  SYRINX_ASSIGN(const auto target, wished_voice(request.wish, context.stop));
  Progress progress(!context.quiet);
  const ShowProgress show = [&](double share, const std::string& what) {
    progress.show(share, what);
  };
  SYRINX_ASSIGN(const auto done, convert_like(job, request.wish, target, show, context.stop));
  if (context.json) print_json(done.report);
  tell_fitted_rate(context, job.output, done.written);
  tell_likeness(context, done.report);
  return {};
}

Result<void> list_learnt(const ProfileRequest&, const Context& context) {
  SYRINX_ASSIGN(const auto names, voice::user_profile_names());
  nlohmann::json list = nlohmann::json::array();
  for (const std::string& name : names) {
    const auto profile = voice_of(name);
    if (!profile) {
      note(context, profile.error().message);
      continue;
    }
    list.push_back(voice_json(*profile));
    if (!context.json) print_voice(*profile);
  }
  if (context.json) print_json({{"voices", list}});
  return {};
}

void add_like_command(CLI::App& like, ProfileRequest& request) {
  like.add_option("file", request.input, "The sound to change")->required();
  like.add_option("-o,--output", request.output, "The sound file to write")
      ->type_name("FILE")
      ->required();
  like.add_option("--to", request.wish.references,
                  "Whom to sound like: a learnt voice, or sound files of one")
      ->type_name("VOICE");
  like.add_option("--morph", request.wish.morph, "Between voices, as a.wav:0.7,anna:0.3")
      ->type_name("VOICES");
  add_like_options(like, request.wish);
}

}  // namespace

void add_profile_commands(CLI::App& voices, Context& context) {
  auto request = std::make_shared<ProfileRequest>();
  const auto sub = [&](const char* name, const char* says, auto body) {
    CLI::App* one = voices.add_subcommand(name, says);
    add_json_option(*one, context, "what was done or found");
    one->add_flag("-q,--quiet", context.quiet, "Print errors only");
    one->callback(
        [request, &context, body] { run(context, [&] { return body(*request, context); }); });
    return one;
  };
  CLI::App* learnt = sub("learn", "Learn a voice from recordings, to make others like it", learn);
  learnt->add_option("name", request->name, "What you will call it")->required();
  learnt->add_option("files", request->files, "Recordings of it: ten seconds or more")->required();
  learnt->add_option("--consent", request->consent, "Who the speaker is and how they agreed")
      ->type_name("TEXT");
  learnt->add_flag("--replace", request->replace, "Take the place of a voice of that name");
  CLI::App* pair = sub("compare", "How two voices differ: learnt ones, or files", compare);
  pair->add_option("a", request->name, "A learnt voice or a sound file")->required();
  pair->add_option("b", request->other, "Another")->required();
  add_like_command(*sub("like", "Make a recording sound like another voice", make_like), *request);
  sub("learnt", "The voices that were learnt, and who agreed to them", list_learnt);
}

}  // namespace syrinx::cli
