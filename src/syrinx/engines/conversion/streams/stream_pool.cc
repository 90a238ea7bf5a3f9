// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/streams/stream_pool.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <thread>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/thread_pool.h"
#include "syrinx/engines/conversion/streams/stream_line.h"

namespace syrinx::conversion {
namespace {

constexpr double kMostCalmS = 120.0;
constexpr double kLowLoad = 0.6;       // Below it, there is room for a better level.
constexpr std::size_t kStepShare = 8;  // One in so many streams steps down at once.

}  // namespace

struct PoolState {
  explicit PoolState(const PoolOptions& given) : options(given) {}

  void start();
  void stop();
  void run(const std::stop_token& stop);
  std::shared_ptr<StreamState> take_next();
  void give_back(StreamState& stream, double work_s, bool was_late);
  void watch();
  void step_down_some();
  void step_up_one();

  PoolOptions options;
  std::counting_semaphore<> work_there{0};
  mutable std::mutex mutex;  // Of all below.
  std::condition_variable rested;
  std::vector<std::shared_ptr<StreamState>> streams;
  PoolClock::time_point watch_began = PoolClock::now();
  double busy_s = 0.0;  // Since the watch began, as all down to `late`.
  std::uint64_t blocks = 0;
  std::uint64_t late = 0;
  double calm_s = 0.0;
  double needed_calm_s = 0.0;
  double since_up_s = 1e9;
  PoolReport figures;
  std::vector<std::jthread> threads;
};

void PoolState::start() {
  needed_calm_s = options.calm_s;
  const std::size_t count = options.threads > 0 ? options.threads : usable_processors();
  figures.threads = count;
  for (std::size_t i = 0; i < count; ++i)
    threads.emplace_back([this](const std::stop_token& stop) { run(stop); });
}

void PoolState::stop() {
  for (auto& thread : threads) thread.request_stop();
  work_there.release(static_cast<std::ptrdiff_t>(threads.size()));
  threads.clear();
}

void PoolState::run(const std::stop_token& stop) {
  while (true) {
    work_there.acquire();
    if (stop.stop_requested()) return;
    while (const auto stream = take_next()) {
      const auto begin = PoolClock::now();
      const bool was_late = stream->work();
      const std::chrono::duration<double> took = PoolClock::now() - begin;
      give_back(*stream, took.count(), was_late);
      if (stop.stop_requested()) return;
    }
  }
}

std::shared_ptr<StreamState> PoolState::take_next() {
  const std::scoped_lock lock(mutex);
  std::shared_ptr<StreamState> best;
  for (const auto& stream : streams) {
    if (stream->running || !stream->ready()) continue;
    const bool better =
        best == nullptr || stream->options.priority > best->options.priority ||
        (stream->options.priority == best->options.priority && stream->oldest() < best->oldest());
    if (better) best = stream;
  }
  if (best) best->running = true;
  return best;
}

void PoolState::give_back(StreamState& stream, double work_s, bool was_late) {
  const std::scoped_lock lock(mutex);
  stream.running = false;
  rested.notify_all();
  busy_s += work_s;
  ++blocks;
  ++figures.blocks;
  if (was_late) {
    ++late;
    ++figures.missed_deadlines;
  }
  watch();
}

// Looks, once in a while, whether all keep up.
void PoolState::watch() {
  const double seconds = std::chrono::duration<double>(PoolClock::now() - watch_began).count();
  if (seconds < options.watch_s) return;
  figures.load = busy_s / (seconds * static_cast<double>(figures.threads));
  const bool trouble =
      static_cast<double>(late) > options.most_missed * static_cast<double>(blocks);
  calm_s = late == 0 && figures.load < kLowLoad ? calm_s + seconds : 0.0;
  since_up_s += seconds;
  if (options.step_down && trouble) step_down_some();
  if (options.step_down && calm_s >= needed_calm_s) step_up_one();
  watch_began = PoolClock::now();
  busy_s = 0.0;
  blocks = late = 0;
}

void PoolState::step_down_some() {
  if (since_up_s < needed_calm_s) needed_calm_s = std::min(2.0 * needed_calm_s, kMostCalmS);
  std::vector<StreamState*> able;
  for (const auto& stream : streams)
    if (!stream->running && stream->chain->level() != LiveLevel::kPassThrough)
      able.push_back(stream.get());
  // The least important first, and of these the dearest.
  std::sort(able.begin(), able.end(), [](const StreamState* a, const StreamState* b) {
    return a->options.priority != b->options.priority ? a->options.priority < b->options.priority
                                                      : a->chain->level() < b->chain->level();
  });
  able.resize(std::min(able.size(), (streams.size() + kStepShare - 1) / kStepShare));
  for (StreamState* stream : able) {
    stream->step_by_load(1);
    ++figures.step_downs;
  }
}

// The most important of those that are not at their best.
void PoolState::step_up_one() {
  StreamState* best = nullptr;
  for (const auto& stream : streams) {
    const bool can = !stream->running && stream->chain->level() > stream->options.chain.best &&
                     stream->passing_blocks == 0;
    if (can && (best == nullptr || stream->options.priority > best->options.priority))
      best = stream.get();
  }
  if (best == nullptr) return;
  best->step_by_load(-1);
  ++figures.step_ups;
  calm_s = 0.0;
  since_up_s = 0.0;
}

Result<std::unique_ptr<StreamPool>> StreamPool::create(const PoolOptions& options) {
  if (options.threads > limits::kMaxThreads || options.most_streams < 1)
    return make_error(ErrorCode::kInvalidArgument, "a pool of ", options.threads, " threads for ",
                      options.most_streams, " streams; give 0 to ", limits::kMaxThreads,
                      " threads and 1 stream or more");
  if (!(options.watch_s > 0.0) || !(options.calm_s > 0.0) || !(options.most_missed >= 0.0))
    return make_error(ErrorCode::kInvalidArgument,
                      "a pool's times must be above 0, and the share that may be late 0 or more");
  auto state = std::make_unique<PoolState>(options);
  state->start();
  return std::unique_ptr<StreamPool>(new StreamPool(std::move(state)));
}

StreamPool::StreamPool(std::unique_ptr<PoolState> state) noexcept : state_(std::move(state)) {}
StreamPool::~StreamPool() { state_->stop(); }

Result<PooledStream> StreamPool::open(const StreamOptions& options) {
  {
    const std::scoped_lock lock(state_->mutex);
    if (state_->streams.size() >= state_->options.most_streams)
      return make_error(ErrorCode::kLimitExceeded, "the pool has ", state_->streams.size(),
                        " streams already, as many as it may; close one first");
  }
  SYRINX_ASSIGN(auto stream, StreamState::create(options));
  const std::scoped_lock lock(state_->mutex);
  state_->streams.push_back(stream);
  return PooledStream(std::move(stream), state_.get());
}

PoolReport StreamPool::report() const {
  const std::scoped_lock lock(state_->mutex);
  PoolReport shot = state_->figures;
  shot.streams = state_->streams.size();
  return shot;
}

PooledStream::PooledStream(std::shared_ptr<StreamState> state, PoolState* pool) noexcept
    : state_(std::move(state)), pool_(pool) {}
PooledStream::PooledStream(PooledStream&& other) noexcept
    : state_(std::move(other.state_)), pool_(std::exchange(other.pool_, nullptr)) {}
PooledStream& PooledStream::operator=(PooledStream&& other) noexcept {
  leave();
  state_ = std::move(other.state_);
  pool_ = std::exchange(other.pool_, nullptr);
  return *this;
}
PooledStream::~PooledStream() { leave(); }

void PooledStream::leave() noexcept {
  if (pool_ == nullptr || state_ == nullptr) return;
  std::unique_lock lock(pool_->mutex);
  pool_->rested.wait(lock, [this] { return !state_->running; });
  std::erase(pool_->streams, state_);
  pool_ = nullptr;
}

std::size_t PooledStream::block_frames() const noexcept { return state_->block_frames; }
std::size_t PooledStream::latency_samples() const noexcept {
  return state_->chain->latency_samples(state_->options.chain.best);
}

std::size_t PooledStream::push(AudioView sound) noexcept {
  std::size_t blocks = 0;
  const std::size_t taken = state_->push(sound, blocks);
  if (blocks > 0) pool_->work_there.release(static_cast<std::ptrdiff_t>(blocks));
  return taken;
}

std::size_t PooledStream::pull(MutableAudioView out) noexcept {
  const std::size_t given = state_->pull(out);
  if (given > 0 && state_->waiting_blocks() > 0) pool_->work_there.release();  // There is room.
  return given;
}

std::size_t PooledStream::waiting_blocks() const noexcept { return state_->waiting_blocks(); }
StreamReport PooledStream::report() const { return state_->report(); }

}  // namespace syrinx::conversion
