// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/npy_header.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "syrinx/core/base/limits.h"

namespace syrinx::nn {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kPrefixBytes = 12;  // Magic, version and length, at their longest.
constexpr std::array<std::string_view, 10> kTypes{"f8", "f4", "f2", "",   "i8",
                                                  "i4", "i2", "i1", "u1", "b1"};  // As DType.

template <class... Parts>
Error corrupt(const Parts&... parts) {
  return make_error(ErrorCode::kCorruptData, "npy header: ", parts...);
}

// Reads the Python dict of the header, of which only this much is allowed: three keys, texts,
// True and False, and a tuple of counts.
class DictReader {
 public:
  explicit DictReader(std::string_view text) : text_(text) {}

  Result<void> read(NpyHeader& header) {
    if (!take('{')) return corrupt("no dict");
    while (!take('}')) {
      SYRINX_ASSIGN(const std::string_view key, quoted());
      if (!take(':')) return corrupt("no ':' after '", key, "'");
      SYRINX_TRY(read_value(key, header));
      if (!take(',') && peek() != '}') return corrupt("no ',' after '", key, "'");
    }
    if (seen_ != 7) return corrupt("descr, fortran_order and shape must each stand once");
    skip_space();
    if (at_ != text_.size()) return corrupt("there is more after its dict");
    return {};
  }

 private:
  Result<void> read_value(std::string_view key, NpyHeader& header) {
    const unsigned bit = key == "descr" ? 1 : key == "fortran_order" ? 2 : key == "shape" ? 4 : 0;
    if (bit == 0 || (seen_ & bit) != 0) return corrupt("the key '", key, "' is unknown or twice");
    seen_ |= bit;
    if (bit == 1) return read_type(header);
    if (bit == 2) return read_order(header);
    return read_shape(header);
  }

  Result<void> read_type(NpyHeader& header) {
    if (peek() != '\'' && peek() != '"')
      return make_error(ErrorCode::kUnsupported,
                        "npy: an array of records; one of plain numbers "
                        "is needed");
    SYRINX_ASSIGN(const std::string_view type, quoted());
    for (std::size_t i = 0; i < kTypes.size() && type.size() == 3; ++i) {
      if (kTypes[i] != type.substr(1)) continue;
      if (std::string_view("<>|=").find(type[0]) == std::string_view::npos) break;
      header.dtype = static_cast<DType>(i);
      header.big_endian = type[0] == '>' && type[2] != '1';
      return {};
    }
    return make_error(ErrorCode::kUnsupported, "npy: the type '", type,
                      "' is not read; floats, integers and booleans are");
  }

  Result<void> read_order(NpyHeader& header) {
    skip_space();
    header.fortran_order = take_word("True");
    if (!header.fortran_order && !take_word("False")) return corrupt("fortran_order is no truth");
    return {};
  }

  Result<void> read_shape(NpyHeader& header) {
    if (!take('(')) return corrupt("shape is no tuple");
    while (!take(')')) {
      skip_space();
      std::size_t extent = 0;
      const auto [end, failed] =
          std::from_chars(text_.data() + at_, text_.data() + text_.size(), extent);
      if (failed != std::errc{}) return corrupt("shape holds what is no count");
      at_ = static_cast<std::size_t>(end - text_.data());
      if (header.shape.size() == limits::kMaxTensorRank)
        return make_error(ErrorCode::kLimitExceeded, "npy: more than ", limits::kMaxTensorRank,
                          " dimensions");
      header.shape.push_back(extent);
      if (!take(',') && peek() != ')') return corrupt("shape is cut short");
    }
    return {};
  }

  Result<std::string_view> quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') return corrupt("no text where one belongs");
    const std::size_t from = at_ + 1;
    const std::size_t end = text_.find(quote, from);
    if (end == text_.npos) return corrupt("a text does not end");
    at_ = end + 1;
    return text_.substr(from, end - from);
  }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  char peek() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned seen_ = 0;
};

}  // namespace

std::size_t npy_header_max_bytes() noexcept { return kPrefixBytes + limits::kMaxNpyHeaderBytes; }

bool is_npy(Bytes file) noexcept { return begins_with(file, kMagic); }

Result<NpyHeader> parse_npy_header(Bytes file) {
  if (!is_npy(file)) return corrupt("it does not begin as a NumPy array");
  if (file.size() < kPrefixBytes) return corrupt("cut short");
  const auto version = std::to_integer<unsigned>(file[6]);
  if (version < 1 || version > 3)
    return make_error(ErrorCode::kUnsupported, "npy: version ", version, "; 1 to 3 are read");
  const std::size_t start = version == 1 ? 10 : 12;
  const std::size_t length = version == 1 ? load_le16(file, 8) : load_le32(file, 8);
  if (length > limits::kMaxNpyHeaderBytes)
    return make_error(ErrorCode::kLimitExceeded, "npy: a header of ", length, " bytes; at most ",
                      limits::kMaxNpyHeaderBytes);
  if (length > file.size() - start) return corrupt("cut short");
  NpyHeader header;
  SYRINX_TRY(DictReader(as_text(file.subspan(start, length))).read(header));
  header.data_offset = start + length;
  return header;
}

std::string npy_header(DType type, std::span<const std::size_t> shape) {
  std::string dict = "{'descr': '";
  dict += bytes_of(type) == 1 ? '|' : '<';
  dict += kTypes[static_cast<std::size_t>(type)];
  dict += "', 'fortran_order': False, 'shape': (";
  for (const std::size_t extent : shape) dict += std::to_string(extent) + ", ";
  if (shape.size() > 1) dict.resize(dict.size() - 2);  // Python's (3,) and (3, 4).
  dict += "), }";
  const std::size_t unpadded = 10 + dict.size() + 1;
  dict.append((64 - unpadded % 64) % 64, ' ');
  dict += '\n';
  std::string out(kMagic);
  out += {'\1', '\0', static_cast<char>(dict.size() & 0xFF), static_cast<char>(dict.size() >> 8)};
  return out + dict;
}

}  // namespace syrinx::nn
