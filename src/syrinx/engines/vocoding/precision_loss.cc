// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/vocoding/precision_loss.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <span>

#include "syrinx/engines/vocoding/load_vocoder.h"
#include "syrinx/engines/vocoding/vocode.h"
#include "syrinx/stages/measure/reference/spectral_distance.h"
#include "syrinx/stages/vocoder/calibration_speech.h"

namespace syrinx::vocoding {
namespace {

struct Timed {
  AudioBuffer audio;
  double real_time_factor = 0;
};

// The second of two times, when everything has its memory.
Result<Timed> make_timed(const vocoder::VocoderModel& model, const Mel& mel) {
  StreamCache streams(model);
  VocodeOptions options;
  options.streams = &streams;
  Timed made;
  for (int round = 0; round < 2; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    SYRINX_ASSIGN(made.audio, vocode(model, mel.view(), options));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    made.real_time_factor = taken.count() / made.audio.duration_s();
  }
  return made;
}

double snr_db(std::span<const float> expected, std::span<const float> given) {
  double signal = 0;
  double error = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double difference = double{expected[i]} - double{given[i]};
    signal += double{expected[i]} * double{expected[i]};
    error += difference * difference;
  }
  // Samples that agree bit for bit are 300 dB apart at most.
  return 10 * std::log10(std::max(signal, 1e-30) / std::max(error, signal * 1e-30 + 1e-60));
}

}  // namespace

Result<PrecisionLoss> measure_precision_loss(const std::filesystem::path& weights,
                                             const vocoder::VocoderOptions& options,
                                             const AudioBuffer* speech) {
  vocoder::VocoderOptions exact = options;
  exact.precision = nn::Precision::kFloat32;
  SYRINX_ASSIGN(const auto model, load_vocoder(weights, options));
  SYRINX_ASSIGN(const auto reference, load_vocoder(weights, exact));
  SYRINX_ASSIGN(const Mel mel, vocoder::calibration_mel(model->info().mel, speech));
  SYRINX_ASSIGN(const Timed given, make_timed(*model, mel));
  SYRINX_ASSIGN(const Timed expected, make_timed(*reference, mel));
  PrecisionLoss loss;
  loss.precision = model->info().precision;
  loss.reference = reference->info().precision;
  loss.snr_db = snr_db(expected.audio.channel(0), given.audio.channel(0));
  SYRINX_ASSIGN(loss.log_spectral_distance_db,
                measure::log_spectral_distance_db(expected.audio, given.audio));
  loss.duration_s = given.audio.duration_s();
  loss.real_time_factor = given.real_time_factor;
  loss.reference_real_time_factor = expected.real_time_factor;
  return loss;
}

}  // namespace syrinx::vocoding
