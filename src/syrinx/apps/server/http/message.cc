// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/http/message.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace syrinx::server::http {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

bool climbs(std::string_view path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (path.substr(begin, end - begin) == "..") return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

const std::string* Request::field(std::string_view name) const noexcept {
  for (const Field& one : fields) {
    if (same_name(one.name, name)) return &one.value;
  }
  return nullptr;
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  const std::string_view all = query;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find('&', begin), all.size());
    const std::string_view pair = all.substr(begin, end - begin);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    begin = end + 1;
    const auto key = percent_decoded(pair.substr(0, equals), true);
    if (!key || *key != name) continue;
    auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (value) return std::move(*value);
  }
  return std::nullopt;
}

Result<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i] == '+' && plus_is_space ? ' ' : text[i];
    if (text[i] == '%') {
      const int high = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return make_error(ErrorCode::kInvalidArgument, "the address has a '%' at byte ", i,
                          " that two hexadecimal digits do not follow");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return make_error(ErrorCode::kInvalidArgument, "the address holds a NUL byte");
    decoded += c;
  }
  return decoded;
}

Result<void> split_target(std::string_view target, Request& request) {
  target = target.substr(0, target.find('#'));
  const std::size_t question = std::min(target.find('?'), target.size());
  SYRINX_ASSIGN(request.path, percent_decoded(target.substr(0, question), false));
  request.query = target.substr(std::min(question + 1, target.size()));
  if (request.path.empty() || request.path[0] != '/')
    return make_error(ErrorCode::kInvalidArgument,
                      "the request's target is not a path that begins with '/'");
  if (climbs(request.path))
    return make_error(ErrorCode::kInvalidArgument, "the request's path climbs by '..'");
  return {};
}

std::string_view reason_of(int status) noexcept {
  constexpr std::array<std::pair<int, std::string_view>, 25> kReasons{{
      {101, "Switching Protocols"},
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {413, "Content Too Large"},
      {415, "Unsupported Media Type"},
      {422, "Unprocessable Content"},
      {426, "Upgrade Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {499, "Client Closed Request"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
  }};
  const auto found = std::find_if(kReasons.begin(), kReasons.end(),
                                  [status](const auto& entry) { return entry.first == status; });
  return found == kReasons.end() ? "Unknown" : found->second;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      const auto byte = j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U;
      bits = bits << 8U | byte;
    }
    for (std::size_t j = 0; j < 4; ++j) {
      text += j <= count ? kDigits[bits >> (18U - 6U * j) & 63U] : '=';
    }
  }
  return text;
}

}  // namespace syrinx::server::http
