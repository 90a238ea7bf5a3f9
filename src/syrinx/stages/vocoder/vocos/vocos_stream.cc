// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/vocos/vocos_stream.h"

#include <algorithm>
#include <utility>

#include "syrinx/core/base/check.h"
#include "syrinx/stages/vocoder/stream_input.h"

namespace syrinx::vocoder {
namespace {

constexpr std::int64_t kReach = 3;  // Rows that a layer reads on each side.
constexpr float kNormEpsilon = 1e-6F;
// All weights pass through the cache once for as many frames.
constexpr std::size_t kMostStretchFrames = 320;
constexpr std::size_t kTaps = 7;

std::size_t size(std::int64_t rows) {
  return static_cast<std::size_t>(std::max<std::int64_t>(rows, 0));
}

}  // namespace

Result<std::unique_ptr<VocosStream>> VocosStream::create(const VocosNetwork& network,
                                                         std::unique_ptr<FrameHead> head,
                                                         const MelSpec& mel,
                                                         std::size_t max_block_frames) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(network.config.fft_size));
  return std::unique_ptr<VocosStream>(
      new VocosStream(network, std::move(head), mel, std::move(fft), max_block_frames));
}

Result<std::unique_ptr<VocosStream>> VocosStream::create(const VocosNetwork& network,
                                                         const MelSpec& mel,
                                                         std::size_t max_block_frames) {
  auto head = std::make_unique<PolarHead>(*network.maths, network.config.fft_size);
  return create(network, std::move(head), mel, max_block_frames);
}

std::size_t VocosStream::heard_frames(const VocosNetwork& network, std::size_t max_block_frames) {
  return std::min(max_block_frames, kMostStretchFrames) + network.look_ahead_frames();
}

VocosStream::VocosStream(const VocosNetwork& network, std::unique_ptr<FrameHead> head,
                         const MelSpec& mel, dsp::RealFft fft, std::size_t max_block_frames)
    : network_(network),
      head_(std::move(head)),
      fft_(std::move(fft)),
      max_block_frames_(max_block_frames),
      latency_(network.latency_samples() + head_->held_frames() * network.config.hop_samples),
      stretch_frames_(std::min(max_block_frames, kMostStretchFrames)) {
  SYRINX_CHECK(mel.bands == network.config.mel_bands, "a mel of another number of bands");
  const nn::RowKernels& kernels = *network.kernels;
  const std::size_t bands = nn::padded_channels(kernels, network.config.mel_bands);
  mel_ = nn::RowWindow(bands * sizeof(float), kReach, 2 * kReach);
  mel_scratch_ = nn::ScratchBytes(mel_.scratch_bytes(stretch_frames_ + kReach));
  packed_mel_ = nn::ScratchBytes(mel_scratch_.size());
  // The last stretch makes what every layer has held back, too.
  const std::size_t rows = stretch_frames_ + network.look_ahead_frames() + nn::kSlackRows;
  for (std::size_t i = 0; i < network.layers.size(); ++i)
    inputs_.emplace_back(network.channels * sizeof(float), kReach, 2 * kReach);
  done_.assign(inputs_.size(), 0);
  for (nn::ScratchBytes& scratch : input_scratch_)
    scratch = nn::ScratchBytes(inputs_[0].scratch_bytes(rows + kReach));
  packed_scratch_ = nn::ScratchBytes(rows * packed_bytes(network.channels));
  hidden_ = nn::ScratchBytes(rows * packed_bytes(network.hidden_channels));
  normed_.assign(rows * network.channels, 0.0F);
  last_.assign(rows * network.channels, 0.0F);
  spectra_.assign(rows * network.spectrum_channels, 0.0F);
  spectrum_.resize(fft_.bins());
  frame_.resize(fft_.size());
  overlapped_.resize(fft_.size());
  overlap_weight_.resize(fft_.size());
  reset();
}

std::size_t VocosStream::tail_samples() const noexcept {
  // Padded 'center', the sound ends at the last frame's centre.
  return network_.config.same_padding ? latency_ : latency_ - network_.config.hop_samples;
}

void VocosStream::reset() noexcept {
  bad_frames_ = 0;
  start_at(0);
}

void VocosStream::skip(std::size_t samples) noexcept {
  SYRINX_CHECK(mel_.end() == 0, "a stream that has begun cannot skip its beginning");
  start_at(samples);
}

void VocosStream::start_at(std::size_t sample) noexcept {
  const std::size_t hop = network_.config.hop_samples, length = fft_.size();
  silence_ = latency_ + sample;
  // The first frame of sound that reaches the sample.
  const std::size_t place = sample + network_.trimmed_samples();
  auto row = static_cast<std::int64_t>(place < length ? 0 : (place - length) / hop + 1);
  row = head_->reset(row);
  to_trim_ = place - static_cast<std::size_t>(row) * hop;
  for (std::size_t i = inputs_.size(); i > 0; --i) {
    done_[i - 1] = row;
    row = std::max<std::int64_t>(row - kReach, 0);
    inputs_[i - 1].reset(row);
  }
  mel_.reset();
  std::fill(overlapped_.begin(), overlapped_.end(), 0.0F);
  std::fill(overlap_weight_.begin(), overlap_weight_.end(), 0.0F);
}

// The silence that the stream begins with, then what this call completes, go to `out`.
void VocosStream::begin_output(std::span<float> out) noexcept {
  const auto past = static_cast<std::size_t>(mel_.end()) * network_.config.hop_samples;
  const std::size_t silence = past < silence_ ? std::min(silence_ - past, out.size()) : 0;
  std::fill_n(out.begin(), silence, 0.0F);
  out_ = out.data() + silence;
}

void VocosStream::take(MelView mel, bool last) noexcept {
  std::size_t frames = 0;
  for (std::size_t i = 0; i < mel.frames(); i += frames) {
    frames = std::min(stretch_frames_, mel.frames() - i);
    mel_.open(mel_scratch_.data());
    const std::int64_t first = mel_.end();
    bad_frames_ += take_mel(MelView(mel.frame(i).data(), frames, mel.spec()), mel_);
    for (std::int64_t row = first; row < mel_.end(); ++row)
      head_->hear({mel_.row_as<float>(row), network_.config.mel_bands});
    const bool ends = last && i + frames == mel.frames();
    if (ends) mel_.pad_end(kReach);
    run(ends);
  }
}

void VocosStream::process(MelView mel, MutableAudioView out) noexcept {
  const std::size_t hop = network_.config.hop_samples;
  SYRINX_CHECK(mel.frames() <= max_block_frames_, "more frames than the stream was opened for");
  SYRINX_CHECK(mel.bands() == network_.config.mel_bands, "a mel of another number of bands");
  SYRINX_CHECK(out.channels() == 1 && out.frames() == mel.frames() * hop,
               "an output of another length");
  if (mel.frames() == 0) return;
  const std::span<float> samples = out.channel(0);
  begin_output(samples);
  const nn::TileScope tiles(*network_.kernels);
  take(mel, false);
  SYRINX_CHECK(out_ == samples.data() + samples.size(), "a stream that lost count");
}

void VocosStream::finish(MutableAudioView out) noexcept {
  SYRINX_CHECK(out.channels() == 1 && out.frames() == tail_samples(),
               "an output of another length");
  // An utterance shorter than the latency has not yet had all of its leading silence.
  begin_output(out.channel(0));
  if (mel_.end() > 0) {
    const nn::TileScope tiles(*network_.kernels);
    mel_.open(mel_scratch_.data());
    mel_.pad_end(kReach);
    run(true);
  }
  end_utterance(out.channel(0));
}

void VocosStream::finish_with(MelView mel, MutableAudioView out) noexcept {
  if (mel.frames() == 0) return finish(out);
  SYRINX_CHECK(mel.frames() <= max_block_frames_, "more frames than the stream was opened for");
  SYRINX_CHECK(mel.bands() == network_.config.mel_bands, "a mel of another number of bands");
  SYRINX_CHECK(out.channels() == 1 &&
                   out.frames() == mel.frames() * network_.config.hop_samples + tail_samples(),
               "an output of another length");
  begin_output(out.channel(0));
  const nn::TileScope tiles(*network_.kernels);
  take(mel, true);
  end_utterance(out.channel(0));
}

// Delivers what the last frames left in the overlap.
void VocosStream::end_utterance(std::span<float> out) noexcept {
  if (mel_.end() > 0) deliver(to_trim_ + size(out.data() + out.size() - out_));
  const std::size_t bad = bad_frames_;
  reset();
  bad_frames_ = bad;
}

// Takes the open mel window through every layer, each as far as its input lets it.
void VocosStream::run(bool last) noexcept {
  const std::int64_t total = mel_.end();
  inputs_[0].open(input_scratch_[0].data());
  const std::int64_t begin = inputs_[0].end();
  const std::size_t rows = size((last ? total : mel_.end() - kReach) - begin);
  nn::ConvTail tail;
  tail.keep = inputs_[0].row_as<float>(begin);
  tail.keep_stride = network_.channels;
  embed(begin, rows, tail);
  network_.maths->layer_norm(tail.keep, network_.channels, tail.keep, network_.channels, rows,
                             network_.config.channels, network_.first_norm.scale.data(),
                             network_.first_norm.bias.data(), kNormEpsilon);
  inputs_[0].grow(rows);
  mel_.close(inputs_[0].end() - kReach);
  std::size_t made = 0;
  for (std::size_t i = 0; i < inputs_.size(); ++i) made = run_layer(i, total, last);
  run_head(last_.data(), made);
  if (!last) return;
  head_->end();
  add_frames();
}

// The first convolution, from row `begin` of the open mel window on.
void VocosStream::embed(std::int64_t begin, std::size_t rows, const nn::ConvTail& tail) noexcept {
  if (network_.embed_format == nn::RowFormat::kFloat)
    return network_.embed.run(mel_.row(begin), mel_.row_bytes(), rows, tail);
  if (rows == 0) return;
  const std::size_t bands = mel_.row_bytes() / sizeof(float);
  const std::size_t stride = nn::row_bytes(network_.embed_format, bands);
  network_.kernels->activate(packed_mel_.data(), stride, network_.embed_format,
                             mel_.row_as<float>(begin - kReach), bands, rows + 2 * kReach, bands,
                             1.0F, 1.0F);
  network_.embed.run(packed_mel_.data() + kReach * stride, stride, rows, tail);
}

// Of a row in the format that the layers multiply.
std::size_t VocosStream::packed_bytes(std::size_t channels) const noexcept {
  return network_.format == nn::RowFormat::kFloat ? nn::row_bytes(network_.format, channels)
                                                  : nn::spread_row_bytes(network_.format, channels);
}

// Rows of network_.channels floats in that format.
const std::byte* VocosStream::packed(const float* rows, std::size_t count) noexcept {
  if (network_.format == nn::RowFormat::kFloat) return reinterpret_cast<const std::byte*>(rows);
  const std::size_t channels = network_.channels;
  network_.kernels->activate(packed_scratch_.data(), packed_bytes(channels), network_.format, rows,
                             channels, count, channels, 1.0F, 1.0F);
  return packed_scratch_.data();
}

// Returns how many rows the layer made, into the next one's input or `last_`.
std::size_t VocosStream::run_layer(std::size_t index, std::int64_t total, bool last) noexcept {
  const ConvNextLayer& layer = network_.layers[index];
  const std::size_t channels = network_.channels;
  const std::size_t hidden = packed_bytes(network_.hidden_channels);
  nn::RowWindow& in = inputs_[index];
  if (last) in.pad_end(kReach);
  const std::int64_t begin = done_[index];
  const std::size_t rows = size((last ? total : in.end() - kReach) - begin);
  network_.maths->depthwise(normed_.data(), channels, in.row_as<float>(begin - kReach), channels,
                            rows, channels, layer.depthwise.data(), kTaps,
                            layer.depthwise_bias.data());
  network_.maths->layer_norm(normed_.data(), channels, normed_.data(), channels, rows,
                             network_.config.channels, layer.norm.scale.data(),
                             layer.norm.bias.data(), kNormEpsilon);
  nn::ConvTail first;
  first.out = hidden_.data();
  first.out_stride = hidden;
  first.gelu = true;
  layer.first.run(packed(normed_.data(), rows), packed_bytes(channels), rows, first);
  const bool to_head = index + 1 == inputs_.size();
  nn::ConvTail second;
  second.residual = in.row_as<float>(begin);
  second.residual_stride = channels;
  second.keep = last_.data();
  second.keep_stride = channels;
  if (!to_head) {
    nn::RowWindow& next = inputs_[index + 1];
    next.open(input_scratch_[(index + 1) % 2].data());
    second.keep = next.row_as<float>(next.end());
    next.grow(rows);
  }
  layer.second.run(hidden_.data(), hidden, rows, second);
  done_[index] += static_cast<std::int64_t>(rows);
  in.close(done_[index] - kReach);
  return rows;
}

void VocosStream::run_head(const float* rows, std::size_t count) noexcept {
  const std::size_t channels = network_.channels;
  network_.maths->layer_norm(normed_.data(), channels, rows, channels, count,
                             network_.config.channels, network_.last_norm.scale.data(),
                             network_.last_norm.bias.data(), kNormEpsilon);
  nn::ConvTail tail;
  tail.keep = spectra_.data();
  tail.keep_stride = network_.spectrum_channels;
  network_.out.run(packed(normed_.data(), count), packed_bytes(channels), count, tail);
  for (std::size_t i = 0; i < count; ++i) {
    head_->take(spectra_.data() + i * network_.spectrum_channels);
    add_frames();
  }
}

// Adds the frames of sound whose spectra the head knows.
void VocosStream::add_frames() noexcept {
  while (head_->next(spectrum_)) {
    add_frame();
    deliver(network_.config.hop_samples);
  }
}

void VocosStream::add_frame() noexcept {
  fft_.inverse(spectrum_, frame_);
  const std::vector<float>& window = network_.window;
  for (std::size_t i = 0; i < frame_.size(); ++i) {
    overlapped_[i] += frame_[i] * window[i];
    overlap_weight_[i] += window[i] * window[i];
  }
}

// The next samples have all their frames: divides out the windows, hands on what is not trimmed.
void VocosStream::deliver(std::size_t samples) noexcept {
  const std::size_t trimmed = std::min(samples, to_trim_);
  to_trim_ -= trimmed;
  for (std::size_t i = trimmed; i < samples; ++i) *out_++ = overlapped_[i] / overlap_weight_[i];
  const auto gone = static_cast<std::ptrdiff_t>(samples);
  std::copy(overlapped_.begin() + gone, overlapped_.end(), overlapped_.begin());
  std::copy(overlap_weight_.begin() + gone, overlap_weight_.end(), overlap_weight_.begin());
  std::fill(overlapped_.end() - gone, overlapped_.end(), 0.0F);
  std::fill(overlap_weight_.end() - gone, overlap_weight_.end(), 0.0F);
}

std::size_t VocosStream::memory_bytes() const noexcept {
  std::size_t bytes = sizeof *this + mel_.memory_bytes() + mel_scratch_.size() +
                      packed_mel_.size() + input_scratch_[0].size() + input_scratch_[1].size() +
                      packed_scratch_.size() + hidden_.size();
  for (const nn::RowWindow& input : inputs_) bytes += input.memory_bytes();
  const std::size_t floats = normed_.size() + spectra_.size() + last_.size() +
                             2 * spectrum_.size() + frame_.size() + overlapped_.size() +
                             overlap_weight_.size();
  return bytes + floats * sizeof(float) + head_->memory_bytes();
}

}  // namespace syrinx::vocoder
