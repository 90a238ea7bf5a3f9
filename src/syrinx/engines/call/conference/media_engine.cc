// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/media_engine.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/spsc_queue.h"

namespace syrinx::call {
namespace {

using std::chrono::nanoseconds;
using Steady = std::chrono::steady_clock;

constexpr std::uint64_t kUnixToNtpSeconds = 2'208'988'800;  // 1900 to 1970.
// A thread that has fallen so far behind leaves out what it missed.
constexpr nanoseconds kHopelesslyLate = std::chrono::seconds(1);

// One thread's things to tick, and how that went.
class Worker {
 public:
  explicit Worker(nanoseconds period) : period_(period), changes_(4'096) {}

  struct Change {
    Ticked* what = nullptr;
    bool add = false;
  };

  // Of the controlling thread. False: too much was asked for between two ticks.
  bool ask(const Change& change) {
    if (changes_.write(std::span(&change, 1)) == 0) return false;
    ++asked_;
    change.add ? ++count_ : --count_;
    return true;
  }
  // Returns when all that was asked for has been done.
  void wait() {
    if (!thread_.joinable()) return obey();
    while (done_.load(std::memory_order_acquire) != asked_)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::size_t count() const noexcept { return count_; }
  void start() {
    obey();
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  void ask_to_stop() { thread_.request_stop(); }
  void join() { thread_ = std::jthread(); }

  // Of the ticking thread.
  void tick(nanoseconds now) noexcept {
    obey();
    const auto start = Steady::now();
    std::uint64_t visits = 0;
    {
      const RealtimeScope scope;
      for (Ticked* what : ticked_) {
        if (what->wanted_at() > now) continue;
        what->tick(now);
        ++visits;
      }
    }
    visits_.fetch_add(visits, std::memory_order_relaxed);
    idle_.fetch_add(ticked_.size() - visits, std::memory_order_relaxed);
    const auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(Steady::now() - start);
    const std::uint64_t number = ticks_.load(std::memory_order_relaxed);
    took_ns_[number % kRemembered].store(
        static_cast<std::uint32_t>(std::min<std::int64_t>(took.count(), UINT32_MAX)),
        std::memory_order_relaxed);
    ticks_.store(number + 1, std::memory_order_release);
  }

  void add_to(TickStatistics& sum, std::vector<std::uint32_t>& times) const {
    const std::uint64_t ticks = ticks_.load(std::memory_order_acquire);
    sum.ticks += ticks;
    sum.ticks_late += late_.load(std::memory_order_relaxed);
    sum.visits += visits_.load(std::memory_order_relaxed);
    sum.visits_idle += idle_.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < std::min<std::uint64_t>(ticks, kRemembered); ++i)
      times.push_back(took_ns_[i].load(std::memory_order_relaxed));
  }

 private:
  static constexpr std::size_t kRemembered = 4'096;

  // What is added takes memory, outside the tick itself.
  void obey() {
    Change change;
    while (changes_.read(std::span(&change, 1)) > 0) {
      if (change.add) ticked_.push_back(change.what);
      if (!change.add) std::erase(ticked_, change.what);
      done_.fetch_add(1, std::memory_order_release);
    }
  }
  void run(const std::stop_token& stop) {
    nanoseconds next = Steady::now().time_since_epoch() + period_;
    while (!stop.stop_requested()) {
      std::this_thread::sleep_until(Steady::time_point(next));
      const nanoseconds behind = Steady::now().time_since_epoch() - next;
      if (behind > period_) late_.fetch_add(1, std::memory_order_relaxed);
      tick(next);
      next += period_;
      if (behind > kHopelesslyLate) next = Steady::now().time_since_epoch() + period_;
    }
  }

  nanoseconds period_;
  SpscQueue<Change> changes_;
  std::uint64_t asked_ = 0;
  std::size_t count_ = 0;
  std::atomic<std::uint64_t> done_{0};
  std::vector<Ticked*> ticked_;
  std::atomic<std::uint64_t> ticks_{0};
  std::atomic<std::uint64_t> late_{0};
  std::atomic<std::uint64_t> visits_{0};
  std::atomic<std::uint64_t> idle_{0};
  std::array<std::atomic<std::uint32_t>, kRemembered> took_ns_{};
  std::jthread thread_;  // Last: joined before what it uses goes.
};

double ms_at(const std::vector<std::uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0.0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return static_cast<double>(sorted[at]) * 1e-6;
}

std::uint64_t random_seed() {
  std::random_device device;
  const std::uint64_t high = device();
  return (high << 32 | device()) | 1;
}

// NTP time, 32.32, when the steady clock was 0.
std::uint64_t ntp_at_steady_zero() {
  const auto since_1970 =
      std::chrono::system_clock::now().time_since_epoch() - Steady::now().time_since_epoch();
  const auto ns =
      static_cast<std::uint64_t>(std::chrono::duration_cast<nanoseconds>(since_1970).count());
  const std::uint64_t seconds = ns / 1'000'000'000 + kUnixToNtpSeconds;
  return (seconds << 32) + ((ns % 1'000'000'000) << 32) / 1'000'000'000;
}

}  // namespace

class MediaEngine::Impl {
 public:
  explicit Impl(const EngineOptions& options) : options_(options) {
    for (std::size_t i = 0; i < options.threads; ++i)
      workers_.push_back(std::make_unique<Worker>(std::chrono::milliseconds(options.tick_ms)));
  }

  EngineOptions options_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::pair<Ticked*, Worker*>> where_;
  nanoseconds advanced_to_{0};
  bool running_ = false;
};

Result<std::unique_ptr<MediaEngine>> MediaEngine::create(const EngineOptions& options) {
  if (options.threads < 1 || options.threads > limits::kMaxThreads)
    return make_error(ErrorCode::kInvalidArgument, "a media engine of ", options.threads,
                      " threads; 1 to ", limits::kMaxThreads, " can be");
  if (options.tick_ms != 10 && options.tick_ms != 20)
    return make_error(ErrorCode::kInvalidArgument, "a media engine that ticks every ",
                      options.tick_ms, " ms; 10 or 20 can be");
  return std::unique_ptr<MediaEngine>(new MediaEngine(std::make_unique<Impl>(options)));
}

MediaEngine::MediaEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MediaEngine::~MediaEngine() { stop(); }

const EngineOptions& MediaEngine::options() const noexcept { return impl_->options_; }

Result<std::unique_ptr<MediaSession>> MediaEngine::create_session(SessionOptions options) const {
  if (options.seed == 0) options.seed = random_seed();
  if (options.ntp_at_zero == 0) options.ntp_at_zero = ntp_at_steady_zero();
  return MediaSession::create(options);
}

Result<void> MediaEngine::add(Ticked& what) {
  const auto least =
      std::min_element(impl_->workers_.begin(), impl_->workers_.end(),
                       [](const auto& a, const auto& b) { return a->count() < b->count(); });
  if (!(*least)->ask({&what, true}))
    return make_error(ErrorCode::kUnavailable, "a media engine that has not ticked since 4096 ",
                      "changes takes no more; start() or advance_to()");
  impl_->where_.emplace_back(&what, least->get());
  return {};
}

Result<void> MediaEngine::remove(Ticked& what) {
  const auto at = std::find_if(impl_->where_.begin(), impl_->where_.end(),
                               [&](const auto& entry) { return entry.first == &what; });
  if (at == impl_->where_.end())
    return make_error(ErrorCode::kNotFound, "what is to be removed was not added to this engine");
  Worker& worker = *at->second;
  while (!worker.ask({&what, false})) worker.wait();
  worker.wait();
  impl_->where_.erase(at);
  return {};
}

Result<void> MediaEngine::start() {
  if (impl_->running_)
    return make_error(ErrorCode::kUnavailable, "this media engine runs already; stop() it first");
  impl_->running_ = true;
  for (const auto& worker : impl_->workers_) worker->start();
  return {};
}

void MediaEngine::stop() {
  for (const auto& worker : impl_->workers_) worker->ask_to_stop();
  for (const auto& worker : impl_->workers_) worker->join();
  impl_->running_ = false;
}

void MediaEngine::advance_to(nanoseconds until) {
  const nanoseconds period = std::chrono::milliseconds(impl_->options_.tick_ms);
  while (impl_->advanced_to_ + period <= until) {
    impl_->advanced_to_ += period;
    for (const auto& worker : impl_->workers_) worker->tick(impl_->advanced_to_);
  }
}

TickStatistics MediaEngine::statistics() const {
  TickStatistics sum;
  std::vector<std::uint32_t> times;
  for (const auto& worker : impl_->workers_) worker->add_to(sum, times);
  std::sort(times.begin(), times.end());
  sum.p50_ms = ms_at(times, 0.5);
  sum.p99_ms = ms_at(times, 0.99);
  sum.max_ms = ms_at(times, 1.0);
  return sum;
}

}  // namespace syrinx::call
