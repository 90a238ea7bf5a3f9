// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/payload_format.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/codec/builtin.h"

namespace syrinx::codec {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Takes what stands before `mark`, which is taken too; all of it where there is no mark.
std::string_view take_until(std::string_view& text, char mark) noexcept {
  const auto at = text.find(mark);
  const std::string_view taken = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return taken;
}

std::optional<long> whole_number(std::string_view text) noexcept {
  long value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// What is quoted of an attribute in a message: printable, and not long.
std::string quoted(std::string_view text) {
  std::string shown(text.substr(0, 60));
  std::ranges::replace_if(
      shown, [](char c) { return c < 32 || c > 126; }, '?');
  return "'" + shown + "'";
}

Result<int> payload_type_of(std::string_view text, std::string_view attribute) {
  const auto number = whole_number(text);
  if (!number || *number < 0 || *number > 127)
    return make_error(ErrorCode::kCorruptData, quoted(attribute),
                      " does not begin with a payload type of 0 to 127");
  return static_cast<int>(*number);
}

// What follows "a=rtpmap:" or the like, where it stands.
Result<std::string_view> body_of(std::string_view attribute, std::string_view name) {
  if (attribute.size() > kMaxAttributeBytes)
    return make_error(ErrorCode::kLimitExceeded, "an attribute of ", attribute.size(),
                      " bytes; at most ", kMaxAttributeBytes, " are read");
  std::string_view body = trimmed(attribute);
  if (body.starts_with("a=")) body.remove_prefix(2);
  if (body.starts_with(name)) body.remove_prefix(name.size());
  return trimmed(body);
}

bool is_token(std::string_view text) noexcept {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`{|}~";
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

FmtpParameter parameter_of(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return {"", std::string(text)};
  return {std::string(trimmed(text.substr(0, equals))),
          std::string(trimmed(text.substr(equals + 1)))};
}

}  // namespace

const std::string* PayloadFormat::parameter(std::string_view parameter_name) const noexcept {
  for (const FmtpParameter& one : parameters) {
    if (same_name(one.name, parameter_name)) return &one.value;
  }
  return nullptr;
}

long PayloadFormat::number(std::string_view parameter_name, long otherwise) const noexcept {
  const std::string* value = parameter(parameter_name);
  return value == nullptr ? otherwise : whole_number(*value).value_or(otherwise);
}

bool PayloadFormat::same_codec(const PayloadFormat& other) const noexcept {
  return clock_rate_hz == other.clock_rate_hz && channels == other.channels &&
         same_name(name, other.name);
}

Result<PayloadFormat> parse_rtpmap(std::string_view attribute) {
  SYRINX_ASSIGN(std::string_view rest, body_of(attribute, "rtpmap:"));
  PayloadFormat format;
  SYRINX_ASSIGN(format.payload_type, payload_type_of(take_until(rest, ' '), attribute));
  rest = trimmed(rest);
  const std::string_view name = take_until(rest, '/');
  const auto clock = whole_number(take_until(rest, '/'));
  const auto channels = rest.empty() ? std::optional<long>(1) : whole_number(rest);
  if (!is_token(name) || !clock || *clock < limits::kMinSampleRateHz ||
      *clock > limits::kMaxSampleRateHz || !channels || *channels < 1 ||
      *channels > static_cast<long>(limits::kMaxChannels))
    return make_error(ErrorCode::kCorruptData, "an rtpmap is as '111 opus/48000/2', not ",
                      quoted(attribute));
  format.name = name;
  format.clock_rate_hz = static_cast<int>(*clock);
  format.channels = static_cast<std::size_t>(*channels);
  return format;
}

Result<Fmtp> parse_fmtp(std::string_view attribute) {
  SYRINX_ASSIGN(std::string_view rest, body_of(attribute, "fmtp:"));
  Fmtp fmtp;
  SYRINX_ASSIGN(fmtp.payload_type, payload_type_of(take_until(rest, ' '), attribute));
  while (!rest.empty()) {
    const std::string_view one = trimmed(take_until(rest, ';'));
    if (one.empty()) continue;
    if (fmtp.parameters.size() == kMaxFmtpParameters)
      return make_error(ErrorCode::kLimitExceeded, "an fmtp of more than ", kMaxFmtpParameters,
                        " parameters");
    fmtp.parameters.push_back(parameter_of(one));
  }
  return fmtp;
}

std::string rtpmap_of(const PayloadFormat& format) {
  std::string text = std::to_string(format.payload_type) + " " + format.name + "/" +
                     std::to_string(format.clock_rate_hz);
  if (format.channels > 1) text += "/" + std::to_string(format.channels);
  return text;
}

std::string fmtp_of(const PayloadFormat& format) {
  if (format.parameters.empty()) return {};
  std::string text;
  for (const FmtpParameter& one : format.parameters) {
    text += text.empty() ? " " : ";";
    text += one.name.empty() ? one.value : one.name + "=" + one.value;
  }
  return std::to_string(format.payload_type) + text;
}

std::optional<PayloadFormat> static_format(int payload_type) {
  struct Row {
    int type;
    const char* name;
    int clock_rate_hz;
    std::size_t channels;
  };
  constexpr std::array<Row, 17> kRows = {{{0, "PCMU", 8'000, 1},
                                          {3, "GSM", 8'000, 1},
                                          {4, "G723", 8'000, 1},
                                          {5, "DVI4", 8'000, 1},
                                          {6, "DVI4", 16'000, 1},
                                          {7, "LPC", 8'000, 1},
                                          {8, "PCMA", 8'000, 1},
                                          {9, "G722", 8'000, 1},
                                          {10, "L16", 44'100, 2},
                                          {11, "L16", 44'100, 1},
                                          {12, "QCELP", 8'000, 1},
                                          {13, "CN", 8'000, 1},
                                          {14, "MPA", 90'000, 1},
                                          {15, "G728", 8'000, 1},
                                          {16, "DVI4", 11'025, 1},
                                          {17, "DVI4", 22'050, 1},
                                          {18, "G729", 8'000, 1}}};
  for (const Row& row : kRows) {
    if (row.type == payload_type)
      return PayloadFormat{row.type, row.name, row.clock_rate_hz, row.channels, {}};
  }
  return std::nullopt;
}

namespace {

// The formats that the numbers stand for by themselves; dynamic ones have no name yet.
Result<std::vector<PayloadFormat>> numbered(std::string_view numbers) {
  std::vector<PayloadFormat> formats;
  const std::string_view whole = numbers;
  while (!(numbers = trimmed(numbers)).empty()) {
    SYRINX_ASSIGN(const int type, payload_type_of(take_until(numbers, ' '), whole));
    if (formats.size() == kMaxFormats)
      return make_error(ErrorCode::kLimitExceeded, "more than ", kMaxFormats, " formats");
    auto fixed = static_format(type);
    formats.push_back(fixed ? std::move(*fixed) : PayloadFormat{type, "", 0, 1, {}});
  }
  return formats;
}

PayloadFormat* of_type(std::vector<PayloadFormat>& formats, int payload_type) {
  const auto at = std::ranges::find(formats, payload_type, &PayloadFormat::payload_type);
  return at == formats.end() ? nullptr : &*at;
}

Result<void> apply(const std::string& attribute, std::vector<PayloadFormat>& formats) {
  if (attribute.find("fmtp:") < 3) {
    SYRINX_ASSIGN(Fmtp fmtp, parse_fmtp(attribute));
    if (auto* format = of_type(formats, fmtp.payload_type))
      format->parameters = std::move(fmtp.parameters);
    return {};
  }
  SYRINX_ASSIGN(PayloadFormat mapped, parse_rtpmap(attribute));
  if (auto* format = of_type(formats, mapped.payload_type)) {
    mapped.parameters = std::move(format->parameters);
    *format = std::move(mapped);
  }
  return {};
}

}  // namespace

Result<std::vector<PayloadFormat>> parse_formats(std::string_view numbers,
                                                 const std::vector<std::string>& attributes) {
  SYRINX_ASSIGN(std::vector<PayloadFormat> formats, numbered(numbers));
  for (const std::string& attribute : attributes) SYRINX_TRY(apply(attribute, formats));
  std::erase_if(formats, [](const PayloadFormat& format) { return format.name.empty(); });
  return formats;
}

}  // namespace syrinx::codec
