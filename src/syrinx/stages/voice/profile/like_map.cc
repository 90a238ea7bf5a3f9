// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/like_map.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "syrinx/stages/voice/profile/profile_distance.h"

namespace syrinx::voice {
namespace {

constexpr double kSmoothingS = 0.008;  // Time in which the filter follows its frames.
constexpr float kLeastSpread = 0.8f;   // Of cepstra and F0, target over source.
constexpr float kMostSpread = 1.25f;

Result<void> check(const char* name, double value, double low, double high) {
  if (value >= low && value <= high) return {};
  return make_error(ErrorCode::kInvalidArgument, "the likeness has the ", name, " ", value,
                    "; give ", low, " to ", high);
}

std::vector<Cepstrum> moved(std::span<const Cepstrum> cepstra, double ratio) {
  std::vector<Cepstrum> out;
  out.reserve(cepstra.size());
  for (const Cepstrum& cepstrum : cepstra)
    out.push_back(cepstrum_of(warped(logs_of(cepstrum), ratio)));
  return out;
}

// What the statistics are once formants are moved. Spreads are taken from the exemplars, moved,
// where there are any, and stay otherwise.
CepstrumStatistics moved_statistics(const CepstrumStatistics& statistics,
                                    std::span<const Cepstrum> exemplars, double ratio) {
  CepstrumStatistics out;
  out.mean = cepstrum_of(warped(logs_of(statistics.mean), ratio));
  out.deviation = exemplars.size() < 20 ? statistics.deviation : statistics_of(exemplars).deviation;
  return out;
}

float spread_of(const CepstrumStatistics& target, const CepstrumStatistics& source, std::size_t d) {
  return std::clamp(target.deviation[d] / std::max(source.deviation[d], 1e-6f), kLeastSpread,
                    kMostSpread);
}

}  // namespace

Result<void> validate(const LikeOptions& options) {
  SYRINX_TRY(check("amount", options.amount, 0.0, 1.0));
  SYRINX_TRY(check("share of exemplars", options.exemplars, 0.0, 1.0));
  SYRINX_TRY(check("share of the mixture", options.mixture, 0.0, 1.0));
  SYRINX_TRY(check("share of the network", options.network, 0.0, 1.0));
  return check("largest gain in dB", options.most_gain_db, 0.0, 40.0);
}

Result<void> validate(const LikeOptions& options, const VoiceProfile& target) {
  SYRINX_TRY(validate(options));
  if (options.network == 0.0 || !target.exemplars.empty()) return {};
  return make_error(ErrorCode::kInvalidArgument, "the network needs examples of the voice '",
                    target.name, "', and a mix of voices has none; name one voice or leave it out");
}

LikeMap::LikeMap(const FrameShape& shape, const VoiceProfile& source, const VoiceProfile& target,
                 const LikeOptions& options)
    : options_(options),
      target_(target),
      source_log_f0_(source.log_f0_mean),
      source_log_f0_deviation_(std::max(source.log_f0_deviation, 1e-3)),
      formant_ratio_(std::pow(voice::formant_ratio(source, target), options.amount)),
      voiced_(
          moved_statistics(source.voiced, moved(source.exemplars, formant_ratio_), formant_ratio_)),
      unvoiced_(moved_statistics(source.unvoiced, {}, formant_ratio_)),
      cepstra_(shape),
      exemplars_(target) {
  if (!options.keep_melody)
    spread_ = std::clamp(target.log_f0_deviation / std::max(source.log_f0_deviation, 1e-6),
                         static_cast<double>(kLeastSpread), static_cast<double>(kMostSpread));
  const double hop_s = static_cast<double>(shape.hop_samples) / shape.sample_rate_hz;
  keep_ = static_cast<float>(std::exp(-hop_s / kSmoothingS));
  if (options.mixture > 0.0) {
    std::vector<Cepstrum> own = moved(source.exemplars, formant_ratio_);
    for (Cepstrum& cepstrum : own) normalise(cepstrum, voiced_);
    mixture_ = MixtureMap(own, exemplars_.exemplars());
  }
  if (options.network > 0.0) {
    const auto model = options.model != nullptr ? options.model : built_in_conversion_model();
    neural_ = NeuralMap(*model, target_);
  }
  target_.exemplars.clear();  // The maps have them.
}

void LikeMap::reset() noexcept {
  exemplars_.reset();
  neural_.reset();
  change_.fill(0.0f);
}

double LikeMap::map(const VoiceFrame& frame, std::span<float> gain) noexcept {
  const MelLogs logs = cepstra_.logs_of(frame.power);
  const Cepstrum now = cepstrum_of(logs);
  const Cepstrum moved = cepstrum_of(warped(logs, formant_ratio_));
  const bool voiced = frame.f0_hz > 0.0f;
  const double log_f0 = voiced ? std::log(static_cast<double>(frame.f0_hz)) : 0.0;
  const double ratio = voiced ? f0_ratio(log_f0) : 1.0;
  if (!voiced) exemplars_.reset();
  Cepstrum neural{};
  if (!neural_.empty())
    neural = neural_.answer(normal_of(moved), voiced,
                            (log_f0 - source_log_f0_) / source_log_f0_deviation_,
                            log_f0 + std::log(ratio));
  const Cepstrum wanted = voiced ? voiced_target(moved, neural) : unvoiced_target(moved);
  Cepstrum apart{};  // The level stays.
  for (std::size_t d = 1; d < kCepstra; ++d) apart[d] = wanted[d] - now[d];
  const MelLogs change = logs_of(apart);
  const auto most = static_cast<float>(options_.most_gain_db * std::numbers::ln10 / 10.0);
  const auto amount = static_cast<float>(options_.amount);
  for (std::size_t b = 0; b < kMelBands; ++b) {
    const float limited = std::clamp(amount * change[b], -most, most);
    change_[b] = limited + keep_ * (change_[b] - limited);
  }
  cepstra_.gains_of(change_, gain);
  return ratio;
}

Cepstrum LikeMap::normal_of(const Cepstrum& moved) const noexcept {
  Cepstrum normal = moved;
  normalise(normal, voiced_);
  return normal;
}

Cepstrum LikeMap::voiced_target(const Cepstrum& moved, const Cepstrum& neural) noexcept {
  Cepstrum wanted{};
  for (std::size_t d = 1; d < kCepstra; ++d)
    wanted[d] = target_.voiced.mean[d] +
                spread_of(target_.voiced, voiced_, d) * (moved[d] - voiced_.mean[d]);
  const Cepstrum normal = normal_of(moved);
  if (!neural_.empty()) approach(wanted, neural, options_.network);
  if (options_.mixture > 0.0 && !mixture_.empty())
    approach(wanted, mixture_.answer(normal), options_.mixture);
  if (options_.exemplars > 0.0 && !exemplars_.empty())
    approach(wanted, exemplars_.answer(normal), options_.exemplars);
  return wanted;
}

// A share of the way to what is normalised by the target's statistics.
void LikeMap::approach(Cepstrum& wanted, const Cepstrum& answer, double share) const noexcept {
  for (std::size_t d = 1; d < kCepstra; ++d) {
    const float example = target_.voiced.mean[d] + target_.voiced.deviation[d] * answer[d];
    wanted[d] += static_cast<float>(share) * (example - wanted[d]);
  }
}

Cepstrum LikeMap::unvoiced_target(const Cepstrum& moved) const noexcept {
  Cepstrum wanted = moved;
  for (std::size_t d = 1; d < kCepstra; ++d)
    wanted[d] += target_.unvoiced.mean[d] - unvoiced_.mean[d];
  return wanted;
}

double LikeMap::f0_ratio(double log_f0) const noexcept {
  const double moved = target_.log_f0_mean + spread_ * (log_f0 - source_log_f0_);
  return std::clamp(std::exp(options_.amount * (moved - log_f0)), 0.25, 4.0);
}

}  // namespace syrinx::voice
