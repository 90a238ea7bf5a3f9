// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/jobs/tar.h"

#include <algorithm>

#include "syrinx/core/base/check.h"

namespace syrinx::server {
namespace {

// Where the fields of a header are.
struct Field {
  std::size_t at;
  std::size_t bytes;
};
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kUser{108, 8};
constexpr Field kGroup{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kTime{136, 12};
constexpr Field kChecksum{148, 8};
constexpr std::size_t kTypeAt = 156;
constexpr Field kMagic{257, 8};

void put(std::string& header, Field field, std::string_view text) {
  header.replace(field.at, std::min(text.size(), field.bytes), text.substr(0, field.bytes));
}

// Octal digits with zeros in front, and a NUL.
void put(std::string& header, Field field, std::uint64_t number) {
  std::string digits(field.bytes - 1, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, number >>= 3)
    *digit = static_cast<char>('0' + (number & 7U));
  put(header, field, digits);
}

}  // namespace

std::string tar_header(std::string_view name, std::uint64_t bytes, std::uint64_t changed_s) {
  SYRINX_CHECK(!name.empty() && name.size() <= kMaxTarNameBytes, name);
  SYRINX_CHECK(name.find("..") == std::string_view::npos && name[0] != '/', name);
  SYRINX_CHECK(bytes <= kMaxTarFileBytes, std::to_string(bytes));
  std::string header(kTarBlockBytes, '\0');
  put(header, kName, name);
  put(header, kMode, std::uint64_t{0644});
  put(header, kUser, std::uint64_t{0});
  put(header, kGroup, std::uint64_t{0});
  put(header, kSize, bytes);
  put(header, kTime, changed_s);
  put(header, kMagic, std::string_view("ustar\00000", 8));
  header[kTypeAt] = '0';
  put(header, kChecksum, "        ");  // As it counts in its own sum.
  std::uint64_t sum = 0;
  for (const char byte : header) sum += static_cast<unsigned char>(byte);
  put(header, {kChecksum.at, 7}, sum);
  header[kChecksum.at + 6] = '\0';
  return header;
}

std::string tar_padding(std::uint64_t bytes) {
  return std::string((kTarBlockBytes - bytes % kTarBlockBytes) % kTarBlockBytes, '\0');
}

std::string tar_end() { return std::string(2 * kTarBlockBytes, '\0'); }

}  // namespace syrinx::server
