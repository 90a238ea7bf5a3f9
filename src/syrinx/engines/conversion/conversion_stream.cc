// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/conversion_stream.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "syrinx/core/dsp/pitch/streaming_f0.h"
#include "syrinx/engines/conversion/channel_link.h"
#include "syrinx/engines/conversion/transformed_source.h"
#include "syrinx/stages/voice/grain_source.h"
#include "syrinx/stages/voice/phase_vocoder.h"

namespace syrinx::conversion {
namespace {

// Left and right as sum and difference, and back again with `gain` 1.
class MidSideSource final : public AudioSource {
 public:
  MidSideSource(std::unique_ptr<AudioSource> inner, float gain)
      : inner_(std::move(inner)), gain_(gain) {}
  int sample_rate_hz() const noexcept override { return inner_->sample_rate_hz(); }
  std::size_t channels() const noexcept override { return 2; }
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    SYRINX_ASSIGN(const bool more, inner_->next(block, stop));
    for (std::size_t i = 0; more && i < block.frames(); ++i) {
      const float first = block.channel(0)[i];
      const float second = block.channel(1)[i];
      block.channel(0)[i] = gain_ * (first + second);
      block.channel(1)[i] = gain_ * (first - second);
    }
    return more;
  }

 private:
  std::unique_ptr<AudioSource> inner_;
  float gain_;
};

// Counts pitches in classes a twentieth of a semitone wide, from 40 to 1280 Hz.
class F0Histogram {
 public:
  void add(double hz) {
    ++frames_;
    if (hz <= 0.0) return;
    ++voiced_;
    const double place = kPerOctave * std::log2(hz / kLeastHz);
    ++counts_[static_cast<std::size_t>(std::clamp(place, 0.0, kClasses - 1.0))];
  }
  F0Summary summary() const {
    if (voiced_ == 0) return {};
    return {percentile(0.5), percentile(0.1), percentile(0.9),
            static_cast<double>(voiced_) / static_cast<double>(frames_)};
  }

 private:
  static constexpr double kLeastHz = 40.0;
  static constexpr double kPerOctave = 240.0;
  static constexpr double kClasses = 5 * kPerOctave;

  double percentile(double share) const {
    const double wanted = share * static_cast<double>(voiced_);
    double passed = 0.0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      passed += static_cast<double>(counts_[i]);
      if (passed >= wanted)
        return kLeastHz * std::exp2((static_cast<double>(i) + 0.5) / kPerOctave);
    }
    return 0.0;
  }

  std::vector<std::uint64_t> counts_ =
      std::vector<std::uint64_t>(static_cast<std::size_t>(kClasses));
  std::uint64_t frames_ = 0;
  std::uint64_t voiced_ = 0;
};

Result<std::unique_ptr<AudioSource>> make_grains(std::unique_ptr<AudioSource> source,
                                                 const ConversionOptions& options) {
  const bool mid_side = options.transform.link == ChannelLink::kMidSide;
  if (mid_side && source->channels() != 2) return mid_side_error(source->channels());
  if (mid_side) source = std::make_unique<MidSideSource>(std::move(source), 0.5f);
  voice::GrainSourceOptions grains;
  grains.speed = options.speed;
  grains.settings = options.transform.settings;
  grains.separate_channels = options.transform.link != ChannelLink::kLinked;
  SYRINX_ASSIGN(auto spoken, voice::GrainSource::create(std::move(source), grains));
  if (mid_side)
    return std::unique_ptr<AudioSource>(std::make_unique<MidSideSource>(std::move(spoken), 1.0f));
  return std::unique_ptr<AudioSource>(std::move(spoken));
}

Result<std::unique_ptr<AudioSource>> make_vocoder(std::unique_ptr<AudioSource> source,
                                                  const ConversionOptions& options) {
  voice::VoiceSettings rest = options.transform.settings;
  rest.pitch_ratio = rest.formant_ratio = 1.0;
  if (!(rest == voice::VoiceSettings{}))
    return make_error(ErrorCode::kInvalidArgument,
                      "the phase vocoder changes pitch, formants and speed alone; leave the other "
                      "settings out, or take the grains");
  if (options.transform.link != ChannelLink::kLinked && source->channels() > 1)
    return make_error(ErrorCode::kInvalidArgument, "the phase vocoder links all channels; '",
                      to_string(options.transform.link), "' is for the grains");
  voice::PhaseVocoderOptions vocoder;
  vocoder.speed = options.speed;
  vocoder.pitch_ratio = options.transform.settings.pitch_ratio;
  vocoder.formant_ratio = options.transform.settings.formant_ratio;
  SYRINX_ASSIGN(auto made, voice::PhaseVocoder::create(std::move(source), vocoder));
  return std::unique_ptr<AudioSource>(std::move(made));
}

}  // namespace

std::string_view to_string(Tool tool) noexcept {
  return tool == Tool::kGrains ? "grains" : "phase-vocoder";
}

Result<Tool> parse_tool(std::string_view name) {
  for (const Tool tool : {Tool::kGrains, Tool::kPhaseVocoder})
    if (name == to_string(tool)) return tool;
  return make_error(ErrorCode::kInvalidArgument, "'", name,
                    "' is no tool of conversion; there are grains and phase-vocoder");
}

Result<std::unique_ptr<AudioSource>> make_conversion(std::unique_ptr<AudioSource> source,
                                                     const ConversionOptions& options) {
  if (options.tool == Tool::kPhaseVocoder) return make_vocoder(std::move(source), options);
  if (options.speed != 1.0) return make_grains(std::move(source), options);
  const voice::Format format{source->sample_rate_hz(), source->channels(), kTransformedBlockFrames};
  SYRINX_ASSIGN(auto transform, make_transform(options.transform, format));
  return transformed(std::move(source), std::move(transform));
}

Result<F0Summary> summarise_f0(AudioSource& source, const std::stop_token& stop) {
  dsp::F0Options options;
  options.max_hz = std::min(600.0, 0.25 * source.sample_rate_hz());
  SYRINX_ASSIGN(auto tracker, dsp::StreamingF0::create(source.sample_rate_hz(), options));
  F0Histogram histogram;
  AudioBuffer block;
  for (;;) {
    SYRINX_ASSIGN(const bool more, source.next(block, stop));
    if (!more) return histogram.summary();
    const auto mean = block.channel(0);
    for (std::size_t c = 1; c < block.channels(); ++c)
      for (std::size_t i = 0; i < block.frames(); ++i) mean[i] += block.channel(c)[i];
    tracker.process(mean, [&](const dsp::F0Frame& frame) { histogram.add(frame.hz); });
  }
}

F0Summary summary_of(const dsp::F0Track& track) {
  std::vector<double> voiced;
  for (const double hz : track.hz)
    if (hz > 0.0) voiced.push_back(hz);
  if (voiced.empty()) return {};
  std::sort(voiced.begin(), voiced.end());
  const auto at = [&](double share) {
    return voiced[static_cast<std::size_t>(share * static_cast<double>(voiced.size() - 1))];
  };
  return {at(0.5), at(0.1), at(0.9),
          static_cast<double>(voiced.size()) / static_cast<double>(track.frames())};
}

}  // namespace syrinx::conversion
