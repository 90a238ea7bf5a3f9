// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/flite/flite_door.h"

#include <cmath>
#include <csetjmp>
#include <cstring>
#include <mutex>
#include <optional>

#include "syrinx/stages/acoustic/flite/mlsa_vocoder.h"

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

// Flite draws from rand() before it is told to make no sound. For as long as this lives, rand() has
// a state of our own; then the program's own sequence goes on as if nothing had happened. Pre:
// flite_mutex is held.
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

// Told after the first hop of sound: no more of it.
int stop_at_once(const cst_wave*, int, int, int, cst_audio_streaming_info*) {
  return CST_AUDIO_STREAM_STOP;
}

// Has Flite predict everything about the sound and then not make it.
void want_no_sound(cst_utterance* utterance) {
  cst_audio_streaming_info* streaming = new_audio_streaming_info();
  streaming->min_buffsize = 0;
  streaming->asc = stop_at_once;
  utt_set_feat(utterance, "streaming_info", audio_streaming_info_val(streaming));
}

// The parameters of the utterance's sound, with every F0 multiplied, smoothed as its voice wants
// it. Not all voices heed Flite's "f0_shift" feature (rms has an F0 model of another kind); this
// works for each.
cst_track* smooth_parameters(cst_utterance* utterance, float ratio) {
  cst_cg_db* db = val_cg_db(utt_feat_val(utterance, "cg_db"));
  cst_track* params = val_track(utt_feat_val(utterance, "param_track"));
  for (int i = 0; i < params->num_frames; ++i) params->frames[i][0] *= ratio;
  return mlpg(params, db);
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

struct Synthesis {
  cst_utterance* utterance = nullptr;  // nullptr: Flite gave up.
  cst_track* parameters = nullptr;
};

// Runs Flite so that its fatal errors come back as nullptr. Holds nothing that a longjmp would skip
// destroying. What Flite had allocated by then is lost.
Synthesis synthesise(cst_voice* voice, const std::vector<Token>& tokens, float stretch,
                     float ratio) {
  jmp_buf failure;
  cst_errjmp = &failure;
  if (setjmp(failure) != 0) {
    cst_errjmp = nullptr;
    return {};
  }
  flite_feat_set_float(voice->features, "duration_stretch", stretch);
  cst_utterance* utterance = new_utterance();
  utt_init(utterance, voice);
  want_no_sound(utterance);
  add_tokens(utterance, tokens);
  utterance = utt_synth_tokens(utterance);
  cst_track* parameters = utterance != nullptr ? smooth_parameters(utterance, ratio) : nullptr;
  cst_errjmp = nullptr;
  return {utterance, parameters};
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

// A voice's own constants.
MlsaSettings vocoder_settings(const cst_cg_db& db) {
  MlsaSettings settings;
  settings.sample_rate_hz = db.sample_rate;
  settings.hop_samples =
      static_cast<std::size_t>(std::lround(static_cast<double>(db.frame_advance) * db.sample_rate));
  settings.warping = db.mlsa_alpha;
  settings.postfilter = db.mlsa_beta;
  settings.gain = db.gain != 0 ? db.gain : 1.0F;
  for (int band = 0; band < db.ME_num; ++band)
    settings.bands.emplace_back(db.me_h[band], db.me_h[band] + db.ME_order);
  return settings;
}

MlsaFrames vocoder_frames(const cst_track& parameters, const cst_track& strengths, int bands) {
  MlsaFrames frames;
  frames.order = static_cast<std::size_t>(parameters.num_channels - 1);
  for (int i = 0; i < parameters.num_frames; ++i) {
    const float* row = parameters.frames[i];
    frames.f0_hz.push_back(row[0]);
    frames.cepstra.insert(frames.cepstra.end(), row + 1, row + parameters.num_channels);
    frames.strengths.insert(frames.strengths.end(), strengths.frames[i],
                            strengths.frames[i] + bands);
  }
  return frames;
}

// What the sound is to be, taken out of Flite.
struct SoundPlan {
  MlsaSettings settings;
  MlsaFrames frames;
};

// Pre: its voice mixes pulses and noise, as each of VoiceId does.
SoundPlan plan_of(const Synthesis& synthesis) {
  const cst_cg_db* db = val_cg_db(utt_feat_val(synthesis.utterance, "cg_db"));
  const cst_track* strengths = val_track(utt_feat_val(synthesis.utterance, "str_track"));
  return {vocoder_settings(*db), vocoder_frames(*synthesis.parameters, *strengths, db->ME_num)};
}

// The part that takes turns: segments, and the plan of their sound. Nothing when Flite gives up.
std::optional<SoundPlan> plan_sound(cst_voice* voice, const std::vector<Token>& tokens,
                                    float stretch, float ratio, Speech& speech) {
  const KnownRandomness randomness;
  const Synthesis synthesis = synthesise(voice, tokens, stretch, ratio);
  if (synthesis.utterance == nullptr) return std::nullopt;
  copy_segments(synthesis.utterance, speech);
  SoundPlan plan = plan_of(synthesis);
  delete_track(synthesis.parameters);
  delete_utterance(synthesis.utterance);
  return plan;
}

void copy_samples(const std::vector<std::int16_t>& samples, Speech& speech) {
  speech.samples.resize(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i)
    speech.samples[i] = static_cast<float>(samples[i]) / 32768.0f;
}

}  // namespace

Result<Speech> speak(VoiceId id, const std::vector<Token>& tokens, double stretch,
                     double pitch_ratio) {
  Speech speech;
  std::optional<SoundPlan> plan;
  {
    const std::lock_guard lock(flite_mutex);
    cst_voice* voice = registered(id);
    if (voice == nullptr) return make_error(ErrorCode::kInternal, "Flite could not make the voice");
    plan = plan_sound(voice, tokens, static_cast<float>(stretch), static_cast<float>(pitch_ratio),
                      speech);
  }
  if (!plan)
    return make_error(ErrorCode::kInternal, "Flite gave up on a sentence of ", tokens.size(),
                      " words that begins with '", tokens.empty() ? "" : tokens[0].name, "'");
  speech.sample_rate_hz = static_cast<int>(plan->settings.sample_rate_hz);
  copy_samples(mlsa_sound(plan->settings, plan->frames), speech);
  return speech;
}

std::string version() { return FLITE_PROJECT_VERSION; }

}  // namespace syrinx::acoustic::flite
