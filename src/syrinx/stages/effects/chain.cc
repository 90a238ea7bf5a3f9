// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/chain.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/base/check.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/stages/effects/catalogue.h"
#include "syrinx/stages/effects/convolution.h"
#include "syrinx/stages/effects/delay_line.h"
#include "syrinx/stages/effects/ears.h"
#include "syrinx/stages/effects/ramp.h"

namespace syrinx::effects {
namespace {

constexpr std::size_t kBlockFrames = 4'096;

void copy(AudioView from, MutableAudioView to) noexcept {
  for (std::size_t c = 0; c < from.channels(); ++c)
    std::copy(from.channel(c).begin(), from.channel(c).end(), to.channel(c).begin());
}

Result<std::unique_ptr<Effect>> build(const EffectSpec& spec) {
  if (spec.effect == kPositionName) return make_position(spec.sofa);
  if (spec.effect != kConvolutionName) return make_effect(spec.effect);
  SYRINX_ASSIGN(auto impulse, io::read_audio(spec.impulse));
  return make_convolution(std::move(impulse));
}

}  // namespace

struct Chain::Slot {
  struct Lane {
    std::size_t parameter;
    std::vector<AutomationPoint> points;
  };

  std::unique_ptr<Effect> effect;
  std::vector<Lane> lanes;
  DelayLine dry;
  bool bypass = false;
  double mix = 1.0;
  double step = 1.0;   // The most by which `wet` moves in a cell.
  double level = 1.0;  // Where `wet` is at the end of the cell.
  Ramp wet{1.0};

  bool steady() const noexcept { return lanes.empty() && level == target() && !wet.moving(); }
  double target() const noexcept { return bypass ? 0.0 : mix; }
  void automate(double time_s) noexcept {
    for (const Lane& lane : lanes) {
      const double value = value_at(lane.points, time_s);
      if (value != effect->parameter(lane.parameter)) effect->jump_parameter(lane.parameter, value);
    }
  }
  void begin_cell(double time_s) noexcept {
    automate(time_s);
    const double left = target() - level;
    level = std::abs(left) <= step ? target() : level + std::copysign(step, left);
    wet.aim(level);
  }
  void reset() noexcept {
    automate(0.0);
    effect->reset();
    dry.clear();
    level = target();
    wet.aim(level);
    wet.finish();
  }
};

Chain::Chain(const Format& format)
    : format_(format), dry_(format.channels, kPartFrames, format.sample_rate_hz) {}
Chain::Chain(Chain&&) noexcept = default;
Chain& Chain::operator=(Chain&&) noexcept = default;
Chain::~Chain() = default;

Result<Chain> Chain::create(const ChainSpec& spec, const Format& format) {
  SYRINX_TRY(validate(format));
  SYRINX_TRY(validate(spec));
  Chain chain(format);
  const double cells = kSmoothingMs * 1e-3 * format.sample_rate_hz / kCellFrames;
  for (std::size_t i = 0; i < spec.effects.size(); ++i) {
    const EffectSpec& one = spec.effects[i];
    auto slot = std::make_unique<Slot>();
    auto effect = build(one);
    const Result<void> ready = [&]() -> Result<void> {
      if (!effect) return effect.error();
      slot->effect = std::move(*effect);
      for (const auto& [id, value] : one.parameters)
        SYRINX_TRY(slot->effect->set_parameter(id, value));
      return slot->effect->prepare(format);
    }();
    if (!ready) return make_error(ready.error().code, "effects[", i, "]: ", ready.error().message);
    for (const auto& [id, points] : one.automation)
      slot->lanes.push_back({slot->effect->find_parameter(id).value_or(0), points});
    slot->dry = DelayLine(format.channels, slot->effect->latency_samples());
    slot->bypass = one.bypass;
    slot->mix = one.mix;
    slot->step = 1.0 / std::max(1.0, std::ceil(cells));
    chain.slots_.push_back(std::move(slot));
  }
  chain.reset();
  return chain;
}

std::size_t Chain::size() const noexcept { return slots_.size(); }
const Effect& Chain::effect(std::size_t index) const noexcept { return *slots_[index]->effect; }
std::size_t Chain::latency_samples() const noexcept {
  std::size_t sum = 0;
  for (const auto& slot : slots_) sum += slot->effect->latency_samples();
  return sum;
}

void Chain::set_bypass(std::size_t index, bool bypass) noexcept { slots_[index]->bypass = bypass; }
void Chain::set_mix(std::size_t index, double mix) noexcept {
  if (!std::isnan(mix)) slots_[index]->mix = std::clamp(mix, 0.0, 1.0);
}
void Chain::set_parameter(std::size_t index, std::size_t parameter, double value) noexcept {
  slots_[index]->effect->set_parameter(parameter, value);
}

void Chain::process(MutableAudioView audio) noexcept {
  SYRINX_CHECK(audio.channels() == format_.channels &&
                   audio.sample_rate_hz() == format_.sample_rate_hz &&
                   audio.frames() <= format_.max_block_frames,
               "a chain was given audio of another format than it was made for");
  bad_samples_ += silence_bad_samples(audio);
  for (std::size_t at = 0; at < audio.frames();) {
    const std::size_t position = static_cast<std::size_t>(frames_ % kCellFrames);
    if (position == 0) begin_cell();
    const std::size_t part =
        std::min(steady() ? kPartFrames : kCellFrames - position, audio.frames() - at);
    process_part(audio.slice(at, part));
    at += part;
    frames_ += part;
  }
}

bool Chain::steady() const noexcept {
  return std::all_of(slots_.begin(), slots_.end(), [](const auto& slot) { return slot->steady(); });
}

void Chain::begin_cell() noexcept {
  const double time_s = static_cast<double>(frames_) / format_.sample_rate_hz;
  for (auto& slot : slots_) slot->begin_cell(time_s);
}

void Chain::process_part(MutableAudioView part) noexcept {
  const MutableAudioView dry = dry_.view().slice(0, part.frames());
  for (auto& slot : slots_) {
    const Ramp start = slot->wet;
    const bool wet_alone = !start.moving() && start.value() == 1.0;
    if (wet_alone) {
      slot->dry.push(part);
    } else {
      copy(part, dry);
      slot->dry.process(dry);
    }
    slot->effect->process(part);
    if (wet_alone) continue;
    for (std::size_t c = 0; c < part.channels(); ++c) {
      slot->wet = start;
      for (std::size_t i = 0; i < part.frames(); ++i) {
        const double wet = slot->wet.next();
        float& x = part.channel(c)[i];
        x = static_cast<float>(wet * x + (1.0 - wet) * dry.channel(c)[i]);
      }
    }
  }
}

void Chain::reset() noexcept {
  for (auto& slot : slots_) slot->reset();
  frames_ = 0;
  bad_samples_ = 0;
}

Result<AudioBuffer> apply(const ChainSpec& spec, AudioView audio) {
  SYRINX_ASSIGN(auto chain,
                Chain::create(spec, {audio.sample_rate_hz(), audio.channels(), kBlockFrames}));
  const std::size_t latency = chain.latency_samples();
  AudioBuffer padded(audio);
  padded.resize(audio.frames() + latency);
  for (std::size_t at = 0; at < padded.frames(); at += kBlockFrames)
    chain.process(padded.view().slice(at, std::min(kBlockFrames, padded.frames() - at)));
  return AudioBuffer(padded.view().slice(latency, audio.frames()));
}

struct LiveChain::Line {
  Chain chain;
  DelayLine pad;

  void process(MutableAudioView audio) noexcept {
    chain.process(audio);
    pad.process(audio);
  }
};

LiveChain::LiveChain(const Format& format, std::size_t budget)
    : format_(format),
      budget_(budget),
      copy_(format.channels, kBlockFrames, format.sample_rate_hz),
      fade_frames_(static_cast<std::size_t>(kSmoothingMs * 1e-3 * format.sample_rate_hz)) {
  warm_frames_ = budget + fade_frames_;
}

LiveChain::~LiveChain() {
  delete incoming_.load();
  delete retired_.load();
}

Result<std::unique_ptr<LiveChain>> LiveChain::create(const ChainSpec& spec, const Format& format,
                                                     std::size_t latency_budget) {
  SYRINX_ASSIGN(auto chain, Chain::create(spec, format));
  const std::size_t own = chain.latency_samples();
  std::unique_ptr<LiveChain> live(
      new LiveChain(format, latency_budget == 0 ? own : latency_budget));
  SYRINX_ASSIGN(live->current_, live->build(spec));
  return live;
}

Result<std::unique_ptr<LiveChain::Line>> LiveChain::build(const ChainSpec& spec) const {
  SYRINX_ASSIGN(auto chain, Chain::create(spec, format_));
  if (chain.latency_samples() > budget_)
    return make_error(ErrorCode::kUnsupported, "the chain takes ", chain.latency_samples(),
                      " samples and the sound waits only ", budget_,
                      "; give a larger latency budget at the start");
  DelayLine pad(format_.channels, budget_ - chain.latency_samples());
  return std::unique_ptr<Line>(new Line{std::move(chain), std::move(pad)});
}

Result<void> LiveChain::change(const ChainSpec& spec) {
  if (changing())
    return make_error(ErrorCode::kUnavailable, "the change before is still under way; try again");
  delete retired_.exchange(nullptr);
  SYRINX_ASSIGN(auto line, build(spec));
  changing_.store(true, std::memory_order_release);
  incoming_.store(line.release(), std::memory_order_release);
  return {};
}

void LiveChain::process(MutableAudioView audio) noexcept {
  if (!next_) next_.reset(incoming_.exchange(nullptr, std::memory_order_acq_rel));
  for (std::size_t at = 0; at < audio.frames(); at += kBlockFrames)
    process_piece(audio.slice(at, std::min(kBlockFrames, audio.frames() - at)));
}

void LiveChain::process_piece(MutableAudioView piece) noexcept {
  if (!next_) return current_->process(piece);
  const MutableAudioView other = copy_.view().slice(0, piece.frames());
  copy(piece, other);
  next_->process(other);
  current_->process(piece);
  cross(piece);
  heard_frames_ += piece.frames();
  if (heard_frames_ < warm_frames_ + fade_frames_) return;
  std::swap(current_, next_);
  retired_.store(next_.release(), std::memory_order_release);
  heard_frames_ = 0;
  changing_.store(false, std::memory_order_release);
}

void LiveChain::cross(MutableAudioView piece) noexcept {
  for (std::size_t i = 0; i < piece.frames(); ++i) {
    const std::size_t heard = heard_frames_ + i;
    if (heard < warm_frames_) continue;
    const double done = std::min(
        1.0, static_cast<double>(heard - warm_frames_ + 1) / static_cast<double>(fade_frames_));
    for (std::size_t c = 0; c < piece.channels(); ++c) {
      float& x = piece.channel(c)[i];
      x = static_cast<float>(x + done * (copy_.channel(c)[i] - x));
    }
  }
}

}  // namespace syrinx::effects
