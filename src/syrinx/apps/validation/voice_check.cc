// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/validation/voice_check.h"

#include <algorithm>

#include "syrinx/engines/tts/speech_stream.h"
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

// The same sound each time, where the model lets itself be held; else as it is.
Result<tts::SpeechStream> open_voice(const std::string& voice) {
  tts::SpeakOptions options;
  options.voice = voice;
  options.voice_options.allow_paths = true;  // The user's own command.
  options.voice_options.seed = kSeed;
  auto held = tts::SpeechStream::for_sentences(options, text::InputKind::kPlain);
  if (held || held.error().code != ErrorCode::kUnsupported) return held;
  options.voice_options.seed.reset();
  return tts::SpeechStream::for_sentences(options, text::InputKind::kPlain);
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
  const double minutes = duration_s() / 60.0;
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

Result<CheckedSentence> VoiceChecker::judge(const std::string& said, AudioView sound) const {
  CheckedSentence checked{said, "", {}, sound.duration_s(), 0.0, 0, {}};
  SYRINX_ASSIGN(checked.heard, measure::recognise_any(*recogniser_, sound));
  SYRINX_ASSIGN(const auto artifacts, measure::find_artifacts(sound));
  checked.artifacts = artifacts.size();
  checked.artifact_s = covered_s(artifacts, checked.duration_s);
  if (dnsmos_) {
    SYRINX_ASSIGN(checked.dnsmos, dnsmos_->score(sound));
  }
  return checked;
}

Result<VoiceCheck> VoiceChecker::check(const std::string& voice, const TextSet& texts,
                                       const std::stop_token& stop,
                                       const std::function<void(std::size_t)>& done) {
  SYRINX_ASSIGN(auto stream, open_voice(voice));
  VoiceCheck check{voice, {}};
  for (const std::string& said : texts.sentences) {
    tts::SpokenSentence spoken;
    auto raw = tts::plain_sentence(MappedText(said, 0), true);
    SYRINX_ASSIGN(const bool heard, stream.say(std::move(raw), spoken, stop));
    CheckedSentence checked{said, "", {}, 0.0, 0.0, 0, {}};
    if (heard) {
      SYRINX_ASSIGN(checked, judge(said, spoken.audio));
    }
    checked.errors =
        measure::compare_words(measure::words_of(said), measure::words_of(checked.heard));
    check.sentences.push_back(std::move(checked));
    done(check.sentences.size());
  }
  return check;
}

}  // namespace syrinx::validation
