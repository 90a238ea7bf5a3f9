// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/style/emotion_timeline.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "syrinx/core/base/realtime.h"

namespace syrinx::conversion {
namespace {

constexpr double kStepS = 0.05;
constexpr std::string_view kNeutral = "neutral";
constexpr std::string_view kTo = "..";

double between(double a, double b, double part) { return a + part * (b - a); }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

Error line_error(std::size_t number, std::string_view line, const std::string& why) {
  return make_error(ErrorCode::kInvalidArgument, "line ", number, " of the timeline, '",
                    line.substr(0, 80), "', ", why);
}

Result<void> check_strength(std::string_view neutral) {
  const auto colon = neutral.find(':');
  if (colon == std::string_view::npos) return {};
  const auto read = voice::parse_emotion("calm" + std::string(neutral.substr(colon)));
  if (!read) return read.error();
  return {};
}

Result<EmotionPoint> parse_line(std::string_view line, std::size_t number) {
  const auto space = line.find_first_of(" \t");
  EmotionPoint point;
  const std::string_view time = line.substr(0, space);
  const auto read = std::from_chars(time.data(), time.data() + time.size(), point.time_s);
  const bool is_time = read.ec == std::errc() && read.ptr == time.data() + time.size() &&
                       std::isfinite(point.time_s) && point.time_s >= 0.0;
  if (space == std::string_view::npos || !is_time)
    return line_error(number, line, "is not seconds and an emotion, as 12.5 happy:0.8");
  auto felt = parse_felt(trimmed(line.substr(space)));
  if (!felt) return line_error(number, line, "says: " + felt.error().message);
  point.emotion = *felt;
  return point;
}

// In time with the source: what the transform is late is taken off.
class EmotionSource final : public AudioSource {
 public:
  EmotionSource(std::unique_ptr<AudioSource> inner,
                std::unique_ptr<voice::VoiceTransform> transform,
                const voice::VoiceSettings& settings, EmotionTimeline timeline, double seconds)
      : inner_(std::move(inner)),
        transform_(std::move(transform)),
        settings_(settings),
        timeline_(std::move(timeline)),
        seconds_(timeline_.is_share ? seconds : 1.0),
        skip_(transform_->latency_samples()),
        owed_(skip_) {
    transform_->set(settings_at(0));
    transform_->reset();
  }
  int sample_rate_hz() const noexcept override { return inner_->sample_rate_hz(); }
  std::size_t channels() const noexcept override { return inner_->channels(); }

  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    do {
      SYRINX_ASSIGN(const bool more, draw(block, stop));
      if (!more) return false;
      transform(block.view());
      const std::size_t off = std::min(skip_, block.frames());
      skip_ -= off;
      if (off > 0) block = AudioBuffer(block.view().slice(off, block.frames() - off));
    } while (block.frames() == 0);
    return true;
  }

 private:
  std::size_t step_frames() const noexcept {
    return std::min(static_cast<std::size_t>(kStepS * sample_rate_hz()),
                    transform_->format().max_block_frames);
  }
  voice::VoiceSettings settings_at(std::uint64_t frame) const noexcept {
    const double time_s = static_cast<double>(frame) / sample_rate_hz();
    return with_emotion(settings_, timeline_.at(time_s / seconds_));
  }
  Result<bool> draw(AudioBuffer& block, const std::stop_token& stop) {
    if (!ended_) {
      SYRINX_ASSIGN(const bool more, inner_->next(block, stop));
      if (more) return true;
      ended_ = true;
    }
    const std::size_t frames = std::min(owed_, step_frames());
    block = AudioBuffer(channels(), frames, sample_rate_hz());
    owed_ -= frames;
    return frames > 0;
  }
  void transform(MutableAudioView block) {
    const RealtimeScope no_denormals;
    for (std::size_t at = 0; at < block.frames();) {
      const std::size_t step = step_frames();
      if (frame_ % step == 0) transform_->set(settings_at(frame_));
      const std::size_t frames = std::min(step - frame_ % step, block.frames() - at);
      transform_->process(block.slice(at, frames));
      at += frames;
      frame_ += frames;
    }
  }

  std::unique_ptr<AudioSource> inner_;
  std::unique_ptr<voice::VoiceTransform> transform_;
  voice::VoiceSettings settings_;
  EmotionTimeline timeline_;
  double seconds_;
  std::size_t skip_;
  std::size_t owed_;
  std::uint64_t frame_ = 0;
  bool ended_ = false;
};

}  // namespace

voice::Emotion EmotionTimeline::at(double time) const noexcept {
  const auto after = std::find_if(points.begin(), points.end(),
                                  [&](const EmotionPoint& point) { return point.time_s > time; });
  if (after == points.begin()) return after->emotion;
  const EmotionPoint& before = *(after - 1);
  if (after == points.end()) return before.emotion;
  const double part = (time - before.time_s) / (after->time_s - before.time_s);
  return {between(before.emotion.valence, after->emotion.valence, part),
          between(before.emotion.arousal, after->emotion.arousal, part),
          between(before.emotion.dominance, after->emotion.dominance, part)};
}

bool is_transition(std::string_view text) noexcept {
  return text.find(kTo) != std::string_view::npos;
}

Result<voice::Emotion> parse_felt(std::string_view text) {
  if (text.substr(0, text.find(':')) != kNeutral) return voice::parse_emotion(text);
  // The strength of nothing is still read, so that what is no number is told.
  SYRINX_TRY(check_strength(text));
  return voice::Emotion{};
}

Result<EmotionTimeline> parse_transition(std::string_view text) {
  EmotionTimeline timeline;
  timeline.is_share = true;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(kTo, at), text.size());
    SYRINX_ASSIGN(const auto felt, parse_felt(trimmed(text.substr(at, end - at))));
    timeline.points.push_back({0.0, felt});
    at = end + kTo.size();
  }
  const std::size_t count = timeline.points.size();
  if (count < 2 || count > kMostEmotionPoints)
    return make_error(ErrorCode::kInvalidArgument,
                      "a transition goes from one emotion to another, "
                      "as neutral..happy:0.8; '",
                      text.substr(0, 80), "' has ", count);
  for (std::size_t i = 0; i < count; ++i)
    timeline.points[i].time_s = static_cast<double>(i) / static_cast<double>(count - 1);
  return timeline;
}

Result<EmotionTimeline> parse_timeline(std::string_view text) {
  if (text.size() > kMostTimelineBytes)
    return make_error(ErrorCode::kLimitExceeded, "the timeline has ", text.size(), " bytes; up to ",
                      kMostTimelineBytes, " are read");
  EmotionTimeline timeline;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trimmed(text.substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.empty() || line.front() == '#') continue;
    SYRINX_ASSIGN(const auto point, parse_line(line, number));
    if (!timeline.points.empty() && point.time_s <= timeline.points.back().time_s)
      return line_error(number, line, "is not later than the line before");
    if (timeline.points.size() == kMostEmotionPoints)
      return make_error(ErrorCode::kLimitExceeded, "the timeline has more than ",
                        kMostEmotionPoints, " lines");
    timeline.points.push_back(point);
  }
  if (timeline.points.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "the timeline names no emotion; write lines as 12.5 happy:0.8");
  return timeline;
}

voice::VoiceSettings with_emotion(const voice::VoiceSettings& settings,
                                  const voice::Emotion& emotion) noexcept {
  const voice::VoiceSettings change = voice::change_towards(emotion).settings;
  voice::VoiceSettings all = settings;
  all.pitch_ratio *= change.pitch_ratio;
  all.intonation *= change.intonation;
  all.tilt_db_per_octave += change.tilt_db_per_octave;
  all.breathiness = std::max(all.breathiness, change.breathiness);
  return voice::limited(all);
}

Result<std::unique_ptr<AudioSource>> with_emotions(std::unique_ptr<AudioSource> source,
                                                   const TransformOptions& options,
                                                   const EmotionTimeline& timeline,
                                                   double seconds) {
  if (timeline.points.empty() || (timeline.is_share && !(seconds > 0.0)))
    return make_error(ErrorCode::kInvalidArgument,
                      "emotions that change over the whole sound need its length, and at least one "
                      "emotion; the sound lasts ",
                      seconds, " s and there are ", timeline.points.size());
  const voice::Format format{source->sample_rate_hz(), source->channels(), 4'096};
  SYRINX_ASSIGN(auto transform, make_transform(options, format));
  return std::unique_ptr<AudioSource>(std::make_unique<EmotionSource>(
      std::move(source), std::move(transform), options.settings, timeline, seconds));
}

}  // namespace syrinx::conversion
