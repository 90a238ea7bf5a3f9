// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/neural_map.h"

#include <algorithm>
#include <vector>

namespace syrinx::voice {
namespace {

static_assert(kCepstra == kModelCepstra + 1);

ModelCepstrum without_level(const Cepstrum& cepstrum) noexcept {
  ModelCepstrum rest;
  std::copy(cepstrum.begin() + 1, cepstrum.end(), rest.begin());
  return rest;
}

}  // namespace

SpeakerVector speaker_vector(const ConversionModel& model, const VoiceProfile& profile) {
  std::vector<ModelCepstrum> frames;
  for (const Cepstrum& exemplar : profile.exemplars) frames.push_back(without_level(exemplar));
  ModelStatistics statistics;
  statistics.voiced_mean = without_level(profile.voiced.mean);
  statistics.voiced_deviation = without_level(profile.voiced.deviation);
  statistics.unvoiced_mean = without_level(profile.unvoiced.mean);
  statistics.log_f0_mean = static_cast<float>(profile.log_f0_mean);
  statistics.log_f0_deviation = static_cast<float>(profile.log_f0_deviation);
  return model.speaker(frames, statistics);
}

double speaker_similarity(const ConversionModel& model, const VoiceProfile& a,
                          const VoiceProfile& b) {
  const SpeakerVector one = speaker_vector(model, a);
  const SpeakerVector other = speaker_vector(model, b);
  double sum = 0.0;
  for (std::size_t i = 0; i < kSpeakerSize; ++i)
    sum += static_cast<double>(one[i]) * static_cast<double>(other[i]);
  return std::clamp(sum, -1.0, 1.0);
}

NeuralMap::NeuralMap(const ConversionModel& model, const VoiceProfile& target)
    : stream_(model.stream(speaker_vector(model, target))) {}

void NeuralMap::reset() noexcept {
  if (stream_ != nullptr) stream_->reset();
}

Cepstrum NeuralMap::answer(const Cepstrum& normal, bool voiced, double melody,
                           double log_f0_wanted) noexcept {
  ModelFrame frame;
  frame.level = normal[0];
  frame.cepstrum = without_level(normal);
  frame.voiced = voiced;
  frame.melody = static_cast<float>(melody);
  frame.log_f0_wanted = static_cast<float>(log_f0_wanted);
  const ModelCepstrum made = stream_->step(frame);
  Cepstrum answer{};
  std::copy(made.begin(), made.end(), answer.begin() + 1);
  return answer;
}

}  // namespace syrinx::voice
