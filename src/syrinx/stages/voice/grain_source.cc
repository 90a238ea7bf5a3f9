// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/grain_source.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/voice/grain_voice.h"
#include "syrinx/stages/voice/slow_mean.h"

namespace syrinx::voice {
namespace {

constexpr double kBlockS = 0.05;
constexpr std::size_t kPart = 1'024;  // Frames that are fed at a time.
constexpr float kLargestSample = 1e4f;

}  // namespace

struct GrainSource::Lane {
  Lane(std::size_t first, std::size_t count, PitchMarkFinder finder, double speed, int rate_hz)
      : first_channel(first),
        marks(std::move(finder)),
        voice(rate_hz, count, marks.max_period(), speed),
        slow(rate_hz, count),
        sound(count, SampleRing(static_cast<std::size_t>(16.0 * marks.max_period()) +
                                static_cast<std::size_t>(rate_hz))),
        under(sound),
        mean(kPart),
        frame(count) {}

  std::size_t first_channel;
  PitchMarkFinder marks;
  GrainVoice voice;
  SlowMeans slow;
  std::vector<SampleRing> sound;  // Less what lies under it,
  std::vector<SampleRing> under;  // and that.
  std::vector<float> mean;
  std::vector<float> frame;
};

Result<std::unique_ptr<GrainSource>> GrainSource::create(std::unique_ptr<AudioSource> inner,
                                                         const GrainSourceOptions& options) {
  SYRINX_TRY(validate(options.settings));
  SYRINX_TRY(validate(Format{inner->sample_rate_hz(), inner->channels(), 1}));
  if (!(options.speed >= kLeastSpeed && options.speed <= kMostSpeed))
    return make_error(ErrorCode::kInvalidArgument, "voice: the speed is ", options.speed, "; give ",
                      kLeastSpeed, " to ", kMostSpeed);
  const std::size_t channels = inner->channels();
  auto source = std::unique_ptr<GrainSource>(new GrainSource(std::move(inner), options));
  const std::size_t together = options.separate_channels ? 1 : channels;
  for (std::size_t c = 0; c < channels; c += together) SYRINX_TRY(source->add_lane(c, together));
  return source;
}

GrainSource::GrainSource(std::unique_ptr<AudioSource> inner, const GrainSourceOptions& options)
    : inner_(std::move(inner)),
      options_(options),
      tilt_(inner_->sample_rate_hz(), inner_->channels()),
      silence_(inner_->channels(), kPart, inner_->sample_rate_hz()) {
  tilt_.set(options.settings.tilt_db_per_octave);
  for (std::size_t c = 0; c < silence_.channels(); ++c)
    std::fill(silence_.channel(c).begin(), silence_.channel(c).end(), 0.0f);
}

GrainSource::~GrainSource() = default;

Result<void> GrainSource::add_lane(std::size_t first_channel, std::size_t channels) {
  PitchMarkOptions marks = options_.marks;
  marks.max_hz = std::min(marks.max_hz, 0.25 * sample_rate_hz());
  SYRINX_ASSIGN(auto finder, PitchMarkFinder::create(sample_rate_hz(), marks));
  lanes_.push_back(std::make_unique<Lane>(first_channel, channels, std::move(finder),
                                          options_.speed, sample_rate_hz()));
  return {};
}

std::int64_t GrainSource::frames_in_all() const noexcept {
  return std::llround(static_cast<double>(*end_) / options_.speed);
}

void GrainSource::feed(AudioView part) noexcept {
  for (auto& lane : lanes_) {
    const std::size_t count = lane->sound.size();
    for (std::size_t i = 0; i < part.frames(); ++i) {
      float sum = 0.0f;
      for (std::size_t c = 0; c < count; ++c) {
        const float given = part.channel(lane->first_channel + c)[i];
        lane->frame[c] = std::abs(given) <= kLargestSample ? given : 0.0f;  // False for NaN.
        lane->slow.take(c, lane->frame[c]);
      }
      lane->slow.settle();
      for (std::size_t c = 0; c < count; ++c) {
        const float under = lane->slow.under(c);
        const float x = lane->frame[c] - under;
        lane->under[c].push(under);
        lane->sound[c].push(x);
        sum += x;
      }
      lane->mean[i] = sum / static_cast<float>(count);
    }
    lane->marks.take(std::span<const float>(lane->mean.data(), part.frames()));
  }
  fed_ += static_cast<std::int64_t>(part.frames());
}

// Feeds the lanes up to so many frames of the source, and then silence.
Result<void> GrainSource::feed_until(std::int64_t frames, const std::stop_token& stop) {
  while (fed_ < frames) {
    if (!end_ && read_offset_ >= read_.frames()) {
      SYRINX_ASSIGN(const bool more, inner_->next(read_, stop));
      read_offset_ = 0;
      if (!more) end_ = fed_;
    }
    if (end_) {
      const auto left = static_cast<std::size_t>(frames - fed_);
      feed(silence_.view().slice(0, std::min(kPart, left)));
      continue;
    }
    const std::size_t part =
        std::min({kPart, read_.frames() - read_offset_, static_cast<std::size_t>(frames - fed_)});
    feed(read_.view().slice(read_offset_, part));
    read_offset_ += part;
  }
  return {};
}

Result<bool> GrainSource::next(AudioBuffer& block, const std::stop_token& stop) {
  block.clear();
  auto frames = static_cast<std::int64_t>(kBlockS * sample_rate_hz());
  // A grain may begin so much before its mark, and needs the sound as far behind it.
  const PitchMarkFinder& marks = lanes_.front()->marks;
  const double reach = 2.2 * marks.max_period() / std::min(1.0, options_.settings.formant_ratio);
  const double needed = (static_cast<double>(given_ + frames) + reach) * options_.speed + reach +
                        static_cast<double>(marks.lookahead_samples());
  SYRINX_TRY(feed_until(static_cast<std::int64_t>(needed), stop));
  if (end_) frames = std::min(frames, frames_in_all() - given_);
  if (frames <= 0) return false;
  block.reshape(channels(), static_cast<std::size_t>(frames), sample_rate_hz());
  for (auto& lane : lanes_) {
    lane->voice.speak(lane->marks, lane->sound, options_.settings, given_ + frames);
    for (std::size_t i = 0; i < block.frames(); ++i) {
      const double at = static_cast<double>(given_ + static_cast<std::int64_t>(i)) * options_.speed;
      lane->voice.take(lane->frame);
      for (std::size_t c = 0; c < lane->frame.size(); ++c) {
        const std::size_t channel = lane->first_channel + c;
        float under = 0.0f;
        lane->under[c].copy(std::llround(at), {&under, 1});
        block.channel(channel)[i] = under + tilt_.process(channel, lane->frame[c]);
      }
    }
  }
  given_ += frames;
  return true;
}

}  // namespace syrinx::voice
