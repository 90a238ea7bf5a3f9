// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/live_like.h"

#include <cstdio>
#include <utility>

#include "syrinx/apps/cli/convert_like.h"

namespace syrinx::cli {

void add_live_like_options(CLI::App& command, LiveRequest& request) {
  add_like_targets(command, request.like);
  add_like_options(command, request.like);
  command
      .add_option("--source", request.source,
                  "Your own voice, for --like and --morph: a sound file or a learnt voice's name "
                  "[learnt while you speak]")
      ->type_name("FILE")
      ->group(kLikeGroup);
}

Result<void> check_live_like(const CLI::App& command, const LiveRequest& request) {
  const bool is_like = request.like.given();
  for (const char* name : {"--source", "--amount", "--network", "--network-weights", "--exemplars",
                           "--mixture", "--keep-melody"}) {
    if (!is_like && command.get_option(name)->count() > 0)
      return make_error(ErrorCode::kInvalidArgument, name,
                        " says nothing without --like or --morph");
  }
  if (!is_like) return {};
  const char* given = request.like.morph.empty() ? "--like" : "--morph";
  for (const char* name : {"--to", "--age"}) {
    if (command.get_option(name)->count() > 0)
      return make_error(ErrorCode::kInvalidArgument, given, " and ", name,
                        " are two targets; give ", name, " for a kind of voice, or ", given,
                        " for the voice of a recording");
  }
  if (command.get_option("--source-f0")->count() > 0)
    return make_error(ErrorCode::kInvalidArgument, "--source-f0 is too little for ", given,
                      ", which wants all of your voice; give --source, or leave it out to have it "
                      "learnt while you speak");
  return {};
}

Result<std::shared_ptr<conversion::LiveLikeness>> live_likeness(const LiveRequest& request,
                                                                int sample_rate_hz,
                                                                const std::stop_token& stop) {
  if (!request.like.given()) return std::shared_ptr<conversion::LiveLikeness>();
  conversion::LiveLikenessOptions options;
  SYRINX_ASSIGN(options.like, like_options(request.like));
  options.sample_rate_hz = sample_rate_hz;
  SYRINX_ASSIGN(options.target, wished_voice(request.like, stop));
  if (!request.source.empty()) {
    SYRINX_ASSIGN(options.source, voice_of(request.source));
  } else if (request.at_once()) {
    SYRINX_ASSIGN(options.source, learn_files({request.input_file}, "the source", stop));
  }
  return conversion::LiveLikeness::create(std::move(options));
}

nlohmann::json to_json(const conversion::LiveLikeness& likeness, const LiveRequest& request) {
  const bool given = !request.source.empty() || request.at_once();
  return {{"target", voice_json(likeness.target())},
          {"amount", request.like.options.amount},
          {"source", given ? "given" : conversion::to_string(likeness.known())},
          {"voiced_s", likeness.voiced_s()}};
}

std::string learning_line(const conversion::LiveLikeness& likeness) {
  if (likeness.known() == conversion::SourceKnowledge::kVoice) return {};
  char heard[64];
  std::snprintf(heard, sizeof heard, "  learning your voice: %.1f of %.0f s", likeness.voiced_s(),
                conversion::kVoiceKnownS);
  return heard;
}

}  // namespace syrinx::cli
