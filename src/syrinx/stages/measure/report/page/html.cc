// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/html.h"

#include <array>
#include <charconv>
#include <cmath>

namespace syrinx::measure::html {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// The bytes of the UTF-8 character that `text` begins with; 0 where it is none.
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool beyond = (first == 0xED && byte(1) > 0x9F) || (first == 0xF4 && byte(1) > 0x8F);
  return overlong || beyond ? 0 : length;
}

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const std::size_t bytes = character_bytes(text);
    const std::string_view name = entity(text.front());
    if (bytes == 0 || is_control(text.front())) {
      out += kReplacement;
    } else if (!name.empty()) {
      out += name;
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return out;
}

std::string base64(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < left ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= left ? kDigits[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return out;
}

std::string number(double value, int decimals) {
  std::array<char, 352> text;  // The longest finite double has 309 digits before its point.
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::fixed, std::min(decimals, 20));
  return {text.data(), end.ptr};
}

std::string figure(double value) {
  if (!std::isfinite(value)) return "\u2014";
  const double size = std::abs(value);
  int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  if (value == std::round(value) && size < 1e15) decimals = 0;
  std::string text;
  if (size >= 1e15 || (size > 0 && size < 1e-3)) {
    std::array<char, 32> short_form;
    const auto end = std::to_chars(short_form.data(), short_form.data() + short_form.size(), size,
                                   std::chars_format::scientific, 1);
    text.assign(short_form.data(), end.ptr);
  } else {
    text = number(size, decimals);
  }
  return (value < 0 ? "\u2212" : "") + text;
}

std::string percent(double part, double whole) {
  return number(whole > 0 ? 100.0 * part / whole : 0.0, 3) + "%";
}

std::string clock(double seconds) {
  if (seconds < 60) return number(seconds, 2) + " s";
  const auto minutes = static_cast<long long>(seconds / 60);
  const double rest = seconds - 60.0 * static_cast<double>(minutes);
  return std::to_string(minutes) + (rest < 10 ? ":0" : ":") + number(rest, 2);
}

}  // namespace syrinx::measure::html
