// SPDX-License-Identifier: Apache-2.0
#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>

#include <cmath>
#include <cstdint>

#include "echo/canceller.h"

namespace syrinx::bench {
namespace {

std::int16_t to_int16(float sample) {
  return static_cast<std::int16_t>(
      std::lround(std::fmin(std::fmax(32768.0F * sample, -32768.0F), 32767.0F)));
}

// speexdsp's canceller with a tail of 200 ms, and its residual suppressor where asked.
class Speex final : public Canceller {
 public:
  Speex(int rate_hz, bool preprocess)
      : frame_(static_cast<std::size_t>(rate_hz / 100)), near_(frame_), far_(frame_), out_(frame_) {
    int rate = rate_hz;
    echo_ = speex_echo_state_init(static_cast<int>(frame_), rate_hz / 5);
    speex_echo_ctl(echo_, SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
    if (!preprocess) return;
    pre_ = speex_preprocess_state_init(static_cast<int>(frame_), rate_hz);
    speex_preprocess_ctl(pre_, SPEEX_PREPROCESS_SET_ECHO_STATE, echo_);
  }
  ~Speex() override {
    if (pre_ != nullptr) speex_preprocess_state_destroy(pre_);
    speex_echo_state_destroy(echo_);
  }

  std::size_t latency_samples() const override { return pre_ == nullptr ? 0 : frame_; }

  void process(std::span<const float> near, std::span<const float> far,
               std::span<float> out) override {
    for (std::size_t i = 0; i < frame_; ++i) {
      near_[i] = to_int16(near[i]);
      far_[i] = to_int16(far[i]);
    }
    speex_echo_cancellation(echo_, near_.data(), far_.data(), out_.data());
    if (pre_ != nullptr) speex_preprocess_run(pre_, out_.data());
    for (std::size_t i = 0; i < frame_; ++i) out[i] = static_cast<float>(out_[i]) / 32768.0F;
  }

 private:
  std::size_t frame_;
  std::vector<std::int16_t> near_, far_, out_;
  SpeexEchoState* echo_ = nullptr;
  SpeexPreprocessState* pre_ = nullptr;
};

}  // namespace

Contestant speex_filter_alone() {
  return {"speex, filter alone",
          [](int rate_hz) { return std::make_unique<Speex>(rate_hz, false); }};
}

Contestant speex_with_preprocessor() {
  return {"speex", [](int rate_hz) { return std::make_unique<Speex>(rate_hz, true); }};
}

}  // namespace syrinx::bench
