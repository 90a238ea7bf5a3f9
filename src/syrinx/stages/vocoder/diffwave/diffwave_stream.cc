// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/diffwave/diffwave_stream.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/base/check.h"
#include "syrinx/stages/vocoder/whole_mel.h"

namespace syrinx::vocoder {
namespace {

constexpr std::int64_t kRate = MelUpsampler::kRate;
constexpr std::int64_t kHop = kRate * kRate;

std::size_t size(std::int64_t count) { return static_cast<std::size_t>(count); }

// The first of the rows at 1 / kRate that a row of the full rate is made of.
std::int64_t oldest_source(std::int64_t row) { return (row + kRate / 2) / kRate - 1; }

}  // namespace

MelUpsamplerStream::MelUpsamplerStream(const MelUpsampler& upsampler, const MelSpec& spec,
                                       std::int64_t kept_samples)
    : upsampler_(&upsampler),
      spec_(spec),
      mel_((spec.bands + 2) * sizeof(float), kMostFrames + 2),
      rows_((spec.bands + 2) * sizeof(float),
            size(kept_samples / kRate + kRate) + (kMostFrames + 2) * MelUpsampler::kRate) {
  reset();
}

void MelUpsamplerStream::reset() noexcept {
  frames_ = begin_ = end_ = 0;
  mel_.reset(0);
  rows_.reset(0);
}

std::size_t MelUpsamplerStream::take(MelView mel, std::int64_t needed) noexcept {
  const auto count = static_cast<std::int64_t>(mel.frames());
  std::size_t bad = 0;
  mel_.make_room(std::max<std::int64_t>(frames_ - 2, 0), frames_ + count);
  for (std::size_t i = 0; i < mel.frames(); ++i) {
    const std::span<const float> frame = mel.frame(i);
    float* row = mel_.floats(frames_ + static_cast<std::int64_t>(i));
    row[0] = row[frame.size() + 1] = 0.0F;
    if (std::all_of(frame.begin(), frame.end(), [](float v) { return std::isfinite(v); })) {
      std::copy(frame.begin(), frame.end(), row + 1);
    } else {
      std::fill_n(row + 1, frame.size(), silence_of(spec_));
      ++bad;
    }
  }
  frames_ += count;
  upsample(MelUpsampler::enough_for(frames_), needed);
  return bad;
}

void MelUpsamplerStream::end(std::int64_t needed) noexcept { upsample(frames_ * kRate, needed); }

void MelUpsamplerStream::upsample(std::int64_t end, std::int64_t needed) noexcept {
  begin_ = std::max<std::int64_t>(begin_, oldest_source(needed));
  rows_.make_room(begin_, end);
  const std::int64_t oldest = std::max<std::int64_t>(oldest_source(end_), 0);
  const MelUpsampler::Rows frames{mel_.floats(oldest), oldest, frames_, spec_.bands};
  if (end_ < end) upsampler_->first(frames, end_, end, rows_.floats(end_));
  end_ = end;
}

std::int64_t MelUpsamplerStream::samples() const noexcept {
  return end_ == frames_ * kRate ? end_ * kRate : MelUpsampler::enough_for(end_);
}

MelUpsampler::Rows MelUpsamplerStream::rows() const noexcept {
  return {rows_.floats(begin_), begin_, end_, spec_.bands};
}

std::size_t MelUpsamplerStream::memory_bytes() const noexcept {
  return mel_.memory_bytes() + rows_.memory_bytes();
}

DiffWaveStream::DiffWaveStream(const DiffWaveNetwork& network, const MelSpec& spec,
                               std::vector<Step> steps, std::uint64_t seed,
                               std::size_t max_block_frames)
    : network_(&network),
      spec_(spec),
      steps_(std::move(steps)),
      seed_(seed),
      max_block_frames_(max_block_frames),
      mel_(network.upsampler, spec,
           static_cast<std::int64_t>(steps_.size()) * network.reach() + DiffWavePass::kMostRows),
      first_noise_(seed),
      scratch_(network),
      predicted_(size(DiffWavePass::kMostRows)),
      fresh_(size(DiffWavePass::kMostRows)) {
  for (std::size_t i = 0; i < steps_.size(); ++i)
    links_.push_back(
        {DiffWavePass(network),
         nn::SlidingRows(sizeof(float), size(network.reach() + DiffWavePass::kMostRows)),
         fresh_noise(i), 0});
  reset();
}

// Channel 0 is what the sound is made of; every step that adds noise has the next.
SeededNoise DiffWaveStream::fresh_noise(std::size_t step) const noexcept {
  std::size_t channel = 1;
  for (std::size_t i = 0; i < step; ++i)
    if (steps_[i].sampling.fresh > 0) ++channel;
  return noise_channel(seed_, channel);
}

std::size_t DiffWaveStream::latency_samples() const noexcept {
  const std::int64_t held = kHop - MelUpsampler::enough_for(MelUpsampler::enough_for(1));
  return size(held + static_cast<std::int64_t>(links_.size()) * network_->reach());
}

std::size_t DiffWaveStream::memory_bytes() const noexcept {
  std::size_t bytes = sizeof *this + mel_.memory_bytes() + scratch_.memory_bytes() +
                      (predicted_.size() + fresh_.size()) * sizeof(float);
  for (const Link& link : links_) bytes += link.pass.memory_bytes() + link.x.memory_bytes();
  return bytes;
}

void DiffWaveStream::reset() noexcept {
  constexpr std::int64_t kOpen = nn::GatedStack::kOpenEnd;
  mel_.reset();
  first_noise_ = noise_channel(seed_, 0);
  for (std::size_t i = 0; i < links_.size(); ++i) {
    links_[i].pass.start({0, kOpen}, kOpen);
    links_[i].x.reset(0);
    links_[i].fresh = fresh_noise(i);
    links_[i].time = 0;
  }
  bad_frames_ = 0;
}

void DiffWaveStream::process(MelView mel, MutableAudioView out) noexcept {
  SYRINX_CHECK(mel.frames() <= max_block_frames_, "more frames than the stream was opened for");
  SYRINX_CHECK(mel.bands() == spec_.bands, "a mel of another number of bands");
  SYRINX_CHECK(out.channels() == 1 && out.frames() == mel.frames() * size(kHop),
               "an output of another length");
  if (mel.frames() == 0) return;
  const std::span<float> samples = out.channel(0);
  // The silence that the stream begins with, then what this call completes.
  const std::size_t before = size(mel_.frames() * kHop), latency = latency_samples();
  const std::size_t silence = before < latency ? std::min(latency - before, out.frames()) : 0;
  std::fill_n(samples.begin(), silence, 0.0F);
  out_ = samples.data() + silence;
  const nn::TileScope tiles(*network_->kernels);
  for (std::size_t i = 0; i < mel.frames(); i += MelUpsamplerStream::kMostFrames) {
    const std::size_t count = std::min(MelUpsamplerStream::kMostFrames, mel.frames() - i);
    bad_frames_ += mel_.take({mel.frame(i).data(), count, mel.spec()}, needed());
    advance_to(mel_.samples());
  }
  SYRINX_CHECK(out_ == samples.data() + samples.size(), "a stream that lost count");
}

void DiffWaveStream::finish(MutableAudioView out) noexcept {
  SYRINX_CHECK(out.channels() == 1 && out.frames() == tail_samples(),
               "an output of another length");
  const std::span<float> samples = out.channel(0);
  const std::size_t made = size(mel_.frames() * kHop), latency = latency_samples();
  // An utterance shorter than the latency has not yet had all of its leading silence.
  const std::size_t silence = made < latency ? latency - made : 0;
  std::fill_n(samples.begin(), silence, 0.0F);
  out_ = samples.data() + silence;
  if (made > 0) {
    const nn::TileScope tiles(*network_->kernels);
    mel_.end(needed());
    const std::int64_t end = mel_.samples();
    for (Link& link : links_) link.pass.end_at(end);
    advance_to(end + static_cast<std::int64_t>(links_.size()) * network_->reach());
    SYRINX_CHECK(out_ == samples.data() + samples.size(), "a stream that lost count");
  }
  const std::size_t bad = bad_frames_;
  reset();
  bad_frames_ = bad;
}

// The oldest sample whose mel a pass has yet to take.
std::int64_t DiffWaveStream::needed() const noexcept { return links_.back().time; }

void DiffWaveStream::advance_to(std::int64_t time) noexcept {
  while (links_.front().time < time)
    advance(std::min(DiffWavePass::kMostRows, time - links_.front().time));
}

// Every pass's time is as far behind the one before as the network looks ahead.
void DiffWaveStream::advance(std::int64_t count) noexcept {
  std::int64_t time = links_.front().time + count;
  for (std::size_t i = 0; i < links_.size() && time > links_[i].time; ++i) {
    run_link(i, time - links_[i].time);
    time -= network_->reach();
  }
}

void DiffWaveStream::run_link(std::size_t index, std::int64_t count) noexcept {
  Link& link = links_[index];
  const nn::GatedStack::Range in = link.pass.make_room(count);
  if (index == 0) {
    link.x.make_room(link.pass.made(), in.end);
    for (std::int64_t i = in.begin; i < in.end; ++i) *link.x.floats(i) = first_noise_.next();
  }
  finish_step(index, link.pass.advance(link.x.floats(in.begin), mel_.rows(), steps_[index].network,
                                       scratch_, predicted_.data()));
  link.time += count;
}

// The samples whose noise is now known go on to the next step, or out.
void DiffWaveStream::finish_step(std::size_t index, nn::GatedStack::Range rows) noexcept {
  const std::size_t count = size(rows.end - rows.begin);
  if (count == 0) return;
  Link& link = links_[index];
  const SamplingStep& step = steps_[index].sampling;
  const std::span<float> x(link.x.floats(rows.begin), count);
  const std::span<float> fresh = std::span(fresh_).first(count);
  if (step.fresh > 0)
    for (float& value : fresh) value = link.fresh.next();
  step.apply(x, std::span(predicted_).first(count), fresh);
  if (index + 1 == links_.size()) {
    out_ = std::copy(x.begin(), x.end(), out_);
    return;
  }
  Link& next = links_[index + 1];
  next.x.make_room(next.pass.made(), rows.end);
  std::copy(x.begin(), x.end(), next.x.floats(rows.begin));
}

}  // namespace syrinx::vocoder
