// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/job_sound.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "syrinx/core/dsp/kernels.h"
#include "syrinx/stages/effects/catalogue.h"

namespace syrinx::tts {
namespace {

constexpr std::size_t kBlockFrames = 4'096;

class JobSound final : public AudioSource {
 public:
  JobSound(JobReader reader, int sample_rate_hz, std::map<std::string, double> gain_db,
           RecordListener listener)
      : reader_(std::move(reader)),
        sample_rate_hz_(sample_rate_hz),
        gain_db_(std::move(gain_db)),
        listener_(std::move(listener)) {}

  int sample_rate_hz() const noexcept override { return sample_rate_hz_; }
  std::size_t channels() const noexcept override { return 1; }

  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    block.reshape(1, 0, sample_rate_hz_);
    do {
      if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
      SYRINX_ASSIGN(const bool more, reader_.next(record_, &sound_));
      if (!more) return false;
    } while (record_.frames + record_.pause_frames == 0);
    const auto pause = static_cast<std::size_t>(record_.pause_frames);
    block.reshape(1, pause + sound_.frames(), sample_rate_hz_);
    const auto out = block.channel(0);
    std::fill(out.begin(), out.end(), 0.0f);
    if (!sound_.empty()) {
      const auto in = sound_.channel(0);
      std::copy(in.begin(), in.end(), out.begin() + static_cast<std::ptrdiff_t>(pause));
      const double gain = std::pow(10.0, gain_db_.at(record_.voice) / 20.0);
      dsp::kernels().gain(out.data(), out.size(), static_cast<float>(gain));
      SYRINX_TRY(listener_(record_, at_ + pause));
    }
    at_ += block.frames();
    return true;
  }

 private:
  JobReader reader_;
  int sample_rate_hz_;
  std::map<std::string, double> gain_db_;
  RecordListener listener_;
  SpokenRecord record_;
  AudioBuffer sound_;
  std::uint64_t at_ = 0;
};

// Sound through an effect, in time with what it was.
class LimitedSound final : public AudioSource {
 public:
  LimitedSound(std::unique_ptr<AudioSource> inner, std::unique_ptr<effects::Effect> effect)
      : inner_(std::move(inner)),
        effect_(std::move(effect)),
        late_(effect_->latency_samples()),
        owed_(late_) {}

  int sample_rate_hz() const noexcept override { return inner_->sample_rate_hz(); }
  std::size_t channels() const noexcept override { return 1; }

  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    do {
      SYRINX_ASSIGN(const bool more, inner_->next(block, stop));
      if (!more) {
        block.reshape(1, std::exchange(owed_, 0), sample_rate_hz());
        if (block.empty()) return false;
        std::fill(block.channel(0).begin(), block.channel(0).end(), 0.0f);
      }
      for (std::size_t at = 0; at < block.frames(); at += kBlockFrames)
        effect_->process(block.view().slice(at, std::min(kBlockFrames, block.frames() - at)));
      const std::size_t drop = std::min(late_, block.frames());
      late_ -= drop;
      if (drop > 0) block = AudioBuffer(block.view().slice(drop, block.frames() - drop));
    } while (block.empty());
    return true;
  }

 private:
  std::unique_ptr<AudioSource> inner_;
  std::unique_ptr<effects::Effect> effect_;
  std::size_t late_;  // Frames at the front that are before the sound.
  std::size_t owed_;  // Frames of silence behind it that push the last of it out.
};

}  // namespace

Result<std::unique_ptr<AudioSource>> make_job_sound(const JobFolder& job,
                                                    const std::map<std::string, double>& gain_db,
                                                    bool limited, RecordListener listener) {
  SYRINX_ASSIGN(auto reader, JobReader::open(job));
  std::unique_ptr<AudioSource> sound = std::make_unique<JobSound>(
      std::move(reader), job.sample_rate_hz(), gain_db, std::move(listener));
  if (!limited) return sound;
  SYRINX_ASSIGN(auto limiter, effects::make_effect("limiter"));
  SYRINX_TRY(limiter->prepare({job.sample_rate_hz(), 1, kBlockFrames}));
  return std::unique_ptr<AudioSource>(
      std::make_unique<LimitedSound>(std::move(sound), std::move(limiter)));
}

}  // namespace syrinx::tts
