// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "echo/canceller.h"
#include "syrinx/core/base/result.h"

namespace syrinx::bench {

// A figure of one canceller in one scene.
struct Figure {
  std::string scene;
  double value = 0.0;
};

// Speech to make scenes of: mono, one rate, -26 dBFS.
struct Voices {
  int rate_hz = 16'000;
  std::vector<float> far;   // One speaker, long.
  std::vector<float> near;  // Another.
};
Result<Voices> read_voices(const std::filesystem::path& data, int rate_hz);

// Every scene through a fresh canceller.
std::vector<Figure> run_scenes(const Contestant& contestant, const Voices& voices);

}  // namespace syrinx::bench
