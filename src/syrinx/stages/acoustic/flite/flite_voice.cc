// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/flite/flite_voice.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/acoustic/flite/flite_door.h"

namespace syrinx::acoustic {
namespace {

struct BuiltIn {
  flite::VoiceId id;
  VoiceInfo info;
};

const std::vector<BuiltIn>& built_ins() {
  static const auto make = [](flite::VoiceId id, const char* name, const char* gender,
                              const char* description) {
    return BuiltIn{id, {name, "flite", "en-US", gender, description, "BSD-style (CMU)", 16'000}};
  };
  static const std::vector<BuiltIn> voices = {
      make(flite::VoiceId::kSlt, "slt", "female", "US English woman (CMU ARCTIC slt)"),
      make(flite::VoiceId::kRms, "rms", "male", "US English man (CMU ARCTIC rms)"),
      make(flite::VoiceId::kAwb, "awb", "male",
           "Scottish man speaking US English (CMU ARCTIC awb)"),
  };
  return voices;
}

Result<void> check_request(const MappedText& sentence, const Prosody& prosody) {
  if (!(prosody.rate >= kMinRate && prosody.rate <= kMaxRate))
    return make_error(ErrorCode::kInvalidArgument, "rate is ", prosody.rate,
                      " but must be between ", kMinRate, " and ", kMaxRate);
  if (!(std::abs(prosody.pitch_semitones) <= kMaxPitchSemitones))
    return make_error(ErrorCode::kInvalidArgument, "pitch is ", prosody.pitch_semitones,
                      " semitones but must be between -12 and 12");
  if (sentence.size() > 4 * limits::kMaxSentenceBytes)
    return make_error(ErrorCode::kLimitExceeded, "a sentence of ", sentence.size(),
                      " bytes is too long to speak at once; split it");
  const auto plain = [](char c) { return c == '\n' || (c >= 0x20 && c <= 0x7E); };
  if (!std::all_of(sentence.text().begin(), sentence.text().end(), plain))
    return make_error(ErrorCode::kInvalidArgument,
                      "a Flite voice reads printable ASCII only; fold the text first");
  return {};
}

// Where each token stands in the text. Flite keeps tokens in order and unchanged but for the
// punctuation around them, so each is found at or after the end of the one before.
std::vector<SourceSpan> token_sources(const MappedText& sentence,
                                      const std::vector<flite::Token>& tokens) {
  std::vector<SourceSpan> sources;
  std::size_t at = 0;
  for (const flite::Token& token : tokens) {
    const std::size_t found = sentence.text().find(token.name, at);
    const std::size_t begin = found == std::string::npos ? at : found;
    at = std::min(begin + token.name.size(), sentence.size());
    sources.push_back(sentence.source_of(begin, at));
  }
  return sources;
}

void add_words(const flite::Speech& speech, const std::vector<SourceSpan>& sources,
               Utterance& utterance) {
  int current = -1;
  for (const TimedPhoneme& timed : utterance.phonemes) {
    const auto index = static_cast<std::size_t>(&timed - utterance.phonemes.data());
    const int token = speech.segments[index].token;
    if (token >= 0 && token != current) {
      const auto at = static_cast<std::size_t>(token);
      utterance.words.push_back({speech.tokens[at].name, sources[at], timed.begin_s, timed.end_s});
    } else if (token >= 0) {
      utterance.words.back().end_s = timed.end_s;
    }
    if (token >= 0) current = token;
  }
}

Utterance to_utterance(const MappedText& sentence, const flite::Speech& speech) {
  const auto sources = token_sources(sentence, speech.tokens);
  Utterance utterance;
  utterance.audio = AudioBuffer(AudioView(speech.samples, speech.sample_rate_hz));
  double begin_s = 0;
  for (const flite::Segment& segment : speech.segments) {
    const SourceSpan source =
        segment.token >= 0 ? sources[static_cast<std::size_t>(segment.token)] : SourceSpan{};
    const double end_s = std::min(segment.end_s, utterance.audio.duration_s());
    utterance.phonemes.push_back({{segment.phone, segment.stress, source}, begin_s, end_s});
    begin_s = end_s;
  }
  add_words(speech, sources, utterance);
  return utterance;
}

class FliteVoice final : public SpeechModel {
 public:
  explicit FliteVoice(const BuiltIn& voice) : voice_(voice) {}

  const VoiceInfo& info() const noexcept override { return voice_.info; }

  Result<Utterance> speak(const MappedText& sentence, const Prosody& prosody) override {
    SYRINX_TRY(check_request(sentence, prosody));
    SYRINX_ASSIGN(const flite::Speech speech,
                  flite::speak(voice_.id, sentence.text(), 1.0 / prosody.rate,
                               std::exp2(prosody.pitch_semitones / 12.0)));
    return to_utterance(sentence, speech);
  }

 private:
  const BuiltIn& voice_;
};

}  // namespace

std::vector<VoiceInfo> flite_voices() {
  std::vector<VoiceInfo> infos;
  for (const BuiltIn& voice : built_ins()) infos.push_back(voice.info);
  return infos;
}

Result<std::unique_ptr<SpeechModel>> load_flite_voice(std::string_view name) {
  for (const BuiltIn& voice : built_ins()) {
    if (voice.info.name == name) return std::unique_ptr<SpeechModel>(new FliteVoice(voice));
  }
  return make_error(ErrorCode::kNotFound, "no Flite voice '", name,
                    "'; there are slt, rms and awb");
}

std::string flite_version() { return flite::version(); }

}  // namespace syrinx::acoustic
