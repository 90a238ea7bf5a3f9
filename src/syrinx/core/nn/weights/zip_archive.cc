// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/zip_archive.h"

#include <zlib.h>

#include <algorithm>

#include "syrinx/core/base/limits.h"

namespace syrinx::nn {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kDirectoryHeader = 0x02014b50;
constexpr std::uint32_t kEnd = 0x06054b50;
constexpr std::uint32_t kZip64End = 0x06064b50;
constexpr std::uint32_t kZip64Locator = 0x07064b50;
constexpr std::size_t kLocalHeaderBytes = 30;
constexpr std::size_t kDirectoryHeaderBytes = 46;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kZip64EndBytes = 56;
constexpr std::size_t kZip64LocatorBytes = 20;
constexpr std::size_t kMaxCommentBytes = 0xFFFF;
constexpr std::uint32_t kAll32 = 0xFFFFFFFF;

template <class... Parts>
Error corrupt(const Parts&... parts) {
  return make_error(ErrorCode::kCorruptData, "zip: ", parts...);
}

struct Directory {
  std::uint64_t at = 0;
  std::uint64_t bytes = 0;
  std::uint64_t entries = 0;
};

// The end record is last, but for a comment.
Result<std::size_t> find_end(Bytes file) {
  if (file.size() >= kEndBytes) {
    const std::size_t last = file.size() - kEndBytes;
    const std::size_t first = last > kMaxCommentBytes ? last - kMaxCommentBytes : 0;
    for (std::size_t at = last + 1; at-- > first;) {
      if (load_le32(file, at) == kEnd && at + kEndBytes + load_le16(file, at + 20) == file.size())
        return at;
    }
  }
  return corrupt("the directory at its end is missing; the file is cut short or is no zip");
}

Result<Directory> read_zip64_end(Bytes file, std::size_t end) {
  if (end < kZip64LocatorBytes || load_le32(file, end - kZip64LocatorBytes) != kZip64Locator)
    return corrupt("the zip64 locator is missing");
  const std::uint64_t at = load_le64(file, end - kZip64LocatorBytes + 8);
  if (!lies_inside(at, kZip64EndBytes, end) || load_le32(file, at) != kZip64End)
    return corrupt("the zip64 end record is missing");
  return Directory{load_le64(file, at + 48), load_le64(file, at + 40), load_le64(file, at + 32)};
}

Result<Directory> find_directory(Bytes file) {
  SYRINX_ASSIGN(const std::size_t end, find_end(file));
  if (load_le16(file, end + 4) != 0 && load_le16(file, end + 4) != 0xFFFF)
    return make_error(ErrorCode::kUnsupported, "zip: the archive is in several parts");
  Directory directory{load_le32(file, end + 16), load_le32(file, end + 12),
                      load_le16(file, end + 10)};
  if (directory.at == kAll32 || directory.bytes == kAll32 || directory.entries == 0xFFFF) {
    SYRINX_ASSIGN(directory, read_zip64_end(file, end));
  }
  if (!lies_inside(directory.at, directory.bytes, end))
    return corrupt("the directory lies outside the file");
  if (directory.entries > limits::kMaxZipEntries)
    return make_error(ErrorCode::kLimitExceeded, "zip: ", directory.entries, " entries; at most ",
                      limits::kMaxZipEntries);
  if (directory.entries > directory.bytes / kDirectoryHeaderBytes)
    return corrupt("a directory of ", directory.bytes, " bytes cannot hold ", directory.entries,
                   " entries");
  return directory;
}

// A name that would leave the folder that it is unpacked in. Nothing is unpacked here; whoever
// writes such a name means harm.
bool escapes(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\\') != name.npos ||
      name.find('\0') != name.npos)
    return true;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t slash = std::min(name.find('/', at), name.size());
    if (name.substr(at, slash - at) == "..") return true;
    at = slash + 1;
  }
  return false;
}

// Fields that do not fit 32 bits stand in the extra field, in this order (APPNOTE 4.5.3).
Result<void> read_zip64_extra(Bytes extra, std::uint64_t& bytes, std::uint64_t& packed,
                              std::uint64_t& header) {
  for (std::size_t at = 0; at + 4 <= extra.size();) {
    const std::size_t size = load_le16(extra, at + 2);
    const bool is_zip64 = load_le16(extra, at) == 1;
    at += 4;
    if (size > extra.size() - at) return corrupt("an extra field is cut short");
    const std::size_t end = at + size;
    if (is_zip64) {
      for (std::uint64_t* field : {&bytes, &packed, &header}) {
        if (*field != kAll32) continue;
        if (end - at < 8) return corrupt("a zip64 field is cut short");
        *field = load_le64(extra, at);
        at += 8;
      }
      return {};
    }
    at = end;
  }
  return {};
}

struct Listed {
  ZipEntry entry;
  std::uint64_t header_at = 0;
  std::uint64_t next = 0;  // Where in the directory the next one is.
};

Result<Listed> read_listed(Bytes directory, std::uint64_t at) {
  if (!lies_inside(at, kDirectoryHeaderBytes, directory.size()) ||
      load_le32(directory, at) != kDirectoryHeader)
    return corrupt("the directory is broken at its byte ", at);
  const std::size_t name_bytes = load_le16(directory, at + 28);
  const std::size_t extra_bytes = load_le16(directory, at + 30);
  const std::uint64_t tail = name_bytes + extra_bytes + load_le16(directory, at + 32);
  if (!lies_inside(at + kDirectoryHeaderBytes, tail, directory.size()))
    return corrupt("the directory is cut short");
  if (name_bytes > limits::kMaxZipNameBytes)
    return make_error(ErrorCode::kLimitExceeded, "zip: a name of ", name_bytes, " bytes; at most ",
                      limits::kMaxZipNameBytes);
  Listed listed;
  ZipEntry& entry = listed.entry;
  entry.name = as_text(directory.subspan(at + kDirectoryHeaderBytes, name_bytes));
  if (escapes(entry.name)) return corrupt("the name '", entry.name, "' points outside the archive");
  const unsigned flags = load_le16(directory, at + 8), method = load_le16(directory, at + 10);
  if ((flags & 1) != 0)
    return make_error(ErrorCode::kUnsupported, "zip: '", entry.name, "' is encrypted");
  if (method != 0 && method != 8)
    return make_error(ErrorCode::kUnsupported, "zip: '", entry.name, "' is compressed by method ",
                      method, "; only stored and deflated entries are read");
  entry.stored = method == 0;
  entry.crc32 = load_le32(directory, at + 16);
  entry.packed_bytes = load_le32(directory, at + 20);
  entry.bytes = load_le32(directory, at + 24);
  listed.header_at = load_le32(directory, at + 42);
  SYRINX_TRY(
      read_zip64_extra(directory.subspan(at + kDirectoryHeaderBytes + name_bytes, extra_bytes),
                       entry.bytes, entry.packed_bytes, listed.header_at));
  if (entry.stored && entry.bytes != entry.packed_bytes)
    return corrupt("'", entry.name, "' is stored, but its two sizes differ");
  listed.next = at + kDirectoryHeaderBytes + tail;
  return listed;
}

// Finds the entry's bytes behind its local header, which must agree with the directory.
Result<void> locate(Bytes file, std::uint64_t directory_at, Listed& listed) {
  ZipEntry& entry = listed.entry;
  const std::uint64_t at = listed.header_at;
  if (!lies_inside(at, kLocalHeaderBytes, directory_at) || load_le32(file, at) != kLocalHeader)
    return corrupt("'", entry.name, "' has no header where the directory says");
  const std::size_t name_bytes = load_le16(file, at + 26);
  const std::uint64_t head = kLocalHeaderBytes + name_bytes + load_le16(file, at + 28);
  if (!lies_inside(at, head, directory_at)) return corrupt("'", entry.name, "' is cut short");
  if (as_text(file.subspan(at + kLocalHeaderBytes, name_bytes)) != entry.name)
    return corrupt("'", entry.name, "' has another name in its own header");
  entry.at = at + head;
  if (!lies_inside(entry.at, entry.packed_bytes, directory_at))
    return corrupt("'", entry.name, "' of ", entry.packed_bytes, " bytes reaches past the file");
  return {};
}

Result<void> check_apart(std::vector<Listed>& all) {
  std::sort(all.begin(), all.end(),
            [](const Listed& a, const Listed& b) { return a.header_at < b.header_at; });
  for (std::size_t i = 1; i < all.size(); ++i) {
    const ZipEntry& before = all[i - 1].entry;
    if (before.at + before.packed_bytes > all[i].header_at)
      return corrupt("'", before.name, "' and '", all[i].entry.name, "' overlap");
  }
  return {};
}

// Inflates until `out` is full or the stream ends; returns how much. Nothing for a broken stream.
std::size_t inflate_into(Bytes packed, std::span<std::byte> out, bool& broken) {
  z_stream stream{};
  broken = inflateInit2(&stream, -MAX_WBITS) != Z_OK;
  if (broken) return 0;
  std::size_t done = 0, taken = 0;
  int state = Z_OK;
  constexpr std::size_t kPiece = std::size_t{1} << 30;  // zlib counts in 32 bits.
  while (state == Z_OK && done < out.size()) {
    const std::size_t in = std::min(packed.size() - taken, kPiece);
    const std::size_t room = std::min(out.size() - done, kPiece);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data() + taken));
    stream.avail_in = static_cast<uInt>(in);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + done);
    stream.avail_out = static_cast<uInt>(room);
    state = inflate(&stream, Z_NO_FLUSH);
    taken += in - stream.avail_in;
    done += room - stream.avail_out;
  }
  inflateEnd(&stream);
  broken = state != Z_OK && state != Z_STREAM_END;
  return done;
}

Result<void> check_size(const ZipEntry& entry, std::uint64_t max_bytes) {
  if (entry.bytes > max_bytes)
    return make_error(ErrorCode::kLimitExceeded, "zip: '", entry.name, "' holds ", entry.bytes,
                      " bytes; at most ", max_bytes, " are taken");
  if (entry.bytes > limits::kFreelyInflatedBytes &&
      entry.bytes / limits::kMaxInflationRatio > entry.packed_bytes)
    return make_error(ErrorCode::kLimitExceeded, "zip: '", entry.name, "' would inflate from ",
                      entry.packed_bytes, " to ", entry.bytes,
                      " bytes; no weights are packed that tightly");
  return {};
}

}  // namespace

Result<ZipArchive> ZipArchive::open(Bytes file) {
  SYRINX_ASSIGN(const Directory directory, find_directory(file));
  const Bytes listing = file.subspan(directory.at, directory.bytes);
  std::vector<Listed> all;
  all.reserve(directory.entries);
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    SYRINX_ASSIGN(Listed listed, read_listed(listing, at));
    SYRINX_TRY(locate(file, directory.at, listed));
    at = listed.next;
    all.push_back(std::move(listed));
  }
  SYRINX_TRY(check_apart(all));
  ZipArchive archive(file);
  for (Listed& listed : all) archive.entries_.push_back(std::move(listed.entry));
  auto& entries = archive.entries_;
  std::sort(entries.begin(), entries.end(),
            [](const ZipEntry& a, const ZipEntry& b) { return a.name < b.name; });
  const auto twice =
      std::adjacent_find(entries.begin(), entries.end(),
                         [](const ZipEntry& a, const ZipEntry& b) { return a.name == b.name; });
  if (twice != entries.end()) return corrupt("the name '", twice->name, "' stands twice");
  return archive;
}

std::size_t ZipArchive::find(std::string_view name) const noexcept {
  const auto found = std::lower_bound(
      entries_.begin(), entries_.end(), name,
      [](const ZipEntry& entry, std::string_view wanted) { return entry.name < wanted; });
  if (found == entries_.end() || found->name != name) return entries_.size();
  return static_cast<std::size_t>(found - entries_.begin());
}

Bytes ZipArchive::packed(const ZipEntry& entry) const noexcept {
  return file_.subspan(entry.at, entry.packed_bytes);
}

Result<std::vector<std::byte>> ZipArchive::contents(const ZipEntry& entry,
                                                    std::uint64_t max_bytes) const {
  SYRINX_TRY(check_size(entry, max_bytes));
  SYRINX_ASSIGN(auto bytes, beginning(entry, entry.bytes));
  if (bytes.size() != entry.bytes)
    return corrupt("'", entry.name, "' holds ", bytes.size(), " bytes, not ", entry.bytes);
  if (crc32_of(bytes) != entry.crc32)
    return corrupt("'", entry.name, "' does not agree with its checksum (CRC-32)");
  return bytes;
}

Result<std::vector<std::byte>> ZipArchive::beginning(const ZipEntry& entry,
                                                     std::size_t count) const {
  const Bytes bytes = packed(entry);
  count = static_cast<std::size_t>(std::min<std::uint64_t>(count, entry.bytes));
  if (entry.stored)
    return std::vector<std::byte>(bytes.begin(),
                                  bytes.begin() + static_cast<std::ptrdiff_t>(count));
  std::vector<std::byte> out(count);
  bool broken = false;
  out.resize(inflate_into(bytes, out, broken));
  if (broken) return corrupt("'", entry.name, "' cannot be inflated");
  return out;
}

Result<void> ZipArchive::check(const ZipEntry& entry) const {
  if (!entry.stored) {
    const auto inflated = contents(entry, limits::kMaxInflatedBytes);
    return inflated ? Result<void>() : Result<void>(inflated.error());
  }
  if (crc32_of(packed(entry)) == entry.crc32) return {};
  return corrupt("'", entry.name, "' does not agree with its checksum (CRC-32)");
}

std::uint32_t crc32_of(Bytes bytes) noexcept {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace syrinx::nn
