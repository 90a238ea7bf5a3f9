// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/plc/packet_loss_concealer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

namespace syrinx::enhance {
namespace {

constexpr double kMinPitchS = 0.0025;  // 400 Hz.
constexpr double kMaxPitchS = 0.015;   // 67 Hz.
constexpr double kTemplateS = 0.020;   // What is compared to find the pitch.
constexpr double kAnalysisS = 0.025;   // What the linear prediction is made of.
constexpr double kMergeS = 0.006;      // From what was made up to what came.
constexpr double kHoldS = 0.020;       // Before the level falls.
constexpr double kFadeS = 0.120;       // From then to silence.
constexpr double kWhitening = 0.994;   // Bandwidth expansion of the predictor.
constexpr std::size_t kMaxOrder = 24;

std::size_t samples_of(double seconds, int sample_rate_hz) {
  return static_cast<std::size_t>(std::lround(seconds * sample_rate_hz));
}

double dot(std::span<const float> a, std::span<const float> b) noexcept {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

// What the last pitch periods sound like, and what goes on from them.
struct Lag {
  std::size_t samples = 0;
  double similarity = 0.0;  // -1 to 1.
};

}  // namespace

struct PacketLossConcealer::State {
  explicit State(int rate_hz);
  void remember(std::span<const float> samples) noexcept;
  void start() noexcept;
  Lag find_pitch() const noexcept;
  double similarity_at(std::size_t lag, std::size_t step) const noexcept;
  void find_predictor() noexcept;
  void find_excitation() noexcept;
  float next_excitation() noexcept;
  float next_sample() noexcept;
  std::span<const float> newest(std::size_t count, std::size_t before = 0) const noexcept {
    return std::span(history).subspan(history.size() - before - count, count);
  }

  int sample_rate_hz;
  std::size_t min_lag;
  std::size_t max_lag;
  std::size_t template_samples;
  std::size_t analysis_samples;
  std::size_t merge_samples;
  std::size_t order;

  std::vector<float> history;  // What was heard or made up, the newest last.
  std::vector<float> windowed;
  std::vector<float> excitation;  // One or more periods, played round and round.

  std::array<float, kMaxOrder> predictor = {};
  std::array<float, kMaxOrder> past = {};  // [0] the newest.
  std::size_t period = 0;
  std::size_t position = 0;
  float voiced = 0.0F;
  float noise_level = 0.0F;
  std::uint32_t random = 1;
  std::size_t lost_for = 0;  // Samples made up since the last that came.
  std::size_t merge_position = 0;
  std::uint64_t concealed = 0;
};

PacketLossConcealer::State::State(int rate_hz)
    : sample_rate_hz(rate_hz),
      min_lag(samples_of(kMinPitchS, rate_hz)),
      max_lag(samples_of(kMaxPitchS, rate_hz)),
      template_samples(samples_of(kTemplateS, rate_hz)),
      analysis_samples(samples_of(kAnalysisS, rate_hz)),
      merge_samples(samples_of(kMergeS, rate_hz)),
      order(rate_hz <= 8'000    ? 10
            : rate_hz <= 16'000 ? 16
                                : kMaxOrder),
      history(template_samples + 2 * max_lag + analysis_samples + kMaxOrder),
      windowed(analysis_samples),
      excitation(max_lag) {}

void PacketLossConcealer::State::remember(std::span<const float> samples) noexcept {
  if (samples.size() > history.size()) samples = samples.last(history.size());
  std::copy(history.begin() + static_cast<std::ptrdiff_t>(samples.size()), history.end(),
            history.begin());
  std::copy(samples.begin(), samples.end(),
            history.end() - static_cast<std::ptrdiff_t>(samples.size()));
}

// Every `step`th sample of the newest stretch, against the same before.
double PacketLossConcealer::State::similarity_at(std::size_t lag, std::size_t step) const noexcept {
  const auto recent = newest(template_samples);
  const auto before = newest(template_samples, lag);
  double cross = 0.0;
  double power = 1e-9;
  double own = 1e-9;
  for (std::size_t i = 0; i < recent.size(); i += step) {
    cross += static_cast<double>(recent[i]) * before[i];
    power += static_cast<double>(before[i]) * before[i];
    own += static_cast<double>(recent[i]) * recent[i];
  }
  return cross / std::sqrt(power * own);
}

// Coarsely at about 8 kHz, then to the sample; the shortest lag that is nearly as good as the best.
Lag PacketLossConcealer::State::find_pitch() const noexcept {
  const auto step = static_cast<std::size_t>(std::max(1, sample_rate_hz / 8'000));
  Lag best{min_lag, -1.0};
  for (std::size_t lag = min_lag; lag <= max_lag; lag += step) {
    const double similarity = similarity_at(lag, step);
    if (similarity > best.similarity + 0.02) best = {lag, similarity};
  }
  const std::size_t centre = best.samples;
  best.similarity = -1.0;
  for (std::size_t lag = std::max(min_lag, centre - step); lag <= std::min(max_lag, centre + step);
       ++lag) {
    const double similarity = similarity_at(lag, 1);
    if (similarity > best.similarity) best = {lag, similarity};
  }
  return best;
}

// Autocorrelation and Levinson's recursion, widened a little so that nothing rings.
void PacketLossConcealer::State::find_predictor() noexcept {
  const auto recent = newest(analysis_samples);
  for (std::size_t i = 0; i < windowed.size(); ++i) {
    const double at = (static_cast<double>(i) + 0.5) / static_cast<double>(windowed.size());
    windowed[i] = recent[i] * static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * at));
  }
  std::array<double, kMaxOrder + 1> correlation = {};
  for (std::size_t lag = 0; lag <= order; ++lag)
    correlation[lag] =
        dot(std::span(windowed).subspan(lag), std::span(windowed).first(windowed.size() - lag));
  std::array<double, kMaxOrder + 1> a = {1.0};
  double error = correlation[0] * 1.0001 + 1e-9;
  for (std::size_t m = 1; m <= order; ++m) {
    double sum = 0.0;
    for (std::size_t i = 0; i < m; ++i) sum += a[i] * correlation[m - i];
    const double k = -sum / error;
    const auto before = a;
    for (std::size_t i = 1; i <= m; ++i) a[i] = before[i] + k * before[m - i];
    error *= 1.0 - k * k;
  }
  double wide = 1.0;
  for (std::size_t i = 0; i < order; ++i)
    predictor[i] = static_cast<float>(a[i + 1] * (wide *= kWhitening));
}

// What the predictor leaves of the last period, which is what is played on.
void PacketLossConcealer::State::find_excitation() noexcept {
  double power = 0.0;
  for (std::size_t i = 0; i < period; ++i) {
    const std::size_t at = history.size() - period + i;
    float residual = history[at];
    for (std::size_t j = 0; j < order; ++j) residual += predictor[j] * history[at - 1 - j];
    excitation[i] = residual;
    power += static_cast<double>(residual) * residual;
  }
  noise_level = static_cast<float>(std::sqrt(3.0 * power / static_cast<double>(period)));
  for (std::size_t j = 0; j < order; ++j) past[j] = history[history.size() - 1 - j];
}

void PacketLossConcealer::State::start() noexcept {
  const Lag pitch = find_pitch();
  period = pitch.samples;
  voiced = static_cast<float>(std::clamp((pitch.similarity - 0.3) / 0.4, 0.0, 1.0));
  find_predictor();
  find_excitation();
  position = 0;
}

float PacketLossConcealer::State::next_excitation() noexcept {
  random = random * 1'664'525U + 1'013'904'223U;
  const float noise = static_cast<float>(static_cast<std::int32_t>(random)) *
                      (1.0F / 2'147'483'648.0F) * noise_level;
  const float tone = excitation[position];
  position = position + 1 == period ? 0 : position + 1;
  return voiced * tone + std::sqrt(1.0F - voiced * voiced) * noise;
}

float PacketLossConcealer::State::next_sample() noexcept {
  float sample = next_excitation();
  for (std::size_t j = 0; j < order; ++j) sample -= predictor[j] * past[j];
  std::copy_backward(past.begin(), past.begin() + static_cast<std::ptrdiff_t>(order) - 1,
                     past.begin() + static_cast<std::ptrdiff_t>(order));
  past[0] = std::clamp(sample, -2.0F, 2.0F);
  const double lost_s = static_cast<double>(lost_for) / sample_rate_hz;
  const double fade = std::clamp(1.0 - (lost_s - kHoldS) / kFadeS, 0.0, 1.0);
  ++lost_for;
  return std::clamp(past[0] * static_cast<float>(fade), -1.0F, 1.0F);
}

Result<PacketLossConcealer> PacketLossConcealer::create(int sample_rate_hz) {
  if (sample_rate_hz < 8'000 || sample_rate_hz > 48'000)
    return make_error(ErrorCode::kInvalidArgument, "loss is concealed in sound of ", sample_rate_hz,
                      " Hz, but it must be 8000 to 48000 Hz");
  return PacketLossConcealer(std::make_unique<State>(sample_rate_hz));
}

PacketLossConcealer::PacketLossConcealer(std::unique_ptr<State> state) noexcept
    : state_(std::move(state)) {}
PacketLossConcealer::PacketLossConcealer(PacketLossConcealer&&) noexcept = default;
PacketLossConcealer& PacketLossConcealer::operator=(PacketLossConcealer&&) noexcept = default;
PacketLossConcealer::~PacketLossConcealer() = default;

int PacketLossConcealer::sample_rate_hz() const noexcept { return state_->sample_rate_hz; }
std::uint64_t PacketLossConcealer::concealed_frames() const noexcept { return state_->concealed; }

void PacketLossConcealer::receive(MutableAudioView mono) noexcept {
  State& state = *state_;
  if (mono.empty()) return;
  const auto samples = mono.channel(0);
  for (float& sample : samples) sample = std::isfinite(sample) ? sample : 0.0F;
  // A loss that is still being faded out of goes on in the next block.
  const std::size_t left = state.lost_for > 0 ? state.merge_samples - state.merge_position : 0;
  const std::size_t count = std::min(samples.size(), left);
  for (std::size_t i = 0; i < count; ++i) {
    const auto made_up = state.next_sample();
    const float in = static_cast<float>(state.merge_position++ + 1) /
                     static_cast<float>(state.merge_samples + 1);
    samples[i] = in * samples[i] + (1.0F - in) * made_up;
  }
  if (state.merge_position == state.merge_samples) {
    state.lost_for = 0;
    state.merge_position = 0;
  }
  state.remember(samples);
}

void PacketLossConcealer::conceal(MutableAudioView mono) noexcept {
  State& state = *state_;
  if (mono.empty()) return;
  if (state.lost_for == 0) state.start();
  state.merge_position = 0;
  const auto samples = mono.channel(0);
  for (float& sample : samples) sample = state.next_sample();
  state.concealed += samples.size();
  state.remember(samples);
}

void PacketLossConcealer::reset() noexcept {
  State& state = *state_;
  std::ranges::fill(state.history, 0.0F);
  state.past = {};
  state.random = 1;
  state.lost_for = state.merge_position = 0;
  state.concealed = 0;
}

}  // namespace syrinx::enhance
