// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "syrinx/engines/conversion/live/live_chain.h"

namespace syrinx::conversion::testing {

// A transform that is late by so many frames, multiplies by a gain, and takes as long as it is
// told.
class LateGain final : public voice::VoiceTransform {
 public:
  LateGain(std::size_t latency, float gain, std::atomic<double>* work_s = nullptr)
      : latency_(latency), gain_(gain), work_s_(work_s) {}

  Result<void> prepare(const voice::Format& format) override {
    format_ = format;
    lines_.assign(format.channels, std::vector<float>(latency_ + 1));
    at_ = 0;
    return {};
  }
  const voice::Format& format() const noexcept override { return format_; }
  std::size_t latency_samples() const noexcept override { return latency_; }
  void process(MutableAudioView block) noexcept override {
    const auto until = std::chrono::steady_clock::now() +
                       std::chrono::duration<double>(work_s_ != nullptr ? work_s_->load() : 0.0);
    std::size_t at = at_;
    for (std::size_t c = 0; c < block.channels(); ++c) {
      at = at_;
      for (float& x : block.channel(c)) {
        lines_[c][at] = x;
        at = (at + 1) % (latency_ + 1);
        x = gain_ * lines_[c][at];
      }
    }
    at_ = at;
    while (std::chrono::steady_clock::now() < until) {
    }
  }
  void set(const voice::VoiceSettings& settings) noexcept override { settings_ = settings; }
  const voice::VoiceSettings& settings() const noexcept override { return settings_; }
  void reset() noexcept override {
    for (auto& line : lines_) std::fill(line.begin(), line.end(), 0.0f);
    at_ = 0;
  }
  double source_f0_hz() const noexcept override { return 123.0; }
  std::uint64_t bad_samples() const noexcept override { return 0; }

 private:
  std::size_t latency_;
  float gain_;
  std::atomic<double>* work_s_;
  voice::Format format_;
  voice::VoiceSettings settings_;
  std::vector<std::vector<float>> lines_;
  std::size_t at_ = 0;
};

// High is 300 frames late and halves, balanced 200 and quarters, low 100 and eighths.
inline std::size_t latency_of(LiveLevel level) {
  return 300 - 100 * static_cast<std::size_t>(level);
}
inline float gain_of(LiveLevel level) {
  return 0.5f / static_cast<float>(1u << static_cast<unsigned>(level));
}
// `work_s` says how long a block takes at each level, when given.
inline TransformMaker late_gains(std::atomic<double>* work_s = nullptr) {
  return [work_s](LiveLevel level, const voice::VoiceSettings& settings,
                  const voice::Format& format) -> Result<std::unique_ptr<voice::VoiceTransform>> {
    auto made = std::make_unique<LateGain>(
        latency_of(level), gain_of(level),
        work_s == nullptr ? nullptr : work_s + static_cast<std::size_t>(level));
    SYRINX_TRY(made->prepare(format));
    made->set(settings);
    return std::unique_ptr<voice::VoiceTransform>(std::move(made));
  };
}

}  // namespace syrinx::conversion::testing
