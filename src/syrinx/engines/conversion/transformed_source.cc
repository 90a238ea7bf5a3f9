// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/transformed_source.h"

#include <algorithm>
#include <utility>

#include "syrinx/core/base/realtime.h"

namespace syrinx::conversion {
namespace {

class TransformedSource final : public AudioSource {
 public:
  TransformedSource(std::unique_ptr<AudioSource> inner,
                    std::unique_ptr<voice::VoiceTransform> transform)
      : inner_(std::move(inner)),
        transform_(std::move(transform)),
        skip_(transform_->latency_samples()),
        owed_(skip_) {}
  int sample_rate_hz() const noexcept override { return inner_->sample_rate_hz(); }
  std::size_t channels() const noexcept override { return inner_->channels(); }

  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    do {
      SYRINX_ASSIGN(const bool more, draw(block, stop));
      if (!more) return false;
      const RealtimeScope no_denormals;
      for (std::size_t at = 0; at < block.frames(); at += kTransformedBlockFrames)
        transform_->process(
            block.view().slice(at, std::min(kTransformedBlockFrames, block.frames() - at)));
    } while (!keep(block));
    return true;
  }

 private:
  // The next block of the source, and after its end as much silence as the transform is late.
  Result<bool> draw(AudioBuffer& block, const std::stop_token& stop) {
    if (!ended_) {
      SYRINX_ASSIGN(const bool more, inner_->next(block, stop));
      if (more) return true;
      ended_ = true;
    }
    const std::size_t frames = std::min(owed_, kTransformedBlockFrames);
    block.reshape(channels(), frames, sample_rate_hz());
    for (std::size_t c = 0; c < block.channels(); ++c)
      std::fill(block.channel(c).begin(), block.channel(c).end(), 0.0f);
    owed_ -= frames;
    return frames > 0;
  }
  // Takes off what comes before the first frame; true when something is left.
  bool keep(AudioBuffer& block) {
    const std::size_t off = std::min(skip_, block.frames());
    skip_ -= off;
    if (off > 0) block = AudioBuffer(block.view().slice(off, block.frames() - off));
    return block.frames() > 0;
  }

  std::unique_ptr<AudioSource> inner_;
  std::unique_ptr<voice::VoiceTransform> transform_;
  std::size_t skip_;
  std::size_t owed_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<AudioSource> transformed(std::unique_ptr<AudioSource> source,
                                         std::unique_ptr<voice::VoiceTransform> transform) {
  return std::make_unique<TransformedSource>(std::move(source), std::move(transform));
}

}  // namespace syrinx::conversion
