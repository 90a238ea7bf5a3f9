// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/flite/flite_door.h"

#include <csetjmp>
#include <cstring>
#include <mutex>

// Most of Flite's headers do not say that they are C. What they include must come before.
// clang-format off
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
extern "C" {
#include <flite/flite.h>
#include <flite/cst_cg.h>
#include <flite/flite_version.h>
// clang-format on

// Flite installs no header for its voices.
cst_voice* register_cmu_us_slt(const char* directory);
cst_voice* register_cmu_us_rms(const char* directory);
cst_voice* register_cmu_us_awb(const char* directory);
}

namespace syrinx::acoustic::flite {
namespace {

std::mutex flite_mutex;

// The voice, made on first use and kept as long as the program. Pre: flite_mutex is held.
cst_voice* registered(VoiceId id) {
  static const bool initialised = flite_init() >= 0;
  (void)initialised;
  switch (id) {
    case VoiceId::kSlt: {
      static cst_voice* const voice = register_cmu_us_slt(nullptr);
      return voice;
    }
    case VoiceId::kRms: {
      static cst_voice* const voice = register_cmu_us_rms(nullptr);
      return voice;
    }
    case VoiceId::kAwb: {
      static cst_voice* const voice = register_cmu_us_awb(nullptr);
      return voice;
    }
  }
  return nullptr;
}

// Flite's mixed excitation draws its noise from rand(). For as long as this lives, rand() starts
// from a known state of our own, so that the same request gives the same samples; then the
// program's own sequence goes on as if nothing had happened. Pre: flite_mutex is held.
class KnownRandomness {
 public:
  KnownRandomness() : former_(initstate(1, state_, sizeof state_)) {}
  ~KnownRandomness() { setstate(former_); }
  KnownRandomness(const KnownRandomness&) = delete;
  KnownRandomness& operator=(const KnownRandomness&) = delete;

 private:
  static inline char state_[128];
  char* former_;
};

// Makes the sound again from the utterance's own parameters with every F0 multiplied. Not all
// voices heed Flite's "f0_shift" feature (rms has an F0 model of another kind); this works for
// each.
void shift_pitch(cst_utterance* utterance, float ratio) {
  cst_cg_db* db = val_cg_db(utt_feat_val(utterance, "cg_db"));
  cst_track* params = val_track(utt_feat_val(utterance, "param_track"));
  const cst_track* strengths =
      db->mixed_excitation != 0 ? val_track(utt_feat_val(utterance, "str_track")) : nullptr;
  for (int i = 0; i < params->num_frames; ++i) params->frames[i][0] *= ratio;
  cst_track* smooth = db->do_mlpg != 0 ? mlpg(params, db) : nullptr;
  cst_wave* wave = mlsa_resynthesis(smooth != nullptr ? smooth : params, strengths, db, nullptr, 0);
  if (smooth != nullptr) delete_track(smooth);
  utt_set_wave(utterance, wave);
}

// The words as Flite's tokens, in an utterance of its own.
void add_tokens(cst_utterance* utterance, const std::vector<Token>& tokens) {
  cst_relation* relation = utt_relation_create(utterance, "Token");
  int index = 0;
  for (const Token& token : tokens) {
    cst_item* item = relation_append(relation, nullptr);
    item_set_string(item, "name", token.name.c_str());
    item_set_string(item, "whitespace", " ");
    item_set_string(item, "prepunctuation", "");
    item_set_string(item, "punc", token.punctuation.c_str());
    item_set_int(item, "syrinx_index", index++);
    if (token.phones.empty()) continue;
    cst_val* phones = nullptr;
    for (auto phone = token.phones.rbegin(); phone != token.phones.rend(); ++phone) {
      phones = cons_val(string_val(phone->c_str()), phones);
    }
    item_set(item, "phones", phones);
  }
}

// Runs Flite so that its fatal errors come back as nullptr. Holds nothing that a longjmp would skip
// destroying. What Flite had allocated by then is lost.
cst_utterance* synthesise(cst_voice* voice, const std::vector<Token>& tokens, float stretch,
                          float ratio) {
  jmp_buf failure;
  cst_errjmp = &failure;
  if (setjmp(failure) != 0) {
    cst_errjmp = nullptr;
    return nullptr;
  }
  flite_feat_set_float(voice->features, "duration_stretch", stretch);
  cst_utterance* utterance = new_utterance();
  utt_init(utterance, voice);
  add_tokens(utterance, tokens);
  utterance = utt_synth_tokens(utterance);
  if (utterance != nullptr && ratio != 1.0f) shift_pitch(utterance, ratio);
  cst_errjmp = nullptr;
  return utterance;
}

// The token above a segment: Segment -> syllable -> word -> token.
int token_of(const cst_item* segment) {
  const cst_item* in_syllable = item_as(segment, "SylStructure");
  if (in_syllable == nullptr) return -1;
  const cst_item* syllable = item_parent(in_syllable);
  const cst_item* word = syllable != nullptr ? item_parent(syllable) : nullptr;
  const cst_item* in_token = word != nullptr ? item_as(word, "Token") : nullptr;
  const cst_item* token = in_token != nullptr ? item_parent(in_token) : nullptr;
  return token != nullptr ? item_feat_int(token, "syrinx_index") : -1;
}

void copy_segments(cst_utterance* utterance, Speech& speech) {
  cst_relation* relation = utt_relation(utterance, "Segment");
  for (cst_item* item = relation_head(relation); item != nullptr; item = item_next(item)) {
    Segment segment;
    segment.phone = item_feat_string(item, "name");
    segment.end_s = static_cast<double>(item_feat_float(item, "end"));
    segment.token = token_of(item);
    const bool vowel = std::strcmp(flite_ffeature_string(item, "ph_vc"), "+") == 0;
    if (vowel) segment.stress = flite_ffeature_int(item, "R:SylStructure.parent.stress");
    speech.segments.push_back(std::move(segment));
  }
}

void copy_samples(cst_utterance* utterance, Speech& speech) {
  const cst_wave* wave = utt_wave(utterance);
  speech.sample_rate_hz = wave->sample_rate;
  speech.samples.resize(static_cast<std::size_t>(wave->num_samples));
  for (std::size_t i = 0; i < speech.samples.size(); ++i) {
    speech.samples[i] = static_cast<float>(wave->samples[i]) / 32768.0f;
  }
}

}  // namespace

Result<Speech> speak(VoiceId id, const std::vector<Token>& tokens, double stretch,
                     double pitch_ratio) {
  const std::lock_guard lock(flite_mutex);
  cst_voice* voice = registered(id);
  if (voice == nullptr) return make_error(ErrorCode::kInternal, "Flite could not make the voice");
  const KnownRandomness randomness;
  cst_utterance* utterance =
      synthesise(voice, tokens, static_cast<float>(stretch), static_cast<float>(pitch_ratio));
  if (utterance == nullptr)
    return make_error(ErrorCode::kInternal, "Flite gave up on a sentence of ", tokens.size(),
                      " words that begins with '", tokens.empty() ? "" : tokens[0].name, "'");
  Speech speech;
  copy_segments(utterance, speech);
  copy_samples(utterance, speech);
  delete_utterance(utterance);
  return speech;
}

std::string version() { return FLITE_PROJECT_VERSION; }

}  // namespace syrinx::acoustic::flite
