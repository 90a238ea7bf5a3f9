// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/mel.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "syrinx/core/base/limits.h"

namespace syrinx {
namespace {

Error bad_field(const char* field, double given, const char* expected) {
  return make_error(ErrorCode::kInvalidArgument, "mel spec: ", field, " is ", given,
                    " but must be ", expected);
}

const char* log_in_words(MelLog log) {
  switch (log) {
    case MelLog::kNatural:
      return "ln";
    case MelLog::kLog10:
      return "log10";
    case MelLog::kDecibelNormalised:
      break;
  }
  return "normalised dB";
}

}  // namespace

std::string describe(const MelSpec& spec) {
  std::ostringstream line;
  line << spec.sample_rate_hz << " Hz, fft " << spec.fft_size << ", hop " << spec.hop_samples
       << ", window " << spec.window_samples << ", " << spec.bands << " bands " << spec.min_hz
       << "-" << spec.max_hz << " Hz " << (spec.scale == MelScale::kSlaney ? "slaney" : "htk")
       << ", power " << spec.power << ", " << log_in_words(spec.log);
  return line.str();
}

double mel_value(const MelSpec& spec, double amplitude) noexcept {
  const double clamped = std::max(amplitude, spec.clamp);
  if (spec.log == MelLog::kNatural) return std::log(clamped);
  const double log = std::log10(clamped);
  if (spec.log == MelLog::kLog10) return log;
  return std::clamp((20.0 * log - 20.0 + 100.0) / 100.0, 0.0, 1.0);
}

double mel_amplitude(const MelSpec& spec, double value) noexcept {
  if (spec.log == MelLog::kNatural) return std::exp(value);
  if (spec.log == MelLog::kLog10) return std::pow(10.0, value);
  return std::pow(10.0, (value * 100.0 - 100.0 + 20.0) / 20.0);
}

Result<void> validate(const MelSpec& spec) {
  const double nyquist_hz = spec.sample_rate_hz / 2.0;
  if (spec.sample_rate_hz < limits::kMinSampleRateHz ||
      spec.sample_rate_hz > limits::kMaxSampleRateHz)
    return bad_field("sample_rate_hz", spec.sample_rate_hz, "1000 to 768000");
  if (spec.fft_size < 2 || spec.fft_size > limits::kMaxFftSize || spec.fft_size % 2 != 0)
    return bad_field("fft_size", static_cast<double>(spec.fft_size), "even and at most 1048576");
  if (spec.window_samples == 0 || spec.window_samples > spec.fft_size)
    return bad_field("window_samples", static_cast<double>(spec.window_samples), "1 to fft_size");
  if (spec.hop_samples == 0 || spec.hop_samples > spec.window_samples)
    return bad_field("hop_samples", static_cast<double>(spec.hop_samples), "1 to window_samples");
  if (spec.bands == 0 || spec.bands > limits::kMaxMelBands)
    return bad_field("bands", static_cast<double>(spec.bands), "1 to 1024");
  if (!(spec.min_hz >= 0.0 && spec.min_hz < spec.max_hz))
    return bad_field("min_hz", spec.min_hz, "at least 0 and below max_hz");
  if (!(spec.max_hz <= nyquist_hz))
    return bad_field("max_hz", spec.max_hz, "at most half the sample rate");
  if (spec.power != 1.0 && spec.power != 2.0) return bad_field("power", spec.power, "1 or 2");
  if (!(spec.clamp > 0.0)) return bad_field("clamp", spec.clamp, "above 0");
  return {};
}

}  // namespace syrinx
