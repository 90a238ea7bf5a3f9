// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/jobs/batch_runner.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "syrinx/core/base/log.h"

namespace syrinx::server {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kMostLanes = 16;  // Workers on one batch.
constexpr auto kSweepEvery = std::chrono::minutes(1);

std::uint64_t now_s() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

void note_failure(const char* doing, const Result<void>& result) {
  if (!result)
    log(LogLevel::kError, std::string("a batch: ") + doing + ": " + result.error().message);
}

}  // namespace

struct BatchRunner::Impl {
  class Lane;

  // A batch that is being worked off. Under the mutex.
  struct Active {
    Batch batch;
    std::vector<std::shared_ptr<Lane>> lanes;
    SteadyClock::time_point began = SteadyClock::now();
    std::size_t characters_over = 0;  // Of it, since this process took it up.
    bool cancelled = false;
    bool removed = false;
    bool is_out = false;  // Of items that nobody has begun.
  };

  Impl(BatchStore given, BatchLimits most, ItemTools with)
      : store(std::move(given)), limits(std::move(most)), tools(std::move(with)) {}

  void take_up();
  void start_next(const std::string& client);
  void start(const Batch& batch);
  std::optional<BatchItem> claim(Active& active);
  bool take_room(const std::string& client, std::uint64_t bytes);
  void give_room(const std::string& client, std::uint64_t bytes);
  void note_item(Active& active, const BatchItem& item);
  void lane_over(const std::shared_ptr<Active>& active, const Lane* lane);
  void end(const std::shared_ptr<Active>& active);
  Result<void> remove_now(const std::string& id, const std::string& client);
  Result<Batch> own(const std::string& id, const std::string& client);
  void sweep(const std::stop_token& stop);
  void remove_expired(std::uint64_t second);

  BatchStore store;
  const BatchLimits limits;
  const ItemTools tools;
  mutable std::mutex mutex;
  std::condition_variable lanes_ended;
  std::condition_variable_any stopped;
  std::map<std::string, std::shared_ptr<Active>> active;  // By id.
  std::map<std::string, std::size_t> queued;              // How many, by client.
  std::map<std::string, std::uint64_t> bytes;             // Of results, by client.
  std::uint64_t all_bytes = 0;
  BatchCounts counts;
  bool stopping = false;
  std::jthread sweeper;  // Last: it ends before what it uses goes.
};

// One worker's way through a batch: item after item, a step at a time.
class BatchRunner::Impl::Lane final : public work::Task {
 public:
  Lane(Impl& runner, std::shared_ptr<Active> active)
      : runner_(runner), active_(std::move(active)) {}

  Next step() override {
    if (is_to_end()) return over();
    if (!work_ && !begin()) return over();
    const Next next = work_->step();
    if (next != Next::kDone) return next;
    conclude();
    return Next::kAgain;
  }
  void expired() override {}  // Batches are not given up.

  // Under the runner's mutex.
  void stop_item() {
    if (work_) work_->stop();
  }
  double characters_under_way() const {
    return work_ ? work_->share() * static_cast<double>(characters_) : 0.0;
  }

 private:
  bool is_to_end() const {
    const std::lock_guard lock(runner_.mutex);
    return runner_.stopping || active_->cancelled;
  }

  bool begin() {
    auto item = runner_.claim(*active_);
    if (!item) return false;
    const Batch& batch = active_->batch;
    const std::size_t characters = item->characters;
    const bool warms = batch.kind == BatchKind::kWarming;
    auto path = warms ? std::filesystem::path() : runner_.store.result_path(batch.id, item->number);
    auto room = [this](std::uint64_t wanted) {
      const bool there = runner_.take_room(active_->batch.client, wanted);
      if (there) taken_ += wanted;
      return there;
    };
    auto work = item->form == "reading"
                    ? reading_item(runner_.tools, this, std::move(*item), path, room)
                    : speech_item(runner_.tools, std::move(*item), path, room);
    const std::lock_guard lock(runner_.mutex);
    work_ = std::move(work);
    characters_ = characters;
    return true;
  }

  // The item is over; the worker's, for whose sake nobody else changes `work_`.
  void conclude() {
    const BatchItem item = work_->result();
    const std::uint64_t kept = item.status == ItemStatus::kCompleted ? item.bytes : 0;
    runner_.give_room(active_->batch.client, taken_ - std::min(taken_, kept));
    taken_ = 0;
    const std::lock_guard lock(runner_.mutex);
    work_.reset();
    runner_.note_item(*active_, item);
  }

  Next over() {
    if (work_) {
      work_->stop();
      conclude();
    }
    runner_.lane_over(active_, this);
    return Next::kDone;
  }

  Impl& runner_;
  const std::shared_ptr<Active> active_;
  std::unique_ptr<ItemWork> work_;
  std::size_t characters_ = 0;
  std::uint64_t taken_ = 0;
};

// What a former process left.
void BatchRunner::Impl::take_up() {
  if (const auto known = store.bytes_by_client()) bytes = *known;
  for (const auto& [client, count] : bytes) all_bytes += count;
  const auto unfinished = store.unfinished();
  if (!unfinished) return note_failure("taking up", Result<void>(unfinished.error()));
  std::map<std::string, bool> clients;
  for (const Batch& batch : *unfinished) {
    if (batch.begun_at > 0) counts.items_resumed += batch.total - batch.completed - batch.failed;
    ++queued[batch.client];
    clients[batch.client] = true;
  }
  for (const auto& [client, known] : clients) start_next(client);
}

// The client's oldest batch that is not over, if none of his is under way.
void BatchRunner::Impl::start_next(const std::string& client) {
  if (stopping) return;
  for (const auto& [id, one] : active) {
    if (one->batch.client == client) return;
  }
  const auto next = store.oldest_unfinished(client);
  if (!next) return note_failure("going on", Result<void>(next.error()));
  if (*next) start(**next);
}

void BatchRunner::Impl::start(const Batch& batch) {
  auto one = std::make_shared<Active>();
  one->batch = batch;
  one->cancelled = batch.status == BatchStatus::kCancelling;
  if (auto& waiting = queued[batch.client]; waiting > 0) --waiting;
  active[batch.id] = one;
  if (batch.status == BatchStatus::kQueued)
    note_failure("beginning", store.set_status(batch.id, BatchStatus::kInProgress, now_s()));
  const std::size_t items = std::max<std::size_t>(1, batch.total - batch.completed - batch.failed);
  const std::size_t lanes = std::min({tools.scheduler->threads(), items, kMostLanes});
  work::Owner owner{batch.client, batch.weight, work::Priority::kBatch, true};
  for (std::size_t i = 0; i < lanes; ++i) one->lanes.push_back(std::make_shared<Lane>(*this, one));
  for (const auto& lane : std::vector(one->lanes)) {
    if (tools.scheduler->submit(lane, owner)) std::erase(one->lanes, lane);  // It goes down.
  }
}

std::optional<BatchItem> BatchRunner::Impl::claim(Active& from) {
  auto item = store.claim(from.batch.id);
  if (!item) {
    note_failure("taking an item", Result<void>(item.error()));
    return std::nullopt;  // It goes on with the next process.
  }
  const std::lock_guard lock(mutex);
  from.is_out = !*item;
  return std::move(*item);
}

bool BatchRunner::Impl::take_room(const std::string& client, std::uint64_t wanted) {
  const std::lock_guard lock(mutex);
  std::uint64_t& own_bytes = bytes[client];
  if (own_bytes + wanted > limits.max_bytes_per_client || all_bytes + wanted > limits.max_bytes)
    return false;
  own_bytes += wanted;
  all_bytes += wanted;
  return true;
}

void BatchRunner::Impl::give_room(const std::string& client, std::uint64_t given) {
  const std::lock_guard lock(mutex);
  std::uint64_t& own_bytes = bytes[client];
  own_bytes -= std::min(own_bytes, given);
  all_bytes -= std::min(all_bytes, given);
}

void BatchRunner::Impl::note_item(Active& of, const BatchItem& item) {
  note_failure("noting an item", store.note(of.batch.id, item));
  if (item.status == ItemStatus::kCompleted) ++counts.items_completed;
  if (item.status == ItemStatus::kFailed) ++counts.items_failed;
  if (item.status != ItemStatus::kPending) of.characters_over += item.characters;
}

void BatchRunner::Impl::lane_over(const std::shared_ptr<Active>& of, const Lane* lane) {
  const std::lock_guard lock(mutex);
  std::erase_if(of->lanes, [lane](const auto& other) { return other.get() == lane; });
  if (of->lanes.empty()) end(of);
  lanes_ended.notify_all();
}

// The last lane has ended: all is done, or it was cancelled, or the server goes down.
void BatchRunner::Impl::end(const std::shared_ptr<Active>& of) {
  const std::string id = of->batch.id, client = of->batch.client;
  if (of->removed) {
    note_failure("removing", remove_now(id, client));
  } else if (of->cancelled) {
    note_failure("cancelling", store.cancel_items(id));
    note_failure("cancelling", store.set_status(id, BatchStatus::kCancelled, now_s()));
  } else if (of->is_out) {
    const auto now = store.find(id);
    const bool all_failed = now && now->completed == 0;
    note_failure(
        "ending",
        store.set_status(id, all_failed ? BatchStatus::kFailed : BatchStatus::kCompleted, now_s()));
  } else {
    return;  // It goes on with the next process.
  }
  active.erase(id);
  start_next(client);
}

Result<void> BatchRunner::Impl::remove_now(const std::string& id, const std::string& client) {
  SYRINX_ASSIGN(const Batch batch, store.find(id));
  SYRINX_TRY(store.remove(id));
  std::uint64_t& own_bytes = bytes[client];
  own_bytes -= std::min(own_bytes, batch.bytes);
  all_bytes -= std::min(all_bytes, batch.bytes);
  return {};
}

Result<Batch> BatchRunner::Impl::own(const std::string& id, const std::string& client) {
  auto batch = store.find(is_batch_id(id) ? id : "");
  if (batch && batch->client == client) return batch;
  return make_error(ErrorCode::kNotFound, "you have no batch '", id,
                    "'; GET /v1/batches lists yours");
}

void BatchRunner::Impl::sweep(const std::stop_token& stop) {
  std::unique_lock lock(mutex);
  while (!stopped.wait_for(lock, stop, kSweepEvery, [&] { return stop.stop_requested(); }))
    remove_expired(now_s());
}

void BatchRunner::Impl::remove_expired(std::uint64_t second) {
  const auto kept_s = static_cast<std::uint64_t>(limits.keep_s);
  const auto ended = store.ended_before(second - std::min(second, kept_s));
  if (!ended) return note_failure("looking for old ones", Result<void>(ended.error()));
  for (const std::string& id : *ended) {
    const auto batch = store.find(id);
    if (batch) note_failure("removing", remove_now(id, batch->client));
  }
}

BatchRunner::BatchRunner(BatchStore store, BatchLimits limits, ItemTools tools)
    : impl_(std::make_unique<Impl>(std::move(store), std::move(limits), std::move(tools))) {
  const std::lock_guard lock(impl_->mutex);
  impl_->take_up();
  impl_->sweeper = std::jthread([this](const std::stop_token& stop) { impl_->sweep(stop); });
}

BatchRunner::~BatchRunner() { stop(); }

void BatchRunner::stop() {
  std::unique_lock lock(impl_->mutex);
  impl_->stopping = true;
  for (const auto& [id, one] : impl_->active) {
    for (const auto& lane : one->lanes) {
      lane->stop_item();
      impl_->tools.scheduler->wake(lane.get());
    }
  }
  impl_->lanes_ended.wait(lock, [this] {
    return std::all_of(impl_->active.begin(), impl_->active.end(),
                       [](const auto& one) { return one.second->lanes.empty(); });
  });
}

Result<Batch> BatchRunner::submit(NewBatch wanted, const std::string& client, double weight) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->stopping)
    return make_error(ErrorCode::kUnavailable, "the server is going down; ask again");
  SYRINX_ASSIGN(const std::size_t kept, impl_->store.count_of(client));
  if (kept >= impl_->limits.max_batches_per_client)
    return make_error(ErrorCode::kLimitExceeded, "you keep ", kept,
                      " batches, as many as one client may; DELETE those that you have taken");
  Batch batch;
  batch.id = new_batch_id();
  batch.client = client;
  batch.weight = weight;
  batch.kind = wanted.kind;
  batch.metadata = std::move(wanted.metadata);
  batch.created_at = now_s();
  SYRINX_TRY(impl_->store.add(batch, wanted.items));
  ++impl_->queued[client];
  impl_->start_next(client);
  return impl_->store.find(batch.id);
}

Result<Batch> BatchRunner::find(const std::string& id, const std::string& client) {
  return impl_->own(id, client);
}

Result<std::vector<Batch>> BatchRunner::list(const std::string& client, const std::string& after,
                                             std::size_t most) {
  return impl_->store.list(client, after, most);
}

Result<std::vector<BatchItem>> BatchRunner::items(const std::string& id, const std::string& client,
                                                  std::size_t from, std::size_t most) {
  SYRINX_TRY(impl_->own(id, client));
  return impl_->store.items(id, from, most);
}

Result<Batch> BatchRunner::cancel(const std::string& id, const std::string& client) {
  const std::lock_guard lock(impl_->mutex);
  SYRINX_ASSIGN(const Batch batch, impl_->own(id, client));
  if (is_over(batch.status)) return batch;
  const auto found = impl_->active.find(id);
  if (found == impl_->active.end()) {
    SYRINX_TRY(impl_->store.cancel_items(id));
    SYRINX_TRY(impl_->store.set_status(id, BatchStatus::kCancelled, now_s()));
    if (auto& waiting = impl_->queued[client]; waiting > 0) --waiting;
    return impl_->store.find(id);
  }
  SYRINX_TRY(impl_->store.set_status(id, BatchStatus::kCancelling, 0));
  found->second->cancelled = true;
  for (const auto& lane : found->second->lanes) {
    lane->stop_item();
    impl_->tools.scheduler->wake(lane.get());
  }
  return impl_->store.find(id);
}

Result<void> BatchRunner::remove(const std::string& id, const std::string& client) {
  SYRINX_TRY(cancel(id, client));
  const std::lock_guard lock(impl_->mutex);
  if (const auto found = impl_->active.find(id); found != impl_->active.end()) {
    found->second->removed = true;
    return {};
  }
  return impl_->remove_now(id, client);
}

Result<std::filesystem::path> BatchRunner::result_of(const std::string& id,
                                                     const BatchItem& item) const {
  if (item.status != ItemStatus::kCompleted)
    return make_error(ErrorCode::kNotFound, "item ", item.number, " of the batch is ",
                      name_of(item.status), "; only completed ones have a result");
  auto path = impl_->store.result_path(id, item.number);
  std::error_code failed;
  if (std::filesystem::file_size(path, failed) == item.bytes && !failed) return path;
  return make_error(ErrorCode::kNotFound, "the result of item ", item.number,
                    " is not on disk any more");
}

BatchProgress BatchRunner::progress(const Batch& batch) const {
  BatchProgress progress;
  if (is_over(batch.status)) {
    progress.share =
        batch.status == BatchStatus::kCancelled && batch.characters > 0
            ? static_cast<double>(batch.characters_over) / static_cast<double>(batch.characters)
            : 1.0;
    return progress;
  }
  const auto all = static_cast<double>(std::max<std::size_t>(1, batch.characters));
  auto over = static_cast<double>(batch.characters_over);
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->active.find(batch.id);
  if (found != impl_->active.end()) {
    double since = static_cast<double>(found->second->characters_over);
    for (const auto& lane : found->second->lanes) {
      over += lane->characters_under_way();
      since += lane->characters_under_way();
    }
    const double ran_s =
        std::chrono::duration<double>(SteadyClock::now() - found->second->began).count();
    if (since > 0) progress.eta_s = std::max(0.0, all - over) * ran_s / since;
  }
  progress.share = std::clamp(over / all, 0.0, 1.0);
  return progress;
}

BatchCounts BatchRunner::counts() const {
  const std::lock_guard lock(impl_->mutex);
  BatchCounts counts = impl_->counts;
  counts.active = impl_->active.size();
  for (const auto& [client, count] : impl_->queued) counts.queued += count;
  counts.bytes = impl_->all_bytes;
  counts.max_bytes = impl_->limits.max_bytes;
  return counts;
}

const BatchLimits& BatchRunner::limits() const noexcept { return impl_->limits; }

void BatchRunner::remove_expired(std::uint64_t second) {
  const std::lock_guard lock(impl_->mutex);
  impl_->remove_expired(second);
}

}  // namespace syrinx::server
