// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/grain_voice.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace syrinx::voice {
namespace {

constexpr double kBreathHz = 900.0;          // The corner below which breath has little to say.
constexpr double kBreathSpacingMs = 0.7;     // From one grain of breath to the next, on average.
constexpr double kBreathGain = 0.9;          // Of as much power as the voice had, above the corner.
constexpr double kRoughPeriod = 0.06;        // The most by which a rough voice's period is off,
constexpr double kRoughLevel = 0.35;         // its level at random, and
constexpr double kRoughAlternation = 0.3;    // its level in every other period.
constexpr double kMedianStep = 0.02;         // Octaves by which the median follows F0, a period.
constexpr double kBreathShare = 0.5;         // Of a voice of breathiness 1, in amplitude.
constexpr double kCloseHarmonicsHz = 200.0;  // Up to here the envelope needs no noise to be heard.
constexpr double kAspirationReach = 0.7;     // In periods to each side: wider has two pulses in it.
constexpr double kAspirationDelay = 0.4;     // In periods after the voice's own grain.
constexpr double kNeighboursShare = 0.2;  // Of a neighbour on each side, at twice the speed and up.
constexpr double kFadeWidth = 0.45;       // Of a grain that stays as it is: GrainReader::fade();
constexpr double kSlowFade = 1.0 / 6.0;   // a whole Hann window from this far on, in octaves.
constexpr double kLongestSide = 2.1;      // Of a grain, in the longest periods.
constexpr std::uint32_t kSeed = 2'463'534'242;  // Marsaglia's own: bits well mixed from the start.

// Grain readers are tables alone: one for all voices of the program.
std::shared_ptr<const GrainReader> shared_reader() {
  static const auto reader = std::make_shared<const GrainReader>();
  return reader;
}

// A grain that holds its level longer keeps more of how the tract rings on. Where grains are moved
// together, repeated or left out, or their formants are moved, it fades slowly into its neighbours;
// where they are moved apart, slowly enough to meet them.
double fade_width(const VoiceSettings& settings, double speed) {
  if (speed != 1.0) return 1.0;
  const double up = std::log2(settings.pitch_ratio);
  const double formants = std::abs(std::log2(settings.formant_ratio));
  const double moved = std::clamp(std::max(up, formants) / kSlowFade, 0.0, 1.0);
  const double apart = settings.formant_ratio / settings.pitch_ratio - 1.0;
  return std::min(1.0, std::max(std::lerp(kFadeWidth, 1.0, moved), apart));
}

}  // namespace

GrainVoice::GrainVoice(int sample_rate_hz, std::size_t channels, double max_period, double speed)
    : sample_rate_hz_(sample_rate_hz),
      max_period_(max_period),
      speed_(speed),
      reader_(shared_reader()),
      high_pass_(channels) {
  // From the next sample to be taken, grains may reach over look-ahead and their own width.
  const auto sums = static_cast<std::size_t>(12.0 * max_period + 0.25 * sample_rate_hz) + 64;
  voiced_.assign(channels, SumRing(sums));
  breath_.assign(channels, SumRing(sums));
  grain_.resize(static_cast<std::size_t>(2.0 * kLongestSide * max_period) + 64);
  other_grain_.resize(grain_.size());
  source_.resize(static_cast<std::size_t>(2.0 * kLongestSide * kMostFormantRatio * max_period) +
                 256);
  const double w = std::tan(std::numbers::pi * kBreathHz / sample_rate_hz);
  const double norm = 1.0 / (1.0 + std::numbers::sqrt2 * w + w * w);
  b0_ = norm;
  a1_ = 2.0 * (w * w - 1.0) * norm;
  a2_ = (1.0 - std::numbers::sqrt2 * w + w * w) * norm;
  reset(0);
}

void GrainVoice::reset(std::int64_t begin) noexcept {
  for (SumRing& ring : voiced_) ring.restart(begin);
  for (SumRing& ring : breath_) ring.restart(begin);
  std::fill(high_pass_.begin(), high_pass_.end(), HighPass{});
  last_ = {};
  last_voiced_ = backwards_ = strong_ = false;
  before_ = spacing_ = breath_at_ = median_log_hz_ = turn_ = 0.0;
  settled_ = begin;
  seed_ = kSeed;
  aspirations_ = 0;
}

double GrainVoice::widest_source() const noexcept {
  return max_period_ + static_cast<double>(GrainReader::reach(kMostFormantRatio));
}

// Marsaglia's xorshift: cheap, and the same in every run.
double GrainVoice::random() noexcept {
  seed_ ^= seed_ << 13;
  seed_ ^= seed_ >> 17;
  seed_ ^= seed_ << 5;
  return static_cast<double>(seed_) * (2.0 / 4'294'967'296.0) - 1.0;
}

void GrainVoice::speak(const PitchMarkFinder& marks, std::span<const SampleRing> sound,
                       const VoiceSettings& settings, std::int64_t until) noexcept {
  for (;;) {
    if (last_voiced_) spacing_ = unevenness_ * turn_after(marks);  // More may be known by now.
    Next next = {last_.at + spacing_, last_.source + spacing_ * speed_, last_.mark};
    if (!choose_mark(marks, sound[0].end(), next)) break;
    const PitchMark& mark = marks.mark(next.mark);
    const double before = last_.mark >= 0 ? next.at - last_.at : unvoiced_spacing();
    const double reach = reach_before(mark, before, settings.formant_ratio);
    if (next.at - reach >= static_cast<double>(until)) break;
    backwards_ = speed_ != 1.0 && !mark.voiced && next.mark == last_.mark && !backwards_;
    before_ = before;
    const bool after_voiced = last_voiced_;
    const bool after_unvoiced = last_.mark >= 0 && !last_voiced_;
    last_ = next;
    last_voiced_ = mark.voiced;
    if (mark.voiced) {
      speak_voiced(marks, settings, sound, after_voiced);
    } else {
      speak_unvoiced(marks, settings, sound, after_unvoiced);
    }
  }
  settled_ = std::max(settled_, until);
}

// How far the next grain reaches to the left: after a voiced one a period, however far they are
// apart.
double GrainVoice::reach_before(const PitchMark& mark, double before,
                                double formant_ratio) const noexcept {
  if (!mark.voiced) return before;
  const double period = mark.period / formant_ratio;
  return last_voiced_ ? period : std::max(before, period);
}

// The mark whose grain comes next, and, where result and source keep time, its place.
bool GrainVoice::choose_mark(const PitchMarkFinder& marks, std::int64_t end,
                             Next& next) const noexcept {
  if (marks.marks() == 0) return false;
  if (speed_ == 1.0) return choose_in_time(marks, end, next);
  if (last_.mark < 0) next = {0.0, 0.0, 0};
  next.mark = marks.nearest(next.source);
  return true;
}

bool GrainVoice::choose_in_time(const PitchMarkFinder& marks, std::int64_t end,
                                Next& next) const noexcept {
  std::int64_t number = std::max(last_.mark + 1, marks.oldest());
  if (last_voiced_) {
    number = marks.nearest(next.source);
    if (marks.mark(number).voiced) {
      next.mark = complete(marks, number, end);
      return true;
    }
    // Back in step with the source, at a mark that is not too near.
    const double least = last_.at + 0.5 * std::min(spacing_, marks.mark(number).period);
    while (number > marks.oldest() && !marks.mark(number - 1).voiced &&
           marks.mark(number - 1).at >= least)
      --number;
    while (number < marks.marks() && marks.mark(number).at < least) ++number;
  }
  if (number >= marks.marks()) return false;
  next = {marks.mark(number).at, marks.mark(number).at, number};
  return true;
}

// The newest voiced mark up to `number` around which all sound is there.
std::int64_t GrainVoice::complete(const PitchMarkFinder& marks, std::int64_t number,
                                  std::int64_t end) const noexcept {
  const auto reach = static_cast<double>(GrainReader::reach(1.0));
  for (std::int64_t i = number; i > marks.oldest() && marks.mark(i).voiced; --i)
    if (marks.mark(i).at + marks.mark(i).period + reach <= static_cast<double>(end)) return i;
  return number;
}

double GrainVoice::wandering(const VoiceSettings& settings, double hz) noexcept {
  const double log_hz = std::log2(hz);
  if (median_log_hz_ == 0.0) median_log_hz_ = log_hz;
  median_log_hz_ += std::clamp(log_hz - median_log_hz_, -kMedianStep, kMedianStep);
  return std::exp2((settings.intonation - 1.0) * (log_hz - median_log_hz_));
}

// How much higher than the source's this grain's pitch is.
double GrainVoice::ratio_at(const PitchMark& mark, const VoiceSettings& settings) noexcept {
  double ratio = settings.pitch_ratio;
  if (settings.intonation != 1.0) ratio *= wandering(settings, sample_rate_hz_ / mark.period);
  if (settings.tremor_semitones > 0.0)
    ratio *=
        ratio_of_semitones(settings.tremor_semitones * std::sin(2.0 * std::numbers::pi * turn_));
  return std::clamp(ratio, kLeastPitchRatio, kMostPitchRatio);
}

// The way from the last grain, a voiced one, to where the source's voice has turned once for each
// turn that the result owes: along its marks, so that neither drifts nor smooths what the source's
// pitch does, and beyond the newest of them by its period.
double GrainVoice::turn_after(const PitchMarkFinder& marks) const noexcept {
  double owed = 1.0 / ratio_;  // Periods of the source.
  double place = last_.source;
  std::int64_t number = std::max(last_.mark, marks.oldest());
  if (marks.mark(number).at > place && number > marks.oldest() && marks.mark(number - 1).voiced)
    --number;
  double way = 0.0;
  while (number + 1 < marks.marks() && marks.mark(number + 1).voiced) {
    const double end = marks.mark(number + 1).at;
    const double period = end - marks.mark(number).at;
    ++number;
    if (end <= place) continue;
    if (end - place >= owed * period) return way + owed * period;
    owed -= (end - place) / period;
    way += end - place;
    place = end;
  }
  return way + owed * marks.mark(number).period;
}

void GrainVoice::speak_voiced(const PitchMarkFinder& marks, const VoiceSettings& settings,
                              std::span<const SampleRing> sound, bool after_voiced) noexcept {
  const PitchMark& mark = marks.mark(last_.mark);
  ratio_ = ratio_at(mark, settings);
  unevenness_ = settings.roughness > 0.0 ? 1.0 + kRoughPeriod * settings.roughness * random() : 1.0;
  spacing_ = unevenness_ * turn_after(marks);
  turn_ += spacing_ * settings.tremor_hz / sample_rate_hz_;
  turn_ -= std::floor(turn_);
  Grain grain;
  grain.at = last_.at;
  grain.source = mark.at;
  grain.step = settings.formant_ratio;
  grain.fade = fade_width(settings, speed_);
  const bool known = last_.mark + 1 < marks.marks();
  const double after = known ? marks.mark(last_.mark + 1).at - mark.at : mark.period;
  grain.after = after / settings.formant_ratio;
  grain.before = after_voiced ? mark.period / settings.formant_ratio : before_;
  // As many periods a second with as much power each would be louder.
  double gain = std::sqrt(settings.formant_ratio / ratio_);
  strong_ = !strong_;
  if (settings.roughness > 0.0) {
    const double uneven = kRoughLevel * random() + (strong_ ? 1.0 : -1.0) * kRoughAlternation;
    gain *= 1.0 + settings.roughness * uneven;
  }
  grain.gain = gain * (1.0 - settings.whisper) * (1.0 - 0.3 * settings.breathiness);
  if (grain.gain > 0.0) place_among_neighbours(grain, marks, sound);
  aspirate(grain, gain * aspiration_share(mark, settings) * (1.0 - settings.whisper), sound);
  const double breath = std::max(settings.whisper, kBreathShare * settings.breathiness);
  grain.before = grain.after;
  grain.gain = gain * breath;
  if (breath > 0.0) breathe(grain, sound);
}

// How strong a raised voice's aspiration is: all of it an octave up and where harmonics are twice
// as far apart as they may be.
double GrainVoice::aspiration_share(const PitchMark& mark,
                                    const VoiceSettings& settings) const noexcept {
  const double hz = ratio_ * sample_rate_hz_ / mark.period;
  const double octaves =
      std::min(std::log2(settings.pitch_ratio), std::log2(hz / kCloseHarmonicsHz));
  const double far = std::clamp(octaves, 0.0, 1.0);
  return settings.aspiration * far * far;
}

// Where the result has fewer periods than the source, each is a mean of neighbours, so that what
// changes from period to period does not alias.
void GrainVoice::place_among_neighbours(const Grain& grain, const PitchMarkFinder& marks,
                                        std::span<const SampleRing> sound) noexcept {
  const double share = kNeighboursShare * std::clamp(speed_ - 1.0, 0.0, 1.0);
  const auto is_voiced = [&](std::int64_t number) {
    return number >= marks.oldest() && number < marks.marks() && marks.mark(number).voiced;
  };
  Grain middle = grain;
  for (const std::int64_t number : {last_.mark - 1, last_.mark + 1}) {
    if (share == 0.0 || !is_voiced(number)) continue;
    Grain neighbour = grain;
    neighbour.source = marks.mark(number).at;
    neighbour.gain = grain.gain * share;
    middle.gain -= neighbour.gain;
    place(neighbour, sound, voiced_);
  }
  place(middle, sound, voiced_);
}

// Noise is shaped by the same tract: its spectrum moves as the formants do.
void GrainVoice::speak_unvoiced(const PitchMarkFinder& marks, const VoiceSettings& settings,
                                std::span<const SampleRing> sound, bool after_unvoiced) noexcept {
  Grain grain;
  const PitchMark& mark = marks.mark(last_.mark);
  const bool known = last_.mark + 1 < marks.marks();
  spacing_ = speed_ == 1.0 && known ? marks.mark(last_.mark + 1).at - mark.at : unvoiced_spacing();
  grain.at = last_.at;
  grain.source = mark.at;
  grain.fade = fade_width(settings, speed_);
  grain.step = backwards_ ? -settings.formant_ratio : settings.formant_ratio;
  grain.before = before_;
  grain.after = spacing_;
  place(grain, sound, voiced_);
  if (after_unvoiced && (grain.step != 1.0 || noise_.step != 1.0 || speed_ != 1.0))
    level_crossing(noise_, grain, sound);
  noise_ = grain;
}

// Between two grains that have little to do with each other their sum is weaker than either: it is
// raised to the level that lies between theirs, by 3 dB at most.
void GrainVoice::level_crossing(const Grain& from, const Grain& to,
                                std::span<const SampleRing> sound) noexcept {
  const auto begin =
      std::max(static_cast<std::int64_t>(std::floor(from.at)) + 1, voiced_[0].begin());
  const auto end = static_cast<std::int64_t>(std::ceil(to.at));
  if (begin >= end || static_cast<std::size_t>(end - begin) > grain_.size()) return;
  const auto count = static_cast<std::size_t>(end - begin);
  const std::span<float> a(grain_.data(), count);
  const std::span<float> b(other_grain_.data(), count);
  for (std::size_t c = 0; c < sound.size(); ++c) {
    read(from, sound[c], begin, a);
    read(to, sound[c], begin, b);
    double aa = 1e-20, bb = 1e-20, ab = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      aa += static_cast<double>(a[i]) * a[i];
      bb += static_cast<double>(b[i]) * b[i];
      ab += static_cast<double>(a[i]) * b[i];
    }
    const double level_a = std::sqrt(aa);
    const double level_b = std::sqrt(bb);
    const double alike = std::clamp(ab / (level_a * level_b), 0.0, 1.0);
    for (std::size_t i = 0; i < count; ++i) {
      const double at = static_cast<double>(begin + static_cast<std::int64_t>(i));
      const double fall = reader_->fade((at - from.at) / from.after, from.fade);
      const double rise = reader_->fade((to.at - at) / to.before, to.fade);
      const double x = fall * level_a;
      const double y = rise * level_b;
      const double gain = (x + y) / std::sqrt(x * x + y * y + 2.0 * alike * x * y) - 1.0;
      voiced_[c].add(begin + static_cast<std::int64_t>(i),
                     static_cast<float>(gain * (fall * a[i] + rise * b[i])));
    }
  }
}

// A weaker grain between this one and the next. Its signs are the Rudin-Shapiro sequence (Rudin
// 1959): no stretch of it has a peak in its spectrum, so that the gaps between harmonics are
// filled all the time, where random signs would fill them by chance.
void GrainVoice::aspirate(const Grain& voiced, double gain,
                          std::span<const SampleRing> sound) noexcept {
  if (gain <= 0.0) return;
  Grain grain = voiced;
  grain.at += kAspirationDelay * spacing_;
  grain.before = grain.after = kAspirationReach * voiced.after;
  const bool negative = std::popcount(aspirations_ & (aspirations_ >> 1)) % 2 == 1;
  grain.gain = negative ? -gain : gain;
  ++aspirations_;
  place(grain, sound, voiced_);
}

// Grains like this one at random places up to the next, with random signs.
void GrainVoice::breathe(const Grain& voiced, std::span<const SampleRing> sound) noexcept {
  const double apart = kBreathSpacingMs * 1e-3 * sample_rate_hz_;
  Grain grain = voiced;
  const double gain = voiced.gain * kBreathGain * std::sqrt(apart / spacing_);
  breath_at_ = std::max(breath_at_, voiced.at);
  while (breath_at_ < voiced.at + spacing_) {
    grain.at = breath_at_;
    grain.gain = random() < 0.0 ? -gain : gain;
    place(grain, sound, breath_);
    breath_at_ += apart * (1.0 + 0.8 * random());
  }
}

void GrainVoice::place(const Grain& grain, std::span<const SampleRing> sound,
                       std::span<SumRing> sums) noexcept {
  const double before = std::min(grain.before, kLongestSide * max_period_);
  const double after = std::min(grain.after, kLongestSide * max_period_);
  const auto from =
      std::max(static_cast<std::int64_t>(std::ceil(grain.at - before)), sums[0].begin());
  const auto to =
      std::min(static_cast<std::int64_t>(std::floor(grain.at + after)) + 1, sums[0].end());
  if (from >= to) return;
  const std::span<float> samples(grain_.data(), static_cast<std::size_t>(to - from));
  for (std::size_t c = 0; c < sums.size(); ++c) {
    read(grain, sound[c], from, samples);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const double away = static_cast<double>(from + static_cast<std::int64_t>(i)) - grain.at;
      const float fade = reader_->fade(away < 0.0 ? -away / before : away / after, grain.fade);
      sums[c].add(from + static_cast<std::int64_t>(i),
                  static_cast<float>(grain.gain) * fade * samples[i]);
    }
  }
}

// What the grain takes from the source for the result from place `from` on.
void GrainVoice::read(const Grain& grain, const SampleRing& sound, std::int64_t from,
                      std::span<float> to) noexcept {
  const auto reach = static_cast<std::int64_t>(GrainReader::reach(std::abs(grain.step))) + 1;
  const double first = grain.source + grain.step * (static_cast<double>(from) - grain.at);
  const double last = first + grain.step * static_cast<double>(to.size() - 1);
  const auto low = static_cast<std::int64_t>(std::floor(std::min(first, last))) - reach;
  const auto high = static_cast<std::int64_t>(std::ceil(std::max(first, last))) + reach;
  const std::span<float> source(source_.data(), static_cast<std::size_t>(high - low + 1));
  sound.copy(low, source);
  reader_->read(source, first - static_cast<double>(low), grain.step, to);
}

void GrainVoice::take(std::span<float> frame) noexcept {
  for (std::size_t c = 0; c < frame.size(); ++c) {
    const double x = static_cast<double>(breath_[c].take());
    HighPass& h = high_pass_[c];
    const double y = b0_ * (x - 2.0 * h.in1 + h.in2) - a1_ * h.out1 - a2_ * h.out2;
    h = {x, h.in1, y, h.out1};
    frame[c] = voiced_[c].take() + static_cast<float>(y);
  }
}

}  // namespace syrinx::voice
