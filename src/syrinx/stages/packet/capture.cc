// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/capture.h"

#include <fstream>

#include "syrinx/stages/packet/byte_order.h"
#include "syrinx/stages/packet/capture_formats.h"
#include "syrinx/stages/packet/limits.h"

namespace syrinx::packet {

Result<Capture> parse_capture(Bytes file) {
  if (file.size() > limits::kMaxCaptureBytes)
    return make_error(ErrorCode::kLimitExceeded, "a capture of ", file.size(),
                      " bytes; the limit is ", limits::kMaxCaptureBytes);
  if (format::is_pcap(file)) return format::parse_pcap(file);
  if (format::is_pcapng(file)) return format::parse_pcapng(file);
  if (format::is_rtpdump(file)) return format::parse_rtpdump(file);
  return make_error(ErrorCode::kCorruptData,
                    "the file begins like no capture; pcap, pcapng and rtpdump are read");
}

Result<Capture> read_capture(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return make_error(ErrorCode::kNotFound, "there is no file '", path.string(), "'");
  if (std::filesystem::is_directory(path, error))
    return make_error(ErrorCode::kInvalidArgument, "'", path.string(),
                      "' is a folder; give a capture file");
  const auto size = std::filesystem::file_size(path, error);
  if (error)
    return make_error(ErrorCode::kIo, "cannot tell the size of '", path.string(),
                      "': ", error.message(), "; captures are read from plain files");
  if (size > limits::kMaxCaptureBytes)
    return make_error(ErrorCode::kLimitExceeded, "'", path.string(), "' has ", size,
                      " bytes; captures of up to ", limits::kMaxCaptureBytes, " are read");
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!file) return make_error(ErrorCode::kIo, "cannot read '", path.string(), "'");
  auto capture = parse_capture(bytes);
  if (capture) return capture;
  return make_error(capture.error().code, "'", path.string(), "': ", capture.error().message);
}

}  // namespace syrinx::packet
