// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/flite/flite_voice.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

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

constexpr std::size_t kMaxWords = 400;  // At once; sentences are shorter.

Result<void> check_request(const UtterancePlan& plan) {
  const Prosody& prosody = plan.prosody;
  if (!(prosody.rate >= kMinRate && prosody.rate <= kMaxRate))
    return make_error(ErrorCode::kInvalidArgument, "rate is ", prosody.rate,
                      " but must be between ", kMinRate, " and ", kMaxRate);
  if (!(std::abs(prosody.pitch_semitones) <= kMaxPitchSemitones))
    return make_error(ErrorCode::kInvalidArgument, "pitch is ", prosody.pitch_semitones,
                      " semitones but must be between -12 and 12");
  return {};
}

// Flite's phones of a pronunciation in ARPABET: lower case, the weak "ah" by a name of its own, and
// one degree of stress.
std::vector<std::string> flite_phones(const std::string& arpabet) {
  std::vector<std::string> phones;
  for (std::size_t at = 0; at < arpabet.size();) {
    const std::size_t space = std::min(arpabet.find(' ', at), arpabet.size());
    std::string phone = arpabet.substr(at, space - at);
    at = space + 1;
    if (phone.empty() || phone == "|") continue;
    std::transform(phone.begin(), phone.end(), phone.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (phone == "ah0") phone = "ax0";
    if (phone.back() == '2') phone.back() = '1';
    phones.push_back(std::move(phone));
  }
  return phones;
}

// A name that Flite makes one word of: its letters in lower case.
std::string flite_name(const std::string& word) {
  std::string name;
  for (const char c : word) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0)
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return name.empty() ? "word" : name;
}

// The one mark of a run of them that shapes the tune most.
std::string tune_mark(std::string_view marks) {
  for (const char* mark : {"?", "!", ".", ":", ";", ","}) {
    if (marks.find(mark) != std::string_view::npos) return mark;
  }
  return marks.find("\xE2\x80\x94") != std::string_view::npos || marks == "-" ? "," : "";
}

// The words as Flite takes them, and the author's bytes behind each.
struct FliteWords {
  std::vector<flite::Token> tokens;
  std::vector<SourceSpan> sources;
};

Result<FliteWords> flite_words(const UtterancePlan& plan) {
  FliteWords words;
  for (const SpokenToken& token : plan.tokens) {
    if (token.words.empty() && !words.tokens.empty()) {
      if (const std::string mark = tune_mark(token.written); !mark.empty())
        words.tokens.back().punctuation = mark;
    }
    for (const SpokenWord& word : token.words) {
      if (!word.pronunciation || word.pronunciation->set != PhonemeSet::kArpabet)
        return make_error(ErrorCode::kInvalidArgument, "the word '", word.text,
                          "' has no pronunciation in ARPABET, which a Flite voice needs");
      flite::Token spoken{flite_name(word.text), "", flite_phones(word.pronunciation->symbols)};
      if (spoken.phones.empty()) continue;
      words.tokens.push_back(std::move(spoken));
      words.sources.push_back(word.source);
    }
  }
  if (words.tokens.size() > kMaxWords)
    return make_error(ErrorCode::kLimitExceeded, "a sentence of ", words.tokens.size(),
                      " words is too long to speak at once; split it");
  return words;
}

// One word per piece of the author's text, however many are said for it.
void add_words(const flite::Speech& speech, const FliteWords& words, Utterance& utterance) {
  for (const TimedPhoneme& timed : utterance.phonemes) {
    const auto index = static_cast<std::size_t>(&timed - utterance.phonemes.data());
    const int token = speech.segments[index].token;
    if (token < 0) continue;
    const SourceSpan source = words.sources[static_cast<std::size_t>(token)];
    if (utterance.words.empty() || utterance.words.back().source != source) {
      const flite::Token& said = words.tokens[static_cast<std::size_t>(token)];
      utterance.words.push_back({said.name, source, timed.begin_s, timed.end_s});
    } else {
      utterance.words.back().end_s = timed.end_s;
    }
  }
}

Utterance to_utterance(const FliteWords& words, const flite::Speech& speech) {
  Utterance utterance;
  utterance.audio = AudioBuffer(AudioView(speech.samples, speech.sample_rate_hz));
  double begin_s = 0;
  for (const flite::Segment& segment : speech.segments) {
    const SourceSpan source =
        segment.token >= 0 ? words.sources[static_cast<std::size_t>(segment.token)] : SourceSpan{};
    const double end_s = std::min(segment.end_s, utterance.audio.duration_s());
    utterance.phonemes.push_back({{segment.phone, segment.stress, source}, begin_s, end_s});
    begin_s = end_s;
  }
  add_words(speech, words, utterance);
  return utterance;
}

// What Flite multiplies durations by for a rate. Each part of a sound lasts a frame of 5 ms at
// least, which tells above twice the pace: what that adds, measured with the three voices, is asked
// for less.
double stretch_for(double rate) {
  constexpr double kAdded = 0.12;
  const double beyond = std::max(0.0, rate - 2);
  return 1.0 / (rate + kAdded * beyond * beyond);
}

class FliteVoice final : public SpeechModel {
 public:
  explicit FliteVoice(const BuiltIn& voice) : voice_(voice) {}

  const VoiceInfo& info() const noexcept override { return voice_.info; }
  PhonemeSet phoneme_set() const noexcept override { return PhonemeSet::kArpabet; }
  const VoiceTraits& traits() const noexcept override { return traits_; }

  // Flite cannot be stopped within a sentence, which takes it some 10 ms.
  Result<Utterance> speak(const UtterancePlan& plan, const std::stop_token& stop) override {
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "speaking was stopped");
    SYRINX_TRY(check_request(plan));
    SYRINX_ASSIGN(const FliteWords words, flite_words(plan));
    SYRINX_ASSIGN(const flite::Speech speech,
                  flite::speak(voice_.id, words.tokens, stretch_for(plan.prosody.rate),
                               std::exp2(plan.prosody.pitch_semitones / 12.0)));
    return to_utterance(words, speech);
  }

 private:
  const BuiltIn& voice_;
  VoiceTraits traits_;
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
