// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/melgan/melgan_stream.h"

#include <algorithm>

#include "syrinx/core/base/check.h"
#include "syrinx/stages/vocoder/stream_input.h"

namespace syrinx::vocoder {
namespace {

using nn::RowFormat;
using nn::RowWindow;

std::size_t size(std::int64_t rows) {
  return static_cast<std::size_t>(std::max<std::int64_t>(rows, 0));
}

// Rows of a stage that together with their copies stay in the second-level cache.
std::size_t stretch_rows(std::size_t channels) {
  return std::clamp<std::size_t>(131'072 / channels, 512, 2'048);
}

void fit(nn::ScratchBytes& scratch, std::size_t bytes) {
  if (bytes > scratch.size()) scratch = nn::ScratchBytes(bytes);
}

}  // namespace

MelganStream::MelganStream(const MelganGenerator& generator, std::size_t max_block_frames)
    : generator_(generator),
      max_block_frames_(max_block_frames),
      latency_(generator.latency_samples()) {
  const std::size_t bands = nn::padded_channels(*generator.kernels, generator.mel.bands);
  mel_ = EdgedRows(bands * sizeof(float), generator.pre.geometry().behind(), generator.pre_ahead,
                   RowEdge::kMirror);
  mel_scratch_ = nn::ScratchBytes(mel_.scratch_bytes(max_block_frames));
  std::size_t rows = max_block_frames + size(generator.pre_ahead);
  fit(sum_scratch_,
      (rows + nn::kSlackRows) * sizeof(float) *
          nn::padded_channels(*generator.kernels, generator.kind.upsampler.initial_channels));
  for (std::size_t i = 0; i < generator.stages.size(); ++i) {
    const MelganStage& stage = generator.stages[i];
    stages_.push_back(make_stage(i, rows));
    in_scratch_.emplace_back(stages_.back().in.scratch_bytes(rows));
    // A stream's last stretch makes what every layer has held back too.
    rows = (stages_.back().max_in_rows + size(stage.ahead)) * stage.rate + size(stage.look_ahead());
    make_scratch(i, rows);
  }
  make_ends(rows);
}

MelganStream::StageState MelganStream::make_stage(std::size_t index, std::size_t in_rows) const {
  const MelganStage& stage = generator_.stages[index];
  const std::size_t in_channels =
      index > 0
          ? generator_.stages[index - 1].channels
          : nn::padded_channels(*generator_.kernels, generator_.kind.upsampler.initial_channels);
  StageState state;
  state.max_in_rows =
      std::clamp<std::size_t>(stretch_rows(stage.channels) / stage.rate, 1, in_rows);
  state.in = EdgedRows(nn::row_bytes(stage.in_format, in_channels), stage.behind, stage.ahead,
                       generator_.kind.melgan.causal ? RowEdge::kRepeat : RowEdge::kZero);
  const std::size_t bytes = nn::row_bytes(stage.format, stage.channels);
  for (const MelganLayer& layer : stage.layers)
    state.layers.push_back(
        {EdgedRows(bytes, layer.dilated.geometry().behind(), layer.ahead, RowEdge::kMirror),
         RowWindow(bytes, 0, size(layer.ahead)), 0});
  return state;
}

void MelganStream::make_scratch(std::size_t index, std::size_t rows) {
  const MelganStage& stage = generator_.stages[index];
  const StageState& state = stages_[index];
  for (std::size_t i = 0; i < state.layers.size(); ++i) {
    fit(activated_scratch_[i % 2], state.layers[i].activated.scratch_bytes(rows));
    fit(plain_scratch_[i % 2], state.layers[i].plain.scratch_bytes(rows));
  }
  const std::size_t all = rows + nn::kSlackRows;
  fit(middle_scratch_, all * nn::row_bytes(stage.format, stage.channels));
  fit(sum_scratch_, all * stage.channels * sizeof(float));
}

void MelganStream::make_ends(std::size_t rows) {
  const MelganStage& stage = generator_.stages.back();
  post_ = EdgedRows(stage.channels * sizeof(float), generator_.post_behind, generator_.post_ahead,
                    RowEdge::kMirror);
  post_scratch_ = nn::ScratchBytes(post_.scratch_bytes(rows));
  const std::size_t bands = generator_.sub_bands();
  if (bands == 1) return;
  rows += size(generator_.post_ahead);
  bands_ = EdgedRows(bands * sizeof(float), generator_.pqmf.behind, generator_.pqmf.ahead,
                     RowEdge::kZero);
  bands_scratch_ = nn::ScratchBytes(bands_.scratch_bytes(rows));
  column_.assign(rows + size(generator_.pqmf.ahead), 0.0F);
}

void MelganStream::reset() noexcept {
  mel_.reset();
  for (StageState& state : stages_) {
    state.in.reset();
    state.in_done = 0;
    for (LayerState& layer : state.layers) {
      layer.activated.reset();
      layer.plain.reset();
      layer.done = 0;
    }
  }
  post_.reset();
  post_done_ = 0;
  bands_.reset();
  bands_done_ = 0;
  bad_frames_ = 0;
}

void MelganStream::process(MelView mel, MutableAudioView out) noexcept {
  SYRINX_CHECK(mel.frames() <= max_block_frames_, "more frames than the stream was opened for");
  SYRINX_CHECK(mel.bands() == generator_.mel.bands, "a mel of another number of bands");
  const std::size_t hop = generator_.mel.hop_samples;
  SYRINX_CHECK(out.channels() == 1 && out.frames() == mel.frames() * hop,
               "an output of another length");
  if (mel.frames() == 0) return;
  // The silence that the stream begins with, then what this call completes.
  const std::size_t before = size(mel_.rows().end()) * hop;
  const std::size_t silence = before < latency_ ? std::min(latency_ - before, out.frames()) : 0;
  const std::span<float> samples = out.channel(0);
  std::fill_n(samples.begin(), silence, 0.0F);
  out_ = samples.data() + silence;
  const nn::TileScope tiles(*generator_.kernels);
  mel_.open(mel_scratch_.data());
  take(mel);
  run_pre(false);
  SYRINX_CHECK(out_ == samples.data() + samples.size(), "a stream that lost count");
}

void MelganStream::finish(MutableAudioView out) noexcept {
  SYRINX_CHECK(out.channels() == 1 && out.frames() == tail_samples(),
               "an output of another length");
  const std::span<float> samples = out.channel(0);
  const std::size_t made = size(mel_.rows().end()) * generator_.mel.hop_samples;
  // An utterance shorter than the latency has not yet had all of its leading silence.
  const std::size_t silence = made < latency_ ? latency_ - made : 0;
  std::fill_n(samples.begin(), silence, 0.0F);
  out_ = samples.data() + silence;
  if (made > 0) {
    const nn::TileScope tiles(*generator_.kernels);
    mel_.open(mel_scratch_.data());
    run_pre(true);
    SYRINX_CHECK(out_ == samples.data() + samples.size(), "a stream that lost count");
  }
  const std::size_t bad = bad_frames_;
  reset();
  bad_frames_ = bad;
}

// Lays the frames out, normalised where the network wants them so.
void MelganStream::take(MelView mel) noexcept {
  const std::int64_t first = mel_.rows().end();
  bad_frames_ += take_mel(mel, mel_.rows());
  const MelganConfig& config = generator_.kind.melgan;
  if (config.mean.empty()) return;
  for (std::int64_t i = first; i < mel_.rows().end(); ++i) {
    float* const row = mel_.rows().row_as<float>(i);
    for (std::size_t b = 0; b < config.mean.size(); ++b)
      row[b] = (row[b] - config.mean[b]) / config.scale[b];
  }
}

void MelganStream::run_pre(bool last) noexcept {
  EdgedRows& out = stages_[0].in;
  out.open(in_scratch_[0].data());
  const std::int64_t done = out.rows().end();
  const std::int64_t end = mel_.prepare(last);
  const std::size_t rows = size(end - done);
  const Target to{out.rows().row(done), out.rows().row_bytes(), generator_.stages[0].in_format};
  deliver(generator_.pre, RowFormat::kFloat, mel_.rows(), done, rows,
          nn::padded_channels(*generator_.kernels, generator_.kind.upsampler.initial_channels), to);
  out.rows().grow(rows);
  mel_.close(end);
  run_stage(0, last);
}

// Takes all that its input window holds, a stretch at a time, each through the stages that follow.
void MelganStream::run_stage(std::size_t index, bool last) noexcept {
  if (index == stages_.size()) return run_post(last);
  const MelganStage& stage = generator_.stages[index];
  StageState& state = stages_[index];
  const std::int64_t end = state.in.prepare(last);
  do {
    const std::int64_t stretch_end =
        std::min(end, state.in_done + static_cast<std::int64_t>(state.max_in_rows));
    const bool ends = last && stretch_end == end;
    upsample(stage, state, stretch_end);
    for (std::size_t layer = 0; layer < stage.layers.size(); ++layer) run_layer(index, layer, ends);
    run_stage(index + 1, ends);
  } while (state.in_done < end);
  state.in.close(state.in_done);
}

void MelganStream::upsample(const MelganStage& stage, StageState& state,
                            std::int64_t end) noexcept {
  LayerState& first = state.layers[0];
  first.activated.open(activated_scratch_[0].data());
  first.plain.open(plain_scratch_[0].data());
  const std::size_t rows = size(end - state.in_done);
  RowWindow& activated = first.activated.rows();
  const std::size_t stride = activated.row_bytes() * stage.rate;
  for (std::size_t p = 0; p < stage.rate; ++p) {
    const std::int64_t row = activated.end() + static_cast<std::int64_t>(p);
    deliver(stage.phases[p], stage.in_format, state.in.rows(), state.in_done, rows, stage.channels,
            {activated.row(row), stride, stage.format, first.plain.row(row), stride});
  }
  state.in_done = end;
  activated.grow(rows * stage.rate);
  first.plain.grow(rows * stage.rate);
}

// Opens what follows a residual layer and makes room for `rows` there.
MelganStream::Target MelganStream::target_after(std::size_t index, std::size_t layer,
                                                std::size_t rows) noexcept {
  const auto room = [rows](RowWindow& window) {
    std::byte* const at = window.row(window.end());
    window.grow(rows);
    return at;
  };
  const std::size_t next = layer + 1;
  if (next < stages_[index].layers.size()) {
    LayerState& to = stages_[index].layers[next];
    to.activated.open(activated_scratch_[next % 2].data());
    to.plain.open(plain_scratch_[next % 2].data());
    const std::size_t bytes = to.plain.row_bytes();
    return {room(to.activated.rows()), bytes, generator_.stages[index].format, room(to.plain),
            bytes};
  }
  const bool to_post = index + 1 == stages_.size();
  EdgedRows& to = to_post ? post_ : stages_[index + 1].in;
  to.open(to_post ? post_scratch_.data() : in_scratch_[index + 1].data());
  return {room(to.rows()), to.rows().row_bytes(),
          to_post ? RowFormat::kFloat : generator_.stages[index + 1].in_format};
}

void MelganStream::run_layer(std::size_t index, std::size_t layer, bool last) noexcept {
  const MelganStage& stage = generator_.stages[index];
  const MelganLayer& weights = stage.layers[layer];
  LayerState& state = stages_[index].layers[layer];
  const std::int64_t end = state.activated.prepare(last);
  const std::size_t rows = size(end - state.done);
  const std::size_t bytes = state.plain.row_bytes();
  nn::ConvTail middle;
  middle.out = middle_scratch_.data();
  middle.out_stride = bytes;
  middle.slope = kMelganSlope;
  weights.dilated.run(state.activated.rows().row(state.done), bytes, rows, middle);
  nn::ConvTail skip;
  skip.keep = reinterpret_cast<float*>(sum_scratch_.data());
  skip.keep_stride = stage.channels;
  weights.skip.run(state.plain.row(state.done), bytes, rows, skip);
  nn::ConvTail sum;
  sum.residual = skip.keep;
  sum.residual_stride = stage.channels;
  finish_rows(sum, weights.plain, stage.format, middle_scratch_.data(), bytes, rows, stage.channels,
              target_after(index, layer, rows));
  state.done = end;
  state.activated.close(end);
  state.plain.close(end);
}

void MelganStream::deliver(const nn::PackedConv& conv, RowFormat format, const RowWindow& in,
                           std::int64_t row, std::size_t rows, std::size_t channels,
                           const Target& to) noexcept {
  finish_rows({}, conv, format, in.row(row), in.row_bytes(), rows, channels, to);
}

// Runs the convolution, whose input has `format`, and sends its rows where they go: on the way out
// where the formats allow it, else by way of floats.
void MelganStream::finish_rows(nn::ConvTail tail, const nn::PackedConv& conv, RowFormat format,
                               const std::byte* in, std::size_t in_stride, std::size_t rows,
                               std::size_t channels, const Target& to) noexcept {
  const nn::RowKernels& kernels = *generator_.kernels;
  const bool fused = to.activated_format == format;
  const bool keeps = to.plain != nullptr && to.activated_format == RowFormat::kFloat;
  const bool floats = !fused || (to.plain != nullptr && !keeps);
  auto* const sum = reinterpret_cast<float*>(sum_scratch_.data());
  if (fused) {
    tail.out = to.activated;
    tail.out_stride = to.activated_stride;
    tail.slope = kMelganSlope;
  }
  if (floats) {
    tail.keep = sum;
    tail.keep_stride = channels;
  } else if (keeps) {
    tail.keep = reinterpret_cast<float*>(to.plain);
    tail.keep_stride = to.plain_stride / sizeof(float);
  }
  conv.run(in, in_stride, rows, tail);
  if (!fused)
    kernels.activate(to.activated, to.activated_stride, to.activated_format, sum, channels, rows,
                     channels, 1.0F, kMelganSlope);
  if (floats && to.plain != nullptr)
    kernels.activate(to.plain, to.plain_stride, to.activated_format, sum, channels, rows, channels,
                     1.0F, 1.0F);
}

void MelganStream::run_post(bool last) noexcept {
  const std::int64_t end = post_.prepare(last);
  const std::size_t rows = size(end - post_done_), bands = generator_.sub_bands();
  const std::size_t step = generator_.stages.back().channels;
  const std::size_t length = generator_.post_weights.size() / bands;
  const float* const in = post_.rows().row_as<float>(post_done_ - generator_.post_behind);
  const nn::RowKernels& kernels = *generator_.kernels;
  const bool tanh = generator_.kind.upsampler.tanh_at_end;
  if (bands > 1) bands_.open(bands_scratch_.data());
  for (std::size_t b = 0; b < bands; ++b) {
    float* const to = bands > 1 ? column_.data() : out_;
    kernels.slide(to, rows, in, step, generator_.post_weights.data() + b * length, length,
                  generator_.post_bias[b]);
    if (tanh) kernels.tanh(to, rows);
    if (bands == 1) break;
    float* const row = bands_.rows().row_as<float>(bands_.rows().end());
    for (std::size_t i = 0; i < rows; ++i) row[i * bands + b] = to[i];
  }
  post_done_ = end;
  post_.close(end);
  if (bands > 1) {
    bands_.rows().grow(rows);
    run_filters(last);
  } else {
    out_ += rows;
  }
}

void MelganStream::run_filters(bool last) noexcept {
  const PqmfSynthesis& pqmf = generator_.pqmf;
  const std::int64_t end = bands_.prepare(last);
  const std::size_t rows = size(end - bands_done_);
  const float* const in = bands_.rows().row_as<float>(bands_done_ - pqmf.behind);
  for (std::size_t p = 0; p < pqmf.sub_bands; ++p) {
    generator_.kernels->slide(column_.data(), rows, in, pqmf.sub_bands,
                              pqmf.weights.data() + p * pqmf.length, pqmf.length, 0.0F);
    for (std::size_t i = 0; i < rows; ++i) out_[i * pqmf.sub_bands + p] = column_[i];
  }
  out_ += rows * pqmf.sub_bands;
  bands_done_ = end;
  bands_.close(end);
}

std::size_t MelganStream::memory_bytes() const noexcept {
  std::size_t bytes = sizeof *this + mel_.rows().memory_bytes() + post_.rows().memory_bytes() +
                      bands_.rows().memory_bytes() + column_.size() * sizeof(float);
  for (const nn::ScratchBytes* scratch :
       {&mel_scratch_, &post_scratch_, &bands_scratch_, &activated_scratch_[0],
        &activated_scratch_[1], &plain_scratch_[0], &plain_scratch_[1], &middle_scratch_,
        &sum_scratch_})
    bytes += scratch->size();
  for (const nn::ScratchBytes& scratch : in_scratch_) bytes += scratch.size();
  for (const StageState& state : stages_) {
    bytes += state.in.rows().memory_bytes();
    for (const LayerState& layer : state.layers)
      bytes += layer.activated.rows().memory_bytes() + layer.plain.memory_bytes();
  }
  return bytes;
}

}  // namespace syrinx::vocoder
