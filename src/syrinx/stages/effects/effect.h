// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// What shapes sound: one interface, many effects (catalogue.h names them).
namespace syrinx::effects {

// Parameters move, and automation acts, on a grid of so many frames counted from the start of the
// stream. That is why the cut into blocks never changes the output.
inline constexpr std::size_t kCellFrames = 32;
// While nothing moves, effects work on so many frames at once: whole cells, for speed alone.
inline constexpr std::size_t kPartFrames = 16 * kCellFrames;
// How long a parameter that is set while the sound runs takes to get there.
inline constexpr double kSmoothingMs = 20.0;
// Louder samples than this (80 dB above full scale) are taken for damage.
inline constexpr float kLargestSample = 1e4f;

// Puts 0 in place of samples that are not finite or beyond kLargestSample, and counts them.
std::uint64_t silence_bad_samples(MutableAudioView audio) noexcept SYRINX_REALTIME;

// What sound an effect is prepared for.
struct Format {
  int sample_rate_hz = 48'000;
  std::size_t channels = 1;
  std::size_t max_block_frames = 4'096;

  friend bool operator==(const Format&, const Format&) = default;
};
// kInvalidArgument with the offending field, unless all is within limits.h.
Result<void> validate(const Format& format);

enum class Change {
  kSmooth,    // Glides to a new value within kSmoothingMs.
  kStep,      // Takes effect at the next cell; may click.
  kOnPrepare  // Takes effect when the effect is prepared next.
};
enum class Scale { kLinear, kLogarithmic };  // How it glides, and how a slider should move.

// One knob. Times are in ms, frequencies in Hz, levels in dB (full scale 0 dB).
struct Parameter {
  std::string_view id;    // Unique within the effect; ends in its unit, as "threshold_db".
  std::string_view unit;  // "dB", "Hz", "ms", or "" for a plain number.
  double min = 0.0;
  double max = 1.0;
  double initial = 0.0;
  Change change = Change::kSmooth;
  Scale scale = Scale::kLinear;
  std::span<const std::string_view> choices =
      {};  // The names of 0, 1, 2 ..., where it is a choice.
};

// What bad input makes, of every effect alike:
// - a sample that is NaN, infinite or beyond kLargestSample: silence in its place, counted;
// - silence: silence, once what sounded before it has died away;
// - one frame, or none: the same number of frames;
// - 1 to 64 channels: served, or refused by prepare() with kUnsupported (stereo effects); more, or
//   none, or a rate outside limits.h: refused with kInvalidArgument;
// - audio of another format than was prepared for: our mistake, stopped by a check. A program looks
//   first; chains, files and whole recordings are prepared for the sound that they are given.

// Shapes one stream of sound in place. Set-up may allocate and fail; process() may not. One
// instance serves one stream, one thread at a time. (A base class with a body: it is the one place
// that keeps the promises about block sizes, smoothing and damaged samples for all effects.)
class Effect {
 public:
  Effect(const Effect&) = delete;
  Effect& operator=(const Effect&) = delete;
  virtual ~Effect() = default;

  virtual std::string_view name() const noexcept = 0;
  std::span<const Parameter> parameters() const noexcept { return parameters_; }
  std::optional<std::size_t> find_parameter(std::string_view id) const noexcept;
  // The value last set. Pre: index < parameters().size().
  double parameter(std::size_t index) const noexcept { return targets_[index]; }

  // Errors: kNotFound, which lists the parameters; kInvalidArgument outside the range or NaN.
  Result<void> set_parameter(std::string_view id, double value);
  // The same in real time: limited to the range, NaN ignored. Pre: index < parameters().size().
  void set_parameter(std::size_t index, double value) noexcept SYRINX_REALTIME;
  // Without gliding, from the next cell on: what automation does, once per cell.
  void jump_parameter(std::size_t index, double value) noexcept SYRINX_REALTIME;

  // Takes all memory for sound of this format, and forgets the past. Errors: kInvalidArgument for a
  // format beyond limits.h; kUnsupported for channels that the effect cannot serve.
  Result<void> prepare(const Format& format);
  const Format& format() const noexcept { return format_; }
  // The frames by which the output lags behind the input. Known once prepared.
  virtual std::size_t latency_samples() const noexcept { return 0; }
  // Pre: prepared; the audio has the format's channels and rate, and at most its largest block.
  // Samples that are not finite or beyond kLargestSample count as silence, and in bad_samples().
  void process(MutableAudioView audio) noexcept SYRINX_REALTIME;
  // Forgets the past, as between two streams. Parameters keep their values.
  void reset() noexcept SYRINX_REALTIME;
  std::uint64_t bad_samples() const noexcept { return bad_samples_; }
  // By how much, in dB, the gain was lowered at most since the stream began; nothing for an effect
  // that does not work by lowering it. Make-up gain does not count.
  virtual std::optional<double> gain_reduction_db() const noexcept { return std::nullopt; }

 protected:
  explicit Effect(std::span<const Parameter> parameters);
  // The value that holds in this cell.
  double now(std::size_t index) const noexcept { return current_[index]; }
  int choice_at(std::size_t index) const noexcept {
    return static_cast<int>(std::lround(current_[index]));
  }
  bool is(std::size_t index, int choice) const noexcept { return choice_at(index) == choice; }

 private:
  // Takes memory for format(). `now` holds the parameters' values.
  virtual Result<void> on_prepare() = 0;
  // A cell begins in which some parameter differs from before.
  virtual void on_change() noexcept SYRINX_REALTIME = 0;
  // At most kPartFrames, all within one cell or with no parameter moving.
  virtual void on_process(MutableAudioView part) noexcept SYRINX_REALTIME = 0;
  virtual void on_reset() noexcept SYRINX_REALTIME = 0;

  double limited(std::size_t index, double value) const noexcept;
  void begin_cell() noexcept;
  std::size_t part_frames(std::size_t left) const noexcept;
  void glide(std::size_t index) noexcept;

  std::span<const Parameter> parameters_;
  std::vector<double> targets_;
  std::vector<double> current_;
  std::vector<double> from_;               // Where a glide began.
  std::vector<std::uint32_t> cells_left_;  // Of a glide; 0 when there.
  bool moving_ = false;
  std::uint32_t glide_cells_ = 1;
  std::size_t cell_position_ = 0;
  std::uint64_t bad_samples_ = 0;
  Format format_{0, 0, 0};
};

}  // namespace syrinx::effects
