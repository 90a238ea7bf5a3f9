// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/like/like_transform.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "syrinx/stages/voice/constant_bypass.h"
#include "syrinx/stages/voice/world/early_analyser.h"
#include "syrinx/stages/voice/world/frame_filter.h"
#include "syrinx/stages/voice/world/voice_analyser.h"

namespace syrinx::conversion {
namespace {

constexpr double kGlideS = 0.2;  // From one aim to the next.

class LikeTransform final : public voice::VoiceTransform {
 public:
  LikeTransform(std::unique_ptr<voice::VoiceTransform> inner, std::shared_ptr<LikeMailbox> mailbox)
      : inner_(std::move(inner)), mailbox_(std::move(mailbox)), asked_(inner_->settings()) {}

  Result<void> prepare(const voice::Format& format) override;
  const voice::Format& format() const noexcept override { return inner_->format(); }
  std::size_t latency_samples() const noexcept override { return inner_->latency_samples(); }
  void process(MutableAudioView block) noexcept override;
  void set(const voice::VoiceSettings& settings) noexcept override;
  const voice::VoiceSettings& settings() const noexcept override { return asked_; }
  void reset() noexcept override;
  double source_f0_hz() const noexcept override { return inner_->source_f0_hz(); }
  std::uint64_t bad_samples() const noexcept override { return bad_samples_; }

 private:
  Result<void> prepare_analysis(int sample_rate_hz, std::size_t latency);
  float heard(AudioView block, std::size_t frame) const noexcept;
  void make(MutableAudioView block) noexcept;
  void map(const voice::VoiceFrame& frame) noexcept;
  double blend(const voice::VoiceFrame& frame, double ratio) noexcept;
  void look_for_mail() noexcept;
  void end_glide() noexcept;
  void jump_to_mail() noexcept;
  void ask_inner() noexcept;

  std::unique_ptr<voice::VoiceTransform> inner_;
  std::shared_ptr<LikeMailbox> mailbox_;
  voice::VoiceSettings asked_;                    // What set() said.
  double ratio_ = 1.0;                            // What the map says besides.
  std::optional<voice::VoiceAnalyser> analyser_;  // Where the inner transform is as late as that,
  std::optional<voice::EarlyAnalyser> early_;     // else with the inner transform's F0.
  std::size_t behind_ = 0;  // The centre of an early frame behind the newest sample.
  std::optional<voice::FrameFilter> filter_;
  std::optional<voice::ConstantBypass> constant_;  // Taken out, and left out.
  std::vector<float> held_;  // Sound that the analyser hears later, so that frames are in time.
  std::size_t held_at_ = 0;
  std::unique_ptr<LikeAim> aim_;     // Null: the voice stays as it is.
  std::unique_ptr<LikeAim> former_;  // While one glides from it; null also for the voice as it is.
  bool gliding_ = false;
  double share_ = 1.0;  // Of the aim, not of the former.
  double step_ = 1.0;   // By which that grows with a frame.
  std::vector<float> gain_;
  std::vector<float> former_gain_;
  std::uint64_t bad_samples_ = 0;
};

Result<void> LikeTransform::prepare(const voice::Format& format) {
  SYRINX_TRY(voice::validate(format));
  if (format.sample_rate_hz < voice::kLeastLikeRateHz)
    return make_error(ErrorCode::kInvalidArgument, "a voice is made like another at ",
                      voice::kLeastLikeRateHz, " Hz and up, and this sound has ",
                      format.sample_rate_hz, " Hz; resample it first");
  SYRINX_ASSIGN(const auto shape, voice::frame_shape(format.sample_rate_hz));
  SYRINX_ASSIGN(auto filter, voice::FrameFilter::create(shape, format.channels));
  SYRINX_TRY(inner_->prepare(format));
  SYRINX_TRY(prepare_analysis(format.sample_rate_hz, inner_->latency_samples()));
  gain_.assign(shape.bins(), 1.0f);
  former_gain_.assign(shape.bins(), 1.0f);
  step_ = static_cast<double>(shape.hop_samples) / (kGlideS * shape.sample_rate_hz);
  filter_.emplace(std::move(filter));
  constant_.emplace(format.sample_rate_hz, format.channels, 0, format.max_block_frames);
  reset();
  return {};
}

// A frame's filter fades in over the hop that ends with the frame's centre.
Result<void> LikeTransform::prepare_analysis(int sample_rate_hz, std::size_t latency) {
  SYRINX_ASSIGN(auto analyser, voice::VoiceAnalyser::create(sample_rate_hz));
  SYRINX_ASSIGN(auto early, voice::EarlyAnalyser::create(sample_rate_hz));
  const std::size_t hop = analyser.shape().hop_samples;
  const std::size_t needed = analyser.latency_samples() + hop;
  analyser_.reset();
  early_.reset();
  if (latency >= needed) {
    analyser_.emplace(std::move(analyser));
    held_.assign(latency - needed, 0.0f);
  } else {
    early_.emplace(std::move(early));
    held_.clear();
    behind_ = latency > hop ? latency - hop : 0;
  }
  return {};
}

void LikeTransform::reset() noexcept {
  if (!filter_) return;
  if (analyser_) analyser_->reset();
  if (early_) early_->reset();
  filter_->reset();
  constant_->reset();
  bad_samples_ = 0;
  std::fill(held_.begin(), held_.end(), 0.0f);
  held_at_ = 0;
  jump_to_mail();
  ratio_ = aim_ ? aim_->mean_ratio : 1.0;
  ask_inner();
  inner_->reset();
}

void LikeTransform::set(const voice::VoiceSettings& settings) noexcept {
  asked_ = voice::limited(settings);
  ask_inner();
}

void LikeTransform::ask_inner() noexcept {
  voice::VoiceSettings settings = asked_;
  settings.pitch_ratio *= ratio_;
  inner_->set(voice::limited(settings));
}

float LikeTransform::heard(AudioView block, std::size_t frame) const noexcept {
  float sum = 0.0f;
  for (std::size_t c = 0; c < block.channels(); ++c) sum += block.channel(c)[frame];
  return sum / static_cast<float>(block.channels());
}

// Whatever changes does so after the sample that completes a frame, wherever blocks end.
void LikeTransform::process(MutableAudioView block) noexcept {
  bad_samples_ += constant_->take_out(block);
  std::size_t made = 0;
  for (std::size_t i = 0; i < block.frames(); ++i) {
    float sample = heard(block, i);
    const auto make_to_here = [&] {
      make(block.slice(made, i + 1 - made));
      made = i + 1;
    };
    if (early_) {
      if (!early_->take(sample)) continue;
      make_to_here();
      map(early_->analyse(static_cast<float>(inner_->source_f0_hz()), behind_));
      continue;
    }
    if (!held_.empty()) {
      std::swap(sample, held_[held_at_]);
      held_at_ = (held_at_ + 1) % held_.size();
    }
    analyser_->process({&sample, 1}, [&](const voice::VoiceFrame& frame) {
      make_to_here();
      map(frame);
    });
  }
  if (made < block.frames()) make(block.slice(made, block.frames() - made));
}

void LikeTransform::make(MutableAudioView block) noexcept {
  inner_->process(block);
  filter_->process(block);
}

// Between voiced stretches the pitch goes back to its mean, and so begins there.
void LikeTransform::map(const voice::VoiceFrame& frame) noexcept {
  look_for_mail();
  if (!aim_) return;
  const double mapped = aim_->map.map(frame, gain_);
  double ratio = frame.f0_hz > 0.0f ? mapped : aim_->mean_ratio;
  if (gliding_) ratio = blend(frame, ratio);
  filter_->aim(gain_);
  if (ratio == ratio_) return;
  ratio_ = ratio;
  ask_inner();
}

// The share of the way from the former aim to the new, in logarithms.
double LikeTransform::blend(const voice::VoiceFrame& frame, double ratio) noexcept {
  double before = 1.0;
  if (former_) {
    before = former_->map.map(frame, former_gain_);
    if (frame.f0_hz <= 0.0f) before = former_->mean_ratio;
  }
  share_ += step_;
  if (share_ >= 1.0) {
    end_glide();
    return ratio;
  }
  for (std::size_t k = 0; k < gain_.size(); ++k) {
    const float from = former_ ? former_gain_[k] : 1.0f;
    gain_[k] = from * std::pow(gain_[k] / from, static_cast<float>(share_));
  }
  return before * std::pow(ratio / before, share_);
}

// One after another, and only when what it takes the place of can be given back, as it then can
// until it is.
void LikeTransform::look_for_mail() noexcept {
  if (gliding_ || !mailbox_->has_room()) return;
  std::unique_ptr<LikeAim> next(mailbox_->take());
  if (!next) return;
  former_ = std::move(aim_);
  aim_ = std::move(next);
  gliding_ = true;
  share_ = 0.0;
}

void LikeTransform::end_glide() noexcept {
  gliding_ = false;
  if (former_) mailbox_->give_back(former_.release());
}

void LikeTransform::jump_to_mail() noexcept {
  if (gliding_) end_glide();
  look_for_mail();
  if (gliding_) end_glide();
  if (aim_) aim_->map.reset();
}

}  // namespace

std::unique_ptr<voice::VoiceTransform> make_like_transform(
    std::unique_ptr<voice::VoiceTransform> inner, std::shared_ptr<LikeMailbox> mailbox) {
  return std::make_unique<LikeTransform>(std::move(inner), std::move(mailbox));
}

}  // namespace syrinx::conversion
