// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/apps/server/jobs/batch.h"
#include "syrinx/core/base/result.h"

namespace syrinx::server {

// Batches on disk: an index in SQLite (write-ahead log, each change on disk before it is answered),
// results in files of their own, which have their name before the index calls them completed. A
// process that is killed at any moment loses at most what was being made. One process per folder.
// Any thread.
class BatchStore {
 public:
  // Makes the folder if need be. Items that a former process was at are pending again, files that
  // the index does not know are swept up. Errors: kIo; kUnavailable when another process has it.
  static Result<BatchStore> open(const std::filesystem::path& folder);
  BatchStore(BatchStore&&) noexcept;
  BatchStore& operator=(BatchStore&&) noexcept;
  ~BatchStore();

  // All of the batch or nothing. Errors: kIo.
  Result<void> add(const Batch& batch, const std::vector<BatchItem>& items);
  // Errors: kNotFound; kIo.
  Result<Batch> find(const std::string& id);
  // A client's batches, the newest first, at most `most` of those older than `after` ("": all).
  Result<std::vector<Batch>> list(const std::string& client, const std::string& after,
                                  std::size_t most);
  // Everybody's that are not over, the oldest first.
  Result<std::vector<Batch>> unfinished();
  // The first of them that is this client's; nothing without one.
  Result<std::optional<Batch>> oldest_unfinished(const std::string& client);
  // The ids of those that ended before that second.
  Result<std::vector<std::string>> ended_before(std::uint64_t second);
  // How many batches of a client there are.
  Result<std::size_t> count_of(const std::string& client);
  // Bytes of results by client.
  Result<std::map<std::string, std::uint64_t>> bytes_by_client();

  // At most `most` items from number `from` on, without their bodies.
  Result<std::vector<BatchItem>> items(const std::string& id, std::size_t from, std::size_t most);
  // Errors: kNotFound; kIo.
  Result<BatchItem> item(const std::string& id, std::size_t number);
  // The first item that is pending, which is running from now on; nothing without one.
  Result<std::optional<BatchItem>> claim(const std::string& id);
  // Notes what became of an item: its status and what belongs to that.
  Result<void> note(const std::string& id, const BatchItem& item);
  // Pending and running items become cancelled.
  Result<void> cancel_items(const std::string& id);
  Result<void> set_status(const std::string& id, BatchStatus status, std::uint64_t second);
  // The index forgets it first, then its files go.
  Result<void> remove(const std::string& id);

  // Where an item's result is, or will be.
  std::filesystem::path result_path(const std::string& id, std::size_t number) const;

 private:
  struct Impl;
  explicit BatchStore(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

// "batch_" and 32 hexadecimal digits, which are drawn.
std::string new_batch_id();
// Whether it can be one at all: no id is ever a path.
bool is_batch_id(std::string_view id) noexcept;

}  // namespace syrinx::server
