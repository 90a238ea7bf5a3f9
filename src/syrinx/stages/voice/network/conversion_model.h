// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"

// The neural path of making one voice like another: what is said (content), who is to say it (a
// speaker vector), and a decoder that makes the envelope of the two, frame by frame.
//
//   frames of the source ──▶ content encoder ──▶ content ─┐
//   frames of the target ──▶ speaker encoder ──▶ vector ──┼──▶ decoder ──▶ envelope
//                                       pitch to come ────┘
namespace syrinx::voice {

inline constexpr std::size_t kModelCepstra = 24;  // c1 to c24 of mel_cepstra.h.
inline constexpr std::size_t kContentSize = 48;
inline constexpr std::size_t kSpeakerSize = 32;

using ModelCepstrum = std::array<float, kModelCepstra>;
using Content = std::array<float, kContentSize>;        // -1 to 1.
using SpeakerVector = std::array<float, kSpeakerSize>;  // Of length 1.

// A frame of the source, 5 ms after the last, normalised by the source's own statistics.
struct ModelFrame {
  float level = 0.0f;  // c0 less its mean over voiced frames, over its deviation.
  ModelCepstrum cepstrum{};
  bool voiced = false;
  float melody = 0.0f;         // Natural logarithm of F0, less its mean, over its deviation.
  float log_f0_wanted = 0.0f;  // Natural logarithm of the F0 to come, in Hz.
};

// What is known of a voice, besides frames of it.
struct ModelStatistics {
  ModelCepstrum voiced_mean{};
  ModelCepstrum voiced_deviation{};
  ModelCepstrum unvoiced_mean{};
  float log_f0_mean = 0.0f;  // Natural logarithm of Hz.
  float log_f0_deviation = 0.0f;
};

// One stream of frames on its way to one speaker. One thread.
class ModelStream {
 public:
  ModelStream() = default;
  ModelStream(const ModelStream&) = delete;
  ModelStream& operator=(const ModelStream&) = delete;
  virtual ~ModelStream() = default;

  // The target's cepstrum for this frame, normalised by the target's statistics. Frames in order,
  // unvoiced ones too; every value finite. It looks back alone, and so adds no delay.
  virtual ModelCepstrum step(const ModelFrame& frame) noexcept SYRINX_REALTIME = 0;
  // The content of the last frame; all 0 before the first.
  virtual const Content& content() const noexcept = 0;
  virtual void reset() noexcept SYRINX_REALTIME = 0;
};

// Weights, shared by all streams. Immutable; any thread.
class ConversionModel {
 public:
  ConversionModel() = default;
  ConversionModel(const ConversionModel&) = delete;
  ConversionModel& operator=(const ConversionModel&) = delete;
  virtual ~ConversionModel() = default;

  // The vector of a voice: of its voiced frames, in any order, as they are, and its statistics.
  // Pre: at least one frame.
  virtual SpeakerVector speaker(std::span<const ModelCepstrum> frames,
                                const ModelStatistics& statistics) const = 0;
  virtual std::unique_ptr<ModelStream> stream(const SpeakerVector& speaker) const = 0;
};

// The network that the library carries within: training/conversion says on what it was trained.
std::shared_ptr<const ConversionModel> built_in_conversion_model();

// Weights of the same shape, as training/conversion/export.py writes them. Errors: those of
// nn::WeightFile; kCorruptData for a tensor that is missing, of another shape or not finite.
Result<std::shared_ptr<const ConversionModel>> load_conversion_model(
    const std::filesystem::path& path);

}  // namespace syrinx::voice
