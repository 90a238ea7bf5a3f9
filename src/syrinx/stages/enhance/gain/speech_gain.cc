// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/gain/speech_gain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "syrinx/core/base/check.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/biquad.h"
#include "syrinx/core/dsp/k_weighting.h"
#include "syrinx/stages/enhance/gain/band_balance.h"
#include "syrinx/stages/enhance/gain/look_ahead_limiter.h"
#include "syrinx/stages/enhance/gain/speech_level.h"
#include "syrinx/stages/enhance/vad/voice_activity.h"

namespace syrinx::enhance {
namespace {

constexpr double kHopS = 0.01;
constexpr double kLookAheadMs = 5.0;
constexpr double kReleaseMs = 80.0;
constexpr double kUpDbPerS = 6.0;
constexpr double kDownDbPerS = 12.0;
constexpr double kFirstDbPerS = 30.0;  // While speech is new.
constexpr double kFirstS = 2.0;
constexpr float kLargestSample = 1e4F;  // 80 dB above full scale: damage.

double factor_of(double db) noexcept { return std::pow(10.0, db / 20.0); }

struct Range {
  const char* name;
  double value;
  double least;
  double most;
};

Result<void> check(const GainOptions& options) {
  const std::array<Range, 6> ranges = {{{"target_lufs", options.target_lufs, -60.0, -5.0},
                                        {"max_gain_db", options.max_gain_db, 0.0, 60.0},
                                        {"max_cut_db", options.max_cut_db, 0.0, 60.0},
                                        {"ceiling_dbfs", options.ceiling_dbfs, -30.0, 0.0},
                                        {"most_noise_lufs", options.most_noise_lufs, -90.0, 0.0},
                                        {"most_balance_db", options.most_balance_db, 0.0, 20.0}}};
  for (const Range& range : ranges) {
    if (!(range.value >= range.least && range.value <= range.most))
      return make_error(ErrorCode::kInvalidArgument, "automatic gain: ", range.name, " is ",
                        range.value, " but must be ", range.least, " to ", range.most);
  }
  return {};
}

std::size_t samples_of(double ms, int sample_rate_hz) {
  return static_cast<std::size_t>(std::lround(ms * sample_rate_hz / 1e3));
}

}  // namespace

struct SpeechGain::State {
  State(int rate_hz, std::size_t channel_count, const GainOptions& wanted,
        VoiceActivityDetector found, BandBalance bands, dsp::BiquadCascade filters)
      : options(wanted),
        sample_rate_hz(rate_hz),
        activity(std::move(found)),
        balance(std::move(bands)),
        weighting(std::move(filters)),
        limiter(channel_count, samples_of(kLookAheadMs, rate_hz), factor_of(wanted.ceiling_dbfs),
                kReleaseMs * rate_hz / 1e3),
        hop(channel_count, activity.hop_frames(), rate_hz),
        mono(1, activity.hop_frames(), rate_hz),
        frame(channel_count) {}

  float sample_of(float given) noexcept;
  void process_frame() noexcept;
  void finish_hop() noexcept;
  double weighted_power() noexcept;
  void move_gain(bool speech) noexcept;
  double wanted_gain_db() const noexcept;

  GainOptions options;
  int sample_rate_hz;
  VoiceActivityDetector activity;
  BandBalance balance;
  dsp::BiquadCascade weighting;
  LookAheadLimiter limiter;
  SpeechLevel level;
  AudioBuffer hop;   // What came in, until 10 ms are there.
  AudioBuffer mono;  // The mean of its channels.
  std::vector<float> frame;
  std::size_t filled = 0;
  double gain_db = 0.0;
  double from = 1.0;  // The factor at the hop's begin and at its end.
  double to = 1.0;
  GainStatistics statistics;
};

float SpeechGain::State::sample_of(float given) noexcept {
  if (std::abs(given) <= kLargestSample) return given;  // False for NaN.
  ++statistics.bad_samples;
  return 0.0F;
}

// The frame in `frame`: balanced, kept for the hop, amplified, limited.
void SpeechGain::State::process_frame() noexcept {
  const double share = static_cast<double>(filled + 1) / static_cast<double>(hop.frames());
  const double factor = from + share * (to - from);
  balance.process(frame);
  for (std::size_t c = 0; c < frame.size(); ++c) {
    hop.channel(c)[filled] = frame[c];
    frame[c] = static_cast<float>(factor * static_cast<double>(frame[c]));
  }
  const double limit = limiter.process(frame);
  ++statistics.frames;
  if (limit < 0.9999) {
    ++statistics.limited_frames;
    statistics.most_limited_db = std::max(statistics.most_limited_db, -20.0 * std::log10(limit));
  }
  if (++filled == hop.frames()) finish_hop();
}

void SpeechGain::State::finish_hop() noexcept {
  const float share = 1.0F / static_cast<float>(hop.channels());
  const auto mean = mono.channel(0);
  std::fill(mean.begin(), mean.end(), 0.0F);
  for (std::size_t c = 0; c < hop.channels(); ++c) {
    const auto channel = hop.channel(c);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += share * channel[i];
  }
  activity.process(mono);
  const bool speech = activity.speech();
  if (speech) statistics.speech_frames += hop.frames();
  balance.finish_hop(speech);
  level.add(weighted_power(), speech);
  move_gain(speech);
  filled = 0;
}

double SpeechGain::State::weighted_power() noexcept {
  weighting.process(hop.view());
  double sum = 0.0;
  for (std::size_t c = 0; c < hop.channels(); ++c) {
    for (const float x : hop.channel(c)) sum += static_cast<double>(x) * static_cast<double>(x);
  }
  return sum / static_cast<double>(hop.frames());
}

double SpeechGain::State::wanted_gain_db() const noexcept {
  const auto speech = level.speech_lufs();
  double wanted =
      speech ? std::clamp(options.target_lufs - *speech, -options.max_cut_db, options.max_gain_db)
             : gain_db;
  if (const auto noise = level.noise_lufs())
    wanted = std::min(wanted, std::max(0.0, options.most_noise_lufs - *noise));
  return wanted;
}

void SpeechGain::State::move_gain(bool speech) noexcept {
  const bool is_new = level.speech_s() < kFirstS;
  const double wanted = wanted_gain_db();
  const double up = speech ? kHopS * (is_new ? kFirstDbPerS : kUpDbPerS) : 0.0;
  // In a pause it may only come down, where the background has become too loud for it.
  const bool too_loud = !speech && level.noise_lufs() &&
                        *level.noise_lufs() + gain_db > options.most_noise_lufs && gain_db > 0.0;
  const double down = speech || too_loud ? kHopS * (is_new ? kFirstDbPerS : kDownDbPerS) : 0.0;
  gain_db += std::clamp(wanted - gain_db, -down, up);
  statistics.least_gain_db = std::min(statistics.least_gain_db, gain_db);
  statistics.most_gain_db = std::max(statistics.most_gain_db, gain_db);
  from = to;
  to = factor_of(gain_db);
}

Result<SpeechGain> SpeechGain::create(int sample_rate_hz, std::size_t channels,
                                      const GainOptions& options) {
  SYRINX_TRY(check(options));
  if (channels < 1 || channels > limits::kMaxChannels)
    return make_error(ErrorCode::kInvalidArgument, "automatic gain of ", channels,
                      " channels; give 1 to ", limits::kMaxChannels);
  SYRINX_ASSIGN(auto activity, VoiceActivityDetector::create(sample_rate_hz));
  SYRINX_ASSIGN(auto balance,
                BandBalance::create(sample_rate_hz, channels, options.most_balance_db));
  SYRINX_ASSIGN(auto weighting,
                dsp::BiquadCascade::create(dsp::k_weighting(sample_rate_hz), channels));
  return SpeechGain(std::make_unique<State>(sample_rate_hz, channels, options, std::move(activity),
                                            std::move(balance), std::move(weighting)));
}

SpeechGain::SpeechGain(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
SpeechGain::SpeechGain(SpeechGain&&) noexcept = default;
SpeechGain& SpeechGain::operator=(SpeechGain&&) noexcept = default;
SpeechGain::~SpeechGain() = default;

int SpeechGain::sample_rate_hz() const noexcept { return state_->sample_rate_hz; }
std::size_t SpeechGain::channels() const noexcept { return state_->frame.size(); }
std::size_t SpeechGain::latency_samples() const noexcept {
  return state_->limiter.latency_samples();
}

void SpeechGain::process(MutableAudioView block) noexcept {
  State& state = *state_;
  SYRINX_CHECK(block.channels() == channels() && block.sample_rate_hz() == state.sample_rate_hz,
               "automatic gain given other channels or another rate");
  for (std::size_t i = 0; i < block.frames(); ++i) {
    for (std::size_t c = 0; c < state.frame.size(); ++c)
      state.frame[c] = state.sample_of(block.channel(c)[i]);
    state.process_frame();
    for (std::size_t c = 0; c < state.frame.size(); ++c) block.channel(c)[i] = state.frame[c];
  }
}

GainStatistics SpeechGain::statistics() const noexcept {
  GainStatistics now = state_->statistics;
  now.gain_db = state_->gain_db;
  now.low_db = state_->balance.low_db();
  now.high_db = state_->balance.high_db();
  now.speech_lufs = state_->level.speech_lufs();
  now.noise_lufs = state_->level.noise_lufs();
  return now;
}

void SpeechGain::reset() noexcept {
  State& state = *state_;
  state.activity.reset();
  state.balance.reset();
  state.weighting.reset();
  state.limiter.reset();
  state.level = {};
  state.filled = 0;
  state.gain_db = 0.0;
  state.from = state.to = 1.0;
  state.statistics = {};
}

}  // namespace syrinx::enhance
