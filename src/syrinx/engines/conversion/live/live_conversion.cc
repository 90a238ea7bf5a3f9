// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/live_conversion.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <ctime>
#include <limits>
#include <optional>
#include <thread>
#include <utility>

#include "syrinx/core/base/spsc_queue.h"
#include "syrinx/engines/conversion/live/live_queue.h"

namespace syrinx::conversion {
namespace {

constexpr double kQueueS = 0.5;
constexpr double kMostSafetyMs = 40.0;
constexpr double kLeastGrownMs = 1.0;
constexpr double kCatchUpS = 2.0;  // How long the output is watched before its delay is shortened.
constexpr double kSafetyGrowth = 1.5;
constexpr std::size_t kMostBlockFrames = 16'384;
constexpr int kPriority = 20;
constexpr double kMostLoadInCallback = 0.25;
constexpr long kWaitNs = 50'000'000;

// What is worked on at once, and kept ready besides.
struct Buffering {
  double block_ms;
  double safety_ms;
};
Buffering default_buffering(LiveLevel best) noexcept {
  if (best == LiveLevel::kLow) return {1.0, 1.0};
  return best == LiveLevel::kBalanced ? Buffering{2.0, 2.0} : Buffering{4.0, 3.0};
}

// Without stepping down, no load is too high.
GovernorOptions limits_of(const LiveOptions& options) noexcept {
  GovernorOptions limits = options.governor;
  if (!options.step_down) limits.step_down_load = std::numeric_limits<double>::infinity();
  return limits;
}

// Wakes the worker without a lock.
class Bell {
 public:
  Bell() { ::sem_init(&semaphore_, 0, 0); }
  ~Bell() { ::sem_destroy(&semaphore_); }
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;
  void ring() noexcept { ::sem_post(&semaphore_); }
  void wait() noexcept {
    timespec until{};
    ::clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += kWaitNs;
    until.tv_sec += until.tv_nsec / 1'000'000'000;
    until.tv_nsec %= 1'000'000'000;
    ::sem_timedwait(&semaphore_, &until);
  }

 private:
  sem_t semaphore_;
};

// The figures of a snapshot, each by itself.
struct Figures {
  std::atomic<double> input_db{-120.0};
  std::atomic<double> output_db{-120.0};
  std::atomic<double> f0_hz{0.0};
  std::atomic<double> load{0.0};
  std::atomic<std::size_t> latency_frames{0};
  std::atomic<LiveLevel> level{LiveLevel::kHigh};
  std::atomic<std::uint64_t> frames{0};
  std::atomic<std::uint64_t> step_downs{0};
  std::atomic<std::uint64_t> step_ups{0};
  std::atomic<std::uint64_t> late_blocks{0};
  std::atomic<std::uint64_t> caught_up_frames{0};
  std::atomic<std::uint64_t> bad_samples{0};
};

}  // namespace

struct LiveConversion::State {
  State(const LiveOptions& given, std::size_t block, std::unique_ptr<LiveChain> made)
      : options(given),
        rate(given.chain.sample_rate_hz),
        channels(given.chain.channels),
        block_frames(block),
        chain(std::move(made)),
        governor(given.chain.best, limits_of(given)),
        input(channels, queue_frames()),
        output(channels, queue_frames()),
        monitor(channels, queue_frames()),
        work(channels, block, given.chain.sample_rate_hz),
        left_out(channels, block, given.chain.sample_rate_hz),
        safety_frames(*given.safety_ms * 1e-3 * rate) {
    figures.level.store(given.chain.best);
    figures.latency_frames.store(chain->latency_samples());
  }

  std::size_t queue_frames() const noexcept {
    return std::max(static_cast<std::size_t>(kQueueS * rate), 8 * block_frames);
  }
  double seconds(std::size_t frames) const noexcept { return static_cast<double>(frames) / rate; }

  void run(const std::stop_token& stop) noexcept;
  bool fits_in_callback() const noexcept;
  bool work_off() noexcept;
  void one_block() noexcept;
  void obey() noexcept;
  void process() noexcept;
  void govern(double work_s) noexcept;
  void publish() noexcept;
  void deliver() noexcept;
  void prime() noexcept;
  void watch_delay() noexcept;
  void leave_out() noexcept;
  void fade_in() noexcept;

  LiveOptions options;
  double rate;
  std::size_t channels;
  std::size_t block_frames;
  std::unique_ptr<LiveChain> chain;  // Of who holds `working`, as all down to `primed`.
  LoadGovernor governor;
  LiveQueue input;
  LiveQueue output;
  LiveQueue monitor;
  AudioBuffer work;
  AudioBuffer left_out;  // The block that a crossfade leads away from.
  double safety_frames;
  std::size_t least_ready = std::numeric_limits<std::size_t>::max();
  std::size_t watched_frames = 0;
  std::uint64_t gaps_seen = 0;
  std::size_t blocks_to_leave_out = 0;
  bool fading_in = false;
  bool primed = false;

  std::atomic_flag working;          // Held by who works on blocks; nobody waits for it.
  std::atomic<bool> running{false};  // Between start() and stop().
  Bell bell;
  Figures figures;
  SpscQueue<voice::VoiceSettings> voices{64};
  std::atomic<double> input_gain_db{0.0};
  std::atomic<double> output_gain_db{0.0};
  std::atomic<bool> gains_changed{false};
  std::atomic<bool> bypass{false};
  std::atomic<bool> monitoring{false};
  std::atomic<bool> flowing{false};  // Something has been made: gaps count.
  std::atomic<bool> ending{false};   // Nothing more comes: they no longer do.
  std::atomic<bool> has_priority{false};
  std::atomic<std::size_t> capture_frames{0};  // The largest that the devices asked for at once.
  std::atomic<std::size_t> render_frames{0};
  std::jthread worker;  // Last: joined before what it uses goes.
};

void LiveConversion::State::run(const std::stop_token& stop) noexcept {
  if (options.ask_for_priority) {
    sched_param priority{};
    priority.sched_priority = kPriority;
    has_priority.store(::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &priority) == 0);
  }
  while (!stop.stop_requested()) {
    bell.wait();
    work_off();
  }
}

// A voice that costs little is worked on where it is captured: no thread needs to be woken in time.
bool LiveConversion::State::fits_in_callback() const noexcept {
  return running.load() && chain->realtime_safe() && figures.load.load() < kMostLoadInCallback;
}

// False when the other thread is at it. A capturing thread that finds the worker at it rings the
// bell, which the worker hears after its last block; a worker that finds the capturing thread at it
// can go: that one works off all that it has captured. So nothing is left lying.
bool LiveConversion::State::work_off() noexcept {
  if (working.test_and_set(std::memory_order_acquire)) return false;
  while (input.frames() >= block_frames) one_block();
  working.clear(std::memory_order_release);
  return true;
}

void LiveConversion::State::one_block() noexcept {
  if (chain->realtime_safe()) {
    const RealtimeScope scope;
    obey();
    process();
    deliver();
  } else {
    obey();
    process();
    deliver();
  }
}

void LiveConversion::State::obey() noexcept {
  chain->set_bypass(bypass.load(std::memory_order_relaxed));
  if (gains_changed.exchange(false)) chain->set_gains(input_gain_db.load(), output_gain_db.load());
  voice::VoiceSettings settings;
  while (voices.read(std::span(&settings, 1)) == 1) chain->set_voice(settings);
}

void LiveConversion::State::process() noexcept {
  input.read(work.view());
  const auto before = std::chrono::steady_clock::now();
  chain->process(work.view());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  govern(took.count());
  publish();
}

void LiveConversion::State::govern(double work_s) noexcept {
  const LiveLevel before = governor.level();
  const LiveLevel wanted = governor.after_block(seconds(block_frames), work_s);
  if (work_s > seconds(block_frames)) figures.late_blocks.fetch_add(1);
  if (wanted == before) return;
  (wanted > before ? figures.step_downs : figures.step_ups).fetch_add(1);
  chain->set_level(wanted);
}

void LiveConversion::State::publish() noexcept {
  figures.input_db.store(chain->input_db(), std::memory_order_relaxed);
  figures.output_db.store(chain->output_db(), std::memory_order_relaxed);
  figures.f0_hz.store(chain->f0_hz(), std::memory_order_relaxed);
  figures.load.store(governor.load(), std::memory_order_relaxed);
  figures.level.store(chain->level(), std::memory_order_relaxed);
  figures.latency_frames.store(chain->latency_samples(), std::memory_order_relaxed);
  figures.bad_samples.store(chain->bad_samples(), std::memory_order_relaxed);
  figures.frames.fetch_add(block_frames, std::memory_order_relaxed);
}

void LiveConversion::State::deliver() noexcept {
  if (!primed) prime();
  watch_delay();
  if (blocks_to_leave_out > 0) return leave_out();
  if (fading_in) fade_in();
  output.write(work);
  if (monitoring.load(std::memory_order_relaxed)) monitor.write(work);
  flowing.store(true, std::memory_order_release);
}

// This block goes; what comes after the last that does is faded into from the first.
void LiveConversion::State::leave_out() noexcept {
  for (std::size_t c = 0; c < channels && !fading_in; ++c)
    std::copy(work.channel(c).begin(), work.channel(c).end(), left_out.channel(c).begin());
  fading_in = true;
  --blocks_to_leave_out;
  figures.caught_up_frames.fetch_add(block_frames);
}

void LiveConversion::State::fade_in() noexcept {
  fading_in = false;
  for (std::size_t i = 0; i < block_frames; ++i) {
    const auto share = static_cast<float>(i) / static_cast<float>(block_frames);
    for (std::size_t c = 0; c < channels; ++c) {
      float& x = work.channel(c)[i];
      x = left_out.channel(c)[i] + share * (x - left_out.channel(c)[i]);
    }
  }
}

// Before the first block goes as much silence as the devices' blocks make necessary.
void LiveConversion::State::prime() noexcept {
  const std::size_t largest = std::max({capture_frames.load(), render_frames.load(), block_frames});
  output.write_silence(largest + static_cast<std::size_t>(safety_frames));
  primed = true;
}

// What always lies ready and is never needed is delay for nothing: it is left out. After a gap more
// is kept ready.
void LiveConversion::State::watch_delay() noexcept {
  if (blocks_to_leave_out > 0 || fading_in) return;
  const std::uint64_t gaps = output.gaps();
  if (gaps != gaps_seen) {
    gaps_seen = gaps;
    safety_frames = std::clamp(kSafetyGrowth * safety_frames, kLeastGrownMs * 1e-3 * rate,
                               kMostSafetyMs * 1e-3 * rate);
    least_ready = std::numeric_limits<std::size_t>::max();
    watched_frames = 0;
    return;
  }
  least_ready = std::min(least_ready, output.frames());
  watched_frames += block_frames;
  if (seconds(watched_frames) < kCatchUpS) return;
  const auto needed = static_cast<std::size_t>(safety_frames) + block_frames;
  if (least_ready > needed) blocks_to_leave_out = (least_ready - needed) / block_frames;
  least_ready = std::numeric_limits<std::size_t>::max();
  watched_frames = 0;
}

Result<std::unique_ptr<LiveConversion>> LiveConversion::create(const LiveOptions& options) {
  LiveOptions used = options;
  const Buffering usual = default_buffering(options.chain.best);
  std::size_t block = options.block_frames;
  if (block == 0)
    block =
        static_cast<std::size_t>(std::lround(usual.block_ms * 1e-3 * options.chain.sample_rate_hz));
  used.safety_ms = options.safety_ms.value_or(usual.safety_ms);
  if (block < 1 || block > kMostBlockFrames)
    return make_error(ErrorCode::kInvalidArgument, "a live block of ", block, " frames; give 1 to ",
                      kMostBlockFrames);
  if (!(*used.safety_ms >= 0.0 && *used.safety_ms <= kMostSafetyMs))
    return make_error(ErrorCode::kInvalidArgument, "a safety of ", *used.safety_ms,
                      " ms; give 0 to ", kMostSafetyMs);
  used.chain.max_block_frames = block;
  SYRINX_ASSIGN(auto chain, LiveChain::create(used.chain));
  return std::unique_ptr<LiveConversion>(
      new LiveConversion(std::make_unique<State>(used, block, std::move(chain))));
}

LiveConversion::LiveConversion(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
LiveConversion::~LiveConversion() { stop(); }

std::size_t LiveConversion::block_frames() const noexcept { return state_->block_frames; }
bool LiveConversion::has_priority() const noexcept { return state_->has_priority.load(); }

void LiveConversion::start() {
  if (state_->worker.joinable()) return;
  state_->ending.store(false);
  state_->running.store(true);
  state_->worker =
      std::jthread([state = state_.get()](const std::stop_token& stop) { state->run(stop); });
}

void LiveConversion::stop() {
  state_->ending.store(true);
  state_->running.store(false);
  if (!state_->worker.joinable()) return;
  state_->worker.request_stop();
  state_->bell.ring();
  state_->worker.join();
}

void LiveConversion::capture(std::span<const float> interleaved) noexcept {
  const std::size_t frames = interleaved.size() / state_->channels;
  if (frames > state_->capture_frames.load(std::memory_order_relaxed))
    state_->capture_frames.store(frames, std::memory_order_relaxed);
  state_->input.write(interleaved);
  if (state_->input.frames() < state_->block_frames) return;
  if (!state_->fits_in_callback() || !state_->work_off()) state_->bell.ring();
}

void LiveConversion::render(std::span<float> interleaved) noexcept {
  const std::size_t frames = interleaved.size() / state_->channels;
  if (frames > state_->render_frames.load(std::memory_order_relaxed))
    state_->render_frames.store(frames, std::memory_order_relaxed);
  state_->output.read(interleaved, state_->flowing.load(std::memory_order_acquire) &&
                                       !state_->ending.load(std::memory_order_acquire));
}

void LiveConversion::render_monitor(std::span<float> interleaved) noexcept {
  state_->monitor.read(interleaved, false);
}

void LiveConversion::set_bypass(bool bypass) noexcept { state_->bypass.store(bypass); }
void LiveConversion::set_monitor(bool on) noexcept { state_->monitoring.store(on); }
void LiveConversion::set_gains(double input_db, double output_db) noexcept {
  state_->input_gain_db.store(input_db);
  state_->output_gain_db.store(output_db);
  state_->gains_changed.store(true);
}
void LiveConversion::set_voice(const voice::VoiceSettings& settings) noexcept {
  state_->voices.write(std::span(&settings, 1));
}

LiveSnapshot LiveConversion::snapshot() const noexcept {
  const Figures& from = state_->figures;
  LiveSnapshot shot;
  shot.input_db = from.input_db.load();
  shot.output_db = from.output_db.load();
  shot.f0_hz = from.f0_hz.load();
  shot.level = from.level.load();
  shot.bypassed = state_->bypass.load();
  shot.monitoring = state_->monitoring.load();
  shot.load = from.load.load();
  shot.algorithm_ms = 1e3 * state_->seconds(from.latency_frames.load());
  shot.latency_ms =
      shot.algorithm_ms + 1e3 * state_->seconds(state_->input.frames() + state_->output.frames());
  shot.frames = from.frames.load();
  shot.step_downs = from.step_downs.load();
  shot.step_ups = from.step_ups.load();
  shot.late_blocks = from.late_blocks.load();
  shot.underrun_frames = state_->output.missing_frames();
  shot.underruns = state_->output.gaps();
  shot.overrun_frames = state_->input.lost_frames();
  shot.overruns = state_->input.losses();
  shot.caught_up_frames = from.caught_up_frames.load();
  shot.bad_samples = from.bad_samples.load();
  return shot;
}

}  // namespace syrinx::conversion
