// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/phase_vocoder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "syrinx/stages/voice/grain_source.h"
#include "syrinx/stages/voice/voice_settings.h"

namespace syrinx::voice {
namespace {

constexpr std::size_t kBlockFrames = 4'096;
constexpr double kCatchUp = 0.25;  // Of a hop, by which a frame's place makes good for an attack.
constexpr float kLargestSample = 1e4F;

Result<void> check(const char* name, double value, double least, double most) {
  if (value >= least && value <= most) return {};
  return make_error(ErrorCode::kInvalidArgument, "phase vocoder: the ", name, " is ", value,
                    "; give ", least, " to ", most);
}

}  // namespace

Result<std::unique_ptr<PhaseVocoder>> PhaseVocoder::create(std::unique_ptr<AudioSource> inner,
                                                           const PhaseVocoderOptions& options) {
  SYRINX_TRY(check("speed", options.speed, kLeastSpeed, kMostSpeed));
  SYRINX_TRY(check("pitch ratio", options.pitch_ratio, kLeastPitchRatio, kMostPitchRatio));
  SYRINX_TRY(check("formant ratio", options.formant_ratio, 0.5, 2.0));
  SYRINX_TRY(validate(Format{inner->sample_rate_hz(), inner->channels(), 1}));
  SYRINX_ASSIGN(auto stretcher, SpectralStretcher::create(inner->sample_rate_hz()));
  return std::unique_ptr<PhaseVocoder>(
      new PhaseVocoder(std::move(inner), options, std::move(stretcher)));
}

PhaseVocoder::PhaseVocoder(std::unique_ptr<AudioSource> inner, const PhaseVocoderOptions& options,
                           SpectralStretcher stretcher)
    : inner_(std::move(inner)),
      options_(options),
      stretcher_(std::move(stretcher)),
      stretch_(options.pitch_ratio / options.speed) {
  const std::size_t size = stretcher_.frame_samples();
  const std::size_t channels = inner_->channels();
  // Frames lie up to 16 hops of the source apart; blocks come besides.
  source_.assign(channels + 1, SampleRing(16 * size + kBlockFrames));
  sums_.assign(channels, SumRing(2 * size));
  const auto read = static_cast<std::size_t>(options.pitch_ratio * kBlockFrames);
  stretched_.assign(channels, SampleRing(read + 4 * size + 64));
  now_.resize(size);
  before_.resize(size);
  part_.resize(read + 2 * GrainReader::reach(options.pitch_ratio) + 16);
  stretcher_.set_envelope_ratio(options.formant_ratio / options.pitch_ratio);
  stretcher_.set_stretches(stretch_ != 1.0);
  // The first frame's middle is a hop before the first sample, which so has all its frames.
  place_ = -static_cast<double>(stretcher_.hop_samples()) / stretch_;
  const auto reached = static_cast<std::int64_t>(stretcher_.hop_samples() + size / 2);
  for (SumRing& ring : sums_) ring.restart(-reached);
}

std::int64_t PhaseVocoder::frames_in_all() const noexcept {
  return std::llround(static_cast<double>(*end_) / options_.speed);
}

// Reads so many frames of the source, and then silence.
Result<void> PhaseVocoder::read_until(std::int64_t frames, const std::stop_token& stop) {
  while (fed_ < frames) {
    if (!end_ && read_offset_ >= read_.frames()) {
      SYRINX_ASSIGN(const bool more, inner_->next(read_, stop));
      read_offset_ = 0;
      if (!more) end_ = fed_;
    }
    const auto left = std::min(static_cast<std::size_t>(frames - fed_), kBlockFrames);
    const std::size_t count = end_ ? left : std::min(left, read_.frames() - read_offset_);
    for (std::size_t i = 0; i < count; ++i) {
      float sum = 0.0F;
      for (std::size_t c = 0; c < channels(); ++c) {
        const float given = end_ ? 0.0F : read_.channel(c)[read_offset_ + i];
        const float x = std::abs(given) <= kLargestSample ? given : 0.0F;  // False for NaN.
        source_[c].push(x);
        sum += x;
      }
      source_.back().push(sum / static_cast<float>(channels()));
    }
    if (!end_) read_offset_ += count;
    fed_ += static_cast<std::int64_t>(count);
  }
  return {};
}

// The next frame of the stretched sound. One that begins an attack and those after it lie a hop
// apart in the source too; the frames that follow make good for that.
Result<void> PhaseVocoder::add_frame(const std::stop_token& stop) {
  const auto size = static_cast<std::int64_t>(stretcher_.frame_samples());
  const auto hop = static_cast<std::int64_t>(stretcher_.hop_samples());
  const std::int64_t from = std::llround(place_) - size / 2;
  SYRINX_TRY(read_until(from + size, stop));
  source_.back().copy(from, now_);
  source_.back().copy(from - hop, before_);
  stretcher_.analyse(now_, before_);
  const std::int64_t to = frames_ * hop - size / 2;
  for (std::size_t c = 0; c < channels(); ++c) {
    source_[c].copy(from, now_);
    stretcher_.render(now_);
    for (std::int64_t i = 0; i < size; ++i) sums_[c].add(to + i, now_[static_cast<std::size_t>(i)]);
    for (std::int64_t i = 0; i < hop; ++i) {
      const float done = sums_[c].take();
      if (to + i >= 0) stretched_[c].push(done);
    }
  }
  ++frames_;
  const double step = static_cast<double>(hop) / stretch_;
  const double plain = static_cast<double>(hop);
  if (stretcher_.attack()) {
    ahead_ += plain - step;
    place_ += plain;
    return {};
  }
  const double back = std::clamp(ahead_, -kCatchUp * step, kCatchUp * step);
  ahead_ -= back;
  place_ += step - back;
  return {};
}

Result<void> PhaseVocoder::stretch_until(std::int64_t samples, const std::stop_token& stop) {
  while (stretched_[0].end() < samples) SYRINX_TRY(add_frame(stop));
  return {};
}

Result<bool> PhaseVocoder::next(AudioBuffer& block, const std::stop_token& stop) {
  block.clear();
  auto frames = static_cast<std::int64_t>(kBlockFrames);
  const auto reach = static_cast<std::int64_t>(GrainReader::reach(options_.pitch_ratio)) + 1;
  const double first = static_cast<double>(given_) * options_.pitch_ratio;
  const double last = first + static_cast<double>(frames - 1) * options_.pitch_ratio;
  SYRINX_TRY(stretch_until(static_cast<std::int64_t>(std::ceil(last)) + reach, stop));
  if (end_) frames = std::min(frames, frames_in_all() - given_);
  if (frames <= 0) return false;
  block.reshape(channels(), static_cast<std::size_t>(frames), sample_rate_hz());
  const std::int64_t low = static_cast<std::int64_t>(std::floor(first)) - reach;
  const std::span<float> part(
      part_.data(),
      static_cast<std::size_t>(static_cast<std::int64_t>(std::ceil(last)) + reach - low));
  for (std::size_t c = 0; c < channels(); ++c) {
    stretched_[c].copy(low, part);
    reader_.read(part, first - static_cast<double>(low), options_.pitch_ratio, block.channel(c));
  }
  given_ += frames;
  return true;
}

}  // namespace syrinx::voice
