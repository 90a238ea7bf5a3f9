// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/flow/buffer_source.h"
#include "syrinx/stages/voice/profile/likeness.h"

namespace syrinx::voice {
namespace {

constexpr int kMostRateHz = 192'000;
constexpr std::size_t kTailBlock = 4'096;

// Takes a delay off a stream: what comes out first is dropped, and what is still under way at the
// end is pushed out with silence.
class LikeSource final : public AudioSource {
 public:
  LikeSource(std::unique_ptr<AudioSource> inner, std::vector<Likeness> channels)
      : inner_(std::move(inner)),
        channels_(std::move(channels)),
        to_drop_(channels_.front().latency_samples()),
        to_push_(to_drop_) {}

  int sample_rate_hz() const noexcept override { return inner_->sample_rate_hz(); }
  std::size_t channels() const noexcept override { return channels_.size(); }

  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    while (true) {
      SYRINX_ASSIGN(const bool more, fill(stop));
      if (!more) {
        block.clear();
        return false;
      }
      const std::size_t dropped = std::min(to_drop_, given_.frames());
      to_drop_ -= dropped;
      if (dropped == given_.frames()) continue;
      convert(dropped, block);
      return true;
    }
  }

 private:
  // The next sound, or silence for what is under way. Runs what is dropped through.
  Result<bool> fill(const std::stop_token& stop) {
    if (!ended_) {
      SYRINX_ASSIGN(const bool more, inner_->next(given_, stop));
      if (more) return run();
      ended_ = true;
    }
    if (stop.stop_requested())
      return make_error(ErrorCode::kCancelled, "the making of one voice like another was stopped");
    const std::size_t count = std::min(to_push_, kTailBlock);
    if (count == 0) return false;
    to_push_ -= count;
    given_.reshape(channels_.size(), count, sample_rate_hz());
    for (std::size_t c = 0; c < channels_.size(); ++c)
      std::fill(given_.channel(c).begin(), given_.channel(c).end(), 0.0f);
    return run();
  }

  bool run() {
    made_.reshape(channels_.size(), given_.frames(), sample_rate_hz());
    for (std::size_t c = 0; c < channels_.size(); ++c)
      channels_[c].process(given_.view().channel(c), made_.channel(c));
    return true;
  }

  void convert(std::size_t from, AudioBuffer& block) const {
    block.reshape(channels_.size(), made_.frames() - from, sample_rate_hz());
    for (std::size_t c = 0; c < channels_.size(); ++c) {
      const auto kept = made_.view().channel(c).subspan(from);
      std::copy(kept.begin(), kept.end(), block.channel(c).begin());
    }
  }

  std::unique_ptr<AudioSource> inner_;
  std::vector<Likeness> channels_;
  AudioBuffer given_;
  AudioBuffer made_;
  std::size_t to_drop_;
  std::size_t to_push_;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<AudioSource>> sound_like(std::unique_ptr<AudioSource> source,
                                                const VoiceProfile& source_voice,
                                                const VoiceProfile& target,
                                                const LikeOptions& options) {
  if (source == nullptr || source->channels() == 0)
    return make_error(ErrorCode::kInvalidArgument, "a stream without channels has no voice");
  std::vector<Likeness> channels;
  for (std::size_t c = 0; c < source->channels(); ++c) {
    SYRINX_ASSIGN(auto likeness,
                  Likeness::create(source->sample_rate_hz(), source_voice, target, options));
    channels.push_back(std::move(likeness));
  }
  return std::unique_ptr<AudioSource>(
      std::make_unique<LikeSource>(std::move(source), std::move(channels)));
}

Result<AudioBuffer> sound_like(AudioView source, const VoiceProfile& target,
                               const LikeOptions& options) {
  SYRINX_TRY(validate(options));
  SYRINX_ASSIGN(const VoiceProfile own, learn_profile(source, "the source"));
  const int rate_hz = std::clamp(source.sample_rate_hz(), kLeastLikeRateHz, kMostRateHz);
  AudioBuffer resampled;
  if (rate_hz != source.sample_rate_hz()) {
    SYRINX_ASSIGN(resampled, dsp::resample(source, rate_hz));
  }
  const AudioView in = resampled.empty() ? source : resampled.view();
  SYRINX_ASSIGN(auto stream, sound_like(std::make_unique<BufferSource>(in), own, target, options));
  AudioBuffer sound;
  AudioBuffer block;
  while (true) {
    SYRINX_ASSIGN(const bool more, stream->next(block, {}));
    if (!more) break;
    sound.append(block);
  }
  if (rate_hz == source.sample_rate_hz()) return sound;
  SYRINX_ASSIGN(AudioBuffer back, dsp::resample(sound, source.sample_rate_hz()));
  back.resize(source.frames());
  return back;
}

}  // namespace syrinx::voice
