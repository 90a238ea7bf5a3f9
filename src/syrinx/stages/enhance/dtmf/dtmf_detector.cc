// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/dtmf/dtmf_detector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>

#include "syrinx/core/flow/mono.h"

// Every 5 ms the last 25 ms are looked at under a Hann window at the eight frequencies. The phase's
// advance since the look before tells each tone's frequency to a tenth of a percent, so that the
// window's own width does not have to; what the two strongest tones leave of the power tells how
// clean they are. Speech passes one look now and then, but not several of the same digit with
// steady tones.
namespace syrinx::enhance {
namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;
constexpr std::array<double, 8> kTones = {697.0,   770.0,   852.0,   941.0,
                                          1'209.0, 1'336.0, 1'477.0, 1'633.0};
constexpr std::array<const char*, 4> kKeys = {"123A", "456B", "789C", "*0#D"};

constexpr double kWindowS = 0.025;
constexpr double kHopS = 0.005;
constexpr double kMostDeviation = 0.024;   // Of the frequency, of one look.
constexpr double kMeanDeviation = 0.0225;  // Of the frequency, of the looks that make a digit.
constexpr double kMinShare = 0.82;         // Of the power, in the two tones.
constexpr double kMinToneDbov = -50.0;
constexpr double kMostHighOverLowDb = 6.0;   // 4 is to be taken.
constexpr double kMostLowOverHighDb = 10.0;  // 8 is to be taken.
constexpr double kMostStepDb = 3.5;          // From look to look, of each tone.
constexpr int kLooksToBegin = 4;
constexpr int kLooksToEnd = 7;  // An interruption of 10 ms spoils six.
// A look passes when its window holds this much of the tone.
constexpr double kShareOfWindow = 0.80;

// The Hann window's response to a tone that is `bins` (of 1 / window) away, 1 at 0.
double hann_response(double bins) noexcept {
  const double x = std::abs(bins);
  if (x < 1e-6) return 1.0;
  if (std::abs(x - 1.0) < 1e-6) return 0.5;
  const double arc = std::numbers::pi * x;
  return std::sin(arc) / (arc * (1.0 - x * x));
}

double wrapped(double phase) noexcept { return std::remainder(phase, kTurn); }

struct Tone {
  std::size_t index = 0;
  double deviation = 0.0;  // Relative to the nominal frequency.
  double power = 0.0;      // Mean square.
};

// What one look found: no digit is 0.
struct Look {
  char digit = 0;
  Tone low;
  Tone high;
};

}  // namespace

struct DtmfDetector::State {
  explicit State(int rate_hz);
  void look() noexcept;
  Look examine() noexcept;
  Tone strongest(std::size_t first) const noexcept;
  void follow(const Look& now) noexcept;
  bool continues(const Look& now) const noexcept;
  void begin(const Look& now) noexcept;
  void end() noexcept;
  void announce(const DtmfEvent& event) noexcept;

  int sample_rate_hz;
  std::size_t window;
  std::size_t hop;
  std::vector<std::complex<float>> kernels;  // [tone][window]
  std::vector<float> weights;                // The window squared, of sum 1.
  std::vector<float> samples;                // The last `window`, oldest first.
  std::size_t fresh = 0;                     // Samples since the last look.
  std::uint64_t heard = 0;                   // Samples in all.
  std::array<std::complex<double>, 8> now = {};
  std::array<std::complex<double>, 8> before = {};

  Look last;
  int run = 0;
  int misses = 0;
  double low_deviations = 0.0;
  double high_deviations = 0.0;
  std::uint64_t run_began = 0;   // `heard` at the first look of the run.
  std::uint64_t last_heard = 0;  // `heard` at the last look with the digit.
  bool active = false;
  DtmfEvent event;

  std::array<DtmfEvent, 16> queue = {};
  std::size_t queued = 0;
  std::size_t taken = 0;
};

DtmfDetector::State::State(int rate_hz)
    : sample_rate_hz(rate_hz),
      window(static_cast<std::size_t>(std::lround(kWindowS * rate_hz))),
      hop(static_cast<std::size_t>(std::lround(kHopS * rate_hz))),
      kernels(kTones.size() * window),
      weights(window),
      samples(window) {
  double sum = 0.0;
  std::vector<double> hann(window);
  for (std::size_t i = 0; i < window; ++i) {
    const double at = (static_cast<double>(i) + 0.5) / static_cast<double>(window);
    sum += hann[i] = 0.5 - 0.5 * std::cos(kTurn * at);
  }
  for (std::size_t i = 0; i < window; ++i) weights[i] = static_cast<float>(hann[i] / sum);
  for (std::size_t k = 0; k < kTones.size(); ++k) {
    for (std::size_t i = 0; i < window; ++i) {
      const double phase = -kTurn * kTones[k] * static_cast<double>(i) / rate_hz;
      kernels[k * window + i] = std::complex<float>(std::polar(2.0 * hann[i] / sum, phase));
    }
  }
}

Tone DtmfDetector::State::strongest(std::size_t first) const noexcept {
  Tone tone;
  tone.index = first;
  for (std::size_t k = first; k < first + 4; ++k) {
    if (std::norm(now[k]) > std::norm(now[tone.index])) tone.index = k;
  }
  const double nominal = kTones[tone.index];
  const double seconds = static_cast<double>(hop) / sample_rate_hz;
  const double advance =
      std::arg(now[tone.index]) - std::arg(before[tone.index]) - kTurn * nominal * seconds;
  const double off_hz = wrapped(advance) / (kTurn * seconds);
  tone.deviation = off_hz / nominal;
  const double response = std::max(0.3, hann_response(off_hz * kWindowS));
  tone.power = std::norm(now[tone.index]) / (2.0 * response * response);
  return tone;
}

Look DtmfDetector::State::examine() noexcept {
  before = now;
  for (std::size_t k = 0; k < kTones.size(); ++k) {
    std::complex<float> sum = 0.0F;
    const std::complex<float>* kernel = kernels.data() + k * window;
    for (std::size_t i = 0; i < window; ++i) sum += kernel[i] * samples[i];
    now[k] = sum;
  }
  double power = 0.0;
  for (std::size_t i = 0; i < window; ++i)
    power += static_cast<double>(weights[i]) * samples[i] * samples[i];
  Look look;
  look.low = strongest(0);
  look.high = strongest(4);
  const double least = std::pow(10.0, kMinToneDbov / 10.0);
  if (look.low.power < least || look.high.power < least) return look;
  const double twist_db = 10.0 * std::log10(look.high.power / look.low.power);
  const bool even = twist_db <= kMostHighOverLowDb && -twist_db <= kMostLowOverHighDb;
  const bool tuned = std::abs(look.low.deviation) <= kMostDeviation &&
                     std::abs(look.high.deviation) <= kMostDeviation;
  const bool clean = look.low.power + look.high.power >= kMinShare * power;
  if (even && tuned && clean) look.digit = kKeys[look.low.index][look.high.index - 4];
  return look;
}

bool DtmfDetector::State::continues(const Look& look) const noexcept {
  if (run == 0 || look.digit != last.digit) return false;
  const auto step_db = [](double a, double b) { return std::abs(10.0 * std::log10(a / b)); };
  return step_db(look.low.power, last.low.power) <= kMostStepDb &&
         step_db(look.high.power, last.high.power) <= kMostStepDb;
}

void DtmfDetector::State::announce(const DtmfEvent& what) noexcept {
  queue[queued % queue.size()] = what;
  ++queued;
  if (queued - taken > queue.size()) ++taken;  // Nobody asked: the oldest is forgotten.
}

void DtmfDetector::State::begin(const Look& look) noexcept {
  active = true;
  misses = 0;
  const auto inside = static_cast<std::uint64_t>(kShareOfWindow * static_cast<double>(window));
  const std::uint64_t began = run_began > inside ? run_began - inside : 0;
  event = {look.digit, false, began, began, 10.0 * std::log10(look.low.power + look.high.power)};
  announce(event);
}

void DtmfDetector::State::end() noexcept {
  active = false;
  run = 0;
  const auto outside =
      static_cast<std::uint64_t>((1.0 - kShareOfWindow) * static_cast<double>(window));
  event.ended = true;
  event.end_frame = std::max(event.begin_frame, last_heard - std::min(last_heard, outside));
  announce(event);
}

// Digits begin after several looks that agree and end after several that do not.
void DtmfDetector::State::follow(const Look& look) noexcept {
  if (active) {
    if (look.digit == event.digit) {
      misses = 0;
      last_heard = heard;
    } else if (++misses >= kLooksToEnd) {
      end();
    }
    return;
  }
  if (!continues(look)) {
    run = 0;
    low_deviations = high_deviations = 0.0;
    run_began = heard;
  }
  last = look;
  if (look.digit == 0) return;
  ++run;
  last_heard = heard;
  low_deviations += look.low.deviation;
  high_deviations += look.high.deviation;
  const double most = kMeanDeviation * run;
  if (run >= kLooksToBegin && std::abs(low_deviations) <= most && std::abs(high_deviations) <= most)
    begin(look);
}

Result<DtmfDetector> DtmfDetector::create(int sample_rate_hz) {
  if (sample_rate_hz < 8'000 || sample_rate_hz > 48'000)
    return make_error(ErrorCode::kInvalidArgument, "digits are looked for in sound of ",
                      sample_rate_hz, " Hz, but it must be 8000 to 48000 Hz");
  return DtmfDetector(std::make_unique<State>(sample_rate_hz));
}

DtmfDetector::DtmfDetector(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
DtmfDetector::DtmfDetector(DtmfDetector&&) noexcept = default;
DtmfDetector& DtmfDetector::operator=(DtmfDetector&&) noexcept = default;
DtmfDetector::~DtmfDetector() = default;

int DtmfDetector::sample_rate_hz() const noexcept { return state_->sample_rate_hz; }

void DtmfDetector::process(AudioView mono) noexcept {
  State& state = *state_;
  if (mono.empty()) return;
  SYRINX_CHECK(mono.sample_rate_hz() == state.sample_rate_hz, "digits sought at another rate");
  auto rest = mono.channel(0);
  while (!rest.empty()) {
    const std::size_t count = std::min(rest.size(), state.hop - state.fresh);
    auto& samples = state.samples;
    std::copy(samples.begin() + static_cast<std::ptrdiff_t>(count), samples.end(), samples.begin());
    std::transform(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(count),
                   samples.end() - static_cast<std::ptrdiff_t>(count),
                   [](float x) { return std::isfinite(x) ? std::clamp(x, -2.0F, 2.0F) : 0.0F; });
    rest = rest.subspan(count);
    state.fresh += count;
    state.heard += count;
    if (state.fresh < state.hop) break;
    state.fresh = 0;
    state.follow(state.examine());
  }
}

std::optional<DtmfEvent> DtmfDetector::next() noexcept {
  if (state_->taken == state_->queued) return std::nullopt;
  return state_->queue[state_->taken++ % state_->queue.size()];
}

void DtmfDetector::finish() noexcept {
  if (state_->active) state_->end();
}

bool DtmfDetector::suspects() const noexcept { return state_->run > 0 || state_->active; }

void DtmfDetector::reset() noexcept {
  State& state = *state_;
  std::ranges::fill(state.samples, 0.0F);
  state.fresh = 0;
  state.heard = state.run_began = state.last_heard = 0;
  state.now = state.before = {};
  state.last = {};
  state.run = state.misses = 0;
  state.active = false;
  state.queued = state.taken = 0;
}

Result<std::vector<DtmfEvent>> find_digits(AudioView audio) {
  SYRINX_ASSIGN(DtmfDetector detector, DtmfDetector::create(audio.sample_rate_hz()));
  const std::vector<double> mean = mean_of_channels(audio);
  AudioBuffer mono(1, mean.size(), audio.sample_rate_hz());
  std::transform(mean.begin(), mean.end(), mono.channel(0).begin(),
                 [](double sample) { return static_cast<float>(sample); });
  std::vector<DtmfEvent> found;
  const auto collect = [&] {
    while (const auto event = detector.next()) {
      if (event->ended) found.push_back(*event);
    }
  };
  const auto second = static_cast<std::size_t>(audio.sample_rate_hz());
  for (std::size_t at = 0; at < mono.frames(); at += second / 4) {
    detector.process(mono.view().slice(at, std::min(second / 4, mono.frames() - at)));
    collect();
  }
  detector.finish();
  collect();
  return found;
}

}  // namespace syrinx::enhance
