// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/channel_link.h"

#include <algorithm>

namespace syrinx::conversion {
namespace {

using voice::Format;
using voice::VoiceSettings;
using voice::VoiceTransform;

class ChannelLinked final : public VoiceTransform {
 public:
  ChannelLinked(std::vector<std::unique_ptr<VoiceTransform>> parts, bool mid_side)
      : parts_(std::move(parts)), mid_side_(mid_side) {}

  Result<void> prepare(const Format& format) override {
    SYRINX_TRY(validate(format));
    if (format.channels != parts_.size())
      return make_error(ErrorCode::kInvalidArgument, "voice: ", format.channels,
                        " channels were given to a transform of ", parts_.size());
    Format one = format;
    one.channels = 1;
    for (auto& part : parts_) SYRINX_TRY(part->prepare(one));
    format_ = format;
    return {};
  }
  const Format& format() const noexcept override { return format_; }
  std::size_t latency_samples() const noexcept override { return parts_[0]->latency_samples(); }
  void process(MutableAudioView block) noexcept override {
    if (mid_side_) to_mid_side(block);
    for (std::size_t c = 0; c < parts_.size(); ++c)
      parts_[c]->process(MutableAudioView(block.channel(c), block.sample_rate_hz()));
    if (mid_side_) to_left_right(block);
  }
  void set(const VoiceSettings& settings) noexcept override {
    for (auto& part : parts_) part->set(settings);
  }
  const VoiceSettings& settings() const noexcept override { return parts_[0]->settings(); }
  void reset() noexcept override {
    for (auto& part : parts_) part->reset();
  }
  double source_f0_hz() const noexcept override {
    for (const auto& part : parts_)
      if (part->source_f0_hz() > 0.0) return part->source_f0_hz();
    return 0.0;
  }
  std::uint64_t bad_samples() const noexcept override {
    std::uint64_t sum = 0;
    for (const auto& part : parts_) sum += part->bad_samples();
    return sum;
  }

 private:
  static void to_mid_side(MutableAudioView block) noexcept {
    for (std::size_t i = 0; i < block.frames(); ++i) {
      const float left = block.channel(0)[i];
      const float right = block.channel(1)[i];
      block.channel(0)[i] = 0.5f * (left + right);
      block.channel(1)[i] = 0.5f * (left - right);
    }
  }
  static void to_left_right(MutableAudioView block) noexcept {
    for (std::size_t i = 0; i < block.frames(); ++i) {
      const float mid = block.channel(0)[i];
      const float side = block.channel(1)[i];
      block.channel(0)[i] = mid + side;
      block.channel(1)[i] = mid - side;
    }
  }

  std::vector<std::unique_ptr<VoiceTransform>> parts_;
  bool mid_side_;
  Format format_{0, 0, 0};
};

}  // namespace

std::unique_ptr<VoiceTransform> link_channels(std::vector<std::unique_ptr<VoiceTransform>> parts,
                                              bool mid_side) {
  return std::make_unique<ChannelLinked>(std::move(parts), mid_side);
}

Error mid_side_error(std::size_t channels) {
  return make_error(ErrorCode::kInvalidArgument, "mid and side need two channels; the sound has ",
                    channels, ". Take linked or independent");
}

}  // namespace syrinx::conversion
