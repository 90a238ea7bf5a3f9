// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/dtmf/dtmf_tones.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syrinx::enhance {
namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;
constexpr double kEdgeS = 0.002;
constexpr double kMaxDurationMs = 10'000.0;
constexpr std::string_view kKeys = "123A456B789C*0#D";

double peak_of(double dbov) noexcept { return std::numbers::sqrt2 * std::pow(10.0, dbov / 20.0); }

std::size_t frames_of(double ms, int sample_rate_hz) {
  return static_cast<std::size_t>(std::lround(ms * sample_rate_hz / 1'000.0));
}

// From 0 to 1 over the edge, as a raised cosine.
double rounded(double seconds) noexcept {
  if (seconds >= kEdgeS) return 1.0;
  return 0.5 - 0.5 * std::cos(std::numbers::pi * seconds / kEdgeS);
}

Result<void> check(std::string_view digits, int sample_rate_hz, const DtmfToneOptions& options) {
  for (const char digit : digits) {
    if (!dtmf_pair(digit))
      return make_error(ErrorCode::kInvalidArgument, "'", std::string(1, digit),
                        "' is no digit; there are 0 to 9, *, #, A, B, C and D");
  }
  if (sample_rate_hz < 8'000 || sample_rate_hz > 48'000)
    return make_error(ErrorCode::kInvalidArgument, "digits were asked for at ", sample_rate_hz,
                      " Hz, but are made at 8000 to 48000 Hz");
  for (const double ms : {options.tone_ms, options.pause_ms}) {
    if (!(ms >= 0.0 && ms <= kMaxDurationMs))
      return make_error(ErrorCode::kInvalidArgument, "tones and pauses last 0 to ", kMaxDurationMs,
                        " ms, not ", ms);
  }
  return {};
}

void add_tone(std::span<float> out, double hz, double peak, int sample_rate_hz) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = static_cast<double>(i) / sample_rate_hz;
    const double left = static_cast<double>(out.size() - i) / sample_rate_hz;
    const double edge = std::min(rounded(t), rounded(left));
    out[i] += static_cast<float>(edge * peak * std::sin(kTurn * hz * t));
  }
}

}  // namespace

std::optional<DtmfPair> dtmf_pair(char digit) noexcept {
  constexpr std::array<double, 4> kLow = {697.0, 770.0, 852.0, 941.0};
  constexpr std::array<double, 4> kHigh = {1'209.0, 1'336.0, 1'477.0, 1'633.0};
  const char upper = digit >= 'a' && digit <= 'd' ? static_cast<char>(digit - 32) : digit;
  const auto key = kKeys.find(upper);
  if (key == std::string_view::npos) return std::nullopt;
  return DtmfPair{kLow[key / 4], kHigh[key % 4]};
}

Result<AudioBuffer> make_dtmf(std::string_view digits, int sample_rate_hz,
                              DtmfToneOptions options) {
  SYRINX_TRY(check(digits, sample_rate_hz, options));
  const std::size_t tone = frames_of(options.tone_ms, sample_rate_hz);
  const std::size_t each = tone + frames_of(options.pause_ms, sample_rate_hz);
  AudioBuffer audio(1, each * digits.size(), sample_rate_hz);
  const double shift = 1.0 + options.frequency_error;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const DtmfPair pair = *dtmf_pair(digits[i]);
    const auto out = audio.channel(0).subspan(i * each, tone);
    add_tone(out, pair.low_hz * shift, peak_of(options.low_dbov), sample_rate_hz);
    add_tone(out, pair.high_hz * shift, peak_of(options.high_dbov), sample_rate_hz);
  }
  return audio;
}

void DtmfGenerator::start(char digit, double level_dbov) noexcept {
  const auto pair = dtmf_pair(digit);
  digit_ = pair ? digit : '\0';
  if (!pair) return;
  low_phase_ = high_phase_ = gain_ = 0.0;
  low_step_ = kTurn * pair->low_hz / sample_rate_hz_;
  high_step_ = kTurn * pair->high_hz / sample_rate_hz_;
  amplitude_ = std::pow(10.0, level_dbov / 20.0);  // Two sines of this peak have this mean.
}

void DtmfGenerator::process(MutableAudioView out) noexcept {
  if (out.empty()) return;
  const double edge = 1.0 / (kEdgeS * sample_rate_hz_);
  for (float& sample : out.channel(0)) {
    gain_ = std::clamp(gain_ + (digit_ == '\0' ? -edge : edge), 0.0, 1.0);
    const double smooth = 0.5 - 0.5 * std::cos(std::numbers::pi * gain_);
    sample =
        static_cast<float>(smooth * amplitude_ * (std::sin(low_phase_) + std::sin(high_phase_)));
    low_phase_ = std::fmod(low_phase_ + low_step_, kTurn);
    high_phase_ = std::fmod(high_phase_ + high_step_, kTurn);
  }
  for (std::size_t c = 1; c < out.channels(); ++c)
    std::ranges::copy(out.channel(0), out.channel(c).begin());
}

}  // namespace syrinx::enhance
