// SPDX-License-Identifier: Apache-2.0
// What each element of SSML does when it opens.
#include <algorithm>
#include <cmath>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/script/emotion.h"
#include "syrinx/stages/text/ssml/say_as_table.h"
#include "syrinx/stages/text/ssml/ssml_builder.h"
#include "syrinx/stages/text/ssml/ssml_rules.h"
#include "syrinx/stages/text/ssml/style_values.h"

namespace syrinx::text {
namespace {

struct Strength {
  std::string_view name;
  double pause_s;
};
constexpr Strength kStrengths[] = {{"none", 0.0},   {"x-weak", 0.1}, {"weak", 0.2},
                                   {"medium", 0.4}, {"strong", 0.7}, {"x-strong", 1.2}};

struct Level {
  std::string_view name;
  Emphasis emphasis;
};
constexpr Level kLevels[] = {{"none", Emphasis::kNone},
                             {"reduced", Emphasis::kReduced},
                             {"moderate", Emphasis::kModerate},
                             {"strong", Emphasis::kStrong}};

constexpr std::string_view kPennTags[] = {
    "CC",  "CD",  "DT",   "EX",  "FW",  "IN",  "JJ",   "JJR", "JJS", "LS",  "MD",  "NN",
    "NNS", "NNP", "NNPS", "PDT", "POS", "PRP", "PRP$", "RB",  "RBR", "RBS", "RP",  "SYM",
    "TO",  "UH",  "VB",   "VBD", "VBG", "VBN", "VBP",  "VBZ", "WDT", "WP",  "WP$", "WRB"};

template <class Table>
auto find_named(const Table& table, std::string_view name) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [&](const auto& row) { return row.name == name; });
  return found == std::end(table) ? nullptr : found;
}

std::vector<std::string> words_of(std::string_view list) {
  constexpr std::string_view kSpace = " \t\r\n";
  std::vector<std::string> words;
  for (std::size_t at = list.find_first_not_of(kSpace); at != std::string_view::npos;) {
    const std::size_t end = std::min(list.find_first_of(kSpace, at), list.size());
    words.emplace_back(list.substr(at, end - at));
    at = list.find_first_not_of(kSpace, end);
  }
  return words;
}

bool is_language_tag(std::string_view tag) {
  return std::all_of(tag.begin(), tag.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::optional<int> read_count(std::string_view text, int least) {
  const auto number = read_number(text);
  if (!number || *number != std::floor(*number) || *number < least || *number > 1'000)
    return std::nullopt;
  return static_cast<int>(*number);
}

}  // namespace

const SsmlBuilder::Rule* SsmlBuilder::find_rule(std::string_view name) {
  static constexpr Rule kRules[] = {
      {"speak", &SsmlBuilder::open_speak},
      {"p", &SsmlBuilder::open_paragraph},
      {"s", &SsmlBuilder::open_sentence},
      {"sub", &SsmlBuilder::open_sub},
      {"say-as", &SsmlBuilder::open_say_as},
      {"phoneme", &SsmlBuilder::open_phoneme},
      {"break", &SsmlBuilder::open_break},
      {"emphasis", &SsmlBuilder::open_emphasis},
      {"prosody", &SsmlBuilder::open_prosody},
      {"voice", &SsmlBuilder::open_voice},
      {"mark", &SsmlBuilder::open_mark},
      {"audio", &SsmlBuilder::open_audio},
      {"lang", &SsmlBuilder::open_lang},
      {"lexicon", &SsmlBuilder::open_lexicon},
      {"lookup", &SsmlBuilder::open_lookup},
      {"meta", &SsmlBuilder::open_meta},
      {"metadata", &SsmlBuilder::open_metadata},
      {"desc", &SsmlBuilder::open_desc},
      {"w", &SsmlBuilder::open_word},
      {"token", &SsmlBuilder::open_word},
      {"syrinx:emotion", &SsmlBuilder::open_emotion},
  };
  return find_named(kRules, name);
}

Result<void> SsmlBuilder::take_language(Frame& frame, Attributes& attributes) {
  const std::string* language = attributes.take("xml:lang");
  if (language == nullptr) return {};
  SYRINX_TRY(check_name("xml:lang", *language));
  if (!is_language_tag(*language))
    return bad_value("xml:lang", *language, "a language such as en-US");
  frame.manner.style.language = *language;
  report("xml:lang", *language, Honoured::kHonoured);
  return {};
}

Result<void> SsmlBuilder::open_speak(Frame& frame, Attributes& attributes) {
  if (!frames_.empty())
    return fail(element_->tag.begin, ErrorCode::kCorruptData,
                "<speak> within <speak>; expected one <speak> around everything");
  if (const std::string* version = attributes.take("version"))
    if (*version != "1.0" && *version != "1.1")
      report("version", *version, Honoured::kApproximated, "read as SSML 1.1");
  return take_language(frame, attributes);
}

Result<void> SsmlBuilder::open_paragraph(Frame& frame, Attributes& attributes) {
  frame.boundary = ScriptItemKind::kParagraphEnd;
  writer_.add_boundary(*frame.boundary, element_->tag);
  frame.first_item = writer_.items().size();
  return take_language(frame, attributes);
}

Result<void> SsmlBuilder::open_sentence(Frame& frame, Attributes& attributes) {
  frame.boundary = ScriptItemKind::kSentenceEnd;
  writer_.add_boundary(*frame.boundary, element_->tag);
  frame.first_item = writer_.items().size();
  return take_language(frame, attributes);
}

Result<void> SsmlBuilder::open_sub(Frame& frame, Attributes& attributes) {
  SYRINX_ASSIGN(const std::string* alias, need(attributes, "alias"));
  frame.taking = Taking::kReplacement;
  frame.taken_for = *alias;
  report("alias", *alias, Honoured::kHonoured);
  return {};
}

Result<void> SsmlBuilder::open_say_as(Frame& frame, Attributes& attributes) {
  SYRINX_ASSIGN(const std::string* kind, need(attributes, "interpret-as"));
  const std::string* format = attributes.take("format");
  const std::string* detail = attributes.take("detail");
  const SayAsName* known = find_say_as(*kind);
  if (known == nullptr) {
    report("interpret-as", *kind, Honoured::kIgnored, "not known; the text is said as it stands");
    return {};
  }
  SayAs say_as{std::string(known->meant), std::string(known->format), ""};
  report("interpret-as", *kind, Honoured::kHonoured);
  if (format != nullptr) {
    SYRINX_TRY(check_name("format", *format));
    say_as.format = *format;
    report("format", *format, Honoured::kHonoured);
  }
  if (detail != nullptr) {
    SYRINX_TRY(check_name("detail", *detail));
    say_as.detail = *detail;
    report("detail", *detail, Honoured::kApproximated, "a hint to the normaliser");
  }
  frame.manner.say_as = std::move(say_as);
  return {};
}

Result<void> SsmlBuilder::open_phoneme(Frame& frame, Attributes& attributes) {
  SYRINX_ASSIGN(const std::string* symbols, need(attributes, "ph"));
  const std::string* alphabet = attributes.take("alphabet");
  const auto set = phoneme_set_named(alphabet == nullptr ? "ipa" : *alphabet);
  if (!set) {
    report("alphabet", *alphabet, Honoured::kIgnored,
           "not known; expected ipa, x-sampa, arpabet or kokoro. The text is said by the rules");
    return {};
  }
  Pronunciation pronunciation{*set, *symbols};
  const auto phonemes = parse_phonemes(pronunciation);
  if (!phonemes || phonemes->empty()) {
    report(
        "ph", *symbols, Honoured::kIgnored,
        (phonemes ? "no phonemes" : phonemes.error().message) + ". The text is said by the rules");
    return {};
  }
  frame.taking = Taking::kPronunciation;
  frame.pronunciation = std::move(pronunciation);
  report("ph", *symbols, Honoured::kHonoured);
  return {};
}

Result<void> SsmlBuilder::take_pause_time(const std::string& time, double& pause_s) {
  const auto seconds = read_time_s(time);
  if (!seconds) return bad_value("time", time, "a time such as 300ms or 1.5s");
  if (*seconds > limits::kMaxPauseS)
    return fail(element_->tag.begin, ErrorCode::kLimitExceeded,
                "a break of " + std::to_string(*seconds) + " s; at most " +
                    std::to_string(static_cast<int>(limits::kMaxPauseS)) + " s");
  pause_s = *seconds;
  report("time", time, Honoured::kHonoured);
  return {};
}

Result<void> SsmlBuilder::open_break(Frame&, Attributes& attributes) {
  const std::string* strength = attributes.take("strength");
  const std::string* time = attributes.take("time");
  const Strength* known = find_named(kStrengths, strength == nullptr ? "medium" : *strength);
  if (known == nullptr)
    return bad_value("strength", *strength, "none, x-weak, weak, medium, strong or x-strong");
  double pause_s = known->pause_s;
  if (time != nullptr) SYRINX_TRY(take_pause_time(*time, pause_s));
  if (strength != nullptr) {
    const std::string_view note = time != nullptr ? "the time is what counts"
                                  : pause_s == 0  ? "pauses of the punctuation stay"
                                                  : "";
    report_done("strength", *strength, note);
  }
  if (pause_s <= 0) return {};
  ScriptItem pause;
  pause.kind = ScriptItemKind::kPause;
  pause.source = element_->tag;
  pause.pause_s = pause_s;
  writer_.add(std::move(pause));
  return {};
}

Result<void> SsmlBuilder::open_emphasis(Frame& frame, Attributes& attributes) {
  const std::string* level = attributes.take("level");
  const Level* known = find_named(kLevels, level == nullptr ? "moderate" : *level);
  if (known == nullptr) return bad_value("level", *level, "strong, moderate, none or reduced");
  frame.manner.style.emphasis = known->emphasis;
  if (level != nullptr) report("level", *level, Honoured::kHonoured);
  return {};
}

Result<void> SsmlBuilder::take_pitch(Frame& frame, Attributes& attributes) {
  const std::string* pitch = attributes.take("pitch");
  const std::string* contour = attributes.take("contour");
  Prosody& prosody = frame.manner.style.prosody;
  if (contour != nullptr) {
    const auto targets = std::count(contour->begin(), contour->end(), '(');
    if (static_cast<std::size_t>(targets) > limits::kMaxContourPoints)
      return fail(element_->tag.begin, ErrorCode::kLimitExceeded,
                  "a contour of " + std::to_string(targets) + " targets; at most " +
                      std::to_string(limits::kMaxContourPoints) + " are read");
    auto points = read_contour(*contour, prosody.pitch_semitones, options_.voice_f0_hz);
    if (!points) return bad_value("contour", *contour, "targets such as (0%,+20Hz) (50%,-2st)");
    frame.contour = *std::move(points);
    report("contour", *contour, Honoured::kHonoured);
  }
  if (pitch == nullptr) return {};
  const auto value = read_pitch(*pitch, prosody.pitch_semitones, options_.voice_f0_hz);
  if (!value)
    return bad_value("pitch", *pitch,
                     "x-low, low, medium, high, x-high, default, or a change such as +2st, -10%, "
                     "+20Hz, or a pitch such as 120Hz");
  if (contour != nullptr) {
    report("pitch", *pitch, Honoured::kIgnored, "the contour is what counts");
  } else {
    prosody.pitch_semitones = value->value;
    report_done("pitch", *pitch, value->note);
  }
  return {};
}

Result<void> SsmlBuilder::open_prosody(Frame& frame, Attributes& attributes) {
  SpeechStyle& style = frame.manner.style;
  if (const std::string* rate = attributes.take("rate")) {
    const auto value = read_rate(*rate, style.prosody.rate);
    if (!value)
      return bad_value("rate", *rate,
                       "x-slow, slow, medium, fast, x-fast, default, or a percentage such as 120%");
    style.prosody.rate = value->value;
    report_done("rate", *rate, value->note);
  }
  SYRINX_TRY(take_pitch(frame, attributes));
  if (const std::string* range = attributes.take("range")) {
    const auto value = read_range(*range, style.pitch_range);
    if (!value)
      return bad_value("range", *range,
                       "x-low, low, medium, high, x-high, default, or a change such as +10% or "
                       "+2st");
    style.pitch_range = value->value;
    report_done("range", *range, value->note);
  }
  if (const std::string* volume = attributes.take("volume")) {
    const auto value = read_volume(*volume, style.prosody.volume_db);
    if (!value)
      return bad_value("volume", *volume,
                       "silent, x-soft, soft, medium, loud, x-loud, default, or a change such as "
                       "+6dB");
    style.prosody.volume_db = value->value;
    report_done("volume", *volume, value->note);
  }
  if (const std::string* duration = attributes.take("duration")) {
    if (!read_time_s(*duration))
      return bad_value("duration", *duration, "a time such as 300ms or 1.5s");
    report("duration", *duration, Honoured::kIgnored, "the rate stays what it is");
  }
  return {};
}

Result<VoiceRequest> SsmlBuilder::read_voice_request(Attributes& attributes) {
  VoiceRequest request;
  if (const std::string* name = attributes.take("name")) {
    SYRINX_TRY(check_name("name", *name));
    request.names = words_of(*name);
  }
  if (const std::string* gender = attributes.take("gender")) {
    if (!gender->empty() && *gender != "male" && *gender != "female" && *gender != "neutral")
      return bad_value("gender", *gender, "male, female or neutral");
    request.gender = *gender;
  }
  if (const std::string* age = attributes.take("age"); age != nullptr && !age->empty()) {
    request.age = read_count(*age, 0);
    if (!request.age) return bad_value("age", *age, "years, as a whole number");
  }
  if (const std::string* variant = attributes.take("variant");
      variant != nullptr && !variant->empty()) {
    request.variant = read_count(*variant, 1);
    if (!request.variant) return bad_value("variant", *variant, "a whole number from 1");
  }
  if (const std::string* languages = attributes.take("languages")) {
    SYRINX_TRY(check_name("languages", *languages));
    request.languages = words_of(*languages);
  }
  return request;
}

void SsmlBuilder::choose_voice(Frame& frame, const VoiceRequest& request) {
  std::string_view note;
  bool fits = true;
  if (options_.choose_voice) {
    const auto chosen = options_.choose_voice(request);
    fits = chosen.has_value();
    if (fits) frame.manner.style.voice = *chosen;
    if (!fits) note = "there is no such voice; the voice stays as it was";
  } else if (!request.names.empty()) {
    frame.manner.style.voice = request.names.front();
  }
  for (const XmlAttribute& attribute : element_->attributes) {
    const bool is_name = attribute.name == "name";
    const bool asks = is_name || attribute.name == "gender" || attribute.name == "age" ||
                      attribute.name == "variant" || attribute.name == "languages";
    if (!asks) continue;
    const bool counted = options_.choose_voice ? fits : is_name && !request.names.empty();
    report(attribute.name, attribute.value, counted ? Honoured::kHonoured : Honoured::kIgnored,
           counted || !note.empty() ? note : "only a voice's name is looked at here");
  }
}

Result<void> SsmlBuilder::open_voice(Frame& frame, Attributes& attributes) {
  SYRINX_ASSIGN(const VoiceRequest request, read_voice_request(attributes));
  choose_voice(frame, request);
  return take_language(frame, attributes);
}

Result<void> SsmlBuilder::open_mark(Frame&, Attributes& attributes) {
  SYRINX_ASSIGN(const std::string* name, need(attributes, "name"));
  SYRINX_TRY(check_name("name", *name));
  ScriptItem mark;
  mark.kind = ScriptItemKind::kMark;
  mark.source = element_->tag;
  mark.name = *name;
  writer_.add(std::move(mark));
  report("name", *name, Honoured::kHonoured);
  return {};
}

Result<void> SsmlBuilder::open_audio(Frame& frame, Attributes& attributes) {
  const std::string* source = attributes.take("src");
  if (source == nullptr || source->empty()) {
    report("", "", Honoured::kIgnored, "without src; its alternative is said");
    return {};
  }
  ScriptItem audio;
  audio.kind = ScriptItemKind::kAudio;
  audio.source = element_->tag;
  audio.name = *source;
  audio.style = frame.manner.style;
  writer_.add(std::move(audio));
  frame.audio_item = writer_.items().size() - 1;
  report("src", *source, Honoured::kApproximated,
         "its alternative is said where the recording cannot be played");
  return {};
}

Result<void> SsmlBuilder::open_lang(Frame& frame, Attributes& attributes) {
  SYRINX_TRY(need(attributes, "xml:lang"));
  return take_language(frame, attributes);
}

Result<void> SsmlBuilder::open_lexicon(Frame&, Attributes& attributes) {
  SYRINX_ASSIGN(const std::string* uri, need(attributes, "uri"));
  if (const std::string* id = attributes.take("xml:id")) lexicon_ids_.insert(*id);
  attributes.take("type");
  script_.lexicons.push_back(*uri);
  report("uri", *uri, Honoured::kHonoured);
  return {};
}

Result<void> SsmlBuilder::open_lookup(Frame&, Attributes& attributes) {
  SYRINX_ASSIGN(const std::string* id, need(attributes, "ref"));
  if (lexicon_ids_.count(*id) == 0)
    return bad_value("ref", *id, "the xml:id of a <lexicon> that stands before");
  report("ref", *id, Honoured::kApproximated, "the lexicon holds for the whole document");
  return {};
}

Result<void> SsmlBuilder::open_meta(Frame&, Attributes& attributes) {
  attributes.take_all();
  report("", "", Honoured::kIgnored, "nothing of it is to be said");
  return {};
}

Result<void> SsmlBuilder::open_metadata(Frame& frame, Attributes& attributes) {
  frame.taking = Taking::kSkip;
  frame.taken_for = "metadata";
  return open_meta(frame, attributes);
}

Result<void> SsmlBuilder::open_desc(Frame& frame, Attributes& attributes) {
  frame.taking = Taking::kSkip;
  frame.taken_for = "description of a recording";
  attributes.take_all();
  return {};
}

// Roles are qualified names; vendors' ("amazon:VBD") end in a tag of the Penn Treebank.
Result<void> SsmlBuilder::open_word(Frame& frame, Attributes& attributes) {
  if (const std::string* role = attributes.take("role")) {
    const std::string_view tag = std::string_view(*role).substr(role->rfind(':') + 1);
    const bool known =
        std::find(std::begin(kPennTags), std::end(kPennTags), tag) != std::end(kPennTags);
    if (known) frame.manner.part_of_speech = tag;
    report(
        "role", *role, known ? Honoured::kApproximated : Honoured::kIgnored,
        known ? "taken as the word's part of speech" : "not a part of speech of the Penn Treebank");
  }
  return take_language(frame, attributes);
}

Result<void> SsmlBuilder::take_intensity(Frame& frame, const std::string& intensity) {
  std::string_view number = intensity;
  const bool percent = number.ends_with('%');
  if (percent) number.remove_suffix(1);
  auto value = read_number(number);
  if (intensity == "low") value = 0.3;
  if (intensity == "medium") value = 0.6;
  if (intensity == "high") value = 1.0;
  if (!value) return bad_value("intensity", intensity, "a number from 0 to 1, low, medium or high");
  const double asked = percent ? *value / 100.0 : *value;
  frame.manner.style.emotion_intensity = std::clamp(asked, 0.0, 1.0);
  report_done("intensity", intensity,
              asked >= 0 && asked <= 1 ? "" : "beyond 0 to 1; the nearest of these is used");
  return {};
}

Result<void> SsmlBuilder::open_emotion(Frame& frame, Attributes& attributes) {
  SYRINX_ASSIGN(const std::string* name, need(attributes, "name"));
  SYRINX_TRY(check_name("name", *name));
  frame.manner.style.emotion = *name;
  frame.manner.style.emotion_intensity = name->empty() ? 0.0 : 1.0;
  if (emotion_prosody(*name, 1)) {
    report("name", *name, Honoured::kHonoured);
  } else {
    report("name", *name, Honoured::kIgnored,
           "this emotion is not known; the known ones are " + emotion_list());
  }
  const std::string* intensity = attributes.take("intensity");
  return intensity == nullptr ? Result<void>() : take_intensity(frame, *intensity);
}

}  // namespace syrinx::text
