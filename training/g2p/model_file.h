// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ngram.h"

namespace syrinx::training {

// The bytes of a model file, as FallbackModel::from_bytes() reads them (its layout stands there).
std::string model_bytes(const std::vector<Graphone>& graphones,
                        const std::vector<NgramLevel>& levels);

}  // namespace syrinx::training
