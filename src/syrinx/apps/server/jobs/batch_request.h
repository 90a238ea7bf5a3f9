// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "syrinx/apps/server/jobs/batch.h"
#include "syrinx/apps/server/speech/speech_request.h"

namespace syrinx::server {

// The most that a request for a batch may have, in bytes of its body.
inline constexpr std::size_t kMaxBatchBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxCustomIdBytes = 64;
inline constexpr std::size_t kMaxBatchMetadata = 16;  // Members, as OpenAI has it.

struct BatchRequestLimits {
  RequestLimits request;  // Of each text.
  std::size_t max_items = 10'000;
  std::size_t max_characters = 2'000'000;  // Of all texts; of a long text, too.
};

// Reads what a client wants to be said later:
// - lines of JSON as OpenAI's batches have them, {"custom_id", "method": "POST", "url", "body"}, or
//   two and more bare bodies of "Create speech"; url is /v1/audio/speech (taken when there is none)
//   or /v1/audio/speech/captioned;
// - {"requests": [such objects, or bodies of "Create speech"], "metadata": {...}};
// - {"input": a text of any length, "voice", "response_format", "speed", "title", "author"}, which
//   is read aloud as a book is.
// Every request is checked as if it were asked now. On error, what was wrong; `param` is where, as
// "requests[3].input" or "line 4".
std::optional<RequestError> read_batch_request(std::string_view body,
                                               const BatchRequestLimits& limits, NewBatch& batch);

}  // namespace syrinx::server
