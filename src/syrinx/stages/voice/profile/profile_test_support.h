// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/voice/slow_mean.h"
#include "syrinx/stages/voice/world/world_test_support.h"

// Talkers that are known, for tests.
namespace syrinx::voice {

// Vowels of rising pitch with noise between them.
inline AudioBuffer talker(double f0_hz, int rate_hz, double seconds = 2.0) {
  AudioBuffer speech;
  for (int i = 0; static_cast<double>(speech.frames()) < seconds * rate_hz; ++i)
    speech.append(vowel(f0_hz * (1.0 + 0.05 * (i % 4)), 0.25, rate_hz, i % 5 == 4 ? 1.0 : 0.02));
  return speech;
}

// What is left of a mono sound without the constant under it.
inline AudioBuffer less_constant(AudioView sound) {
  AudioBuffer less(sound);
  SlowMeans means(sound.sample_rate_hz(), 1);
  for (float& x : less.channel(0)) {
    means.take(0, x);
    means.settle();
    x -= means.under(0);
  }
  return less;
}

}  // namespace syrinx::voice
