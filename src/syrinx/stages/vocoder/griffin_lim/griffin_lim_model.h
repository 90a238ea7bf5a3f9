// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/stages/vocoder/griffin_lim/griffin_lim.h"
#include "syrinx/stages/vocoder/griffin_lim/mel_inversion.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoder {

// A vocoder without weights, for any mel: magnitudes that fit it, their phases by Griffin
// and Lim. Draws one number for each bin of each frame, from which the first phases come.
class GriffinLimModel final : public VocoderModel {
 public:
  // Errors: as validate(mel); kInvalidArgument for options out of range.
  static Result<std::unique_ptr<VocoderModel>> create(const MelSpec& mel,
                                                      const GriffinLimOptions& options = {});

  const VocoderInfo& info() const noexcept override { return info_; }
  bool streams() const noexcept override { return false; }
  Result<std::unique_ptr<VocoderStream>> open_stream(std::size_t) const override;
  Result<AudioBuffer> synthesise(MelView mel, const SynthesisOptions& options) const override;
  std::size_t synthesis_bytes(std::size_t frames, std::size_t threads) const noexcept override;

 private:
  GriffinLimModel(MelInversion inversion, const MelSpec& mel, const GriffinLimOptions& options);

  MelInversion inversion_;
  GriffinLimOptions options_;
  VocoderInfo info_;
};

}  // namespace syrinx::vocoder
