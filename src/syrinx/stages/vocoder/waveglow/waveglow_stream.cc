// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/waveglow/waveglow_stream.h"

#include <algorithm>

#include "syrinx/core/base/check.h"
#include "syrinx/stages/vocoder/stream_input.h"

namespace syrinx::vocoder {
namespace {

constexpr std::size_t kFramesBefore = 3;  // That a frame's rows are made of besides.

std::size_t size(std::int64_t count) { return static_cast<std::size_t>(count); }

}  // namespace

WaveGlowStream::WaveGlowStream(const WaveGlowNetwork& network, const MelSpec& spec,
                               std::uint64_t seed, float sigma, std::size_t max_block_frames)
    : network_(&network),
      spec_(spec),
      seed_(seed),
      sigma_(sigma),
      max_block_frames_(max_block_frames),
      mel_(nn::padded_channels(*network.kernels, network.config.mel_bands) * sizeof(float),
           kFramesBefore, kFramesBefore),
      scratch_(network) {
  const std::size_t group = network.config.group_samples;
  const std::size_t rows = size(WaveGlowPass::kMostRows + network.reach());
  const std::size_t flows = network.flows.size();
  mel_scratch_ = nn::ScratchBytes(mel_.scratch_bytes(frames_at_a_time()));
  side_ = nn::SlidingRows(nn::spread_row_bytes(network.format, network.side),
                          flows * size(network.reach()) + size(WaveGlowPass::kMostRows));
  phase_.resize(frames_at_a_time() * network.side);
  made_.resize(size(WaveGlowPass::kMostRows) * group);
  std::size_t channel = 0;
  for (std::size_t i = 0; i < flows; ++i) {
    const std::size_t fresh =
        i == 0 ? network.flows[0].channels : network.flows[i - 1].early_channels;
    links_.push_back({WaveGlowPass(network), nn::SlidingRows(group * sizeof(float), rows),
                      std::vector<SeededNoise>(fresh, SeededNoise(0)), channel, 0});
    channel += fresh;
  }
  reset();
}

std::size_t WaveGlowStream::frames_at_a_time() const noexcept {
  return std::max<std::size_t>(size(WaveGlowPass::kMostRows) / network_->rows_per_frame(), 1);
}

std::size_t WaveGlowStream::latency_samples() const noexcept {
  return network_->flows.size() * size(network_->reach()) * network_->config.group_samples;
}

std::size_t WaveGlowStream::memory_bytes() const noexcept {
  std::size_t bytes = sizeof *this + mel_.memory_bytes() + mel_scratch_.size() +
                      side_.memory_bytes() + scratch_.memory_bytes() +
                      (phase_.size() + made_.size()) * sizeof(float);
  for (const Link& link : links_) bytes += link.pass.memory_bytes() + link.signal.memory_bytes();
  return bytes;
}

void WaveGlowStream::reset() noexcept {
  constexpr std::int64_t kOpen = nn::GatedStack::kOpenEnd;
  mel_.reset();
  side_.reset(0);
  for (std::size_t i = 0; i < links_.size(); ++i) {
    Link& link = links_[i];
    link.pass.start(network_->flows[i], {0, kOpen}, kOpen);
    link.signal.reset(0);
    for (std::size_t c = 0; c < link.noise.size(); ++c)
      link.noise[c] = noise_channel(seed_, link.first_channel + c);
    link.time = 0;
  }
  bad_frames_ = 0;
}

void WaveGlowStream::process(MelView mel, MutableAudioView out) noexcept {
  SYRINX_CHECK(mel.frames() <= max_block_frames_, "more frames than the stream was opened for");
  SYRINX_CHECK(mel.bands() == spec_.bands, "a mel of another number of bands");
  SYRINX_CHECK(out.channels() == 1 && out.frames() == mel.frames() * spec_.hop_samples,
               "an output of another length");
  if (mel.frames() == 0) return;
  const std::span<float> samples = out.channel(0);
  // The silence that the stream begins with, then what this call completes.
  const std::size_t before = size(mel_.end()) * spec_.hop_samples, latency = latency_samples();
  const std::size_t silence = before < latency ? std::min(latency - before, out.frames()) : 0;
  std::fill_n(samples.begin(), silence, 0.0F);
  out_ = samples.data() + silence;
  const nn::TileScope tiles(*network_->kernels);
  for (std::size_t i = 0; i < mel.frames(); i += frames_at_a_time()) {
    const std::size_t count = std::min(frames_at_a_time(), mel.frames() - i);
    upsample({mel.frame(i).data(), count, mel.spec()});
    advance_to(mel_.end() * static_cast<std::int64_t>(network_->rows_per_frame()));
  }
  SYRINX_CHECK(out_ == samples.data() + samples.size(), "a stream that lost count");
}

void WaveGlowStream::finish(MutableAudioView out) noexcept {
  SYRINX_CHECK(out.channels() == 1 && out.frames() == tail_samples(),
               "an output of another length");
  const std::span<float> samples = out.channel(0);
  const std::size_t made = size(mel_.end()) * spec_.hop_samples, latency = latency_samples();
  // An utterance shorter than the latency has not yet had all of its leading silence.
  const std::size_t silence = made < latency ? latency - made : 0;
  std::fill_n(samples.begin(), silence, 0.0F);
  out_ = samples.data() + silence;
  if (made > 0) {
    const nn::TileScope tiles(*network_->kernels);
    const std::int64_t end = links_.front().time;
    for (Link& link : links_) link.pass.end_at(end);
    advance_to(end + static_cast<std::int64_t>(links_.size()) * network_->reach());
    SYRINX_CHECK(out_ == samples.data() + samples.size(), "a stream that lost count");
  }
  const std::size_t bad = bad_frames_;
  reset();
  bad_frames_ = bad;
}

// Lays the frames' rows out behind those that are there.
void WaveGlowStream::upsample(MelView mel) noexcept {
  const std::size_t phases = network_->rows_per_frame(), side = network_->side;
  mel_.open(mel_scratch_.data());
  const std::int64_t first = mel_.end();
  bad_frames_ += take_mel(mel, mel_);
  const auto row = first * static_cast<std::int64_t>(phases);
  side_.make_room(links_.back().pass.needed(),
                  row + static_cast<std::int64_t>(mel.frames() * phases));
  for (std::size_t phase = 0; phase < phases; ++phase) {
    nn::ConvTail tail;
    tail.keep = phase_.data();
    tail.keep_stride = side;
    network_->upsample[phase].run(mel_.row(first), mel_.row_bytes(), mel.frames(), tail);
    network_->kernels->activate(side_.row(row + static_cast<std::int64_t>(phase)),
                                phases * side_.row_bytes(), network_->format, phase_.data(), side,
                                mel.frames(), side, 1.0F, 1.0F);
  }
  mel_.close(mel_.end() - static_cast<std::int64_t>(kFramesBefore));
}

void WaveGlowStream::advance_to(std::int64_t time) noexcept {
  while (links_.front().time < time)
    advance(std::min(WaveGlowPass::kMostRows, time - links_.front().time));
}

// Every flow's time is as far behind the one before as its network looks ahead.
void WaveGlowStream::advance(std::int64_t count) noexcept {
  std::int64_t time = links_.front().time + count;
  for (std::size_t i = 0; i < links_.size() && time > links_[i].time; ++i) {
    run_link(i, time - links_[i].time);
    time -= network_->reach();
  }
}

void WaveGlowStream::run_link(std::size_t index, std::int64_t count) noexcept {
  Link& link = links_[index];
  const nn::GatedStack::Range in = link.pass.make_room(count);
  if (index == 0) {
    link.signal.make_room(link.pass.made(), in.end);
    add_noise(link, in);
  }
  const std::int64_t first = link.pass.needed();
  const nn::SideRows side{side_.row(first), side_.row_bytes(), first};
  hand_on(index, link.pass.advance(link.signal.floats(in.begin), side,
                                   link.signal.floats(link.pass.made()), made_.data(), scratch_));
  link.time += count;
}

// The transformed rows go on to the next flow, behind its noise, or out.
void WaveGlowStream::hand_on(std::size_t index, nn::GatedStack::Range rows) noexcept {
  const std::size_t count = size(rows.end - rows.begin), group = network_->config.group_samples;
  if (count == 0) return;
  if (index + 1 == links_.size()) {
    out_ = std::copy_n(made_.begin(), count * group, out_);
    return;
  }
  Link& next = links_[index + 1];
  next.signal.make_room(next.pass.made(), rows.end);
  for (std::size_t r = 0; r < count; ++r)
    std::copy_n(made_.data() + r * group, network_->flows[index].channels,
                next.signal.floats(rows.begin + static_cast<std::int64_t>(r)) + next.noise.size());
  add_noise(next, rows);
}

void WaveGlowStream::add_noise(Link& link, nn::GatedStack::Range rows) noexcept {
  for (std::int64_t row = rows.begin; row < rows.end; ++row)
    for (std::size_t c = 0; c < link.noise.size(); ++c)
      link.signal.floats(row)[c] = sigma_ * link.noise[c].next();
}

}  // namespace syrinx::vocoder
