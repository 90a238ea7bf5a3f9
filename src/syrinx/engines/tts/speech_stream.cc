// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/speech_stream.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "syrinx/core/base/log.h"
#include "syrinx/core/flow/characters.h"
#include "syrinx/engines/tts/espeak_words.h"
#include "syrinx/engines/tts/sentence_cut.h"
#include "syrinx/engines/tts/text_reader.h"
#include "syrinx/engines/tts/utterance_sound.h"
#include "syrinx/stages/acoustic/symbol_line.h"
#include "syrinx/stages/text/alphabet/voice_symbols.h"
#include "syrinx/stages/text/espeak/espeak.h"
#include "syrinx/stages/text/script/emotion.h"
#include "syrinx/stages/text/ssml/ssml.h"

namespace syrinx::tts {
namespace {

constexpr double kMinVolumeDb = -60.0;
constexpr double kMaxVolumeDb = 24.0;
constexpr double kMaxPauseS = 10.0;

Result<void> check_options(const SpeakOptions& options) {
  const auto refuse = [](const char* what, double given, double low, double high) {
    return make_error(ErrorCode::kInvalidArgument, what, " is ", given, " but must be between ",
                      low, " and ", high);
  };
  const auto within = [](double value, double low, double high) {
    return value >= low && value <= high;  // Also false for NaN.
  };
  const Prosody& prosody = options.prosody;
  if (!within(prosody.rate, acoustic::kMinRate, acoustic::kMaxRate))
    return refuse("rate", prosody.rate, acoustic::kMinRate, acoustic::kMaxRate);
  if (!within(prosody.pitch_semitones, -acoustic::kMaxPitchSemitones, acoustic::kMaxPitchSemitones))
    return refuse("pitch in semitones", prosody.pitch_semitones, -acoustic::kMaxPitchSemitones,
                  acoustic::kMaxPitchSemitones);
  if (!within(prosody.volume_db, kMinVolumeDb, kMaxVolumeDb))
    return refuse("volume in dB", prosody.volume_db, kMinVolumeDb, kMaxVolumeDb);
  if (!within(options.paragraph_pause_s, 0.0, kMaxPauseS))
    return refuse("paragraph pause in seconds", options.paragraph_pause_s, 0.0, kMaxPauseS);
  return {};
}

void shift_times(SpokenSentence& sentence, double by_s) {
  for (TimedWord& word : sentence.words) {
    word.begin_s += by_s;
    word.end_s += by_s;
  }
  for (TimedPhoneme& phoneme : sentence.phonemes) {
    phoneme.begin_s += by_s;
    phoneme.end_s += by_s;
  }
}

// Silence of `pause` frames, then the audio.
AudioBuffer after_pause(AudioBuffer audio, std::size_t pause) {
  if (pause == 0) return audio;
  AudioBuffer delayed(1, pause, audio.sample_rate_hz());
  delayed.append(audio);
  return delayed;
}

// How emphasis sounds in a voice that knows only rate, pitch and volume: Lieberman 1960, "Some
// acoustic correlates of word stress" (higher, louder, longer).
Prosody emphasised(text::Emphasis emphasis) {
  switch (emphasis) {
    case text::Emphasis::kNone:
      return {};
    case text::Emphasis::kReduced:
      return {1.1, -0.5, -2.0};
    case text::Emphasis::kModerate:
      return {0.92, 0.8, 1.0};
    case text::Emphasis::kStrong:
      return {0.82, 1.6, 2.0};
  }
  return {};
}

Prosody combined(const Prosody& a, const Prosody& b) {
  Prosody both;
  both.rate = std::clamp(a.rate * b.rate, acoustic::kMinRate, acoustic::kMaxRate);
  both.pitch_semitones = std::clamp(a.pitch_semitones + b.pitch_semitones,
                                    -acoustic::kMaxPitchSemitones, acoustic::kMaxPitchSemitones);
  both.volume_db = std::clamp(a.volume_db + b.volume_db, kMinVolumeDb, kMaxVolumeDb);
  return both;
}

// The author's own text for a timed word.
std::string written_at(const MappedText& written, SourceSpan source) {
  std::size_t begin = 0;
  while (begin < written.size() && written.source_of(begin, begin + 1).end <= source.begin) ++begin;
  std::size_t end = begin;
  while (end < written.size() && written.source_of(end, end + 1).begin < source.end) ++end;
  return written.text().substr(begin, end - begin);
}

bool has_words(const ReadSentence& read, bool as_letters) {
  return std::any_of(read.tokens.begin(), read.tokens.end(), [=](const SpokenToken& token) {
    return std::any_of(token.words.begin(), token.words.end(), [=](const SpokenWord& word) {
      return as_letters || word.pronunciation.has_value();
    });
  });
}

// espeak-ng, for a voice that was trained on its phonemes. Nothing for other voices, and, with a
// warning, where there is no plugin but our own phonemes do. Errors: kUnavailable where they
// cannot.
Result<std::shared_ptr<const text::Espeak>> espeak_for(const acoustic::SpeechModel& model) {
  if (model.traits().espeak_voice.empty()) return std::shared_ptr<const text::Espeak>();
  auto espeak = text::Espeak::load();
  if (espeak) return espeak;
  if (!model.info().language.starts_with("en"))
    return make_error(ErrorCode::kUnavailable, "the voice ", model.info().name, " speaks ",
                      model.info().language,
                      " by the phonemes of espeak-ng: ", espeak.error().message);
  log(LogLevel::kWarning, "the voice " + model.info().name +
                              " gets Syrinx's own phonemes, as those of espeak-ng, on which it was "
                              "trained, are not here: " +
                              espeak.error().message);
  return std::shared_ptr<const text::Espeak>();
}

// Whether what is read for one voice can be said by the other, and joined.
bool is_alike(const acoustic::SpeechModel& a, const acoustic::SpeechModel& b) {
  return a.info().sample_rate_hz == b.info().sample_rate_hz && a.phoneme_set() == b.phoneme_set() &&
         a.info().language == b.info().language &&
         a.traits().espeak_voice == b.traits().espeak_voice &&
         a.traits().reads_letters == b.traits().reads_letters;
}

// How a stretch of a sentence is said.
struct Manner {
  text::SpeechStyle style;
  bool goes_on = false;   // Speech follows without a pause.
  bool in_parts = false;  // Its sound may come while it is made.
};

}  // namespace

struct SpeechStream::Impl {
  SpeakOptions options;
  std::unique_ptr<acoustic::SpeechModel> model;
  std::shared_ptr<const text::Espeak> espeak;  // Of a voice that needs it.
  std::unique_ptr<TextFrontEnd> front_end;
  std::optional<TextReader> reader{};
  text::InputKind kind = text::InputKind::kPlain;  // Of sentences that come by say().
  Prosody emotion{};                               // Where the markup names none.
  bool single = false;                             // Each sentence by itself, for say().
  text::Script no_script{};                        // Where there is no reader.
  std::map<std::string, std::unique_ptr<acoustic::SpeechModel>> others{};  // Voices of the markup.
  bool spoke = false;
  std::uint64_t frames = 0;       // Given out so far.
  std::size_t pending_pause = 0;  // Frames of silence owed before the next sentence.
  std::uint64_t clipped = 0;
  std::size_t spoken_bytes = 0;
  ReadSentence read{};                 // For next_sentence(): reused.
  std::optional<ReadSentence> rest{};  // Of a sentence that was cut so that it is heard sooner.
  SpokenSentence current{};            // For next(): reused.
  SoundToCome to_come{};               // Of the sentence that next_part() has begun.

  text::Script& script() noexcept { return reader ? reader->script() : no_script; }
  text::InputKind input() const noexcept { return reader ? reader->input() : kind; }
  void trim_run(acoustic::Utterance& utterance, bool goes_on, const SpokenSentence& spoken) const;
  void report_limits(text::Script& script) const;
  Result<void> suit_voice();
  Result<bool> read_next(const std::stop_token& stop);
  acoustic::SpeechModel& model_for(const text::SpeechStyle& style);
  Result<bool> next(SpokenSentence& spoken, bool in_parts, const std::stop_token& stop);
  Result<void> go_on(SpokenSentence& spoken, bool in_parts, const std::stop_token& stop);
  Result<bool> speak(SpokenSentence& spoken, bool in_parts, const std::stop_token& stop);
  Result<void> speak_run(std::size_t begin, std::size_t end, const Manner& manner,
                         SpokenSentence& spoken, const std::stop_token& stop);
  Result<bool> have_sound(acoustic::SpeechModel& speaker, const UtterancePlan& plan,
                          const Manner& manner, const SpokenSentence& spoken,
                          acoustic::Utterance& utterance, const std::stop_token& stop);
  void happen(const SentenceEvent& event, SpokenSentence& spoken);
  void place(SpokenSentence& spoken);
};

// What the markup asks for and these voices cannot do.
void SpeechStream::Impl::report_limits(text::Script& script) const {
  const auto lower = [&script](const char* element, const char* attribute, text::Honoured to,
                               const char* note) {
    text::downgrade(script, element, attribute, to, note);
  };
  const bool has_pitch = model->traits().pitch;
  const char* emphasis = has_pitch ? "by rate, pitch and volume" : "by rate and volume";
  if (!has_pitch)
    lower("prosody", "pitch", text::Honoured::kIgnored, "the voice keeps its own pitch");
  if (model->traits().whole_rates)
    lower("prosody", "rate", text::Honoured::kApproximated,
          "the voice speaks at whole rates only, 1 to 4");
  lower("prosody", "range", text::Honoured::kIgnored, "the voice's pitch range is fixed");
  lower("prosody", "contour", text::Honoured::kIgnored, "the voice has one pitch for a stretch");
  lower("audio", "src", text::Honoured::kIgnored,
        "recordings are not played; what stands inside "
        "the element is said");
  lower("emphasis", "level", text::Honoured::kApproximated, emphasis);
  lower("emphasis", "", text::Honoured::kApproximated, emphasis);
  lower("lang", "xml:lang", text::Honoured::kIgnored, "the voice speaks one language");
  lower("syrinx:emotion", "name", text::Honoured::kApproximated, emphasis);
}

constexpr const char* kNoSuchVoice =
    "there is no such voice of the same sample rate, language and phonemes; see `syrinx voices`";

// The voice that the style asks for, where there is one of the same rate; else the stream's.
acoustic::SpeechModel& SpeechStream::Impl::model_for(const text::SpeechStyle& style) {
  if (style.voice.empty() || style.voice == model->info().name) return *model;
  auto found = others.find(style.voice);
  if (found == others.end()) {
    VoiceOptions choosing = options.voice_options;
    choosing.allow_paths = false;  // A document may name a voice, not a file.
    auto loaded = load_voice(style.voice, choosing);
    const bool fits = loaded && is_alike(*loaded.value(), *model);
    if (!fits) text::downgrade(script(), "voice", "name", text::Honoured::kIgnored, kNoSuchVoice);
    if (!fits && !reader)
      no_script.report.push_back(
          {"voice name=\"" + style.voice + "\"", {}, text::Honoured::kIgnored, kNoSuchVoice});
    found = others.emplace(style.voice, fits ? std::move(loaded).value() : nullptr).first;
  }
  return found->second ? *found->second : *model;
}

// Takes off silence where speech goes on; of a sentence by itself, all around.
void SpeechStream::Impl::trim_run(acoustic::Utterance& utterance, bool goes_on,
                                  const SpokenSentence& spoken) const {
  if (single) {
    trim(utterance, std::max(silence_before(utterance), quiet_edge_s(utterance.audio, 1)),
         std::max(silence_after(utterance), quiet_edge_s(utterance.audio, -1)));
    return fade_edges(utterance.audio);
  }
  trim(utterance, spoken.audio.empty() ? 0 : silence_before(utterance),
       goes_on ? silence_after(utterance) : 0);
}

// What the voice makes of the plan: whole, or as much as it has made first. False without words.
Result<bool> SpeechStream::Impl::have_sound(acoustic::SpeechModel& speaker,
                                            const UtterancePlan& plan, const Manner& manner,
                                            const SpokenSentence& spoken,
                                            acoustic::Utterance& utterance,
                                            const std::stop_token& stop) {
  if (!manner.in_parts || single) {
    SYRINX_ASSIGN(utterance, speaker.speak(plan, stop));
    if (utterance.words.empty()) return false;
    trim_run(utterance, manner.goes_on, spoken);
    clipped += apply_volume(utterance.audio.view(), plan.prosody.volume_db);
    return true;
  }
  SYRINX_ASSIGN(acoustic::BegunUtterance begun, speaker.begin(plan, stop));
  utterance = std::move(begun.utterance);
  if (utterance.words.empty()) return false;
  if (begun.sound == nullptr) {
    trim_run(utterance, manner.goes_on, spoken);
  } else {
    const auto rate = static_cast<double>(begun.sound->sample_rate_hz());
    const double before_s = spoken.audio.empty() ? 0 : silence_before(utterance);
    const Kept kept = kept_of(begun.frames, rate, before_s, 0);
    move_times(utterance, kept, rate);
    to_come = {std::move(begun.sound), kept.begin, kept.end - kept.begin, plan.prosody.volume_db};
    SYRINX_TRY(take_sound(to_come, utterance.audio, stop));
  }
  clipped += apply_volume(utterance.audio.view(), plan.prosody.volume_db);
  return true;
}

// Says tokens [begin, end) in one manner, behind what is there.
Result<void> SpeechStream::Impl::speak_run(std::size_t begin, std::size_t end, const Manner& manner,
                                           SpokenSentence& spoken, const std::stop_token& stop) {
  const text::SpeechStyle& style = manner.style;
  const auto at = [this](std::size_t i) {
    return read.tokens.begin() + static_cast<std::ptrdiff_t>(i);
  };
  const text::Emphasis emphasis =
      input() == text::InputKind::kSsml ? style.emphasis : text::Emphasis::kNone;
  UtterancePlan plan;
  plan.tokens.assign(at(begin), at(end));
  acoustic::SpeechModel& speaker = model_for(style);
  plan.prosody =
      combined(combined(combined(speaker.traits().prosody, options.prosody), style.prosody),
               emphasised(emphasis));
  const auto felt = text::emotion_prosody(style.emotion, style.emotion_intensity);
  plan.prosody = combined(plan.prosody, felt.value_or(emotion));
  for (SpokenToken& token : plan.tokens) {
    const auto unread = [&speaker](const SpokenWord& word) {
      return !word.pronunciation && !speaker.traits().reads_letters;
    };
    if (std::any_of(token.words.begin(), token.words.end(), unread))
      spoken.skipped.push_back({token.written, token.source, "no reading"});
    std::erase_if(token.words, unread);
    if (!speaker.traits().reads_letters) continue;
    for (SpokenWord& word : token.words) word.text = text::piper_letters(word.text);
  }
  acoustic::Utterance utterance;
  SYRINX_ASSIGN(const bool said, have_sound(speaker, plan, manner, spoken, utterance, stop));
  for (const acoustic::UnsaidSymbol& unsaid : utterance.unsaid) {
    if (!acoustic::is_modifier(characters_of(unsaid.symbol)[0].code))
      spoken.skipped.push_back({unsaid.symbol, unsaid.source, "a sound that the voice lacks"});
  }
  if (!said) return {};
  const double shift_s = spoken.audio.empty() ? 0 : spoken.audio.duration_s();
  for (TimedWord& word : utterance.words) {
    word.text = written_at(read.written, word.source);
    word.begin_s += shift_s;
    word.end_s += shift_s;
    spoken.words.push_back(std::move(word));
  }
  for (TimedPhoneme& timed : utterance.phonemes) {
    timed.begin_s += shift_s;
    timed.end_s += shift_s;
    spoken.phonemes.push_back(std::move(timed));
  }
  if (spoken.audio.empty()) {
    spoken.audio = std::move(utterance.audio);
  } else {
    spoken.audio.append(utterance.audio);
  }
  spoke = true;
  return {};
}

void SpeechStream::Impl::happen(const SentenceEvent& event, SpokenSentence& spoken) {
  const double now_s = spoken.audio.empty() ? 0 : spoken.audio.duration_s();
  if (event.kind == text::ScriptItemKind::kMark)
    spoken.marks.push_back({event.name, event.source, now_s});
  if (event.kind != text::ScriptItemKind::kPause) return;
  const int rate = model->info().sample_rate_hz;
  const auto frames_of_pause = static_cast<std::size_t>(event.pause_s * rate);
  if (frames_of_pause == 0) return;
  AudioBuffer silence(1, frames_of_pause, rate);
  spoken.phonemes.push_back({{"pau", 0, {}}, now_s, now_s + event.pause_s});
  if (spoken.audio.empty()) {
    spoken.audio = std::move(silence);
  } else {
    spoken.audio.append(silence);
  }
}

// The sentence's words as a voice that learnt from espeak-ng wants them.
Result<void> SpeechStream::Impl::suit_voice() {
  if (espeak) return pronounce_by_espeak(*espeak, model->traits().espeak_voice, read.tokens);
  if (!model->traits().espeak_voice.empty()) spell_like_espeak(read.tokens);
  return {};
}

// The next sentence as the voice wants it; of a voice that takes its time, the first one up to its
// first clause, so that it is heard soon.
Result<bool> SpeechStream::Impl::read_next(const std::stop_token& stop) {
  if (rest) {
    read = std::move(*std::exchange(rest, std::nullopt));
    return true;
  }
  SYRINX_ASSIGN(const bool more, reader->next(read, stop));
  if (!more) return false;
  SYRINX_TRY(suit_voice());
  const std::size_t first_words = model->traits().first_words;
  if (spoke || first_words == 0 || read.tokens.empty()) return true;
  const std::size_t cut = natural_cut(read.tokens, 0, read.tokens.size(), first_words);
  if (cut < read.tokens.size()) rest = split_off(read, cut);
  return true;
}

// False when the sentence has nothing to hear or to report. Each stretch between two events or two
// styles is said by itself; the sound of the last, if nothing comes after it, may come in parts.
Result<bool> SpeechStream::Impl::speak(SpokenSentence& spoken, bool in_parts,
                                       const std::stop_token& stop) {
  spoken = SpokenSentence();
  spoken.piece = {read.written.text(), read.written.source()};
  spoken.skipped = std::move(read.skipped);
  if (!has_words(read, model->traits().reads_letters) && read.events.empty())
    return !spoken.skipped.empty();
  auto event = read.events.begin();
  std::size_t run = 0;
  text::SpeechStyle style;
  for (std::size_t at = 0; at <= read.tokens.size();) {
    while (event != read.events.end() && event->token <= at) happen(*event++, spoken);
    if (at == read.tokens.size()) break;
    while (run < read.styles.size() && read.styles[run].token <= at)
      style = read.styles[run++].style;
    std::size_t end = read.tokens.size();
    if (run < read.styles.size()) end = std::min(end, read.styles[run].token);
    const bool paused = event != read.events.end() && event->token <= end &&
                        event->kind == text::ScriptItemKind::kPause;
    if (event != read.events.end()) end = std::min(end, event->token);
    const bool last = end == read.tokens.size() && event == read.events.end();
    const Manner manner{style, end < read.tokens.size() && !paused, in_parts && last};
    SYRINX_TRY(speak_run(at, end, manner, spoken, stop));
    at = end;
  }
  return !spoken.audio.empty() || !spoken.skipped.empty() || !spoken.marks.empty();
}

// Gives the sentence its pause and its place in the stream.
void SpeechStream::Impl::place(SpokenSentence& spoken) {
  const auto rate = static_cast<double>(model->info().sample_rate_hz);
  spoken.begin_s = static_cast<double>(frames) / rate;
  double shift_s = spoken.begin_s;
  if (!spoken.audio.empty()) {
    shift_s += static_cast<double>(pending_pause) / rate;
    spoken.audio = after_pause(std::move(spoken.audio), std::exchange(pending_pause, 0));
    shift_times(spoken, shift_s);
    frames += spoken.audio.frames() + to_come.left;
    spoken.more = to_come.left > 0;
  }
  for (TimedMark& mark : spoken.marks) mark.at_s += shift_s;
  spoken.end_s = static_cast<double>(frames) / rate;
  if (read.ends_paragraph && frames > 0)
    pending_pause = static_cast<std::size_t>(options.paragraph_pause_s * rate);
}

SpeechStream::SpeechStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SpeechStream::SpeechStream(SpeechStream&&) noexcept = default;
SpeechStream& SpeechStream::operator=(SpeechStream&&) noexcept = default;
SpeechStream::~SpeechStream() = default;

namespace {

TextOptions reading_options(const SpeakOptions& options, const acoustic::SpeechModel& model) {
  TextOptions reading;
  reading.language = model.info().language;
  reading.input = options.input;
  reading.phonemes = model.phoneme_set();
  reading.lexicons = options.lexicons;
  reading.lexicon_folder = options.lexicon_folder;
  return reading;
}

// What the voice cannot do of what the options ask for.
Result<void> check_voice(const SpeakOptions& options, const acoustic::SpeechModel& model) {
  if (!model.traits().pitch && options.prosody.pitch_semitones != 0)
    return make_error(ErrorCode::kUnsupported, "the pitch of the voice ", model.info().name,
                      " cannot be moved; leave it at 0 semitones, or choose slt, rms or awb");
  const double rate = options.prosody.rate;
  if (model.traits().whole_rates && (rate < 1 || rate != std::round(rate)))
    return make_error(ErrorCode::kUnsupported, "this export of the voice ", model.info().name,
                      " takes whole rates only, 1 to 4, not ", rate,
                      "; take an export whose input speed is a float");
  return {};
}

}  // namespace

Result<std::unique_ptr<SpeechStream::Impl>> SpeechStream::make_impl(const SpeakOptions& options) {
  SYRINX_TRY(check_options(options));
  Prosody emotion;
  if (!options.emotion.empty()) {
    SYRINX_ASSIGN(emotion, text::read_emotion(options.emotion));
  }
  SYRINX_ASSIGN(auto model, load_voice(options.voice, options.voice_options));
  SYRINX_TRY(check_voice(options, *model));
  SYRINX_ASSIGN(auto espeak, espeak_for(*model));
  SYRINX_ASSIGN(auto front_end, TextFrontEnd::create(reading_options(options, *model)));
  std::unique_ptr<Impl> impl(new Impl{options, std::move(model), std::move(espeak),
                                      std::make_unique<TextFrontEnd>(std::move(front_end))});
  impl->emotion = emotion;
  return impl;
}

Result<SpeechStream> SpeechStream::for_sentences(const SpeakOptions& options,
                                                 text::InputKind kind) {
  SYRINX_ASSIGN(auto impl, make_impl(options));
  impl->kind = kind;
  impl->single = true;
  return SpeechStream(std::move(impl));
}

Result<SpeechStream> SpeechStream::create(std::unique_ptr<TextSource> text,
                                          const SpeakOptions& options,
                                          const std::stop_token& stop) {
  SYRINX_ASSIGN(auto impl, make_impl(options));
  SYRINX_ASSIGN(auto reader, TextReader::open(*impl->front_end, std::move(text), stop));
  impl->reader.emplace(std::move(reader));
  impl->report_limits(impl->script());
  return SpeechStream(std::move(impl));
}

text::InputKind SpeechStream::input() const noexcept { return impl_->input(); }
const std::vector<text::ElementReport>& SpeechStream::markup() const noexcept {
  return impl_->script().report;
}
int SpeechStream::sample_rate_hz() const noexcept { return voice().sample_rate_hz; }
const acoustic::VoiceInfo& SpeechStream::voice() const noexcept { return impl_->model->info(); }
const Prosody& SpeechStream::own_prosody() const noexcept { return impl_->model->traits().prosody; }
Result<void> SpeechStream::set_rate(double rate) {
  SpeakOptions changed = impl_->options;
  changed.prosody.rate = rate;
  SYRINX_TRY(check_options(changed));
  SYRINX_TRY(check_voice(changed, *impl_->model));
  impl_->options = std::move(changed);
  return {};
}
void SpeechStream::note_limits(text::Script& script) const {
  impl_->report_limits(script);
  text::downgrade(script, "lexicon", "uri", text::Honoured::kIgnored,
                  "lexicons that a book names are not read; give them by --lexicon");
}
std::size_t SpeechStream::spoken_bytes() const noexcept { return impl_->spoken_bytes; }
std::uint64_t SpeechStream::clipped_samples() const noexcept { return impl_->clipped; }

Result<bool> SpeechStream::Impl::next(SpokenSentence& spoken, bool in_parts,
                                      const std::stop_token& stop) {
  if (to_come.left > 0) {
    SYRINX_TRY(go_on(spoken, in_parts, stop));
    return true;
  }
  while (true) {
    SYRINX_ASSIGN(const bool more, read_next(stop));
    if (!more) break;
    SYRINX_ASSIGN(const bool heard, speak(spoken, in_parts, stop));
    spoken_bytes = std::max(spoken_bytes, read.written.source().end);
    if (!heard) continue;
    place(spoken);
    return true;
  }
  if (!spoke)
    return make_error(ErrorCode::kInvalidArgument, "there is nothing to say: the text has no word ",
                      "that the voice ", model->info().name, " can read");
  return false;
}

// More of the sound that was begun: the next part, or all of it.
Result<void> SpeechStream::Impl::go_on(SpokenSentence& spoken, bool in_parts,
                                       const std::stop_token& stop) {
  const auto rate = static_cast<double>(model->info().sample_rate_hz);
  spoken = SpokenSentence();
  spoken.continues = true;
  spoken.begin_s = static_cast<double>(frames - to_come.left) / rate;
  spoken.end_s = static_cast<double>(frames) / rate;
  const double volume_db = to_come.volume_db;
  SYRINX_TRY(take_sound(to_come, spoken.audio, stop));
  AudioBuffer block;
  while (!in_parts && to_come.left > 0) {
    SYRINX_TRY(take_sound(to_come, block, stop));
    spoken.audio.append(block);
  }
  clipped += apply_volume(spoken.audio.view(), volume_db);
  spoken.more = to_come.left > 0;
  return {};
}

Result<bool> SpeechStream::next_sentence(SpokenSentence& sentence, const std::stop_token& stop) {
  return impl_->next(sentence, false, stop);
}

Result<bool> SpeechStream::next_part(SpokenSentence& part, const std::stop_token& stop) {
  return impl_->next(part, true, stop);
}

Result<bool> SpeechStream::say(RawSentence sentence, SpokenSentence& spoken,
                               const std::stop_token& stop) {
  Impl& self = *impl_;
  if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
  self.read = self.front_end->understand(std::move(sentence), self.kind);
  SYRINX_TRY(self.suit_voice());
  SYRINX_ASSIGN(const bool heard, self.speak(spoken, false, stop));
  spoken.end_s = spoken.audio.empty() ? 0 : spoken.audio.duration_s();
  return heard && !spoken.audio.empty();
}

Result<bool> SpeechStream::next(AudioBuffer& block, const std::stop_token& stop) {
  while (true) {
    SYRINX_ASSIGN(const bool more, next_part(impl_->current, stop));
    if (!more) {
      block.clear();
      return false;
    }
    if (impl_->current.audio.empty()) continue;  // Only skipped text: nothing to hear.
    std::swap(block, impl_->current.audio);
    return true;
  }
}

}  // namespace syrinx::tts
