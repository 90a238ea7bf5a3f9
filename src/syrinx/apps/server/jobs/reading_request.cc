// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/jobs/reading_request.h"

#include <array>
#include <string_view>
#include <utility>

namespace syrinx::server {
namespace {

constexpr std::size_t kMaxTitleBytes = 512;
constexpr double kLeastLoudnessLufs = -40;
constexpr double kMostLoudnessLufs = -10;

struct Known {
  const char* name;
  io::AudioFormat format;
  const char* content_type;
};

constexpr std::array<Known, 8> kFormats{
    {{"mp3", io::AudioFormat::kMp3, "audio/mpeg"},
     {"m4b", io::AudioFormat::kM4b, "audio/mp4"},
     {"m4a", io::AudioFormat::kM4a, "audio/mp4"},
     {"opus", io::AudioFormat::kOpus, "audio/ogg; codecs=opus"},
     {"flac", io::AudioFormat::kFlac, "audio/flac"},
     {"wav", io::AudioFormat::kWav, "audio/wav"},
     {"aac", io::AudioFormat::kAac, "audio/aac"},
     {"ogg", io::AudioFormat::kOggVorbis, "audio/ogg; codecs=vorbis"}}};

RequestError wrong(const char* param, ErrorCode code, std::string sentence) {
  return {{code, std::string("'") + param + "' " + std::move(sentence)}, param};
}

std::optional<RequestError> read_format(const JsonValue& root, ReadingRequest& request) {
  const JsonValue* value = root.find("response_format");
  const std::string* name = value == nullptr ? nullptr : value->text();
  for (const Known& known : kFormats) {
    if (name == nullptr ? value != nullptr && !value->is_null() : *name != known.name) continue;
    if (!io::can_write(known.format))
      return wrong("response_format", ErrorCode::kUnavailable,
                   std::string(known.name) + " cannot be written on this machine");
    request.format = known.format;
    request.content_type = known.content_type;
    return std::nullopt;
  }
  return wrong("response_format", ErrorCode::kInvalidArgument,
               "of a long text must be mp3, m4b, m4a, opus, flac, wav, aac or ogg");
}

std::optional<RequestError> read_name(const JsonValue& root, const char* param, std::string& name) {
  const JsonValue* value = root.find(param);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->text() == nullptr || value->text()->size() > kMaxTitleBytes)
    return wrong(param, ErrorCode::kInvalidArgument, "must be a text of at most 512 bytes");
  name = *value->text();
  return std::nullopt;
}

std::optional<RequestError> read_loudness(const JsonValue& root, ReadingRequest& request) {
  const JsonValue* value = root.find("loudness_lufs");
  if (value == nullptr) return std::nullopt;
  request.loudness_lufs = value->number();
  const bool fits =
      value->is_null() || (request.loudness_lufs && *request.loudness_lufs >= kLeastLoudnessLufs &&
                           *request.loudness_lufs <= kMostLoudnessLufs);
  if (fits) return std::nullopt;
  return wrong("loudness_lufs", ErrorCode::kInvalidArgument,
               "must be a number from -40 to -10, or null");
}

// Without what has another meaning here.
JsonValue without_format(const JsonValue& root) {
  JsonValue::Object members;
  for (const JsonMember& member : *root.object()) {
    if (member.key != "response_format" && member.key != "sample_rate_hz")
      members.push_back(member);
  }
  return JsonValue(std::move(members));
}

}  // namespace

std::optional<RequestError> read_reading_request(const JsonValue& root, const RequestLimits& limits,
                                                 ReadingRequest& request) {
  if (auto error = read_speech_request(without_format(root), limits, request.speech)) return error;
  if (auto error = read_format(root, request)) return error;
  if (auto error = read_name(root, "title", request.title)) return error;
  if (auto error = read_name(root, "author", request.author)) return error;
  return read_loudness(root, request);
}

}  // namespace syrinx::server
