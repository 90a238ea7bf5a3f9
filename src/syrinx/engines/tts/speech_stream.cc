// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/speech_stream.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "syrinx/stages/text/ascii_fold.h"
#include "syrinx/stages/text/sentence_splitter.h"

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

// Multiplies in place, holds what exceeds full scale, and returns how many samples that were.
std::uint64_t apply_volume(MutableAudioView audio, double volume_db) {
  if (volume_db == 0.0) return 0;
  const auto gain = static_cast<float>(std::pow(10.0, volume_db / 20.0));
  std::uint64_t clipped = 0;
  for (float& sample : audio.channel(0)) {
    sample *= gain;
    if (std::abs(sample) > 1.0f) ++clipped;
    sample = std::clamp(sample, -1.0f, 1.0f);
  }
  return clipped;
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

// Rows of asterisks and dashes are ornaments, not words.
bool is_ornament(const std::string& ascii) {
  return std::none_of(ascii.begin(), ascii.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("&%$#@+=").find(c) != std::string_view::npos;
  });
}

}  // namespace

struct SpeechStream::Impl {
  std::unique_ptr<TextSource> text;
  std::unique_ptr<acoustic::SpeechModel> model;
  text::AsciiFolder folder;
  SpeakOptions options;
  text::SentenceSplitter splitter{};
  bool text_ended = false;
  bool spoke = false;
  std::uint64_t frames = 0;       // Given out so far.
  std::size_t pending_pause = 0;  // Frames of silence owed before the next sentence.
  std::uint64_t clipped = 0;
  std::size_t spoken_bytes = 0;
  SpokenSentence current{};  // For next(): reused.

  Result<std::optional<text::Sentence>> pull(const std::stop_token& stop);
  Result<bool> speak(const text::Sentence& sentence, SpokenSentence& spoken);
  void place(const text::Sentence& sentence, SpokenSentence& spoken);
};

// The next sentence, reading as much text as that takes.
Result<std::optional<text::Sentence>> SpeechStream::Impl::pull(const std::stop_token& stop) {
  std::string piece;
  while (true) {
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
    if (auto sentence = splitter.next()) return sentence;
    if (text_ended) return std::optional<text::Sentence>();
    SYRINX_ASSIGN(const bool more, text->next(piece, stop));
    if (more) splitter.push(piece);
    if (!more) splitter.finish();
    text_ended = !more;
  }
}

// False when the sentence has nothing to pronounce or to report.
Result<bool> SpeechStream::Impl::speak(const text::Sentence& sentence, SpokenSentence& spoken) {
  text::FoldedText folded = folder.fold(sentence.piece.text, sentence.piece.source.begin);
  spoken = SpokenSentence();
  spoken.piece = sentence.piece;
  for (auto& skipped : folded.skipped) {
    spoken.skipped.push_back({std::move(skipped.character), skipped.source});
  }
  if (is_ornament(folded.text.text())) return !spoken.skipped.empty();
  SYRINX_ASSIGN(acoustic::Utterance utterance, model->speak(folded.text, options.prosody));
  if (utterance.words.empty()) return !spoken.skipped.empty();
  spoken.audio = std::move(utterance.audio);
  spoken.words = std::move(utterance.words);
  spoken.phonemes = std::move(utterance.phonemes);
  spoke = true;
  return true;
}

// Gives the sentence its volume, its pause and its place in the stream.
void SpeechStream::Impl::place(const text::Sentence& sentence, SpokenSentence& spoken) {
  const auto rate = static_cast<double>(model->info().sample_rate_hz);
  spoken.begin_s = static_cast<double>(frames) / rate;
  if (!spoken.audio.empty()) {
    clipped += apply_volume(spoken.audio.view(), options.prosody.volume_db);
    const double pause_s = static_cast<double>(pending_pause) / rate;
    spoken.audio = after_pause(std::move(spoken.audio), std::exchange(pending_pause, 0));
    shift_times(spoken, spoken.begin_s + pause_s);
    frames += spoken.audio.frames();
  }
  spoken.end_s = static_cast<double>(frames) / rate;
  if (sentence.ends_paragraph && frames > 0)
    pending_pause = static_cast<std::size_t>(options.paragraph_pause_s * rate);
}

SpeechStream::SpeechStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SpeechStream::SpeechStream(SpeechStream&&) noexcept = default;
SpeechStream& SpeechStream::operator=(SpeechStream&&) noexcept = default;
SpeechStream::~SpeechStream() = default;

Result<SpeechStream> SpeechStream::create(std::unique_ptr<TextSource> text,
                                          const SpeakOptions& options) {
  SYRINX_TRY(check_options(options));
  SYRINX_ASSIGN(auto model, load_voice(options.voice));
  SYRINX_ASSIGN(auto folder, text::AsciiFolder::create());
  return SpeechStream(std::unique_ptr<Impl>(
      new Impl{std::move(text), std::move(model), std::move(folder), options}));
}

int SpeechStream::sample_rate_hz() const noexcept { return voice().sample_rate_hz; }
const acoustic::VoiceInfo& SpeechStream::voice() const noexcept { return impl_->model->info(); }
std::size_t SpeechStream::spoken_bytes() const noexcept { return impl_->spoken_bytes; }
std::uint64_t SpeechStream::clipped_samples() const noexcept { return impl_->clipped; }

Result<bool> SpeechStream::next_sentence(SpokenSentence& sentence, const std::stop_token& stop) {
  Impl& self = *impl_;
  while (true) {
    SYRINX_ASSIGN(const auto pulled, self.pull(stop));
    if (!pulled) break;
    SYRINX_ASSIGN(const bool has_words, self.speak(*pulled, sentence));
    self.spoken_bytes = pulled->piece.source.end;
    if (!has_words) continue;
    self.place(*pulled, sentence);
    return true;
  }
  if (!self.spoke)
    return make_error(ErrorCode::kInvalidArgument, "there is nothing to say: the text has no word ",
                      "that the voice ", voice().name, " can read");
  return false;
}

Result<bool> SpeechStream::next(AudioBuffer& block, const std::stop_token& stop) {
  while (true) {
    SYRINX_ASSIGN(const bool more, next_sentence(impl_->current, stop));
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
