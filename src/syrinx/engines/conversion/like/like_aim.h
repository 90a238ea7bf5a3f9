// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/voice/profile/like_map.h"

namespace syrinx::conversion {

// What a voice is to become: the map of its frames, and the ratio by which its mean F0 moves.
struct LikeAim {
  voice::LikeMap map;
  double mean_ratio = 1.0;
};

// Pre: the options are valid.
std::unique_ptr<LikeAim> make_like_aim(const voice::FrameShape& shape,
                                       const voice::VoiceProfile& source,
                                       const voice::VoiceProfile& target,
                                       const voice::LikeOptions& options);

// Hands aims from a controlling thread to one transform in real time, and takes back what it has
// done with, so that nothing is freed in real time. No locks. Aims that were never taken are freed
// here.
class LikeMailbox {
 public:
  LikeMailbox() = default;
  ~LikeMailbox();
  LikeMailbox(const LikeMailbox&) = delete;
  LikeMailbox& operator=(const LikeMailbox&) = delete;

  // Takes the place of one that was not taken yet. Controlling thread.
  void post(std::unique_ptr<LikeAim> aim);
  // Frees what came back. Now and then, by the controlling thread.
  void collect();

  // The newest, null when there is none; the taker's from then on. Real-time thread.
  LikeAim* take() noexcept SYRINX_REALTIME { return posted_.exchange(nullptr); }
  // Whether what was given back last is collected. Real-time thread.
  bool has_room() const noexcept SYRINX_REALTIME { return returned_.load() == nullptr; }
  // Pre: has_room(). Real-time thread.
  void give_back(LikeAim* aim) noexcept SYRINX_REALTIME { returned_.store(aim); }

 private:
  std::atomic<LikeAim*> posted_{nullptr};
  std::atomic<LikeAim*> returned_{nullptr};
};

}  // namespace syrinx::conversion
