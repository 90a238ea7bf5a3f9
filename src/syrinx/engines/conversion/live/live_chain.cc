// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/live_chain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "syrinx/engines/conversion/conversion.h"
#include "syrinx/engines/conversion/live/dry_line.h"
#include "syrinx/stages/effects/catalogue.h"

namespace syrinx::conversion {
namespace {

constexpr double kFadeS = 0.02;
constexpr double kSilenceDb = -120.0;
constexpr double kLeastGainDb = -60.0;
constexpr double kMostGainDb = 40.0;

double level_db(AudioView audio) noexcept {
  float peak = 0.0f;
  for (std::size_t c = 0; c < audio.channels(); ++c)
    for (const float x : audio.channel(c)) peak = std::max(peak, std::abs(x));
  return peak < 1e-6f ? kSilenceDb : 20.0 * std::log10(static_cast<double>(peak));
}

float amplitude(double db) noexcept { return static_cast<float>(std::pow(10.0, db / 20.0)); }

// A number that goes where it is told, step by step, one step a frame.
class Glide {
 public:
  Glide() = default;
  Glide(float value, float step) noexcept : now_(value), target_(value), step_(step) {}
  void go_to(float target) noexcept { target_ = target; }
  void jump_to(float target) noexcept { now_ = target_ = target; }
  float next() noexcept {
    now_ += std::clamp(target_ - now_, -step_, step_);
    return now_;
  }
  bool rests_at(float value) const noexcept { return now_ == value && target_ == value; }
  float target() const noexcept { return target_; }

 private:
  float now_ = 0.0f;
  float target_ = 0.0f;
  float step_ = 1.0f;
};

void copy(AudioView from, MutableAudioView to) noexcept {
  for (std::size_t c = 0; c < from.channels(); ++c)
    std::copy(from.channel(c).begin(), from.channel(c).end(), to.channel(c).begin());
}

// `out` becomes (1 - share) out + share other, the share gliding frame by frame.
void cross(MutableAudioView out, AudioView other, Glide& share) noexcept {
  for (std::size_t i = 0; i < out.frames(); ++i) {
    const float s = share.next();
    for (std::size_t c = 0; c < out.channels(); ++c) {
      float& x = out.channel(c)[i];
      x += s * (other.channel(c)[i] - x);
    }
  }
}

void multiply(MutableAudioView audio, Glide& gain) noexcept {
  if (gain.rests_at(1.0f)) return;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const float g = gain.next();
    for (std::size_t c = 0; c < audio.channels(); ++c) audio.channel(c)[i] *= g;
  }
}

Result<void> check_gain(const char* which, double db) {
  if (db >= kLeastGainDb && db <= kMostGainDb) return {};
  return make_error(ErrorCode::kInvalidArgument, "the ", which, " gain is ", db, " dB but must be ",
                    kLeastGainDb, " to ", kMostGainDb);
}

constexpr std::size_t index_of(LiveLevel level) noexcept { return static_cast<std::size_t>(level); }

}  // namespace

TransformMaker standard_transforms() {
  return [](LiveLevel level, const voice::VoiceSettings& settings, const voice::Format& format) {
    TransformOptions options;
    options.settings = settings;
    options.mode = level == LiveLevel::kHigh       ? Mode::kHigh
                   : level == LiveLevel::kBalanced ? Mode::kBalanced
                                                   : Mode::kLow;
    return make_transform(options, format);
  };
}

struct LiveChain::State {
  LiveChainOptions options;
  std::unique_ptr<effects::Effect> gate;
  std::unique_ptr<enhance::NoiseSuppressor> denoiser;
  std::array<std::unique_ptr<voice::VoiceTransform>, 3> transforms;  // By level.
  DryLine dry;
  AudioBuffer heard;   // What the present level makes,
  AudioBuffer coming;  // and the next.
  AudioBuffer late;    // The dry sound.
  LiveLevel level = LiveLevel::kBalanced;
  LiveLevel next = LiveLevel::kBalanced;  // The same when nothing changes.
  std::size_t warming_frames = 0;         // That the next level still listens before it is heard.
  Glide change;                           // The share of the next level.
  Glide bypass;
  Glide input_gain;
  Glide output_gain;
  double input_db = kSilenceDb;
  double output_db = kSilenceDb;
  std::uint64_t bad_samples = 0;

  Result<void> prepare();
  Result<void> prepare_stages();
  std::size_t latency_of(LiveLevel which) const noexcept;
  bool passes(LiveLevel which) const noexcept { return which == LiveLevel::kPassThrough; }
  voice::VoiceTransform* transform(LiveLevel which) const noexcept {
    return passes(which) ? nullptr : transforms[index_of(which)].get();
  }
  void process(MutableAudioView block) noexcept;
  void shape(MutableAudioView block) noexcept;
  void make(LiveLevel which, AudioView voice, MutableAudioView out) noexcept;
  void follow_change(MutableAudioView out, std::size_t frames) noexcept;
  void begin_change(LiveLevel to) noexcept;
};

Result<void> LiveChain::State::prepare() {
  SYRINX_TRY(check_gain("input", options.input_gain_db));
  SYRINX_TRY(check_gain("output", options.output_gain_db));
  if (passes(options.best))
    return make_error(ErrorCode::kInvalidArgument,
                      "a live conversion cannot have passing through as its best level");
  SYRINX_TRY(prepare_stages());
  level = next = options.best;
  std::size_t most_latency = 0;
  for (auto i = index_of(options.best); i < transforms.size(); ++i)
    most_latency = std::max(most_latency, latency_of(static_cast<LiveLevel>(i)));
  dry = DryLine(options.channels, most_latency, options.max_block_frames, options.sample_rate_hz);
  for (AudioBuffer* buffer : {&heard, &coming, &late})
    *buffer = AudioBuffer(options.channels, options.max_block_frames, options.sample_rate_hz);
  const auto step = static_cast<float>(1.0 / (kFadeS * options.sample_rate_hz));
  change = Glide(0.0f, step);
  bypass = Glide(0.0f, step);
  input_gain = Glide(amplitude(options.input_gain_db), step);
  output_gain = Glide(amplitude(options.output_gain_db), step);
  return {};
}

Result<void> LiveChain::State::prepare_stages() {
  const std::size_t block = options.max_block_frames;
  if (options.gate_db) {
    SYRINX_ASSIGN(gate, effects::make_effect("gate"));
    SYRINX_TRY(gate->set_parameter("threshold_db", *options.gate_db));
    SYRINX_TRY(gate->prepare({options.sample_rate_hz, options.channels, block}));
  }
  SYRINX_ASSIGN(denoiser, enhance::make_suppressor(options.denoise, options.models));
  if (denoiser) SYRINX_TRY(denoiser->prepare({options.sample_rate_hz, options.channels, block}));
  const voice::Format format{options.sample_rate_hz, options.channels, block};
  SYRINX_TRY(voice::validate(format));
  SYRINX_TRY(voice::validate(options.voice));
  for (auto i = index_of(options.best); i < transforms.size(); ++i) {
    SYRINX_ASSIGN(transforms[i],
                  options.transforms(static_cast<LiveLevel>(i), options.voice, format));
  }
  return {};
}

std::size_t LiveChain::State::latency_of(LiveLevel which) const noexcept {
  const auto* of = transform(passes(which) ? LiveLevel::kLow : which);
  return of->latency_samples() + (denoiser ? denoiser->latency_samples() : 0) +
         (gate ? gate->latency_samples() : 0);
}

void LiveChain::State::process(MutableAudioView block) noexcept {
  multiply(block, input_gain);
  for (std::size_t c = 0; c < block.channels(); ++c)
    bad_samples += enhance::silence_bad_samples(block.channel(c));
  input_db = level_db(block);
  dry.write(block);
  shape(block);
  multiply(block, output_gain);
  output_db = level_db(block);
}

void LiveChain::State::shape(MutableAudioView block) noexcept {
  const std::size_t frames = block.frames();
  const auto now = heard.view().slice(0, frames);
  if (!passes(level) || !passes(next)) {
    if (gate) gate->process(block);
    if (denoiser) denoiser->process(block);
    if (options.listener) options.listener(block);
  }
  make(level, block, now);
  if (next != level) {
    make(next, block, coming.view().slice(0, frames));
    follow_change(now, frames);
  }
  if (!bypass.rests_at(0.0f)) {
    dry.read(latency_of(level), late.view().slice(0, frames));
    cross(now, late.view().slice(0, frames), bypass);
  }
  copy(now, block);
}

// What a level makes of a voice that is gated and free of noise.
void LiveChain::State::make(LiveLevel which, AudioView voice, MutableAudioView out) noexcept {
  if (passes(which)) return dry.read(latency_of(which), out);
  copy(voice, out);
  transform(which)->process(out);
}

void LiveChain::State::follow_change(MutableAudioView out, std::size_t frames) noexcept {
  if (warming_frames > frames) {
    warming_frames -= frames;
    return;
  }
  warming_frames = 0;
  cross(out, coming.view().slice(0, frames), change);
  if (!change.rests_at(1.0f)) return;
  level = next;
  change.jump_to(0.0f);
}

void LiveChain::State::begin_change(LiveLevel to) noexcept {
  if (to < options.best || to == next) return;
  if (to == level) {  // Back before the other was heard.
    next = level;
    change.jump_to(0.0f);
    return;
  }
  if (change.target() > 0.0f && next != level) level = next;  // In the midst of a crossfade.
  next = to;
  change.jump_to(0.0f);
  change.go_to(1.0f);
  warming_frames = latency_of(to) + static_cast<std::size_t>(kFadeS * options.sample_rate_hz);
  if (passes(level) && denoiser) denoiser->reset();  // It has not been listening.
  if (passes(level) && gate) gate->reset();
  auto* coming_transform = transform(to);
  if (coming_transform == nullptr) {
    warming_frames = 0;
    return;
  }
  coming_transform->reset();
  coming_transform->set(options.voice);
}

Result<std::unique_ptr<LiveChain>> LiveChain::create(const LiveChainOptions& options) {
  auto state = std::make_unique<State>();
  state->options = options;
  SYRINX_TRY(state->prepare());
  return std::unique_ptr<LiveChain>(new LiveChain(std::move(state)));
}

LiveChain::LiveChain(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
LiveChain::~LiveChain() = default;

const LiveChainOptions& LiveChain::options() const noexcept { return state_->options; }
std::size_t LiveChain::latency_samples() const noexcept { return latency_samples(state_->level); }
std::size_t LiveChain::latency_samples(LiveLevel level) const noexcept {
  return state_->latency_of(level);
}
bool LiveChain::realtime_safe() const noexcept {
  return !state_->denoiser || state_->denoiser->realtime_safe();
}

void LiveChain::process(MutableAudioView block) noexcept { state_->process(block); }

void LiveChain::set_level(LiveLevel level) noexcept { state_->begin_change(level); }
LiveLevel LiveChain::level() const noexcept { return state_->next; }
void LiveChain::set_bypass(bool bypass) noexcept { state_->bypass.go_to(bypass ? 1.0f : 0.0f); }
bool LiveChain::bypassed() const noexcept { return state_->bypass.target() > 0.0f; }

void LiveChain::set_voice(const voice::VoiceSettings& settings) noexcept {
  state_->options.voice = voice::limited(settings);
  for (const LiveLevel level : {state_->level, state_->next})
    if (auto* transform = state_->transform(level)) transform->set(state_->options.voice);
}

void LiveChain::set_gains(double input_db, double output_db) noexcept {
  state_->input_gain.go_to(amplitude(std::clamp(input_db, kLeastGainDb, kMostGainDb)));
  state_->output_gain.go_to(amplitude(std::clamp(output_db, kLeastGainDb, kMostGainDb)));
}

void LiveChain::reset() noexcept {
  state_->level = state_->next;
  state_->change.jump_to(0.0f);
  if (state_->gate) state_->gate->reset();
  if (state_->denoiser) state_->denoiser->reset();
  for (auto& transform : state_->transforms)
    if (transform) transform->reset();
  state_->dry.reset();
}

double LiveChain::input_db() const noexcept { return state_->input_db; }
double LiveChain::output_db() const noexcept { return state_->output_db; }
double LiveChain::f0_hz() const noexcept {
  const auto* transform = state_->transform(state_->level);
  return transform == nullptr ? 0.0 : transform->source_f0_hz();
}
std::uint64_t LiveChain::bad_samples() const noexcept { return state_->bad_samples; }

}  // namespace syrinx::conversion
