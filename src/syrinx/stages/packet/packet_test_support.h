// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "syrinx/stages/packet/simulator.h"

// A codec for tests: 16-bit samples in network order (L16, RFC 3551), any rate, and speech to send.
namespace syrinx::packet::test {

class PlainEncoder final : public PacketEncoder {
 public:
  explicit PlainEncoder(int rate_hz = 16'000, int packet_ms = 20, std::uint8_t payload_type = 96)
      : rate_hz_(rate_hz), packet_ms_(packet_ms), payload_type_(payload_type) {}
  int sample_rate_hz() const noexcept override { return rate_hz_; }
  int clock_rate_hz() const noexcept override { return rate_hz_; }
  std::uint8_t payload_type() const noexcept override { return payload_type_; }
  std::size_t packet_frames() const noexcept override {
    return static_cast<std::size_t>(rate_hz_ * packet_ms_ / 1'000);
  }
  Result<void> encode(std::span<const float> frames, std::vector<std::uint8_t>& payload) override {
    payload.clear();
    const bool silent = std::all_of(frames.begin(), frames.end(), [](float x) { return x == 0; });
    if (stops_in_silence && silent) return {};
    for (const float frame : frames) {
      const auto value =
          static_cast<std::int16_t>(std::lround(std::clamp(frame, -1.0f, 1.0f) * 32'767.0f));
      payload.push_back(static_cast<std::uint8_t>(value >> 8));
      payload.push_back(static_cast<std::uint8_t>(value));
    }
    return {};
  }
  bool stops_in_silence = false;

 private:
  int rate_hz_;
  int packet_ms_;
  std::uint8_t payload_type_;
};

// Conceals by repeating what it decoded last, ever more softly.
class PlainDecoder final : public PacketDecoder {
 public:
  explicit PlainDecoder(int rate_hz = 16'000) : rate_hz_(rate_hz) {}
  int sample_rate_hz() const noexcept override { return rate_hz_; }
  int clock_rate_hz() const noexcept override { return rate_hz_; }
  std::size_t frames_in(Bytes payload) const noexcept override { return payload.size() / 2; }
  std::size_t decode(Bytes payload, std::span<float> out) noexcept override {
    const std::size_t frames = payload.size() / 2;
    for (std::size_t i = 0; i < frames; ++i) {
      const auto value = static_cast<std::int16_t>((payload[2 * i] << 8) | payload[2 * i + 1]);
      out[i] = static_cast<float>(value) / 32'767.0f;
    }
    ++decoded;
    return frames;
  }
  void conceal(std::span<float> out) noexcept override {
    for (float& sample : out) sample = 0.0f;
  }
  bool recover(Bytes next, std::span<float> out) noexcept override {
    if (!has_redundancy) return false;
    static_cast<void>(next);
    for (float& sample : out) sample = 0.25f;
    return true;
  }
  void background(std::span<float> out) noexcept override {
    for (float& sample : out) sample = noise;
  }
  void describe_background(Bytes payload) noexcept override {
    noise = payload.empty() ? 0.0f : static_cast<float>(payload[0]) / 1'000.0f;
  }
  void reset() noexcept override { ++resets; }

  bool has_redundancy = false;
  float noise = 0.0f;
  int decoded = 0;
  int resets = 0;

 private:
  int rate_hz_;
};

// Voiced sound of a changing pitch with syllables, and pauses of zeros.
inline std::vector<float> speech(double seconds, int rate_hz = 16'000, bool pauses = false) {
  std::vector<float> out(static_cast<std::size_t>(seconds * rate_hz));
  double phase = 0.0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    phase += (130.0 + 30.0 * std::sin(2.1 * t)) / rate_hz;
    double sum = 0.0;
    for (int k = 1; k <= 12; ++k) sum += std::sin(6.283185307179586 * k * phase) / k;
    const double syllable = 0.55 + 0.45 * std::sin(6.283185307179586 * 3.7 * t);
    const bool quiet = pauses && std::fmod(t, 2.0) > 1.2;
    out[i] = quiet ? 0.0f : static_cast<float>(0.2 * syllable * sum);
  }
  return out;
}

struct LinkRun {
  LinkResult result;
  std::vector<LinkEvent> blocks;
};

// A call of test speech over these options.
inline LinkRun run_link(const LinkOptions& options, double seconds, PacketHook hook = {},
                        bool pauses = false, bool keep_sound = true,
                        void (*adapt)(PlainDecoder&) = nullptr) {
  const int rate = options.buffer.sample_rate_hz;
  const std::vector<float> sound = speech(std::min(seconds, 20.0), rate, pauses);
  PlainEncoder encoder(rate);
  encoder.stops_in_silence = pauses;
  PlainDecoder decoder(rate);
  if (adapt != nullptr) adapt(decoder);
  LinkRun run;
  LinkObservers observers;
  observers.hook = std::move(hook);
  observers.event = [&](const LinkEvent& event) {
    if (event.kind == LinkEvent::Kind::kBlock) run.blocks.push_back(event);
  };
  if (!keep_sound) observers.ear = [](std::span<const float>) {};
  LinkOptions with_length = options;
  with_length.duration_s = seconds;
  auto result = simulate_link(
      with_length, AudioView(sound, rate), encoder,
      [&](JitterBuffer& buffer) -> Result<void> {
        for (const std::uint8_t type : {std::uint8_t{96}, std::uint8_t{97}})
          SYRINX_TRY(buffer.add_decoder(type, decoder));
        SYRINX_TRY(buffer.add_ignored(101));
        return buffer.add_comfort_noise(13);
      },
      observers);
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  if (result) run.result = std::move(*result);
  return run;
}

}  // namespace syrinx::packet::test
