// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/ambisonics.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "syrinx/core/base/check.h"
#include "syrinx/stages/effects/convolver.h"
#include "syrinx/stages/effects/ears.h"

namespace syrinx::effects {
namespace {

constexpr double kRadians = std::numbers::pi / 180.0;
constexpr std::size_t kPoints = 64;
constexpr std::size_t kPartitionSamples = 128;
constexpr double kStereoAzimuthDeg = 60.0;

using Matrix = std::array<Harmonics, kMaxAmbisonicChannels>;  // [row][column]

Result<void> check_order(int order) {
  if (order >= 1 && order <= kMaxAmbisonicOrder) return {};
  return make_error(ErrorCode::kInvalidArgument, "ambisonics: order ", order,
                    " was asked for; give 1 to ", kMaxAmbisonicOrder);
}

// Points spread evenly over the sphere: a Fibonacci spiral.
Direction point(std::size_t index) noexcept {
  const double golden = 180.0 * (3.0 - std::sqrt(5.0));
  const double height = 1.0 - (2.0 * static_cast<double>(index) + 1.0) / kPoints;
  return {golden * static_cast<double>(index), std::asin(height) / kRadians};
}

// The inverse by Gauss and Jordan. Pre: positive definite, as a matrix of squares is.
Matrix inverse(Matrix a) noexcept {
  Matrix b{};
  for (std::size_t i = 0; i < b.size(); ++i) b[i][i] = 1.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double pivot = 1.0 / a[i][i];
    for (std::size_t k = 0; k < a.size(); ++k) {
      a[i][k] *= pivot;
      b[i][k] *= pivot;
    }
    for (std::size_t r = 0; r < a.size(); ++r) {
      const double factor = a[r][i];
      for (std::size_t k = 0; r != i && k < a.size(); ++k) {
        a[r][k] -= factor * a[i][k];
        b[r][k] -= factor * b[i][k];
      }
    }
  }
  return b;
}

// The points, their harmonics, and the inverse of the harmonics' matrix of squares over them.
struct Sphere {
  std::array<Direction, kPoints> points;
  std::array<Harmonics, kPoints> at;
  Matrix squares_inverse;

  static const Sphere& shared() {
    static const Sphere sphere;
    return sphere;
  }

 private:
  Sphere() : squares_inverse{} {
    Matrix squares{};
    for (std::size_t p = 0; p < kPoints; ++p) {
      points[p] = point(p);
      at[p] = harmonics(points[p]);
      for (std::size_t i = 0; i < squares.size(); ++i)
        for (std::size_t k = 0; k < squares.size(); ++k) squares[i][k] += at[p][i] * at[p][k];
    }
    squares_inverse = inverse(squares);
  }
};

// The matrix M with harmonics(turned(d)) = M harmonics(d) for every d. Harmonics of one order turn
// among themselves, so that fitting M over enough points gives it exactly.
Matrix turn_matrix(const Turn& turn) noexcept {
  const Sphere& sphere = Sphere::shared();
  Matrix products{};
  for (std::size_t p = 0; p < kPoints; ++p) {
    const Harmonics there = harmonics(turned(sphere.points[p], turn));
    for (std::size_t i = 0; i < there.size(); ++i)
      for (std::size_t k = 0; k < there.size(); ++k) products[i][k] += there[i] * sphere.at[p][k];
  }
  Matrix turn_of{};
  for (std::size_t i = 0; i < turn_of.size(); ++i)
    for (std::size_t k = 0; k < turn_of.size(); ++k)
      for (std::size_t j = 0; j < turn_of.size(); ++j)
        turn_of[i][k] += products[i][j] * sphere.squares_inverse[j][k];
  return turn_of;
}

}  // namespace

// By order and degree, as AmbiX numbers them; the factors are SN3D's.
Harmonics harmonics(const Direction& direction) noexcept {
  const auto [x, y, z] = unit_vector(direction);
  const double root3 = std::numbers::sqrt3;
  const double root15 = std::sqrt(15.0);
  const double root5_8 = std::sqrt(5.0 / 8.0);
  const double root3_8 = std::sqrt(3.0 / 8.0);
  return {1.0,
          y,
          z,
          x,
          root3 * x * y,
          root3 * y * z,
          (3.0 * z * z - 1.0) / 2.0,
          root3 * x * z,
          root3 / 2.0 * (x * x - y * y),
          root5_8 * y * (3.0 * x * x - y * y),
          root15 * x * y * z,
          root3_8 * y * (5.0 * z * z - 1.0),
          z * (5.0 * z * z - 3.0) / 2.0,
          root3_8 * x * (5.0 * z * z - 1.0),
          root15 / 2.0 * z * (x * x - y * y),
          root5_8 * x * (x * x - 3.0 * y * y)};
}

Direction turned(const Direction& direction, const Turn& turn) noexcept {
  auto [x, y, z] = unit_vector(direction);
  const auto rotate = [](double& a, double& b, double degrees) {
    const double c = std::cos(degrees * kRadians);
    const double s = std::sin(degrees * kRadians);
    const double former = a;
    a = c * former - s * b;
    b = s * former + c * b;
  };
  rotate(y, z, turn.roll_deg);
  rotate(z, x, turn.pitch_deg);
  rotate(x, y, turn.yaw_deg);
  return {std::atan2(y, x) / kRadians, std::asin(std::clamp(z, -1.0, 1.0)) / kRadians};
}

Result<AmbisonicEncoder> AmbisonicEncoder::create(int order, const Direction& direction) {
  SYRINX_TRY(check_order(order));
  AmbisonicEncoder encoder(order);
  encoder.set_direction(direction);
  for (Ramp& gain : encoder.gains_) gain.finish();
  return encoder;
}

void AmbisonicEncoder::set_direction(const Direction& direction) noexcept {
  const Harmonics values = harmonics(direction);
  for (std::size_t i = 0; i < values.size(); ++i) gains_[i].aim(values[i]);
}

void AmbisonicEncoder::process(std::span<const float> mono, MutableAudioView out) noexcept {
  SYRINX_CHECK(out.channels() == channels() && out.frames() == mono.size(),
               "an ambisonic encoder was given another shape");
  for (std::size_t c = 0; c < channels(); ++c) {
    const auto row = out.channel(c);
    for (std::size_t i = 0; i < mono.size(); ++i)
      row[i] = static_cast<float>(gains_[c].next() * mono[i]);
  }
}

Result<AmbisonicRotator> AmbisonicRotator::create(int order, const Turn& turn) {
  SYRINX_TRY(check_order(order));
  AmbisonicRotator rotator(order);
  rotator.set_turn(turn);
  for (auto& row : rotator.matrix_)
    for (Ramp& factor : row) factor.finish();
  return rotator;
}

void AmbisonicRotator::set_turn(const Turn& turn) noexcept {
  const Matrix matrix = turn_matrix(turn);
  for (std::size_t i = 0; i < matrix.size(); ++i)
    for (std::size_t k = 0; k < matrix.size(); ++k) matrix_[i][k].aim(matrix[i][k]);
}

void AmbisonicRotator::process(MutableAudioView field) noexcept {
  SYRINX_CHECK(field.channels() == channels(), "an ambisonic rotator was given other channels");
  Harmonics given{};
  for (std::size_t i = 0; i < field.frames(); ++i) {
    for (std::size_t k = 0; k < channels(); ++k) given[k] = field.channel(k)[i];
    for (std::size_t c = 0; c < channels(); ++c) {
      double sum = 0.0;
      for (std::size_t k = 0; k < channels(); ++k) sum += matrix_[c][k].next() * given[k];
      field.channel(c)[i] = static_cast<float>(sum);
    }
  }
}

// For each harmonic and ear, what all loudspeakers together send there for it.
struct AmbisonicDecoder::Binaural {
  std::array<std::vector<Convolver>, 2> ears;
  std::vector<float> work;
  std::size_t latency;
};

AmbisonicDecoder::AmbisonicDecoder(int order) noexcept : order_(order) {}
AmbisonicDecoder::AmbisonicDecoder(AmbisonicDecoder&&) noexcept = default;
AmbisonicDecoder& AmbisonicDecoder::operator=(AmbisonicDecoder&&) noexcept = default;
AmbisonicDecoder::~AmbisonicDecoder() = default;

Result<AmbisonicDecoder> AmbisonicDecoder::create(int order, AmbisonicOutput output,
                                                  int sample_rate_hz,
                                                  const std::filesystem::path& sofa) {
  SYRINX_TRY(check_order(order));
  SYRINX_TRY(validate({sample_rate_hz, 2, 1}));
  AmbisonicDecoder decoder(order);
  if (output == AmbisonicOutput::kStereo) return decoder;
  SYRINX_ASSIGN(const auto heads, make_ears(sample_rate_hz, sofa));
  const Sphere& sphere = Sphere::shared();
  auto binaural = std::make_unique<Binaural>();
  binaural->work.resize(kPartitionSamples);
  binaural->latency = heads->latency_samples() + kPartitionSamples;
  std::vector<float> response(heads->taps());
  for (std::size_t ear = 0; ear < 2; ++ear) {
    std::vector<std::vector<float>> sums(decoder.channels(), std::vector<float>(heads->taps()));
    for (std::size_t p = 0; p < kPoints; ++p) {
      heads->response(sphere.points[p], ear, response);
      for (std::size_t c = 0; c < decoder.channels(); ++c) {
        double weight = 0.0;  // Of the loudspeaker, for this harmonic: Y (Y'Y)^-1.
        for (std::size_t k = 0; k < kMaxAmbisonicChannels; ++k)
          weight += sphere.at[p][k] * sphere.squares_inverse[k][c];
        for (std::size_t i = 0; i < response.size(); ++i)
          sums[c][i] += static_cast<float>(weight * response[i]);
      }
    }
    for (const auto& sum : sums) {
      SYRINX_ASSIGN(auto convolver, Convolver::create(sum, 1, kPartitionSamples));
      binaural->ears[ear].push_back(std::move(convolver));
    }
  }
  decoder.binaural_ = std::move(binaural);
  return decoder;
}

std::size_t AmbisonicDecoder::latency_samples() const noexcept {
  return binaural_ ? binaural_->latency : 0;
}

void AmbisonicDecoder::process(AudioView field, MutableAudioView out) noexcept {
  SYRINX_CHECK(
      field.channels() == channels() && out.channels() == 2 && field.frames() == out.frames(),
      "an ambisonic decoder was given another shape");
  const double ahead = 0.5 * std::cos(kStereoAzimuthDeg * kRadians);
  const double aside = 0.5 * std::sin(kStereoAzimuthDeg * kRadians);
  for (std::size_t i = 0; !binaural_ && i < field.frames(); ++i) {
    const double middle = 0.5 * field.channel(0)[i] + ahead * field.channel(3)[i];
    out.channel(0)[i] = static_cast<float>(middle + aside * field.channel(1)[i]);
    out.channel(1)[i] = static_cast<float>(middle - aside * field.channel(1)[i]);
  }
  for (std::size_t at = 0; binaural_ && at < field.frames(); at += kPartitionSamples) {
    const std::size_t part = std::min(kPartitionSamples, field.frames() - at);
    const auto work = std::span(binaural_->work).first(part);
    for (std::size_t ear = 0; ear < 2; ++ear) {
      const auto heard = out.channel(ear).subspan(at, part);
      std::fill(heard.begin(), heard.end(), 0.0f);
      for (std::size_t c = 0; c < channels(); ++c) {
        const auto given = field.channel(c).subspan(at, part);
        std::copy(given.begin(), given.end(), work.begin());
        binaural_->ears[ear][c].process(work, 0);
        for (std::size_t i = 0; i < part; ++i) heard[i] += work[i];
      }
    }
  }
}

void AmbisonicDecoder::reset() noexcept {
  if (!binaural_) return;
  for (auto& ear : binaural_->ears)
    for (Convolver& convolver : ear) convolver.reset();
}

}  // namespace syrinx::effects
