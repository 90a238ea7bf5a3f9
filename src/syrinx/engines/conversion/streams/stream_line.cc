// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/streams/stream_line.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <utility>

namespace syrinx::conversion {
namespace {

constexpr float kLoudest = 16.0f;
constexpr double kDefaultBlockS = 0.01;
constexpr double kDefaultDeadlineS = 0.02;
constexpr double kPassingS = 5.0;
constexpr std::size_t kWatchedBlocks = 100;
constexpr std::size_t kManyBad = 3;  // Of these: the level is left.

// Processor time of the calling thread.
double thread_seconds() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

Result<void> check(const StreamOptions& options) {
  if (!(options.queue_s >= 0.05 && options.queue_s <= 60.0))
    return make_error(ErrorCode::kInvalidArgument, "a stream's queue of ", options.queue_s,
                      " s; give 0.05 to 60");
  if (!(options.deadline_ms >= 0.0 && options.deadline_ms <= 60'000.0))
    return make_error(ErrorCode::kInvalidArgument, "a stream's deadline of ", options.deadline_ms,
                      " ms; give 0 to 60000");
  if (options.priority < -100 || options.priority > 100)
    return make_error(ErrorCode::kInvalidArgument, "a stream's priority of ", options.priority,
                      "; give -100 to 100");
  return {};
}

}  // namespace

std::string_view to_string(Recovery recovery) noexcept {
  constexpr std::string_view kNames[] = {"skip", "retry", "pass-through", "stop"};
  return kNames[static_cast<std::size_t>(recovery)];
}

Result<std::shared_ptr<StreamState>> StreamState::create(const StreamOptions& options) {
  SYRINX_TRY(check(options));
  StreamOptions used = options;
  const double rate = options.chain.sample_rate_hz;
  std::size_t block = options.block_frames;
  if (block == 0) block = static_cast<std::size_t>(std::lround(kDefaultBlockS * rate));
  if (block < 1 || static_cast<double>(block) > 0.5 * options.queue_s * rate)
    return make_error(ErrorCode::kInvalidArgument, "a stream's block of ", block,
                      " frames; give 1 to half of the queue of ", options.queue_s, " s");
  used.chain.max_block_frames = block;
  SYRINX_ASSIGN(auto chain, LiveChain::create(used.chain));
  return std::make_shared<StreamState>(used, block, std::move(chain));
}

StreamState::StreamState(const StreamOptions& given, std::size_t block_size,
                         std::unique_ptr<LiveChain> made)
    : options(given),
      channels(given.chain.channels),
      block_frames(block_size),
      queue_samples(static_cast<std::size_t>(given.queue_s * given.chain.sample_rate_hz) *
                    channels),
      deadline_s(given.deadline_ms > 0.0 ? 1e-3 * given.deadline_ms : kDefaultDeadlineS),
      chain(std::move(made)),
      block(channels, block_size, given.chain.sample_rate_hz),
      before(channels, block_size, given.chain.sample_rate_hz),
      interleaved(channels * block_size),
      pushed(channels * block_size),
      pulled(channels * block_size),
      input(queue_samples),
      output(queue_samples),
      stamps(queue_samples / (channels * block_size) + 2) {
  figures.priority = given.priority;
  figures.level = given.chain.best;
}

std::size_t StreamState::push(AudioView sound, std::size_t& whole_blocks) noexcept {
  std::size_t taken = 0;
  while (taken < sound.frames() && !stopped.load(std::memory_order_relaxed)) {
    const std::size_t used = std::min(input.size(), queue_samples);
    const std::size_t room = (queue_samples - used) / channels;
    const std::size_t frames =
        std::min({sound.frames() - taken, room, block_frames - partial_frames});
    if (frames == 0) break;
    for (std::size_t c = 0; c < channels; ++c) {
      const auto row = sound.channel(c).subspan(taken, frames);
      for (std::size_t i = 0; i < frames; ++i) pushed[i * channels + c] = row[i];
    }
    input.write(std::span<const float>(pushed).first(frames * channels));
    taken += frames;
    partial_frames += frames;
    if (partial_frames < block_frames) continue;
    partial_frames = 0;
    const PoolClock::time_point now = PoolClock::now();
    if (stamps.size() == 0) oldest_stamp.store(now.time_since_epoch().count());
    stamps.write(std::span(&now, 1));
    ++whole_blocks;
  }
  return taken;
}

std::size_t StreamState::pull(MutableAudioView out) noexcept {
  std::size_t given = 0;
  while (given < out.frames()) {
    const std::size_t frames =
        std::min({out.frames() - given, output.size() / channels, block_frames});
    if (frames == 0) break;
    output.read(std::span(pulled).first(frames * channels));
    for (std::size_t c = 0; c < channels; ++c) {
      const auto row = out.channel(c).subspan(given, frames);
      for (std::size_t i = 0; i < frames; ++i) row[i] = pulled[i * channels + c];
    }
    given += frames;
  }
  return given;
}

bool StreamState::ready() const noexcept {
  const std::size_t samples = block_frames * channels;
  return !stopped.load() && stamps.size() > 0 &&
         std::min(output.size(), queue_samples) + samples <= queue_samples;
}

PoolClock::time_point StreamState::oldest() const noexcept {
  return PoolClock::time_point(PoolClock::duration(oldest_stamp.load()));
}

bool StreamState::work() noexcept {
  PoolClock::time_point stamp;
  stamps.read(std::span(&stamp, 1));
  const auto begin = PoolClock::now();
  oldest_stamp.store(begin.time_since_epoch().count());  // The next one's, at the latest.
  const double cpu_before = thread_seconds();
  input.read(interleaved);
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < block_frames; ++i)
      before.channel(c)[i] = block.channel(c)[i] = interleaved[i * channels + c];
  chain->process(block.view());
  const std::scoped_lock lock(figures_mutex);
  if (is_bad()) recover();
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < block_frames; ++i)
      interleaved[i * channels + c] = block.channel(c)[i];
  if (!stopped.load()) output.write(interleaved);
  figures.work_s += thread_seconds() - cpu_before;
  return finish_block(stamp, begin);
}

bool StreamState::is_bad() const noexcept {
  for (std::size_t c = 0; c < channels; ++c)
    for (const float x : block.channel(c))
      if (!(std::abs(x) <= kLoudest)) return true;
  return false;
}

// `block` becomes what the policy puts in the place of a bad one.
void StreamState::recover() noexcept {
  ++figures.bad_blocks;
  ++recent_bad;
  chain->reset();
  for (std::size_t c = 0; c < channels; ++c)
    std::copy(before.channel(c).begin(), before.channel(c).end(), block.channel(c).begin());
  switch (options.recovery) {
    case Recovery::kStop:
      stopped.store(true);
      return;
    case Recovery::kPassThrough:
      ++figures.passed;
      step(LiveLevel::kPassThrough);
      passing_blocks = static_cast<std::size_t>(kPassingS * options.chain.sample_rate_hz /
                                                static_cast<double>(block_frames));
      if (!is_bad()) return;
      break;
    case Recovery::kRetry:
      chain->process(block.view());
      if (is_bad()) break;
      ++figures.retried;
      return;
    case Recovery::kSkip:
      break;
  }
  if (options.recovery != Recovery::kPassThrough) ++figures.skipped;
  for (std::size_t c = 0; c < channels; ++c)
    std::fill(block.channel(c).begin(), block.channel(c).end(), 0.0f);
}

bool StreamState::finish_block(PoolClock::time_point stamp, PoolClock::time_point begin) noexcept {
  const auto end = PoolClock::now();
  const double work_s = std::chrono::duration<double>(end - begin).count();
  const double wait_s = std::chrono::duration<double>(end - stamp).count();
  const bool late = wait_s > deadline_s;
  ++figures.blocks;
  figures.stopped = stopped.load();
  if (late) ++figures.missed_deadlines;
  work_times.add(work_s);
  wait_times.add(wait_s);
  if (passing_blocks > 0 && --passing_blocks == 0) step(options.chain.best);
  if (figures.blocks % kWatchedBlocks == 0) recent_bad = 0;
  if (recent_bad < kManyBad || chain->level() == LiveLevel::kPassThrough) return late;
  recent_bad = 0;
  step(static_cast<LiveLevel>(static_cast<int>(chain->level()) + 1));
  return late;
}

void StreamState::step_by_load(int steps) noexcept {
  const std::scoped_lock lock(figures_mutex);
  step(static_cast<LiveLevel>(static_cast<int>(chain->level()) + steps));
}

void StreamState::step(LiveLevel to) noexcept {
  const LiveLevel from = chain->level();
  if (to == from || to < options.chain.best) return;
  chain->set_level(to);
  figures.level = to;
  ++(to > from ? figures.step_downs : figures.step_ups);
}

StreamReport StreamState::report() const {
  const std::scoped_lock lock(figures_mutex);
  StreamReport shot = figures;
  shot.p50_block_ms = 1e3 * work_times.quantile(0.5);
  shot.p99_block_ms = 1e3 * work_times.quantile(0.99);
  shot.p99_wait_ms = 1e3 * wait_times.quantile(0.99);
  shot.latency_ms =
      1e3 * static_cast<double>(chain->latency_samples(shot.level)) / options.chain.sample_rate_hz;
  return shot;
}

}  // namespace syrinx::conversion
