// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/style/style_transfer.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <deque>
#include <utility>

#include "syrinx/stages/voice/voice_settings.h"

namespace syrinx::conversion {
namespace {

constexpr double kLeastRange = 0.5;     // Semitones: what moves less has no melody to stretch.
constexpr double kLeastDynamics = 1.0;  // dB

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

// `wanted` within its range, and a sentence where that is less than was asked for.
double limited(double wanted, double least, double most, const char* what, StyleChange& change) {
  const double given = std::clamp(wanted, least, most);
  if (given != wanted)
    change.limits.push_back(std::string("the reference's ") + what + " asks for a factor of " +
                            number(wanted) + "; " + number(given) + " is as far as it goes");
  return given;
}

// All four of them in their ranges.
StyleChange in_range(double pitch, double intonation, double speed, double dynamics) {
  StyleChange change;
  change.pitch_ratio =
      limited(pitch, voice::kLeastPitchRatio, voice::kMostPitchRatio, "pitch", change);
  change.intonation = limited(intonation, 0.0, voice::kMostIntonation, "melody", change);
  change.speed = limited(speed, 1.0 / kMostStyleSpeed, kMostStyleSpeed, "pace", change);
  change.dynamics = limited(dynamics, 1.0 / kMostDynamics, kMostDynamics, "dynamics", change);
  return change;
}

// What `to` has over `from`; 1 where one of them has next to nothing of it.
double over(double to, double from, double least) {
  return to >= least && from >= least ? to / from : 1.0;
}

Result<void> check(const char* which, const Prosody& prosody) {
  if (prosody.voiced_s >= kLeastVoicedS) return {};
  return make_error(ErrorCode::kInvalidArgument, "the ", which, " has ", number(prosody.voiced_s),
                    " s of voice; it takes ", number(kLeastVoicedS),
                    " s and more to tell how somebody speaks");
}

double gain_db_at(double level_db, double around_db, double dynamics) {
  constexpr double kFullDb = -25.0;  // To here all of it,
  constexpr double kNoneDb = -35.0;  // from here on nothing.
  const double away = level_db - around_db;
  const double all = std::clamp((dynamics - 1.0) * away, -kMostDynamicsGainDb, kMostDynamicsGainDb);
  return all * std::clamp((away - kNoneDb) / (kFullDb - kNoneDb), 0.0, 1.0);
}

// Frames of 10 ms; the gain of each follows the level over the five around it, and is met by the
// next along a straight line.
class DynamicsSource final : public AudioSource {
 public:
  DynamicsSource(std::unique_ptr<AudioSource> inner, double level_db, double dynamics)
      : inner_(std::move(inner)),
        level_db_(level_db),
        dynamics_(dynamics),
        hop_(static_cast<std::size_t>(std::max(1, inner_->sample_rate_hz() / 100))) {}
  int sample_rate_hz() const noexcept override { return inner_->sample_rate_hz(); }
  std::size_t channels() const noexcept override { return inner_->channels(); }

  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    while (!ended_ && ready_frames() < kBlockFrames) SYRINX_TRY(draw(stop));
    const std::size_t frames = std::min(kBlockFrames, ready_frames());
    block.reshape(channels(), frames * hop_, sample_rate_hz());
    for (std::size_t i = 0; i < frames; ++i) put_out(block, i * hop_);
    if (ended_ && given_ + block.frames() > heard_)
      block.resize(static_cast<std::size_t>(heard_ - given_));
    given_ += block.frames();
    return block.frames() > 0;
  }

 private:
  static constexpr std::size_t kBlockFrames = 40;
  static constexpr std::size_t kReach = 2;

  // Frames whose level and whose successor's level are known.
  std::size_t ready_frames() const noexcept {
    const std::size_t ahead = ended_ ? 0 : kReach + 1;
    const std::size_t pending = powers_.size() - done_;
    return pending > ahead ? pending - ahead : 0;
  }
  Result<void> draw(const std::stop_token& stop) {
    SYRINX_ASSIGN(const bool more, inner_->next(read_, stop));
    if (more) {
      heard_ += read_.frames();
      waiting_.append(read_);
    } else {
      ended_ = true;
      const std::size_t rest = waiting_.frames() % hop_;
      if (rest > 0) waiting_.resize(waiting_.frames() + hop_ - rest);
    }
    measure();
    return {};
  }
  void measure() {
    for (; (measured_ + 1) * hop_ <= waiting_.frames(); ++measured_) {
      double power = 0.0;
      const AudioView part = std::as_const(waiting_).view().slice(measured_ * hop_, hop_);
      for (std::size_t c = 0; c < part.channels(); ++c)
        for (const float x : part.channel(c)) {
          const auto value = static_cast<double>(x);
          power += std::isfinite(x) ? value * value : 0.0;
        }
      powers_.push_back(power / static_cast<double>(hop_ * part.channels()));
    }
  }
  // Pre: frame < powers_.size().
  double gain_of(std::size_t frame) const {
    const std::size_t first = frame > kReach ? frame - kReach : 0;
    const std::size_t last = std::min(powers_.size(), frame + kReach + 1);
    double power = 0.0;
    for (std::size_t i = first; i < last; ++i) power += powers_[i];
    const double level_db = 10.0 * std::log10(power / static_cast<double>(last - first) + 1e-12);
    return std::pow(10.0, gain_db_at(level_db, level_db_, dynamics_) / 20.0);
  }
  // The oldest frame, from the middle of the gain before to the middle of the gain after.
  void put_out(AudioBuffer& block, std::size_t at) {
    const double gain = gain_of(done_);
    const double next = done_ + 1 < powers_.size() ? gain_of(done_ + 1) : gain;
    const double begin = before_ > 0.0 ? 0.5 * (before_ + gain) : gain;
    const double end = 0.5 * (gain + next);
    for (std::size_t c = 0; c < channels(); ++c)
      for (std::size_t i = 0; i < hop_; ++i) {
        const double part = static_cast<double>(i) / static_cast<double>(hop_);
        block.channel(c)[at + i] =
            waiting_.channel(c)[i] * static_cast<float>(begin + part * (end - begin));
      }
    before_ = gain;
    forget_frame();
  }
  void forget_frame() {
    ++done_;
    --measured_;
    waiting_ = AudioBuffer(std::as_const(waiting_).view().slice(hop_, waiting_.frames() - hop_));
    if (done_ <= kReach + 1) return;
    powers_.pop_front();
    --done_;
  }

  std::unique_ptr<AudioSource> inner_;
  double level_db_;
  double dynamics_;
  std::size_t hop_;
  AudioBuffer read_;
  AudioBuffer waiting_;  // What is not put out yet, `measured_` frames of it measured.
  std::size_t measured_ = 0;
  std::deque<double> powers_;  // Of frames, the first `done_` of them put out.
  std::size_t done_ = 0;
  double before_ = 0.0;      // The gain of the frame before; 0 at the beginning.
  std::uint64_t heard_ = 0;  // Frames of sound.
  std::uint64_t given_ = 0;
  bool ended_ = false;
};

}  // namespace

Result<Keep> parse_keep(std::string_view name) {
  if (name == "prosody") return Keep::kProsody;
  if (name == "identity") return Keep::kIdentity;
  return make_error(ErrorCode::kInvalidArgument, "there is no '", name,
                    "' to keep; there are prosody (pace, melody, dynamics) and identity (the "
                    "pitch's level and the formants)");
}

Result<StyleChange> change_of_style(const Prosody& source, const Prosody& reference, Keep keep) {
  SYRINX_TRY(check("source", source));
  SYRINX_TRY(check("reference", reference));
  if (keep == Keep::kProsody)
    return make_error(ErrorCode::kInvalidArgument,
                      "to keep the prosody leaves nothing of a reference's style to take over; "
                      "keep identity, or nothing");
  const double pitch = over(reference.f0_median_hz, source.f0_median_hz, 1.0);
  return in_range(keep == Keep::kIdentity ? 1.0 : pitch,
                  over(reference.f0_range_semitones, source.f0_range_semitones, kLeastRange),
                  over(reference.syllables_per_s, source.syllables_per_s, 0.1),
                  over(reference.dynamics_db, source.dynamics_db, kLeastDynamics));
}

StyleChange corrected(const StyleChange& change, const Prosody& made, const Prosody& reference,
                      Keep keep) {
  const double pitch = over(reference.f0_median_hz, made.f0_median_hz, 1.0);
  const double range = over(reference.f0_range_semitones, made.f0_range_semitones, kLeastRange);
  return in_range(
      keep == Keep::kIdentity ? change.pitch_ratio : change.pitch_ratio * pitch,
      change.intonation * std::sqrt(range),  // Half of it: the range grows faster than asked for.
      change.speed * over(reference.syllables_per_s, made.syllables_per_s, 0.1),
      change.dynamics * over(reference.dynamics_db, made.dynamics_db, kLeastDynamics));
}

double style_distance(const Prosody& made, const Prosody& reference, Keep keep) noexcept {
  const auto off = [](double a, double b, double least) {
    return a >= least && b >= least ? std::abs(std::log2(a / b)) : 0.0;
  };
  double sum = off(made.f0_range_semitones, reference.f0_range_semitones, kLeastRange) +
               off(made.syllables_per_s, reference.syllables_per_s, 0.1) +
               off(made.dynamics_db, reference.dynamics_db, kLeastDynamics);
  if (keep != Keep::kIdentity) sum += off(made.f0_median_hz, reference.f0_median_hz, 1.0);
  return sum;
}

Result<std::unique_ptr<AudioSource>> with_dynamics(std::unique_ptr<AudioSource> source,
                                                   double level_db, double dynamics) {
  if (!(dynamics >= 1.0 / kMostDynamics && dynamics <= kMostDynamics))
    return make_error(ErrorCode::kInvalidArgument, "dynamics times ", dynamics, " were asked for; ",
                      "give ", 1.0 / kMostDynamics, " to ", kMostDynamics);
  return std::unique_ptr<AudioSource>(
      std::make_unique<DynamicsSource>(std::move(source), level_db, dynamics));
}

}  // namespace syrinx::conversion
