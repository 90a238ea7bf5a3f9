// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/apps/server/jobs/batch.h"
#include "syrinx/apps/server/jobs/batch_store.h"
#include "syrinx/apps/server/jobs/item_work.h"
#include "syrinx/core/base/result.h"

namespace syrinx::server {

struct BatchCounts {
  std::size_t active = 0;             // Batches that are being worked off.
  std::size_t queued = 0;             // Behind another of the same client.
  std::uint64_t items_completed = 0;  // Since the start, as all below.
  std::uint64_t items_failed = 0;
  std::uint64_t items_resumed = 0;  // Of batches that a former process had begun.
  std::uint64_t bytes = 0;          // Of results, now.
  std::uint64_t max_bytes = 0;
};

// How far a batch is.
struct BatchProgress {
  double share = 0;             // 0 to 1, by characters.
  std::optional<double> eta_s;  // Nothing until it is known.
};

// Works off batches as the scheduler's lowest class: of each client the oldest, its items shared
// between workers. What was accepted is on disk; what a process that is killed had finished is not
// done again by the next. Any thread.
class BatchRunner {
 public:
  // Takes up what the store has. Everything behind `tools` outlives this.
  BatchRunner(BatchStore store, BatchLimits limits, ItemTools tools);
  // Ends what is under way after its step; it goes on with the next process. The scheduler is still
  // there.
  ~BatchRunner();
  BatchRunner(const BatchRunner&) = delete;
  BatchRunner& operator=(const BatchRunner&) = delete;

  // Errors: kLimitExceeded beyond what one client may keep; kUnavailable once stop() was called;
  // kIo.
  Result<Batch> submit(NewBatch wanted, const std::string& client, double weight);
  // A client sees his own only; others' are kNotFound.
  Result<Batch> find(const std::string& id, const std::string& client);
  Result<std::vector<Batch>> list(const std::string& client, const std::string& after,
                                  std::size_t most);
  Result<std::vector<BatchItem>> items(const std::string& id, const std::string& client,
                                       std::size_t from, std::size_t most);
  // Ends it: what is completed stays. One that is over stays as it is.
  Result<Batch> cancel(const std::string& id, const std::string& client);
  // Forgets it and its results; cancels it before, if need be.
  Result<void> remove(const std::string& id, const std::string& client);
  // The file of a completed item. Errors: kNotFound.
  Result<std::filesystem::path> result_of(const std::string& id, const BatchItem& item) const;

  BatchProgress progress(const Batch& batch) const;
  BatchCounts counts() const;
  const BatchLimits& limits() const noexcept;
  // Nothing new is begun; what runs ends after its step. Waits for that.
  void stop();
  // Removes what ended longer ago than it is kept; done by itself once a minute.
  void remove_expired(std::uint64_t now_s);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::server
