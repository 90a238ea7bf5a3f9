// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/effects/effect.h"

namespace syrinx::effects {

// One effect that can be made by name.
struct CatalogueEntry {
  std::string_view name;
  std::string_view summary;  // One line for people.
  std::unique_ptr<Effect> (*make)();
};

std::span<const CatalogueEntry> catalogue() noexcept;

// An effect with its initial parameters, to be prepared. Errors: kNotFound, which lists the names.
Result<std::unique_ptr<Effect>> make_effect(std::string_view name);

// Sends a whole recording through an effect, which is prepared for it first, and takes the
// effect's latency out again: the result has as many frames, in time with what was given.
// Errors: as Effect::prepare.
Result<AudioBuffer> apply(Effect& effect, AudioView audio);

}  // namespace syrinx::effects
