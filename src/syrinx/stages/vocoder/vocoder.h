// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/base/thread_pool.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/core/nn/device/device.h"
#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/stages/vocoder/noise_source.h"

// Mel spectrograms become sound. A VocoderModel is weights, shared by any number of streams; a
// VocoderStream is one utterance on its way, a few frames at a time.
namespace syrinx::vocoder {

// Turns mel frames into sound as they come. Its output is one signal, however the frames are cut
// into calls: the same samples, bit for bit, on one processor. One stream, one thread.
class VocoderStream {
 public:
  virtual ~VocoderStream() = default;

  // Samples from a frame's first sample to its place in the output: what the network looks ahead.
  virtual std::size_t latency_samples() const noexcept = 0;
  // Samples that finish() fills: latency_samples(), and the few that a model of uneven kernels
  // makes besides hop_samples a frame.
  virtual std::size_t tail_samples() const noexcept = 0;
  virtual std::size_t max_block_frames() const noexcept = 0;

  // Takes the next frames and fills `out`, one channel of mel.frames() * hop_samples frames, with
  // what they complete; the stream begins with latency_samples() of silence. Pre: at most
  // max_block_frames() frames of the model's bands. A frame with a number that is not finite
  // becomes silence and is counted.
  virtual void process(MelView mel, MutableAudioView out) noexcept SYRINX_REALTIME = 0;
  // Ends the utterance: fills `out`, tail_samples() frames, with the rest of it. Afterwards a
  // new one may begin.
  virtual void finish(MutableAudioView out) noexcept SYRINX_REALTIME = 0;
  // process(mel) and finish() one after the other, into one `out`; a stream may make both in one
  // pass over its weights: the same samples.
  virtual void finish_with(MelView mel, MutableAudioView out) noexcept SYRINX_REALTIME;
  // Forgets the utterance.
  virtual void reset() noexcept SYRINX_REALTIME = 0;
  // Before the first frame: the utterance's first `samples` samples, after the leading silence,
  // will not be heard. The stream may leave silence there and spare what only they depend on; the
  // others are the same ones. Pre: the utterance will be longer than that.
  virtual void skip(std::size_t samples) noexcept SYRINX_REALTIME { (void)samples; }

  virtual std::size_t bad_frames() const noexcept = 0;    // Not finite, since the last reset.
  virtual std::size_t memory_bytes() const noexcept = 0;  // Its own, beside the model's weights.
};

struct VocoderOptions {
  nn::Precision precision = nn::Precision::kFloat32;
  // For tests and comparisons: another table than the processor's best.
  const nn::RowKernels* kernels = &nn::row_kernels();
  // Says how the model was trained, instead of a config.json beside the weights.
  std::filesystem::path config;
  std::string device = nn::kCpuDevice;  // Where it runs: see nn::find_device.
  // The most that the weights may take in memory, packed; 0: whatever they need. What a run takes
  // besides is vocoding::plan_memory's.
  std::size_t memory_budget_bytes = 0;
  // Speech that kInt8 is calibrated on, best of the voice that is to be made; null: speech made for
  // it, which loses some decibels more. Read only while loading.
  const AudioBuffer* calibration = nullptr;
};

// What a model is, for people and for those who make mels for it.
struct VocoderInfo {
  std::string family;     // "HiFi-GAN"
  std::string variant;    // "V1", "V2", "V3" or "custom"
  std::string precision;  // How it multiplies here, in words.
  MelSpec mel;            // What it was trained on; frames made otherwise sound like noise.
  // Each band must further have its mean taken away and be divided by its standard deviation, both
  // over the training data: the model's file does not say by what.
  bool normalised_mel = false;
  std::size_t parameters = 0;
  std::size_t weight_bytes = 0;     // In memory, packed.
  std::size_t latency_samples = 0;  // Of a stream.
  // Frames before and after a frame that its sound depends on.
  std::size_t context_frames = 0;
  // A stream that begins at a multiple of so many frames makes the same bits as one that begins at
  // the utterance's beginning.
  std::size_t grid_frames = 1;
};

struct SamplingPlan;  // diffusion/sampler.h

// What a stream begins with where sound is made out of noise.
struct StreamOptions {
  std::uint64_t seed = 0;              // As of ChannelNoise.
  const SamplingPlan* plan = nullptr;  // Of a diffusion model; null: the model's own fast one.
  float sigma = 0.6F;                  // WaveGlow's: the noise's standard deviation.
};

// How a model makes the sound of a whole mel. What a family has no use for it leaves alone.
struct SynthesisOptions {
  ThreadPool* pool = nullptr;    // Works on parts of the utterance at once; null: this thread.
  NoiseSource* noise = nullptr;  // Null: seed 0's.
  const SamplingPlan* plan = nullptr;  // Of a diffusion model; null: the model's own fast one.
  float sigma = 0.6F;                  // WaveGlow's: the noise's standard deviation.
  // WaveGlow's: how much of the model's bias spectrum is taken away; 0 leaves it, 0.1 is usual.
  float denoise = 0.0F;
  std::size_t* bad_frames = nullptr;  // Unless null, set to how many were not finite.
  std::stop_token stop;
  std::function<void(double)> progress;  // The share that is done, 0 to 1; from any one thread.
};

// Weights ready to run. Immutable: any thread may open streams.
class VocoderModel {
 public:
  virtual ~VocoderModel() = default;
  virtual const VocoderInfo& info() const noexcept = 0;
  // A stream that takes up to `max_block_frames` frames a call (at least 1). Allocates all that it
  // will ever need. Errors: kInvalidArgument; kLimitExceeded. The model must outlive it.
  virtual Result<std::unique_ptr<VocoderStream>> open_stream(
      std::size_t max_block_frames) const = 0;
  // The same with another seed and way of sampling, for those families that have use for them.
  // After reset() or finish() a stream begins with the same noise again. Errors: also
  // kInvalidArgument, kUnsupported for a sampler that cannot stream.
  virtual Result<std::unique_ptr<VocoderStream>> open_stream_from_noise(
      std::size_t max_block_frames, const StreamOptions& options) const;
  // Whether open_stream() is there. The other families make an utterance only as a whole.
  virtual bool streams() const noexcept { return true; }
  // Whether synthesise() is there; where it is, it is the faster way to a whole utterance.
  virtual bool makes_wholes() const noexcept { return !streams(); }
  // The sound of a whole mel, hop_samples a frame. Frames that are not finite count as silence.
  // Errors: kUnsupported where the family makes no wholes;
  // kInvalidArgument (no frames, other bands, noise that ends); kLimitExceeded; kCancelled.
  virtual Result<AudioBuffer> synthesise(MelView mel, const SynthesisOptions& options) const;
  // What synthesise() holds at its most for so many frames on so many threads, the sound included,
  // the weights not: within a third. 0 where the family streams, or cannot tell.
  virtual std::size_t synthesis_bytes(std::size_t frames, std::size_t threads) const noexcept;
};

}  // namespace syrinx::vocoder
