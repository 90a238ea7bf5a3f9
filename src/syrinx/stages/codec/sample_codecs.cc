// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "syrinx/stages/codec/builtin.h"
#include "syrinx/stages/codec/g711.h"
#include "syrinx/stages/codec/sample_conversion.h"

namespace syrinx::codec {
namespace {

// One sample as bytes and back.
struct MuLaw {
  static constexpr std::size_t kBytes = 1;
  static void write(std::int16_t sample, std::uint8_t* out) noexcept { *out = mu_law_of(sample); }
  static std::int16_t read(const std::uint8_t* in) noexcept { return linear_of_mu_law(*in); }
};

struct ALaw {
  static constexpr std::size_t kBytes = 1;
  static void write(std::int16_t sample, std::uint8_t* out) noexcept { *out = a_law_of(sample); }
  static std::int16_t read(const std::uint8_t* in) noexcept { return linear_of_a_law(*in); }
};

// RFC 3551, 4.5.11: network byte order.
struct Linear16 {
  static constexpr std::size_t kBytes = 2;
  static void write(std::int16_t sample, std::uint8_t* out) noexcept {
    const auto bits = static_cast<std::uint16_t>(sample);
    out[0] = static_cast<std::uint8_t>(bits >> 8);
    out[1] = static_cast<std::uint8_t>(bits & 0xFFU);
  }
  static std::int16_t read(const std::uint8_t* in) noexcept {
    return static_cast<std::int16_t>((unsigned{in[0]} << 8) | in[1]);
  }
};

template <class Law>
class SampleEncoder final : public Encoder {
 public:
  explicit SampleEncoder(const CodecInfo& info) noexcept : info_(info) {}
  const CodecInfo& info() const noexcept override { return info_; }
  int sample_rate_hz() const noexcept override { return info_.sample_rate_hz; }
  std::size_t channels() const noexcept override { return info_.channels; }
  std::size_t latency_frames() const noexcept override { return 0; }
  bool takes_block(std::size_t frames) const noexcept override {
    return frames > 0 && frames * channels() * Law::kBytes <= kMaxPayloadBytes;
  }

  Encoded encode(AudioView in, std::span<std::uint8_t> out) noexcept override {
    SYRINX_CHECK(in.channels() == channels() && takes_block(in.frames()) &&
                     out.size() >= in.frames() * channels() * Law::kBytes,
                 "a block that this encoder does not take");
    std::uint8_t* at = out.data();
    for (std::size_t i = 0; i < in.frames(); ++i) {
      for (std::size_t c = 0; c < channels(); ++c, at += Law::kBytes)
        Law::write(int16_of(in.channel(c)[i]), at);
    }
    return {static_cast<std::size_t>(at - out.data()), static_cast<std::uint32_t>(in.frames())};
  }
  void reset() noexcept override {}

 private:
  const CodecInfo& info_;
};

template <class Law>
class SampleDecoder final : public Decoder {
 public:
  explicit SampleDecoder(const CodecInfo& info) noexcept : info_(info) {}
  const CodecInfo& info() const noexcept override { return info_; }
  int sample_rate_hz() const noexcept override { return info_.sample_rate_hz; }
  std::size_t channels() const noexcept override { return info_.channels; }
  std::size_t frames_in(std::span<const std::uint8_t> payload) const noexcept override {
    const std::size_t frame_bytes = channels() * Law::kBytes;
    if (payload.size() % frame_bytes != 0) return 0;
    const std::size_t frames = payload.size() / frame_bytes;
    const auto most = static_cast<std::size_t>(sample_rate_hz()) * kMaxPayloadMs / 1'000;
    return frames <= most ? frames : 0;
  }

  std::size_t decode(std::span<const std::uint8_t> payload,
                     MutableAudioView out) noexcept override {
    const std::size_t frames = frames_in(payload);
    if (frames == 0 || frames > out.frames()) {
      ++bad_payloads_;
      return 0;
    }
    const std::uint8_t* at = payload.data();
    for (std::size_t i = 0; i < frames; ++i) {
      for (std::size_t c = 0; c < channels(); ++c, at += Law::kBytes)
        out.channel(c)[i] = float_of(Law::read(at));
    }
    return frames;
  }
  void conceal(MutableAudioView out) noexcept override {
    for (std::size_t c = 0; c < out.channels(); ++c) std::ranges::fill(out.channel(c), 0.0F);
  }
  std::uint64_t bad_payloads() const noexcept override { return bad_payloads_; }
  void reset() noexcept override { bad_payloads_ = 0; }

 private:
  const CodecInfo& info_;
  std::uint64_t bad_payloads_ = 0;
};

}  // namespace

std::unique_ptr<Encoder> make_sample_encoder(const CodecInfo& info) {
  if (info.name == "PCMU") return std::make_unique<SampleEncoder<MuLaw>>(info);
  if (info.name == "PCMA") return std::make_unique<SampleEncoder<ALaw>>(info);
  return std::make_unique<SampleEncoder<Linear16>>(info);
}

std::unique_ptr<Decoder> make_sample_decoder(const CodecInfo& info) {
  if (info.name == "PCMU") return std::make_unique<SampleDecoder<MuLaw>>(info);
  if (info.name == "PCMA") return std::make_unique<SampleDecoder<ALaw>>(info);
  return std::make_unique<SampleDecoder<Linear16>>(info);
}

}  // namespace syrinx::codec
