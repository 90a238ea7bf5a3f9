// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/codec/payload_format.h"

// Audio into payloads and back, without their packets. A codec has state: one encoder or decoder
// serves one stream in one direction, on one thread at a time.
namespace syrinx::codec {

// No payload of a codec here is longer: 60 ms of L16 at 48 kHz in two channels.
inline constexpr std::size_t kMaxPayloadBytes = 11'520;
// No payload stands for more time: Opus's longest packet (RFC 6716, 3.2.5).
inline constexpr int kMaxPayloadMs = 120;

// What is known of a codec before any stream.
struct CodecInfo {
  std::string_view name;      // As in SDP: "PCMU"; compared without regard to case.
  int clock_rate_hz = 8'000;  // Of RTP timestamps: 8,000 for G.722, though it hears 16 kHz.
  int sample_rate_hz = 8'000;
  std::size_t channels = 1;
  std::optional<int> static_payload_type = {};  // RFC 3551, table 4.
  std::string_view default_fmtp = "";           // What an offer of ours says.
  // Bits per second as sent by default; 0 for what is no audio.
  int bitrate_bps = 0;
  // Which lengths of block encode() takes: multiples of this many microseconds from the least to
  // the most. Opus takes 2.5, 5, 10, 20, 40 and 60 ms alone.
  int block_step_us = 10'000;
  int min_block_us = 10'000;
  int max_block_us = 60'000;
  int default_block_us = 20'000;
  double algorithmic_delay_ms = 0.0;  // Of encoder and decoder together, without the block itself.
  bool has_own_concealment = false;   // Decoder::conceal() invents sound, rather than silence.
  bool is_audio = true;               // Not of CN and telephone-event.
};

// All that there are, best first; which of them work here, check_codec() says.
std::span<const CodecInfo> codecs() noexcept;
// Whether this one works here: G.729 needs its plugin. Errors: as g729_available().
Result<void> check_codec(const CodecInfo& info);
// By name and clock ("L16" has several); null where there is none.
const CodecInfo* find_codec(std::string_view name, int clock_rate_hz,
                            std::size_t channels) noexcept;
// By the name alone, in its usual form. Errors: kNotFound, naming those that there are.
Result<CodecInfo> codec_named(std::string_view name);

// What a live call may change from block to block; Opus alone heeds it.
struct Adaptation {
  int bitrate_bps = 0;  // 0 leaves it to the codec.
  int expected_loss_percent = 0;
  bool fec = false;
};

struct EncoderSettings {
  int sample_rate_hz = 0;  // 0 is the codec's own; Opus also takes 8, 12, 16 and 24 kHz.
  int bitrate_bps = 0;     // 0 leaves it to the codec. Opus: 6,000 to 510,000; G.722: 48, 56, 64 k.
  bool variable_bitrate = true;
  int complexity = 9;  // Opus: 0 (cheapest) to 10.
  bool fec = false;    // A coarse copy of the block before goes with each (Opus, in band).
  int expected_loss_percent = 0;
  // Silence is not sent, but for an update now and then. Opus, and G.729 by its Annex B; other
  // codecs send comfort noise, which is their sender's business.
  bool dtx = false;
  int max_audio_rate_hz = 48'000;  // Opus: what the other side plays at most, as sample rate.
  bool music = false;              // Opus: for music rather than speech.
};

// The settings that the other side's fmtp asks of our encoder (RFC 7587, 6.1: maxaveragebitrate,
// maxplaybackrate, cbr, useinbandfec, usedtx; RFC 7261: annexb=no of G.729), over `own`.
EncoderSettings settings_for(const PayloadFormat& theirs, EncoderSettings own = {});

struct Encoded {
  std::size_t bytes = 0;             // 0: nothing is to be sent for this block (DTX).
  std::uint32_t duration_ticks = 0;  // In the RTP clock; passes also when nothing is sent.
  // What is sent begins so much after the block (G.729: the block begins with silence).
  std::uint32_t offset_ticks = 0;
  bool silence = false;  // What is sent describes a silence (G.729, Annex B) and nothing else.
};

class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual const CodecInfo& info() const noexcept = 0;
  virtual int sample_rate_hz() const noexcept = 0;
  virtual std::size_t channels() const noexcept = 0;
  // Frames by which what is decoded lags behind what was encoded, without the block itself.
  virtual std::size_t latency_frames() const noexcept = 0;
  // Whether encode() takes blocks of this many frames.
  virtual bool takes_block(std::size_t frames) const noexcept = 0;

  // One block into `out`. Pre: rate and channels as above, takes_block(in.frames()), `out` has
  // kMaxPayloadBytes. Non-finite samples count as 0.
  virtual Encoded encode(AudioView in, std::span<std::uint8_t> out) noexcept SYRINX_REALTIME = 0;
  virtual void adapt(const Adaptation& wanted) noexcept SYRINX_REALTIME {
    static_cast<void>(wanted);
  }
  virtual void reset() noexcept SYRINX_REALTIME = 0;
};

class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual const CodecInfo& info() const noexcept = 0;
  virtual int sample_rate_hz() const noexcept = 0;
  virtual std::size_t channels() const noexcept = 0;
  // How many frames a payload stands for; 0 for one that is broken.
  virtual std::size_t frames_in(std::span<const std::uint8_t> payload) const noexcept
      SYRINX_REALTIME = 0;

  // Writes frames_in(payload) frames from the start of `out` and returns how many. A payload that
  // is broken or too long for `out` is counted in bad_payloads() and changes nothing: 0.
  virtual std::size_t decode(std::span<const std::uint8_t> payload,
                             MutableAudioView out) noexcept SYRINX_REALTIME = 0;
  // Fills `out` for audio that did not come: by the codec's own concealment where
  // info().has_own_concealment, else with silence (stages/enhance/plc does better).
  // Pre: out.frames() is a whole number of 2.5 ms, at most kMaxPayloadMs.
  virtual void conceal(MutableAudioView out) noexcept SYRINX_REALTIME = 0;
  // Fills `out`, the block before `next`, from what `next` says of it; false, and nothing done,
  // where it says nothing. Then decode `next` itself. Pre: as conceal().
  virtual bool recover(std::span<const std::uint8_t> next,
                       MutableAudioView out) noexcept SYRINX_REALTIME {
    static_cast<void>(next), static_cast<void>(out);
    return false;
  }
  virtual std::uint64_t bad_payloads() const noexcept = 0;
  virtual void reset() noexcept SYRINX_REALTIME = 0;
};

// For a stream of this format. Errors: kUnsupported for a format that there is no codec for, or
// that carries no audio; kInvalidArgument for settings outside what the fields say.
Result<std::unique_ptr<Encoder>> make_encoder(const PayloadFormat& format,
                                              const EncoderSettings& settings = {});
// `sample_rate_hz` and `channels` as EncoderSettings: 0 is the codec's own.
Result<std::unique_ptr<Decoder>> make_decoder(const PayloadFormat& format, int sample_rate_hz = 0);

}  // namespace syrinx::codec
