// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/apps/cli/convert_job.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/io/audio_format.h"
#include "syrinx/engines/conversion/like/sound_like.h"

// One voice made to sound like another, from a file to a file.
namespace syrinx::cli {

// Whom a voice is to sound like.
struct LikeWish {
  std::vector<std::string> references;  // Sound files of one voice, or one learnt voice's name.
  std::string morph;  // "a.wav:0.7,anna:0.3": files or learnt voices, with weights.
  voice::LikeOptions options;
  std::string network_weights;  // A file of them; "" for the built-in network.

  bool given() const noexcept { return !references.empty() || !morph.empty(); }
};

inline constexpr const char* kLikeGroup = "Another voice";  // Of options, in the help.

// Adds --like and --morph. What follows --like has to go through take_references() once.
void add_like_targets(CLI::App& command, LikeWish& wish);
// Tells references from what is to be changed: of `--like a.wav b.wav` both are references where
// inputs stand elsewhere or there is no place for any (null); otherwise b.wav is an input. Commas
// part references, too, and so does another --like.
void take_references(LikeWish& wish, std::vector<std::string>* inputs);
// Adds --amount, --network, --network-weights, --exemplars, --mixture and --keep-melody.
void add_like_options(CLI::App& command, LikeWish& wish);
// The options with the network's weights read. Errors: as voice::load_conversion_model().
Result<voice::LikeOptions> like_options(const LikeWish& wish);

// A learnt voice by its name, a profile by its file, or what is learnt of a sound file now. Errors:
// as voice::read_profile, the reader of audio and ProfileLearner; kNotFound names what there is.
Result<voice::VoiceProfile> voice_of(const std::string& name_or_file);
// The voice of one or more sound files together.
Result<voice::VoiceProfile> learn_files(const std::vector<std::string>& files, std::string name,
                                        const std::stop_token& stop);
// Whom the wish names. Errors: as above; kInvalidArgument for references and a morph, or neither,
// or a morph that is not written as above.
Result<voice::VoiceProfile> wished_voice(const LikeWish& wish, const std::stop_token& stop);

// All of what a job and its wish ask for: with the job's mode and link of channels, and what it
// asks of the voice itself on top. Errors: as like_options() and with_own().
Result<conversion::LikeConversion> like_conversion(const ConvertJob& job, const LikeWish& wish);

// Makes the input sound like `target`, the wished_voice(). Reads it twice: to learn its voice, and
// to change it block by block; standard input is read into memory for that. Rates below 16 kHz
// become 16 kHz. The output appears under its name when all of it is there. Errors: as
// like_conversion(), AudioReader, AudioWriter and conversion::sound_like(); kCancelled.
Result<ConvertDone> convert_like(const ConvertJob& job, const LikeWish& wish,
                                 const voice::VoiceProfile& target, const ShowProgress& progress,
                                 const std::stop_token& stop);

// The same for a job that has its result judged, improved or kept for a page: in memory, of up to
// conversion::kMostJudgedS. Similarity is that of the profiles. Errors: also those of judge() and
// improve(); kLimitExceeded.
Result<ConvertDone> convert_like_judged(const ConvertJob& job, const LikeWish& wish,
                                        const voice::VoiceProfile& target,
                                        const ShowProgress& progress, const std::stop_token& stop);

// Notes how near the result's voice is to the target's, as convert_like() reports it; nothing where
// too little of the result has a pitch.
void tell_likeness(const Context& context, const nlohmann::json& report);

// Numbers of a voice and of two, for reports.
nlohmann::json voice_json(const voice::VoiceProfile& profile);
nlohmann::json voices_apart_json(const voice::VoiceProfile& a, const voice::VoiceProfile& b);

}  // namespace syrinx::cli
