// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/ears.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "syrinx/core/io/sofa/sofa_file.h"

namespace syrinx::effects {
namespace {

class SphericalEars final : public Ears {
 public:
  explicit SphericalEars(HeadResponses heads) : heads_(std::move(heads)) {}
  std::size_t taps() const noexcept override { return heads_.taps(); }
  std::size_t latency_samples() const noexcept override { return heads_.latency_samples(); }
  void response(const Direction& direction, std::size_t ear,
                std::span<float> out) const noexcept override {
    heads_.response(incidence_deg(direction, ear), out);
  }

 private:
  HeadResponses heads_;
};

class RecordedEars final : public Ears {
 public:
  explicit RecordedEars(const io::SofaFile& file) : taps_(file.taps()) {
    table_.resize(kAzimuths * kElevations * 2 * taps_);
    for (std::size_t e = 0; e < kElevations; ++e) {
      for (std::size_t a = 0; a < kAzimuths; ++a) {
        const auto [x, y, z] = unit_vector({kAzimuthStepDeg * static_cast<double>(a),
                                            kElevationStepDeg * static_cast<double>(e) - 90.0});
        file.response(x, y, z, row(a, e, 0), row(a, e, 1));
      }
    }
    latency_ = onset(row(0, (kElevations - 1) / 2, 0));
  }
  std::size_t taps() const noexcept override { return taps_; }
  std::size_t latency_samples() const noexcept override { return latency_; }
  void response(const Direction& direction, std::size_t ear,
                std::span<float> out) const noexcept override {
    const long turn = std::lround(direction.azimuth_deg / kAzimuthStepDeg);
    constexpr long kTurns = kAzimuths;
    const auto a = static_cast<std::size_t>((turn % kTurns + kTurns) % kTurns);
    const double height = std::clamp(direction.elevation_deg, -90.0, 90.0) + 90.0;
    const auto e = static_cast<std::size_t>(std::lround(height / kElevationStepDeg));
    const float* from = table_.data() + offset(a, e, ear);
    std::copy_n(from, taps_, out.begin());
  }

 private:
  static constexpr double kAzimuthStepDeg = 2.5;
  static constexpr double kElevationStepDeg = 5.0;
  static constexpr std::size_t kAzimuths = 144;
  static constexpr std::size_t kElevations = 37;

  std::size_t offset(std::size_t a, std::size_t e, std::size_t ear) const noexcept {
    return ((e * kAzimuths + a) * 2 + ear) * taps_;
  }
  std::span<float> row(std::size_t a, std::size_t e, std::size_t ear) noexcept {
    return std::span(table_).subspan(offset(a, e, ear), taps_);
  }
  // The first tap that reaches half of the largest.
  static std::size_t onset(std::span<const float> response) noexcept {
    float most = 0.0f;
    for (const float tap : response) most = std::max(most, std::abs(tap));
    const auto high = [most](float tap) { return std::abs(tap) >= 0.5f * most; };
    const auto first = std::find_if(response.begin(), response.end(), high);
    return first == response.end() ? 0 : static_cast<std::size_t>(first - response.begin());
  }

  std::size_t taps_;
  std::size_t latency_ = 0;
  std::vector<float> table_;  // [elevation][azimuth][ear][tap]
};

}  // namespace

Result<std::unique_ptr<Ears>> make_ears(int sample_rate_hz, const std::filesystem::path& sofa) {
  if (sofa.empty()) {
    SYRINX_ASSIGN(auto heads, HeadResponses::create(sample_rate_hz));
    return std::unique_ptr<Ears>(std::make_unique<SphericalEars>(std::move(heads)));
  }
  SYRINX_ASSIGN(const auto file, io::SofaFile::open(sofa, sample_rate_hz));
  return std::unique_ptr<Ears>(std::make_unique<RecordedEars>(file));
}

}  // namespace syrinx::effects
