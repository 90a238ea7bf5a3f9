// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/apps/cli/command.h"
#include "syrinx/core/base/thread_pool.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/core/nn/device/device.h"
#include "syrinx/stages/vocoder/diffusion/sampler.h"
#include "syrinx/stages/vocoder/noise_source.h"
#include "syrinx/stages/vocoder/vocoder.h"

// What `syrinx vocode` does with one input after the other.
namespace syrinx::cli {

struct VocodeRequest {
  std::vector<std::string> inputs;
  std::string model;
  std::string config;
  std::string output;
  std::string encoding;
  std::string precision = "fp32";
  std::string calibrate;           // A recording, for int8.
  std::string array;               // Which array of an .npz or .safetensors file.
  std::string mel_unit;            // "" looks at the numbers.
  std::string mel_from;            // Another model's triangles.
  std::size_t stream_frames = 0;   // 0: whole utterances.
  std::size_t threads = 0;         // 0: one per processor.
  std::uint64_t seed = 0;          // Of models that make sound out of noise.
  std::vector<std::string> noise;  // Files of numbers to draw instead, one after the other.
  std::string sampler;             // Of diffusion models; "" for the model's own.
  std::size_t steps = 0;           // 0: the sampler's own.
  double sigma = 0.6;              // WaveGlow's.
  double denoise = 0.0;
  double speed = 1.0;
  double energy = 1.0;
  std::string device = nn::kCpuDevice;
  std::size_t memory_budget_mib = 0;  // 0: none.
};

// "fp32", "bf16" or "int8". Errors: kInvalidArgument for another word.
Result<nn::Precision> parse_precision(const std::string& name);
// The recording that int8 is to be calibrated on; nothing where none is named. Errors: those of
// reading; kInvalidArgument where the precision is another.
Result<std::optional<AudioBuffer>> read_calibration(const std::string& file,
                                                    nn::Precision precision);

// One utterance to make: a mel, and where it came from.
struct Utterance {
  std::string name;  // For messages.
  std::string file;  // The output.
  Mel mel;
  AudioBuffer original;  // In copy synthesis, at the model's rate.
  std::vector<std::string> notes;
};

// The utterances that an input holds: a batch of mels has several. Sound is analysed as the model
// wants it. Errors: those of reading; kInvalidArgument for a mel that is another model's, naming
// what it looks like and the option that converts it.
Result<std::vector<Utterance>> read_utterances(const std::string& input,
                                               const VocodeRequest& request,
                                               const vocoder::VocoderInfo& info);

// How a diffusion model samples, by the request's words; nothing for the model's own way. Errors:
// kInvalidArgument.
Result<std::optional<vocoder::SamplingPlan>> sampling_plan(const VocodeRequest& request);
// The numbers that an utterance is made of. Errors: those of reading; kInvalidArgument.
Result<std::unique_ptr<vocoder::NoiseSource>> noise_source(const VocodeRequest& request);

// The mel read `speed` times as fast, by frames between frames.
Mel at_speed(const Mel& mel, double speed);
// Every amplitude times `energy`. Pre: energy > 0.
void scale_energy(Mel& mel, double energy);

}  // namespace syrinx::cli
