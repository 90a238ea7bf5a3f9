// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/effect.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "syrinx/core/base/check.h"
#include "syrinx/core/base/limits.h"

namespace syrinx::effects {

Result<void> validate(const Format& f) {
  if (f.sample_rate_hz < limits::kMinSampleRateHz || f.sample_rate_hz > limits::kMaxSampleRateHz)
    return make_error(ErrorCode::kInvalidArgument, "effects: the rate is ", f.sample_rate_hz,
                      " Hz; give ", limits::kMinSampleRateHz, " to ", limits::kMaxSampleRateHz);
  if (f.channels == 0 || f.channels > limits::kMaxChannels)
    return make_error(ErrorCode::kInvalidArgument, "effects: ", f.channels,
                      " channels were given; give 1 to ", limits::kMaxChannels);
  if (f.max_block_frames == 0 || f.max_block_frames > limits::kMaxBlockFrames)
    return make_error(ErrorCode::kInvalidArgument, "effects: blocks of ", f.max_block_frames,
                      " frames were given; give 1 to ", limits::kMaxBlockFrames);
  return {};
}

namespace {

// Whether all are within kLargestSample. On the bits, whose order is that of the magnitudes and
// which the compiler compares many at once; a NaN lies beyond infinity.
bool all_good(std::span<const float> samples) noexcept {
  constexpr auto kLargest = std::bit_cast<std::int32_t>(kLargestSample);
  std::int32_t signs = 0;
  for (const float x : samples) signs |= kLargest - (std::bit_cast<std::int32_t>(x) & 0x7fffffff);
  return signs >= 0;
}

}  // namespace

std::uint64_t silence_bad_samples(MutableAudioView audio) noexcept {
  std::uint64_t bad = 0;
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    if (all_good(audio.channel(c))) continue;
    for (float& x : audio.channel(c)) {
      if (std::abs(x) <= kLargestSample) continue;  // False for NaN.
      x = 0.0f;
      ++bad;
    }
  }
  return bad;
}

Effect::Effect(std::span<const Parameter> parameters)
    : parameters_(parameters), cells_left_(parameters.size()) {
  for (const Parameter& p : parameters) targets_.push_back(p.initial);
  current_ = from_ = targets_;
}

std::optional<std::size_t> Effect::find_parameter(std::string_view id) const noexcept {
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    if (parameters_[i].id == id) return i;
  return std::nullopt;
}

Result<void> Effect::set_parameter(std::string_view id, double value) {
  const auto index = find_parameter(id);
  if (!index) {
    std::string known;
    for (const Parameter& p : parameters_) known += (known.empty() ? "" : ", ") + std::string(p.id);
    return make_error(ErrorCode::kNotFound, name(), " has no parameter '", id, "'; it has ", known);
  }
  const Parameter& p = parameters_[*index];
  if (!(value >= p.min && value <= p.max))
    return make_error(ErrorCode::kInvalidArgument, name(), ": ", id, " is ", value,
                      " but must lie within ", p.min, " and ", p.max, p.unit.empty() ? "" : " ",
                      p.unit);
  set_parameter(*index, value);
  return {};
}

double Effect::limited(std::size_t index, double value) const noexcept {
  const double inside = std::clamp(value, parameters_[index].min, parameters_[index].max);
  return parameters_[index].choices.empty() ? inside : std::round(inside);
}

void Effect::set_parameter(std::size_t index, double value) noexcept {
  SYRINX_CHECK(index < parameters_.size(), "parameter index past the last parameter");
  if (std::isnan(value)) return;
  targets_[index] = limited(index, value);
  if (parameters_[index].change == Change::kOnPrepare) return;
  from_[index] = current_[index];
  cells_left_[index] = parameters_[index].change == Change::kSmooth ? glide_cells_ : 1;
  moving_ = true;
}

void Effect::jump_parameter(std::size_t index, double value) noexcept {
  set_parameter(index, value);
  if (cells_left_[index] > 0) cells_left_[index] = 1;
}

Result<void> Effect::prepare(const Format& format) {
  SYRINX_TRY(validate(format));
  format_ = format;
  const double cells = kSmoothingMs * 1e-3 * format.sample_rate_hz / kCellFrames;
  glide_cells_ = static_cast<std::uint32_t>(std::max(1.0, std::ceil(cells)));
  current_ = targets_;
  auto prepared = on_prepare();
  if (!prepared) {
    format_ = {0, 0, 0};
    return prepared;
  }
  reset();
  return {};
}

void Effect::reset() noexcept {
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    if (parameters_[i].change != Change::kOnPrepare) current_[i] = targets_[i];
  std::fill(cells_left_.begin(), cells_left_.end(), 0U);
  moving_ = false;
  cell_position_ = 0;
  bad_samples_ = 0;
  if (format_.channels == 0) return;  // Not prepared: there is no past.
  on_change();
  on_reset();
}

void Effect::process(MutableAudioView audio) noexcept {
  SYRINX_CHECK(audio.channels() == format_.channels &&
                   audio.sample_rate_hz() == format_.sample_rate_hz &&
                   audio.frames() <= format_.max_block_frames,
               "an effect was given audio of another format than it was prepared for");
  bad_samples_ += silence_bad_samples(audio);
  for (std::size_t at = 0; at < audio.frames();) {
    if (cell_position_ == 0) begin_cell();
    const std::size_t part = part_frames(audio.frames() - at);
    on_process(audio.slice(at, part));
    at += part;
    cell_position_ = (cell_position_ + part) % kCellFrames;
  }
}

std::size_t Effect::part_frames(std::size_t left) const noexcept {
  return std::min(moving_ ? kCellFrames - cell_position_ : kPartFrames, left);
}

void Effect::begin_cell() noexcept {
  if (!moving_) return;
  moving_ = false;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (cells_left_[i] > 0) glide(i);
    moving_ = moving_ || cells_left_[i] > 0;
  }
  on_change();
}

void Effect::glide(std::size_t i) noexcept {
  const double total = parameters_[i].change == Change::kSmooth ? glide_cells_ : 1;
  const double done = 1.0 - (--cells_left_[i]) / total;
  if (cells_left_[i] == 0) {
    current_[i] = targets_[i];
  } else if (parameters_[i].scale == Scale::kLogarithmic && from_[i] > 0 && targets_[i] > 0) {
    current_[i] = from_[i] * std::pow(targets_[i] / from_[i], done);
  } else {
    current_[i] = from_[i] + (targets_[i] - from_[i]) * done;
  }
}

}  // namespace syrinx::effects
