// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/bigvgan/bigvgan_stream.h"

#include <algorithm>
#include <utility>

#include "syrinx/core/base/check.h"
#include "syrinx/stages/vocoder/stream_input.h"

namespace syrinx::vocoder {
namespace {

using nn::RowFormat;
using nn::RowWindow;

constexpr std::int64_t kPostPadding = 3;
constexpr auto kReach = static_cast<std::int64_t>(nn::kSnakeReach);
constexpr std::int64_t kKept = kReach + 1;  // Behind: the kernel reads one row that it drops.

std::size_t size(std::int64_t rows) {
  return static_cast<std::size_t>(std::max<std::int64_t>(rows, 0));
}

// Rows of a stage that together with their copies stay in the second-level cache.
std::size_t stretch_rows(std::size_t channels) {
  return std::clamp<std::size_t>(65'536 / channels, 256, 2'048);
}

std::int64_t reach(const RowWindow& in, std::int64_t padding, std::int64_t total, bool last) {
  return last ? total : std::max<std::int64_t>(in.end() - padding, 0);
}

// Rows that a layer keeps of its input: for its residual and for its activation.
std::size_t kept_rows(const AmpLayer& layer) {
  return size(std::max(layer.look_ahead, kReach + kKept));
}

void fit(nn::ScratchBytes& scratch, const RowWindow& window, std::size_t rows) {
  if (window.scratch_bytes(rows) > scratch.size())
    scratch = nn::ScratchBytes(window.scratch_bytes(rows));
}

}  // namespace

BigVganStream::BigVganStream(const BigVganGenerator& generator, std::size_t max_block_frames)
    : generator_(generator),
      max_block_frames_(max_block_frames),
      latency_(generator.latency_samples()) {
  const nn::RowKernels& kernels = *generator.kernels;
  const std::size_t bands = nn::padded_channels(kernels, generator.config.mel_bands);
  const auto padding = size(generator.pre.geometry().ahead());
  mel_ = RowWindow(bands * sizeof(float), padding, 2 * padding);
  mel_scratch_ = nn::ScratchBytes(mel_.scratch_bytes(max_block_frames + padding));
  pre_rows_.assign((max_block_frames + padding) * generator.pre_channels, 0.0F);
  std::size_t in_rows = max_block_frames + padding;
  for (std::size_t i = 0; i < generator.stages.size(); ++i) {
    stages_.push_back(make_stage(i, in_rows));
    in_scratch_.emplace_back(
        stages_.back().in.scratch_bytes(in_rows + size(generator.stages[i].ahead)));
    in_rows = stages_.back().max_in_rows * generator.stages[i].rate +
              size(generator.stages[i].blocks.back().look_ahead);
  }
  const std::size_t post_bytes = generator.stages.back().channels * sizeof(float);
  post_in_ = RowWindow(post_bytes, 0, size(kReach + kKept));
  post_ = RowWindow(post_bytes, size(kPostPadding), 2 * size(kPostPadding));
  in_scratch_.emplace_back(post_in_.scratch_bytes(in_rows));
  post_scratch_ = nn::ScratchBytes(post_.scratch_bytes(in_rows + size(kReach + kPostPadding)));
  make_scratch();
  reset();
}

BigVganStream::StageState BigVganStream::make_stage(std::size_t index, std::size_t in_rows) const {
  const BigVganStage& stage = generator_.stages[index];
  const std::size_t float_bytes = stage.channels * sizeof(float);
  const std::size_t bytes = nn::row_bytes(stage.format, stage.channels);
  const std::size_t in_channels =
      index > 0 ? generator_.stages[index - 1].channels : generator_.pre_channels;
  StageState state;
  state.max_in_rows =
      std::clamp<std::size_t>(stretch_rows(stage.channels) / stage.rate, 1, in_rows);
  state.in = RowWindow(nn::row_bytes(stage.in_format, in_channels), size(stage.behind),
                       size(stage.behind + stage.ahead));
  std::size_t upsampled_kept = 0;
  for (const AmpBlock& block : stage.blocks) {
    BlockState made;
    upsampled_kept = std::max(upsampled_kept, kept_rows(block.layers[0]));
    for (const AmpLayer& layer : block.layers) {
      const std::size_t first = size(layer.first.geometry().ahead());
      const std::size_t second = size(layer.second.geometry().ahead());
      made.layers.push_back({RowWindow(float_bytes, 0, kept_rows(layer)),
                             RowWindow(bytes, first, 2 * first),
                             RowWindow(float_bytes, 0, size(kReach + kKept)),
                             RowWindow(bytes, second, 2 * second), 0});
    }
    state.blocks.push_back(std::move(made));
  }
  state.upsampled = RowWindow(float_bytes, 0, upsampled_kept);
  state.sum = RowWindow(float_bytes, 0,
                        size(stage.blocks.back().look_ahead - stage.blocks.front().look_ahead));
  return state;
}

void BigVganStream::make_scratch() {
  std::size_t snake_floats = 0;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const BigVganStage& stage = generator_.stages[i];
    const StageState& state = stages_[i];
    // A stream's last stretch makes what every layer has held back too, and is padded besides.
    const std::size_t rows =
        state.max_in_rows * stage.rate + 2 * size(stage.blocks.back().look_ahead + kReach);
    snake_floats = std::max(snake_floats, (rows + size(kReach)) * stage.channels);
    fit(scratch_.upsampled, state.upsampled, rows);
    fit(scratch_.sum, state.sum, rows);
    for (const BlockState& block : state.blocks)
      for (const LayerState& layer : block.layers) {
        for (nn::ScratchBytes& scratch : scratch_.in) fit(scratch, layer.in, rows);
        fit(scratch_.activated, layer.activated, rows);
        fit(scratch_.activated, layer.again, rows);
        fit(scratch_.middle, layer.middle, rows);
      }
  }
  snake_rows_.assign(snake_floats, 0.0F);
}

void BigVganStream::reset() noexcept {
  mel_.reset();
  post_in_.reset();
  post_.reset();
  post_done_ = 0;
  bad_frames_ = 0;
  for (StageState& state : stages_) {
    state.in.reset();
    state.upsampled.reset();
    state.sum.reset();
    state.in_done = 0;
    state.sum_done = 0;
    for (BlockState& block : state.blocks)
      for (LayerState& layer : block.layers) {
        for (RowWindow* window : {&layer.in, &layer.activated, &layer.middle, &layer.again})
          window->reset();
        layer.done = 0;
      }
  }
}

RowWindow& BigVganStream::input_of(std::size_t stage) noexcept {
  return stage < stages_.size() ? stages_[stage].in : post_in_;
}

std::int64_t BigVganStream::total_rows(std::size_t stage) const noexcept {
  std::int64_t rows = mel_.end();
  for (std::size_t i = 0; i < stage; ++i)
    rows *= static_cast<std::int64_t>(generator_.stages[i].rate);
  return rows;
}

void BigVganStream::process(MelView mel, MutableAudioView out) noexcept {
  const std::size_t hop = generator_.hop_samples();
  SYRINX_CHECK(mel.frames() <= max_block_frames_, "more frames than the stream was opened for");
  SYRINX_CHECK(mel.bands() == generator_.config.mel_bands, "a mel of another number of bands");
  SYRINX_CHECK(out.channels() == 1 && out.frames() == mel.frames() * hop,
               "an output of another length");
  if (mel.frames() == 0) return;
  // The silence that the stream begins with, then what this call completes.
  const auto before = static_cast<std::size_t>(mel_.end()) * hop;
  const std::size_t silence = before < latency_ ? std::min(latency_ - before, out.frames()) : 0;
  const std::span<float> samples = out.channel(0);
  std::fill_n(samples.begin(), silence, 0.0F);
  out_ = samples.data() + silence;
  const nn::TileScope tiles(*generator_.kernels);
  mel_.open(mel_scratch_.data());
  bad_frames_ += take_mel(mel, mel_);
  run_pre(false);
  SYRINX_CHECK(out_ == samples.data() + samples.size(), "a stream that lost count");
}

void BigVganStream::finish(MutableAudioView out) noexcept {
  SYRINX_CHECK(out.channels() == 1 && out.frames() == tail_samples(),
               "an output of another length");
  const std::span<float> samples = out.channel(0);
  const auto made = static_cast<std::size_t>(mel_.end()) * generator_.hop_samples();
  // An utterance shorter than the latency has not yet had all of its leading silence.
  const std::size_t silence = made < latency_ ? latency_ - made : 0;
  std::fill_n(samples.begin(), silence, 0.0F);
  out_ = samples.data() + silence;
  if (made > 0) {
    const nn::TileScope tiles(*generator_.kernels);
    mel_.open(mel_scratch_.data());
    mel_.pad_end(size(generator_.pre.geometry().ahead()));
    run_pre(true);
  }
  const std::size_t bad = bad_frames_;
  reset();
  bad_frames_ = bad;
}

void BigVganStream::run_pre(bool last) noexcept {
  const std::int64_t padding = generator_.pre.geometry().ahead();
  const std::size_t channels = generator_.pre_channels;
  RowWindow& out = stages_[0].in;
  out.open(in_scratch_[0].data());
  const std::size_t rows = size(reach(mel_, padding, mel_.end(), last) - out.end());
  nn::ConvTail tail;
  tail.keep = pre_rows_.data();
  tail.keep_stride = channels;
  generator_.pre.run(mel_.row(out.end()), mel_.row_bytes(), rows, tail);
  generator_.kernels->activate(out.row(out.end()), out.row_bytes(), generator_.stages[0].in_format,
                               pre_rows_.data(), channels, rows, channels, 1.0F, 1.0F);
  out.grow(rows);
  mel_.close(out.end() - padding);
  run_stage(0, last);
}

// Takes all that its input window holds, a stretch at a time, each through the stages that follow.
void BigVganStream::run_stage(std::size_t index, bool last) noexcept {
  if (index == stages_.size()) return run_post(last);
  const BigVganStage& stage = generator_.stages[index];
  StageState& state = stages_[index];
  if (last) state.in.pad_end(size(stage.ahead));
  const std::int64_t end = reach(state.in, stage.ahead, total_rows(index), last);
  do {
    const std::int64_t stretch_end =
        std::min(end, state.in_done + static_cast<std::int64_t>(state.max_in_rows));
    const bool ends = last && stretch_end == end;
    upsample(stage, state, stretch_end);
    state.sum.open(scratch_.sum.data());
    for (std::size_t b = 0; b < stage.blocks.size(); ++b)
      run_block(stage, state, b, {total_rows(index + 1), ends});
    std::int64_t needed = state.upsampled.end();
    for (const BlockState& block : state.blocks) {
      const LayerState& first = block.layers[0];
      needed = std::min({needed, first.done, first.activated.end() - kKept});
    }
    state.upsampled.close(std::max<std::int64_t>(needed, 0));
    hand_on(index);
    run_stage(index + 1, ends);
  } while (state.in_done < end);
  state.in.close(state.in_done - stage.behind);
}

void BigVganStream::upsample(const BigVganStage& stage, StageState& state,
                             std::int64_t end) noexcept {
  state.upsampled.open(scratch_.upsampled.data());
  const std::size_t rows = size(end - state.in_done);
  const std::int64_t first = state.in_done * static_cast<std::int64_t>(stage.rate);
  for (std::size_t p = 0; p < stage.rate; ++p) {
    nn::ConvTail tail;
    tail.keep = state.upsampled.row_as<float>(first + static_cast<std::int64_t>(p));
    tail.keep_stride = stage.channels * stage.rate;
    stage.phases[p].run(state.in.row(state.in_done), state.in.row_bytes(), rows, tail);
  }
  state.in_done = end;
  state.upsampled.grow(rows * stage.rate);
}

// Activates as many more rows as the input allows, into the format that the next layer multiplies.
void BigVganStream::activate(const RowWindow& in, const Snake& snake, RowFormat format,
                             RowWindow& out, End end) noexcept {
  const std::int64_t begin = out.end();
  const std::size_t rows = size(reach(in, kReach, end.total, end.last) - begin);
  const std::size_t channels = in.row_bytes() / sizeof(float);
  const nn::EdgedRows edged{
      in.row_as<float>(begin), channels, static_cast<std::ptrdiff_t>(-begin),
      end.last ? static_cast<std::ptrdiff_t>(end.total - 1 - begin) : nn::kUnknownEnd};
  const bool direct = format == RowFormat::kFloat;
  float* to = direct ? out.row_as<float>(begin) : snake_rows_.data();
  generator_.maths->snake(
      to, channels, edged, rows, channels,
      {snake.alpha.data(), snake.inverse_beta.data(), generator_.filter.data()});
  if (!direct)
    generator_.kernels->activate(out.row(begin), out.row_bytes(), format, to, channels, rows,
                                 channels, 1.0F, 1.0F);
  out.grow(rows);
}

// Each layer goes as far as its input lets it, the last one into the sum of the blocks.
void BigVganStream::run_block(const BigVganStage& stage, StageState& state, std::size_t index,
                              End end) noexcept {
  const AmpBlock& block = stage.blocks[index];
  BlockState& mine = state.blocks[index];
  for (std::size_t i = 0; i < block.layers.size(); ++i) {
    const AmpLayer& layer = block.layers[i];
    LayerState& at = mine.layers[i];
    RowWindow& in = i == 0 ? state.upsampled : at.in;
    at.activated.open(scratch_.activated.data());
    activate(in, layer.snake1, stage.format, at.activated, end);
    const nn::PackedConv* conv = &layer.first;
    RowWindow* read = &at.activated;
    if (generator_.config.resblock_type == 1) {
      const std::int64_t padding = layer.first.geometry().ahead();
      if (end.last) at.activated.pad_end(size(padding));
      at.middle.open(scratch_.middle.data());
      const std::int64_t begin = at.middle.end();
      const std::size_t rows = size(reach(at.activated, padding, end.total, end.last) - begin);
      nn::ConvTail tail;
      tail.keep = at.middle.row_as<float>(begin);
      tail.keep_stride = stage.channels;
      layer.first.run(at.activated.row(begin), at.activated.row_bytes(), rows, tail);
      at.middle.grow(rows);
      at.activated.close(at.middle.end() - padding);
      at.again.open(scratch_.activated.data());
      activate(at.middle, layer.snake2, stage.format, at.again, end);
      at.middle.close(std::max<std::int64_t>(at.again.end() - kKept, 0));
      conv = &layer.second;
      read = &at.again;
    }
    const std::int64_t padding = conv->geometry().ahead();
    if (end.last) read->pad_end(size(padding));
    const std::size_t rows = size(reach(*read, padding, end.total, end.last) - at.done);
    nn::ConvTail tail;
    tail.residual = in.row_as<float>(at.done);
    tail.residual_stride = stage.channels;
    const bool to_sum = i + 1 == block.layers.size();
    if (to_sum) {
      tail.sum = state.sum.row_as<float>(at.done);
      tail.sum_stride = stage.channels;
      tail.sum_starts = index == 0;
      if (index == 0) state.sum.grow(rows);
    } else {
      RowWindow& next = mine.layers[i + 1].in;
      next.open(scratch_.in[i % 2].data());
      tail.keep = next.row_as<float>(at.done);
      tail.keep_stride = stage.channels;
      next.grow(rows);
    }
    conv->run(read->row(at.done), read->row_bytes(), rows, tail);
    at.done += static_cast<std::int64_t>(rows);
    read->close(at.done - padding);
    if (i > 0) in.close(std::max<std::int64_t>(std::min(at.done, at.activated.end() - kKept), 0));
  }
}

// The mean of the blocks, to the next stage. Rows that every block has added to are done.
void BigVganStream::hand_on(std::size_t index) noexcept {
  const BigVganStage& stage = generator_.stages[index];
  StageState& state = stages_[index];
  const bool to_post = index + 1 == stages_.size();
  RowWindow& out = input_of(index + 1);
  out.open(in_scratch_[index + 1].data());
  const std::int64_t end = state.blocks.back().layers.back().done;
  const std::size_t rows = size(end - state.sum_done);
  generator_.kernels->activate(out.row(out.end()), out.row_bytes(),
                               to_post ? RowFormat::kFloat : generator_.stages[index + 1].in_format,
                               state.sum.row_as<float>(state.sum_done), stage.channels, rows,
                               stage.channels, 1.0F / static_cast<float>(stage.blocks.size()),
                               1.0F);
  out.grow(rows);
  state.sum_done = end;
  state.sum.close(end);
}

void BigVganStream::run_post(bool last) noexcept {
  const std::size_t channels = generator_.stages.back().channels;
  const End end{total_rows(stages_.size()), last};
  post_.open(post_scratch_.data());
  activate(post_in_, generator_.post_snake, RowFormat::kFloat, post_, end);
  post_in_.close(std::max<std::int64_t>(post_.end() - kKept, 0));
  if (last) post_.pad_end(size(kPostPadding));
  const std::int64_t samples_end = reach(post_, kPostPadding, end.total, last);
  const std::size_t samples = size(samples_end - post_done_);
  generator_.kernels->slide(out_, samples, post_.row_as<float>(post_done_ - kPostPadding), channels,
                            generator_.post_weights.data(), generator_.post_weights.size(),
                            generator_.post_bias);
  if (generator_.config.tanh_at_end) {
    generator_.kernels->tanh(out_, samples);
  } else {
    std::transform(out_, out_ + samples, out_, [](float v) { return std::clamp(v, -1.0F, 1.0F); });
  }
  out_ += samples;
  post_done_ = std::max(post_done_, samples_end);
  post_.close(post_done_ - kPostPadding);
}

std::size_t BigVganStream::memory_bytes() const noexcept {
  std::size_t bytes = sizeof *this + mel_.memory_bytes() + post_in_.memory_bytes() +
                      post_.memory_bytes() + mel_scratch_.size() + post_scratch_.size() +
                      (pre_rows_.size() + snake_rows_.size()) * sizeof(float);
  for (const nn::ScratchBytes& scratch : in_scratch_) bytes += scratch.size();
  for (const nn::ScratchBytes* scratch : {&scratch_.upsampled, &scratch_.sum, &scratch_.in[0],
                                          &scratch_.in[1], &scratch_.activated, &scratch_.middle})
    bytes += scratch->size();
  for (const StageState& state : stages_) {
    bytes += state.in.memory_bytes() + state.upsampled.memory_bytes() + state.sum.memory_bytes();
    for (const BlockState& block : state.blocks)
      for (const LayerState& layer : block.layers)
        bytes += layer.in.memory_bytes() + layer.activated.memory_bytes() +
                 layer.middle.memory_bytes() + layer.again.memory_bytes();
  }
  return bytes;
}

}  // namespace syrinx::vocoder
