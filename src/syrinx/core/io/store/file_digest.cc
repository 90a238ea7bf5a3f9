// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/store/file_digest.h"

#include <fcntl.h>
#include <unistd.h>

#include <vector>

#include "syrinx/core/base/sha256.h"
#include "syrinx/core/io/file_descriptor.h"

namespace syrinx::io {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

Result<FileDescriptor> open_to_read(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return system_error("read", path.string());
  return file;
}

// Hands the file to `take` piece by piece.
template <class Take>
Result<void> for_pieces(const std::filesystem::path& path, const BytesRead& read,
                        const std::stop_token& stop, Take take) {
  SYRINX_ASSIGN(const FileDescriptor file, open_to_read(path));
  std::vector<std::byte> piece(kPieceBytes);
  for (;;) {
    if (stop.stop_requested())
      return make_error(ErrorCode::kCancelled, "stopped while reading ", path.string());
    SYRINX_ASSIGN(const std::size_t got, read_fully(file.get(), piece, path.string()));
    SYRINX_TRY(take(std::span<const std::byte>(piece).first(got)));
    if (read) read(got);
    if (got < piece.size()) return {};
  }
}

}  // namespace

Result<std::string> file_digest(const std::filesystem::path& path, const BytesRead& read,
                                const std::stop_token& stop) {
  Sha256 digest;
  SYRINX_TRY(for_pieces(path, read, stop, [&](std::span<const std::byte> piece) -> Result<void> {
    digest.update(piece);
    return {};
  }));
  return digest.hex();
}

Result<std::string> copy_with_digest(const std::filesystem::path& from,
                                     const std::filesystem::path& to, const BytesRead& read,
                                     const std::stop_token& stop) {
  constexpr mode_t kAllButUmask = 0666;
  const FileDescriptor out(
      ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kAllButUmask));
  if (!out) return system_error("write", to.string());
  Sha256 digest;
  SYRINX_TRY(for_pieces(from, read, stop, [&](std::span<const std::byte> piece) {
    digest.update(piece);
    return write_fully(out.get(), piece, to.string());
  }));
  if (::fsync(out.get()) != 0) return system_error("write to", to.string());
  return digest.hex();
}

}  // namespace syrinx::io
