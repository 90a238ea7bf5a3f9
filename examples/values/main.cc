// SPDX-License-Identifier: Apache-2.0
// Sound is a value: it owns its samples, and its rate travels with it.
#include <syrinx/syrinx.h>

#include <cmath>
#include <iostream>
#include <numbers>

int main() {
  syrinx::AudioBuffer tone(1, 4'800, 48'000);
  for (std::size_t i = 0; i < tone.frames(); ++i) {
    const double turns = 440.0 * static_cast<double>(i) / tone.view().sample_rate_hz();
    tone.channel(0)[i] = static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * turns));
  }
  const syrinx::AudioView heard = tone.view();
  std::cout << "A tone of " << heard.duration_s() << " s\n";

  syrinx::MelSpec spec;
  spec.max_hz = 12'000;  // More than half of 22050 Hz: a sentence, not a wrong sound.
  const auto valid = syrinx::validate(spec);
  std::cout << (valid ? "Accepted" : valid.error().message) << '\n';
  return valid ? 1 : 0;
}
