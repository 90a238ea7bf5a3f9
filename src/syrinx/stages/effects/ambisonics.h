// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/effects/head_model.h"
#include "syrinx/stages/effects/ramp.h"

// Sound fields as spherical harmonics, first to third order: channels in ACN order, scaled SN3D
// (the AmbiX convention; C. Nachbar et al., Ambisonics Symposium 2011). X is ahead, Y left, Z up.
namespace syrinx::effects {

inline constexpr int kMaxAmbisonicOrder = 3;
inline constexpr std::size_t kMaxAmbisonicChannels = 16;
constexpr std::size_t ambisonic_channels(int order) noexcept {
  const auto rows = static_cast<std::size_t>(order) + 1;
  return rows * rows;
}
using Harmonics = std::array<double, kMaxAmbisonicChannels>;

// All sixteen in a direction. Those of a lower order are the first of them.
Harmonics harmonics(const Direction& direction) noexcept;

// Turns of a sound field: first roll about X, then pitch about Y (positive looks down), then yaw
// about Z (positive turns left).
struct Turn {
  double yaw_deg = 0.0;
  double pitch_deg = 0.0;
  double roll_deg = 0.0;
};
Direction turned(const Direction& direction, const Turn& turn) noexcept;

// One sound from a direction. One instance serves one stream, one thread.
class AmbisonicEncoder {
 public:
  // Errors: kInvalidArgument for an order outside 1 to 3.
  static Result<AmbisonicEncoder> create(int order, const Direction& direction);

  std::size_t channels() const noexcept { return ambisonic_channels(order_); }
  // Gets there within kCellFrames.
  void set_direction(const Direction& direction) noexcept SYRINX_REALTIME;
  // Pre: out.channels() == channels(), out.frames() == mono.size().
  void process(std::span<const float> mono, MutableAudioView out) noexcept SYRINX_REALTIME;

 private:
  explicit AmbisonicEncoder(int order) noexcept : order_(order) {}
  int order_;
  std::array<Ramp, kMaxAmbisonicChannels> gains_;
};

// Turns a whole sound field.
class AmbisonicRotator {
 public:
  // Errors: as AmbisonicEncoder::create.
  static Result<AmbisonicRotator> create(int order, const Turn& turn = {});

  std::size_t channels() const noexcept { return ambisonic_channels(order_); }
  // Gets there within kCellFrames.
  void set_turn(const Turn& turn) noexcept SYRINX_REALTIME;
  // In place. Pre: field.channels() == channels().
  void process(MutableAudioView field) noexcept SYRINX_REALTIME;

 private:
  explicit AmbisonicRotator(int order) noexcept : order_(order) {}
  int order_;
  std::array<std::array<Ramp, kMaxAmbisonicChannels>, kMaxAmbisonicChannels> matrix_;
};

enum class AmbisonicOutput {
  kStereo,   // Two cardioids, 60 degrees to the left and to the right.
  kBinaural  // For headphones, by the spherical head: sources on a sphere of 64 loudspeakers.
};

// A sound field for two ears.
class AmbisonicDecoder {
 public:
  // `sofa` takes recorded ears in place of the sphere, for kBinaural. Errors: as
  // AmbisonicEncoder::create and make_ears; kInvalidArgument for a rate outside limits.h.
  static Result<AmbisonicDecoder> create(int order, AmbisonicOutput output, int sample_rate_hz,
                                         const std::filesystem::path& sofa = {});
  AmbisonicDecoder(AmbisonicDecoder&&) noexcept;
  AmbisonicDecoder& operator=(AmbisonicDecoder&&) noexcept;
  ~AmbisonicDecoder();

  std::size_t channels() const noexcept { return ambisonic_channels(order_); }
  std::size_t latency_samples() const noexcept;  // 0 in stereo.
  // Pre: field.channels() == channels(), out.channels() == 2, as many frames.
  void process(AudioView field, MutableAudioView out) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  struct Binaural;
  explicit AmbisonicDecoder(int order) noexcept;
  int order_;
  std::unique_ptr<Binaural> binaural_;
};

}  // namespace syrinx::effects
