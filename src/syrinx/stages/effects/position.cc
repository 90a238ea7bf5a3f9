// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <vector>

#include "syrinx/core/dsp/kernels.h"
#include "syrinx/stages/effects/builtin.h"
#include "syrinx/stages/effects/ears.h"

namespace syrinx::effects {
namespace {

constexpr Parameter kParameters[] = {{"azimuth_deg", "deg", -360.0, 360.0, 0.0},
                                     {"elevation_deg", "deg", -90.0, 90.0, 0.0}};

// One ear: a response, the one before it, and the crossing from one to the other within a cell.
struct Ear {
  std::vector<float> from;
  std::vector<float> to;

  float hear(const float* newest_first, float crossed) const noexcept {
    if (crossed == 1.0f)
      return static_cast<float>(dsp::kernels().dot(to.data(), newest_first, to.size()));
    double was = 0.0;
    double is = 0.0;
    for (std::size_t k = 0; k < to.size(); ++k) {
      was += static_cast<double>(from[k]) * newest_first[k];
      is += static_cast<double>(to[k]) * newest_first[k];
    }
    return static_cast<float>(was + (is - was) * crossed);
  }
};

// Places what both channels say together about the head, for headphones.
class Position final : public Effect {
 public:
  explicit Position(std::filesystem::path sofa) : Effect(kParameters), sofa_(std::move(sofa)) {}
  std::string_view name() const noexcept override { return kPositionName; }
  std::size_t latency_samples() const noexcept override { return heads_->latency_samples(); }

 private:
  Result<void> on_prepare() override {
    if (format().channels != 2)
      return make_error(ErrorCode::kUnsupported, "position needs 2 channels, not ",
                        format().channels);
    SYRINX_ASSIGN(heads_, make_ears(format().sample_rate_hz, sofa_));
    const std::size_t taps = heads_->taps();
    for (Ear& ear : ears_) {
      ear.from.assign(taps, 0.0f);
      ear.to.assign(taps, 0.0f);
    }
    past_.assign(2 * taps, 0.0f);
    return {};
  }
  void on_change() noexcept override {
    for (std::size_t e = 0; e < 2; ++e) {
      std::swap(ears_[e].from, ears_[e].to);
      heads_->response({now(0), now(1)}, e, ears_[e].to);
    }
    crossed_frames_ = 0;
  }
  void on_process(MutableAudioView part) noexcept override {
    for (std::size_t i = 0; i < part.frames(); ++i) {
      push(0.5f * (part.channel(0)[i] + part.channel(1)[i]));
      if (crossed_frames_ < kCellFrames) ++crossed_frames_;
      const float crossed = static_cast<float>(crossed_frames_) / static_cast<float>(kCellFrames);
      for (std::size_t e = 0; e < 2; ++e)
        part.channel(e)[i] = ears_[e].hear(past_.data() + at_, crossed);
    }
  }
  // Twice, so that the newest taps() samples always lie in one piece.
  void push(float x) noexcept {
    const std::size_t taps = heads_->taps();
    at_ = at_ == 0 ? taps - 1 : at_ - 1;
    past_[at_] = past_[at_ + taps] = x;
  }
  void on_reset() noexcept override {
    std::fill(past_.begin(), past_.end(), 0.0f);
    at_ = 0;
    crossed_frames_ = kCellFrames;
  }

  std::filesystem::path sofa_;
  std::unique_ptr<Ears> heads_;
  std::array<Ear, 2> ears_;
  std::vector<float> past_;
  std::size_t at_ = 0;
  std::size_t crossed_frames_ = kCellFrames;
};

}  // namespace

std::unique_ptr<Effect> make_position() { return make_position({}); }
std::unique_ptr<Effect> make_position(std::filesystem::path sofa) {
  return std::make_unique<Position>(std::move(sofa));
}

}  // namespace syrinx::effects
