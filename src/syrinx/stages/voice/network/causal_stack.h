// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/weights/weight_file.h"

namespace syrinx::voice {

// y = W x + b.
class DenseLayer {
 public:
  // Takes `name`.weight, [out][in][taps] or [out][in] for one tap, and `name`.bias. Errors: those
  // of WeightFile::floats.
  static Result<DenseLayer> load(const nn::WeightFile& file, const std::string& name,
                                 std::size_t in, std::size_t out, std::size_t taps = 0);

  std::size_t in() const noexcept { return in_; }
  std::size_t out() const noexcept { return bias_.size(); }
  // Pre: x has in() values (taps after each other, the oldest first), y out().
  void run(std::span<const float> x, std::span<float> y) const noexcept SYRINX_REALTIME;

 private:
  std::size_t in_ = 0;
  std::vector<float> weights_;  // [out][taps][in]
  std::vector<float> bias_;
};

void relu(std::span<float> x) noexcept SYRINX_REALTIME;

// Residual blocks of causal dilated convolutions, x + W2 relu(W1 * x) with W1 over three frames,
// the last of them now (as van den Oord and others 2016 stack them), between two layers of one
// frame.
struct CausalStack {
  struct Block {
    DenseLayer conv;  // Of three frames, `dilation` apart.
    DenseLayer mix;
    std::size_t dilation = 1;
  };
  DenseLayer first;
  std::vector<Block> blocks;
  DenseLayer last;  // Of relu() of what the blocks make.

  static Result<CausalStack> load(const nn::WeightFile& file, const std::string& name,
                                  std::size_t in, std::size_t out,
                                  std::span<const std::size_t> dilations);
};

// What a stream remembers of a stack's past. One thread.
class CausalStackState {
 public:
  // The stack must outlive it.
  explicit CausalStackState(const CausalStack& stack);

  // Pre: as many values as the stack takes and gives.
  void run(std::span<const float> x, std::span<float> y) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  std::span<float> row(std::size_t block, std::size_t frames_ago) noexcept;

  const CausalStack* stack_;
  std::size_t width_;
  std::vector<std::vector<float>> past_;  // By block: a ring of its last 2 * dilation + 1 inputs.
  std::vector<float> taps_;
  std::vector<float> inner_;
  std::vector<float> now_;
  std::size_t frames_ = 0;
};

}  // namespace syrinx::voice
