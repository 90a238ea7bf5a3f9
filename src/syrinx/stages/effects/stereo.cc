// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <numbers>

#include "syrinx/stages/effects/builtin.h"
#include "syrinx/stages/effects/ramp.h"

namespace syrinx::effects {
namespace {

// [left', right'] = matrix [left, right], the matrix gliding. What pan, width and mid/side are.
class StereoMatrix : public Effect {
 protected:
  using Effect::Effect;
  void aim(double ll, double lr, double rl, double rr) noexcept {
    const double values[] = {ll, lr, rl, rr};
    for (std::size_t i = 0; i < 4; ++i) matrix_[i].aim(values[i]);
  }

 private:
  Result<void> on_prepare() override {
    if (format().channels == 2) return {};
    return make_error(ErrorCode::kUnsupported, name(), " needs 2 channels, not ",
                      format().channels);
  }
  void on_process(MutableAudioView part) noexcept override {
    const auto left = part.channel(0);
    const auto right = part.channel(1);
    for (std::size_t i = 0; i < part.frames(); ++i) {
      const double l = left[i];
      const double r = right[i];
      left[i] = static_cast<float>(matrix_[0].next() * l + matrix_[1].next() * r);
      right[i] = static_cast<float>(matrix_[2].next() * l + matrix_[3].next() * r);
    }
  }
  void on_reset() noexcept override {
    for (Ramp& ramp : matrix_) ramp.finish();
  }

  std::array<Ramp, 4> matrix_;
};

constexpr Parameter kPanParameters[] = {{"position", "", -1.0, 1.0, 0.0}};

class Pan final : public StereoMatrix {
 public:
  Pan() : StereoMatrix(kPanParameters) {}
  std::string_view name() const noexcept override { return "pan"; }

 private:
  void on_change() noexcept override {
    if (now(0) == 0.0) return aim(1.0, 0.0, 0.0, 1.0);
    const double angle = (now(0) + 1.0) * std::numbers::pi / 4.0;
    aim(std::numbers::sqrt2 * std::cos(angle), 0.0, 0.0, std::numbers::sqrt2 * std::sin(angle));
  }
};

constexpr Parameter kWidthParameters[] = {{"width", "", 0.0, 2.0, 1.0}};

class Width final : public StereoMatrix {
 public:
  Width() : StereoMatrix(kWidthParameters) {}
  std::string_view name() const noexcept override { return "width"; }

 private:
  void on_change() noexcept override {
    const double same = (1.0 + now(0)) / 2.0;
    const double other = (1.0 - now(0)) / 2.0;
    aim(same, other, other, same);
  }
};

constexpr Parameter kMidSideParameters[] = {{"mid_db", "dB", -60.0, 24.0, 0.0},
                                            {"side_db", "dB", -60.0, 24.0, 0.0}};

class MidSide final : public StereoMatrix {
 public:
  MidSide() : StereoMatrix(kMidSideParameters) {}
  std::string_view name() const noexcept override { return "mid_side"; }

 private:
  void on_change() noexcept override {
    const double mid = from_db(now(0));
    const double side = from_db(now(1));
    aim((mid + side) / 2.0, (mid - side) / 2.0, (mid - side) / 2.0, (mid + side) / 2.0);
  }
};

}  // namespace

std::unique_ptr<Effect> make_pan() { return std::make_unique<Pan>(); }
std::unique_ptr<Effect> make_width() { return std::make_unique<Width>(); }
std::unique_ptr<Effect> make_mid_side() { return std::make_unique<MidSide>(); }

}  // namespace syrinx::effects
