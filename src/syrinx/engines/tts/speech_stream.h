// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/phonemes.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/core/flow/text.h"
#include "syrinx/engines/tts/read_sentence.h"
#include "syrinx/engines/tts/sentence_source.h"
#include "syrinx/engines/tts/voices.h"
#include "syrinx/stages/text/input/input.h"
#include "syrinx/stages/text/lexicon/lexicon_stack.h"

namespace syrinx::tts {

struct SpeakOptions {
  std::string voice{kDefaultVoice};  // As load_voice() takes it.
  VoiceOptions voice_options;
  Prosody prosody;                 // rate 0.25 to 4, pitch +-12 semitones, volume -60 to +24 dB.
  std::string emotion;             // As text::read_emotion() takes it; "" for none.
  double paragraph_pause_s = 0.4;  // Silence added after a paragraph, 0 to 10.
  std::optional<text::InputKind> input;  // Empty: told from the text.
  std::shared_ptr<text::LexiconStack> lexicons;
  std::filesystem::path lexicon_folder;  // Where lexicons that a document names may lie.
};

// A place that the author marked, and when it is reached.
struct TimedMark {
  std::string name;
  SourceSpan source;
  double at_s = 0;
};

// One sentence as it sounds, or a part of one. Times are seconds from the start of the whole
// stream.
struct SpokenSentence {
  TextPiece piece;  // As written.
  double begin_s = 0;
  double end_s = 0;
  AudioBuffer audio;  // Mono at the voice's rate.
  std::vector<TimedWord> words;
  std::vector<TimedPhoneme> phonemes;
  std::vector<TimedMark> marks;
  std::vector<SkippedText> skipped;
  // More sound of the sentence before: nothing else is here but its begin and end.
  bool continues = false;
  bool more = false;  // More of this sentence's sound follows; end_s is the whole sentence's.
};

// Text in, speech out, sentence by sentence: pulling a sentence reads only as much text as it
// needs, so sound starts while the text is still arriving, and memory does not grow with its
// length. One stream serves one thread.
class SpeechStream final : public AudioSource {
 public:
  // Errors: those of load_voice(); kInvalidArgument for options out of range; kUnsupported for a
  // pitch that the voice cannot have;
  // kUnavailable when Unicode data is missing on this machine; those of the text and its markup,
  // which is read here unless it is plain.
  // Waits for the first piece of the text; kCancelled when `stop` ends that.
  static Result<SpeechStream> create(std::unique_ptr<TextSource> text, const SpeakOptions& options,
                                     const std::stop_token& stop = {});
  // A voice without a text: sentences of input `kind` come by say(), and nothing by next().
  static Result<SpeechStream> for_sentences(const SpeakOptions& options, text::InputKind kind);
  SpeechStream(SpeechStream&&) noexcept;
  SpeechStream& operator=(SpeechStream&&) noexcept;
  ~SpeechStream() override;

  int sample_rate_hz() const noexcept override;
  std::size_t channels() const noexcept override { return 1; }
  const acoustic::VoiceInfo& voice() const noexcept;
  // The user's own setting for this voice, on which that of the options comes.
  const Prosody& own_prosody() const noexcept;
  // Another rate than the options', from the next sentence on. Errors, which change nothing: those
  // of create() for a rate.
  Result<void> set_rate(double rate);

  // The next sentence that has words, or false at the end. Sentences without words (a row of
  // asterisks) are passed over. Errors: those of the text; kInvalidArgument at the end when
  // nothing was speakable at all; kCancelled before the next sentence is begun; kInternal.
  Result<bool> next_sentence(SpokenSentence& sentence, const std::stop_token& stop);
  // The same sound, sooner: a voice that makes its sound in parts gives the first of a sentence
  // with all that is known of it, and those that follow as `continues`. What was begun so ends so:
  // after it, next_sentence() gives the rest of the sentence.
  Result<bool> next_part(SpokenSentence& part, const std::stop_token& stop);
  // Says one sentence that the caller found, at once: times count from its own start, and silence
  // that the voice makes around it is taken off; pauses of the text stay. False when there is
  // nothing to hear. Errors: kCancelled; kInternal.
  Result<bool> say(RawSentence sentence, SpokenSentence& spoken, const std::stop_token& stop);
  // The sound of next_part() without the words.
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override;

  text::InputKind input() const noexcept;
  // What became of each element of the markup, by this voice.
  const std::vector<text::ElementReport>& markup() const noexcept;
  // Notes in the report of a script what of its markup these voices cannot do; lexicons that it
  // names, too, as say() does not read them.
  void note_limits(text::Script& script) const;
  // Source bytes spoken so far: progress.
  std::size_t spoken_bytes() const noexcept;
  // Samples that volume pushed beyond full scale, and which were held at it.
  std::uint64_t clipped_samples() const noexcept;

 private:
  struct Impl;
  explicit SpeechStream(std::unique_ptr<Impl> impl);
  static Result<std::unique_ptr<Impl>> make_impl(const SpeakOptions& options);

  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::tts
