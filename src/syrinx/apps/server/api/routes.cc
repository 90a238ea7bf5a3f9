// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include "syrinx/apps/server/api/core.h"
#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/jobs/batch_request.h"
#include "syrinx/apps/server/page/assets.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/script/emotion.h"

namespace syrinx::server {
namespace {

constexpr std::string_view kSpeechSchema = R"({
  "type": "object",
  "required": ["input"],
  "properties": {
    "model": {"type": "string", "default": "tts-1"},
    "input": {"type": "string", "description": "What is to be said."},
    "voice": {"description": "A name, or an object with one.", "oneOf": [{"type": "string"},
      {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}]},
    "response_format": {"type": "string", "default": "mp3",
      "enum": ["mp3", "opus", "aac", "flac", "wav", "pcm"]},
    "speed": {"type": "number", "minimum": 0.25, "maximum": 4, "default": 1},
    "instructions": {"type": "string", "description": "Taken and not followed."},
    "priority": {"type": "string", "enum": ["interactive", "normal", "batch"]},
    "stream_format": {"type": "string", "enum": ["audio", "sse"], "default": "audio"},
    "input_type": {"type": "string", "default": "auto",
      "enum": ["auto", "plain", "markdown", "html", "email", "chat", "ssml"]},
    "sample_rate_hz": {"type": "integer"},
    "pitch_semitones": {"type": "number", "minimum": -12, "maximum": 12, "default": 0},
    "volume_db": {"type": "number", "minimum": -60, "maximum": 24, "default": 0},
    "emotion": {"type": "string",
      "description": "A name, or one and an intensity of 0 to 1, as sad:0.4.",
      "pattern": "^(EMOTIONS)(:[-+.0-9e]+)?$"},
    "timestamp_granularities": {"type": "array", "default": ["word", "phoneme"],
      "description": "What of a caption's times there is.",
      "items": {"type": "string", "enum": ["word", "phoneme", "character", "viseme"]}}
  }
})";

// With the names of the emotions where the text of the schema says EMOTIONS.
const char* speech_schema() {
  static const std::string schema = [] {
    constexpr std::string_view kPlace = "EMOTIONS";
    std::string names;
    for (const std::string& name : text::emotion_names())
      names += (names.empty() ? "" : "|") + name;
    std::string text(kSpeechSchema);
    return text.replace(text.find(kPlace), kPlace.size(), names);
  }();
  return schema.c_str();
}

constexpr const char* kTextSchema = R"({
  "type": "object",
  "required": ["input"],
  "properties": {
    "input": {"type": "string"},
    "language": {"type": "string", "default": "en-US"},
    "phonemes": {"type": "string", "enum": ["ipa", "arpabet", "kokoro", "x-sampa"],
      "default": "ipa"},
    "input_type": {"type": "string", "default": "auto",
      "enum": ["auto", "plain", "markdown", "html", "email", "chat", "ssml"]}
  }
})";

constexpr const char* kBatchSchema = R"({
  "type": "object",
  "description": "Requests, or one long text; or lines of JSON with a request each.",
  "properties": {
    "requests": {"type": "array", "items": {"type": "object", "properties": {
      "custom_id": {"type": "string"}, "method": {"type": "string", "enum": ["POST"]},
      "url": {"type": "string", "enum": ["/v1/audio/speech", "/v1/audio/speech/captioned"]},
      "body": {"type": "object"}}}},
    "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
    "input": {"type": "string", "description": "A text of any length."},
    "voice": {"type": "string"},
    "response_format": {"type": "string", "default": "mp3",
      "enum": ["mp3", "m4b", "m4a", "opus", "flac", "wav", "aac", "ogg"]},
    "speed": {"type": "number", "minimum": 0.25, "maximum": 4, "default": 1},
    "emotion": {"type": "string"},
    "title": {"type": "string"},
    "author": {"type": "string"},
    "loudness_lufs": {"type": ["number", "null"], "minimum": -40, "maximum": -10, "default": -18}
  }
})";

std::vector<Route> make_routes() {
  using limits::kMaxJsonRequestBytes;
  constexpr const char* kJson = "application/json";
  std::vector<Route> table = {
      {"GET", "/healthz", "", 0, get_health, "Whether the server lives", "", kJson},
      {"GET", "/readyz", "", 0, get_readiness, "Whether it takes requests", "", kJson},
      {"GET", "/metrics", "stats", 0, get_metrics, "Figures for Prometheus", "", "text/plain"},
      {"GET", "/openapi.json", "", 0, get_openapi, "This document", "", kJson},
      {"GET", "/v1/models", "speech", 0, get_models, "The names of the model", "", kJson},
      {"GET", "/v1/audio/voices", "speech", 0, get_voices, "Who can speak", "", kJson},
      {"POST", "/v1/audio/speech", "speech", kMaxJsonRequestBytes, post_speech, "Say a text",
       speech_schema(),
       "audio/mpeg audio/ogg audio/aac audio/flac audio/wav audio/pcm text/event-stream"},
      {"POST", "/v1/audio/speech/captioned", "speech", kMaxJsonRequestBytes, post_captioned_speech,
       "Say a text, and when each word of it sounds", speech_schema(), "application/x-ndjson"},
      {"POST", "/v1/batches", "jobs", kMaxBatchBytes, post_batch,
       "Say many texts, or a long one, while nobody waits", kBatchSchema, kJson},
      {"GET", "/v1/batches", "jobs", 0, get_batches,
       "Your batches, the newest first; ?limit=20&after=ID", "", kJson},
      {"GET", "/v1/batches/{id}", "jobs", 0, get_batch, "How far a batch is", "", kJson},
      {"DELETE", "/v1/batches/{id}", "jobs", 0, delete_batch, "End it and forget its results", "",
       kJson},
      {"POST", "/v1/batches/{id}/cancel", "jobs", 0, cancel_batch,
       "End it and keep what is completed", "", kJson},
      {"GET", "/v1/batches/{id}/items", "jobs", 0, get_batch_items,
       "What became of each request; ?from=0&limit=1000", "", kJson},
      {"GET", "/v1/batches/{id}/items/{number}", "jobs", 0, get_batch_item,
       "The result of one request, as it would have been answered", "", "application/octet-stream"},
      {"GET", "/v1/batches/{id}/output", "jobs", 0, get_batch_output,
       "All results and an index.json in a tar archive", "", "application/x-tar"},
      {"POST", "/v1/cache/warm", "jobs", kMaxBatchBytes, post_cache_warming,
       "A batch whose answers only go into the cache", kBatchSchema, kJson},
      {"DELETE", "/v1/cache", "admin", 0, delete_cache, "Forget every answer that is kept", "",
       kJson},
      {"GET", "/v1/audio/stream", "speech", 0, get_stream,
       "Text in as it is written, sound out as it is said", "", "websocket"},
      {"GET", "/v1/lexicon", "admin", 0, get_lexicon, "The server's own lexicon", "", kJson},
      {"PUT", "/v1/lexicon", "admin", kMaxJsonRequestBytes, put_lexicon,
       "Another text for it (TSV), which is checked whole before it counts", "binary", kJson},
      {"DELETE", "/v1/lexicon", "admin", 0, delete_lexicon, "Empty it", "", kJson},
      {"POST", "/v1/text", "text", kMaxJsonRequestBytes, post_text,
       "What is said for a text, how it is pronounced, and why", kTextSchema, kJson},
      {"POST", "/v1/audio/measure", "measure", limits::kMaxUploadBytes, post_measure,
       "Everything that is measured of a sound; ?groups=level,loudness takes a part", "binary",
       kJson},
      {"POST", "/v1/audio/convert", "speech", limits::kMaxUploadBytes, post_convert,
       "A voice changed: ?to=female|male|child|senior or ?age=70, ?pitch=4 semitones, "
       "?formant=1.15, "
       "?speed=0.9, ?response_format=wav",
       "binary", "audio/wav audio/mpeg audio/ogg audio/aac audio/flac audio/pcm"},
      {"GET", "/v1/stats", "stats", 0, get_stats, "The server's figures now", "", kJson},
      {"GET", "/v1/live", "stats", 0, get_live, "The same once a second", "", "websocket"},
  };
  for (const page::Asset& asset : page::assets())
    table.push_back({"GET", asset.path.data(), "", 0, get_asset, "A file of the page", "",
                     asset.content_type.data()});
  return table;
}

}  // namespace

const std::vector<Route>& routes() {
  static const std::vector<Route> table = make_routes();
  return table;
}

}  // namespace syrinx::server
