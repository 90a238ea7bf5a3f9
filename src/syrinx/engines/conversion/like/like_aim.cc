// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/like/like_aim.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/voice/voice_settings.h"

namespace syrinx::conversion {

std::unique_ptr<LikeAim> make_like_aim(const voice::FrameShape& shape,
                                       const voice::VoiceProfile& source,
                                       const voice::VoiceProfile& target,
                                       const voice::LikeOptions& options) {
  const double octaves = options.amount * (target.log_f0_mean - source.log_f0_mean);
  return std::make_unique<LikeAim>(
      LikeAim{voice::LikeMap(shape, source, target, options),
              std::clamp(std::exp(octaves), voice::kLeastPitchRatio, voice::kMostPitchRatio)});
}

LikeMailbox::~LikeMailbox() {
  delete posted_.load();
  delete returned_.load();
}

void LikeMailbox::post(std::unique_ptr<LikeAim> aim) {
  collect();
  delete posted_.exchange(aim.release());
}

void LikeMailbox::collect() { delete returned_.exchange(nullptr); }

}  // namespace syrinx::conversion
