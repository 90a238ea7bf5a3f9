// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "syrinx/stages/effects/chain_spec.h"
#include "syrinx/stages/effects/effect.h"

namespace syrinx::effects {

// Effects one after the other, each with bypass, a mix of dry and wet, and automation. One instance
// serves one stream, one thread at a time. Bypass and mix glide within kSmoothingMs, and the dry
// sound waits as long as the wet one takes, so that neither clicks nor combs.
class Chain {
 public:
  // Validates, builds and prepares, and reads the impulse and SOFA files. Errors: as validate(),
  // as Effect::prepare, io::read_audio and make_ears, with the place in the spec before them.
  static Result<Chain> create(const ChainSpec& spec, const Format& format);

  Chain(Chain&&) noexcept;
  Chain& operator=(Chain&&) noexcept;
  ~Chain();

  const Format& format() const noexcept { return format_; }
  std::size_t size() const noexcept;
  const Effect& effect(std::size_t index) const noexcept;  // Pre: index < size().
  std::size_t latency_samples() const noexcept;            // Of all effects, bypassed or not.
  std::uint64_t bad_samples() const noexcept { return bad_samples_; }  // As Effect's.

  // Pre: index < size(); as Effect::process and its set_parameter.
  void set_bypass(std::size_t index, bool bypass) noexcept SYRINX_REALTIME;
  void set_mix(std::size_t index, double mix) noexcept SYRINX_REALTIME;
  void set_parameter(std::size_t index, std::size_t parameter,
                     double value) noexcept SYRINX_REALTIME;
  void process(MutableAudioView audio) noexcept SYRINX_REALTIME;
  // Forgets the past; automation starts again at 0 s.
  void reset() noexcept SYRINX_REALTIME;

 private:
  struct Slot;
  explicit Chain(const Format& format);
  void begin_cell() noexcept;
  void process_part(MutableAudioView part) noexcept;
  bool steady() const noexcept;

  Format format_;
  std::vector<std::unique_ptr<Slot>> slots_;
  AudioBuffer dry_;
  std::uint64_t frames_ = 0;  // Since the start of the stream.
  std::uint64_t bad_samples_ = 0;
};

// A recording through a chain, in time with what was given. Errors: as Chain::create.
Result<AudioBuffer> apply(const ChainSpec& spec, AudioView audio);

// A chain that may be replaced while it runs: the new one listens along until it is warm, then the
// sound crosses over within kSmoothingMs. The latency stays what it was at the start; a chain with
// less is delayed.
class LiveChain {
 public:
  // `latency_budget` 0 takes the first chain's own latency. Errors: as Chain::create, and
  // kUnsupported for a chain that takes longer than the budget.
  static Result<std::unique_ptr<LiveChain>> create(const ChainSpec& spec, const Format& format,
                                                   std::size_t latency_budget = 0);
  ~LiveChain();
  LiveChain(const LiveChain&) = delete;
  LiveChain& operator=(const LiveChain&) = delete;

  std::size_t latency_samples() const noexcept { return budget_; }

  // Builds another chain and hands it over. From one thread at a time, which may be another than
  // the sound's. Errors: as create(), and kUnavailable while the change before is under way; the
  // sound then goes on as it was.
  Result<void> change(const ChainSpec& spec);
  bool changing() const noexcept { return changing_.load(std::memory_order_acquire); }

  // As Effect::process. The sound's thread alone.
  void process(MutableAudioView audio) noexcept SYRINX_REALTIME;

 private:
  struct Line;
  LiveChain(const Format& format, std::size_t budget);
  Result<std::unique_ptr<Line>> build(const ChainSpec& spec) const;
  void process_piece(MutableAudioView piece) noexcept;
  void cross(MutableAudioView piece) noexcept;

  Format format_;
  std::size_t budget_;
  std::unique_ptr<Line> current_;
  std::unique_ptr<Line> next_;            // The sound's thread's, once it has taken it.
  std::atomic<Line*> incoming_{nullptr};  // Owned by whoever takes it out.
  std::atomic<Line*> retired_{nullptr};
  std::atomic<bool> changing_{false};
  AudioBuffer copy_;
  std::size_t heard_frames_ = 0;  // By next_.
  std::size_t warm_frames_;
  std::size_t fade_frames_;
};

}  // namespace syrinx::effects
