// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/validation/voice_check.h"

#include <algorithm>

#include "syrinx/engines/tts/speech_stream.h"
#include "syrinx/engines/tts/text_source.h"
#include "syrinx/stages/measure/artifacts/artifacts.h"
#include "syrinx/stages/measure/neural/neural_models.h"

namespace syrinx::validation {
namespace {

constexpr std::size_t kBootstrapDraws = 10'000;
constexpr std::uint64_t kSeed = 1;

Result<measure::Dnsmos> load_dnsmos() {
  SYRINX_ASSIGN(const auto p835, measure::find_model("dnsmos/sig_bak_ovr.onnx"));
  return measure::Dnsmos::load({p835, {}});
}

// The seconds that lie within any of them. They are in order of their beginnings.
double covered_s(const std::vector<measure::Artifact>& artifacts, double duration_s) {
  double covered = 0.0;
  double until = 0.0;
  for (const measure::Artifact& artifact : artifacts) {
    const double begin = std::max(artifact.begin_s, until);
    const double end = std::min(artifact.end_s, duration_s);
    if (end > begin) covered += end - begin;
    until = std::max(until, end);
  }
  return covered;
}

// All sentences, a paragraph each.
std::string paragraphs_of(const TextSet& texts) {
  std::string all;
  for (const std::string& sentence : texts.sentences) all += sentence + "\n\n";
  return all;
}

// Which of the sentences the byte of paragraphs_of() belongs to.
std::size_t sentence_at(const TextSet& texts, std::size_t byte) {
  std::size_t end = 0;
  std::size_t index = 0;
  while (index + 1 < texts.sentences.size()) {
    end += texts.sentences[index].size() + 2;
    if (byte < end) break;
    ++index;
  }
  return index;
}

// The same sound each time, where the model lets itself be held; else as it is.
Result<tts::SpeechStream> open_voice(const std::string& voice, const std::string& text) {
  tts::SpeakOptions options;
  options.voice = voice;
  options.voice_options.allow_paths = true;  // The user's own command.
  options.voice_options.seed = kSeed;
  options.paragraph_pause_s = 0.0;
  options.input = text::InputKind::kPlain;
  auto held = tts::SpeechStream::create(tts::text_from_string(text), options);
  if (held || held.error().code != ErrorCode::kUnsupported) return held;
  options.voice_options.seed.reset();
  return tts::SpeechStream::create(tts::text_from_string(text), options);
}

// What a voice makes of one sentence: with its own silence around it, in which noise shows.
struct SpokenText {
  AudioBuffer sound;
  double speech_s = 0.0;
};

void add(const tts::SpokenSentence& part, SpokenText& whole) {
  if (part.audio.empty()) return;
  if (whole.sound.empty()) {
    whole.sound = part.audio;
  } else {
    whole.sound.append(part.audio);
  }
  if (!part.words.empty()) whole.speech_s += part.words.back().end_s - part.words.front().begin_s;
}

}  // namespace

measure::WordErrors VoiceCheck::words() const {
  measure::WordErrors sum;
  for (const CheckedSentence& sentence : sentences) sum += sentence.errors;
  return sum;
}

measure::Interval VoiceCheck::word_error_interval() const {
  std::vector<measure::WordErrors> errors;
  for (const CheckedSentence& sentence : sentences) errors.push_back(sentence.errors);
  return measure::bootstrap_rate_interval(errors, kBootstrapDraws);
}

double VoiceCheck::duration_s() const {
  double sum = 0.0;
  for (const CheckedSentence& sentence : sentences) sum += sentence.duration_s;
  return sum;
}

double VoiceCheck::artifact_share() const {
  double sum = 0.0;
  for (const CheckedSentence& sentence : sentences) sum += sentence.artifact_s;
  return duration_s() > 0.0 ? sum / duration_s() : 0.0;
}

std::size_t VoiceCheck::artifacts() const {
  std::size_t sum = 0;
  for (const CheckedSentence& sentence : sentences) sum += sentence.artifacts;
  return sum;
}

double VoiceCheck::words_per_minute() const {
  double minutes = 0.0;
  for (const CheckedSentence& sentence : sentences) minutes += sentence.speech_s / 60.0;
  return minutes > 0.0 ? static_cast<double>(words().words) / minutes : 0.0;
}

std::optional<measure::DnsmosScores> VoiceCheck::dnsmos() const {
  measure::DnsmosScores sum;
  double count = 0.0;
  for (const CheckedSentence& sentence : sentences) {
    if (!sentence.dnsmos) continue;
    sum.signal += sentence.dnsmos->signal;
    sum.background += sentence.dnsmos->background;
    sum.overall += sentence.dnsmos->overall;
    sum.windows += sentence.dnsmos->windows;
    ++count;
  }
  if (count == 0.0) return std::nullopt;
  return measure::DnsmosScores{
      sum.signal / count, sum.background / count, sum.overall / count, {}, sum.windows};
}

VoiceChecker::VoiceChecker(std::unique_ptr<measure::Recogniser> recogniser)
    : recogniser_(std::move(recogniser)) {
  auto dnsmos = load_dnsmos();
  if (dnsmos) dnsmos_.emplace(std::move(*dnsmos));
  if (!dnsmos) without_dnsmos_ = dnsmos.error().message;
}

Result<VoiceChecker> VoiceChecker::create(const std::filesystem::path& model) {
  SYRINX_ASSIGN(auto recogniser, measure::load_recogniser(model));
  return VoiceChecker(std::move(recogniser));
}

Result<CheckedSentence> VoiceChecker::judge(const std::string& said, AudioView sound,
                                            double speech_s) const {
  CheckedSentence checked;
  checked.said = said;
  checked.duration_s = sound.empty() ? 0.0 : sound.duration_s();
  checked.speech_s = speech_s;
  if (!sound.empty()) SYRINX_TRY(measure_sound(sound, checked));
  checked.errors =
      measure::compare_words(measure::words_of(said), measure::words_of(checked.heard));
  return checked;
}

Result<void> VoiceChecker::measure_sound(AudioView sound, CheckedSentence& checked) const {
  SYRINX_ASSIGN(checked.heard, measure::recognise_any(*recogniser_, sound));
  SYRINX_ASSIGN(const auto artifacts, measure::find_artifacts(sound));
  checked.artifacts = artifacts.size();
  checked.artifact_s = covered_s(artifacts, checked.duration_s);
  if (dnsmos_) {
    SYRINX_ASSIGN(checked.dnsmos, dnsmos_->score(sound));
  }
  return {};
}

Result<VoiceCheck> VoiceChecker::check(const std::string& voice, const TextSet& texts,
                                       const std::stop_token& stop,
                                       const std::function<void(std::size_t)>& done) {
  SYRINX_ASSIGN(auto stream, open_voice(voice, paragraphs_of(texts)));
  VoiceCheck check{voice, {}};
  SpokenText spoken;
  const auto judge_up_to = [&](std::size_t index) -> Result<void> {
    while (check.sentences.size() < index) {
      const std::string& said = texts.sentences[check.sentences.size()];
      SYRINX_ASSIGN(auto checked, judge(said, spoken.sound, spoken.speech_s));
      check.sentences.push_back(std::move(checked));
      spoken = {};  // What comes before `index` and is not there made no sound.
      done(check.sentences.size());
      if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "interrupted");
    }
    return {};
  };
  tts::SpokenSentence part;
  while (true) {
    SYRINX_ASSIGN(const bool more, stream.next_sentence(part, stop));
    if (!more) break;
    SYRINX_TRY(judge_up_to(sentence_at(texts, part.piece.source.begin)));
    add(part, spoken);
  }
  SYRINX_TRY(judge_up_to(texts.sentences.size()));
  return check;
}

}  // namespace syrinx::validation
