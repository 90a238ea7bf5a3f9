// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/echo_canceller.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "syrinx/stages/enhance/echo/delay_search.h"
#include "syrinx/stages/enhance/echo/drift_tracker.h"
#include "syrinx/stages/enhance/echo/far_reader.h"
#include "syrinx/stages/enhance/echo/filter_pair.h"
#include "syrinx/stages/enhance/echo/residual_suppressor.h"

namespace syrinx::enhance {
namespace {

constexpr double kBlockS = 0.008;
constexpr float kAudible = 1e-8F;       // Mean square: -80 dBFS.
constexpr float kLargestSample = 8.0F;  // What comes louder than 18 dB over full scale is cut.
constexpr float kErleMemory = 0.99F;    // Per block: about a second.
// Where in the filter the search puts the echo's strongest arrival: what comes before it is heard
// too, and small errors need no move.
constexpr double kHeadBlocks = 1.5;

bool is_smooth(std::size_t n) noexcept {
  for (const std::size_t prime : {2U, 3U, 5U})
    while (n % prime == 0) n /= prime;
  return n == 1;
}

// The largest even count up to 8 ms whose FFT is fast.
std::size_t block_for(int sample_rate_hz) noexcept {
  auto block = static_cast<std::size_t>(kBlockS * sample_rate_hz);
  while (block % 2 != 0 || !is_smooth(block)) --block;
  return block;
}

std::size_t blocks_in(int ms, int sample_rate_hz, std::size_t block) noexcept {
  const double samples = 1e-3 * ms * sample_rate_hz;
  return static_cast<std::size_t>(std::ceil(samples / static_cast<double>(block)));
}

float energy(std::span<const float> x) noexcept {
  return std::inner_product(x.begin(), x.end(), x.begin(), 0.0F);
}

double ratio_db(float above, float below) noexcept {
  return above > 0.0F ? 10.0 * std::log10(double{above} / (double{below} + 1e-12)) : 0.0;
}

Result<void> check(int sample_rate_hz, const EchoOptions& options) {
  if (sample_rate_hz < kLeastEchoRateHz || sample_rate_hz > kMostEchoRateHz)
    return make_error(ErrorCode::kInvalidArgument, "the echo canceller works at ", kLeastEchoRateHz,
                      " to ", kMostEchoRateHz, " Hz, not at ", sample_rate_hz,
                      ": resample the sound first");
  if (options.tail_ms < 16 || options.tail_ms > 500)
    return make_error(ErrorCode::kInvalidArgument, "the echo's tail is 16 to 500 ms, not ",
                      options.tail_ms);
  if (options.max_delay_ms < 0 || options.max_delay_ms > 740)
    return make_error(ErrorCode::kInvalidArgument,
                      "the echo's delay is searched up to 740 ms, not ", options.max_delay_ms);
  return {};
}

}  // namespace

const char* to_string(TalkState state) noexcept {
  switch (state) {
    case TalkState::kNearEnd:
      return "near end";
    case TalkState::kFarEnd:
      return "far end";
    case TalkState::kBoth:
      return "both";
    case TalkState::kNobody:
      break;
  }
  return "nobody";
}

struct EchoCanceller::State {
  State(int rate_hz, const EchoOptions& how, std::size_t block_samples, std::size_t partitions,
        std::size_t delay_blocks, DelaySearch delay_search, dsp::RealFft far_fft, FilterPair pair,
        ResidualSuppressor residual_suppressor)
      : sample_rate_hz(rate_hz),
        options(how),
        block(block_samples),
        most_delay(delay_blocks),
        search(std::move(delay_search)),
        fft(std::move(far_fft)),
        filters(std::move(pair)),
        suppressor(std::move(residual_suppressor)),
        reader(block_samples),
        history(fft.bins(), delay_blocks + partitions + 2),
        drift(fft.bins(), partitions),
        near_in(block_samples),
        far_in(block_samples),
        far_pair(2 * block_samples),
        far_bins(fft.bins()),
        echo(block_samples),
        error(block_samples),
        out(block_samples) {}

  float clean(float sample) noexcept;
  void run_block() noexcept;
  void align() noexcept;
  void engage_drift() noexcept;
  void read_block(double ratio) noexcept;
  void read_far() noexcept;
  void count(bool far_active, float before, float between) noexcept;
  void reset() noexcept;

  int sample_rate_hz;
  EchoOptions options;
  std::size_t block;
  std::size_t most_delay;  // Blocks.
  DelaySearch search;
  dsp::RealFft fft;
  FilterPair filters;
  ResidualSuppressor suppressor;
  FarReader reader;
  FarHistory history;
  DriftTracker drift;
  std::vector<float> near_in, far_in;  // Of the block that fills.
  std::vector<float> far_pair;         // The last two blocks of the far end, as they are read.
  std::vector<std::complex<float>> far_bins;
  std::vector<float> echo, error;
  std::vector<float> out;  // Of the block that is given away while another fills.
  std::size_t at = 0;
  std::size_t delay = 0;  // Blocks by which the filter looks back.
  bool drift_engaged = false;
  std::size_t silent_blocks = 1'000'000;  // Of the far end.
  float near_before = 0.0F;               // Energy of the block that the suppressor gives next.
  float error_before = 0.0F;
  float erle_near = 0.0F, erle_error = 0.0F, erle_out = 0.0F;
  EchoStatistics statistics;
};

float EchoCanceller::State::clean(float sample) noexcept {
  if (std::isfinite(sample)) return std::clamp(sample, -kLargestSample, kLargestSample);
  ++statistics.bad_samples;
  return 0.0F;
}

// Moves the filter to where the search hears the echo.
void EchoCanceller::State::align() noexcept {
  if (options.max_delay_ms == 0) return;
  const auto found = search.delay_samples();
  statistics.delay_found = found.has_value();
  if (!found) return;
  statistics.delay_ms = 1e3 * *found / sample_rate_hz;
  const double place =
      (*found - reader.lag_samples()) / static_cast<double>(block) - static_cast<double>(delay);
  const double room = static_cast<double>(filters.partitions());
  if (place >= (delay == 0 ? 0.0 : 0.5) && place <= std::max(3.0, 0.25 * room)) return;
  const double wanted = std::floor(place + static_cast<double>(delay) - kHeadBlocks);
  const auto target =
      static_cast<std::size_t>(std::clamp(wanted, 0.0, static_cast<double>(most_delay)));
  if (target == delay) return;
  const auto moved = static_cast<int>(target) - static_cast<int>(delay);
  filters.shift(moved);
  drift.forget_answer();
  delay = target;
  ++statistics.delay_changes;
}

void EchoCanceller::State::read_block(double ratio) noexcept {
  std::copy(far_pair.begin() + static_cast<std::ptrdiff_t>(block), far_pair.end(),
            far_pair.begin());
  reader.read(ratio, std::span(far_pair).last(block));
  fft.forward(far_pair, far_bins);
  history.push(far_bins);
}

// A fractional reader needs samples on both sides: the far end is read a block later, and the
// filter looks back a block less.
void EchoCanceller::State::engage_drift() noexcept {
  if (drift_engaged || drift.drift() == 0.0) return;
  if (delay == 0) return;
  drift_engaged = true;
}

void EchoCanceller::State::read_far() noexcept {
  reader.push(far_in);
  if (drift_engaged && reader.lag_samples() < FarReader::kLeastLag) {
    if (delay > 0) {  // The last block that was read stays the newest.
      reader.move_lag(1);
      --delay;
      return;
    }
    drift_engaged = false;
  }
  const double ratio = drift_engaged ? 1.0 + drift.drift() : 1.0;
  const bool twice = reader.lag_samples() > 2.0 * static_cast<double>(block) && delay < most_delay;
  read_block(ratio);
  if (!twice) return;
  reader.move_lag(-1);
  ++delay;
  read_block(ratio);
}

void EchoCanceller::State::run_block() noexcept {
  silent_blocks = energy(far_in) > kAudible * static_cast<float>(block) ? 0 : silent_blocks + 1;
  search.push(near_in, far_in);
  align();
  engage_drift();
  read_far();
  const bool far_active = silent_blocks < delay + filters.partitions() + 4;
  const FilterPair::Outcome outcome =
      filters.process(history, delay, near_in, far_active, echo, error);
  if (outcome == FilterPair::Outcome::kReplaced) {
    ++statistics.path_changes;
  }
  if (options.track_drift && far_active && drift.observe(filters.quick().filter()))
    statistics.drift_ppm = 1e6 * (drift_engaged ? drift.drift() : 0.0);
  const float before = near_before;
  const float between = error_before;
  near_before = energy(near_in);
  error_before = energy(error);
  suppressor.process({near_in, echo, error, filters.heard().expected_residual(), far_active,
                      outcome == FilterPair::Outcome::kReplaced},
                     out);
  count(far_active, before, between);
}

void EchoCanceller::State::count(bool far_active, float before, float between) noexcept {
  const float least = kAudible * static_cast<float>(block);
  ++statistics.blocks;
  statistics.far_blocks += far_active ? 1 : 0;
  const bool both = far_active && suppressor.near_end_heard();
  statistics.double_talk_blocks += both ? 1 : 0;
  if (both) {
    statistics.state = TalkState::kBoth;
  } else if (far_active) {
    statistics.state = TalkState::kFarEnd;
  } else {
    statistics.state = before > 100.0F * least ? TalkState::kNearEnd : TalkState::kNobody;
  }
  if (statistics.state != TalkState::kFarEnd || before < least) return;
  erle_near = kErleMemory * erle_near + before;
  erle_error = kErleMemory * erle_error + between;
  erle_out = kErleMemory * erle_out + energy(out);
  statistics.erle_db = ratio_db(erle_near, erle_out);
  statistics.linear_erle_db = ratio_db(erle_near, erle_error);
}

void EchoCanceller::State::reset() noexcept {
  search.reset();
  filters.reset();
  suppressor.reset();
  reader.reset();
  history.reset();
  drift.reset();
  for (auto* samples : {&near_in, &far_in, &far_pair, &echo, &error, &out})
    std::fill(samples->begin(), samples->end(), 0.0F);
  at = delay = 0;
  drift_engaged = false;
  silent_blocks = 1'000'000;
  near_before = error_before = erle_near = erle_error = erle_out = 0.0F;
  statistics = {};
}

Result<EchoCanceller> EchoCanceller::create(int sample_rate_hz, const EchoOptions& options) {
  SYRINX_TRY(check(sample_rate_hz, options));
  const std::size_t block = block_for(sample_rate_hz);
  const std::size_t partitions = blocks_in(options.tail_ms, sample_rate_hz, block);
  const std::size_t most_delay = blocks_in(options.max_delay_ms, sample_rate_hz, block);
  SYRINX_ASSIGN(auto search, DelaySearch::create(sample_rate_hz, most_delay * block));
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(2 * block));
  SYRINX_ASSIGN(auto filters, FilterPair::create(block, partitions));
  SYRINX_ASSIGN(auto suppressor,
                ResidualSuppressor::create({sample_rate_hz, block, options.suppress,
                                            options.comfort_noise, options.seed}));
  return EchoCanceller(std::make_unique<State>(sample_rate_hz, options, block, partitions,
                                               most_delay, std::move(search), std::move(fft),
                                               std::move(filters), std::move(suppressor)));
}

EchoCanceller::EchoCanceller(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
EchoCanceller::EchoCanceller(EchoCanceller&&) noexcept = default;
EchoCanceller& EchoCanceller::operator=(EchoCanceller&&) noexcept = default;
EchoCanceller::~EchoCanceller() = default;

int EchoCanceller::sample_rate_hz() const noexcept { return state_->sample_rate_hz; }
const EchoOptions& EchoCanceller::options() const noexcept { return state_->options; }
std::size_t EchoCanceller::block_samples() const noexcept { return state_->block; }
std::size_t EchoCanceller::latency_samples() const noexcept { return 2 * state_->block; }
EchoStatistics EchoCanceller::statistics() const noexcept { return state_->statistics; }
void EchoCanceller::reset() noexcept { state_->reset(); }

void EchoCanceller::process(std::span<const float> near, std::span<const float> far,
                            std::span<float> out) noexcept {
  State& state = *state_;
  for (std::size_t i = 0; i < near.size(); ++i) {
    state.near_in[state.at] = state.clean(near[i]);
    state.far_in[state.at] = state.clean(far[i]);
    out[i] = state.out[state.at];
    if (++state.at < state.block) continue;
    state.at = 0;
    state.run_block();
  }
}

}  // namespace syrinx::enhance
