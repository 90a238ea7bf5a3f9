// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/comment_tags.h"

#include <cstdint>
#include <cstdio>

namespace syrinx::io {
namespace {

std::string little_endian32(std::uint64_t value) {
  std::string text;
  for (int i = 0; i < 4; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

// Fields as they are added, and how many.
struct Fields {
  std::string bytes;
  std::size_t count = 0;

  void add(const std::string& name, const std::string& value) {
    if (value.empty()) return;
    bytes += little_endian32(name.size() + 1 + value.size()) + name + "=" + value;
    ++count;
  }
};

std::string clock(std::uint64_t frame, int rate_hz) {
  const auto rate = static_cast<std::uint64_t>(rate_hz);
  const std::uint64_t ms = frame / rate * 1000 + frame % rate * 1000 / rate;
  char text[48];
  std::snprintf(text, sizeof text, "%02llu:%02llu:%02llu.%03llu",
                static_cast<unsigned long long>(ms / 3'600'000),
                static_cast<unsigned long long>(ms / 60'000 % 60),
                static_cast<unsigned long long>(ms / 1000 % 60),
                static_cast<unsigned long long>(ms % 1000));
  return text;
}

}  // namespace

std::string comment_fields(const AudioTags& tags, int sample_rate_hz, std::string_view before,
                           std::size_t count) {
  Fields fields{std::string(before), count};
  fields.add("TITLE", tags.title);
  fields.add("ALBUM", tags.title);
  fields.add("ARTIST", tags.author);
  fields.add("PERFORMER", tags.narrator);
  fields.add("GENRE", tags.genre);
  fields.add("LANGUAGE", tags.language);
  for (std::size_t i = 0; i < tags.chapters.size(); ++i) {
    char name[32];
    std::snprintf(name, sizeof name, "CHAPTER%03zu", i + 1);
    fields.add(name, clock(tags.chapters[i].begin_frame, sample_rate_hz));
    fields.add(std::string(name) + "NAME", tags.chapters[i].title);
  }
  return little_endian32(fields.count) + fields.bytes;
}

}  // namespace syrinx::io
