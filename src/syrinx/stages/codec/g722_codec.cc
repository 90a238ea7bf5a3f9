// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "syrinx/stages/codec/builtin.h"
#include "syrinx/stages/codec/g722.h"
#include "syrinx/stages/codec/sample_conversion.h"

namespace syrinx::codec {
namespace {

// A code of one byte stands for two samples, and is one tick of RTP's clock (RFC 3551, 4.5.2).
constexpr std::size_t kMaxSamples = 16 * kMaxPayloadMs;
constexpr std::size_t kFilterFrames = 22;  // What the two filters of 24 taps delay.

class Encoder722 final : public Encoder {
 public:
  explicit Encoder722(const CodecInfo& info) noexcept : info_(info) {}
  const CodecInfo& info() const noexcept override { return info_; }
  int sample_rate_hz() const noexcept override { return info_.sample_rate_hz; }
  std::size_t channels() const noexcept override { return 1; }
  std::size_t latency_frames() const noexcept override { return kFilterFrames; }
  bool takes_block(std::size_t frames) const noexcept override {
    return frames > 0 && frames % 2 == 0 && frames <= kMaxSamples;
  }

  Encoded encode(AudioView in, std::span<std::uint8_t> out) noexcept override {
    const std::size_t codes = in.frames() / 2;
    SYRINX_CHECK(in.channels() == 1 && takes_block(in.frames()) && out.size() >= codes,
                 "a block that this encoder does not take");
    std::transform(in.channel(0).begin(), in.channel(0).end(), samples_.begin(), int16_of);
    encoder_.encode(std::span(samples_).first(in.frames()), out.first(codes));
    return {codes, static_cast<std::uint32_t>(codes)};
  }
  void reset() noexcept override { encoder_ = G722Encoder(); }

 private:
  const CodecInfo& info_;
  G722Encoder encoder_;
  std::array<std::int16_t, kMaxSamples> samples_ = {};
};

class Decoder722 final : public Decoder {
 public:
  explicit Decoder722(const CodecInfo& info) noexcept : info_(info) {}
  const CodecInfo& info() const noexcept override { return info_; }
  int sample_rate_hz() const noexcept override { return info_.sample_rate_hz; }
  std::size_t channels() const noexcept override { return 1; }
  std::size_t frames_in(std::span<const std::uint8_t> payload) const noexcept override {
    return payload.size() * 2 <= kMaxSamples ? payload.size() * 2 : 0;
  }

  std::size_t decode(std::span<const std::uint8_t> payload,
                     MutableAudioView out) noexcept override {
    const std::size_t frames = frames_in(payload);
    if (frames == 0 || frames > out.frames()) {
      ++bad_payloads_;
      return 0;
    }
    const std::span<std::int16_t> samples = std::span(samples_).first(frames);
    decoder_.decode(payload, samples);
    std::transform(samples.begin(), samples.end(), out.channel(0).begin(), float_of);
    return frames;
  }
  void conceal(MutableAudioView out) noexcept override { std::ranges::fill(out.channel(0), 0.0F); }
  std::uint64_t bad_payloads() const noexcept override { return bad_payloads_; }
  void reset() noexcept override {
    decoder_ = G722Decoder();
    bad_payloads_ = 0;
  }

 private:
  const CodecInfo& info_;
  G722Decoder decoder_;
  std::array<std::int16_t, kMaxSamples> samples_ = {};
  std::uint64_t bad_payloads_ = 0;
};

}  // namespace

std::unique_ptr<Encoder> make_g722_encoder(const CodecInfo& info) {
  return std::make_unique<Encoder722>(info);
}
std::unique_ptr<Decoder> make_g722_decoder(const CodecInfo& info) {
  return std::make_unique<Decoder722>(info);
}

}  // namespace syrinx::codec
