// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/voice_shaper.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "syrinx/core/dsp/kernels.h"

namespace syrinx::voice {
namespace {

constexpr double kUnvoicedStepS = 0.005;
constexpr double kSearch = 0.2;  // A period may differ so much from what F0 says.

}  // namespace

Result<VoiceShaper> VoiceShaper::create(int sample_rate_hz, const VoiceFrameOptions& options) {
  SYRINX_ASSIGN(auto analyser, VoiceAnalyser::create(sample_rate_hz, options));
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(analyser.shape().fft_size));
  return VoiceShaper(std::move(analyser), std::move(fft));
}

VoiceShaper::VoiceShaper(VoiceAnalyser analyser, dsp::RealFft fft)
    : analyser_(std::move(analyser)),
      fft_(std::move(fft)),
      longest_(static_cast<std::int64_t>(
          (1.0 + kSearch) * shape().sample_rate_hz / shape().min_f0_hz + 1.0)),
      unvoiced_(static_cast<std::int64_t>(kUnvoicedStepS * shape().sample_rate_hz)),
      marks_(kMarks),
      time_(shape().fft_size),
      spectrum_(shape().bins()) {
  const auto longest = static_cast<std::size_t>(longest_);
  const std::size_t hop = shape().hop_samples;
  const std::size_t waiting = hop + 4 * longest;  // From the newest frame back to the next grain.
  latency_ = analyser_.latency_samples() + waiting + shape().fft_size / 2;
  in_.resize(analyser_.latency_samples() + waiting + 4 * longest);
  out_.resize(latency_ + 2 * shape().fft_size + 2 * longest);
  kept_frames_ = waiting / hop + 4;
  gains_.resize(kept_frames_ * shape().bins());
  f0_hz_.resize(kept_frames_);
  ratio_.resize(kept_frames_);
  pattern_.resize(2 * longest);
  field_.resize(4 * longest);
  reset();
}

void VoiceShaper::reset() noexcept {
  analyser_.reset();
  std::fill(in_.begin(), in_.end(), 0.0f);
  std::fill(out_.begin(), out_.end(), 0.0f);
  samples_ = 0;
  frames_ = 0;
  // Two marks before the sound, so that the first grain has a left side.
  marks_[0] = {-2 * unvoiced_, unvoiced_, false};
  marks_[1] = {-unvoiced_, unvoiced_, false};
  mark_count_ = 2;
  mark_now_ = 1;
  place_ = static_cast<double>(-unvoiced_);
  left_ = static_cast<double>(unvoiced_);
}

void VoiceShaper::take(float sample) noexcept {
  in_[samples_ % in_.size()] = std::isfinite(sample) ? sample : 0.0f;
  ++samples_;
}

// What was put at a ring place `latency` after its time is due now.
float VoiceShaper::give() noexcept {
  float& sample = out_[(samples_ - 1) % out_.size()];
  const float due = sample;
  sample = 0.0f;
  return due;
}

std::span<float> VoiceShaper::gain_of(std::uint64_t frame) noexcept {
  const std::size_t bins = shape().bins();
  return std::span(gains_).subspan(frame % kept_frames_ * bins, bins);
}

std::uint64_t VoiceShaper::frame_at(double sample) const noexcept {
  const double hop = static_cast<double>(shape().hop_samples);
  const auto nearest = static_cast<std::int64_t>(std::llround(std::max(0.0, sample) / hop));
  return std::min(static_cast<std::uint64_t>(nearest), frames_ - 1);
}

float VoiceShaper::sample_at(std::int64_t at) const noexcept {
  if (at < 0 || at >= static_cast<std::int64_t>(samples_)) return 0.0f;
  return in_[static_cast<std::size_t>(at) % in_.size()];
}

void VoiceShaper::finish_frame(const VoiceFrame& frame, double ratio) noexcept {
  f0_hz_[frame.index % kept_frames_] = frame.f0_hz;
  ratio_[frame.index % kept_frames_] = static_cast<float>(std::clamp(ratio, 0.2, 5.0));
  frames_ = frame.index + 1;
  add_marks(static_cast<std::int64_t>(frame.index * shape().hop_samples));
  lay_grains();
}

// Marks up to the newest frame's centre: with pitch, where the wave looks as it did at the mark
// before; without, evenly.
void VoiceShaper::add_marks(std::int64_t end) noexcept {
  while (true) {
    const Mark& last = mark(mark_count_ - 1);
    const auto f0_hz =
        static_cast<double>(f0_hz_[frame_at(static_cast<double>(last.at)) % kept_frames_]);
    const auto period = static_cast<std::int64_t>(
        f0_hz > 0.0 ? std::llround(shape().sample_rate_hz / f0_hz) : unvoiced_);
    if (last.at + period + period / 2 > end) return;
    Mark next{last.at + period, period, f0_hz > 0.0};
    if (next.voiced && last.voiced) next.at = most_alike(last.at, period);
    if (next.voiced && !last.voiced)
      next.at = loudest_near(last.at + period / 2, last.at + period + period / 2);
    next.period = next.at - last.at;
    marks_[mark_count_++ % kMarks] = next;
  }
}

std::int64_t VoiceShaper::loudest_near(std::int64_t from, std::int64_t to) const noexcept {
  std::int64_t best = from;
  for (std::int64_t at = from; at < to; ++at)
    if (std::abs(sample_at(at)) > std::abs(sample_at(best))) best = at;
  return best;
}

// The place about a period later around which the sound correlates best with that around `like`.
std::int64_t VoiceShaper::most_alike(std::int64_t like, std::int64_t period) noexcept {
  const std::int64_t side = period / 2;
  const auto search = static_cast<std::int64_t>(kSearch * static_cast<double>(period));
  const auto length = static_cast<std::size_t>(2 * side);
  for (std::size_t i = 0; i < length; ++i)
    pattern_[i] = sample_at(like - side + static_cast<std::int64_t>(i));
  const std::int64_t first = like + period - search;
  const auto places = static_cast<std::size_t>(2 * search + 1);
  for (std::size_t i = 0; i < length + places; ++i)
    field_[i] = sample_at(first - side + static_cast<std::int64_t>(i));
  std::int64_t best = like + period;
  double most = 0.0;
  double energy = dsp::kernels().sum_of_squares(field_.data(), length);
  for (std::size_t p = 0; p < places; ++p) {
    const double dot = dsp::kernels().dot(pattern_.data(), field_.data() + p, length);
    const double likeness = energy > 1e-12 ? dot / std::sqrt(energy) : 0.0;
    if (likeness > most) {
      most = likeness;
      best = first + static_cast<std::int64_t>(p);
    }
    const auto leaving = static_cast<double>(field_[p]);
    const auto entering = static_cast<double>(field_[p + length]);
    energy = std::max(0.0, energy + entering * entering - leaving * leaving);
  }
  return best;
}

// Lays every grain whose surroundings are known: two marks after its place.
void VoiceShaper::lay_grains() noexcept {
  while (true) {
    while (mark_now_ + 1 < mark_count_ && static_cast<double>(mark(mark_now_ + 1).at) <= place_)
      ++mark_now_;
    if (mark_now_ + 2 >= mark_count_) return;
    const Mark& before = mark(mark_now_);
    const Mark& after = mark(mark_now_ + 1);
    const bool nearer =
        static_cast<double>(after.at) - place_ < place_ - static_cast<double>(before.at);
    const Mark& source = nearer ? after : before;
    const auto ratio = static_cast<double>(ratio_[frame_at(place_) % kept_frames_]);
    const double next = next_place(mark_now_, ratio);
    const bool voiced = before.voiced && after.voiced;
    const double period = static_cast<double>(after.period);
    const double right = voiced ? period : next - place_;
    const double gain = voiced ? std::sqrt((next - place_) / period) : 1.0;
    lay_grain(source, place_, left_, right, gain);
    place_ = next;
    left_ = right;
  }
}

// The place of the grain after this one: a new period later, or, without pitch, at the next mark.
double VoiceShaper::next_place(std::uint64_t before, double ratio) const noexcept {
  const Mark& after = mark(before + 1);
  const bool voiced = mark(before).voiced && after.voiced;
  if (voiced) {
    const double step = static_cast<double>(after.period) / ratio;
    return place_ + std::max(step, 8.0);
  }
  const double at = static_cast<double>(after.at);
  const bool too_near = at - place_ < 0.5 * static_cast<double>(after.period);
  return too_near ? static_cast<double>(mark(before + 2).at) : at;
}

// The old sound around a mark, faded out to both sides, filtered as its frame asks, at a new place.
void VoiceShaper::lay_grain(const Mark& from, double at, double left, double right,
                            double gain) noexcept {
  const auto half = static_cast<std::int64_t>(time_.size() / 2);
  const double most = static_cast<double>(half - 1);
  left = std::min(left, most);
  right = std::min(right, most);
  std::fill(time_.begin(), time_.end(), 0.0f);
  for (auto n = -static_cast<std::int64_t>(left); n <= static_cast<std::int64_t>(right); ++n) {
    const double reach = n < 0 ? left : right;
    const double fade = 0.5 + 0.5 * std::cos(std::numbers::pi * static_cast<double>(n) / reach);
    time_[static_cast<std::size_t>(n + half)] =
        static_cast<float>(gain * fade) * sample_at(from.at + n);
  }
  fft_.forward(time_, spectrum_);
  const auto whole = static_cast<std::int64_t>(std::floor(at));
  const double rest = at - static_cast<double>(whole);
  const auto filter = gain_of(frame_at(at));
  const std::complex<double> turn =
      std::polar(1.0, -2.0 * std::numbers::pi * rest / static_cast<double>(time_.size()));
  std::complex<double> angle = 1.0;
  for (std::size_t k = 0; k < spectrum_.size(); ++k) {
    spectrum_[k] *= std::complex<float>(angle * static_cast<double>(filter[k]));
    angle *= turn;
  }
  fft_.inverse(spectrum_, time_);
  const std::int64_t first = whole - half + static_cast<std::int64_t>(latency_);
  for (std::size_t i = 0; i < time_.size(); ++i) {
    const std::int64_t place = first + static_cast<std::int64_t>(i);
    if (place >= 0) out_[static_cast<std::size_t>(place) % out_.size()] += time_[i];
  }
}

}  // namespace syrinx::voice
