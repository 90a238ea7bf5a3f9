// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"

// A list of things to say that is worked off while nobody waits, and what became of each.
namespace syrinx::server {

enum class BatchKind {
  kSpeech,   // Requests for speech, an answer each.
  kWarming,  // The same, whose answers only go into the cache.
  kReading,  // One long text, taken up sentence by sentence.
};

// In the order of a batch's life; the names are those of OpenAI's batches and "queued".
enum class BatchStatus { kQueued, kInProgress, kCancelling, kCompleted, kFailed, kCancelled };
enum class ItemStatus { kPending, kRunning, kCompleted, kFailed, kCancelled };

const char* name_of(BatchStatus status) noexcept;
const char* name_of(ItemStatus status) noexcept;
// Nothing more will happen to it.
bool is_over(BatchStatus status) noexcept;

struct BatchLimits {
  std::filesystem::path folder;                             // Empty: there are no batches.
  std::size_t max_items = 10'000;                           // Of one batch.
  std::size_t max_characters = 2'000'000;                   // Of all its texts.
  std::size_t max_batches_per_client = 100;                 // Kept, those that are over included.
  std::uint64_t max_bytes_per_client = 2'000'000'000;       // Of results.
  std::uint64_t max_bytes = std::uint64_t{20'000'000'000};  // Of everybody's results.
  double keep_s = 3 * 24 * 3'600.0;                         // After its end it is removed.
};

// One thing to say.
struct BatchItem {
  std::size_t number = 0;  // From 0, in the order in which they were given.
  std::string custom_id;   // As its client calls it.
  std::string form;        // "audio", "events", "captions"; "reading" for a long text.
  std::string body;        // The request, as JSON.
  std::size_t characters = 0;
  ItemStatus status = ItemStatus::kPending;
  // Of one that is completed:
  std::string content_type;
  std::uint64_t bytes = 0;
  std::string sha256;
  double audio_s = 0;
  // Of one that failed:
  std::string error;
  ErrorCode error_code = ErrorCode::kInternal;
};

struct Batch {
  std::string id;      // "batch_" and 32 hexadecimal digits.
  std::string client;  // "key:NAME" or "address:IP".
  double weight = 1;
  BatchKind kind = BatchKind::kSpeech;
  BatchStatus status = BatchStatus::kQueued;
  std::string metadata;  // As JSON; given back as it came.
  // Seconds since 1970; 0: not yet.
  std::uint64_t created_at = 0;
  std::uint64_t begun_at = 0;
  std::uint64_t ended_at = 0;
  // Of its items:
  std::size_t total = 0;
  std::size_t completed = 0;
  std::size_t failed = 0;
  std::size_t characters = 0;
  std::size_t characters_over = 0;  // Of items that are completed or failed.
  std::uint64_t bytes = 0;          // Of results.
  double audio_s = 0;
};

// What a client wants, checked.
struct NewBatch {
  BatchKind kind = BatchKind::kSpeech;
  std::string metadata = "{}";
  std::vector<BatchItem> items;
};

}  // namespace syrinx::server
