// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/psola.h"

#include <cmath>
#include <optional>

#include "syrinx/stages/voice/constant_bypass.h"
#include "syrinx/stages/voice/grain_voice.h"
#include "syrinx/stages/voice/settings_glide.h"
#include "syrinx/stages/voice/tilt_filter.h"

namespace syrinx::voice {
namespace {

constexpr double kStepMs = 1.0;  // Marks and grains are looked after so often.

class Psola final : public VoiceTransform {
 public:
  Psola(const PsolaOptions& options, const VoiceSettings& settings)
      : options_(options), glide_(settings) {}

  Result<void> prepare(const Format& format) override;
  const Format& format() const noexcept override { return format_; }
  std::size_t latency_samples() const noexcept override { return latency_; }
  void process(MutableAudioView block) noexcept override;
  void set(const VoiceSettings& settings) noexcept override { glide_.aim(limited(settings)); }
  const VoiceSettings& settings() const noexcept override { return glide_.target(); }
  void reset() noexcept override;
  double source_f0_hz() const noexcept override { return marks_ ? marks_->newest_f0_hz() : 0.0; }
  std::uint64_t bad_samples() const noexcept override { return bad_samples_; }

 private:
  void step() noexcept;

  PsolaOptions options_;
  SettingsGlide glide_;
  Format format_{0, 0, 0};
  std::size_t latency_ = 0;
  std::size_t step_frames_ = 0;
  std::optional<PitchMarkFinder> marks_;
  std::optional<GrainVoice> voice_;
  std::optional<TiltFilter> tilt_;
  std::optional<ConstantBypass> bypass_;
  std::vector<SampleRing> sound_;
  std::vector<float> mean_;   // Of all channels, for this step.
  std::vector<float> frame_;  // One sample for each channel.
  std::size_t in_step_ = 0;
  std::uint64_t bad_samples_ = 0;
};

Result<void> Psola::prepare(const Format& format) {
  SYRINX_TRY(validate(format));
  PitchMarkOptions marks = options_.marks;
  marks.max_hz = std::min(marks.max_hz, 0.25 * format.sample_rate_hz);
  SYRINX_ASSIGN(auto finder, PitchMarkFinder::create(format.sample_rate_hz, marks));
  format_ = format;
  marks_.emplace(std::move(finder));
  latency_ = static_cast<std::size_t>(options_.latency_ms * 1e-3 * format.sample_rate_hz);
  step_frames_ = static_cast<std::size_t>(std::lround(kStepMs * 1e-3 * format.sample_rate_hz));
  voice_.emplace(format.sample_rate_hz, format.channels, marks_->max_period(), 1.0);
  tilt_.emplace(format.sample_rate_hz, format.channels);
  const auto remembered = latency_ + static_cast<std::size_t>(8.0 * marks_->max_period()) + 4'096;
  sound_.assign(format.channels, SampleRing(remembered));
  bypass_.emplace(format.sample_rate_hz, format.channels, latency_, format.max_block_frames);
  mean_.assign(step_frames_, 0.0f);
  frame_.assign(format.channels, 0.0f);
  reset();
  return {};
}

void Psola::reset() noexcept {
  if (!marks_) return;
  marks_->reset();
  for (SampleRing& ring : sound_) ring.clear();
  bypass_->reset();
  voice_->reset(-static_cast<std::int64_t>(latency_));
  tilt_->reset();
  glide_.finish();
  tilt_->set(glide_.now().tilt_db_per_octave);
  in_step_ = 0;
  bad_samples_ = 0;
  const std::int64_t first = static_cast<std::int64_t>(step_frames_) + voice_->taken();
  voice_->speak(*marks_, sound_, glide_.now(), first);
}

void Psola::process(MutableAudioView block) noexcept {
  bad_samples_ += bypass_->take_out(block);
  for (std::size_t i = 0; i < block.frames(); ++i) {
    float sum = 0.0f;
    for (std::size_t c = 0; c < sound_.size(); ++c) {
      const float x = block.channel(c)[i];
      sound_[c].push(x);
      sum += x;
    }
    mean_[in_step_] = sum / static_cast<float>(sound_.size());
    voice_->take(frame_);
    for (std::size_t c = 0; c < sound_.size(); ++c)
      block.channel(c)[i] = tilt_->process(c, frame_[c]);
    if (++in_step_ == step_frames_) step();
  }
  bypass_->put_back(block);
}

void Psola::step() noexcept {
  in_step_ = 0;
  if (glide_.step()) tilt_->set(glide_.now().tilt_db_per_octave);
  marks_->take(mean_);
  const std::int64_t next = voice_->taken() + static_cast<std::int64_t>(step_frames_);
  voice_->speak(*marks_, sound_, glide_.now(), next);
}

}  // namespace

Result<std::unique_ptr<VoiceTransform>> make_psola(const PsolaOptions& options,
                                                   const VoiceSettings& settings) {
  SYRINX_TRY(validate(settings));
  if (!(options.latency_ms >= 10.0 && options.latency_ms <= 500.0))
    return make_error(ErrorCode::kInvalidArgument, "voice: a latency of ", options.latency_ms,
                      " ms was given; give 10 to 500");
  return std::unique_ptr<VoiceTransform>(std::make_unique<Psola>(options, settings));
}

}  // namespace syrinx::voice
