// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/weights_test_support.h"

#include <zlib.h>

namespace syrinx::nn::testing {
namespace {

std::uint32_t checksum(const std::string& text) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size()));
}

// What the local header and the directory have in common, from "version needed" on.
std::string common_fields(const ZipPart& part) {
  return little_endian(20, 2) + little_endian(0, 2) + little_endian(part.method, 2) +
         little_endian(0, 4) + little_endian(part.crc32, 4) +
         little_endian(part.contents.size(), 4) +
         little_endian(part.bytes == 0 ? part.contents.size() : part.bytes, 4) +
         little_endian(part.name.size(), 2) + little_endian(0, 2);
}

}  // namespace

ByteString make_zip(const std::vector<ZipPart>& parts) {
  std::string file, directory;
  for (const ZipPart& part : parts) {
    directory += "PK\x01\x02" + little_endian(20, 2) + common_fields(part) + little_endian(0, 10) +
                 little_endian(file.size(), 4) + part.name;
    file += "PK\x03\x04" + common_fields(part) + part.name + part.contents;
  }
  const std::string end = "PK\x05\x06" + little_endian(0, 4) + little_endian(parts.size(), 2) +
                          little_endian(parts.size(), 2) + little_endian(directory.size(), 4) +
                          little_endian(file.size(), 4) + little_endian(0, 2);
  return bytes_of_text(file + directory + end);
}

ZipPart make_zip_part(std::string name, std::string contents) {
  ZipPart part{std::move(name), std::move(contents)};
  part.crc32 = checksum(part.contents);
  return part;
}

ZipPart make_deflated_part(std::string name, const std::string& contents) {
  ZipPart part{std::move(name), std::string(compressBound(contents.size()) + 64, '\0'), 8};
  part.bytes = contents.size();
  part.crc32 = checksum(contents);
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(contents.data()));
  stream.avail_in = static_cast<uInt>(contents.size());
  stream.next_out = reinterpret_cast<Bytef*>(part.contents.data());
  stream.avail_out = static_cast<uInt>(part.contents.size());
  deflate(&stream, Z_FINISH);
  part.contents.resize(stream.total_out);
  deflateEnd(&stream);
  return part;
}

ByteString make_torch_zip(const std::string& pickle, const std::vector<TorchData>& storages) {
  std::vector<ZipPart> parts{make_zip_part("a/data.pkl", pickle)};
  for (const TorchData& data : storages)
    parts.push_back(make_zip_part("a/data/" + data.key, data.bytes));
  parts.push_back(make_zip_part("a/version", "3\n"));
  return make_zip(parts);
}

ByteString make_torch_legacy(const std::string& pickle, const std::vector<TorchData>& storages) {
  using namespace std::string_literals;
  std::string file = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03."s;
  file += PickleText().op("}").text("little_endian").op("\x88s").stop() + pickle;
  PickleText keys;
  keys.op("](");
  for (const TorchData& data : storages) keys.text(data.key);
  file += keys.op("e").stop();
  for (const TorchData& data : storages) file += little_endian(data.count, 8) + data.bytes;
  return bytes_of_text(file);
}

ByteString make_safetensors(std::string_view header, std::string_view data) {
  return bytes_of_text(little_endian(header.size(), 8).append(header).append(data));
}

}  // namespace syrinx::nn::testing
