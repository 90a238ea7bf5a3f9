// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Takes steady and unsteady noise away from speech while it is spoken.
namespace syrinx::enhance {

// What sound a suppressor is prepared for.
struct DenoiseFormat {
  int sample_rate_hz = 48'000;
  std::size_t channels = 1;
  std::size_t max_block_frames = 4'096;

  friend bool operator==(const DenoiseFormat&, const DenoiseFormat&) = default;
};

// Rates that suppressors work at.
inline constexpr int kLeastDenoiseRateHz = 8'000;
inline constexpr int kMostDenoiseRateHz = 192'000;

// kInvalidArgument with the offending field, unless the rate is in the range above, the channels 1
// to limits::kMaxChannels and the block 1 to limits::kMaxBlockFrames.
Result<void> validate(const DenoiseFormat& format);

// Puts 0 in place of samples that are not finite or beyond 80 dB above full scale; how many.
std::uint64_t silence_bad_samples(std::span<float> samples) noexcept SYRINX_REALTIME;

// As much sound goes out as comes in, latency_samples() later; each channel for itself. One
// instance serves one stream, one thread at a time.
class NoiseSuppressor {
 public:
  NoiseSuppressor() = default;
  NoiseSuppressor(const NoiseSuppressor&) = delete;
  NoiseSuppressor& operator=(const NoiseSuppressor&) = delete;
  virtual ~NoiseSuppressor() = default;

  // Takes the memory for sound of this format, and forgets the past. Errors: those of
  // validate(DenoiseFormat); kLimitExceeded for a rate whose resampling tables would be too large.
  virtual Result<void> prepare(const DenoiseFormat& format) = 0;
  virtual const DenoiseFormat& format() const noexcept = 0;
  // The frames by which the output lags behind the input, exactly. Pre: prepared.
  virtual std::size_t latency_samples() const noexcept = 0;
  // Whether process() keeps to SYRINX_REALTIME. A network does not: its runtime allocates.
  virtual bool realtime_safe() const noexcept = 0;

  // Shapes the block in place. The same stream cut into blocks of any size gives the same samples.
  // Samples that are not finite count as silence, and in bad_samples(); where a network fails, the
  // sound passes as it was, and failed_frames() counts. Pre: prepared; the block has the format's
  // rate and channels and at most its largest block.
  virtual void process(MutableAudioView block) noexcept = 0;
  // Forgets the past, as between two streams.
  virtual void reset() noexcept = 0;
  virtual std::uint64_t bad_samples() const noexcept = 0;
  virtual std::uint64_t failed_frames() const noexcept { return 0; }
};

// The ways to suppress noise.
enum class DenoiseKind {
  kOff,
  kStatistical,  // Our own: no model, any rate, real-time safe. statistical_suppressor.h
  kGtcrn,        // A small network (48 k weights). network_suppressor.h
  kDtln,         // A larger one (1 M weights).
};
// "off", "statistical", "gtcrn", "dtln".
std::string_view to_string(DenoiseKind kind) noexcept;
// Errors: kInvalidArgument, naming those that there are.
Result<DenoiseKind> parse_denoise_kind(std::string_view name);

// A suppressor, to be prepared; none for kOff. The networks' files are looked for in `models`, else
// where the user keeps models ($SYRINX_MODELS, $XDG_DATA_HOME/syrinx/models,
// ~/.local/share/syrinx/models): gtcrn/gtcrn_simple.onnx, dtln/model_1.onnx and dtln/model_2.onnx.
// Errors: kNotFound, saying where it looked; those of nn::OnnxSession::load.
Result<std::unique_ptr<NoiseSuppressor>> make_suppressor(DenoiseKind kind,
                                                         const std::filesystem::path& models = {});

}  // namespace syrinx::enhance
