// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/rtp.h"

#include "syrinx/stages/packet/byte_order.h"
#include "syrinx/stages/packet/limits.h"

namespace syrinx::packet {
namespace {

constexpr std::size_t kFixedBytes = 12;

Error too_short(std::string_view what, std::size_t needed, std::size_t given) {
  return make_error(ErrorCode::kCorruptData, "an RTP packet of ", given, " bytes ends within its ",
                    what, ", which needs ", needed);
}

Result<void> parse_extension(Bytes datagram, std::size_t& at, RtpView& view) {
  if (datagram.size() < at + 4) return too_short("extension's header", at + 4, datagram.size());
  view.extension_profile = read_u16(datagram, at);
  const std::size_t length = std::size_t{read_u16(datagram, at + 2)} * 4;
  at += 4;
  if (datagram.size() - at < length) return too_short("extension", at + length, datagram.size());
  view.extension = datagram.subspan(at, length);
  at += length;
  return {};
}

Result<void> strip_padding(Bytes datagram, std::size_t at, RtpView& view) {
  const std::size_t padding = at < datagram.size() ? datagram.back() : 0;
  if (padding == 0 || padding > datagram.size() - at)
    return make_error(ErrorCode::kCorruptData, "an RTP packet says that its last ", padding,
                      " bytes are padding, of ", datagram.size() - at,
                      " after its header; at least one and at most these can be");
  view.padding_bytes = padding;
  return {};
}

// Steps through the elements of an extension.
class ElementReader {
 public:
  explicit ElementReader(const RtpView& packet) noexcept : data_(packet.extension) {
    const std::uint16_t profile = packet.extension_profile.value_or(0);
    one_byte_ = profile == kOneByteExtensions;
    known_ = one_byte_ || (profile & 0xFFF0) == kTwoByteExtensions;
  }

  bool known() const noexcept { return known_; }
  bool broken() const noexcept { return broken_; }
  // The next one, or nothing at the end or at a break.
  std::optional<ExtensionElement> next() noexcept {
    while (known_ && at_ < data_.size() && data_[at_] == 0) ++at_;  // Padding.
    const std::size_t header = one_byte_ ? 1 : 2;
    if (!known_ || at_ >= data_.size()) return std::nullopt;
    if (one_byte_ && (data_[at_] >> 4) == 15) return std::nullopt;  // RFC 8285: stop here.
    if (data_.size() - at_ < header) return fail();
    ExtensionElement element;
    element.id = one_byte_ ? static_cast<std::uint8_t>(data_[at_] >> 4) : data_[at_];
    const std::size_t length =
        one_byte_ ? std::size_t{data_[at_] & 15u} + 1 : std::size_t{data_[at_ + 1]};
    if (data_.size() - at_ - header < length) return fail();
    element.data = data_.subspan(at_ + header, length);
    at_ += header + length;
    return element;
  }

 private:
  std::optional<ExtensionElement> fail() noexcept {
    broken_ = true;
    at_ = data_.size();
    return std::nullopt;
  }

  Bytes data_;
  std::size_t at_ = 0;
  bool one_byte_ = false;
  bool known_ = false;
  bool broken_ = false;
};

bool fits_one_byte(std::span<const ExtensionElement> elements) noexcept {
  for (const ExtensionElement& element : elements) {
    if (element.id > 14 || element.data.empty() || element.data.size() > 16) return false;
  }
  return true;
}

Result<void> check_fields(const RtpFields& fields) {
  if (fields.payload_type > 127)
    return make_error(ErrorCode::kInvalidArgument, "a payload type of ", int{fields.payload_type},
                      "; 0 to 127 can be written");
  if (fields.csrcs.size() > 15)
    return make_error(ErrorCode::kInvalidArgument, fields.csrcs.size(),
                      " contributing sources; an RTP packet counts up to 15");
  if (fields.extensions.size() > limits::kMaxHeaderExtensions)
    return make_error(ErrorCode::kLimitExceeded, fields.extensions.size(),
                      " header extensions; the limit is ", limits::kMaxHeaderExtensions);
  for (const ExtensionElement& element : fields.extensions) {
    if (element.id == 0 || element.data.size() > 255)
      return make_error(ErrorCode::kInvalidArgument, "a header extension of id ", int{element.id},
                        " and ", element.data.size(), " bytes; it has an id of 1 to 255 and up to ",
                        255, " bytes");
  }
  return {};
}

std::size_t extension_data_bytes(const RtpFields& fields) noexcept {
  const std::size_t header = fits_one_byte(fields.extensions) ? 1 : 2;
  std::size_t bytes = 0;
  for (const ExtensionElement& element : fields.extensions) bytes += header + element.data.size();
  return (bytes + 3) / 4 * 4;
}

std::size_t write_extensions(const RtpFields& fields, std::size_t at, std::span<std::uint8_t> out) {
  const bool one_byte = fits_one_byte(fields.extensions);
  const std::size_t bytes = extension_data_bytes(fields);
  store_u16(out, at, one_byte ? kOneByteExtensions : kTwoByteExtensions);
  store_u16(out, at + 2, static_cast<std::uint32_t>(bytes / 4));
  at += 4;
  const std::size_t end = at + bytes;
  for (const ExtensionElement& element : fields.extensions) {
    const std::size_t size = element.data.size();
    if (one_byte) {
      out[at++] = static_cast<std::uint8_t>((element.id << 4) | static_cast<int>(size - 1));
    } else {
      out[at++] = element.id;
      out[at++] = static_cast<std::uint8_t>(size);
    }
    for (const std::uint8_t byte : element.data) out[at++] = byte;
  }
  while (at < end) out[at++] = 0;
  return end;
}

}  // namespace

Result<RtpView> parse_rtp(Bytes datagram) {
  if (datagram.size() > limits::kMaxDatagramBytes)
    return make_error(ErrorCode::kLimitExceeded, "an RTP packet of ", datagram.size(),
                      " bytes; a datagram has up to ", limits::kMaxDatagramBytes);
  if (datagram.size() < kFixedBytes) return too_short("header", kFixedBytes, datagram.size());
  if (datagram[0] >> 6 != 2)
    return make_error(ErrorCode::kUnsupported, "a packet of RTP version ", datagram[0] >> 6,
                      "; there is version 2 only, so this is something else");
  RtpView view;
  view.marker = (datagram[1] & 0x80) != 0;
  view.payload_type = datagram[1] & 0x7F;
  view.sequence = read_u16(datagram, 2);
  view.timestamp = read_u32(datagram, 4);
  view.ssrc = read_u32(datagram, 8);
  view.csrc_count = datagram[0] & 0x0F;
  std::size_t at = kFixedBytes + view.csrc_count * 4;
  if (datagram.size() < at) return too_short("contributing sources", at, datagram.size());
  for (std::size_t i = 0; i < view.csrc_count; ++i)
    view.csrcs[i] = read_u32(datagram, kFixedBytes + i * 4);
  if ((datagram[0] & 0x10) != 0) SYRINX_TRY(parse_extension(datagram, at, view));
  if ((datagram[0] & 0x20) != 0) SYRINX_TRY(strip_padding(datagram, at, view));
  view.payload = datagram.subspan(at, datagram.size() - at - view.padding_bytes);
  return view;
}

bool looks_like_rtcp(Bytes datagram) noexcept {
  return datagram.size() >= 8 && datagram[0] >> 6 == 2 && datagram[1] >= 192 && datagram[1] <= 223;
}

Packet to_packet(const RtpView& view, std::chrono::nanoseconds arrival) {
  Packet packet;
  packet.payload_type = view.payload_type;
  packet.marker = view.marker;
  packet.sequence = view.sequence;
  packet.timestamp = view.timestamp;
  packet.ssrc = view.ssrc;
  packet.payload.assign(view.payload.begin(), view.payload.end());
  packet.arrival = arrival;
  return packet;
}

std::optional<ExtensionElement> find_extension(const RtpView& packet, std::uint8_t id) noexcept {
  ElementReader reader(packet);
  while (auto element = reader.next()) {
    if (element->id == id) return element;
  }
  return std::nullopt;
}

Result<std::vector<ExtensionElement>> extension_elements(const RtpView& packet) {
  std::vector<ExtensionElement> elements;
  if (!packet.extension_profile) return elements;
  ElementReader reader(packet);
  if (!reader.known())
    return make_error(ErrorCode::kUnsupported, "a header extension of profile ",
                      *packet.extension_profile, "; only RFC 8285's two forms have elements");
  while (auto element = reader.next()) {
    if (elements.size() == limits::kMaxHeaderExtensions)
      return make_error(ErrorCode::kLimitExceeded, "more than ", limits::kMaxHeaderExtensions,
                        " header extensions in one packet");
    elements.push_back(*element);
  }
  if (reader.broken())
    return make_error(ErrorCode::kCorruptData, "header extension ", elements.size() + 1,
                      " is longer than what is left of its ", packet.extension.size(), " bytes");
  return elements;
}

std::optional<AudioLevel> parse_audio_level(Bytes element) noexcept {
  if (element.empty()) return std::nullopt;
  return AudioLevel{(element[0] & 0x80) != 0, -(element[0] & 0x7F)};
}

std::uint8_t audio_level_byte(AudioLevel level) noexcept {
  const int below = level.level_dbov > 0 ? 0 : level.level_dbov < -127 ? 127 : -level.level_dbov;
  return static_cast<std::uint8_t>((level.voice ? 0x80 : 0) | below);
}

std::array<AudioLevel, 15> mixer_audio_levels(Bytes element) noexcept {
  std::array<AudioLevel, 15> levels{};
  for (std::size_t i = 0; i < levels.size() && i < element.size(); ++i)
    levels[i].level_dbov = -(element[i] & 0x7F);
  return levels;
}

Result<std::size_t> write_rtp(const RtpFields& fields, Bytes payload, std::span<std::uint8_t> out) {
  SYRINX_TRY(check_fields(fields));
  const bool extended = !fields.extensions.empty();
  std::size_t at = kFixedBytes + fields.csrcs.size() * 4;
  const std::size_t size = at + (extended ? 4 + extension_data_bytes(fields) : 0) + payload.size();
  if (size > out.size() || size > limits::kMaxDatagramBytes)
    return make_error(ErrorCode::kLimitExceeded, "an RTP packet of ", size, " bytes; there is ",
                      "room for ", std::min(out.size(), limits::kMaxDatagramBytes));
  out[0] = static_cast<std::uint8_t>(0x80 | (extended ? 0x10 : 0) |
                                     static_cast<int>(fields.csrcs.size()));
  out[1] = static_cast<std::uint8_t>((fields.marker ? 0x80 : 0) | fields.payload_type);
  store_u16(out, 2, fields.sequence);
  store_u32(out, 4, fields.timestamp);
  store_u32(out, 8, fields.ssrc);
  for (std::size_t i = 0; i < fields.csrcs.size(); ++i)
    store_u32(out, kFixedBytes + i * 4, fields.csrcs[i]);
  if (extended) at = write_extensions(fields, at, out);
  for (const std::uint8_t byte : payload) out[at++] = byte;
  return at;
}

Result<std::vector<std::uint8_t>> rtp_bytes(const Packet& packet) {
  RtpFields fields;
  fields.payload_type = packet.payload_type;
  fields.marker = packet.marker;
  fields.sequence = packet.sequence;
  fields.timestamp = packet.timestamp;
  fields.ssrc = packet.ssrc;
  std::vector<std::uint8_t> bytes(kFixedBytes + packet.payload.size());
  SYRINX_ASSIGN(const std::size_t written, write_rtp(fields, packet.payload, bytes));
  bytes.resize(written);
  return bytes;
}

}  // namespace syrinx::packet
