// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/hifigan/hifigan_stream.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "syrinx/core/base/check.h"
#include "syrinx/core/nn/rows/byte_kernels.h"
#include "syrinx/stages/vocoder/stream_input.h"

namespace syrinx::vocoder {
namespace {

using nn::RowFormat;
using nn::RowWindow;

constexpr std::int64_t kPostPadding = 3;  // Plain rows on each side of the last convolution's.
constexpr float kSlope = 0.1F;

std::size_t size(std::int64_t rows) {
  return static_cast<std::size_t>(std::max<std::int64_t>(rows, 0));
}

// Rows of a stage that together with their copies stay in the second-level cache.
std::size_t stretch_rows(std::size_t channels) {
  return std::clamp<std::size_t>(131'072 / channels, 512, 768);
}

// Where what a row depends on begins, `rows` before it or with the utterance.
std::int64_t before(std::int64_t row, std::int64_t rows) {
  return std::max<std::int64_t>(row - rows, 0);
}

// The rows that a layer can make, up to `end_of_stream` once its input has ended.
std::int64_t reach(const RowWindow& in, std::int64_t padding, std::int64_t end_of_stream,
                   bool last) {
  return last ? end_of_stream : std::max<std::int64_t>(in.end() - padding, 0);
}

}  // namespace

HifiganStream::HifiganStream(const HifiganGenerator& generator, std::size_t max_block_frames,
                             GeneratorRanges* ranges)
    : generator_(generator),
      ranges_(ranges),
      max_block_frames_(max_block_frames),
      latency_(generator.latency_samples()) {
  const nn::RowKernels& kernels = *generator.kernels;
  const std::size_t bands = nn::padded_channels(kernels, generator.config.mel.bands);
  const auto padding = size(generator.pre.geometry().ahead());
  mel_ = RowWindow(nn::row_bytes(generator.pre_format, bands), padding, 2 * padding);
  pre_channels_ = nn::padded_channels(kernels, generator.config.initial_channels);
  if (generator.pre_format != RowFormat::kFloat)
    pre_rows_.assign(max_block_frames * bands, 0.0F);
  else if (generator.pre_format != generator.stages[0].in_format)
    pre_rows_.assign((max_block_frames + padding) * pre_channels_, 0.0F);
  std::size_t in_rows = max_block_frames + padding;
  for (std::size_t i = 0; i < generator.stages.size(); ++i) {
    stages_.push_back(make_stage(i, in_rows));
    in_scratch_.emplace_back(
        stages_.back().in.scratch_bytes(in_rows + size(generator.stages[i].ahead) + 1));
    in_rows = stages_.back().max_in_rows * generator.stages[i].rate +
              size(generator.stages[i].blocks.back().look_ahead) + 1;
  }
  const GeneratorStage& end = generator.stages.back();
  const auto fold = static_cast<std::int64_t>(end.fold);
  post_rows_ = (kPostPadding + fold - 1) / fold;
  post_ = RowWindow(end.channels * sizeof(float), size(post_rows_), 2 * size(post_rows_));
  in_scratch_.emplace_back(post_.scratch_bytes(in_rows + size(post_rows_)));
  mel_scratch_ = nn::ScratchBytes(mel_.scratch_bytes(max_block_frames + padding));
  make_scratch();
  reset();
}

HifiganStream::StageState HifiganStream::make_stage(std::size_t index, std::size_t in_rows) const {
  const GeneratorStage& stage = generator_.stages[index];
  const std::size_t float_bytes = stage.channels * sizeof(float);
  const std::size_t bytes = nn::row_bytes(stage.format, stage.channels);
  const std::size_t in_channels =
      index > 0 ? generator_.stages[index - 1].channels
                : nn::padded_channels(*generator_.kernels, generator_.config.initial_channels);
  StageState state;
  state.max_in_rows =
      std::clamp<std::size_t>(stretch_rows(stage.channels) / stage.rate, 1, in_rows);
  state.in = RowWindow(nn::row_bytes(stage.in_format, in_channels), size(stage.behind),
                       size(stage.behind + stage.ahead));
  std::size_t first_behind = 0;
  std::size_t first_ahead = 0;
  std::int64_t first_look_ahead = 0;
  for (const ResidualBlock& block : stage.blocks) {
    BlockState made;
    made.residual =
        RowWindow(float_bytes, 0, size(block.look_ahead - block.layers[0].look_ahead()));
    first_behind = std::max(first_behind, size(block.layers[0].first.geometry().behind()));
    first_ahead = std::max(first_ahead, size(block.layers[0].first.geometry().ahead()));
    first_look_ahead = std::max(first_look_ahead, block.layers[0].look_ahead());
    for (const ResidualLayer& layer : block.layers) {
      const auto window = [&](const nn::PackedConv& reader, const nn::ByteScale& scale) {
        const std::size_t behind = size(reader.geometry().behind());
        return RowWindow(bytes, behind, behind + size(reader.geometry().ahead()), scale.zero_row());
      };
      made.layers.push_back({window(layer.first, layer.in), window(layer.second, layer.middle), 0});
    }
    state.blocks.push_back(std::move(made));
  }
  state.upsampled = RowWindow(float_bytes, 0, size(first_look_ahead));
  state.activated =
      RowWindow(bytes, first_behind, first_behind + first_ahead, stage.activated.zero_row());
  state.sum = RowWindow(float_bytes, 0,
                        size(stage.blocks.back().look_ahead - stage.blocks.front().look_ahead));
  return state;
}

void HifiganStream::make_scratch() {
  Scratch sizes;
  const auto fit = [](nn::ScratchBytes& scratch, const RowWindow& window, std::size_t rows) {
    if (window.scratch_bytes(rows) > scratch.size())
      scratch = nn::ScratchBytes(window.scratch_bytes(rows));
  };
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const GeneratorStage& stage = generator_.stages[i];
    const StageState& state = stages_[i];
    // A stream's last stretch makes what every layer has held back too, and is padded besides.
    const std::size_t rows =
        state.max_in_rows * stage.rate + 2 * size(stage.blocks.back().look_ahead) + 1;
    fit(scratch_.upsampled, state.upsampled, rows);
    fit(scratch_.activated, state.activated, rows);
    fit(scratch_.sum, state.sum, rows);
    for (const BlockState& block : state.blocks) {
      fit(scratch_.residual, block.residual, rows);
      for (const LayerState& layer : block.layers) {
        fit(scratch_.in, layer.in, rows);
        fit(scratch_.middle, layer.middle, rows);
      }
    }
  }
  scratch_.conv = nn::ScratchBytes(generator_.conv_scratch_bytes());
}

void HifiganStream::reset() noexcept {
  bad_frames_ = 0;
  start_at(0);
}

void HifiganStream::skip(std::size_t samples) noexcept {
  SYRINX_CHECK(mel_.end() == 0, "a stream that has begun cannot skip its beginning");
  start_at(samples);
}

void HifiganStream::start_at(std::size_t sample) noexcept {
  const std::size_t fold = generator_.stages.back().fold;
  post_done_ = static_cast<std::int64_t>(sample / fold);
  silence_ = latency_ + sample / fold * fold;
  std::int64_t first = before(post_done_, post_rows_);
  post_.reset(first);
  for (std::size_t i = stages_.size(); i > 0; --i) first = start_stage(i - 1, first);
  mel_.reset();
}

// A stage that makes rows from `first` on. Returns the first row that it reads.
std::int64_t HifiganStream::start_stage(std::size_t index, std::int64_t first) noexcept {
  const GeneratorStage& stage = generator_.stages[index];
  StageState& state = stages_[index];
  state.sum.reset(first);
  state.sum_done = first;
  std::int64_t needed = first;
  for (std::size_t b = 0; b < stage.blocks.size(); ++b) {
    BlockState& block = state.blocks[b];
    std::int64_t row = first;
    for (std::size_t i = block.layers.size(); i > 0; --i) {
      const ResidualLayer& layer = stage.blocks[b].layers[i - 1];
      LayerState& at = block.layers[i - 1];
      at.done = row;
      if (i == 1) block.residual.reset(row);
      // Without a second convolution its offsets, and so this, are 0.
      row = before(row, layer.second.geometry().behind());
      at.middle.reset(row);
      row = before(row, layer.first.geometry().behind());
      at.in.reset(row);
    }
    needed = std::min(needed, row);
  }
  const auto rate = static_cast<std::int64_t>(stage.rate);
  state.in_done = needed / rate;
  state.upsampled.reset(state.in_done * rate);
  state.activated.reset(state.in_done * rate);
  const std::int64_t read = before(state.in_done, stage.behind);
  state.in.reset(read);
  return read;
}

RowWindow& HifiganStream::input_of(std::size_t stage) noexcept {
  return stage < stages_.size() ? stages_[stage].in : post_;
}

std::int64_t HifiganStream::total_rows(std::size_t stage) const noexcept {
  std::int64_t rows = mel_.end();
  for (std::size_t i = 0; i < stage; ++i)
    rows = rows * static_cast<std::int64_t>(generator_.stages[i].rate) +
           static_cast<std::int64_t>(generator_.stages[i].extra_rows);
  return rows;
}

// The silence that the stream begins with, then what this call completes, go to `out`.
void HifiganStream::begin_output(std::span<float> out) noexcept {
  const auto past = static_cast<std::size_t>(mel_.end()) * generator_.config.hop_samples();
  const std::size_t silence = past < silence_ ? std::min(silence_ - past, out.size()) : 0;
  std::fill_n(out.begin(), silence, 0.0F);
  out_ = out.data() + silence;
}

void HifiganStream::process(MelView mel, MutableAudioView out) noexcept {
  SYRINX_CHECK(mel.frames() <= max_block_frames_, "more frames than the stream was opened for");
  SYRINX_CHECK(mel.bands() == generator_.config.mel.bands, "a mel of another number of bands");
  const std::size_t hop = generator_.config.hop_samples();
  SYRINX_CHECK(out.channels() == 1 && out.frames() == mel.frames() * hop,
               "an output of another length");
  if (mel.frames() == 0) return;
  const std::span<float> samples = out.channel(0);
  begin_output(samples);
  const nn::TileScope tiles(*generator_.kernels);
  mel_.open(mel_scratch_.data());
  take_in(mel);
  run_pre(false);
  SYRINX_CHECK(out_ == samples.data() + samples.size(), "a stream that lost count");
}

void HifiganStream::finish(MutableAudioView out) noexcept {
  finish_with({nullptr, 0, generator_.config.mel}, out);
}

void HifiganStream::finish_with(MelView mel, MutableAudioView out) noexcept {
  SYRINX_CHECK(mel.frames() <= max_block_frames_, "more frames than the stream was opened for");
  SYRINX_CHECK(mel.bands() == generator_.config.mel.bands, "a mel of another number of bands");
  const std::size_t hop = generator_.config.hop_samples();
  SYRINX_CHECK(out.channels() == 1 && out.frames() == mel.frames() * hop + tail_samples(),
               "an output of another length");
  // An utterance shorter than the latency has not yet had all of its leading silence.
  begin_output(out.channel(0));
  if (mel_.end() > 0 || mel.frames() > 0) {
    const nn::TileScope tiles(*generator_.kernels);
    mel_.open(mel_scratch_.data());
    if (mel.frames() > 0) take_in(mel);
    mel_.pad_end(size(generator_.pre.geometry().ahead()));
    run_pre(true);
  }
  const std::size_t bad = bad_frames_;
  reset();
  bad_frames_ = bad;
}

void HifiganStream::take_in(MelView mel) noexcept {
  if (generator_.pre_format == RowFormat::kFloat) {
    bad_frames_ += take_mel(mel, mel_);
    return;
  }
  const std::size_t bands = pre_rows_.size() / max_block_frames_;
  bad_frames_ += take_mel(mel, pre_rows_.data(), bands);
  generator_.kernels->activate(mel_.row(mel_.end()), mel_.row_bytes(), generator_.pre_format,
                               pre_rows_.data(), bands, mel.frames(), bands, 1.0F, 1.0F);
  mel_.grow(mel.frames());
}

void HifiganStream::run_pre(bool last) noexcept {
  const std::int64_t padding = generator_.pre.geometry().ahead();
  RowWindow& out = stages_[0].in;
  out.open(in_scratch_[0].data());
  const std::int64_t end = reach(mel_, padding, mel_.end(), last);
  const std::size_t rows = size(end - out.end());
  const bool fused = generator_.pre_format == generator_.stages[0].in_format;
  nn::ConvTail tail;
  if (fused) {
    tail.out = out.row(out.end());
    tail.out_stride = out.row_bytes();
    tail.slope = kSlope;
  } else {
    tail.keep = pre_rows_.data();
    tail.keep_stride = pre_channels_;
  }
  generator_.pre.run(mel_.row(out.end()), mel_.row_bytes(), rows, tail);
  if (!fused)
    generator_.kernels->activate(out.row(out.end()), out.row_bytes(),
                                 generator_.stages[0].in_format, pre_rows_.data(), pre_channels_,
                                 rows, pre_channels_, 1.0F, kSlope);
  out.grow(rows);
  mel_.close(out.end() - padding);
  run_stage(0, last);
}

// Takes all that its input window holds, a stretch at a time, each through the stages that follow.
void HifiganStream::run_stage(std::size_t index, bool last) noexcept {
  if (index == stages_.size()) return run_post(last);
  const GeneratorStage& stage = generator_.stages[index];
  StageState& state = stages_[index];
  if (last) state.in.pad_end(size(stage.ahead) + stage.extra_rows);
  const std::int64_t end =
      std::max(reach(state.in, stage.ahead, total_rows(index), last), state.in_done);
  const std::int64_t total = total_rows(index + 1);
  do {
    const std::int64_t stretch_end =
        std::min(end, state.in_done + static_cast<std::int64_t>(state.max_in_rows));
    const bool ends = last && stretch_end == end;
    upsample(index, stretch_end, ends);
    state.sum.open(scratch_.sum.data());
    for (std::size_t b = 0; b < stage.blocks.size(); ++b) run_block(index, b, total, ends);
    std::int64_t upsampled_needed = state.upsampled.end();
    std::int64_t activated_needed = state.activated.end();
    for (std::size_t b = 0; b < stage.blocks.size(); ++b) {
      const LayerState& layer = state.blocks[b].layers[0];
      const std::int64_t read =
          generator_.config.two_convolutions ? layer.middle.end() : layer.done;
      upsampled_needed = std::min(upsampled_needed, layer.done);
      activated_needed =
          std::min(activated_needed, read - stage.blocks[b].layers[0].first.geometry().behind());
    }
    state.upsampled.close(upsampled_needed);
    state.activated.close(activated_needed);
    hand_on(index);
    run_stage(index + 1, ends);
  } while (state.in_done < end);
  state.in.close(state.in_done - stage.behind);
}

void HifiganStream::upsample(std::size_t stage_index, std::int64_t end, bool last) noexcept {
  const GeneratorStage& stage = generator_.stages[stage_index];
  StageState& state = stages_[stage_index];
  state.upsampled.open(scratch_.upsampled.data());
  state.activated.open(scratch_.activated.data());
  const std::size_t rows = size(end - state.in_done);
  const std::size_t extra = last ? stage.extra_rows : 0;  // The first phases' row after the last.
  const std::int64_t first = state.in_done * static_cast<std::int64_t>(stage.rate);
  const bool fused = stage.format == stage.in_format;
  for (std::size_t p = 0; p < stage.rate; ++p) {
    nn::ConvTail tail;
    tail.keep = state.upsampled.row_as<float>(first + static_cast<std::int64_t>(p));
    tail.keep_stride = stage.channels * stage.rate;
    if (fused) {
      tail.out = state.activated.row(first + static_cast<std::int64_t>(p));
      tail.out_stride = state.activated.row_bytes() * stage.rate;
      tail.slope = kSlope;
    }
    stage.phases[p].run(state.in.row(state.in_done), state.in.row_bytes(),
                        rows + (p < extra ? 1 : 0), tail);
  }
  const std::size_t made = rows * stage.rate + extra;
  if (!fused) activate_upsampled(stage, state, first, made);
  if (ranges_ != nullptr)
    (*ranges_)[stage_index].activated.see(state.activated.row_as<float>(first), stage.channels,
                                          made);
  state.in_done = end;
  state.upsampled.grow(made);
  state.activated.grow(made);
  if (!last) return;
  std::int64_t padding = 0;
  for (const ResidualBlock& block : stage.blocks)
    padding = std::max(padding, block.layers[0].first.geometry().ahead());
  state.activated.pad_end(size(padding));
}

void HifiganStream::activate_upsampled(const GeneratorStage& stage, StageState& state,
                                       std::int64_t first, std::size_t rows) noexcept {
  const float* from = state.upsampled.row_as<float>(first);
  std::byte* to = state.activated.row(first);
  const std::size_t stride = state.activated.row_bytes();
  if (stage.format == RowFormat::kBytes) {
    nn::byte_kernels_for(*generator_.kernels)
        .activate(to, stride, stage.activated.code(), from, stage.channels, rows, stage.channels,
                  1.0F, kSlope);
  } else {
    generator_.kernels->activate(to, stride, stage.format, from, stage.channels, rows,
                                 stage.channels, 1.0F, kSlope);
  }
}

// Each layer goes as far as its input lets it: x = x + second(act(first(act(x)))), the last one
// into the sum of the blocks. The residual window is written in place, later layers behind earlier
// ones.
void HifiganStream::run_block(std::size_t stage_index, std::size_t index, std::int64_t total,
                              bool last) noexcept {
  const GeneratorStage& stage = generator_.stages[stage_index];
  StageState& state = stages_[stage_index];
  const bool two = generator_.config.two_convolutions;
  const ResidualBlock& block = stage.blocks[index];
  BlockState& mine = state.blocks[index];
  std::vector<LayerRanges>* ranges =
      ranges_ != nullptr ? &(*ranges_)[stage_index].blocks[block.number] : nullptr;
  mine.residual.open(scratch_.residual.data());
  RowWindow* in = &state.activated;
  for (std::size_t i = 0; i < block.layers.size(); ++i) {
    const ResidualLayer& layer = block.layers[i];
    LayerState& at = mine.layers[i];
    const nn::PackedConv* conv = &layer.first;
    if (two) {
      at.middle.open(scratch_.middle.data());
      const std::int64_t begin = at.middle.end();
      const std::size_t rows =
          size(reach(*in, layer.first.geometry().ahead(), total, last) - begin);
      nn::ConvTail tail;
      tail.out = at.middle.row(begin);
      tail.out_stride = at.middle.row_bytes();
      tail.slope = kSlope;
      tail.bytes = layer.middle.code();
      layer.first.run_at(begin, in->row(begin), in->row_bytes(), rows, tail, scratch_.conv.data());
      if (ranges != nullptr)
        (*ranges)[i].middle.see(at.middle.row_as<float>(begin), stage.channels, rows);
      at.middle.grow(rows);
      if (last) at.middle.pad_end(size(layer.second.geometry().ahead()));
      if (i > 0) in->close(at.middle.end() - layer.first.geometry().behind());
      in = &at.middle;
      conv = &layer.second;
    }
    const bool ends = i + 1 == block.layers.size();
    const std::size_t rows = size(reach(*in, conv->geometry().ahead(), total, last) - at.done);
    RowWindow* next = ends ? nullptr : &mine.layers[i + 1].in;
    nn::ConvTail tail;
    tail.residual = (i == 0 ? state.upsampled : mine.residual).row_as<float>(at.done);
    tail.residual_stride = stage.channels;
    if (ends) {
      tail.sum = state.sum.row_as<float>(at.done);
      tail.sum_stride = stage.channels;
      tail.sum_starts = index == 0;
      if (index + 1 == stage.blocks.size() && hands_on_at_once(stage_index))
        add_hand_on(stage_index, at.done, tail);
    } else {
      // Without a middle window the input lies in `in`: the next one's goes to the other scratch.
      next->open(two || i % 2 == 1 ? scratch_.in.data() : scratch_.middle.data());
      tail.keep = mine.residual.row_as<float>(at.done);
      tail.keep_stride = stage.channels;
      tail.out = next->row(at.done);
      tail.out_stride = next->row_bytes();
      tail.slope = kSlope;
      tail.bytes = block.layers[i + 1].in.code();
    }
    conv->run_at(at.done, in->row(at.done), in->row_bytes(), rows, tail, scratch_.conv.data());
    if (ranges != nullptr && !ends)
      (*ranges)[i + 1].in.see(next->row_as<float>(at.done), stage.channels, rows);
    if (i == 0 && !ends) mine.residual.grow(rows);
    at.done += static_cast<std::int64_t>(rows);
    if (two || i > 0) in->close(at.done - conv->geometry().behind());
    if (ends && index == 0) state.sum.grow(rows);
    if (ends) break;
    next->grow(rows);
    if (last) next->pad_end(size(block.layers[i + 1].first.geometry().ahead()));
    in = next;
  }
  // The last layer is the furthest behind, but not where it has yet to begin.
  std::int64_t needed = mine.residual.end();
  for (const LayerState& at : mine.layers) needed = std::min(needed, at.done);
  mine.residual.close(needed);
}

// Whether the last block's convolution itself makes what the next stage reads.
bool HifiganStream::hands_on_at_once(std::size_t index) const noexcept {
  const RowFormat format = generator_.stages[index].format;
  const bool to_post = index + 1 == stages_.size();
  return format != RowFormat::kBytes &&
         (to_post || generator_.stages[index + 1].in_format == format);
}

// The mean of the blocks, activated, from row `first` on.
void HifiganStream::add_hand_on(std::size_t index, std::int64_t first,
                                nn::ConvTail& tail) noexcept {
  const GeneratorStage& stage = generator_.stages[index];
  RowWindow& out = input_of(index + 1);
  out.open(in_scratch_[index + 1].data());
  tail.mean = 1.0F / static_cast<float>(stage.blocks.size());
  tail.out = out.row(first);
  tail.out_stride = out.row_bytes();
  tail.slope = stage.slope_after;
  tail.float_out = index + 1 == stages_.size();
}

// The mean of the blocks, activated, to the next stage. Rows that every block has added to are
// done.
void HifiganStream::hand_on(std::size_t index) noexcept {
  const GeneratorStage& stage = generator_.stages[index];
  StageState& state = stages_[index];
  RowWindow& out = input_of(index + 1);
  const std::int64_t end = state.blocks.back().layers.back().done;
  const std::size_t rows = size(end - state.sum_done);
  if (!hands_on_at_once(index)) {
    const bool to_post = index + 1 == stages_.size();
    out.open(in_scratch_[index + 1].data());
    generator_.kernels->activate(
        out.row(out.end()), out.row_bytes(),
        to_post ? RowFormat::kFloat : generator_.stages[index + 1].in_format,
        state.sum.row_as<float>(state.sum_done), stage.channels, rows, stage.channels,
        1.0F / static_cast<float>(stage.blocks.size()), stage.slope_after);
  }
  out.grow(rows);
  state.sum_done = end;
  state.sum.close(end);
}

void HifiganStream::run_post(bool last) noexcept {
  if (last) post_.pad_end(size(post_rows_));
  const GeneratorStage& stage = generator_.stages.back();
  const std::int64_t end =
      std::max(reach(post_, post_rows_, total_rows(stages_.size()), last), post_done_);
  const std::size_t samples = size(end - post_done_) * stage.fold;
  const std::size_t step = generator_.post_channels;
  generator_.kernels->slide(out_, samples, post_.row_as<float>(post_done_) - kPostPadding * step,
                            step, generator_.post_weights.data(), generator_.post_weights.size(),
                            generator_.post_bias);
  generator_.kernels->tanh(out_, samples);
  out_ += samples;
  post_done_ = end;
  post_.close(post_done_ - post_rows_);
}

std::size_t HifiganStream::memory_bytes() const noexcept {
  std::size_t bytes = sizeof *this + mel_.memory_bytes() + post_.memory_bytes() +
                      mel_scratch_.size() + pre_rows_.size() * sizeof(float);
  for (const nn::ScratchBytes& scratch : in_scratch_) bytes += scratch.size();
  for (const nn::ScratchBytes* scratch :
       {&scratch_.upsampled, &scratch_.activated, &scratch_.sum, &scratch_.residual, &scratch_.in,
        &scratch_.middle, &scratch_.conv})
    bytes += scratch->size();
  for (const StageState& state : stages_) {
    bytes += state.in.memory_bytes() + state.upsampled.memory_bytes() +
             state.activated.memory_bytes() + state.sum.memory_bytes();
    for (const BlockState& block : state.blocks) {
      bytes += block.residual.memory_bytes();
      for (const LayerState& layer : block.layers)
        bytes += layer.in.memory_bytes() + layer.middle.memory_bytes();
    }
  }
  return bytes;
}

}  // namespace syrinx::vocoder
