// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "syrinx/apps/server/jobs/batch.h"
#include "syrinx/apps/server/jobs/result_file.h"
#include "syrinx/apps/server/metrics/metrics.h"
#include "syrinx/apps/server/speech/speech_cache.h"
#include "syrinx/apps/server/speech/speech_request.h"
#include "syrinx/apps/server/work/scheduler.h"
#include "syrinx/stages/text/lexicon/lexicon_stack.h"

namespace syrinx::server {

// What items are worked off with.
struct ItemTools {
  work::Scheduler* scheduler = nullptr;
  SpeechCache* cache = nullptr;  // nullptr: answers are not kept.
  // The lexicons and limits of now.
  std::function<std::shared_ptr<text::LexiconStack>()> lexicons;
  std::function<RequestLimits()> request_limits;
  Metrics* metrics = nullptr;  // Of batches alone.
};

// One item on its way, a sentence a step. One thread at a time, but for stop() and share().
class ItemWork {
 public:
  virtual ~ItemWork() = default;
  // kBlocked: somebody will wake `task`, of which this is a part.
  virtual work::Task::Next step() = 0;
  virtual void stop() = 0;
  // How much of it is done, 0 to 1.
  virtual double share() const = 0;
  // Once step() said kDone: the item with its status and what belongs to it; pending when it was
  // stopped before its end.
  virtual BatchItem result() = 0;
};

// A request for speech, done as for a client who waits: the same task, writer and cache. `path` is
// where the answer goes, "" for an item that only warms the cache.
std::unique_ptr<ItemWork> speech_item(const ItemTools& tools, BatchItem item,
                                      std::filesystem::path path, ResultFile::Room room);

// A long text, read aloud into one file. Killed at any moment it goes on after the last whole
// sentence. `task` is what scheduler wakes when step() said kBlocked.
std::unique_ptr<ItemWork> reading_item(const ItemTools& tools, const work::Task* task,
                                       BatchItem item, std::filesystem::path path,
                                       ResultFile::Room room);

}  // namespace syrinx::server
