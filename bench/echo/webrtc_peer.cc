// SPDX-License-Identifier: Apache-2.0
#include <webrtc/modules/audio_processing/include/audio_processing.h>

#include <vector>

#include "echo/canceller.h"

namespace syrinx::bench {
namespace {

using webrtc::AudioProcessing;

// webrtc-audio-processing 0.3: its full canceller with the longer filter and the delay search, and
// its high-pass filter, as it is meant to be used where the delay is not known.
class Webrtc final : public Canceller {
 public:
  Webrtc(int rate_hz, webrtc::EchoCancellation::SuppressionLevel level, bool noise_suppression)
      : rate_hz_(rate_hz) {
    webrtc::Config config;
    config.Set<webrtc::DelayAgnostic>(new webrtc::DelayAgnostic(true));
    config.Set<webrtc::ExtendedFilter>(new webrtc::ExtendedFilter(true));
    processing_.reset(AudioProcessing::Create(config));
    processing_->high_pass_filter()->Enable(true);
    processing_->echo_cancellation()->set_suppression_level(level);
    processing_->echo_cancellation()->enable_drift_compensation(false);
    processing_->echo_cancellation()->Enable(true);
    if (!noise_suppression) return;
    processing_->noise_suppression()->set_level(webrtc::NoiseSuppression::kHigh);
    processing_->noise_suppression()->Enable(true);
  }

  std::size_t latency_samples() const override {
    return static_cast<std::size_t>(rate_hz_ / 250);  // One of its blocks of 4 ms.
  }

  void process(std::span<const float> near, std::span<const float> far,
               std::span<float> out) override {
    const float* far_rows[] = {far.data()};
    const float* near_rows[] = {near.data()};
    float* out_rows[] = {out.data()};
    constexpr auto kMono = AudioProcessing::kMono;
    processing_->AnalyzeReverseStream(far_rows, far.size(), rate_hz_, kMono);
    processing_->set_stream_delay_ms(0);
    processing_->ProcessStream(near_rows, near.size(), rate_hz_, kMono, rate_hz_, kMono, out_rows);
  }

 private:
  int rate_hz_;
  std::unique_ptr<AudioProcessing> processing_;
};

}  // namespace

Contestant webrtc_moderate() {
  return {"webrtc, moderate", [](int rate_hz) {
            return std::make_unique<Webrtc>(rate_hz, webrtc::EchoCancellation::kModerateSuppression,
                                            false);
          }};
}

Contestant webrtc_high() {
  return {"webrtc, high + NS", [](int rate_hz) {
            return std::make_unique<Webrtc>(rate_hz, webrtc::EchoCancellation::kHighSuppression,
                                            true);
          }};
}

}  // namespace syrinx::bench
