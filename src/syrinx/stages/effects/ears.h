// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/effects/effect.h"
#include "syrinx/stages/effects/head_model.h"

namespace syrinx::effects {

inline constexpr std::string_view kPositionName = "position";

// What reaches the two ears from any direction, at one rate: computed of a sphere, or recorded.
class Ears {
 public:
  virtual ~Ears() = default;
  virtual std::size_t taps() const noexcept = 0;
  // When a sound from ahead comes through.
  virtual std::size_t latency_samples() const noexcept = 0;
  // The response of the left (0) or right (1) ear. Pre: out.size() == taps().
  virtual void response(const Direction& direction, std::size_t ear,
                        std::span<float> out) const noexcept SYRINX_REALTIME = 0;
};

// The spherical head (head_model.h), or, given one, the recorded head of a SOFA file, of which the
// nearest direction on a grid of 2.5 degrees in azimuth and 5 in elevation is taken.
// Errors: as HeadResponses::create and io::SofaFile::open.
Result<std::unique_ptr<Ears>> make_ears(int sample_rate_hz, const std::filesystem::path& sofa = {});

// The effect "position" with ears of a SOFA file; of the sphere without one. Opened when prepared.
std::unique_ptr<Effect> make_position(std::filesystem::path sofa);

}  // namespace syrinx::effects
