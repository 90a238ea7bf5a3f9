// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/two_stage.h"
#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"
#include "syrinx/stages/acoustic/fastspeech/fastspeech_model.h"
#include "syrinx/stages/vocoder/griffin_lim/griffin_lim_model.h"

// Semitones asked for, measured in the sound: by an acoustic model that has learned the mels of
// voices of known F0 (tests/golden/make_pitch_golden.py), a vocoder without weights, and Praat's
// method of finding F0.
namespace syrinx {
namespace {

double heard_f0_hz(const acoustic::FastSpeechModel& model, double semitones) {
  // As many symbols as the sentences that the model learned from.
  const auto spoken =
      model.speak({{support::arpabet_word("mono", "M AA1 N OW0", 0)}, {1, semitones, 0}}).value();
  const auto vocoder = vocoder::GriffinLimModel::create(spoken.mel.spec()).value();
  const auto sound = vocoder->synthesise(spoken.mel.view(), {}).value();
  auto hz = dsp::autocorrelation_f0(sound.view()).value().hz;
  std::erase(hz, 0.0);
  EXPECT_GT(hz.size(), 40u) << "hardly voiced";
  if (hz.empty()) return 0;
  std::nth_element(hz.begin(), hz.begin() + static_cast<std::ptrdiff_t>(hz.size() / 2), hz.end());
  return hz[hz.size() / 2];
}

// The model's own error is some tenths of a semitone.
TEST(TwoStagePitch, IsHeardBySemitones) {
  const auto config =
      acoustic::FastSpeechModel::read_config(support::golden_voice() / "pitched.json").value();
  const auto model =
      acoustic::FastSpeechModel::load(config, support::golden_voice() / "pitched.safetensors")
          .value();
  const double usual_hz = heard_f0_hz(model, 0);
  EXPECT_NEAR(12 * std::log2(usual_hz / 200), 0, 0.5) << "the mean F0 that the settings state";
  for (const double semitones : {-4.0, -2.0, 2.0, 4.0})
    EXPECT_NEAR(12 * std::log2(heard_f0_hz(model, semitones) / usual_hz), semitones, 0.3)
        << semitones;
}

}  // namespace
}  // namespace syrinx
