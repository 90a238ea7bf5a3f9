// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/nn/weights/convert_weights.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/engines/vocoding/precision_loss.h"
#include "syrinx/stages/vocoder/model_kind.h"

// What `syrinx model` tells, as JSON and for a person.
namespace syrinx::cli {

// One file as `model info` describes it. `memory` is what memory_json() says of it.
nlohmann::json model_info_json(const nn::WeightFile& file, const vocoder::ModelKind& kind,
                               const nlohmann::json& memory);
// What a vocoder takes in memory on this machine, by loading it: its weights, and a stream of
// `block_frames` frames or, where it does not stream, an utterance of `utterance_s` seconds. With
// "error" where it cannot be loaded; null for what is no vocoder.
nlohmann::json memory_json(const nn::WeightFile& file, const vocoder::ModelKind& kind,
                           const std::string& config);
void print_model_info(const nlohmann::json& info);

struct ModelFindings {
  std::vector<Error> problems;                  // Why the model cannot be used.
  std::vector<std::string> notes;               // What is odd, and no hindrance.
  std::optional<vocoding::PrecisionLoss> loss;  // Where a precision was asked after.
};
nlohmann::json model_findings_json(const nn::WeightFile& file, const vocoder::ModelKind& kind,
                                   const ModelFindings& findings);
void print_model_findings(const nlohmann::json& report);

// What converting did to each tensor, and the largest error of all.
nlohmann::json conversion_json(const nn::WeightFile& file, const vocoder::ModelKind& kind,
                               const nn::ConvertedWeights& converted, const std::string& output,
                               nn::DType type);
void print_conversion(const nlohmann::json& report);

}  // namespace syrinx::cli
