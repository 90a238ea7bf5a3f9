// SPDX-License-Identifier: Apache-2.0
#include "fuzz/server_target.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "syrinx/apps/server/api/keys.h"
#include "syrinx/apps/server/api/stream_message.h"
#include "syrinx/apps/server/config/server_settings.h"
#include "syrinx/apps/server/http/message.h"
#include "syrinx/apps/server/jobs/batch_request.h"
#include "syrinx/apps/server/speech/speech_request.h"
#include "syrinx/apps/server/wyoming/wyoming_message.h"
#include "syrinx/core/io/settings/settings.h"
#include "syrinx/stages/text/script/emotion.h"

namespace syrinx::fuzz {
namespace {

using namespace syrinx::server;  // NOLINT(google-build-using-namespace): all of it is looked at.

std::string check_request(const SpeechRequest& request, const RequestLimits& limits) {
  if (characters_of(request.input) > limits.max_characters) return "a text is longer than allowed";
  if (!request.voice.empty() && !is_voice_name(request.voice)) return "a voice is no name";
  if (request.voice.find('/') != std::string::npos) return "a voice is a path";
  if (request.prosody.rate < 0.25 || request.prosody.rate > 4) return "a speed is out of range";
  if (!request.emotion.empty() && !text::read_emotion(request.emotion)) return "a manner is none";
  return "";
}

std::string read_speech(std::string_view bytes) {
  const RequestLimits limits{200, ""};
  SpeechRequest request;
  if (const auto wrong = read_speech_request(bytes, limits, request))
    return wrong->error.message.empty() ? "an error without a sentence" : "";
  if (request.input.empty()) return "a request without a text was taken";
  return check_request(request, limits);
}

// What a batch holds is within its limits, and can be read again as it was kept.
std::string read_batch(std::string_view bytes) {
  const BatchRequestLimits limits{{200, "rms"}, 4, 400};
  NewBatch batch;
  if (const auto wrong = read_batch_request(bytes, limits, batch))
    return wrong->error.message.empty() ? "an error without a sentence" : "";
  if (batch.items.empty() || batch.items.size() > limits.max_items) return "a batch of no size";
  std::size_t characters = 0;
  for (const BatchItem& item : batch.items) {
    characters += item.characters;
    SpeechRequest request;
    if (item.form != "reading" && read_speech_request(item.body, limits.request, request))
      return "a request that was taken is refused later";
    if (item.custom_id.empty() || item.custom_id.size() > kMaxCustomIdBytes) return "a bad name";
  }
  return characters > limits.max_characters ? "a batch is longer than allowed" : "";
}

std::string read_stream(std::string_view bytes) {
  const RequestLimits limits{200, ""};
  SpeechRequest request;
  const auto message = read_stream_message(bytes, limits, request);
  if (!message) return message.error().message.empty() ? "an error without a sentence" : "";
  return check_request(request, limits);
}

// Whole and in pieces, what is read is the same.
std::string read_wyoming(std::string_view bytes) {
  const auto read = [bytes](std::size_t block) {
    wyoming::MessageReader reader;
    std::string seen;
    for (std::size_t at = 0; at < bytes.size(); at += block) {
      reader.add(bytes.substr(at, block));
      while (true) {
        const auto message = reader.next();
        if (!message) return seen + "error";
        if (!*message) break;
        seen += (*message)->type + "\n" + (*message)->payload + "\n";
      }
    }
    return seen;
  };
  return bytes.size() > 60'000 || read(7) == read(bytes.size() + 1) ? ""
                                                                    : "Wyoming depends on the cuts";
}

std::string read_target(std::string_view bytes) {
  http::Request request;
  if (!http::split_target(bytes, request)) return "";
  (void)request.parameter("groups");
  if (request.path.find("/../") != std::string::npos) return "a path climbs";
  if (request.path.find('\0') != std::string::npos) return "a path holds a NUL";
  return "";
}

// A settings.json, and what the environment and an option say: every setting then has a value that
// its own rule takes.
std::string read_settings(std::string_view bytes) {
  static const std::string file = std::filesystem::temp_directory_path() /
                                  ("syrinx_settings_fuzz_" + std::to_string(::getpid()) + ".json");
  std::ofstream(file, std::ios::binary) << bytes;
  io::SettingSources sources;
  sources.settings_file = file;
  const std::string value(bytes.substr(0, 40));
  sources.environment = [&value](const char* name) {
    return std::string_view(name) == "SYRINX_SERVER_PORT" ? value.c_str() : nullptr;
  };
  for (const bool environment : {true, false}) {
    if (!environment) sources.environment = nullptr;
    const auto settings = io::Settings::load(server_settings(), sources);
    if (!settings && settings.error().message.empty()) return "an error without a sentence";
    if (settings && settings->count("server.port") > 65'535) return "a port is out of range";
  }
  ::unlink(file.c_str());
  return "";
}

}  // namespace

std::string read_as_client(std::string_view bytes) {
  (void)parse_keys(bytes, "keys");
  for (const auto& read :
       {read_speech, read_batch, read_stream, read_wyoming, read_target, read_settings}) {
    if (std::string broken = read(bytes); !broken.empty()) return broken;
  }
  return "";
}

}  // namespace syrinx::fuzz
