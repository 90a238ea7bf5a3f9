// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/live_likeness.h"

#include <algorithm>
#include <array>
#include <utility>

#include "syrinx/engines/conversion/like/like_transform.h"

namespace syrinx::conversion {
namespace {

constexpr double kQueueS = 4.0;  // As much may wait between two calls of learn().
constexpr double kPieceS = 1.0;
constexpr std::array kRefinedS = {10.0, 30.0};  // Of voiced speech; then all is known.
constexpr std::size_t kMixedFrames = 64;        // At once.

}  // namespace

const char* to_string(SourceKnowledge known) noexcept {
  if (known == SourceKnowledge::kNone) return "none";
  return known == SourceKnowledge::kPitch ? "pitch" : "voice";
}

Result<std::shared_ptr<LiveLikeness>> LiveLikeness::create(LiveLikenessOptions options) {
  SYRINX_TRY(voice::validate(options.like, options.target));
  if (options.sample_rate_hz < voice::kLeastLikeRateHz)
    return make_error(ErrorCode::kInvalidArgument, "a voice is made like another at ",
                      voice::kLeastLikeRateHz, " Hz and up, and this sound has ",
                      options.sample_rate_hz, " Hz; give a higher rate");
  SYRINX_ASSIGN(const auto shape, voice::frame_shape(options.sample_rate_hz));
  return std::shared_ptr<LiveLikeness>(new LiveLikeness(std::move(options), shape));
}

LiveLikeness::LiveLikeness(LiveLikenessOptions options, const voice::FrameShape& shape)
    : options_(std::move(options)),
      shape_(shape),
      heard_(options_.source ? 1 : static_cast<std::size_t>(kQueueS * shape.sample_rate_hz)),
      piece_(1, options_.source ? 0 : static_cast<std::size_t>(kPieceS * shape.sample_rate_hz),
             shape.sample_rate_hz),
      source_(options_.source) {
  if (!source_) return;
  known_ = SourceKnowledge::kVoice;
  voiced_s_ = source_->speech_s;
  refinements_ = kRefinedS.size();
}

TransformMaker LiveLikeness::transforms() {
  return [self = shared_from_this(), standard = standard_transforms()](
             LiveLevel level, const voice::VoiceSettings& settings,
             const voice::Format& format) -> Result<std::unique_ptr<voice::VoiceTransform>> {
    SYRINX_ASSIGN(auto inner, standard(level, settings, format));
    auto mailbox = std::make_shared<LikeMailbox>();
    if (self->known_ != SourceKnowledge::kNone) self->post(*mailbox);
    if (!self->options_.source) self->mailboxes_.push_back(mailbox);
    auto made = make_like_transform(std::move(inner), std::move(mailbox));
    SYRINX_TRY(made->prepare(format));
    return made;
  };
}

VoiceListener LiveLikeness::listener() {
  if (options_.source) return {};
  return [self = shared_from_this()](AudioView block) { self->hear(block); };
}

// What the queue cannot take is not learnt from.
void LiveLikeness::hear(AudioView block) noexcept {
  std::array<float, kMixedFrames> mixed{};
  for (std::size_t at = 0; at < block.frames(); at += kMixedFrames) {
    const std::size_t count = std::min(kMixedFrames, block.frames() - at);
    for (std::size_t i = 0; i < count; ++i) {
      float sum = 0.0f;
      for (std::size_t c = 0; c < block.channels(); ++c) sum += block.channel(c)[at + i];
      mixed[i] = sum / static_cast<float>(block.channels());
    }
    heard_.write(std::span(mixed).first(count));
  }
}

bool LiveLikeness::learn() {
  bool better = false;
  for (const auto& mailbox : mailboxes_) mailbox->collect();
  while (heard_.size() > 0) {
    piece_frames_ += heard_.read(piece_.channel(0).subspan(piece_frames_));
    if (piece_frames_ < piece_.frames()) break;
    piece_frames_ = 0;
    better = learn_piece() || better;
  }
  for (const auto& mailbox : mailboxes_)
    if (better) post(*mailbox);
  return better;
}

// Whether that makes the voice known better.
bool LiveLikeness::learn_piece() {
  if (known_ == SourceKnowledge::kVoice && refinements_ == kRefinedS.size()) return false;
  if (!learner_.add(piece_)) return false;
  auto profile = learner_.finish("the voice that speaks");
  if (!profile) return false;  // Too little was voiced so far.
  voiced_s_ = profile->speech_s;
  const bool first_pitch = known_ == SourceKnowledge::kNone && voiced_s_ >= kPitchKnownS;
  const bool first_voice = known_ != SourceKnowledge::kVoice && voiced_s_ >= kVoiceKnownS;
  const bool finer = known_ == SourceKnowledge::kVoice && voiced_s_ >= kRefinedS[refinements_];
  if (!first_pitch && !first_voice && !finer) return false;
  if (finer) ++refinements_;
  known_ = voiced_s_ >= kVoiceKnownS ? SourceKnowledge::kVoice : SourceKnowledge::kPitch;
  source_ = std::move(*profile);
  return true;
}

void LiveLikeness::post(LikeMailbox& mailbox) const {
  voice::LikeOptions like = options_.like;
  if (known_ == SourceKnowledge::kPitch) like.most_gain_db = 0.0;
  mailbox.post(make_like_aim(shape_, *source_, options_.target, like));
}

}  // namespace syrinx::conversion
