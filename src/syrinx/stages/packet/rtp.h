// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/packet.h"

// RTP packets (RFC 3550, 5.1), their header extensions (RFC 8285) and the audio levels that these
// carry (RFC 6464, 6465). Any thread; nothing is kept between calls.
namespace syrinx::packet {

using Bytes = std::span<const std::uint8_t>;

inline constexpr std::uint16_t kOneByteExtensions = 0xBEDE;  // RFC 8285, 4.2.
inline constexpr std::uint16_t kTwoByteExtensions = 0x1000;  // RFC 8285, 4.3; the low 4 bits vary.

// A packet's bytes, understood where they lie: valid as long as they are.
struct RtpView {
  std::uint8_t payload_type = 0;
  bool marker = false;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::array<std::uint32_t, 15> csrcs{};
  std::size_t csrc_count = 0;
  std::optional<std::uint16_t> extension_profile;  // Nothing: there is no extension.
  Bytes extension;                                 // Without its four bytes of header.
  Bytes payload;                                   // Without padding.
  std::size_t padding_bytes = 0;
};

// Errors: kCorruptData, with what is wrong, for bytes that are too few for what they announce;
// kUnsupported for another version than 2; kLimitExceeded (kMaxDatagramBytes).
Result<RtpView> parse_rtp(Bytes datagram);

// Whether these bytes are RTCP rather than RTP where both share a port (RFC 5761, 4).
bool looks_like_rtcp(Bytes datagram) noexcept;

// The packet with its own copy of the payload.
Packet to_packet(const RtpView& view, std::chrono::nanoseconds arrival);

// One element of a header extension.
struct ExtensionElement {
  std::uint8_t id = 0;  // 1 to 14, or to 255 in the two-byte form.
  Bytes data;           // 1 to 16 bytes, or 0 to 255.
};

// The element of this id, if the packet has it; of a broken extension, what stands before the
// break.
std::optional<ExtensionElement> find_extension(const RtpView& packet,
                                               std::uint8_t id) noexcept SYRINX_REALTIME;

// All elements. Errors: kCorruptData for one that is longer than what is left; kUnsupported for a
// profile of neither form; kLimitExceeded (kMaxHeaderExtensions).
Result<std::vector<ExtensionElement>> extension_elements(const RtpView& packet);

// How loud a packet's sound is (RFC 6464).
struct AudioLevel {
  bool voice = false;     // The sender believes that it is speech.
  int level_dbov = -127;  // 0 (overload) to -127 (silence).
};
std::optional<AudioLevel> parse_audio_level(Bytes element) noexcept;
std::uint8_t audio_level_byte(AudioLevel level) noexcept;
// Of the contributing sources of a mixer's packet, in the order of its CSRCs (RFC 6465).
std::array<AudioLevel, 15> mixer_audio_levels(Bytes element) noexcept;

// Writes a packet into the caller's bytes; returns how many it took. `extensions` become the
// one-byte form where all fit into it, else the two-byte form.
// Errors: kInvalidArgument for a payload type above 127, more than 15 CSRCs, or an id of 0;
// kLimitExceeded when `out` is too small.
struct RtpFields {
  std::uint8_t payload_type = 0;
  bool marker = false;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::span<const std::uint32_t> csrcs;
  std::span<const ExtensionElement> extensions;
};
Result<std::size_t> write_rtp(const RtpFields& fields, Bytes payload, std::span<std::uint8_t> out);

// The bytes of a Packet, without extensions. Errors: as write_rtp().
Result<std::vector<std::uint8_t>> rtp_bytes(const Packet& packet);

}  // namespace syrinx::packet
