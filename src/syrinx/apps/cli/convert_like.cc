// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/convert_like.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <utility>

#include "syrinx/apps/cli/convert_input.h"
#include "syrinx/apps/cli/convert_report.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/voice/profile/profile_distance.h"
#include "syrinx/stages/voice/profile/profile_file.h"

namespace syrinx::cli {
namespace {

Error stopped() { return make_error(ErrorCode::kCancelled, "stopped; nothing is written"); }

// Learns the voice that flows through it, in pieces, so that memory does not grow with it.
class Learning final : public AudioSource {
 public:
  Learning(AudioSource& sound, voice::ProfileLearner& learner) : sound_(sound), learner_(learner) {}
  int sample_rate_hz() const noexcept override { return sound_.sample_rate_hz(); }
  std::size_t channels() const noexcept override { return sound_.channels(); }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    if (stop.stop_requested()) return stopped();
    SYRINX_ASSIGN(const bool more, sound_.next(block, stop));
    if (more) piece_.append(block);
    const bool full = piece_.duration_s() >= kPieceS;
    if (!piece_.empty() && (full || !more)) {
      SYRINX_TRY(learner_.add(piece_));
      piece_.clear();
    }
    return more;
  }

 private:
  static constexpr double kPieceS = 60.0;
  AudioSource& sound_;
  voice::ProfileLearner& learner_;
  AudioBuffer piece_;
};

Result<void> learn(AudioSource& sound, voice::ProfileLearner& learner,
                   const std::stop_token& stop) {
  Learning learning(sound, learner);
  AudioBuffer block;
  while (true) {
    SYRINX_ASSIGN(const bool more, learning.next(block, stop));
    if (!more) return {};
  }
}

struct MorphPart {
  std::string voice;
  double weight = 1.0;
};

Result<std::vector<MorphPart>> morph_parts(const std::string& text) {
  std::vector<MorphPart> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string part = text.substr(at, end - at);
    const std::size_t colon = part.rfind(':');
    const char* last = part.data() + part.size();
    MorphPart found;
    if (colon != std::string::npos && colon > 0) {
      found.voice = part.substr(0, colon);
      const auto read = std::from_chars(part.data() + colon + 1, last, found.weight);
      if (read.ec != std::errc() || read.ptr != last) found.voice.clear();
    }
    if (found.voice.empty())
      return make_error(ErrorCode::kInvalidArgument, "'", part, "' is no part of a morph; write ",
                        "voices with weights, as a.wav:0.7,b.wav:0.3");
    parts.push_back(found);
    at = end + 1;
  }
  return parts;
}

Result<voice::VoiceProfile> morphed_voice(const std::string& text) {
  SYRINX_ASSIGN(const auto parts, morph_parts(text));
  std::vector<voice::VoiceProfile> voices;
  std::vector<double> weights;
  for (const MorphPart& part : parts) {
    SYRINX_ASSIGN(auto voice, voice_of(part.voice));
    voices.push_back(std::move(voice));
    weights.push_back(part.weight);
  }
  return voice::morph_profiles(voices, weights);
}

std::string known_voices() {
  const auto names = voice::user_profile_names();
  if (!names || names->empty()) return "none is learnt yet";
  std::string list;
  for (const std::string& name : *names) list += (list.empty() ? "" : ", ") + name;
  return "learnt are " + list;
}

Result<voice::VoiceProfile> learn_sound(const ConvertInput& input, const std::stop_token& stop) {
  SYRINX_ASSIGN(const auto sound, input.again());
  voice::ProfileLearner learner;
  SYRINX_TRY(learn(*sound, learner, stop));
  return learner.finish("the source");
}

void split_at_commas(const std::string& text, std::vector<std::string>& into) {
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');)
    if (!part.empty()) into.push_back(part);
}

}  // namespace

void add_like_targets(CLI::App& command, LikeWish& wish) {
  CLI::Option* like =
      command
          .add_option("--like", wish.references,
                      "Like this voice: sound files of it, or a learnt voice's name")
          ->type_name("FILE")
          ->group(kLikeGroup);
  like->inject_separator();  // An empty one between what each --like was given.
  command.add_option("--morph", wish.morph, "Between voices, as a.wav:0.7,anna:0.3")
      ->type_name("VOICES")
      ->group(kLikeGroup);
}

void take_references(LikeWish& wish, std::vector<std::string>* inputs) {
  const std::vector<std::string> given = std::exchange(wish.references, {});
  const bool gives_inputs = inputs != nullptr && inputs->empty();
  bool is_first = true;  // After a --like.
  for (const std::string& one : given) {
    if (one.empty()) {
      is_first = true;
    } else if (gives_inputs && !std::exchange(is_first, false)) {
      inputs->push_back(one);
    } else {
      split_at_commas(one, wish.references);
    }
  }
}

void add_like_options(CLI::App& command, LikeWish& wish) {
  const auto add = [&](const char* name, auto& value, const char* help) {
    return command.add_option(name, value, help)->group(kLikeGroup);
  };
  add("--amount", wish.options.amount, "The way to the other voice, 0 to 1")->capture_default_str();
  add("--network", wish.options.network, "How far voiced sounds follow the network, 0 to 1")
      ->capture_default_str();
  add("--network-weights", wish.network_weights,
      "Its weights, as training/conversion writes them [the built-in ones]")
      ->type_name("FILE");
  add("--exemplars", wish.options.exemplars,
      "How far single sounds follow the other voice's own, 0 to 1")
      ->capture_default_str();
  add("--mixture", wish.options.mixture,
      "How far classes of sounds follow the other voice's, 0 to 1")
      ->capture_default_str();
  command
      .add_flag("--keep-melody", wish.options.keep_melody,
                "Move the pitch, and leave its rise and fall as it is")
      ->group(kLikeGroup);
}

Result<voice::LikeOptions> like_options(const LikeWish& wish) {
  voice::LikeOptions options = wish.options;
  if (!wish.network_weights.empty()) {
    SYRINX_ASSIGN(options.model, voice::load_conversion_model(wish.network_weights));
  }
  return options;
}

Result<voice::VoiceProfile> learn_files(const std::vector<std::string>& files, std::string name,
                                        const std::stop_token& stop) {
  voice::ProfileLearner learner;
  for (const std::string& file : files) {
    SYRINX_ASSIGN(auto reader, io::AudioReader::open(file));
    SYRINX_TRY(learn(reader, learner, stop));
  }
  return learner.finish(std::move(name));
}

Result<voice::VoiceProfile> voice_of(const std::string& name_or_file) {
  if (std::filesystem::exists(name_or_file)) {
    if (name_or_file.ends_with(voice::kProfileEnding)) return voice::read_profile(name_or_file);
    return learn_files({name_or_file}, std::filesystem::path(name_or_file).stem().string(), {});
  }
  const auto path = voice::user_profile_path(name_or_file);
  if (!path || !std::filesystem::exists(*path))
    return make_error(ErrorCode::kNotFound, "'", name_or_file,
                      "' is neither a file nor a learnt voice; ", known_voices());
  return voice::read_profile(*path);
}

Result<voice::VoiceProfile> wished_voice(const LikeWish& wish, const std::stop_token& stop) {
  if (wish.references.empty() == wish.morph.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "say whom to sound like: either sound files or a learnt voice, or a morph");
  if (!wish.morph.empty()) return morphed_voice(wish.morph);
  if (wish.references.size() == 1) return voice_of(wish.references.front());
  return learn_files(wish.references, "the references", stop);
}

Result<conversion::LikeConversion> like_conversion(const ConvertJob& job, const LikeWish& wish) {
  const conversion::TransformOptions& transform = job.options.transform;
  conversion::LikeConversion options{{}, transform.mode, transform.link, {}};
  SYRINX_ASSIGN(options.like, like_options(wish));
  SYRINX_ASSIGN(options.settings, with_own(job.wish, {}));
  return options;
}

Result<ConvertDone> convert_like(const ConvertJob& job, const LikeWish& wish,
                                 const voice::VoiceProfile& target, const ShowProgress& progress,
                                 const std::stop_token& stop) {
  SYRINX_ASSIGN(const auto options, like_conversion(job, wish));
  SYRINX_ASSIGN(ConvertInput input, ConvertInput::open(job, true, stop));
  SYRINX_ASSIGN(const auto own, learn_sound(input, stop));
  std::unique_ptr<AudioSource> source = input.drawn(progress);
  if (source->sample_rate_hz() < voice::kLeastLikeRateHz) {
    SYRINX_ASSIGN(source,
                  dsp::ResamplingSource::create(std::move(source), voice::kLeastLikeRateHz));
  }
  SYRINX_ASSIGN(auto sound, conversion::sound_like(std::move(source), own, target, options));
  ConvertDone done;
  SYRINX_ASSIGN(done.written,
                write_options(job, input.info(), sound->sample_rate_hz(), sound->channels()));
  SYRINX_ASSIGN(auto writer, open_output(job.output, done.written));
  voice::ProfileLearner learner;
  Learning learning(*sound, learner);
  SYRINX_ASSIGN(done.clipped_samples, write_all(learning, writer, stop));
  done.repaired_samples = input.reader().non_finite_samples();
  done.truncated = input.reader().truncated();
  const auto made = learner.finish("the result");
  done.report = {{"input", job.input},
                 {"output", job.output},
                 {"frames", writer.frames_written()},
                 {"sample_rate_hz", sound->sample_rate_hz()},
                 {"written", written_json(done.written)},
                 {"mode", conversion::to_string(options.mode)},
                 {"settings", settings_json(options.settings)},
                 {"target", voice_json(target)},
                 {"before", voices_apart_json(own, target)},
                 {"after", made ? voices_apart_json(*made, target) : nlohmann::json()}};
  return done;
}

void tell_likeness(const Context& context, const nlohmann::json& report) {
  const nlohmann::json& before = report["before"];
  const nlohmann::json& after = report["after"];
  if (!after.is_object()) return;
  const auto number = [](const nlohmann::json& of, const char* name) {
    return of[name].get<double>();
  };
  char sentence[160];
  std::snprintf(sentence, sizeof sentence,
                "similarity %.2f before, %.2f now; pitch %+.1f semitones from it, was %+.1f",
                number(before, "similarity"), number(after, "similarity"),
                number(after, "f0_semitones"), number(before, "f0_semitones"));
  const auto output = report["output"].get<std::string>();
  note(context, (output == "-" ? "" : output + ": ") + sentence);
}

nlohmann::json voice_json(const voice::VoiceProfile& profile) {
  return {{"name", profile.name},
          {"consent", profile.consent},
          {"voiced_s", profile.speech_s},
          {"f0_hz", profile.f0_hz()},
          {"f0_deviation_semitones", 12.0 / std::log(2.0) * profile.log_f0_deviation},
          {"tilt_db_per_octave", profile.tilt_db_per_octave()},
          {"exemplars", profile.exemplars.size()}};
}

nlohmann::json voices_apart_json(const voice::VoiceProfile& a, const voice::VoiceProfile& b) {
  const voice::ProfileDistance apart = voice::compare_profiles(a, b);
  nlohmann::json speakers;  // Null where a voice has no examples.
  if (!a.exemplars.empty() && !b.exemplars.empty())
    speakers = voice::speaker_similarity(*voice::built_in_conversion_model(), a, b);
  return {{"speaker_similarity", speakers},
          {"f0_semitones", apart.f0_semitones},
          {"f0_spread_ratio", apart.f0_spread_ratio},
          {"mcd_db", apart.mcd_db},
          {"unvoiced_mcd_db", apart.unvoiced_mcd_db},
          {"formant_ratio", apart.formant_ratio},
          {"tilt_db_per_octave", apart.tilt_db_per_octave},
          {"similarity", apart.similarity}};
}

}  // namespace syrinx::cli
