// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/read_job.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>
#include <utility>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/engines/tts/voice_models.h"
#include "syrinx/engines/tts/voice_pace.h"

namespace syrinx::tts {
namespace {

// What went before a sentence, as far as the silence between them depends on it.
struct Before {
  bool anything = false;
  bool ended_paragraph = false;
  bool was_heading = false;
  bool chapter_begins = false;  // Since, with a sentence that had no sound.
  std::string speaker;
  std::string text;

  void note(const BookSentence& sentence, bool heard) {
    chapter_begins = !heard && (chapter_begins || sentence.begins_chapter);
    if (!heard) {
      ended_paragraph = ended_paragraph || sentence.raw.ends_paragraph;
      return;
    }
    anything = true;
    ended_paragraph = sentence.raw.ends_paragraph;
    was_heading = sentence.is_heading;
    speaker = sentence.speaker;
    text = sentence.raw.text.text();
  }
};

bool ends_with(std::string_view text, std::string_view mark) {
  while (!text.empty() &&
         std::string_view(" \t\r\n\"')]").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  for (const std::string_view quote : {"\u201D", "\u2019", "\u00BB"}) {
    if (text.ends_with(quote)) text.remove_suffix(quote.size());
  }
  return text.ends_with(mark);
}

double pause_after(std::string_view text, const ReadPauses& pauses) {
  if (ends_with(text, "...") || ends_with(text, "\u2026")) return pauses.ellipsis;
  if (ends_with(text, ":") || ends_with(text, ";")) return pauses.colon;
  if (ends_with(text, ".") || ends_with(text, "!") || ends_with(text, "?")) return pauses.sentence;
  return pauses.clause;
}

double pause_between(const Before& before, const BookSentence& next, const ReadPauses& pauses) {
  if (!before.anything) return pauses.opening;
  double pause = pause_after(before.text, pauses);
  if (before.speaker != next.speaker) pause = std::max(pause, pauses.speaker);
  if (before.ended_paragraph) pause = std::max(pause, pauses.paragraph);
  if (before.was_heading) pause = std::max(pause, pauses.heading);
  if (next.begins_chapter || before.chapter_begins) pause = std::max(pause, pauses.chapter);
  return pause;
}

// Where each word stands in the sentence's text. Words come in order, so that one walk finds all.
std::vector<RecordedWord> place_words(const MappedText& text, const std::vector<TimedWord>& words) {
  std::vector<RecordedWord> placed;
  std::size_t byte = 0;
  for (const TimedWord& word : words) {
    const auto begin_of = [&text](std::size_t at) { return text.source_of(at, at + 1).begin; };
    if (byte < text.size() && begin_of(byte) > word.source.begin) byte = 0;
    while (byte < text.size() && begin_of(byte) < word.source.begin) ++byte;
    std::size_t end = byte;
    while (end < text.size() && begin_of(end) < word.source.end) ++end;
    placed.push_back({byte, end, word.source, word.begin_s, word.end_s});
  }
  return placed;
}

// Pieces that a listener may miss; marks of the layout are none.
std::size_t unsaid(const std::vector<SkippedText>& skipped) {
  return static_cast<std::size_t>(
      std::count_if(skipped.begin(), skipped.end(), [](const SkippedText& piece) {
        return piece.reason != "markup" && piece.reason != "comment";
      }));
}

// Whom the markup names for every part of the sentence that has words.
std::optional<std::string> voice_of_markup(const RawSentence& raw) {
  const SourceSpan place = raw.text.source();
  std::optional<std::string> name;
  for (const MarkedArea& area : raw.areas) {
    if (area.source.end <= place.begin || area.source.begin >= place.end) continue;
    if (area.style.voice.empty() || (name && *name != area.style.voice)) return std::nullopt;
    name = area.style.voice;
  }
  return name;
}

std::string prosody_text(const ReadOptions& options) {
  const SpeakOptions& speak = options.speak;
  const ReadPauses& pauses = options.pauses;
  std::ostringstream text;
  text.precision(17);
  text << speak.prosody.rate << " " << speak.prosody.pitch_semitones << " "
       << speak.prosody.volume_db;
  for (const double pause :
       {pauses.opening, pauses.clause, pauses.colon, pauses.sentence, pauses.ellipsis,
        pauses.speaker, pauses.paragraph, pauses.heading, pauses.chapter})
    text << " " << pause;
  text << (options.even_pace ? " even pace" : " own pace");
  return text.str();
}

std::string cast_text(const std::vector<CastMember>& cast) {
  std::string text;
  for (const CastMember& member : cast)
    text += (text.empty() ? "" : ",") + member.name + "=" + member.voice;
  return text;
}

}  // namespace

struct ReadJob::Impl {
  Book book;
  ReadOptions options;
  std::map<std::string, SpeechStream> voices{};  // By name.
  std::map<std::string, double> paces{};         // By name.
  std::optional<double> narrator_s{};            // The pace of the first voice.
  std::optional<JobFolder> folder{};
  int rate_hz = 0;
  std::size_t resumed = 0;
  Before before{};
  bool spoke = false;
  BookSentence sentence{};
  SpokenSentence spoken{};

  Result<void> load_voice_of(const std::string& name, const std::stop_token& stop);
  Result<void> load_voices(const std::stop_token& stop);
  Result<double> even_out(SpeechStream& voice, const std::stop_token& stop);
  JobIdentity identity() const;
  Result<void> pass_over(const std::stop_token& stop);
  Result<SpeechStream*> voice_for(const BookSentence& said, const std::stop_token& stop);
  Result<AudioBuffer> at_job_rate(AudioBuffer sound) const;
  SpokenRecord record_of(const MappedText& text, const std::string& voice) const;
};

namespace {

// A voice that says the same text with the same sound, so that what is spoken after a stop is what
// would have been; as it is where a model's noise cannot be held.
Result<SpeechStream> steady_voice(SpeakOptions speak, text::InputKind kind) {
  if (!speak.voice_options.seed) speak.voice_options.seed = 0;
  auto steady = SpeechStream::for_sentences(speak, kind);
  if (steady || steady.error().code != ErrorCode::kUnsupported) return steady;
  speak.voice_options.seed.reset();
  return SpeechStream::for_sentences(speak, kind);
}

}  // namespace

Result<void> ReadJob::Impl::load_voice_of(const std::string& name, const std::stop_token& stop) {
  if (voices.count(name) > 0) return {};
  SpeakOptions speak = options.speak;
  speak.voice = name;
  SYRINX_ASSIGN(auto voice, steady_voice(speak, book.kind()));
  SYRINX_ASSIGN(paces[name], even_out(voice, stop));
  if (!folder) rate_hz = std::max(rate_hz, voice.sample_rate_hz());  // Then it is fixed.
  voices.emplace(name, std::move(voice));
  return {};
}

// Brings a voice to the pace of the first one, which is asked for when there is a second. What its
// rate was multiplied by.
Result<double> ReadJob::Impl::even_out(SpeechStream& voice, const std::stop_token& stop) {
  if (voices.empty() || !options.even_pace) return 1.0;
  SpeechStream& narrator = voices.at(options.speak.voice);
  if (narrator.voice().language != voice.voice().language) return 1.0;
  if (!narrator_s) {
    SYRINX_ASSIGN(narrator_s, measure_pace_s(narrator, stop));
  }
  SYRINX_ASSIGN(const auto voice_s, measure_pace_s(voice, stop));
  if (!narrator_s || !voice_s) return 1.0;
  const double factor = pace_factor(*voice_s, *narrator_s);
  const double rate =
      std::clamp(options.speak.prosody.rate * factor, acoustic::kMinRate, acoustic::kMaxRate);
  return voice.set_rate(rate) ? factor : 1.0;  // Some exports take whole rates only.
}

Result<void> ReadJob::Impl::load_voices(const std::stop_token& stop) {
  SYRINX_TRY(load_voice_of(options.speak.voice, stop));
  for (const CastMember& member : options.cast) SYRINX_TRY(load_voice_of(member.voice, stop));
  return {};
}

JobIdentity ReadJob::Impl::identity() const {
  JobIdentity all{{"text", book.digest()},
                  {"models", models_stamp()},
                  {"input", std::string(text::name_of(book.kind()))},
                  {"voice", options.speak.voice},
                  {"cast", cast_text(options.cast)},
                  {"prosody and pauses", prosody_text(options)}};
  all.insert(all.end(), options.identity.begin(), options.identity.end());
  return all;
}

// Reads the book up to where the folder is, and holds the one against the other.
Result<void> ReadJob::Impl::pass_over(const std::stop_token& stop) {
  resumed = folder->records();
  SYRINX_ASSIGN(auto records, JobReader::open(*folder));
  SpokenRecord record;
  while (true) {
    SYRINX_ASSIGN(const bool more, records.next(record, nullptr));
    if (!more) return {};
    SYRINX_ASSIGN(const bool there, book.next(sentence, stop));
    if (!there || record.source != sentence.raw.text.source())
      return make_error(ErrorCode::kCorruptData, "'", folder->path().string(),
                        "' has a sentence that the text does not have there; run again with "
                        "--restart");
    before.note(sentence, record.frames > 0);
    spoke = spoke || record.frames > 0;
  }
}

// The voice of the cast; else the one that the markup has for all of the sentence; else the job's.
Result<SpeechStream*> ReadJob::Impl::voice_for(const BookSentence& said,
                                               const std::stop_token& stop) {
  std::string name = voice_of_markup(said.raw).value_or(options.speak.voice);
  for (const CastMember& member : options.cast) {
    if (member.name == said.speaker) name = member.voice;
  }
  SYRINX_TRY(load_voice_of(name, stop));
  return &voices.at(name);
}

Result<AudioBuffer> ReadJob::Impl::at_job_rate(AudioBuffer sound) const {
  if (sound.empty() || sound.sample_rate_hz() == rate_hz) return sound;
  return dsp::resample(sound, rate_hz);
}

// What the sentence is, before it is known how it sounds.
SpokenRecord ReadJob::Impl::record_of(const MappedText& text, const std::string& voice) const {
  SpokenRecord record;
  record.voice = voice;
  record.speaker = sentence.speaker;
  record.document = sentence.document;
  record.skipped = unsaid(spoken.skipped);
  record.begins_chapter = sentence.begins_chapter;
  record.names_chapter = sentence.names_chapter;
  record.chapter_title = sentence.chapter_title;
  record.text = text.text();
  record.source = text.source();
  return record;
}

ReadJob::ReadJob(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
ReadJob::ReadJob(ReadJob&&) noexcept = default;
ReadJob& ReadJob::operator=(ReadJob&&) noexcept = default;
ReadJob::~ReadJob() = default;

Result<ReadJob> ReadJob::open(Book book, const std::filesystem::path& folder,
                              const ReadOptions& options, const std::stop_token& stop) {
  std::unique_ptr<Impl> impl(new Impl{std::move(book), options});
  SYRINX_TRY(impl->load_voices(stop));
  SYRINX_ASSIGN(auto opened,
                JobFolder::open(folder, impl->identity(), impl->rate_hz, options.restart, stop));
  impl->folder.emplace(std::move(opened));
  SYRINX_TRY(impl->pass_over(stop));
  return ReadJob(std::move(impl));
}

const Book& ReadJob::book() const noexcept { return impl_->book; }
JobFolder& ReadJob::folder() noexcept { return *impl_->folder; }
std::size_t ReadJob::resumed_sentences() const noexcept { return impl_->resumed; }
double ReadJob::share() const noexcept {
  const auto total = static_cast<double>(impl_->book.total_bytes());
  return total > 0 ? std::min(1.0, static_cast<double>(impl_->book.read_bytes()) / total) : 1.0;
}
std::map<std::string, double> ReadJob::paces() const { return impl_->paces; }
std::vector<text::ElementReport> ReadJob::markup() const {
  text::Script script;
  script.report = impl_->book.markup();
  for (const auto& [name, voice] : impl_->voices) voice.note_limits(script);
  for (const auto& [name, voice] : impl_->voices)
    script.report.insert(script.report.end(), voice.markup().begin(), voice.markup().end());
  return std::move(script.report);
}

Result<bool> ReadJob::step(const std::stop_token& stop) {
  Impl& self = *impl_;
  SYRINX_ASSIGN(const bool more, self.book.next(self.sentence, stop));
  if (!more) {
    SYRINX_TRY(self.folder->sync());
    if (self.spoke) return false;
    return make_error(ErrorCode::kInvalidArgument,
                      "there is nothing to say: the text has no word that the voice ",
                      self.options.speak.voice, " can read");
  }
  BookSentence& sentence = self.sentence;
  SYRINX_ASSIGN(SpeechStream* const voice, self.voice_for(sentence, stop));
  const MappedText text = sentence.raw.text;
  RawSentence raw = sentence.raw;  // The rest of it is asked for below.
  SYRINX_ASSIGN(const bool heard, voice->say(std::move(raw), self.spoken, stop));
  SpokenRecord record = self.record_of(text, voice->voice().name);
  AudioBuffer sound(1, 0, self.rate_hz);
  if (heard) {
    const double pause_s =
        pause_between(self.before, sentence, self.options.pauses) / self.options.speak.prosody.rate;
    record.pause_frames = static_cast<std::uint64_t>(std::llround(pause_s * self.rate_hz));
    record.words = place_words(text, self.spoken.words);
    SYRINX_ASSIGN(sound, self.at_job_rate(std::move(self.spoken.audio)));
  }
  self.before.note(sentence, heard);
  self.spoke = self.spoke || heard;
  SYRINX_TRY(self.folder->add(std::move(record), sound));
  return true;
}

}  // namespace syrinx::tts
