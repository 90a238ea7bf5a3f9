// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/gated_stack.h"

#include <algorithm>

#include "syrinx/core/base/check.h"

namespace syrinx::nn {
namespace {

std::size_t size(std::int64_t rows) {
  return static_cast<std::size_t>(std::max<std::int64_t>(rows, 0));
}

std::size_t stride_of(const GatedStackSpec& spec) {
  return spread_row_bytes(spec.format, spec.channels);
}

}  // namespace

GatedScratch::GatedScratch(const GatedStackSpec& spec)
    : gated_((size(spec.part_rows) + kSlackRows) * stride_of(spec)), gate_(spec.gate_floats) {
  const std::size_t rows = size(spec.most_rows + 3 * spec.behind) + kSlackRows;
  for (ScratchBytes& window : windows_) window = ScratchBytes(rows * stride_of(spec));
}

std::size_t GatedScratch::memory_bytes() const noexcept {
  return windows_[0].size() + windows_[1].size() + gated_.size() + gate_.size() * sizeof(float);
}

GatedStack::GatedStack(const GatedStackSpec& spec, std::span<const GatedLayer> layers)
    : spec_(spec), weights_(layers) {
  for (const GatedLayer& layer : layers) {
    const std::int64_t look = layer.gated.geometry().behind();
    SYRINX_CHECK(look <= spec.behind, "a layer that looks further than the scratch has room for");
    reach_ += look;
    layers_.push_back(
        {RowWindow(stride_of(spec), size(look), size(2 * look)), look, reach_, {}, 0});
  }
  const std::size_t most = size(spec.most_rows + reach_);
  x_ = SlidingRows(spec.channels * sizeof(float), most);
  sum_ = SlidingRows(spec.sums * sizeof(float), most);
}

std::size_t GatedStack::memory_bytes() const noexcept {
  std::size_t bytes = sizeof *this + x_.memory_bytes() + sum_.memory_bytes();
  for (const LayerState& state : layers_) bytes += sizeof state + state.in.memory_bytes();
  return bytes;
}

void GatedStack::start(std::span<const GatedLayer> layers, Range wanted,
                       std::int64_t utterance_rows) noexcept {
  SYRINX_CHECK(layers.size() == layers_.size(), "layers of another geometry");
  weights_ = layers;
  start(wanted, utterance_rows);
}

void GatedStack::start(Range wanted, std::int64_t utterance_rows) noexcept {
  std::int64_t reach = reach_;
  const auto widened = [&] {
    return Range{std::max<std::int64_t>(wanted.begin - reach, 0),
                 std::min(wanted.end + reach, utterance_rows)};
  };
  input_ = widened();
  for (LayerState& state : layers_) {
    reach -= state.look;
    state.range = widened();
    state.done = state.range.begin;
    state.in.reset();
  }
  time_ = input_.begin;
  new_rows_ = {time_, time_};
  x_.reset(time_);
  sum_.reset(time_);
}

void GatedStack::end_at(std::int64_t utterance_rows) noexcept {
  SYRINX_CHECK(input_.end == kOpenEnd && time_ <= utterance_rows, "an end that is past");
  input_.end = utterance_rows;
  for (LayerState& state : layers_) state.range.end = utterance_rows;
}

std::int64_t GatedStack::needed() const noexcept {
  std::int64_t row = std::min(time_, input_.end);
  for (const LayerState& state : layers_) row = std::min(row, state.done);
  return row;
}

GatedStack::Range GatedStack::make_room(std::int64_t count) noexcept {
  SYRINX_CHECK(count <= spec_.most_rows, "more rows than there is room for");
  new_rows_ = {time_, time_ + count};
  const Range rows{std::min(time_, input_.end), std::min(time_ + count, input_.end)};
  x_.make_room(needed(), rows.end);
  sum_.make_room(needed(), rows.end);
  return rows;
}

GatedStack::Range GatedStack::advance(const SideRows& side,
                                      std::span<const std::vector<float>> biases,
                                      GatedScratch& scratch) noexcept {
  take_in(scratch);
  const std::int64_t before = layers_.back().done;
  for (std::size_t i = 0; i < layers_.size(); ++i)
    run_layer(i, side, i < biases.size() ? biases[i].data() : nullptr, scratch);
  return {before, layers_.back().done};
}

// The first layer's input is open afterwards.
void GatedStack::take_in(GatedScratch& scratch) noexcept {
  RowWindow& in = layers_[0].in;
  in.open(scratch.windows_[0].data());
  const std::int64_t end = std::min(new_rows_.end, input_.end);
  if (new_rows_.begin < end) {
    const std::size_t rows = size(end - new_rows_.begin);
    spec_.kernels->activate(in.row(in.end()), in.row_bytes(), spec_.format, x(new_rows_.begin),
                            spec_.channels, rows, spec_.channels, 1.0F, 1.0F);
    in.grow(rows);
  }
  time_ = new_rows_.end;
  new_rows_.begin = time_;
}

// Takes its open input as far as it goes and opens the next layer's, unless it is the last.
void GatedStack::run_layer(std::size_t index, const SideRows& side, const float* bias,
                           GatedScratch& scratch) noexcept {
  LayerState& state = layers_[index];
  const Range& before = made_before(index);
  const std::int64_t made = before.begin + state.in.end();
  // After the utterance lie zeros; a stretch that ends before it never looks at them.
  if (made == before.end) state.in.pad_end(size(state.look));
  const std::int64_t ready = made == before.end ? made : made - state.look;
  // As far behind at the end as elsewhere: so no call makes more rows than it is asked for.
  const std::int64_t end =
      std::clamp(std::min(ready, time_ - state.lag), state.done, state.range.end);
  RowWindow* next = index + 1 < layers_.size() ? &layers_[index + 1].in : nullptr;
  if (next != nullptr) next->open(scratch.windows_[(index + 1) % 2].data());
  while (state.done < end)
    run_part(index, std::min(spec_.part_rows, end - state.done), side, bias, scratch);
  state.in.close(state.done - state.look - before.begin);
}

void GatedStack::run_part(std::size_t index, std::int64_t rows, const SideRows& side,
                          const float* bias, GatedScratch& scratch) noexcept {
  const GatedLayer& layer = weights_[index];
  LayerState& state = layers_[index];
  const std::size_t stride = stride_of(spec_), count = size(rows);
  std::byte* const gated = scratch.gated_.data();
  layer.gated.run({state.in.row(state.done - made_before(index).begin), state.in.row_bytes()},
                  {side.row(state.done), side.stride}, count, gated, stride, scratch.gate_.data());
  layer.skip.run(gated, stride, count, sum(state.done), spec_.sums, index == 0);
  if (index + 1 < layers_.size()) {
    RowWindow& next = layers_[index + 1].in;
    ConvTail tail;
    tail.residual = tail.keep = x(state.done);
    tail.residual_stride = tail.keep_stride = spec_.channels;
    tail.out = next.row(next.end());
    tail.out_stride = next.row_bytes();
    layer.residual.run(gated, stride, count, tail, bias);
    next.grow(count);
  }
  state.done += rows;
}

}  // namespace syrinx::nn
