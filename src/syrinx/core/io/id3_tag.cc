// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/id3_tag.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace syrinx::io {
namespace {

constexpr std::size_t kMaxListed = 255;

std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes; i-- > 0;) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

// Seven bits a byte, so that no decoder takes it for a frame of sound (ID3v2.4.0, 6.2).
std::string synchsafe(std::size_t value) {
  std::string text;
  for (int i = 3; i >= 0; --i) text += static_cast<char>(value >> (7 * i) & 0x7F);
  return text;
}

std::string frame(std::string_view id, const std::string& body) {
  return std::string(id) + synchsafe(body.size()) + std::string(2, '\0') + body;
}

std::string text_frame(std::string_view id, const std::string& text) {
  constexpr char kUtf8 = 3;
  return text.empty() ? "" : frame(id, kUtf8 + text);
}

std::uint64_t milliseconds(std::uint64_t frames, int rate_hz) {
  const auto rate = static_cast<std::uint64_t>(rate_hz);
  return frames / rate * 1000 + frames % rate * 1000 / rate;
}

std::string chapter_id(std::size_t index) { return "c" + std::to_string(index); }

std::string chapter_frame(const AudioChapter& chapter, std::size_t index, int rate_hz) {
  const std::string unused = big_endian(0xFFFFFFFF, 4);  // Byte offsets: the times count.
  return frame("CHAP", chapter_id(index) + '\0' +
                           big_endian(milliseconds(chapter.begin_frame, rate_hz), 4) +
                           big_endian(milliseconds(chapter.end_frame, rate_hz), 4) + unused +
                           unused + text_frame("TIT2", chapter.title));
}

// An ordered list; the one that is the whole table is the top.
std::string list_frame(const std::string& id, bool top, const std::vector<std::string>& entries) {
  std::string body = id + '\0' + (top ? '\x03' : '\x01') + static_cast<char>(entries.size());
  for (const std::string& entry : entries) body += entry + '\0';
  return frame("CTOC", body);
}

std::string table_frames(std::size_t chapters) {
  std::string frames;
  std::vector<std::string> groups;
  std::vector<std::string> entries;
  for (std::size_t i = 0; i < chapters; ++i) {
    entries.push_back(chapter_id(i));
    const bool full = entries.size() == kMaxListed || i + 1 == chapters;
    if (!full || chapters <= kMaxListed) continue;
    groups.push_back("g" + std::to_string(groups.size()));
    frames += list_frame(groups.back(), false, entries);
    entries.clear();
  }
  return list_frame("toc", true, groups.empty() ? entries : groups) + frames;
}

}  // namespace

std::vector<std::byte> make_id3_tag(const AudioTags& tags, int sample_rate_hz) {
  std::string body = text_frame("TIT2", tags.title) + text_frame("TALB", tags.title) +
                     text_frame("TPE1", tags.author) + text_frame("TCOM", tags.narrator) +
                     text_frame("TCON", tags.genre);
  if (!tags.chapters.empty()) body += table_frames(tags.chapters.size());
  for (std::size_t i = 0; i < tags.chapters.size(); ++i)
    body += chapter_frame(tags.chapters[i], i, sample_rate_hz);
  const std::string tag = std::string("ID3\x04\0\0", 6) + synchsafe(body.size()) + body;
  std::vector<std::byte> bytes(tag.size());
  std::transform(tag.begin(), tag.end(), bytes.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

}  // namespace syrinx::io
