// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/onnx/onnx_tensor.h"

namespace syrinx::nn {

struct OnnxOptions {
  int threads = 1;  // That one run may use, this thread among them; 1 to limits::kMaxThreads.

  friend bool operator==(const OnnxOptions&, const OnnxOptions&) = default;
};

// What a model declares of one of its inputs or outputs.
struct OnnxPort {
  std::string name;
  OnnxType type = OnnxType::kFloat32;
  OnnxShape shape;  // -1 where any extent will do.
};

// A tensor under the name of the input that it is for. Looks at both.
struct NamedTensor {
  std::string_view name;
  const OnnxTensor& tensor;
};

// A model file made ready to run. A cheap handle: copies share one session. Not real-time safe:
// every run allocates.
class OnnxSession {
 public:
  // Reads and optimises the model, or hands out the session that an earlier call made of the same
  // file (by its path, size and time) with the same options; the limits::kMaxCachedOnnxSessions
  // used last are kept. May take seconds. Any thread. A model is data: it is read from this one
  // file alone, and weights in further files are not looked for.
  // Errors: kUnavailable as OnnxRuntime::load(); kNotFound; kIo; kLimitExceeded (file size);
  // kInvalidArgument (options); kCorruptData; kUnsupported (an operator, or an input or output that
  // is not a tensor of an OnnxType).
  static Result<OnnxSession> load(const std::filesystem::path& model, OnnxOptions options = {});
  // Lets go of every session that is kept and that nobody holds.
  static void clear_cache();

  const std::filesystem::path& model() const noexcept;
  const std::vector<OnnxPort>& inputs() const noexcept;
  const std::vector<OnnxPort>& outputs() const noexcept;

  // Runs the model: one tensor for each input, in any order; the outputs come in the order of
  // outputs(). Any thread, several at once. Errors: kInvalidArgument for an input that is missing,
  // unknown, given twice, or of another type or shape than declared, saying which and both shapes;
  // kUnsupported or kInternal where the model itself fails; kLimitExceeded for an output of more
  // than limits::kMaxOnnxValues values.
  Result<std::vector<OnnxTensor>> run(std::span<const NamedTensor> inputs) const;
  // The same, which ends soon after a stop is requested, after the operator that runs: kCancelled.
  // Only those `outputs` are made that are named, in this order; kInvalidArgument for one that
  // there is not.
  Result<std::vector<OnnxTensor>> run(std::span<const NamedTensor> inputs,
                                      std::span<const std::string> outputs,
                                      const std::stop_token& stop) const;

  struct State;
  explicit OnnxSession(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

 private:
  std::shared_ptr<const State> state_;
};

}  // namespace syrinx::nn
